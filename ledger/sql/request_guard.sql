-- A posting request gets its number, time and transaction from the database, whatever the caller says, once it shares
-- the book's lock: so whoever holds the book alone (a close, the sealer) knows that all smaller numbers are settled and
-- that whatever comes gets a greater one and a later time. At commit every entry that it lists is there, made by this
-- request and no other, with its postings. Entries must be listed by their request (entry_guard.sql), so no entry can
-- stand without postings, and none is listed twice.
CREATE OR REPLACE FUNCTION ledger_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_share_book(NEW.book_id);
  NEW.id := nextval('ledger_postingrequest_id_seq');
  NEW.xact := pg_current_xact_id()::text::bigint;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ledger_request_is_fulfilled() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off AS $$
DECLARE
  bad record;
BEGIN
  SELECT listed.id, entry.request_id INTO bad
  FROM unnest(NEW.entry_ids) listed(id)
  LEFT JOIN ledger_journalentry entry ON entry.id = listed.id
  WHERE entry.request_id IS DISTINCT FROM NEW.id
    OR NOT EXISTS (SELECT FROM ledger_posting WHERE entry_id = listed.id AND line_no = 1)
  LIMIT 1;
  IF bad.request_id <> NEW.id THEN
    RAISE EXCEPTION USING ERRCODE = 'CW004',
      MESSAGE = format('Posting request %L lists entry E-%s, which was made by another request.', NEW.key, bad.id);
  ELSIF FOUND OR cardinality(NEW.entry_ids) = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'CW004',
      MESSAGE = format('Posting request %L lists entry E-%s, which has no postings. An entry arrives whole or not at all.',
                       NEW.key, coalesce(bad.id::text, '?'));
  ELSIF cardinality(NEW.entry_ids) <> (SELECT count(DISTINCT id) FROM unnest(NEW.entry_ids) listed(id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW004', MESSAGE = format('Posting request %L lists an entry twice.', NEW.key);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_postingrequest;
CREATE TRIGGER guard BEFORE INSERT ON ledger_postingrequest FOR EACH ROW EXECUTE FUNCTION ledger_request_guard();
DROP TRIGGER IF EXISTS is_fulfilled ON ledger_postingrequest;
CREATE CONSTRAINT TRIGGER is_fulfilled AFTER INSERT ON ledger_postingrequest DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_request_is_fulfilled();
