-- At commit every set of participations has its rows: a head alone cannot stand.
CREATE OR REPLACE FUNCTION investors_participation_set_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM investors_participation WHERE participation_set_id = NEW.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW201',
      MESSAGE = format('Participation set %s has no participations. A set arrives whole or not at all.', NEW.id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS is_whole ON investors_participationset;
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON investors_participationset DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION investors_participation_set_is_whole();
