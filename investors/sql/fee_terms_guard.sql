-- What a fund pays to be managed is a rate from nought to below one of something that is known, and one from a day on.
CREATE OR REPLACE FUNCTION investors_fee_terms_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act investors_capitalact;
  asked jsonb;
BEGIN
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  IF act.kind <> 'fee-terms' THEN
    RETURN NEW;
  END IF;
  asked := act.content::jsonb -> 'asked';
  IF coalesce((asked ->> 'rate')::numeric, -1) < 0 OR (asked ->> 'rate')::numeric >= 1
      OR coalesce(asked ->> 'base', '') NOT IN ('committed', 'drawn', 'net-asset-value')
      OR (asked ->> 'since')::date IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'CW258',
      MESSAGE = format('C-%s agrees no fee that can be: a rate from 0 to below 1 of a known base, from a day on.', act.number);
  END IF;
  IF EXISTS (
      SELECT FROM investors_capitalact other JOIN investors_capitaldecision decision ON decision.act_id = other.id
      WHERE other.book_id = act.book_id AND other.kind = 'fee-terms' AND other.id <> act.id
        AND decision.outcome = 'approved'
        AND (other.content::jsonb -> 'asked' ->> 'since')::date = (asked ->> 'since')::date
        AND NOT EXISTS (
          SELECT FROM investors_capitalact undoing JOIN investors_capitaldecision undone ON undone.act_id = undoing.id
          WHERE undoing.reverses_id = other.id AND undone.outcome = 'approved')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW258',
      MESSAGE = format('C-%s agrees a fee from %s on, and another stands from that day.', act.number, asked ->> 'since');
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS of_fee_terms ON investors_capitaldecision;
CREATE TRIGGER of_fee_terms BEFORE INSERT ON investors_capitaldecision FOR EACH ROW
  WHEN (NEW.outcome = 'approved') EXECUTE FUNCTION investors_fee_terms_guard();
