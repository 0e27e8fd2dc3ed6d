INSERT INTO loans_loan
  (book_id, reference, organisation_id, product_id, moved_in_id, payment_reference, currency, approved_on,
   next_action_on)
SELECT book_id, 'IDLE-' || i, organisation_id, product_id, moved_in_id, 'IDLE-' || i, currency, approved_on,
       %(next)s::date + (i %% 28)::int
FROM generate_series(1, %(loans)s) AS i, loans_loan AS one
WHERE one.id = %(one)s;

INSERT INTO loans_standing
  (loan_id, effective_on, until, principal, interest_due, fees_due, default_interest_due, in_advance, unpaid_due,
   due_that_day, oldest_unpaid_due_on, drawn, written_off, annual_rate, is_suspended, restructured_on, matures_on)
SELECT loan.id, stands.effective_on, stands.until, stands.principal, 0, 0, 0, 0, 0, 0, NULL, stands.drawn, 0,
       stands.annual_rate, false, NULL, stands.matures_on
FROM loans_loan AS loan, loans_standing AS stands
WHERE loan.reference LIKE 'IDLE-%%' AND stands.loan_id = %(one)s AND stands.until = '9999-12-31';

ANALYZE;
