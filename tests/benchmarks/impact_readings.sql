INSERT INTO borrowers_organisation
  (name, legal_form, company_number, charity_number, society_number, address_line_1, address_line_2, place, postcode,
   region, sector, small_area_code)
SELECT 'Business ' || i, shop.legal_form, '', '', '', '', '', 'Place ' || i %% 300, '', 'Wales', '', ''
FROM generate_series(1, %(businesses)s) AS i, borrowers_organisation AS shop
WHERE shop.id = %(shop)s;

INSERT INTO loans_loan
  (book_id, reference, organisation_id, product_id, moved_in_id, payment_reference, currency, approved_on,
   next_action_on)
SELECT %(book)s, 'L-' || id, id, %(product)s, %(moved)s, 'IM-' || id, 'GBP', %(start)s, NULL
FROM borrowers_organisation
WHERE name LIKE 'Business %%';

INSERT INTO loans_standing
  (loan_id, effective_on, until, principal, interest_due, fees_due, default_interest_due, in_advance, unpaid_due,
   due_that_day, oldest_unpaid_due_on, drawn, written_off, annual_rate, is_suspended, restructured_on, matures_on)
SELECT id, %(start)s, '9999-12-31', 100000, 0, 0, 0, 0, 0, 0, NULL, 100000, 0, 0.06, false, NULL, %(end)s
FROM loans_loan;

INSERT INTO borrowers_accounts
  (organisation_id, period_start, period_end, kind, currency, total_debt, net_assets, recorded_by_id, reason)
SELECT organisation_id, %(start)s, %(end)s, 'annual', 'GBP', 3000, 2000, %(by)s, ''
FROM loans_loan;

INSERT INTO loans_impacttarget (loan_id, indicator_id, baseline, baseline_on, target, target_by, agreed_by_id)
SELECT loan.id, indicator.id, 1, %(start)s, 20, %(end)s, %(by)s
FROM loans_loan AS loan, borrowers_indicator AS indicator
WHERE indicator.code LIKE 'bench-%%';

INSERT INTO borrowers_reading
  (organisation_id, indicator_id, period_start, period_end, answer, value, is_same, evidence, grade, verifier, reason,
   recorded_by_id)
SELECT loan.organisation_id, indicator.id, (%(start)s::date + make_interval(months => month - 1))::date,
       (%(start)s::date + make_interval(months => month))::date, 'value', (loan.id + month) %% 40, false, '',
       (ARRAY['B', 'C', 'D'])[1 + loan.id %% 3], '', '', %(by)s
FROM loans_loan AS loan, borrowers_indicator AS indicator, generate_series(1, 12) AS month
WHERE indicator.code LIKE 'bench-%%';

ANALYZE;
