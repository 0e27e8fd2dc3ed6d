-- What was answered under an idempotency key is never changed, and stays for a week at least: a caller who repeats a
-- request within that time gets the first answer, whatever somebody asks to be forgotten.
CREATE OR REPLACE FUNCTION api_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.answered_at < now() - interval '7 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'CW001',
    MESSAGE = format('An answer given to a request is never changed and stays for 7 days: %s is refused.', TG_OP);
END
$$;

DROP TRIGGER IF EXISTS append_only ON api_idempotentanswer;
DROP TRIGGER IF EXISTS answer_stays ON api_idempotentanswer;
CREATE TRIGGER answer_stays BEFORE DELETE ON api_idempotentanswer FOR EACH ROW EXECUTE FUNCTION api_answer_stays();
DROP TRIGGER IF EXISTS answers_stay ON api_idempotentanswer;
CREATE TRIGGER answers_stay BEFORE UPDATE OR TRUNCATE ON api_idempotentanswer
  FOR EACH STATEMENT EXECUTE FUNCTION api_answer_stays();

-- Whoever may add answers may remove those that are old enough.
DO $$
DECLARE
  grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT quote_ident(pg_get_userbyid(acl.grantee))
    FROM pg_class, aclexplode(relacl) acl
    WHERE oid = 'api_idempotentanswer'::regclass AND acl.grantee NOT IN (0, relowner) AND acl.privilege_type = 'INSERT'
  LOOP
    EXECUTE format('GRANT DELETE ON api_idempotentanswer TO %s', grantee);
  END LOOP;
END
$$;
