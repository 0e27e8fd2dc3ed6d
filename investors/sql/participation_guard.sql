-- Judges participations, a statement at a time: a set arrives whole, with as many rows as its head declares, and makes
-- exactly the principal of its terms. Nothing is ever added to a set that stands.
CREATE OR REPLACE FUNCTION investors_participation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bad record;
BEGIN
  SELECT * INTO bad
  FROM (
    SELECT loan.reference, shares.line_count, arrived.lines, arrived.amount, (terms.principal * 100)::bigint AS whole,
           (SELECT count(*) FROM investors_participation part WHERE part.participation_set_id = shares.id) AS standing
    FROM (SELECT participation_set_id, count(*) AS lines, sum(amount) AS amount
          FROM new_participations GROUP BY participation_set_id) arrived
    JOIN investors_participationset shares ON shares.id = arrived.participation_set_id
    JOIN loans_loanterms terms ON terms.id = shares.terms_id
    JOIN loans_loan loan ON loan.id = shares.loan_id
  ) judged
  WHERE lines <> line_count OR standing <> lines OR amount <> whole
  LIMIT 1;
  IF FOUND AND (bad.lines <> bad.line_count OR bad.standing <> bad.lines) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW201',
      MESSAGE = format('%s: %s participations arrived where %s were due in one statement; %s stand.',
                       bad.reference, bad.lines, bad.line_count, bad.standing);
  ELSIF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW202',
      MESSAGE = format('%s: the participations make %s minor units and not the %s of its terms.',
                       bad.reference, bad.amount, bad.whole);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_participation;
CREATE TRIGGER guard AFTER INSERT ON investors_participation REFERENCING NEW TABLE AS new_participations
  FOR EACH STATEMENT EXECUTE FUNCTION investors_participation_guard();
