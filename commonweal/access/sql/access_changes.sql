-- What somebody could see, from when to when: the database itself notes each membership that is given, changed or ended,
-- whoever does it and however, so that nothing is lost when one ends. Who does it at the desk or by the API is told to it
-- for the transaction (commonweal/access/memberships.py).
DROP FUNCTION IF EXISTS access_note(jsonb, text);
CREATE FUNCTION access_note(kept jsonb, kind text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO access_accesschange (user_id, book_id, organisation_id, investor_id, role, kind, by_id)
  VALUES ((kept ->> 'user_id')::bigint, (kept ->> 'book_id')::bigint, (kept ->> 'organisation_id')::bigint,
    (kept ->> 'investor_id')::bigint, COALESCE(kept ->> 'role', 'acts'), kind,
    NULLIF(current_setting('commonweal.by', true), '')::bigint);
END $$;

CREATE OR REPLACE FUNCTION access_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
BEGIN
  IF before - 'role' = after - 'role' THEN
    PERFORM access_note(after, 'changed') WHERE before <> after;
    RETURN NULL;
  END IF;
  PERFORM access_note(before, 'ended') WHERE before IS NOT NULL;
  PERFORM access_note(after, 'given') WHERE after IS NOT NULL;
  RETURN NULL;
END $$;

DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['access_staffmembership', 'access_borrowermembership', 'access_investormembership'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER access_changes_noted AFTER INSERT OR UPDATE OR DELETE ON %I
      FOR EACH ROW EXECUTE FUNCTION access_note_change()', kept);
  END LOOP;
END $$;
