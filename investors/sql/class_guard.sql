-- A class of a fund's capital stands under the act by which two people agreed on it, and is what that act has.
CREATE OR REPLACE FUNCTION investors_class_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act investors_capitalact;
  asked jsonb;
BEGIN
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  asked := act.content::jsonb -> 'asked';
  IF act.kind <> 'class' OR act.book_id <> NEW.book_id
      OR NOT EXISTS (
        SELECT FROM investors_capitaldecision decision WHERE decision.act_id = act.id AND decision.outcome = 'approved')
      OR (asked ->> 'code', asked ->> 'name', (asked ->> 'rank')::int, (asked ->> 'target_return')::numeric,
          (asked ->> 'return_cap')::numeric, asked ->> 'unpaid', (asked ->> 'takes_rest')::boolean)
        IS DISTINCT FROM (NEW.code, NEW.name, NEW.rank::int, NEW.target_return,
          NEW.return_cap, NEW.unpaid, NEW.takes_rest) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW255',
      MESSAGE = format('The class %s is not what two people agreed on.', NEW.code);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_fundclass;
CREATE TRIGGER guard BEFORE INSERT ON investors_fundclass FOR EACH ROW EXECUTE FUNCTION investors_class_guard();
