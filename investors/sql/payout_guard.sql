-- What a payout says, so that two people agree on all of it: its head and its lines in order.
CREATE OR REPLACE FUNCTION investors_payout_sha256(asked bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\n',
      concat_ws('|', payout.book_id, to_char(payout.effective_on, 'YYYY-MM-DD'), payout.currency, payout.line_count,
        payout.reason),
      (SELECT string_agg(concat_ws('|', line.line_no, line.investor_id, line.amount, line.stays, line.interest, line.rate,
          line.tax), E'\n' ORDER BY line.line_no)
        FROM investors_payoutline line WHERE line.payout_id = payout.id)), 'UTF8')), 'hex')
  FROM investors_payout payout WHERE payout.id = asked
$$;

-- A line comes with its payout, before anybody decides.
CREATE OR REPLACE FUNCTION investors_payout_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM investors_payout payout WHERE payout.id = NEW.payout_id
                 AND NEW.line_no BETWEEN 1 AND payout.line_count)
     OR EXISTS (SELECT FROM investors_payoutdecision WHERE payout_id = NEW.payout_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW241', MESSAGE = format('Nothing is added to payout %s.', NEW.payout_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_payoutline;
CREATE TRIGGER guard BEFORE INSERT ON investors_payoutline FOR EACH ROW EXECUTE FUNCTION investors_payout_line_guard();

-- What an entry moves on an account, in minor units, debits positive.
CREATE OR REPLACE FUNCTION investors_entry_moves(asked bigint, code_asked text) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT sum(posting.amount)::bigint FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
  WHERE posting.entry_id = asked AND account.code = code_asked
$$;

-- A payout is approved exactly as it was proposed and whole, under an approval that names its proposer and whose second
-- person is the one who decided, and each line has the entry that it says.
CREATE OR REPLACE FUNCTION investors_payout_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'approved' AND NOT EXISTS (
      SELECT FROM investors_payout payout JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE payout.id = NEW.payout_id AND approval.subject = 'payout:' || payout.id
        AND approval.content_sha256 = payout.content_sha256 AND approval.made_by_id = payout.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND payout.content_sha256 = investors_payout_sha256(payout.id)
        AND payout.line_count = (
          SELECT count(*) FROM investors_payoutline line
          JOIN ledger_journalentry entry ON entry.book_id = payout.book_id AND entry.source = 'payout-line:' || line.id
            AND entry.kind = 'payout' AND entry.effective_on = payout.effective_on
          JOIN investors_investor investor ON investor.id = line.investor_id
          WHERE line.payout_id = payout.id
            AND investors_entry_moves(entry.id, '2510/' || investor.code) = line.amount
            AND investors_entry_moves(entry.id, '1020/' || investor.code) = line.tax - line.amount)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW242',
      MESSAGE = format('Payout %s is not approved by a second person as it was proposed.', NEW.payout_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_payoutdecision;
CREATE TRIGGER guard BEFORE INSERT ON investors_payoutdecision FOR EACH ROW
  EXECUTE FUNCTION investors_payout_decision_guard();

-- A line is taken back by the reversal of its own entry, and only while no payment of it is under way or was made.
CREATE OR REPLACE FUNCTION investors_payout_taken_back_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM investors_payoutline line
      JOIN investors_payout payout ON payout.id = line.payout_id
      JOIN ledger_journalentry entry ON entry.book_id = payout.book_id AND entry.source = 'payout-line:' || line.id
        AND entry.kind = 'payout'
      JOIN ledger_journalentry reversal ON reversal.reverses_id = entry.id
      WHERE line.id = NEW.line_id AND reversal.id = NEW.entry_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW243',
      MESSAGE = format('Line %s is not taken back by the reversal of its own entry.', NEW.line_id);
  END IF;
  IF EXISTS (SELECT FROM investors_payoutline line JOIN investors_payout payout ON payout.id = line.payout_id
             JOIN ledger_paymentinstruction payment
               ON payment.book_id = payout.book_id AND payment.source = 'payout-line:' || line.id
             WHERE line.id = NEW.line_id AND NOT ledger_payment_is_over(payment.id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW243', MESSAGE = format('Line %s is in a payment file that stands.', NEW.line_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_payouttakenback;
CREATE TRIGGER guard BEFORE INSERT ON investors_payouttakenback FOR EACH ROW
  EXECUTE FUNCTION investors_payout_taken_back_guard();
