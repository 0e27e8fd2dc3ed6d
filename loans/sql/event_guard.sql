-- What two people agreed to happens as it was proposed: the approval of an event names a proposal on that very loan, and
-- has its maker, its hash and the person who approved it. That the event's content is the one approved is held by a
-- foreign key. Judged at commit, since the decision is written after the event.
CREATE OR REPLACE FUNCTION loans_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM loans_proposal proposal
      JOIN loans_proposaldecision decision ON decision.proposal_id = proposal.id AND decision.decision = 'approved'
      JOIN loans_loan loan ON loan.id = proposal.loan_id
      JOIN ledger_book book ON book.id = loan.book_id
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE proposal.loan_id = NEW.loan_id AND proposal.kind = NEW.kind
        AND approval.subject = book.code || '/' || loan.reference || '/P-' || proposal.id
        AND approval.content_sha256 = proposal.content_sha256
        AND (approval.made_by_id, approval.checked_by_id) = (proposal.proposed_by_id, decision.decided_by_id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW113',
      MESSAGE = format('The approval of event %s of loan %s is not one of what its maker proposed.', NEW.number, NEW.loan_id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS was_proposed ON loans_loanevent;
CREATE CONSTRAINT TRIGGER was_proposed AFTER INSERT ON loans_loanevent DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.approval_id IS NOT NULL) EXECUTE FUNCTION loans_event_guard();
