-- The lines that change a commitment in force, with their sign, as they stand at the end of a day, and those of one act
-- that is being decided.
CREATE OR REPLACE FUNCTION investors_committed_lines(book bigint, on_day date, deciding bigint)
RETURNS TABLE (act_id bigint, fund_class_id bigint, investor_id bigint, amount bigint, sign integer)
LANGUAGE sql STABLE AS $$
  SELECT line.act_id, line.fund_class_id, line.investor_id, line.amount, signs.sign
  FROM investors_capitalline line
  JOIN investors_capitalact act ON act.id = line.act_id
  JOIN (VALUES ('signed', 1), ('cancelled', -1), ('moved-drawn', 1), ('moved-undrawn', 1), ('moved-recallable', 1),
    ('moved-cancelled', -1)) AS signs (effect, sign) ON signs.effect = line.effect
  WHERE act.book_id = book AND act.kind <> 'reversal' AND act.effective_on <= on_day
    AND (act.id = deciding OR EXISTS (
      SELECT FROM investors_capitaldecision decision WHERE decision.act_id = act.id AND decision.outcome = 'approved'))
    AND NOT EXISTS (
      SELECT FROM investors_capitalact undone
      JOIN investors_capitaldecision decision ON decision.act_id = undone.id AND decision.outcome = 'approved'
      WHERE undone.reverses_id = act.id AND undone.effective_on <= on_day)
$$;

-- What moves between investors sums to nought, and nobody transfers more of a commitment than it holds on that day.
CREATE OR REPLACE FUNCTION investors_capital_between_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act investors_capitalact;
  wrong record;
BEGIN
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  IF act.kind <> 'transfer' AND act.kind <> 'equalisation' THEN
    RETURN NEW;
  END IF;
  SELECT moved.what, sum(moved.minor) AS minor INTO wrong FROM (
    SELECT CASE line.effect WHEN 'equalised-out' THEN 'equalised-in' WHEN 'catch-up-received' THEN 'catch-up-paid'
        ELSE line.effect END AS what,
      CASE WHEN line.effect = 'equalised-out' OR line.effect = 'catch-up-received' THEN -line.amount
        ELSE line.amount END AS minor
    FROM investors_capitalline line WHERE line.act_id = act.id) AS moved
  GROUP BY moved.what HAVING sum(moved.minor) <> 0 ORDER BY moved.what LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW250',
      MESSAGE = format('What C-%s moves between investors (%s) sums to %s minor units instead of nought.',
        act.number, wrong.what, wrong.minor);
  END IF;
  SELECT held.investor_id, held.before, -held.given AS given INTO wrong FROM (
    SELECT line.investor_id,
      coalesce(sum(line.amount * line.sign) FILTER (WHERE line.act_id <> act.id), 0) AS before,
      coalesce(sum(line.amount * line.sign) FILTER (WHERE line.act_id = act.id), 0) AS given
    FROM investors_committed_lines(act.book_id, act.effective_on, act.id) AS line
    WHERE (line.fund_class_id, line.investor_id) IN (
      SELECT own.fund_class_id, own.investor_id FROM investors_capitalline own WHERE own.act_id = act.id)
    GROUP BY line.fund_class_id, line.investor_id) AS held
  WHERE held.given < 0 AND held.before + held.given < 0 ORDER BY held.investor_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW251',
      MESSAGE = format('C-%s transfers %s minor units of a commitment of which its investor holds %s on %s.',
        act.number, wrong.given, wrong.before, act.effective_on);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS between_investors ON investors_capitaldecision;
CREATE TRIGGER between_investors BEFORE INSERT ON investors_capitaldecision FOR EACH ROW
  WHEN (NEW.outcome = 'approved') EXECUTE FUNCTION investors_capital_between_guard();
