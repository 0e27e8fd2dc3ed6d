-- Periods follow one another without a gap; they are closed in order and only the latest closed one is reopened, while
-- nobody posts to the book. A close gets its time then: what it knew is what was recorded before.
CREATE OR REPLACE FUNCTION ledger_period_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  expected date;
BEGIN
  PERFORM ledger_hold_book(NEW.book_id);
  SELECT coalesce((SELECT max(ends_on) FROM ledger_period WHERE book_id = NEW.book_id), opened_on) INTO expected
  FROM ledger_book WHERE id = NEW.book_id;
  IF NEW.starts_on <> expected THEN
    RAISE EXCEPTION USING ERRCODE = 'CW014',
      MESSAGE = format('The next period starts on %s and not on %s.', expected, NEW.starts_on);
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ledger_period_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  period ledger_period;
  latest ledger_periodevent;
  closed_until date;
BEGIN
  SELECT * INTO period FROM ledger_period WHERE id = NEW.period_id;
  PERFORM ledger_hold_book(period.book_id);
  SELECT * INTO latest FROM ledger_periodevent WHERE period_id = NEW.period_id ORDER BY number DESC LIMIT 1;
  closed_until := ledger_closed_until(period.book_id);
  IF NEW.kind NOT IN ('closed', 'reopened') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW014', MESSAGE = format('A period is closed or reopened, and not %L.', NEW.kind);
  ELSIF NEW.number <> coalesce(latest.number, 0) + 1 OR NEW.kind = coalesce(latest.kind, 'reopened') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW014',
      MESSAGE = format('The period from %s is %s already.', period.starts_on, CASE NEW.kind WHEN 'closed' THEN 'closed' ELSE 'open' END);
  ELSIF NEW.kind = 'closed' AND EXISTS (
      SELECT FROM ledger_period earlier WHERE earlier.book_id = period.book_id AND earlier.ends_on <= period.starts_on
        AND earlier.ends_on > coalesce(closed_until, '-infinity')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW014',
      MESSAGE = format('The period from %s cannot be closed before the ones before it.', period.starts_on);
  ELSIF NEW.kind = 'reopened' AND closed_until <> period.ends_on THEN
    RAISE EXCEPTION USING ERRCODE = 'CW014',
      MESSAGE = format('Only the latest closed period, which ends before %s, can be reopened.', closed_until);
  ELSIF NEW.left_open <> '[]' AND (NEW.kind <> 'closed' OR jsonb_path_exists(NEW.left_open,
      '$[*] ? (!(@.reason like_regex "[^[:space:]]"))')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW020',
      MESSAGE = format('Something of the period from %s is left open without a reason.', period.starts_on);
  END IF;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END
$$;

-- What every account stands at when a period is closed is kept by the database and written by nobody else: a close
-- without its closings, or with others, would change every balance after it.
CREATE OR REPLACE FUNCTION ledger_keep_closings() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  period ledger_period;
BEGIN
  SELECT * INTO period FROM ledger_period WHERE id = NEW.period_id;
  INSERT INTO ledger_accountclosing (event_id, account_id, balance)
  SELECT NEW.id, moved.account_id, sum(moved.amount)
  FROM (
    SELECT closing.account_id, closing.balance AS amount
    FROM ledger_accountclosing closing
    WHERE closing.event_id = (
      SELECT event.id FROM ledger_period earlier JOIN ledger_periodevent event ON event.period_id = earlier.id
      WHERE earlier.book_id = period.book_id AND earlier.ends_on = period.starts_on
      ORDER BY event.number DESC LIMIT 1)
    UNION ALL
    SELECT posting.account_id, posting.amount
    FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
    WHERE account.book_id = period.book_id
      AND posting.effective_on >= period.starts_on AND posting.effective_on < period.ends_on
  ) moved
  GROUP BY moved.account_id;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_period;
CREATE TRIGGER guard BEFORE INSERT ON ledger_period FOR EACH ROW EXECUTE FUNCTION ledger_period_guard();
DROP TRIGGER IF EXISTS guard ON ledger_periodevent;
CREATE TRIGGER guard BEFORE INSERT ON ledger_periodevent FOR EACH ROW EXECUTE FUNCTION ledger_period_event_guard();
DROP TRIGGER IF EXISTS keep_closings ON ledger_periodevent;
CREATE TRIGGER keep_closings AFTER INSERT ON ledger_periodevent FOR EACH ROW WHEN (NEW.kind = 'closed')
  EXECUTE FUNCTION ledger_keep_closings();
