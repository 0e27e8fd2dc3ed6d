-- A notice tells an investor of a call or a distribution that two people approved and that changes something for it.
CREATE OR REPLACE FUNCTION documents_notice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
  WHEN (NEW.kind = 'capital-call-notice' OR NEW.kind = 'distribution-notice')
  EXECUTE FUNCTION documents_notice_guard();
