-- An account stands under a line of its own book's chart, whose code it carries, and not before the book was opened.
CREATE OR REPLACE FUNCTION ledger_new_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM ledger_chartnode node JOIN ledger_book book ON book.id = node.book_id
      WHERE node.id = NEW.node_id AND node.book_id = NEW.book_id AND NEW.opened_on >= book.opened_on
        AND NEW.code = node.code || CASE NEW.subject WHEN '' THEN '' ELSE '/' || NEW.subject END) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW010',
      MESSAGE = format('Account %s does not stand under a line of its own book''s chart.', NEW.code);
  END IF;
  RETURN NEW;
END
$$;

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

DROP TRIGGER IF EXISTS guard_new ON ledger_account;
CREATE TRIGGER guard_new BEFORE INSERT ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_new_account_guard();
DROP TRIGGER IF EXISTS guard ON ledger_account;
CREATE TRIGGER guard BEFORE UPDATE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_guard();
