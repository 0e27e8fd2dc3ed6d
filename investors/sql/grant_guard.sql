-- What was received and applied of a restricted grant, by day: acts that stand, those of the act that is being decided,
-- and reversals with the other sign.
CREATE OR REPLACE FUNCTION investors_grant_events(book bigint, code text, deciding bigint)
RETURNS TABLE (on_day date, minor bigint) LANGUAGE sql STABLE AS $$
  WITH counted AS (
    SELECT act.id, act.effective_on, act.reverses_id,
      CASE act.kind WHEN 'grant-received' THEN 1 ELSE -1 END
        * (act.content::jsonb -> 'asked' ->> 'minor')::bigint AS minor
    FROM investors_capitalact act
    WHERE act.book_id = book AND (act.kind = 'grant-received' OR act.kind = 'grant-applied')
      AND act.content::jsonb -> 'asked' ->> 'grant' = code
      AND (act.id = deciding OR EXISTS (SELECT FROM investors_capitaldecision decision
        WHERE decision.act_id = act.id AND decision.outcome = 'approved')))
  SELECT counted.effective_on, counted.minor FROM counted
  UNION ALL
  SELECT undone.effective_on, -counted.minor FROM counted
  JOIN investors_capitalact undone ON undone.reverses_id = counted.id
  WHERE undone.id = deciding OR EXISTS (SELECT FROM investors_capitaldecision decision
    WHERE decision.act_id = undone.id AND decision.outcome = 'approved')
$$;

-- A restricted grant is applied to the purpose for which it was given, and never more of it than was received.
CREATE OR REPLACE FUNCTION investors_grant_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act investors_capitalact;
  moved investors_capitalact;
  asked jsonb;
  given text;
  least bigint;
BEGIN
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  SELECT * INTO moved FROM investors_capitalact WHERE id = coalesce(act.reverses_id, act.id);
  IF moved.kind <> 'grant-received' AND moved.kind <> 'grant-applied' THEN
    RETURN NEW;
  END IF;
  asked := moved.content::jsonb -> 'asked';
  SELECT agreed.content::jsonb -> 'asked' ->> 'purpose' INTO given FROM investors_capitalact agreed
  JOIN investors_capitaldecision decision ON decision.act_id = agreed.id AND decision.outcome = 'approved'
  WHERE agreed.book_id = act.book_id AND agreed.kind = 'grant'
    AND agreed.content::jsonb -> 'asked' ->> 'grant' = asked ->> 'grant'
    AND NOT EXISTS (SELECT FROM investors_capitalact undone
      JOIN investors_capitaldecision other ON other.act_id = undone.id AND other.outcome = 'approved'
      WHERE undone.reverses_id = agreed.id)
  ORDER BY agreed.number DESC LIMIT 1;
  IF given IS NULL OR (act.kind = 'grant-applied' AND given IS DISTINCT FROM asked ->> 'purpose') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW252',
      MESSAGE = format('C-%s uses grant %s for %s; it was given for %s.',
        act.number, asked ->> 'grant', coalesce(asked ->> 'purpose', 'nothing'), coalesce(given, 'nothing'));
  END IF;
  SELECT min(stands.running) INTO least FROM (
    SELECT sum(by_day.minor) OVER (ORDER BY by_day.on_day) AS running FROM (
      SELECT event.on_day, sum(event.minor) AS minor
      FROM investors_grant_events(act.book_id, asked ->> 'grant', act.id) AS event GROUP BY event.on_day
    ) AS by_day) AS stands;
  IF least < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'CW253',
      MESSAGE = format('C-%s takes grant %s to %s minor units below nought.', act.number, asked ->> 'grant', -least);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS of_grants ON investors_capitaldecision;
CREATE TRIGGER of_grants BEFORE INSERT ON investors_capitaldecision FOR EACH ROW
  WHEN (NEW.outcome = 'approved') EXECUTE FUNCTION investors_grant_guard();
