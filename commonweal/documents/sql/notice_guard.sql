-- A notice tells an investor of a call or a distribution that two people approved and that changes something for it,
-- or of what a payout that two people approved pays it.
CREATE OR REPLACE FUNCTION documents_notice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'payout-notice' THEN
    IF NOT EXISTS (
        SELECT FROM investors_payoutline line
        JOIN investors_payout payout ON payout.id = line.payout_id AND payout.book_id = NEW.book_id
        JOIN investors_payoutdecision decision ON decision.payout_id = payout.id AND decision.outcome = 'approved'
        WHERE line.id = NEW.payout_line_id AND line.investor_id = NEW.investor_id
          AND payout.effective_on = NEW.period_start
          AND NOT EXISTS (SELECT FROM investors_payouttakenback back WHERE back.line_id = line.id)) THEN
      RAISE EXCEPTION USING ERRCODE = 'CW249',
        MESSAGE = format('Notice %s tells of no payout that was approved for its investor and stands.', NEW.number);
    END IF;
    RETURN NEW;
  END IF;
  IF NOT EXISTS (
      SELECT FROM investors_capitalact act
      JOIN investors_capitaldecision decision ON decision.act_id = act.id AND decision.outcome = 'approved'
      JOIN investors_capitalline line ON line.act_id = act.id AND line.investor_id = NEW.investor_id
      WHERE act.id = NEW.capital_act_id AND act.book_id = NEW.book_id AND act.effective_on = NEW.period_start
        AND NEW.kind = CASE act.kind WHEN 'call' THEN 'capital-call-notice'
                                     WHEN 'distribution' THEN 'distribution-notice' END) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW249',
      MESSAGE = format('Notice %s tells of no act that was approved for its investor.', NEW.number);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS notice ON documents_document;
CREATE TRIGGER notice BEFORE INSERT ON documents_document FOR EACH ROW
  WHEN (NEW.kind = 'capital-call-notice' OR NEW.kind = 'distribution-notice' OR NEW.kind = 'payout-notice')
  EXECUTE FUNCTION documents_notice_guard();
