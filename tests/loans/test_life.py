"""A loan's life, event by event, in tables that a banker can read; and what holds for every event of any life.

£1,200.00 at 12% a year, which is 1% a month, over six months from 1 January 2026: either £200.00 of principal with each
instalment, or level instalments of £207.06.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.money import to_minor
from loans.domain.allocation import AllocationRule, Component, Instalments
from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.errors import EventRefused
from loans.domain.events import (
    Drawn,
    Event,
    FeeCharged,
    HolidayGranted,
    RateChanged,
    Recovered,
    Repaid,
    Restructured,
    Resumed,
    Reversed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeKind, FeeSettlement, ProductFee
from loans.domain.movements import Happening, Movement, total_of
from loans.domain.position import position
from loans.domain.replay import replay
from loans.domain.schedule import planned_schedule
from loans.domain.servicing import DefaultInterest, HolidayInterest, Prepayment, Servicing
from loans.domain.terms import Terms
from tests.loans.everyday_lives import lives
from tests.loans.tables import annuity, pounds, rows

EQUAL = Terms(
    principal=pounds("1200.00"),
    annual_rate=Decimal("0.12"),
    principal_due=Recurrence(date(2026, 2, 1)),
    instalments=6,
    amortisation=Amortisation.EQUAL_PRINCIPAL,
)
LEVEL = replace(EQUAL, amortisation=Amortisation.ANNUITY)
LENT = Drawn(date(2026, 1, 1), 1, pounds("1200.00"))


def on(day: str) -> date:
    """A day of 2026."""
    return date.fromisoformat(f"2026-{day}")


def paid(terms: Terms, number: int) -> list[Event]:
    """Drawn, and the first instalments paid on their days, recorded as 11, 12, …"""
    due = planned_schedule(terms)[:number]
    return [LENT, *(Repaid(row.due_on, 10 + row.no, row.total) for row in due)]


def late_terms(**changes: object) -> Terms:
    """0.1% a day on what is late."""
    return replace(EQUAL, servicing=Servicing(default_interest=DefaultInterest(Decimal("0.365"), **changes)))


def story(terms: Terms, events: Iterable[Event], days: str) -> list[list[str]]:
    """As of, principal, interest due, fees due, default interest due, in advance, arrears, days past due."""
    known, found = list(events), []
    for day in days.split():
        at = position(terms, known, on(day))
        owed = (at.principal_outstanding, at.interest_due, at.fees_due, at.default_interest_due)
        amounts = (*owed, at.in_advance, at.arrears)
        found.append([day, *(str(amount.amount) for amount in amounts), str(at.days_past_due)])
    return found


def plan(terms: Terms, events: Iterable[Event], day: str, first: int = 1) -> list[list[str]]:
    """No, due, principal, interest, principal after it: the instalments from a number on, as known on a day."""
    listed = [row.instalment for row in position(terms, events, on(day)).instalments]
    return [
        [str(row.no), f"{row.due_on:%m-%d}", *(str(part.amount) for part in (row.principal, row.interest, row.balance))]
        for row in listed
        if row.no >= first
    ]


class TestLateness:
    def test_with_default_interest_after_five_days_of_grace(self) -> None:
        """£200.00 of principal bears 20p a day from 6 February: £3.00 by the 21st, which is paid first."""
        life = [LENT, Repaid(on("02-21"), 2, pounds("250.00"))]
        assert story(late_terms(grace_days=5), life, "02-01 02-02 02-06 02-20 02-21 03-01 03-02") == rows("""
          # as of  principal  interest  fees  default  advance  arrears  days
            02-01    1200.00     12.00  0.00     0.00     0.00     0.00     0
            02-02    1200.00     12.00  0.00     0.00     0.00   212.00     1
            02-06    1200.00     12.00  0.00     0.00     0.00   212.00     5
            02-20    1200.00     12.00  0.00     0.00     0.00   212.00    19
            02-21    1000.00      0.00  0.00     0.00    35.00     0.00     0
            03-01     975.00      0.00  0.00     0.00     0.00     0.00     0
            03-02     975.00      0.00  0.00     0.00     0.00   175.00     1
        """)

    @pytest.mark.parametrize(
        ("day", "accrued"), [("02-06", "0.00"), ("02-07", "0.20"), ("02-20", "2.80"), ("02-28", "4.40")]
    )
    def test_default_interest_counts_every_day_after_the_grace(self, day: str, accrued: str) -> None:
        at = position(late_terms(grace_days=5), [LENT], on(day))
        assert at.default_interest_accrued == pounds(accrued)

    def test_it_is_charged_with_the_next_instalment_and_may_be_agreed_on_interest_too(self) -> None:
        """28 days of 21.2p on £212.00."""
        assert story(late_terms(on_interest=True), [LENT], "02-28 03-01 03-02") == rows("""
          # as of  principal  interest  fees  default  advance  arrears  days
            02-28    1200.00     12.00  0.00     0.00     0.00   212.00    27
            03-01    1200.00     22.00  0.00     5.94     0.00   212.00    28
            03-02    1200.00     22.00  0.00     5.94     0.00   427.94    29
        """)

    def test_the_schedule_itself_never_follows_lateness(self) -> None:
        assert plan(late_terms(), [LENT], "12-31") == plan(EQUAL, [LENT], "01-01")

    def test_money_pays_in_the_order_that_is_agreed(self) -> None:
        """All interest before any principal: £30.00 pays 12 and 10 of interest, and 8 of the first principal."""
        rule = AllocationRule((Component.INTEREST, Component.PRINCIPAL), Instalments.ACROSS)
        across = replace(EQUAL, servicing=Servicing(allocation=rule))
        life = [LENT, Repaid(on("03-01"), 2, pounds("30.00"))]
        at = position(across, life, on("03-01"))
        assert (at.interest_paid, at.principal_paid) == (pounds("22.00"), pounds("8.00"))
        at = position(EQUAL, life, on("03-01"))
        assert (at.interest_paid, at.principal_paid) == (pounds("12.00"), pounds("18.00"))


class TestFees:
    def test_a_fee_is_due_at_once_and_paid_first(self) -> None:
        life = [LENT, FeeCharged(on("01-10"), 2, pounds("30.00")), Repaid(on("02-01"), 3, pounds("212.00"))]
        assert story(EQUAL, life, "01-09 01-10 01-11 02-01 02-02") == rows("""
          # as of  principal  interest   fees  default  advance  arrears  days
            01-09    1200.00      0.00   0.00     0.00     0.00     0.00     0
            01-10    1200.00      0.00  30.00     0.00     0.00     0.00     0
            01-11    1200.00      0.00  30.00     0.00     0.00    30.00     1
            02-01    1030.00      0.00   0.00     0.00     0.00     0.00     0
            02-02    1030.00      0.00   0.00     0.00     0.00    30.00     1
        """)


class TestPennies:
    """£0.35 flat: six periods of a penny each are more than the whole term's interest, and the last gives one back."""

    @pytest.mark.parametrize("first", [Component.INTEREST, Component.PRINCIPAL])
    def test_what_the_last_interest_gives_back_is_taken_off_whatever_is_paid_first(self, first: Component) -> None:
        terms = Terms(
            principal=pounds("0.35"),
            annual_rate=Decimal("0.2058"),
            interest_due=Recurrence(date(2026, 2, 1)),
            instalments=6,
            amortisation=Amortisation.BULLET,
            interest_method=InterestMethod.FLAT,
            servicing=Servicing(allocation=AllocationRule((first,), Instalments.ACROSS)),
        )
        rows = planned_schedule(terms)
        assert rows[-1].interest == pounds("-0.01")
        lent = Drawn(on("01-01"), 1, pounds("0.35"))
        at = position(terms, [lent, *(Repaid(row.due_on, 10 + row.no, row.total) for row in rows)], on("12-31"))
        assert at.settled
        assert (at.interest_due, at.days_past_due, at.in_advance) == (pounds("0.00"), 0, pounds("0.00"))


