-- What the statements of a run are, as one hash: kind, subject, number and file of each, one on a line.
CREATE OR REPLACE FUNCTION documents_run_sha256(wanted bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(
    string_agg(concat_ws(' ', kind, subject, number, file_id), E'\n' ORDER BY kind COLLATE "C", subject COLLATE "C"), ''),
    'UTF8')), 'hex')
  FROM documents_preparedstatement WHERE run_id = wanted
$$;

-- Nothing is added to a run that is decided.
CREATE OR REPLACE FUNCTION documents_prepared_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM documents_rundecision WHERE run_id = NEW.run_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW231', MESSAGE = format('Run S-%s is decided: nothing is added to it.', NEW.run_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON documents_preparedstatement;
CREATE TRIGGER guard BEFORE INSERT ON documents_preparedstatement FOR EACH ROW
  EXECUTE FUNCTION documents_prepared_guard();

-- A run is published whole, under an approval of exactly its files, by somebody who did not have it prepared.
CREATE OR REPLACE FUNCTION documents_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'published' AND NOT EXISTS (
      SELECT FROM documents_statementrun run
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE run.id = NEW.run_id AND approval.subject = 'statement-run:' || run.id
        AND approval.made_by_id = run.prepared_by_id AND approval.checked_by_id = NEW.decided_by_id
        AND approval.content_sha256 = NEW.content_sha256 AND NEW.content_sha256 = documents_run_sha256(run.id)
        AND jsonb_array_length(run.planned) = (SELECT count(*) FROM documents_preparedstatement WHERE run_id = run.id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW232',
      MESSAGE = format('Run S-%s is not approved whole by a second person as it was shown.', NEW.run_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON documents_rundecision;
CREATE TRIGGER guard BEFORE INSERT ON documents_rundecision FOR EACH ROW EXECUTE FUNCTION documents_decision_guard();

-- At commit all that a published run made is issued: nobody sees any of it before all of it.
CREATE OR REPLACE FUNCTION documents_published_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM documents_preparedstatement made WHERE made.run_id = NEW.run_id AND made.stands_id IS NULL
             AND NOT EXISTS (SELECT FROM documents_document WHERE prepared_id = made.id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW233', MESSAGE = format('Run S-%s is published in part.', NEW.run_id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS together ON documents_rundecision;
CREATE CONSTRAINT TRIGGER together AFTER INSERT ON documents_rundecision DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.outcome = 'published') EXECUTE FUNCTION documents_published_together();

-- A statement is what a published run prepared, in every column, and replaces none that knew the same: the same entries,
-- under books closed or not, and the same that borrowers had said.
CREATE OR REPLACE FUNCTION documents_statement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM documents_preparedstatement made
      JOIN documents_statementrun run ON run.id = made.run_id
      JOIN documents_rundecision decision ON decision.run_id = run.id AND decision.outcome = 'published'
      WHERE made.id = NEW.prepared_id AND made.stands_id IS NULL
        AND (made.kind, made.subject, made.number, made.revision, made.file_id, made.size, made.renderer)
          = (NEW.kind, NEW.subject, NEW.number, NEW.revision, NEW.file_id, NEW.size, NEW.renderer)
        AND (made.organisation_id, made.investor_id, made.replaces_id)
          IS NOT DISTINCT FROM (NEW.organisation_id, NEW.investor_id, NEW.replaces_id)
        AND (run.book_id, run.period_start, run.period_end, run.status, run.seal, run.said_sha256, run.issued_on)
          = (NEW.book_id, NEW.period_start, NEW.period_end, NEW.status, NEW.seal, NEW.said_sha256, NEW.issued_on)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW234',
      MESSAGE = format('Statement %s is not as a published run prepared it.', NEW.number);
  END IF;
  IF EXISTS (SELECT FROM documents_document standing WHERE standing.id = NEW.replaces_id
             AND (standing.status, standing.seal, standing.said_sha256) = (NEW.status, NEW.seal, NEW.said_sha256)) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW234',
      MESSAGE = format('Statement %s knows no more than the one that it would replace.', NEW.number);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON documents_document;
CREATE TRIGGER guard BEFORE INSERT ON documents_document FOR EACH ROW
  WHEN (NEW.kind = 'loan-statement' OR NEW.kind = 'investor-statement' OR NEW.kind = 'facility-statement'
        OR NEW.kind = 'impact-statement')
  EXECUTE FUNCTION documents_statement_guard();
