-- A tax relief certificate is stored only where two people agreed to exactly its content.
CREATE OR REPLACE FUNCTION documents_tax_certificate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'tax-certificate' AND NOT EXISTS (
      SELECT FROM investors_citrcertificate given
      JOIN investors_citrcertificatedecision decision ON decision.certificate_id = given.id
      JOIN investors_citrinvestment investment ON investment.id = given.investment_id
      WHERE decision.outcome = 'issued' AND NEW.seal = 'sha256:' || given.content_sha256
        AND NEW.number = 'CITR-' || investment.id AND NEW.book_id = investment.book_id
        AND NEW.investor_id = investment.investor_id AND NEW.issued_on = decision.issued_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW235',
      MESSAGE = format('Tax relief certificate %s is not one that a second person agreed to issue.', NEW.number);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS certificate_guard ON documents_document;
CREATE TRIGGER certificate_guard BEFORE INSERT ON documents_document FOR EACH ROW
  EXECUTE FUNCTION documents_tax_certificate_guard();
