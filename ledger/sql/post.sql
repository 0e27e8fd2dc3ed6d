-- The one way in for posting: a request under its key, and the entries that it lists.

-- Opens a request for `entry_count` entries and takes their numbers from the sequence. Where the key was used before,
-- `request_id` is NULL, and the numbers and the fingerprint are those of then; who comes at the same time waits.
CREATE OR REPLACE FUNCTION ledger_open_request(
  book bigint, request_key text, content text, posted_by bigint, entry_count int,
  OUT request_id bigint, OUT entry_ids bigint[], OUT first_content text
) LANGUAGE plpgsql AS $$
BEGIN
  entry_ids := ARRAY(SELECT nextval('ledger_journalentry_id_seq') FROM generate_series(1, entry_count));
  INSERT INTO ledger_postingrequest (book_id, key, fingerprint, entry_ids, posted_by_id)
  VALUES (book, request_key, content, entry_ids, posted_by)
  ON CONFLICT (book_id, key) DO NOTHING
  RETURNING id INTO request_id;
  IF request_id IS NULL THEN
    SELECT request.entry_ids, request.fingerprint INTO entry_ids, first_content
    FROM ledger_postingrequest request WHERE request.book_id = book AND request.key = request_key;
  END IF;
END
$$;

-- Posts a few entries in one call, which is one round trip. Arrays are by entry, but for those named line_*, which are by
-- posting; `line_entry` says which entry (from 1) a posting belongs to. Many entries are quicker by COPY; both ways are
-- judged by the same guards.
CREATE OR REPLACE FUNCTION ledger_post(
  book bigint, request_key text, content text, posted_by bigint,
  dates date[], kinds text[], narratives text[], sources text[], line_counts int[], reversed bigint[], approvals bigint[],
  line_entry int[], line_number int[], line_code text[], line_currency text[], line_amount bigint[],
  OUT entry_ids bigint[], OUT first_content text
) LANGUAGE plpgsql AS $$
DECLARE
  opened record;
BEGIN
  opened := ledger_open_request(book, request_key, content, posted_by, cardinality(dates));
  entry_ids := opened.entry_ids;
  first_content := opened.first_content;
  IF opened.request_id IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO ledger_journalentry
    (id, request_id, book_id, effective_on, kind, narrative, source, line_count, reverses_id, approval_id)
  SELECT entry_ids[i], opened.request_id, book, dates[i], kinds[i], narratives[i], sources[i], line_counts[i],
         reversed[i], approvals[i]
  FROM generate_subscripts(dates, 1) i;
  INSERT INTO ledger_posting (entry_id, line_no, account_id, effective_on, amount)
  SELECT entry_ids[line_entry[i]], line_number[i],
         (SELECT account.id FROM ledger_account account
          WHERE account.book_id = book AND account.code = line_code[i] AND account.currency = line_currency[i]),
         dates[line_entry[i]], line_amount[i]
  FROM generate_subscripts(line_entry, 1) i;
END
$$;