class TestPrepayments:
    """£300.00 more than is due, on 1 March, when £807.93 has not fallen due."""

    def after(self, choice: Prepayment, day: str = "03-01") -> list[list[str]]:
        return plan(LEVEL, [*paid(LEVEL, 2), Repaid(on(day), 20, pounds("300.00"), choice)], day, first=3)

    def test_held_for_the_next_instalment_it_changes_no_plan(self) -> None:
        assert self.after(Prepayment.NEXT_INSTALMENT) == rows("""
          # no    due  principal  interest  after it
             3  04-01     198.98      8.08    608.95
             4  05-01     200.97      6.09    407.98
             5  06-01     202.98      4.08    205.00
             6  07-01     205.00      2.05      0.00
        """)

    def test_off_the_last_instalments_the_next_parts_stay(self) -> None:
        assert self.after(Prepayment.LAST_INSTALMENT) == rows("""
          # no    due  principal  interest  after it
             3  04-01     198.98      5.08    308.95
             4  05-01     200.97      3.09    107.98
             5  06-01     107.98      1.08      0.00
        """)

    def test_for_a_shorter_term_the_payment_stays(self) -> None:
        assert self.after(Prepayment.SHORTER_TERM) == rows("""
          # no    due  principal  interest  after it
             3  04-01     201.98      5.08    305.95
             4  05-01     204.00      3.06    101.95
             5  06-01     101.95      1.02      0.00
        """)

    def test_for_a_lower_payment_the_end_stays(self) -> None:
        assert self.after(Prepayment.LOWER_PAYMENT) == rows("""
          # no    due  principal  interest  after it
             3  04-01     125.09      5.08    382.84
             4  05-01     126.34      3.83    256.50
             5  06-01     127.61      2.56    128.89
             6  07-01     128.89      1.29      0.00
        """)

    def test_inside_a_month_interest_follows_the_days(self) -> None:
        """15 days on 807.93 and 15 on 507.93: 6.5793."""
        assert self.after(Prepayment.SHORTER_TERM, "03-16")[0] == ["3", "04-01", "200.48", "6.58", "307.45"]

    def test_what_is_agreed_holds_where_a_repayment_says_nothing(self) -> None:
        agreed = replace(LEVEL, servicing=Servicing(prepayment=Prepayment.LOWER_PAYMENT))
        silent, said = Repaid(on("03-01"), 20, pounds("300.00")), Prepayment.LOWER_PAYMENT
        assert plan(agreed, [*paid(LEVEL, 2), silent], "03-01", first=3) == self.after(said)

    def test_arrears_come_before_any_choice(self) -> None:
        at = position(LEVEL, [LENT, Repaid(on("02-01"), 2, pounds("200.00"), Prepayment.SHORTER_TERM)], on("02-01"))
        assert (at.interest_due, at.principal_outstanding, at.in_advance) == (
            pounds("0"),
            pounds("1012.00"),
            pounds("0"),
        )


