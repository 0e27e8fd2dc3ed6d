-- Nothing of an account changes but the day it is closed on, and that only while nobody posts to its book and nothing
-- is posted on or after that day.
CREATE OR REPLACE FUNCTION ledger_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'closed_on') <> (to_jsonb(OLD) - 'closed_on') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW001',
      MESSAGE = format('Account %s: only the day it is closed on can change.', OLD.code);
  END IF;
  PERFORM ledger_hold_book(NEW.book_id);
  IF EXISTS (SELECT FROM ledger_posting WHERE account_id = NEW.id AND effective_on >= NEW.closed_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW011',
      MESSAGE = format('Account %s has postings on or after %s.', OLD.code, NEW.closed_on);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_account;
CREATE TRIGGER guard BEFORE UPDATE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_guard();
