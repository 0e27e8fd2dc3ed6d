"""Two neighbours in trouble: a bakery that gets new terms and needs more help, and a laundrette that closes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.services.organisations import Address, Business
from commonweal.demo import story
from commonweal.demo.lives import Act, ByHand, Life, Told, agreed
from commonweal.jobs.servicing import act_on, recover_from_bank_line
from investors.services import apportion
from loans import services as lending
from loans.domain.covenants import CovenantKind
from loans.domain.events import FeeCharged, Happened, Restructured, Resumed, Suspended, WrittenOff
from loans.domain.fees import FeeKind
from loans.domain.guarantee import SchemeTerms
from loans.domain.offer import Brings
from loans.domain.provision import Stage
from loans.domain.reschedule import rescheduled
from loans.domain.servicing import DefaultInterest, Servicing
from loans.losses import loss_accounts
from loans.models import Loan, Product
from loans.queries import position_of, products, terms_of
from loans.services import Asked, CovenantAsked, More

if TYPE_CHECKING:
    from ledger.models import BankStatementLine

SET_ASIDE = ("0.005", "0.02", "0.10", "0.25", "0.50", "0.75")
"""The fund's percentages, from nothing late to non-accrual."""

NEW_TERMS_ON = date(2026, 1, 15)
CLOSED_ON = date(2026, 2, 5)


def trading_loan(told: Told) -> Product:
    """For businesses that trade every day: 8% on principal that is more than a week late."""
    late = Servicing(default_interest=DefaultInterest(Decimal("0.08"), grace_days=7))
    found: Product | None = products(told.book).filter(code="trading").first()
    return found or lending.offer_product(
        book=told.book,
        code="trading",
        name="Trading loan",
        amounts=(Money("1000.00", "GBP"), Money("50000.00", "GBP")),
        months=(6, 60),
        annual_rate=story.RATE,
        payment_prefix="HH",
        more=More(brings=Brings(servicing=late)),
    )


def start_up_loan(told: Told) -> Product:
    """For businesses that open, under a guarantee."""
    return lending.offer_product(
        book=told.book,
        code="start-up",
        name="Start-up loan",
        amounts=(Money("5000.00", "GBP"), Money("75000.00", "GBP")),
        months=(12, 72),
        annual_rate=Decimal("0.065"),
        payment_prefix="HH",
    )


def _records(event: Happened) -> tuple[date, Act]:
    """What one person may do."""
    on, key = event.effective_on, f"demo:{type(event).__name__}:{event.effective_on}"
    return on, lambda told, loan: act_on(loan=loan, event=event, by=told.cast[story.AMINA], key=key)


def _four_more_years(loan: Loan) -> Restructured:
    """What is late becomes principal, and all of it is spread over four years."""
    at = position_of(loan, NEW_TERMS_ON)
    terms = rescheduled(
        terms_of(loan, as_of=NEW_TERMS_ON), at, capitalises=True, instalments=48, first_due_on=date(2026, 2, 20)
    )
    return Restructured(NEW_TERMS_ON, 0, terms, capitalises=True)


def _figures_are_agreed(told: Told, loan: Loan) -> None:
    """With the new terms comes a promise about cash and income, looked at each quarter."""
    for kind, threshold in ((CovenantKind.MINIMUM_CASH, "4000.00"), (CovenantKind.MINIMUM_INCOME, "30000.00")):
        asked = CovenantAsked(kind, Decimal(threshold), date(2026, 3, 31), over_months=3)
        lending.agree_covenant(
            loan=loan, asked=asked, on=NEW_TERMS_ON, by=told.cast[story.TOM], reason="Agreed with the new terms"
        )


def _under_a_guarantee(told: Told, loan: Loan) -> None:
    """A made-up scheme stands for 70% of principal."""
    book, tom, on = told.book, told.cast[story.TOM], date(2025, 5, 12)
    lending.set_provision_rule(
        book=book,
        percentages={stage: Decimal(share) for stage, share in zip(Stage, SET_ASIDE, strict=True)},
        on=on,
        reason="The board's policy of 2025",
        by=tom,
    )
    terms = SchemeTerms(
        date(2025, 1, 1),
        None,
        share=Decimal("0.70"),
        recovery_share=Decimal("0.70"),
        least=Money("25001.00", "GBP"),
        most=Money("2000000.00", "GBP"),
        max_months=72,
        claim_after_days=90,
    )
    scheme = lending.enter_scheme(
        book=book, code="start-up", name="Start-up guarantee (made up)", terms=terms, source="The demo", by=tom
    )
    priya = told.cast[story.PRIYA]
    lending.certify(loan=loan, parameters=scheme, reference="SUG-0106", on=on, by=priya)