class TestHolidays:
    """Two instalments without principal from 1 April on, when £800.00 has not fallen due."""

    def after(self, interest: HolidayInterest, *, extends: bool = False) -> list[list[str]]:
        granted = HolidayGranted(on("03-10"), 20, 2, interest, extends)
        return plan(EQUAL, [*paid(EQUAL, 2), granted], "03-10", first=3)

    def test_interest_is_paid(self) -> None:
        assert self.after(HolidayInterest.PAID) == rows("""
          # no    due  principal  interest  after it
             3  04-01       0.00      8.00    800.00
             4  05-01       0.00      8.00    800.00
             5  06-01     400.00      8.00    400.00
             6  07-01     400.00      4.00      0.00
        """)

    def test_interest_waits(self) -> None:
        assert self.after(HolidayInterest.DEFERRED) == rows("""
          # no    due  principal  interest  after it
             3  04-01       0.00      0.00    800.00
             4  05-01       0.00      0.00    800.00
             5  06-01     400.00     24.00    400.00
             6  07-01     400.00      4.00      0.00
        """)

    def test_interest_is_added_to_principal(self) -> None:
        assert self.after(HolidayInterest.CAPITALISED) == rows("""
          # no    due  principal  interest  after it
             3  04-01       0.00      0.00    808.00
             4  05-01       0.00      0.00    816.08
             5  06-01     408.04      8.16    408.04
             6  07-01     408.04      4.08      0.00
        """)

    def test_the_loan_ends_as_much_later(self) -> None:
        assert self.after(HolidayInterest.CAPITALISED, extends=True) == rows("""
          # no    due  principal  interest  after it
             3  04-01       0.00      0.00    808.00
             4  05-01       0.00      0.00    816.08
             5  06-01     204.02      8.16    612.06
             6  07-01     204.02      6.12    408.04
             7  08-01     204.02      4.08    204.02
             8  09-01     204.02      2.04      0.00
        """)

    def test_a_level_payment_is_solved_again(self) -> None:
        granted = HolidayGranted(on("03-10"), 20, 2, HolidayInterest.PAID)
        assert plan(LEVEL, [*paid(LEVEL, 2), granted], "03-10", first=3) == rows("""
          # no    due  principal  interest  after it
             3  04-01       0.00      8.08    807.93
             4  05-01       0.00      8.08    807.93
             5  06-01     401.95      8.08    405.98
             6  07-01     405.98      4.06      0.00
        """)

    def test_interest_that_waits_is_owed_though_not_due(self) -> None:
        granted = HolidayGranted(on("03-10"), 20, 2, HolidayInterest.DEFERRED)
        at = position(EQUAL, [*paid(EQUAL, 2), granted], on("04-16"))
        assert (at.interest_due, at.accrued_interest, at.settlement) == (pounds("0"), pounds("12.00"), pounds("812.00"))


