-- The lines of an act arrive in one statement and are those of its content, one for one.
CREATE OR REPLACE FUNCTION investors_capital_lines_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE act record;
BEGIN
  FOR act IN
    SELECT whole.id, whole.number, whole.line_count, whole.content::jsonb -> 'lines' AS lines
    FROM investors_capitalact whole WHERE whole.id IN (SELECT DISTINCT act_id FROM arrived)
  LOOP
    IF (SELECT count(*) FROM arrived WHERE act_id = act.id) <> act.line_count
        OR jsonb_array_length(act.lines) <> act.line_count
        OR EXISTS (
          SELECT FROM arrived line
          JOIN investors_fundclass class ON class.id = line.fund_class_id
          JOIN investors_investor investor ON investor.id = line.investor_id
          WHERE line.act_id = act.id AND act.lines -> (line.line_number - 1) IS DISTINCT FROM jsonb_build_array(
            class.code, investor.code, line.effect, line.amount, line.residue, line.why)) THEN
      RAISE EXCEPTION USING ERRCODE = 'CW210',
        MESSAGE = format('The lines of C-%s are not those of what was proposed.', act.number);
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_capitalline;
CREATE TRIGGER guard AFTER INSERT ON investors_capitalline REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT
  EXECUTE FUNCTION investors_capital_lines_guard();

-- At commit every act has its lines, and a text that its fingerprint is of and that says the kind and the day that it counts
-- by, and of a reversal what it reverses: two people agree on the text.
CREATE OR REPLACE FUNCTION investors_capital_act_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM investors_capitalline WHERE act_id = NEW.id) <> NEW.line_count
      OR NEW.content_sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW210',
      MESSAGE = format('C-%s does not arrive whole: its lines or its fingerprint are missing.', NEW.number);
  END IF;
  IF (NEW.content::jsonb ->> 'kind', NEW.content::jsonb ->> 'effective_on')
        IS DISTINCT FROM (NEW.kind::text, to_char(NEW.effective_on, 'YYYY-MM-DD'))
      OR NEW.reverses_id IS DISTINCT FROM (
        SELECT act.id FROM investors_capitalact act WHERE NEW.kind = 'reversal' AND act.book_id = NEW.book_id
          AND act.number = (NEW.content::jsonb -> 'asked' ->> 'act')::int) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW210',
      MESSAGE = format('C-%s is of another kind or day, or reverses something else, than its text says.', NEW.number);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS is_whole ON investors_capitalact;
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON investors_capitalact DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION investors_capital_act_is_whole();

-- An act is approved exactly as it was proposed, by a second person; only what was called and has come may be put to its
-- call by one, and nothing else goes with it. An act is reversed once.
CREATE OR REPLACE FUNCTION investors_capital_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE act investors_capitalact;
BEGIN
  IF NEW.outcome <> 'approved' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO act FROM investors_capitalact WHERE id = NEW.act_id;
  IF act.kind = 'payment' AND EXISTS (
      SELECT FROM investors_capitalline line WHERE line.act_id = act.id AND line.effect <> 'paid-in') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW211',
      MESSAGE = format('C-%s does more than put money to a call, and one person alone decided.', act.number);
  END IF;
  IF act.kind <> 'payment' AND NOT EXISTS (
      SELECT FROM ledger_approval approval
      WHERE approval.id = NEW.approval_id AND approval.subject = 'capital-act:' || act.id
        AND approval.content_sha256 = act.content_sha256 AND approval.made_by_id = act.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW211',
      MESSAGE = format('C-%s is not approved by a second person as it was proposed.', act.number);
  END IF;
  IF act.reverses_id IS NOT NULL AND EXISTS (
      SELECT FROM investors_capitalact other JOIN investors_capitaldecision decision ON decision.act_id = other.id
      WHERE other.reverses_id = act.reverses_id AND other.id <> act.id AND decision.outcome = 'approved') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW212',
      MESSAGE = format('What C-%s reverses is reversed already.', act.number);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_capitaldecision;
CREATE TRIGGER guard BEFORE INSERT ON investors_capitaldecision FOR EACH ROW
  EXECUTE FUNCTION investors_capital_decision_guard();
