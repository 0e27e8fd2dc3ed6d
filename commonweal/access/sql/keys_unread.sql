-- Who only reads the books reads no key to anybody's account: not the sessions, since whoever has the key of one is that
-- person, and not the hashes of passwords. Roles that may also write, the app alone, keep what they have.
DO $$
DECLARE
  reader text;
BEGIN
  FOR reader IN
    SELECT quote_ident(pg_get_userbyid(given.grantee)) FROM pg_class, aclexplode(relacl) given
    WHERE oid = 'access_user'::regclass AND given.grantee <> relowner AND given.grantee <> 0
    GROUP BY given.grantee HAVING bool_and(given.privilege_type = 'SELECT')
  LOOP
    EXECUTE format('REVOKE SELECT ON django_session, access_user FROM %s', reader);
    EXECUTE format('GRANT SELECT (id, email, name, is_active, last_login) ON access_user TO %s', reader);
  END LOOP;
END $$;
