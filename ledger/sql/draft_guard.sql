-- A manual journal that waits is what its maker prepared: it arrives open and without an approval, with all its postings
-- in one statement, and never changes. It is withdrawn by
-- somebody, or posted under an approval that names its maker and has its
-- entry; after that nothing of it moves, so that what was posted stays beside who prepared it.
CREATE OR REPLACE FUNCTION ledger_draft_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' OR NEW.approval_id IS NOT NULL OR NEW.withdrawn_by_id IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'CW016', MESSAGE = format('Journal J-%s does not begin by waiting.', NEW.id);
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - '{state,approval_id,withdrawn_by_id}'::text[])
    <> (to_jsonb(OLD) - '{state,approval_id,withdrawn_by_id}'::text[]) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW001',
      MESSAGE = format('Journal J-%s: only its state, its approval and who withdrew it can change.', OLD.id);
  ELSIF OLD.state <> 'open' THEN
    RAISE EXCEPTION USING ERRCODE = 'CW016', MESSAGE = format('Journal J-%s is %s already.', OLD.id, OLD.state);
  ELSIF NEW.state = 'posted' AND NOT EXISTS (
      SELECT FROM ledger_approval approval JOIN ledger_journalentry entry ON entry.approval_id = approval.id
      WHERE approval.id = NEW.approval_id AND approval.subject = 'journal:' || NEW.id
        AND approval.made_by_id = NEW.made_by_id AND entry.book_id = NEW.book_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW016',
      MESSAGE = format('Journal J-%s has no entry under an approval of what its maker prepared.', OLD.id);
  ELSIF NEW.state NOT IN ('open', 'posted', 'withdrawn') OR (NEW.state <> 'posted' AND NEW.approval_id IS NOT NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW016',
      MESSAGE = format('Journal J-%s is posted under an approval or withdrawn without one.', OLD.id);
  ELSIF (NEW.state = 'withdrawn') <> (NEW.withdrawn_by_id IS NOT NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW016',
      MESSAGE = format('Journal J-%s is withdrawn by somebody, and by nobody while it is not.', OLD.id);
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ledger_draft_posting_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bad record;
BEGIN
  SELECT arrived.draft_id INTO bad
  FROM (SELECT draft_id, count(*) AS lines FROM new_postings GROUP BY draft_id) arrived
  JOIN ledger_journaldraft draft ON draft.id = arrived.draft_id
  WHERE draft.state <> 'open'
    OR arrived.lines <> (SELECT count(*) FROM ledger_draftposting standing WHERE standing.draft_id = draft.id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CW016',
      MESSAGE = format('Journal J-%s stands: nothing is added to it.', bad.draft_id);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guard ON ledger_journaldraft;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON ledger_journaldraft
  FOR EACH ROW EXECUTE FUNCTION ledger_draft_guard();
DROP TRIGGER IF EXISTS guard ON ledger_draftposting;
CREATE TRIGGER guard AFTER INSERT ON ledger_draftposting REFERENCING NEW TABLE AS new_postings
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_draft_posting_guard();
