-- Posting and closing exclude one another: whoever posts to a book shares its lock until the end of the transaction,
-- whoever closes or reopens a period, closes an account, or asks what is settled, holds it alone. Queries after the lock
-- see what was committed while waiting, which only READ COMMITTED promises; so the ledger is written under no other.
CREATE OR REPLACE FUNCTION ledger_share_book(book bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'CW002', MESSAGE = 'The ledger is written under READ COMMITTED isolation only.';
  END IF;
  PERFORM pg_advisory_xact_lock_shared(7411, book::int);
END
$$;

-- Who holds a book alone has no entry of its own half written either: what would be judged at commit is judged first, so
-- that no postings come in behind a close or a seal of their own transaction.
CREATE OR REPLACE FUNCTION ledger_hold_book(book bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS is_fulfilled IMMEDIATE;
  SET CONSTRAINTS is_fulfilled DEFERRED;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'CW002', MESSAGE = 'The ledger is written under READ COMMITTED isolation only.';
  END IF;
  PERFORM pg_advisory_xact_lock(7411, book::int);
END
$$;

-- The number before which every posting request of a book is settled: asked while nobody posts to it, and the book is let
-- go at once, for what is caught below rolls the lock back. NULL where the postings in flight take longer than a
-- second, so that new ones never wait behind them for more than that.
CREATE OR REPLACE FUNCTION ledger_settled_before(book bigint) RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
  settled bigint;
BEGIN
  PERFORM ledger_hold_book(book);
  settled := nextval('ledger_postingrequest_id_seq');
  RAISE EXCEPTION USING ERRCODE = 'CW099', MESSAGE = 'Asked and answered.';
EXCEPTION
  WHEN SQLSTATE 'CW099' THEN RETURN settled;
  WHEN lock_not_available THEN RETURN NULL;
END
$$;