class TestRestructures:
    new = Terms(
        principal=pounds("1.00"),
        annual_rate=Decimal("0.06"),
        principal_due=Recurrence(date(2026, 6, 1)),
        instalments=4,
        amortisation=Amortisation.EQUAL_PRINCIPAL,
    )
    life = (*paid(EQUAL, 2), FeeCharged(on("04-02"), 20, pounds("25.00")), Restructured(on("04-16"), 21, new))

    def test_principal_goes_on_and_the_rest_stays_due(self) -> None:
        assert story(EQUAL, self.life, "04-15 04-16 06-01 06-02") == rows("""
          # as of  principal  interest   fees  default  advance  arrears  days
            04-15     800.00      8.00  25.00     0.00     0.00   233.00    14
            04-16     800.00      8.00  25.00     0.00     0.00    33.00    15
            06-01     800.00     17.00  25.00     0.00     0.00    33.00    61
            06-02     800.00     17.00  25.00     0.00     0.00   242.00    62
        """)

    def test_what_had_accrued_falls_due_with_the_first_new_interest(self) -> None:
        """Fifteen days of 600 at 12% are 3.00; forty-five of 800 at 6% are 6.00."""
        assert plan(EQUAL, self.life, "04-16", first=4) == rows("""
          # no    due  principal  interest  after it
             4  06-01     200.00      9.00    600.00
             5  07-01     200.00      3.00    400.00
             6  08-01     200.00      2.00    200.00
             7  09-01     200.00      1.00      0.00
        """)


class TestWaivers:
    def test_what_is_waived_is_no_longer_asked_for(self) -> None:
        fee = FeeCharged(on("04-02"), 20, pounds("25.00"))
        interest = Waived(on("04-05"), 21, pounds("5.00"), Component.INTEREST)
        life = [*paid(EQUAL, 2), fee, interest, Waived(on("04-06"), 22, pounds("25.00"), Component.FEE)]
        assert story(EQUAL, life, "04-02 04-05 04-06") == rows("""
          # as of  principal  interest   fees  default  advance  arrears  days
            04-02     800.00      8.00  25.00     0.00     0.00   208.00     1
            04-05     800.00      3.00  25.00     0.00     0.00   228.00     4
            04-06     800.00      3.00   0.00     0.00     0.00   203.00     5
        """)

    def test_a_waived_fee_is_no_part_of_the_instalment_that_it_goes_with(self) -> None:
        fee, waived = (
            FeeCharged(on("03-05"), 20, pounds("25.00")),
            Waived(on("03-06"), 21, pounds("25.00"), Component.FEE),
        )
        at = position(EQUAL, [*paid(EQUAL, 2), fee, waived], on("03-06"))
        assert (at.instalments[1].paid_on, at.instalments[1].unpaid) == (on("03-01"), pounds("0.00"))

    @pytest.mark.parametrize(
        ("events", "status", "given_up"),
        [
            ([Waived(on("04-02"), 20, pounds("8.00"), Component.INTEREST)], "late", "8.00"),
            (
                [
                    Waived(on("04-02"), 20, pounds("8.00"), Component.INTEREST),
                    Repaid(on("04-03"), 21, pounds("200.00")),
                ],
                "part waived",
                "8.00",
            ),
            (
                [
                    Waived(on("04-02"), 20, pounds("8.00"), Component.INTEREST),
                    Waived(on("04-02"), 21, pounds("200.00"), Component.PRINCIPAL),
                ],
                "waived",
                "208.00",
            ),
            ([Repaid(on("04-03"), 21, pounds("50.00")), WrittenOff(on("04-04"), 22)], "part written off", "158.00"),
            ([WrittenOff(on("04-04"), 22)], "written off", "208.00"),
            ([Restructured(on("04-16"), 22, TestRestructures.new, capitalises=True)], "restructured", "208.00"),
            ([Repaid(on("04-03"), 21, pounds("208.00"))], "paid", "0.00"),
        ],
    )
    def test_an_instalment_that_nobody_paid_is_not_called_paid(
        self, events: list[Event], status: str, given_up: str
    ) -> None:
        row = position(EQUAL, [*paid(EQUAL, 2), *events], on("04-20")).instalments[2]
        assert (row.status, row.given_up) == (status, pounds(given_up))

    def test_more_than_is_due_is_refused(self) -> None:
        too_much = Waived(on("04-05"), 20, pounds("8.01"), Component.INTEREST)
        with pytest.raises(EventRefused, match=r"£8\.00 of it is due and unpaid"):
            position(EQUAL, [*paid(EQUAL, 2), too_much], on("04-05"))


