-- An invitation is approved exactly as it was asked for, under an approval that names who asked and whose second person
-- is the one who decided; the person whom it lets in has the address that was invited, and is not who decided.
CREATE OR REPLACE FUNCTION access_invitation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'approved' AND NOT EXISTS (
      SELECT FROM access_invitation asked
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      JOIN access_user invited ON invited.id = NEW.user_id
      WHERE asked.id = NEW.invitation_id AND approval.subject = 'invitation:' || asked.id
        AND approval.content_sha256 = asked.content_sha256 AND approval.made_by_id = asked.asked_by_id
        AND approval.checked_by_id = NEW.decided_by_id AND invited.email = asked.email
        AND invited.id <> NEW.decided_by_id
        AND asked.content_sha256 = encode(sha256(convert_to(concat_ws(E'\n', asked.book_id,
          COALESCE(asked.organisation_id, 0), COALESCE(asked.investor_id, 0), asked.email, asked.name, asked.role),
          'UTF8')), 'hex')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW009',
      MESSAGE = format('Invitation %s is not approved by a second person as it was asked for.', NEW.invitation_id);
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON access_invitationdecision
  FOR EACH ROW EXECUTE FUNCTION access_invitation_guard();
