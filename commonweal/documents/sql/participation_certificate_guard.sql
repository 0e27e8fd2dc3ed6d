-- A certificate says that an investor holds a participation: the participation is that investor's, in a loan of the book.
CREATE OR REPLACE FUNCTION documents_participation_certificate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM investors_participation part
      JOIN investors_participationset whole ON whole.id = part.participation_set_id
      JOIN loans_loan loan ON loan.id = whole.loan_id
      WHERE part.id = NEW.participation_id AND part.investor_id = NEW.investor_id AND loan.book_id = NEW.book_id
        AND whole.effective_on = NEW.period_start) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW265',
      MESSAGE = format('Certificate %s tells of no participation of its holder.', NEW.number);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS participation_certificate ON documents_document;
CREATE TRIGGER participation_certificate BEFORE INSERT ON documents_document FOR EACH ROW
  WHEN (NEW.kind = 'loan-participation')
  EXECUTE FUNCTION documents_participation_certificate_guard();