class TestWriteOffs:
    def test_a_part_takes_what_is_late_first_and_lowers_what_comes(self) -> None:
        """£200.00 is late; £100.00 comes off the £600.00 to come, which then falls due in thirds."""
        life = [*paid(EQUAL, 2), WrittenOff(on("04-16"), 20, pounds("300.00"))]
        assert story(EQUAL, life, "04-15 04-16 05-01") == rows("""
          # as of  principal  interest  fees  default  advance  arrears  days
            04-15     800.00      8.00  0.00     0.00     0.00   208.00    14
            04-16     500.00      8.00  0.00     0.00     0.00     8.00    15
            05-01     500.00     13.50  0.00     0.00     0.00     8.00    30
        """)
        assert plan(EQUAL, life, "04-16", first=4) == rows("""
          # no    due  principal  interest  after it
             4  05-01     166.67      5.50    333.33
             5  06-01     166.67      3.33    166.66
             6  07-01     166.66      1.67      0.00
        """)

    def test_all_of_it_ends_the_loan_and_a_recovery_is_counted(self) -> None:
        fee, all_of_it = FeeCharged(on("04-02"), 20, pounds("25.00")), WrittenOff(on("04-16"), 21)
        life = [*paid(EQUAL, 2), fee, all_of_it, Recovered(on("06-01"), 22, pounds("150.00"))]
        assert story(EQUAL, life, "04-15 04-16 12-31") == rows("""
          # as of  principal  interest   fees  default  advance  arrears  days
            04-15     800.00      8.00  25.00     0.00     0.00   233.00    14
            04-16       0.00      0.00   0.00     0.00     0.00     0.00     0
            12-31       0.00      0.00   0.00     0.00     0.00     0.00     0
        """)
        at = position(EQUAL, life, on("12-31"))
        assert (at.written_off, at.recovered, at.settlement) == (pounds("800.00"), pounds("150.00"), pounds("0.00"))
        assert (at.settled, at.next_payment) == (False, None)

    def test_no_more_comes_back_than_was_lost(self) -> None:
        lost = WrittenOff(on("04-16"), 20, pounds("300.00"))
        back = [Recovered(on("06-01"), 21, pounds("200.00")), Recovered(on("06-02"), 22, pounds("100.01"))]
        with pytest.raises(EventRefused, match=r"£100\.00 was written off and has not come back"):
            position(EQUAL, [*paid(EQUAL, 2), lost, *back], on("12-31"))
        taken_back = [lost, back[0], Reversed(on("06-03"), 23, of=20)]
        with pytest.raises(EventRefused, match=r"£0\.00 was written off"):
            position(EQUAL, [*paid(EQUAL, 2), *taken_back], on("12-31"))

    def test_it_moves_the_books_once(self) -> None:
        told = replay(EQUAL, [*paid(EQUAL, 2), WrittenOff(on("04-16"), 20)], on("12-31")).movements
        assert [tuple(movement.moved) for movement in told if movement.kind is Happening.WRITTEN_OFF] == [
            (-80000, -800, 0, 0, 0, 0, 0, 0, 0)
        ]


# Non-accrual


