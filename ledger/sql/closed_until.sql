-- The first date of a book that is not closed, or NULL while no period is closed. Periods are closed in order and only
-- the latest is reopened, so one date tells it all.
CREATE OR REPLACE FUNCTION ledger_closed_until(book bigint) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT max(period.ends_on)
  FROM ledger_period period
  WHERE period.book_id = book
    AND (SELECT event.kind FROM ledger_periodevent event WHERE event.period_id = period.id
         ORDER BY event.number DESC LIMIT 1) = 'closed'
$$;
