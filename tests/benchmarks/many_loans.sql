INSERT INTO borrowers_organisation
  (name, legal_form, company_number, charity_number, society_number, address_line_1, address_line_2, place, postcode,
   region, sector, small_area_code)
SELECT 'Business ' || i, shop.legal_form, '', '', '', '', '', 'Place ' || i %% 300, '',
       (ARRAY['Wales', 'Scotland', 'London', 'North East', 'South West'])[1 + i %% 5],
       (ARRAY['shop', 'pub', 'energy', 'housing', 'arts', 'food', 'care', ''])[1 + i %% 8], ''
FROM generate_series(1, 5000) AS i, borrowers_organisation AS shop
WHERE shop.id = %(shop)s;

CREATE TEMPORARY TABLE business AS
SELECT id, row_number() OVER (ORDER BY id) AS place FROM borrowers_organisation WHERE name LIKE 'Business %%';

INSERT INTO loans_loan
  (book_id, reference, organisation_id, product_id, moved_in_id, payment_reference, currency, approved_on,
   next_action_on)
SELECT %(book)s, 'L-' || i, business.id, %(product)s, %(moved)s, 'MA-' || i, 'GBP', %(first)s::date + i %% 700, NULL
FROM generate_series(1, %(loans)s) AS i
JOIN business ON business.place = 1 + i %% 5000;

INSERT INTO loans_standing
  (loan_id, effective_on, until, principal, interest_due, fees_due, default_interest_due, in_advance, unpaid_due,
   due_that_day, oldest_unpaid_due_on, drawn, written_off, annual_rate, is_suspended, restructured_on, matures_on)
SELECT id, stood_on, coalesce(lead(stood_on) OVER (PARTITION BY id ORDER BY stood_on), '9999-12-31'),
       3600000 - 90000 * month, 0, 0, 0, 0, late * 90000, 0,
       CASE WHEN late > 0 THEN stood_on - 15 * late END, 3600000, 0, 0.06, false,
       CASE WHEN id %% 50 = 0 THEN approved_on END, approved_on + 1096
FROM (
  SELECT id, approved_on, month, (approved_on + make_interval(months => month))::date AS stood_on,
         CASE WHEN id %% 10 = 0 THEN month %% 8 ELSE 0 END AS late
  FROM loans_loan, generate_series(0, %(months)s - 1) AS month
  WHERE book_id = %(book)s
) AS rows
WHERE stood_on <= %(today)s;

INSERT INTO loans_plannedinstalment (loan_id, due_on, since, until, principal, interest)
SELECT id, (approved_on + make_interval(months => month))::date, approved_on, '9999-12-31', 100000, 18000 - 500 * month
FROM loans_loan, generate_series(1, %(months)s) AS month
WHERE book_id = %(book)s
