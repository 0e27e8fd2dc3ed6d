-- A breach is let pass by somebody else than the one who proposed it: the approval says who that was and what it was about,
-- and the proposal has to say the same. That the content is the one approved is held by a foreign key.
CREATE OR REPLACE FUNCTION loans_waiver_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.approval_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM loans_waiverproposal proposal
      JOIN loans_covenant covenant ON covenant.id = proposal.covenant_id
      JOIN loans_loan loan ON loan.id = covenant.loan_id
      JOIN ledger_book book ON book.id = loan.book_id
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE proposal.id = NEW.proposal_id AND approval.made_by_id = proposal.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND approval.subject = book.code || '/' || loan.reference || '/waiver/' || proposal.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW111',
      MESSAGE = format('The approval of waiver %s is not one of what its maker proposed.', NEW.proposal_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON loans_waiverdecision;
CREATE TRIGGER guard BEFORE INSERT ON loans_waiverdecision FOR EACH ROW EXECUTE FUNCTION loans_waiver_guard();
