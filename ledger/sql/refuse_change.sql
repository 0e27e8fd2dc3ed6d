-- Refuses UPDATE, DELETE and TRUNCATE on append-only tables, whoever asks.
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'CW001',
    MESSAGE = format('%s is append-only: %s is refused. What must change is another row.', TG_TABLE_NAME, TG_OP);
END
$$;
