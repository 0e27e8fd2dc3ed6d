-- Judges postings, a statement at a time, so that psql and COPY are judged as the application is: every entry arrives
-- whole (its number of lines, numbered 1 to n, on its date), on open accounts of its book, at nought per currency, and
-- a reversal mirrors its original. Joins look up by index only: a plan made for two rows must serve a million.
CREATE OR REPLACE FUNCTION ledger_posting_guard() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off AS $$
DECLARE
  faulty bigint;
  mixed bigint;
  reversing bigint;
  bad record;
BEGIN
  SELECT count(*) FILTER (WHERE NOT whole), count(*) FILTER (WHERE currencies), count(*) FILTER (WHERE reverses)
  INTO faulty, mixed, reversing
  FROM (
    SELECT min(account.currency) <> max(account.currency) AS currencies,
           bool_or(entry.reverses_id IS NOT NULL) AS reverses,
           coalesce(count(*) = max(entry.line_count) AND min(posting.line_no) = 1
             AND max(posting.line_no) = max(entry.line_count) AND sum(posting.amount) = 0
             AND bool_and(coalesce(posting.effective_on = entry.effective_on AND account.book_id = entry.book_id
               AND posting.effective_on >= account.opened_on
               AND posting.effective_on < coalesce(account.closed_on, 'infinity'), false)), false) AS whole
    FROM new_postings posting
    LEFT JOIN ledger_account account ON account.id = posting.account_id
    LEFT JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    GROUP BY posting.entry_id
  ) judged;

  IF faulty > 0 THEN
    SELECT posting.entry_id, entry.id IS NULL AS headless, count(*) AS arrived, max(entry.line_count) AS expected,
           min(posting.line_no) = 1 AND max(posting.line_no) = max(entry.line_count)
             AND count(*) = max(entry.line_count) AS is_whole,
           bool_and(posting.effective_on = entry.effective_on) AS on_its_date,
           min(posting.account_id) FILTER (WHERE account.id IS NULL) AS unknown_account,
           min(account.code) FILTER (WHERE account.book_id <> entry.book_id) AS foreign_account,
           min(account.code) FILTER (WHERE posting.effective_on < account.opened_on
             OR posting.effective_on >= coalesce(account.closed_on, 'infinity')) AS shut_account,
           sum(posting.amount) AS residual
    INTO bad
    FROM new_postings posting
    LEFT JOIN ledger_account account ON account.id = posting.account_id
    LEFT JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    GROUP BY posting.entry_id, entry.id
    HAVING NOT coalesce(entry.id IS NOT NULL AND count(*) = max(entry.line_count) AND min(posting.line_no) = 1
      AND max(posting.line_no) = max(entry.line_count) AND sum(posting.amount) = 0
      AND bool_and(coalesce(posting.effective_on = entry.effective_on AND account.book_id = entry.book_id
        AND posting.effective_on >= account.opened_on
        AND posting.effective_on < coalesce(account.closed_on, 'infinity'), false)), false)
    ORDER BY posting.entry_id LIMIT 1;
    RAISE EXCEPTION USING
      ERRCODE = CASE WHEN bad.headless OR NOT bad.is_whole OR NOT bad.on_its_date THEN 'CW004'
        WHEN bad.unknown_account IS NOT NULL OR bad.foreign_account IS NOT NULL THEN 'CW010'
        WHEN bad.shut_account IS NOT NULL THEN 'CW011' ELSE 'CW012' END,
      MESSAGE = format('Entry E-%s: ', bad.entry_id) || CASE
        WHEN bad.headless THEN 'it does not exist, so it can have no postings.'
        WHEN NOT bad.is_whole THEN format('%s postings arrived where 1 to %s were due in one statement.',
                                          bad.arrived, bad.expected)
        WHEN NOT bad.on_its_date THEN 'a posting has another effective date than the entry.'
        WHEN bad.unknown_account IS NOT NULL THEN format('there is no account with the number %s.', bad.unknown_account)
        WHEN bad.foreign_account IS NOT NULL THEN format('account %s belongs to another book.', bad.foreign_account)
        WHEN bad.shut_account IS NOT NULL THEN format('account %s is not open on its date.', bad.shut_account)
        ELSE format('debits less credits are %s minor units and not nought.', bad.residual) END;
  END IF;

  IF mixed > 0 THEN
    SELECT posting.entry_id, account.currency, sum(posting.amount) AS residual INTO bad
    FROM new_postings posting JOIN ledger_account account ON account.id = posting.account_id
    GROUP BY posting.entry_id, account.currency HAVING sum(posting.amount) <> 0
    ORDER BY posting.entry_id LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'CW012',
        MESSAGE = format('Entry E-%s: debits less credits are %s minor units of %s and not nought.',
                         bad.entry_id, bad.residual, bad.currency);
    END IF;
  END IF;

  IF reversing > 0 THEN
    SELECT entry.id, entry.reverses_id INTO bad
    FROM (SELECT DISTINCT entry_id FROM new_postings) arrived
    JOIN ledger_journalentry entry ON entry.id = arrived.entry_id AND entry.reverses_id IS NOT NULL
    JOIN ledger_journalentry original ON original.id = entry.reverses_id
    WHERE original.line_count <> entry.line_count OR EXISTS (
      SELECT FROM ledger_posting here
      LEFT JOIN ledger_posting there ON there.entry_id = entry.reverses_id AND there.line_no = here.line_no
      WHERE here.entry_id = entry.id
        AND (there.account_id IS DISTINCT FROM here.account_id OR there.amount IS DISTINCT FROM -here.amount))
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'CW013',
        MESSAGE = format('Entry E-%s does not mirror E-%s, which it reverses, line by line.', bad.id, bad.reverses_id);
    END IF;
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_posting;
CREATE TRIGGER guard AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS new_postings
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_guard();
