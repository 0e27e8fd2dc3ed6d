-- Terms of a facility are approved exactly as they were proposed, under an approval that names who proposed them and
-- whose second person is the one who decided.
CREATE OR REPLACE FUNCTION investors_facility_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'approved' AND NOT EXISTS (
      SELECT FROM investors_facilityterms terms
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE terms.id = NEW.terms_id AND approval.subject = 'facility-terms:' || terms.id
        AND approval.content_sha256 = terms.content_sha256 AND approval.made_by_id = terms.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND terms.content_sha256 = encode(sha256(convert_to(concat_ws(E'\n', terms.facility_id, terms.version,
          to_char(terms.effective_on, 'YYYY-MM-DD'), terms.content), 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW221',
      MESSAGE = format('Facility terms %s are not approved by a second person as they were proposed.', NEW.terms_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_facilitydecision;
CREATE TRIGGER guard BEFORE INSERT ON investors_facilitydecision FOR EACH ROW
  EXECUTE FUNCTION investors_facility_guard();

-- At commit, what is drawn or changed stands under terms of the same facility that two people agreed on.
CREATE OR REPLACE FUNCTION investors_borrowed_under_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM investors_facilityterms terms JOIN investors_facilitydecision decision ON decision.terms_id = terms.id
      WHERE terms.id = NEW.terms_id AND terms.facility_id = NEW.facility_id AND decision.outcome = 'approved'
        AND (NEW.kind <> 'restructured' OR decision.event_id = NEW.id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW222',
      MESSAGE = format('Event %s of facility %s stands under no terms that two people agreed on.', NEW.number,
        NEW.facility_id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS under_terms ON investors_borrowingevent;
CREATE CONSTRAINT TRIGGER under_terms AFTER INSERT ON investors_borrowingevent DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.terms_id IS NOT NULL) EXECUTE FUNCTION investors_borrowed_under_terms();