class TestSuspense:
    """What is in suspense after each movement: interest, default interest."""

    def stands(self, terms: Terms, events: Iterable[Event]) -> list[tuple[str, int, int]]:
        told, total = replay(terms, events, on("12-31")).movements, [0, 0]
        found = []
        for movement in told:
            total = [total[0] + movement.moved.suspended, total[1] + movement.moved.default_suspended]
            if movement.moved.suspended or movement.moved.default_suspended:
                found.append((movement.name, *total))
        return found

    def test_interest_that_is_added_to_principal_stays_in_suspense_until_principal_falls_below_it(self) -> None:
        pause = HolidayGranted(on("02-02"), 13, 6, HolidayInterest.CAPITALISED)
        paid_down = Repaid(on("07-15"), 14, pounds("1250.00"))
        life = [LENT, Suspended(on("02-01"), 12), pause, paid_down]
        assert self.stands(EQUAL, life)[:2] == [("suspended:12", 1200, 0), ("capitalised:2", 1200 + 1000, 0)]
        assert [name for name, *_ in self.stands(EQUAL, life)][-1] == "repaid:14"
        principal = position(EQUAL, life, on("12-31")).principal_outstanding
        assert self.stands(EQUAL, life)[-1][1] == to_minor(principal.amount, "GBP") > 0

    def test_default_interest_has_a_suspense_of_its_own(self) -> None:
        life = [LENT, Suspended(on("02-11"), 12), Resumed(on("04-15"), 13)]
        assert self.stands(late_terms(), life)[:3] == [
            ("suspended:12", 1200, 0),
            (f"default:{on('03-01').toordinal()}", 1200, 560),
            ("due:2", 2200, 560),
        ]
        assert self.stands(late_terms(), life)[-1] == ("resumed:13", 0, 0)


# Fees


class TestSpreadAndAgreedFees:
    def later(self, terms: Terms, events: Iterable[Event], until: str = "12-31") -> int:
        """What of the spread fees is income later, after all that moved."""
        return total_of(replay(terms, events, on(until)).movements).not_earned

    def test_a_loan_that_is_prepaid_in_full_has_earned_its_fees(self) -> None:
        fee = FeeCharged(on("01-01"), 2, pounds("181.00"), FeeKind.ARRANGEMENT, earned_by=on("07-01"))
        all_at_once = Repaid(on("02-01"), 3, pounds("1393.00"), Prepayment.LOWER_PAYMENT)
        assert self.later(EQUAL, [LENT, fee], "02-01") == 15000
        assert self.later(EQUAL, [LENT, fee, all_at_once], "02-01") == 0

    def test_a_flat_loan_whose_principal_is_prepaid_still_asks_for_interest_and_earns_its_fees_with_it(self) -> None:
        flat = replace(LEVEL, interest_method=InterestMethod.FLAT)
        fee = FeeCharged(on("01-01"), 2, pounds("181.00"), FeeKind.ARRANGEMENT, earned_by=on("07-01"))
        life = [LENT, fee, Repaid(on("02-01"), 3, pounds("1212.00"), Prepayment.SHORTER_TERM)]
        assert self.later(flat, life, "02-28") == self.later(flat, life, "02-01") == 15000
        assert self.later(flat, life, "03-01") == 12200

    def test_a_fee_is_earned_by_the_end_of_the_loan_whatever_is_agreed(self) -> None:
        fee = FeeCharged(on("01-01"), 2, pounds("181.00"), FeeKind.ARRANGEMENT, earned_by=date(2027, 7, 1))
        assert self.later(EQUAL, [LENT, fee], "06-30") > 0
        assert self.later(EQUAL, [LENT, fee], "07-01") == 0

    def test_no_fee_is_added_to_the_principal_of_a_loan_that_is_over(self) -> None:
        fee = FeeCharged(on("07-02"), 20, pounds("10.00"), settlement=FeeSettlement.CAPITALISED)
        with pytest.raises(EventRefused, match="nothing of the loan is still to fall due"):
            position(EQUAL, [*paid(EQUAL, 6), fee], on("07-02"))

    def test_no_more_is_kept_back_than_is_drawn(self) -> None:
        kept_back = ProductFee(FeeKind.ARRANGEMENT, share=Decimal("0.02"), settlement=FeeSettlement.DEDUCTED)
        first = replace(LENT, amount=pounds("23.99"))
        with pytest.raises(EventRefused, match=r"£24\.00 is kept back from the first drawdown, which is £23\.99"):
            position(replace(EQUAL, fees=(kept_back,)), [first], on("01-01"))

    @pytest.mark.parametrize(
        ("fee", "why"),
        [
            (FeeCharged(on("02-02"), 9, pounds("10.00"), earned_by=on("02-01")), "cannot be earned by 1 February 2026"),
            (FeeCharged(on("02-02"), 9, pounds("1200.01")), r"more than the loan itself, which is of £1,200\.00"),
        ],
    )
    def test_a_fee_that_makes_no_sense_is_refused(self, fee: FeeCharged, why: str) -> None:
        with pytest.raises(EventRefused, match=why):
            position(EQUAL, [LENT, fee], on("02-02"))

    def test_new_terms_end_what_may_be_drawn(self) -> None:
        half = [replace(LENT, amount=pounds("600.00"))]
        anew = Restructured(on("02-02"), 2, replace(EQUAL, principal=pounds("600.00"), drawn_on=on("02-02")))
        assert position(EQUAL, half, on("02-02")).undrawn == pounds("600.00")
        assert position(EQUAL, [*half, anew], on("02-02")).undrawn == pounds("0.00")


