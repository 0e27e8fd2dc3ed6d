-- At commit every set of participations has its rows: a head alone cannot stand.
CREATE OR REPLACE FUNCTION investors_participation_set_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM investors_participation WHERE participation_set_id = NEW.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW201',
      MESSAGE = format('Participation set %s has no participations. A set arrives whole or not at all.', NEW.id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS is_whole ON investors_participationset;
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON investors_participationset DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION investors_participation_set_is_whole();

-- Once anything of a loan was apportioned, no set takes the place of those that stand: parts change hands by a sale.
CREATE OR REPLACE FUNCTION investors_shares_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
      SELECT FROM loans_loan loan
      JOIN ledger_account account ON account.book_id = loan.book_id
        AND starts_with(account.code, '2410/' || loan.reference || '/')
      JOIN ledger_posting posting ON posting.account_id = account.id
      WHERE loan.id = NEW.loan_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW207',
      MESSAGE = format('Loan %s is shared already, so participation set %s cannot take the place of those that stand.',
        NEW.loan_id, NEW.id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS are_fixed ON investors_participationset;
CREATE TRIGGER are_fixed BEFORE INSERT ON investors_participationset FOR EACH ROW
  WHEN (NEW.follows_id IS NULL) EXECUTE FUNCTION investors_shares_are_fixed();
