-- A posting request gets its time and transaction from the database, whatever the caller says, and at commit every entry that it lists is there
-- with its postings. Entries must be listed by their request (entry_guard.sql), so no entry can stand without postings.
CREATE OR REPLACE FUNCTION ledger_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.xact := pg_current_xact_id()::text::bigint;
  NEW.recorded_at := transaction_timestamp();
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ledger_request_is_fulfilled() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  missing bigint;
BEGIN
  SELECT listed.id INTO missing
  FROM unnest(NEW.entry_ids) listed(id)
  WHERE NOT EXISTS (SELECT FROM ledger_posting WHERE entry_id = listed.id AND line_no = 1)
  LIMIT 1;
  IF missing IS NOT NULL OR cardinality(NEW.entry_ids) = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'CW004',
      MESSAGE = format('Posting request %L lists entry E-%s, which has no postings. An entry arrives whole or not at all.',
                       NEW.key, coalesce(missing::text, '?'));
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_postingrequest;
CREATE TRIGGER guard BEFORE INSERT ON ledger_postingrequest FOR EACH ROW EXECUTE FUNCTION ledger_request_guard();
DROP TRIGGER IF EXISTS is_fulfilled ON ledger_postingrequest;
CREATE CONSTRAINT TRIGGER is_fulfilled AFTER INSERT ON ledger_postingrequest DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_request_is_fulfilled();