# What holds for every event

EVENTS: tuple[Event, ...] = (
    Drawn(on("04-10"), 50, pounds("120.00")),
    *(Repaid(on("04-10"), 50, pounds("300.00"), choice) for choice in Prepayment),
    Repaid(on("04-10"), 50, pounds("2000.00"), settles=True),
    RateChanged(on("04-10"), 50, Decimal("0.24")),
    FeeCharged(on("04-10"), 50, pounds("25.00")),
    Waived(on("04-10"), 50, pounds("5.00"), Component.INTEREST),
    *(HolidayGranted(on("04-10"), 50, 2, interest, extends=True) for interest in HolidayInterest),
    Restructured(on("04-10"), 50, TestRestructures.new),
    WrittenOff(on("04-10"), 50, pounds("300.00")),
    WrittenOff(on("04-10"), 50),
    Recovered(on("04-10"), 50, pounds("10.00")),
)
LOST = WrittenOff(on("04-09"), 39, pounds("10.00"))
LATER = (LOST, Repaid(on("05-20"), 40, pounds("260.00")), FeeCharged(on("06-03"), 41, pounds("10.00")))
LAST = on("12-31")


def name_of(event: Event) -> str:
    """A word for each of the events."""
    detail = getattr(event, "prepayment", None) or getattr(event, "interest", "")
    return f"{type(event).__name__} {detail}".strip()


@pytest.mark.parametrize("terms", [late_terms(grace_days=5), LEVEL], ids=["equal principal", "annuity"])
@pytest.mark.parametrize("event", EVENTS, ids=name_of)
class TestEveryEvent:
    def test_it_makes_a_difference(self, terms: Terms, event: Event) -> None:
        known = [*paid(terms, 2), *LATER]
        assert position(terms, [*known, event], LAST) != position(terms, known, LAST)

    def test_its_reversal_restores_the_position_exactly(self, terms: Terms, event: Event) -> None:
        known = [*paid(terms, 2), *LATER]
        undone = [*known, event, Reversed(on("06-15"), 51, of=50)]
        assert position(terms, undone, on("06-14")) == position(terms, [*known, event], on("06-14"))
        for day in (on("06-15"), LAST):
            assert position(terms, undone, day) == position(terms, known, day)
            assert replay(terms, undone, day) == replay(terms, known, day)

    def test_known_late_it_counts_as_if_it_had_always_been_known(self, terms: Terms, event: Event) -> None:
        """Recorded last, or before everything that came after it."""
        recorded_late = replace(event, sequence=99)
        recorded_early = replace(event, sequence=13)
        known = [*paid(terms, 2), *LATER]
        late = position(terms, [*known, recorded_late], LAST)
        assert late == position(terms, [*known[:3], recorded_early, *known[3:]], LAST)
        assert late == position(terms, [recorded_late, *reversed(known)], LAST)


def units_of(movement: Movement) -> int:
    """What a movement takes off what is owed, with what it adds to the money held."""
    principal, interest, fees, default_interest, in_advance, *_ = movement.moved
    return in_advance - principal - interest - fees - default_interest


