-- A certificate is issued exactly as it was proposed and for what the investment is, under an approval that names its
-- proposer and whose second person is the one who decided.
CREATE OR REPLACE FUNCTION investors_citr_certificate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'issued' AND NOT EXISTS (
      SELECT FROM investors_citrcertificate given
      JOIN investors_citrinvestment investment ON investment.id = given.investment_id
      JOIN investors_citrperiod period ON period.id = given.period_id
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE given.id = NEW.certificate_id AND NEW.certifies_id = investment.id
        AND approval.subject = 'tax-certificate:' || given.id
        AND approval.content_sha256 = given.content_sha256 AND approval.made_by_id = given.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND given.committed = investment.committed AND given.invested_on = investment.invested_on
        AND period.book_id = investment.book_id
        AND investment.invested_on >= period.starts_on AND investment.invested_on < period.ends_on
        AND given.content_sha256 = encode(sha256(convert_to(concat_ws(E'\n', investment.id, investment.investor_id,
          given.period_id, given.committed, to_char(given.invested_on, 'YYYY-MM-DD'),
          to_char(given.due_by, 'YYYY-MM-DD')), 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW205',
      MESSAGE = format('Certificate %s is not issued by a second person as it was proposed.', NEW.certificate_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_citrcertificatedecision;
CREATE TRIGGER guard BEFORE INSERT ON investors_citrcertificatedecision FOR EACH ROW
  EXECUTE FUNCTION investors_citr_certificate_guard();

-- What takes a movement back is that movement again.
CREATE OR REPLACE FUNCTION investors_citr_movement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.takes_back_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM investors_citrmovement taken
      WHERE taken.id = NEW.takes_back_id AND taken.takes_back_id IS NULL AND taken.investment_id = NEW.investment_id
        AND taken.kind = NEW.kind AND taken.moved_on = NEW.moved_on AND taken.amount = NEW.amount) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW206',
      MESSAGE = format('Movement %s of investment C-%s is not taken back by its like.', NEW.takes_back_id,
        NEW.investment_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_citrmovement;
CREATE TRIGGER guard BEFORE INSERT ON investors_citrmovement FOR EACH ROW
  EXECUTE FUNCTION investors_citr_movement_guard();

-- Accreditation periods of a book do not overlap.
ALTER TABLE investors_citrperiod DROP CONSTRAINT IF EXISTS investors_citr_periods_apart;
ALTER TABLE investors_citrperiod ADD CONSTRAINT investors_citr_periods_apart
  EXCLUDE USING gist (int8range(book_id, book_id, '[]') WITH &&, daterange(starts_on, ends_on) WITH &&);
