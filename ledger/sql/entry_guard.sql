-- Judges the heads of entries, a statement at a time: listed by a posting request of this transaction and book (which
-- shares the book's lock, so that no period closes meanwhile), dated in an open period, a reversal of an entry of the
-- same book; where four eyes are needed, posted by the one who checked it and under the approval of that very thing.
CREATE OR REPLACE FUNCTION ledger_entry_guard() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off AS $$
DECLARE
  bad record;
BEGIN
  SELECT id INTO bad
  FROM (SELECT id, request_id, book_id FROM new_entries
        EXCEPT
        SELECT unnest(request.entry_ids), request.id, request.book_id
        FROM (SELECT DISTINCT request_id FROM new_entries) asked
        JOIN ledger_postingrequest request ON request.id = asked.request_id
          AND request.xact = pg_current_xact_id()::text::bigint) unlisted
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW005',
      MESSAGE = format('Entry E-%s is not listed by a posting request of this transaction and book.', bad.id);
  END IF;

  SELECT entry.id, entry.effective_on, book.opened_on, ledger_closed_until(book.id) AS closed_until INTO bad
  FROM (SELECT book_id, min(effective_on) AS earliest FROM new_entries GROUP BY book_id) span
  JOIN ledger_book book ON book.id = span.book_id
  JOIN new_entries entry ON entry.book_id = span.book_id AND entry.effective_on = span.earliest
  WHERE span.earliest < greatest(book.opened_on, ledger_closed_until(book.id))
  LIMIT 1;
  IF FOUND AND bad.effective_on < bad.opened_on THEN
    RAISE EXCEPTION USING ERRCODE = 'CW006',
      MESSAGE = format('Entry E-%s is dated %s, before the book was opened on %s.', bad.id, bad.effective_on, bad.opened_on);
  ELSIF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW007',
      MESSAGE = format('Entry E-%s is dated %s, in a closed period: the first open date is %s.',
                       bad.id, bad.effective_on, bad.closed_until);
  END IF;

  SELECT entry.id, entry.reverses_id INTO bad
  FROM new_entries entry
  WHERE entry.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM ledger_journalentry original
    WHERE original.id = entry.reverses_id AND original.book_id = entry.book_id AND original.id <> entry.id);
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW008',
      MESSAGE = format('Entry E-%s reverses E-%s, which is not an entry of its book.', bad.id, bad.reverses_id);
  END IF;

  SELECT entry.id INTO bad
  FROM new_entries entry
  WHERE entry.approval_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM ledger_approval approval
    JOIN ledger_postingrequest request ON request.id = entry.request_id
    WHERE approval.id = entry.approval_id AND approval.checked_by_id = request.posted_by_id);
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW009',
      MESSAGE = format('Entry E-%s is not posted by the person who checked it.', bad.id);
  END IF;

  SELECT entry.id, approval.subject, entry.source INTO bad
  FROM new_entries entry JOIN ledger_approval approval ON approval.id = entry.approval_id
  WHERE entry.kind IN ('opening', 'manual', 'year-end', 'payout') AND approval.subject <> entry.source;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW009',
      MESSAGE = format('Entry E-%s comes from %s, and the approval is of %s.', bad.id, bad.source, bad.subject);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_journalentry;
CREATE TRIGGER guard AFTER INSERT ON ledger_journalentry REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_guard();