@given(lives(), st.integers(0, 1300))
def test_money_allocated_equals_money_received(life: tuple[Terms, list[Event]], after: int) -> None:
    terms, events = life
    as_of = terms.planned_drawn_on + timedelta(days=after)
    told = replay(terms, events, as_of).movements
    received = {e.sequence: to_minor(e.amount.amount, "GBP") for e in events if isinstance(e, Repaid)}
    for movement in told:
        if movement.kind is Happening.REPAID:
            assert units_of(movement) == received[movement.no]
        if movement.kind is Happening.ADVANCE_APPLIED:
            assert units_of(movement) == 0
    by_then = [e for e in events if isinstance(e, Repaid) and e.effective_on <= as_of]
    assert sum(movement.kind is Happening.REPAID for movement in told) == len(by_then)


@given(lives(), st.integers(0, 1300))
def test_the_movements_add_up_to_the_position_and_each_has_a_name_of_its_own(
    life: tuple[Terms, list[Event]], after: int
) -> None:
    terms, events = life
    as_of = terms.planned_drawn_on + timedelta(days=after)
    told, at = replay(terms, events, as_of).movements, position(terms, events, as_of)
    stands = (at.principal_outstanding, at.interest_due, at.fees_due, at.default_interest_due, at.in_advance)
    assert total_of(told)[:5] == tuple(to_minor(amount.amount, "GBP") for amount in stands)
    assert total_of(told).recovered == to_minor(at.recovered.amount, "GBP")
    assert len({movement.name for movement in told}) == len(told)


@given(lives(), st.integers(0, 1300), st.integers(1, 100))
def test_what_moved_by_a_day_is_the_same_however_far_the_life_is_told(
    life: tuple[Terms, list[Event]], after: int, further: int
) -> None:
    terms, events = life
    as_of = terms.planned_drawn_on + timedelta(days=after)
    told = replay(terms, events, as_of).movements
    longer = replay(terms, events, as_of + timedelta(days=further)).movements
    assert told == tuple(movement for movement in longer if movement.on <= as_of)


@given(lives(), st.randoms(), st.integers(0, 1300))
def test_the_order_of_arrival_does_not_matter(life: tuple[Terms, list[Event]], random, after: int) -> None:
    terms, events = life
    as_of = terms.planned_drawn_on + timedelta(days=after)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert position(terms, shuffled, as_of) == position(terms, events, as_of)


@given(lives(), st.data())
def test_a_reversal_of_anything_restores_any_life(life: tuple[Terms, list[Event]], data: st.DataObject) -> None:
    terms, events = life
    undone = data.draw(st.sampled_from(events))
    rest = [event for event in events if event is not undone]
    taken_back = [*events, Reversed(undone.effective_on, 60, of=undone.sequence)]
    as_of = undone.effective_on + timedelta(days=data.draw(st.integers(0, 1300)))
    assert position(terms, taken_back, as_of) == position(terms, rest, as_of)


@pytest.mark.parametrize(
    "more",
    [
        Drawn(date(2026, 3, 10), 9, pounds("10.00")),
        HolidayGranted(date(2026, 3, 10), 9, 2, extends=True),
    ],
)
def test_a_loan_that_has_ended_has_no_plan_to_change(more: Event) -> None:
    terms = annuity("1000.00", "12%", 6, "2026-02-01")
    ended = [Drawn(date(2026, 1, 1), 1, pounds("1000.00")), WrittenOff(date(2026, 3, 9), 2)]
    with pytest.raises(EventRefused, match="the loan ended on 9 March 2026"):
        position(terms, [*ended, more], date(2026, 3, 10))
    assert position(terms, [*ended, more, Reversed(date(2026, 3, 10), 10, of=2)], date(2026, 3, 10)).drawn


def test_a_commitment_fee_is_charged_with_the_last_instalment_too() -> None:
    """1.46% a year on £1,000.00 that is never drawn is 4p a day: 181 days from January to 1 July come to £7.24."""
    terms = replace(LEVEL, fees=(ProductFee(FeeKind.COMMITMENT, share=Decimal("0.0146")),))
    told = replay(terms, [Drawn(on("01-01"), 1, pounds("200.00"))], on("12-31"))
    fees = [one for one in told.movements if one.kind is Happening.COMMITMENT_FEE]
    assert [one.no for one in fees] == [1, 2, 3, 4, 5, 6]
    assert (total_of(fees).fees, fees[-1].on) == (724, on("07-01"))
