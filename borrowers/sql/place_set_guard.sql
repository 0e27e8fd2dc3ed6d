-- At commit every set of places of benefit has its rows: a head alone cannot stand.
CREATE OR REPLACE FUNCTION borrowers_place_set_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM borrowers_benefitplace WHERE place_set_id = NEW.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW306',
      MESSAGE = format('Place set %s has no places. A set arrives whole or not at all.', NEW.id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS is_whole ON borrowers_placeset;
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON borrowers_placeset DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION borrowers_place_set_is_whole();
