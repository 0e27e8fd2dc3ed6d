-- A run of Direct Debits is approved by somebody else than the one who made it, under an approval of exactly its file,
-- and withdrawn by its maker alone; money is booked from runs that were approved.
CREATE OR REPLACE FUNCTION loans_debit_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE run loans_debitrun;
BEGIN
  SELECT * INTO run FROM loans_debitrun WHERE id = NEW.run_id;
  IF (run.made_by_id = NEW.decided_by_id) <> (NEW.decision = 'withdrawn')
    OR NEW.decision = 'approved' AND NOT EXISTS (
      SELECT FROM ledger_approval approval
      WHERE approval.id = NEW.approval_id AND approval.subject = 'debit-run:' || run.id
        AND approval.content_sha256 = run.sha256 AND approval.made_by_id = run.made_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND run.sha256 = encode(sha256(convert_to(run.file, 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW115',
      MESSAGE = format('Direct Debit run %s is not decided by a second person as it stands.', NEW.run_id);
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION loans_debit_outcome_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM loans_debitline line JOIN loans_debitdecision decision ON decision.run_id = line.run_id
      WHERE line.id = NEW.line_id AND line.amount > 0 AND decision.decision = 'approved') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW116',
      MESSAGE = format('Nothing comes of collection %s: its run was not approved.', NEW.line_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON loans_debitdecision;
CREATE TRIGGER guard BEFORE INSERT ON loans_debitdecision FOR EACH ROW EXECUTE FUNCTION loans_debit_decision_guard();
DROP TRIGGER IF EXISTS guard ON loans_debitoutcome;
CREATE TRIGGER guard BEFORE INSERT ON loans_debitoutcome FOR EACH ROW EXECUTE FUNCTION loans_debit_outcome_guard();
