-- Posting and closing exclude one another: whoever posts to a book shares its lock until the end of the transaction,
-- whoever closes or reopens a period, or closes an account, holds it alone. Queries after the lock see what was
-- committed while waiting, which only READ COMMITTED promises; so the ledger is written under no other isolation.
CREATE OR REPLACE FUNCTION ledger_share_book(book bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'CW002', MESSAGE = 'The ledger is written under READ COMMITTED isolation only.';
  END IF;
  PERFORM pg_advisory_xact_lock_shared(7411, book::int);
END
$$;

CREATE OR REPLACE FUNCTION ledger_hold_book(book bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'CW002', MESSAGE = 'The ledger is written under READ COMMITTED isolation only.';
  END IF;
  PERFORM pg_advisory_xact_lock(7411, book::int);
END
$$;
