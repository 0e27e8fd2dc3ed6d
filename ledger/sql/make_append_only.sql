-- Makes a table append-only: everybody but its owner loses UPDATE, DELETE, TRUNCATE and TRIGGER, and a statement
-- trigger refuses them besides. Columns named in `updatable` keep a column grant for those who had UPDATE.
CREATE OR REPLACE FUNCTION ledger_make_append_only(target regclass, updatable text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  grantee record;
BEGIN
  FOR grantee IN
    SELECT DISTINCT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END AS name,
           bool_or(acl.privilege_type = 'UPDATE') AS could_update
    FROM pg_class, aclexplode(relacl) acl
    WHERE oid = target AND acl.grantee <> relowner
    GROUP BY acl.grantee
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON %s FROM %s', target, grantee.name);
    IF grantee.could_update AND updatable <> '{}' THEN
      EXECUTE format('GRANT UPDATE (%s) ON %s TO %s', (SELECT string_agg(quote_ident(c), ', ') FROM unnest(updatable) c),
                     target, grantee.name);
    END IF;
  END LOOP;
  EXECUTE format('DROP TRIGGER IF EXISTS append_only ON %s', target);
  EXECUTE format('CREATE TRIGGER append_only BEFORE %s ON %s FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()',
                 CASE WHEN updatable = '{}' THEN 'UPDATE OR DELETE OR TRUNCATE' ELSE 'DELETE OR TRUNCATE' END, target);
END
$$;

-- Takes INSERT as well: such a table is written by triggers of the database alone.
CREATE OR REPLACE FUNCTION ledger_make_derived(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  grantee text;
BEGIN
  PERFORM ledger_make_append_only(target);
  FOR grantee IN
    SELECT DISTINCT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END
    FROM pg_class, aclexplode(relacl) acl
    WHERE oid = target AND acl.grantee <> relowner
  LOOP
    EXECUTE format('REVOKE INSERT ON %s FROM %s', target, grantee);
  END LOOP;
END
$$;
