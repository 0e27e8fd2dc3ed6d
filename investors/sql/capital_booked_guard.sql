-- What an act on a fund's capital moves on every account, in minor units, debits positive, by its lines and its text:
-- `capital_entries.py` and `grant_entries.py` in SQL, for the database to hold the books against.
CREATE OR REPLACE FUNCTION investors_act_moves(asked_act bigint) RETURNS TABLE (code text, minor numeric)
LANGUAGE sql STABLE AS $$
  WITH act AS (
    SELECT whole.id, whole.kind, whole.content::jsonb -> 'asked' AS asked, whole.content::jsonb -> 'figures' AS figures
    FROM investors_capitalact whole WHERE whole.id = asked_act
  ), line AS (
    SELECT act.kind, found.effect, found.amount, class.code AS class, investor.code AS investor, does.capital, does.held
    FROM act
    JOIN investors_capitalline found ON found.act_id = act.id
    JOIN investors_fundclass class ON class.id = found.fund_class_id
    JOIN investors_investor investor ON investor.id = found.investor_id
    JOIN (VALUES ('paid-in', 1, -1), ('income', 1, 0), ('fee', 1, 0), ('impairment', 1, 0),
      ('income-distributed', -1, 1), ('capital-returned', -1, 1), ('recallable', -1, 1),
      ('equalised-in', 1, -1), ('equalised-out', -1, 1), ('catch-up-paid', 0, -1), ('catch-up-received', 0, 1),
      ('moved-paid-in', 1, 0), ('moved-equalised', 1, 0), ('moved-income', 1, 0), ('moved-fee', 1, 0),
      ('moved-impairment', 1, 0), ('moved-income-paid', 1, 0), ('moved-capital-back', 1, 0)
    ) AS does (effect, capital, held) ON does.effect = found.effect
  ), moved AS (
    SELECT '3110/' || class || '/' || investor AS code, -capital * amount AS minor FROM line
    UNION ALL SELECT '2510/' || investor, -held * amount FROM line
    UNION ALL SELECT '3010', amount FROM line WHERE kind = 'moved-in' AND capital <> 0
    UNION ALL SELECT shared.code, line.amount FROM line
      JOIN (VALUES ('income', '3121'), ('fee', '3122'), ('impairment', '3123')) AS shared (effect, code)
        ON shared.effect = line.effect
    UNION ALL SELECT both_sides.code, both_sides.sign * (act.figures ->> 'amount')::bigint
      FROM act, (VALUES ('5065', 1), ('2150', -1)) AS both_sides (code, sign) WHERE act.kind = 'management-fee'
    UNION ALL SELECT both_sides.code, both_sides.sign * (act.asked ->> 'minor')::bigint
      FROM act, LATERAL (VALUES ('2510/' || (act.figures ->> 'funder'), 1), ('3210/' || (act.asked ->> 'grant'), -1))
        AS both_sides (code, sign) WHERE act.kind = 'grant-received'
    UNION ALL SELECT sides.code, sides.sign * (act.asked ->> 'minor')::bigint
      FROM act, LATERAL (VALUES ('3210/' || (act.asked ->> 'grant'), 1),
        (CASE act.asked ->> 'purpose' WHEN 'operating' THEN '4060' WHEN 'first-loss' THEN '4061' ELSE '4062' END, -1),
        (CASE WHEN act.asked ->> 'loan' <> '' THEN '5070' END, 1), ('2160/' || nullif(act.asked ->> 'loan', ''), -1))
        AS sides (code, sign) WHERE act.kind = 'grant-applied' AND sides.code IS NOT NULL
  )
  SELECT moved.code, sum(moved.minor) FROM moved GROUP BY moved.code HAVING sum(moved.minor) <> 0
$$;

-- At commit an act that was approved is booked: its entries move what it says, on its day, and nothing else; of a class its
-- row stands; and of a reversal every entry of what it reverses is reversed on its day.
CREATE OR REPLACE FUNCTION investors_capital_is_booked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act investors_capitalact;
  wrong text;
BEGIN
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  IF act.kind = 'class' AND NOT EXISTS (SELECT FROM investors_fundclass class WHERE class.act_id = act.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW257', MESSAGE = format('C-%s is approved, and its class does not stand.', act.number);
  END IF;
  IF act.kind = 'reversal' THEN
    SELECT 'E-' || entry.id INTO wrong
    FROM investors_capitalact undone
    JOIN ledger_journalentry entry ON entry.book_id = undone.book_id AND entry.source = 'capital:' || undone.number
      AND entry.reverses_id IS NULL
    WHERE undone.id = act.reverses_id AND NOT EXISTS (
      SELECT FROM ledger_journalentry mirror WHERE mirror.reverses_id = entry.id AND mirror.effective_on = act.effective_on)
    ORDER BY entry.id LIMIT 1;
  ELSE
    SELECT coalesce(told.code, booked.code) INTO wrong
    FROM investors_act_moves(act.id) AS told
    FULL JOIN (
      SELECT account.code, sum(posting.amount) AS minor
      FROM ledger_journalentry entry
      JOIN ledger_posting posting ON posting.entry_id = entry.id
      JOIN ledger_account account ON account.id = posting.account_id
      WHERE entry.book_id = act.book_id AND entry.source = 'capital:' || act.number AND entry.reverses_id IS NULL
        AND entry.effective_on = act.effective_on
      GROUP BY account.code HAVING sum(posting.amount) <> 0
    ) AS booked ON booked.code = told.code
    WHERE told.minor IS DISTINCT FROM booked.minor
    ORDER BY 1 LIMIT 1;
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'CW257',
      MESSAGE = format('C-%s is approved, and not booked as it says: look at %s.', act.number, wrong);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS is_booked ON investors_capitaldecision;
CREATE CONSTRAINT TRIGGER is_booked AFTER INSERT ON investors_capitaldecision DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.outcome = 'approved') EXECUTE FUNCTION investors_capital_is_booked();
