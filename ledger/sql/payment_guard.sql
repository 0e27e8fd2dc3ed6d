-- What a payment file says, so that two people agree on all of it: the rows in order, with the hash of its bytes.
CREATE OR REPLACE FUNCTION ledger_payment_file_sha256(asked bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\n',
      concat_ws('|', file.book_id, file.number, file.bank_account_id, to_char(file.requested_on, 'YYYY-MM-DD'),
        file.currency, file.payment_count, file.total, file.file_sha256),
      (SELECT string_agg(concat_ws('|', payment.line_no, payment.payee, payment.details_id, details.content_sha256,
          payment.account_id, payment.amount, payment.purpose, payment.source, payment.attempt, payment.reference,
          payment.end_to_end_id), E'\n' ORDER BY payment.line_no)
        FROM ledger_paymentinstruction payment JOIN ledger_payeedetails details ON details.id = payment.details_id
        WHERE payment.file_id = file.id)), 'UTF8')), 'hex')
  FROM ledger_paymentfile file WHERE file.id = asked
$$;

-- The bank details of a payee that are in force: the last that were confirmed.
CREATE OR REPLACE FUNCTION ledger_details_in_force(book bigint, payee text) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT details.id FROM ledger_payeedetails details JOIN ledger_payeedecision decision ON decision.details_id = details.id
  WHERE details.book_id = book AND details.subject = payee AND decision.outcome = 'confirmed'
  ORDER BY decision.id DESC LIMIT 1
$$;

-- Whether a payment is over, so that what it was to pay may be paid by another one.
CREATE OR REPLACE FUNCTION ledger_payment_is_over(payment bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM ledger_paymentinstruction instruction
                 JOIN ledger_paymentfilestep step ON step.file_id = instruction.file_id AND step.kind = 'withdrawn'
                 WHERE instruction.id = payment)
      OR EXISTS (SELECT FROM ledger_paymentoutcome outcome
                 WHERE outcome.payment_id = payment AND outcome.kind IN ('refused', 'returned') AND NOT EXISTS (
                   SELECT FROM ledger_journalentry reversal WHERE reversal.reverses_id = outcome.entry_id))
$$;

-- A payment comes with its file, to bank details in force, from an account in transit of its book, and a second time only
-- when the one before is over.
CREATE OR REPLACE FUNCTION ledger_payment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  file ledger_paymentfile;
BEGIN
  SELECT * INTO file FROM ledger_paymentfile WHERE id = NEW.file_id;
  IF file.book_id IS DISTINCT FROM NEW.book_id OR NEW.line_no NOT BETWEEN 1 AND file.payment_count
     OR EXISTS (SELECT FROM ledger_paymentfilestep WHERE file_id = NEW.file_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW018', MESSAGE = format('Nothing is added to payment file %s.', file.number);
  END IF;
  IF NEW.details_id IS DISTINCT FROM ledger_details_in_force(NEW.book_id, NEW.payee) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW018', MESSAGE = format('%s is not paid to the bank details in force.', NEW.payee);
  END IF;
  IF NOT EXISTS (SELECT FROM ledger_account account JOIN ledger_chartnode node ON node.id = account.node_id
                 WHERE account.id = NEW.account_id AND account.book_id = NEW.book_id AND node.code = '1020'
                   AND account.currency = file.currency) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW018', MESSAGE = 'A payment leaves an account in transit, in the currency of its file.';
  END IF;
  IF NEW.attempt > 1 AND NOT EXISTS (
      SELECT FROM ledger_paymentinstruction earlier
      WHERE earlier.book_id = NEW.book_id AND earlier.source = NEW.source AND earlier.attempt = NEW.attempt - 1
        AND ledger_payment_is_over(earlier.id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW018', MESSAGE = format('%s is in another payment file that stands.', NEW.source);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_paymentinstruction;
CREATE TRIGGER guard BEFORE INSERT ON ledger_paymentinstruction FOR EACH ROW EXECUTE FUNCTION ledger_payment_guard();

-- A file is checked by somebody else, exactly as it was made and while every payee's bank details are still in force; only
-- then is it taken to the bank; after that it is not withdrawn.
CREATE OR REPLACE FUNCTION ledger_payment_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  file ledger_paymentfile;
  done text[];
BEGIN
  PERFORM pg_advisory_xact_lock(7421, NEW.file_id::int);
  SELECT * INTO file FROM ledger_paymentfile WHERE id = NEW.file_id;
  SELECT coalesce(array_agg(kind::text), '{}') INTO done FROM ledger_paymentfilestep WHERE file_id = NEW.file_id;
  IF 'withdrawn' = ANY(done) OR (NEW.kind = 'withdrawn' AND 'taken' = ANY(done))
     OR (NEW.kind = 'taken' AND NOT 'checked' = ANY(done)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW019', MESSAGE = format('Payment file %s is not %s after that.', file.number, NEW.kind);
  END IF;
  IF NEW.kind = 'checked' AND NOT (
      file.content_sha256 = ledger_payment_file_sha256(file.id)
      AND (file.payment_count, file.total) = (SELECT count(*), sum(amount) FROM ledger_paymentinstruction WHERE file_id = file.id)
      AND EXISTS (SELECT FROM ledger_approval approval
                  WHERE approval.id = NEW.approval_id AND approval.subject = 'payment-file:' || file.id
                    AND approval.content_sha256 = file.content_sha256 AND approval.made_by_id = file.made_by_id
                    AND approval.checked_by_id = NEW.done_by_id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW019',
      MESSAGE = format('Payment file %s is not checked by a second person as it was made.', file.number);
  END IF;
  IF (NEW.kind = 'checked' OR NEW.kind = 'taken' AND NOT 'taken' = ANY(done)) AND EXISTS (
      SELECT FROM ledger_paymentinstruction payment
      WHERE payment.file_id = file.id
        AND payment.details_id IS DISTINCT FROM ledger_details_in_force(payment.book_id, payment.payee)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW019',
      MESSAGE = format('Payment file %s names bank details that are no longer in force.', file.number);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_paymentfilestep;
CREATE TRIGGER guard BEFORE INSERT ON ledger_paymentfilestep FOR EACH ROW EXECUTE FUNCTION ledger_payment_step_guard();

-- Something becomes only of a payment that was taken to the bank, and nothing more of one that is over.
CREATE OR REPLACE FUNCTION ledger_payment_outcome_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked bigint;
BEGIN
  SELECT file_id INTO asked FROM ledger_paymentinstruction WHERE id = NEW.payment_id;
  PERFORM pg_advisory_xact_lock(7421, asked::int);
  IF NOT EXISTS (SELECT FROM ledger_paymentfilestep WHERE file_id = asked AND kind = 'taken')
     OR ledger_payment_is_over(NEW.payment_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW019', MESSAGE = 'This payment is not at the bank.';
  END IF;
  IF NEW.kind = 'refused' AND EXISTS (
      SELECT FROM ledger_paymentoutcome outcome
      WHERE outcome.payment_id = NEW.payment_id AND outcome.kind = 'confirmed' AND NOT EXISTS (
        SELECT FROM ledger_journalentry reversal WHERE reversal.reverses_id = outcome.entry_id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW019', MESSAGE = 'The bank confirmed this payment.';
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_paymentoutcome;
CREATE TRIGGER guard BEFORE INSERT ON ledger_paymentoutcome FOR EACH ROW EXECUTE FUNCTION ledger_payment_outcome_guard();
