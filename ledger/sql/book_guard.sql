-- A book's business date only goes forward: what was dated before it was dated in the past.
CREATE OR REPLACE FUNCTION ledger_book_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.business_date < OLD.business_date THEN
    RAISE EXCEPTION USING ERRCODE = 'CW014',
      MESSAGE = format('The business date of %s is %s; it cannot go back to %s.', OLD.code, OLD.business_date, NEW.business_date);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_book;
CREATE TRIGGER guard BEFORE UPDATE ON ledger_book FOR EACH ROW EXECUTE FUNCTION ledger_book_guard();
