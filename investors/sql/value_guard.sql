-- What one unit of an outcome is worth counts exactly as it was proposed, under an approval that names its proposer and
-- whose second person is the one who decided; two never count at once for one indicator of a book. Who decides holds the
-- book, so two at once wait for each other.
CREATE OR REPLACE FUNCTION investors_value_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome = 'approved' AND NOT EXISTS (
      SELECT FROM investors_valueproxy given
      JOIN ledger_approval approval ON approval.id = NEW.approval_id
      WHERE given.id = NEW.proxy_id AND approval.subject = 'value-proxy:' || given.id
        AND approval.content_sha256 = given.content_sha256 AND approval.made_by_id = given.proposed_by_id
        AND approval.checked_by_id = NEW.decided_by_id
        AND given.content_sha256 = encode(sha256(convert_to(concat_ws(E'\n', given.book_id, given.indicator_id,
          given.amount, given.currency, given.source, to_char(given.as_of, 'YYYY-MM-DD'),
          to_char(given.valid_from, 'YYYY-MM-DD'), coalesce(to_char(given.valid_to, 'YYYY-MM-DD'), 'open'),
          given.deadweight, given.others, given.displacement, given.drop_off), 'UTF8')), 'hex')
        AND NOT EXISTS (
          SELECT FROM investors_valueproxydecision decided
          JOIN investors_valueproxy other ON other.id = decided.proxy_id
          WHERE decided.outcome = 'approved' AND other.book_id = given.book_id
            AND other.indicator_id = given.indicator_id
            AND daterange(other.valid_from, other.valid_to) && daterange(given.valid_from, given.valid_to))) THEN
    RAISE EXCEPTION USING ERRCODE = 'CW256',
      MESSAGE = format('Proxy %s is not approved by a second person as it was proposed, or another counts then.',
        NEW.proxy_id);
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard ON investors_valueproxydecision;
CREATE TRIGGER guard BEFORE INSERT ON investors_valueproxydecision FOR EACH ROW
  EXECUTE FUNCTION investors_value_guard();