def _guarantor_is_asked(told: Told, loan: Loan) -> None:
    on, reason = date(2025, 12, 4), "It closed in August and will not open again"
    proposal = lending.propose_claim(loan=loan, on=on, reason=reason, by=told.cast[story.PRIYA])
    lending.approve_claim(proposal=proposal, shown_sha256=proposal.content_sha256, by=told.cast[story.TOM])
    apportion(loan=loan, by=told.cast[story.AMINA])


def _guarantor_pays(told: Told, loan: Loan, line: BankStatementLine) -> None:
    lending.record_claim_paid(loan=loan, line=line, amount=_claimed(loan), by=told.cast[story.AMINA])


def _recovers(told: Told, loan: Loan, line: BankStatementLine) -> None:
    recover_from_bank_line(loan=loan, line=line, by=told.cast[story.AMINA])


def _pays_over(told: Told, loan: Loan, line: BankStatementLine) -> None:
    lending.pay_over(loan=loan, line=line, amount=GUARANTOR_S, by=told.cast[story.AMINA])


def _claimed(loan: Loan) -> Money:
    return loss_accounts(loan)["receivable"]


MACHINES = Money("5000.00", "GBP")
GUARANTOR_S = Money("3500.00", "GBP")
"""What the machines fetched, and the guarantor's 70% of it."""

BAKERY = Life(
    reference="L-0103",
    business=Business(
        "Ovens of Otterby",
        LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        RegisteredNumbers(society="8207"),
        Address("Otterby", Region.NORTH_WEST, "2 Mill Lane", "", "CA13 0XX"),
    ),
    sector=Sector.FOOD,
    person=story.BEA,
    product=trading_loan,
    asked=Asked(Money("24000.00", "GBP"), story.RATE, 36, date(2025, 6, 20)),
    purpose="A second oven and a van",
    because="Bread sells out by ten; the second oven is the difference.",
    agreed_on=date(2025, 4, 2),
    draws={date(2025, 5, 20): Money("24000.00", "GBP")},
    on_time=((date(2025, 6, 1), date(2025, 8, 31)), (date(2026, 2, 1), date(2026, 9, 30))),
    paid={date(2025, 10, 24): Money("300.00", "GBP"), date(2026, 10, 23): Money("200.00", "GBP")},
    acts=(
        _records(FeeCharged(date(2025, 10, 14), 0, Money("25.00", "GBP"), kind=FeeKind.LATE)),
        _records(Suspended(date(2025, 12, 19), 0)),
        (NEW_TERMS_ON, agreed(_four_more_years, "The new oven is paid, and orders are back")),
        (NEW_TERMS_ON, _figures_are_agreed),
        _records(Resumed(date(2026, 5, 14), 0)),
    ),
)

LAUNDRETTE = Life(
    reference="L-0106",
    business=Business(
        "Soap & Sixpence",
        LegalForm.CIC,
        RegisteredNumbers(company="99004410"),
        Address("Maryport", Region.NORTH_WEST, "31 Senhouse Street", "", "CA15 6XX"),
    ),
    sector=Sector.OTHER,
    product=start_up_loan,
    asked=Asked(Money("40000.00", "GBP"), Decimal("0.065"), 60, date(2025, 6, 10)),
    purpose="Machines and a lease",
    because="New, and guaranteed for seven tenths.",
    agreed_on=date(2025, 4, 8),
    draws={date(2025, 5, 12): Money("40000.00", "GBP")},
    on_time=((date(2025, 6, 1), date(2025, 7, 31)),),
    acts=(
        (date(2025, 5, 12), _under_a_guarantee),
        _records(Suspended(date(2025, 11, 14), 0)),
        (date(2025, 12, 4), _guarantor_is_asked),
        (
            CLOSED_ON,
            agreed(lambda loan: WrittenOff(CLOSED_ON, 0), "Dissolved; nothing is left to sell but the machines"),
        ),
    ),
    by_hand=(
        ByHand(date(2026, 1, 20), _claimed, "SUG-0106 claim", _guarantor_pays),
        ByHand(date(2026, 4, 15), lambda loan: MACHINES, "machines sold", _recovers),
        ByHand(date(2026, 4, 30), lambda loan: -GUARANTOR_S, "SUG-0106 share", _pays_over),
    ),
)
