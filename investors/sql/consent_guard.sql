-- How the lenders that were asked have answered so far, by the amounts of their parts in minor units.
CREATE OR REPLACE FUNCTION investors_consent_count(asked bigint, OUT yes numeric, OUT no numeric, OUT whole numeric)
LANGUAGE sql STABLE AS $$
  SELECT COALESCE(sum(part.amount) FILTER (WHERE answer.agrees), 0),
    COALESCE(sum(part.amount) FILTER (WHERE NOT answer.agrees), 0),
    sum(part.amount)
  FROM investors_consentasked consent
  JOIN investors_participation part ON part.participation_set_id = consent.participation_set_id
  LEFT JOIN LATERAL (
    SELECT given.agrees FROM investors_consentanswer given
    WHERE given.consent_id = consent.id AND given.investor_id = part.investor_id
    ORDER BY given.id DESC LIMIT 1) answer ON true
  WHERE consent.id = asked
$$;

-- Lenders are asked about a proposal on their own loan that nobody has decided, and they are those who share it that day.
CREATE OR REPLACE FUNCTION investors_consent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM loans_loan WHERE id = NEW.loan_id FOR UPDATE;
  IF NOT EXISTS (
      SELECT FROM loans_waiverproposal waiver
      JOIN loans_covenant covenant ON covenant.id = waiver.covenant_id
      WHERE waiver.id = NEW.waiver_id AND covenant.loan_id = NEW.loan_id
        AND NOT EXISTS (SELECT FROM loans_waiverdecision decision WHERE decision.proposal_id = waiver.id)
      UNION ALL
      SELECT FROM loans_proposal proposal
      WHERE proposal.id = NEW.proposal_id AND proposal.loan_id = NEW.loan_id
        AND NOT EXISTS (SELECT FROM loans_proposaldecision decision WHERE decision.proposal_id = proposal.id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW270',
      MESSAGE = format('Lenders are asked about something of loan %s that is decided, or of another loan.', NEW.loan_id);
  END IF;
  IF NOT EXISTS (
      SELECT FROM investors_participationset shares
      WHERE shares.id = NEW.participation_set_id AND shares.loan_id = NEW.loan_id AND shares.effective_on <= NEW.asked_on
        AND NOT EXISTS (
          SELECT FROM investors_participationset later
          WHERE later.loan_id = shares.loan_id AND later.id > shares.id
            AND (later.effective_on <= NEW.asked_on OR later.follows_id IS NULL))) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW270',
      MESSAGE = format('Participation set %s is not who shares loan %s on %s.',
        NEW.participation_set_id, NEW.loan_id, NEW.asked_on);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_consentasked;
CREATE TRIGGER guard BEFORE INSERT ON investors_consentasked FOR EACH ROW EXECUTE FUNCTION investors_consent_guard();

-- A lender that was asked answers on the business date, until the last day, and until the answers have decided: one answer
-- at a time, for each waits for the loan's row.
CREATE OR REPLACE FUNCTION investors_consent_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked investors_consentasked;
  stands record;
BEGIN
  SELECT * INTO asked FROM investors_consentasked WHERE id = NEW.consent_id;
  PERFORM FROM loans_loan WHERE id = asked.loan_id FOR UPDATE;
  IF NOT EXISTS (
      SELECT FROM investors_participation part
      WHERE part.participation_set_id = asked.participation_set_id AND part.investor_id = NEW.investor_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW271',
      MESSAGE = format('Investor %s was not asked for consent C-%s.', NEW.investor_id, NEW.consent_id);
  END IF;
  IF NEW.answered_on > asked.answer_by OR NOT EXISTS (
      SELECT FROM loans_loan loan JOIN ledger_book book ON book.id = loan.book_id
      WHERE loan.id = asked.loan_id AND book.business_date = NEW.answered_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW271',
      MESSAGE = format('Consent C-%s is answered on the business date, until %s.', NEW.consent_id, asked.answer_by);
  END IF;
  SELECT * INTO stands FROM investors_consent_count(NEW.consent_id);
  IF stands.yes * asked.above_of > stands.whole * asked.above_parts
      OR (stands.whole - stands.no) * asked.above_of <= stands.whole * asked.above_parts
      OR EXISTS (SELECT FROM loans_waiverdecision decision WHERE decision.proposal_id = asked.waiver_id)
      OR EXISTS (SELECT FROM loans_proposaldecision decision WHERE decision.proposal_id = asked.proposal_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW271', MESSAGE = format('Consent C-%s is decided.', NEW.consent_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_consentanswer;
CREATE TRIGGER guard BEFORE INSERT ON investors_consentanswer FOR EACH ROW
  EXECUTE FUNCTION investors_consent_answer_guard();

-- What lenders were asked about is approved once their majority is there.
CREATE OR REPLACE FUNCTION investors_lenders_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked investors_consentasked;
  stands record;
BEGIN
  IF TG_TABLE_NAME = 'loans_waiverdecision' THEN
    SELECT consent.* INTO asked FROM investors_consentasked consent WHERE consent.waiver_id = NEW.proposal_id;
  ELSE
    SELECT consent.* INTO asked FROM investors_consentasked consent WHERE consent.proposal_id = NEW.proposal_id;
  END IF;
  IF asked.id IS NULL THEN
    RETURN NEW;
  END IF;
  SELECT * INTO stands FROM investors_consent_count(asked.id);
  IF stands.yes * asked.above_of <= stands.whole * asked.above_parts THEN
    RAISE EXCEPTION USING ERRCODE = 'CW272',
      MESSAGE = format('The lenders have not agreed: consent C-%s stands at %s of %s.', asked.id, stands.yes, stands.whole);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS lenders_agreed ON loans_waiverdecision;
CREATE TRIGGER lenders_agreed BEFORE INSERT ON loans_waiverdecision FOR EACH ROW
  WHEN (NEW.approval_id IS NOT NULL) EXECUTE FUNCTION investors_lenders_agreed();

DROP TRIGGER IF EXISTS lenders_agreed ON loans_proposaldecision;
CREATE TRIGGER lenders_agreed BEFORE INSERT ON loans_proposaldecision FOR EACH ROW
  WHEN (NEW.decision = 'approved') EXECUTE FUNCTION investors_lenders_agreed();
