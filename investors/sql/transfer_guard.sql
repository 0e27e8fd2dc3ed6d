-- A sale is approved exactly as it was proposed, under an approval that names its proposer and whose second person is the
-- one who decided; what it begins is a set of the same loan, from its day on, that follows another and differs from it by
-- what was sold and nothing else; and where the fund holds the money, the buyer's has become the seller's.
CREATE OR REPLACE FUNCTION investors_transfer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'approved' AND NOT EXISTS (
      SELECT FROM investors_participationtransfer sale
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      JOIN investors_participationset shares ON shares.id = NEW.participation_set_id
      WHERE sale.id = NEW.transfer_id AND approval.subject = 'participation-transfer:' || sale.id
        AND approval.content_sha256 = sale.content_sha256 AND approval.made_by_id = sale.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND shares.loan_id = sale.loan_id AND shares.effective_on = sale.effective_on AND shares.follows_id IS NOT NULL
        AND sale.content_sha256 = encode(sha256(convert_to(concat_ws(E'\n', sale.loan_id, sale.seller_id, sale.buyer_id,
          sale.amount, to_char(sale.effective_on, 'YYYY-MM-DD'), sale.principal, sale.price, sale.accrued, sale.paid_how,
          sale.reason), 'UTF8')), 'hex')
        AND NOT EXISTS (
          SELECT FROM (
            SELECT part.investor_id, part.amount FROM investors_participation part
              WHERE part.participation_set_id = shares.id
            UNION ALL SELECT part.investor_id, -part.amount FROM investors_participation part
              WHERE part.participation_set_id = shares.follows_id
            UNION ALL SELECT sale.seller_id, sale.amount
            UNION ALL SELECT sale.buyer_id, -sale.amount) AS moved
          GROUP BY moved.investor_id HAVING sum(moved.amount) <> 0)
        AND NOT EXISTS (
          SELECT FROM investors_participation part
          WHERE part.participation_set_id = shares.id AND NOT EXISTS (
            SELECT FROM investors_participation before
            WHERE before.participation_set_id = shares.follows_id
              AND (before.investor_id = part.investor_id
                OR part.investor_id = sale.buyer_id AND before.investor_id = sale.seller_id)
              AND (before.rank, before.annual_rate, before.servicing_fee, before.principal_from)
                IS NOT DISTINCT FROM (part.rank, part.annual_rate, part.servicing_fee, part.principal_from)))
        AND (sale.paid_how <> 'held' OR sale.price + sale.accrued = 0 OR EXISTS (
          SELECT FROM ledger_journalentry entry
          JOIN loans_loan loan ON loan.id = sale.loan_id AND loan.book_id = entry.book_id
          JOIN investors_investor seller ON seller.id = sale.seller_id
          JOIN investors_investor buyer ON buyer.id = sale.buyer_id
          WHERE entry.id = NEW.entry_id AND entry.source = 'sale:' || sale.id
            AND investors_entry_moves(entry.id, '2510/' || buyer.code) = sale.price + sale.accrued
            AND investors_entry_moves(entry.id, '2510/' || seller.code) = -sale.price - sale.accrued))) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW203',
      MESSAGE = format('Sale T-%s is not approved by a second person as it was proposed.', NEW.transfer_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_transferdecision;
CREATE TRIGGER guard BEFORE INSERT ON investors_transferdecision FOR EACH ROW
  EXECUTE FUNCTION investors_transfer_guard();

-- At commit every set that follows another was begun by a sale that was approved.
CREATE OR REPLACE FUNCTION investors_participation_set_was_sold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM investors_transferdecision WHERE participation_set_id = NEW.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW204',
      MESSAGE = format('Participation set %s follows another, and no approved sale began it.', NEW.id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS was_sold ON investors_participationset;
CREATE CONSTRAINT TRIGGER was_sold AFTER INSERT ON investors_participationset DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.follows_id IS NOT NULL) EXECUTE FUNCTION investors_participation_set_was_sold();
