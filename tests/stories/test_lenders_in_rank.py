"""A bank at £3.25m and a social investor at £725k, subordinated and without principal for four years, share one loan.

The bank sells a part half-way through a month, and a repayment of the days before that becomes known later.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.services import register_organisation
from borrowers.services.organisations import Address
from commonweal.access.models import User
from investors.checks import CHECKS
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation, SharingRule
from investors.domain.sale import PaidHow
from investors.models import Investor, ParticipationTransfer
from investors.queries import holdings, known_since, movements, principal_sold
from investors.services import apportion, approve_transfer, propose_transfer, register_investor, set_participations
from ledger.models import Book
from loans.domain.servicing import Prepayment
from loans.models import Loan
from loans.queries import asked_terms_sha256, position_of
from loans.services import (
    Asked,
    HowRepaid,
    apply,
    approve,
    bring_up_to_date,
    draw_down,
    offer_product,
    record_repayment,
    submit,
)
from tests.builders import make_book, make_user, pounds

pytestmark = pytest.mark.django_db

LENT_ON, END = date(2025, 5, 1), date(2031, 5, 2)
FOUR_YEARS = date(2029, 5, 1)
WHOLE = "3975000.00"
NAMES = {
    "BANK": ("Northmoor Regional Bank", InvestorKind.REGIONAL_BANK),
    "SOC": ("Tideway Social Trust", InvestorKind.SOCIAL_INVESTOR),
    "OAK": ("Oak Foundation", InvestorKind.FOUNDATION),
}


class Life:
    """The book, its people, and the loan as it is told."""

    def __init__(self) -> None:
        self.book: Book = make_book(today=END)
        self.priya, self.tom = make_user(name="Priya Nair"), make_user(name="Tom Ashworth")
        self.lenders: dict[str, Investor] = {
            code: register_investor(code=code, name=name, kind=kind) for code, (name, kind) in NAMES.items()
        }
        self.loan: Loan = _lend(self.book, self.priya, self.tom)
        self.paid_until = LENT_ON

    def share(self) -> None:
        """Apportion, and look at every rule."""
        apportion(loan=self.loan, by=self.tom)
        assert [finding for check in CHECKS for finding in check(self.book)] == []

    def pay_until(self, day: date) -> None:
        """Every instalment that falls due by a day is paid on its day."""
        while (due := position_of(self.loan, self.paid_until).next_payment) and due.due_on <= day:
            bring_up_to_date(loan=self.loan, on=due.due_on, by=self.tom)
            self.repay(due.total, due.due_on)
            self.paid_until = due.due_on

    def repay(self, amount: Money, on: date, how: HowRepaid | None = None) -> None:
        """Money of the business."""
        given = {"amount": amount, "on": on, "bank_account": "MAIN", "key": f"paid:{on}"}
        record_repayment(loan=self.loan, by=self.tom, how=how or HowRepaid(), **given)

    def principal(self, on: date) -> dict[str, str]:
        """What each lender has outstanding."""
        found = [(code, holdings(lender, self.book, on)) for code, lender in self.lenders.items()]
        return {code: f"{held[0].principal.amount:,.2f}" for code, held in found if held}

    def sell(self, amount: str, on: date) -> ParticipationTransfer:
        """The bank sells a part to the foundation, proposed by one and approved by another."""
        made = propose_transfer(
            loan=self.loan,
            seller=self.lenders["BANK"],
            buyer=self.lenders["OAK"],
            amount=pounds(amount),
            on=on,
            paid_how=PaidHow.DIRECTLY,
            reason="The bank’s limit for one borrower",
            by=self.priya,
        )
        approve_transfer(transfer=made, shown_sha256=made.content_sha256, by=self.tom)
        return ParticipationTransfer.objects.get(pk=made.pk)


def _lend(book: Book, priya: User, tom: User) -> Loan:
    organisation = register_organisation(
        name="Netherby Homes",
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society="8123"),
        address=Address(place="Netherby", region=Region.NORTH_WEST),
    )
    product = offer_product(
        book=book,
        code="housing",
        name="Community housing loan",
        amounts=(pounds("100000.00"), pounds("5000000.00")),
        months=(12, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix="HH",
    )
    asked = Asked(pounds(WHOLE), Decimal("0.06"), 72, date(2025, 6, 1))
    made = apply(
        product=product, organisation=organisation, asked=asked, purpose="Homes", on=date(2025, 4, 2), by=priya
    )
    made = submit(application=made, on=date(2025, 4, 2), by=priya)
    loan = approve(application=made, shown_sha256=asked_terms_sha256(made), on=date(2025, 4, 3), by=tom)
    parts = (
        Participation("BANK", 1, pounds("3250000.00"), annual_rate=Decimal("0.055"), servicing_fee=Decimal("0.0025")),
        Participation("SOC", 2, pounds("725000.00"), annual_rate=Decimal("0.07"), principal_from=FOUR_YEARS),
    )
    given = {"effective_on": LENT_ON, "participations": parts, "rule": SharingRule.RANKED}
    set_participations(loan=loan, by=tom, **given)
    draw_down(loan=loan, amount=pounds(WHOLE), on=LENT_ON, by=tom, key="drawn")
    return loan


def test_a_bank_and_a_subordinated_lender_share_a_loan_over_its_life() -> None:
    life = Life()
    life.pay_until(date(2027, 7, 1))
    life.share()
    before = life.principal(date(2027, 7, 1))
    assert before["SOC"] == "725,000.00", "it waits for its principal"

    sale = life.sell("1250000.00", date(2027, 7, 16))
    life.share()
    after = life.principal(date(2027, 7, 16))
    bank = Decimal(before["BANK"].replace(",", ""))
    assert sale.principal_money.amount == round(bank * 1250 / 3250, 2)
    assert (after["SOC"], after["OAK"]) == ("725,000.00", f"{sale.principal_money.amount:,.2f}")

    life.repay(pounds("100000.00"), date(2027, 7, 9), HowRepaid(Prepayment.LOWER_PAYMENT))
    life.share()
    assert principal_sold(sale).amount == round((bank - 100000) * 1250 / 3250, 2)
    assert "less than the £" in known_since(sale)

    life.pay_until(date(2029, 4, 30))
    life.share()
    assert life.principal(date(2029, 4, 30))["SOC"] == "725,000.00"
    life.pay_until(END)
    life.share()
    assert position_of(life.loan, END).settled
    assert life.principal(END) == {"BANK": "0.00", "SOC": "0.00", "OAK": "0.00"}
    for code, lender in life.lenders.items():
        (moved,) = movements(lender, life.book, LENT_ON, END)
        assert moved.interest_earned == moved.interest_received, code
        assert moved.closing == pounds("0.00")
        assert moved.returned == moved.funded + moved.bought
