-- An application changes by moves, and each leaves its step for ever: whatever is changed here, the latest step was taken
-- in the same transaction and leads to the state that is written. Terms and their maker change by a revision alone, whose
-- step names that maker. A step gets its time here, so that none is kept for later. Which move leads where is said in
-- loans/domain/application.py as well.
CREATE OR REPLACE FUNCTION loans_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION loans_application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step loans_applicationstep;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION USING ERRCODE = 'CW101', MESSAGE = format('Application %s does not begin as a draft.', NEW.reference);
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO step FROM loans_applicationstep WHERE application_id = NEW.id
  ORDER BY recorded_at DESC, id DESC LIMIT 1;
  IF step.status IS DISTINCT FROM NEW.status OR step.recorded_at < transaction_timestamp() THEN
    RAISE EXCEPTION USING ERRCODE = 'CW101',
      MESSAGE = format('Application %s changes by a move that leaves its step, and none was taken.', OLD.reference);
  ELSIF (OLD.status, step.move, NEW.status) NOT IN (
      ('draft', 'revise', 'draft'), ('draft', 'submit', 'submitted'),
      ('submitted', 'revise', 'submitted'), ('submitted', 'send back', 'sent_back'),
      ('submitted', 'approve', 'approved'), ('submitted', 'decline', 'declined'),
      ('sent_back', 'revise', 'sent_back'), ('sent_back', 'submit', 'submitted')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW101',
      MESSAGE = format('Application %s is %s: the move %L does not lead to %s.', OLD.reference, OLD.status, step.move, NEW.status);
  ELSIF (to_jsonb(NEW) - 'status') <> (to_jsonb(OLD) - 'status')
      AND (step.move <> 'revise' OR step.recorded_by_id <> NEW.prepared_by_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW101',
      MESSAGE = format('The terms of application %s change only when their maker revises them.', OLD.reference);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON loans_applicationstep;
CREATE TRIGGER guard BEFORE INSERT ON loans_applicationstep FOR EACH ROW EXECUTE FUNCTION loans_step_guard();
DROP TRIGGER IF EXISTS guard ON loans_application;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON loans_application
  FOR EACH ROW EXECUTE FUNCTION loans_application_guard();
