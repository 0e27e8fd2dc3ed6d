-- A proposal is approved or declined by somebody else than the one who made it, and withdrawn by that person alone.
CREATE OR REPLACE FUNCTION loans_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM loans_proposal proposal
      WHERE proposal.id = NEW.proposal_id
        AND (proposal.proposed_by_id = NEW.decided_by_id) = (NEW.decision = 'withdrawn')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW112',
      MESSAGE = format('Proposal P-%s is not decided by a second person, nor withdrawn by its maker.', NEW.proposal_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON loans_proposaldecision;
CREATE TRIGGER guard BEFORE INSERT ON loans_proposaldecision FOR EACH ROW EXECUTE FUNCTION loans_decision_guard();
