-- A book of loans moves along its states alone: tried, then ready only if nothing was found wrong, then confirmed by
-- somebody else than the one who prepared it, then done. What a step does not bring stays as it is.
CREATE OR REPLACE FUNCTION loans_moving_in_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'prepared' OR NEW.found IS NOT NULL OR NEW.brought IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'CW114',
        MESSAGE = format('Moving in %s of book %s does not begin with being tried.', NEW.number, NEW.book_id);
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (
        ('prepared', 'ready'), ('prepared', 'refused'), ('ready', 'confirmed'), ('confirmed', 'done'),
        ('prepared', 'withdrawn'), ('ready', 'withdrawn'), ('refused', 'withdrawn'))
    OR (NEW.found IS DISTINCT FROM OLD.found) <> (NEW.state IN ('ready', 'refused'))
    OR (NEW.brought IS DISTINCT FROM OLD.brought) <> (NEW.state = 'done')
    OR (NEW.approval_id IS DISTINCT FROM OLD.approval_id) <> (NEW.state = 'confirmed')
    OR (NEW.state IN ('ready', 'refused')
      AND (NEW.state = 'ready') = EXISTS (SELECT FROM loans_movinginfinding WHERE moving_in_id = NEW.id))
    OR (NEW.state = 'confirmed' AND NOT EXISTS (
      SELECT FROM ledger_approval approval
      WHERE approval.id = NEW.approval_id AND approval.subject = 'moving-in:' || NEW.id
        AND approval.made_by_id = NEW.prepared_by_id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW114',
      MESSAGE = format('Moving in %s of book %s does not go from %s to %s like this.', NEW.number, NEW.book_id,
        OLD.state, NEW.state);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON loans_movingin;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON loans_movingin FOR EACH ROW EXECUTE FUNCTION loans_moving_in_guard();
