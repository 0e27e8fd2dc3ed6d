"""What ends a loan: the three methods of a flat loan, the parts of a quote; and paying the figure leaves nothing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.events import Drawn, Event, FeeCharged, Repaid, Reversed
from loans.domain.position import Position, position
from loans.domain.quote import settlement_quote
from loans.domain.rounding import Rounding
from loans.domain.schedule import planned_schedule
from loans.domain.servicing import DefaultInterest, FlatSettlement, Prepayment, Servicing
from loans.domain.terms import Terms
from tests.loans.everyday_lives import lives
from tests.loans.tables import ENGLAND, pounds, rows

NOTHING = pounds("0.00")
AFTER_24 = date(2026, 1, 1)


def flat_loan(method: FlatSettlement = FlatSettlement.ACTUARIAL, **changes: object) -> Terms:
    """£50,000.00 at 4.2% flat over 60 months, first due on 1 February 2024."""
    terms = Terms(
        principal=pounds("50000.00"),
        annual_rate=Decimal("0.042"),
        principal_due=Recurrence(date(2024, 2, 1)),
        instalments=60,
        interest_method=InterestMethod.FLAT,
        servicing=Servicing(flat_settlement=method),
    )
    return replace(terms, **changes)


def paid_to(terms: Terms, until: date) -> list[Event]:
    """Drawn on the first day, and every instalment until a day paid when it was due."""
    due = [row for row in planned_schedule(terms) if row.due_on <= until]
    return [
        Drawn(terms.planned_drawn_on, 1, terms.principal),
        *(Repaid(row.due_on, row.no + 1, row.total) for row in due),
    ]


def figures(until: date, on: date, **changes: object) -> list[list[str]]:
    """By each method: principal, interest and the figure, to the penny."""
    found = []
    for method in FlatSettlement:
        terms = flat_loan(method, **changes)
        quote = settlement_quote(terms, paid_to(terms, until), on)
        parts = (quote.principal, quote.accrued_interest, quote.total)
        assert quote.method is method
        found.append([method.name, *(str(part.amount.quantize(Decimal("0.01"))) for part in parts)])
    return found


class TestFlatLoans:
    def test_the_published_figures_where_nothing_is_rounded(self) -> None:
        """£32,286.78, £32,478.69 and £36,300.00 are those of 60 instalments of £1,008.33⅓."""
        assert figures(AFTER_24, AFTER_24, rounding=Rounding(None)) == rows("""
          # method      principal  interest     total
          ACTUARIAL      30000.00   2286.78  32286.78
          RULE_OF_78     30000.00   2478.69  32478.69
          NO_REBATE      30000.00   6300.00  36300.00
        """)

    def test_a_loan_of_whole_pennies_still_owes_the_pennies_that_its_last_instalment_takes(self) -> None:
        """24 × £1,008.33 leave 8p more than two fifths of £60,500.00 do, and the last instalment is £1,008.53."""
        assert figures(AFTER_24, AFTER_24) == rows("""
          # method      principal  interest     total
          ACTUARIAL      30000.08   2286.76  32286.84
          RULE_OF_78     30000.08   2478.69  32478.77
          NO_REBATE      30000.08   6300.00  36300.08
        """)

    def test_a_period_that_has_begun_is_used_up_by_the_rule_of_78_and_counts_by_its_days_otherwise(self) -> None:
        assert figures(AFTER_24, date(2026, 1, 2)) == rows("""
          # method      principal  interest     total
          ACTUARIAL      30000.08   2293.51  32293.59
          RULE_OF_78     30000.08   2685.25  32685.33
          NO_REBATE      30000.08   6300.00  36300.08
        """)

    def test_on_the_first_day_only_no_rebate_asks_for_interest(self) -> None:
        first = flat_loan().planned_drawn_on
        assert figures(first, first) == rows("""
          # method      principal  interest     total
          ACTUARIAL      50000.00      0.00  50000.00
          RULE_OF_78     50000.00      0.00  50000.00
          NO_REBATE      50000.00  10500.00  60500.00
        """)

    @pytest.mark.parametrize("method", FlatSettlement)
    def test_after_the_last_instalment_nothing_is_asked_for(self, method: FlatSettlement) -> None:
        terms = flat_loan(method)
        assert settlement_quote(terms, paid_to(terms, date(2029, 1, 1)), date(2029, 1, 1)).total == NOTHING

    @pytest.mark.parametrize("method", FlatSettlement)
    def test_a_settled_loan_asks_for_nothing_more(self, method: FlatSettlement) -> None:
        terms = flat_loan(method)
        life = paid_to(terms, AFTER_24)
        figure = settlement_quote(terms, life, AFTER_24).total
        at = position(terms, [*life, Repaid(AFTER_24, 99, figure, settles=True)], date(2030, 1, 1))
        assert_nothing_is_left(at)
        assert len(at.instalments) == 25


class TestTheQuote:
    terms = Terms(
        principal=pounds("12000.00"),
        annual_rate=Decimal("0.06"),
        principal_due=Recurrence(date(2026, 2, 1)),
        instalments=12,
        amortisation=Amortisation.EQUAL_PRINCIPAL,
        servicing=Servicing(default_interest=DefaultInterest(Decimal("0.0365"))),
    )
    lent = Drawn(date(2026, 1, 1), 1, pounds("12000.00"))

    def test_every_part_has_its_line(self) -> None:
        """Two instalments are late; £25.00 was charged; on 11 March ten days of the third month have passed."""
        quote = settlement_quote(
            self.terms, [self.lent, FeeCharged(date(2026, 3, 5), 2, pounds("25.00"))], date(2026, 3, 11)
        )
        assert quote.principal == pounds("12000.00")
        assert quote.interest_due == pounds("115.00"), "60.00 of January and 55.00 of February"
        assert quote.accrued_interest == pounds("16.67"), "10,000 × 6% × 10/360"
        assert quote.fees == pounds("25.00")
        assert quote.default_interest == pounds("4.80"), "0.10 a day on each £1,000.00: 38 and 10 days"
        assert (quote.in_advance, quote.method) == (NOTHING, None)
        assert quote.total == pounds("12161.47")

    def test_money_in_advance_is_taken_off(self) -> None:
        quote = settlement_quote(
            self.terms, [self.lent, Repaid(date(2026, 1, 16), 2, pounds("500.00"))], date(2026, 1, 16)
        )
        assert (quote.accrued_interest, quote.in_advance) == (pounds("30.00"), pounds("500.00"))
        assert quote.total == pounds("11530.00")

    def test_more_money_in_advance_than_is_owed_leaves_nothing_to_pay(self) -> None:
        life = [self.lent, Repaid(date(2026, 1, 16), 2, pounds("12500.00"))]
        assert settlement_quote(self.terms, life, date(2026, 1, 16)).total == NOTHING

    def test_interest_on_principal_that_was_prepaid_whole_is_still_owed(self) -> None:
        life = [self.lent, Repaid(date(2026, 1, 16), 2, pounds("12000.00"), Prepayment.SHORTER_TERM)]
        quote = settlement_quote(self.terms, life, date(2026, 1, 16))
        assert (quote.principal, quote.accrued_interest, quote.total) == (NOTHING, pounds("30.00"), pounds("30.00"))

    def test_what_waits_for_a_shifted_day_falls_due_with_the_rest(self) -> None:
        """1 February 2026 is a Sunday: settled on it, the instalment of that day is not put off to Monday."""
        terms, on = replace(self.terms, business_days=ENGLAND), date(2026, 2, 1)
        quote = settlement_quote(terms, [self.lent], on)
        assert (quote.interest_due, quote.accrued_interest) == (NOTHING, pounds("60.00"))
        at = position(terms, [self.lent, Repaid(on, 2, quote.total, settles=True)], on)
        assert_nothing_is_left(at)
        assert [row.instalment.due_on for row in at.instalments] == [on, on]

    def test_before_the_first_drawdown_nothing_is_owed(self) -> None:
        quote = settlement_quote(flat_loan(), [], date(2026, 1, 16))
        assert (quote.principal, quote.total) == (NOTHING, NOTHING)

    def test_a_penny_less_than_the_figure_does_not_settle(self) -> None:
        on = date(2026, 1, 16)
        at = position(self.terms, [self.lent, Repaid(on, 2, pounds("12029.99"), settles=True)], on)
        assert (at.principal_outstanding, at.in_advance) == (pounds("12000.00"), pounds("12029.99"))
        assert at.settlement == pounds("0.01")


def assert_nothing_is_left(at: Position) -> None:
    """No claim, no principal, nothing held, nothing accruing, nothing to come."""
    still = (at.principal_outstanding, at.interest_due, at.fees_due, at.default_interest_due, at.in_advance)
    assert {*still, at.accrued_interest, at.default_interest_accrued, at.arrears, at.settlement} == {NOTHING}
    assert (at.days_past_due, at.next_payment, at.owed_in_all, at.payments_left) == (0, None, NOTHING, 0)


@given(lives(), st.integers(0, 1200), st.integers(0, 2000))
def test_the_figure_of_any_day_paid_on_that_day_leaves_nothing_for_ever(
    life: tuple[Terms, list[Event]], after: int, later: int
) -> None:
    terms, events = life
    on = terms.planned_drawn_on + timedelta(days=after)
    by_then = [event for event in events if event.effective_on <= on]
    figure = settlement_quote(terms, by_then, on).total
    assume(figure.amount)
    settled = [*by_then, Repaid(on, 50, figure, settles=True)]
    assert_nothing_is_left(position(terms, settled, on))
    assert_nothing_is_left(position(terms, settled, on + timedelta(days=later)))


@given(lives(), st.integers(0, 1200))
def test_a_quote_is_the_sum_of_its_parts_and_taken_back_leaves_no_trace(
    life: tuple[Terms, list[Event]], after: int
) -> None:
    terms, events = life
    on = terms.planned_drawn_on + timedelta(days=after)
    quote = settlement_quote(terms, events, on)
    parts = (quote.principal, quote.interest_due, quote.accrued_interest, quote.fees, quote.default_interest)
    assert quote.total == max(sum(parts, NOTHING) - quote.in_advance, NOTHING)
    assert min((quote.principal, quote.interest_due, quote.fees, quote.default_interest)) >= NOTHING
    gives_back = terms.interest_method is InterestMethod.FLAT  # a last penny, where tiny periods charged too much
    assert quote.accrued_interest >= NOTHING or gives_back
    taken_back = [Repaid(on, 50, quote.total, settles=True), Reversed(on, 51, of=50)]
    assert settlement_quote(terms, [*events, *taken_back], on) == quote
