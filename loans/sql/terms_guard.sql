-- The first terms of a loan are those of its application, whole, approved under its name, and by somebody else than the
-- one who prepared them: the approval says who that was, and the application has to say the same. Of a loan that moved in
-- from another system, the two people are those who prepared and confirmed all its files, under the loan's own name.
-- Later terms are those of a proposal on that very loan, whole, approved under its name and with its maker.
CREATE OR REPLACE FUNCTION loans_terms_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version = 1 AND NOT EXISTS (
      SELECT FROM loans_loan loan
      JOIN loans_movingin moving ON moving.id = loan.moved_in_id AND moving.book_id = loan.book_id
      JOIN ledger_approval whole ON whole.id = moving.approval_id
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE loan.id = NEW.loan_id AND approval.subject = whole.subject || '/' || loan.reference
        AND (approval.made_by_id, approval.checked_by_id) = (whole.made_by_id, whole.checked_by_id))
    AND NOT EXISTS (
      SELECT FROM loans_loan loan
      JOIN loans_application application ON application.id = loan.application_id AND application.book_id = loan.book_id
      JOIN ledger_book book ON book.id = loan.book_id
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE loan.id = NEW.loan_id AND approval.made_by_id = application.prepared_by_id
        AND approval.subject = book.code || '/' || application.reference
        AND NEW.content = application.content
        AND (NEW.principal, NEW.annual_rate, NEW.months, NEW.first_due_on)
          = (application.amount, application.annual_rate, application.months, application.first_due_on)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW102',
      MESSAGE = format('The terms of loan %s are not those that its application''s maker prepared.', NEW.loan_id);
  END IF;
  IF NEW.version > 1 AND NOT EXISTS (
      SELECT FROM loans_proposal proposal
      JOIN loans_loan loan ON loan.id = proposal.loan_id
      JOIN ledger_book book ON book.id = loan.book_id
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE proposal.loan_id = NEW.loan_id AND approval.made_by_id = proposal.proposed_by_id
        AND approval.subject
          = book.code || '/' || loan.reference || '/P-' || proposal.id || '/terms-' || NEW.version
        AND NEW.content = proposal.content -> 'terms') THEN
    RAISE EXCEPTION USING ERRCODE = 'CW102',
      MESSAGE = format('The new terms of loan %s are not those that were proposed.', NEW.loan_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON loans_loanterms;
CREATE TRIGGER guard BEFORE INSERT ON loans_loanterms FOR EACH ROW EXECUTE FUNCTION loans_terms_guard();
