-- An order of payment names each claim once, and a share only of what is paid before it.
CREATE OR REPLACE FUNCTION investors_deed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act investors_capitalact;
  wrong text;
BEGIN
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  IF act.kind <> 'deed' THEN
    RETURN NEW;
  END IF;
  SELECT step.value ->> 'claim' INTO wrong
  FROM jsonb_array_elements(act.content::jsonb -> 'asked' -> 'steps') WITH ORDINALITY AS step (value, place)
  WHERE EXISTS (
      SELECT FROM jsonb_array_elements(act.content::jsonb -> 'asked' -> 'steps') WITH ORDINALITY AS other (value, place)
      WHERE other.place < step.place AND other.value ->> 'claim' = step.value ->> 'claim')
    OR (coalesce(step.value ->> 'of', '') <> '' AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(act.content::jsonb -> 'asked' -> 'steps') WITH ORDINALITY AS other (value, place)
      WHERE other.place < step.place AND other.value ->> 'claim' = step.value ->> 'of'))
  ORDER BY step.place LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'CW254',
      MESSAGE = format('C-%s orders %s twice, or as a share of what is not paid before it.', act.number, wrong);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS of_deed ON investors_capitaldecision;
CREATE TRIGGER of_deed BEFORE INSERT ON investors_capitaldecision FOR EACH ROW
  WHEN (NEW.outcome = 'approved') EXECUTE FUNCTION investors_deed_guard();
