-- A decision on bank details confirms exactly what was proposed, under an approval that names its proposer and whose
-- second person is the one who decided.
CREATE OR REPLACE FUNCTION ledger_payee_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'confirmed' AND NOT EXISTS (
      SELECT FROM ledger_approval approval JOIN ledger_payeedetails details ON details.id = NEW.details_id
      WHERE approval.id = NEW.approval_id AND approval.subject = 'payee-details:' || details.id
        AND approval.content_sha256 = details.content_sha256 AND approval.made_by_id = details.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND details.content_sha256 = encode(sha256(convert_to(concat_ws(E'\n', details.account_name, details.sort_code,
          details.account_number, details.iban, details.bic), 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW017',
      MESSAGE = format('Bank details %s are not confirmed by a second person as they were proposed.', NEW.details_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_payeedecision;
CREATE TRIGGER guard BEFORE INSERT ON ledger_payeedecision FOR EACH ROW EXECUTE FUNCTION ledger_payee_guard();
