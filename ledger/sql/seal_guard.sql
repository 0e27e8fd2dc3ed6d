-- A book's chain grows at its end alone, by entries of that book; a seal names the end of the chain as it stands. What
-- the hashes are worth is for `verify_seals` to say: here nobody can leave a gap, or seal an entry out of sight.
CREATE OR REPLACE FUNCTION ledger_sealed_entry_guard() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  bad record;
BEGIN
  SELECT sealed.entry_id INTO bad
  FROM new_sealed sealed LEFT JOIN ledger_journalentry entry ON entry.id = sealed.entry_id
  WHERE entry.book_id IS DISTINCT FROM sealed.book_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW015',
      MESSAGE = format('E-%s is no entry of the book in whose chain it is put.', bad.entry_id);
  END IF;
  SELECT span.* INTO bad
  FROM (SELECT book_id, min(position) AS first, max(position) AS last, count(*) AS places FROM new_sealed GROUP BY book_id) span
  WHERE last - first + 1 <> places OR first <> 1 + coalesce(
    (SELECT max(position) FROM ledger_sealedentry before WHERE before.book_id = span.book_id AND before.position < first), 0)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW015',
      MESSAGE = format('A chain grows at its end: places %s to %s do not follow what is there.', bad.first, bad.last);
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger_seal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest ledger_seal;
  chain_end ledger_sealedentry;
BEGIN
  SELECT * INTO latest FROM ledger_seal WHERE book_id = NEW.book_id ORDER BY number DESC LIMIT 1;
  SELECT * INTO chain_end FROM ledger_sealedentry WHERE book_id = NEW.book_id ORDER BY position DESC LIMIT 1;
  IF NEW.number <> coalesce(latest.number, 0) + 1 OR NEW.position <= coalesce(latest.position, 0)
    OR (NEW.position, NEW.head) IS DISTINCT FROM (chain_end.position, encode(chain_end.sha256, 'hex'))
    OR NEW.settled_before <= coalesce(latest.settled_before, 0)
    OR NEW.settled_before > nextval('ledger_postingrequest_id_seq') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW015',
      MESSAGE = format('Seal %s does not name the end of the chain, place %s.', NEW.number, coalesce(chain_end.position, 0));
  END IF;
  NEW.sealed_at := statement_timestamp();
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_sealedentry;
CREATE TRIGGER guard AFTER INSERT ON ledger_sealedentry REFERENCING NEW TABLE AS new_sealed
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_sealed_entry_guard();
DROP TRIGGER IF EXISTS guard ON ledger_seal;
CREATE TRIGGER guard BEFORE INSERT ON ledger_seal FOR EACH ROW EXECUTE FUNCTION ledger_seal_guard();
