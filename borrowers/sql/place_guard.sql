-- Judges places of benefit, a statement at a time: a set arrives whole, with as many places as its head declares, and
-- they make the whole. Nothing is ever added to a set that stands.
CREATE OR REPLACE FUNCTION borrowers_place_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bad record;
BEGIN
  SELECT * INTO bad
  FROM (
    SELECT head.id, head.line_count, arrived.lines, arrived.percent,
           (SELECT count(*) FROM borrowers_benefitplace place WHERE place.place_set_id = head.id) AS standing
    FROM (SELECT place_set_id, count(*) AS lines, sum(percent) AS percent FROM new_places GROUP BY place_set_id) arrived
    JOIN borrowers_placeset head ON head.id = arrived.place_set_id
  ) judged
  WHERE lines <> line_count OR standing <> lines OR percent <> 100
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW305',
      MESSAGE = format('Place set %s: %s places arrived where %s were due in one statement, %s stand, and they make %s per cent.',
                       bad.id, bad.lines, bad.line_count, bad.standing, bad.percent);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON borrowers_benefitplace;
CREATE TRIGGER guard AFTER INSERT ON borrowers_benefitplace REFERENCING NEW TABLE AS new_places
  FOR EACH STATEMENT EXECUTE FUNCTION borrowers_place_guard();
