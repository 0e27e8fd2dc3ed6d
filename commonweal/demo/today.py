"""What waits at the desk on the story's Monday: somebody is worried, asks for a pause, and has sent its figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from moneyed import Money

from borrowers.domain.accounts import AccountsKind, AccountsSpan, Line
from borrowers.services.accounts import give_accounts
from commonweal.demo import story
from commonweal.demo.lives import Told
from commonweal.demo.neighbours import base_rate
from commonweal.jobs.close import bring_book_up_to_date
from commonweal.jobs.letters import daily_round, write_for_fund
from commonweal.letters.contacts import NextStep, log_contact
from commonweal.letters.kinds import ContactKind, Side, Worry
from commonweal.letters.messages import mark_read, write_message
from commonweal.letters.worries import tell_worry
from loans import services as lending
from loans.domain.allocation import Component
from loans.domain.covenants import CovenantKind
from loans.domain.events import HolidayGranted, Waived
from loans.domain.kept_files import KeptKind
from loans.domain.servicing import HolidayInterest
from loans.models import Loan, RequestKind
from loans.queries import loan_by_reference
from loans.services import CovenantAsked

QUARTERS = (
    (date(2026, 1, 1), date(2026, 4, 1), "33120.00", "29870.00", "5210.40"),
    (date(2026, 4, 1), date(2026, 7, 1), "35480.00", "31240.00", "4860.15"),
    (date(2026, 7, 1), date(2026, 10, 1), "31060.00", "30410.00", "4115.80"),
)
"""The bakery's quarters: first day, the day after the last, income, running costs, and cash at the end, in pounds."""


@transaction.atomic
def come_to_today(told: Told) -> None:
    """The last weeks of the story; again, it changes nothing."""
    bakery, pub, solar = (_loan(told, reference) for reference in ("L-0103", "L-0104", "L-0105"))
    if bakery.requests.exists():
        return
    bring_book_up_to_date(book=told.book, through=story.TODAY - timedelta(days=1), by=told.cast[story.AMINA])
    base_rate(told, date(2026, 12, 17), "0.0375")
    daily_round(book=told.book, by=told.cast[story.AMINA])
    _give_figures(told, bakery, solar)
    _talk(told, bakery)
    _ask_for_a_pause(told, bakery)
    _propose_a_waiver(told, pub)


def _give_figures(told: Told, bakery: Loan, solar: Loan) -> None:
    """What the covenants are worked out from, and the paper behind it."""
    bea, mina = told.cast[story.BEA], told.cast[story.MINA]
    for start, end, income, costs, cash in QUARTERS:
        figures = {Line.INCOME: Decimal(income), Line.COSTS: Decimal(costs), Line.CASH: Decimal(cash)}
        give_accounts(
            organisation=bakery.organisation,
            span=AccountsSpan(start, end),
            kind=AccountsKind.MANAGEMENT,
            currency="GBP",
            figures=figures,
            on=story.TODAY,
            by=bea,
        )
    lending.agree_covenant(
        loan=solar,
        asked=CovenantAsked(CovenantKind.DEBT_SERVICE_COVER, Decimal("1.1"), date(2026, 9, 30), every_months=12),
        on=date(2025, 4, 4),
        by=told.cast[story.TOM],
    )
    year = {
        Line.INCOME: Decimal("24310.00"),
        Line.COSTS: Decimal("3120.00"),
        Line.INTEREST: Decimal("3905.00"),
        Line.LOAN_REPAYMENTS: Decimal("11240.00"),
        Line.TOTAL_DEBT: Decimal("54300.00"),
        Line.NET_ASSETS: Decimal("61900.00"),
    }
    give_accounts(
        organisation=solar.organisation,
        span=AccountsSpan(date(2025, 10, 1), date(2026, 10, 1)),
        kind=AccountsKind.ANNUAL,
        currency="GBP",
        figures=year,
        on=story.TODAY,
        by=mina,
    )
    for loan, kind, name, content, by in (
        (bakery, KeptKind.ACCOUNTS, "bakery-july-to-september.csv", _as_csv(), bea),
        (
            solar,
            KeptKind.AGREEMENT,
            "roof-leases.txt",
            b"Three roofs are leased to the co-operative until 2050.\n",
            mina,
        ),
    ):
        lending.keep_file(
            book=told.book, organisation=loan.organisation, kind=kind, name=name, content=content, by=by, loan=loan
        )


def _as_csv() -> bytes:
    rows = ["Quarter from,Income,Running costs,Cash"]
    rows += [f"{start},{income},{costs},{cash}" for start, _, income, costs, cash in QUARTERS]
    return ("\n".join(rows) + "\n").encode()


def _talk(told: Told, bakery: Loan) -> None:
    """Bea says that she is worried, Priya has called, and Bea has answered since."""
    bea, priya, on = told.cast[story.BEA], told.cast[story.PRIYA], date(2026, 11, 18)
    words = "The mill raised its price, and the van is in the garage."
    worry = tell_worry(loan=bakery, worry=Worry.CANNOT, words=words, on=on, by=bea)
    mark_read(book=told.book, party=bakery.organisation, side=Side.FUND, by=priya)
    log_contact(
        loan=bakery,
        kind=ContactKind.CALL,
        on=date(2026, 11, 19),
        with_whom="Bea Marsh",
        said="The van is back next week. She will ask for a pause over Christmas, and send her figures.",
        next_step=NextStep("Look at the bakery's figures and its request", story.TODAY),
        settles=worry,
        by=priya,
    )
    answer = "Thank you for telling us, Bea. Ask for the pause in your portal, and we look at it on Monday."
    write_for_fund(book=told.book, party=bakery.organisation, text=answer, by=priya)
    mark_read(book=told.book, party=bakery.organisation, side=Side.BUSINESS, by=bea)
    text = "I have asked for it, and our figures to September are with you. Thank you!"
    write_message(book=told.book, party=bakery.organisation, side=Side.BUSINESS, text=text, by=bea)


def _ask_for_a_pause(told: Told, bakery: Loan) -> None:
    event = HolidayGranted(story.TODAY, 0, 3, HolidayInterest.PAID, extends=True)
    message = "Over Christmas we pay the mill for the new flour; from March the market is back."
    lending.ask(loan=bakery, kind=RequestKind.HOLIDAY, event=event, message=message, by=told.cast[story.BEA])


def _propose_a_waiver(told: Told, pub: Loan) -> None:
    """Priya proposes that the pub's late fee is waived; Tom or Amina decides."""
    fee = Waived(story.TODAY, 0, Money("25.00", "GBP"), Component.FEE)
    reason = "The brewery's invoice came twice; October's payment is promised for Friday"
    lending.propose(loan=pub, event=fee, reason=reason, by=told.cast[story.PRIYA])


def _loan(told: Told, reference: str) -> Loan:
    found = loan_by_reference(told.book, reference)
    if found is None:
        raise LookupError(f"the story's loan {reference} is missing; start again with an empty database")
    return found
