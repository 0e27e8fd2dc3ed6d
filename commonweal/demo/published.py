"""What the fund says of itself in public: a value of its own for an hour given, and its deals and a grant as open data.

Tom proposes and Amina agrees; the grant goes out on the story's today, so the bank's line for it is still to come.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from moneyed import Money

from borrowers.domain.outcomes import Use
from borrowers.services import say_consents
from commonweal.demo import story
from commonweal.demo.lives import Told
from commonweal.open_data.publishing import publish, releases
from commonweal.open_data.shapes import Standard
from investors.domain.value import Deductions, Proxy
from investors.queries.value import value_proxies
from investors.services.value import ProxyTerms, approve_proxy, propose_proxy
from ledger import services as books
from loans.grants import grants_of
from loans.models import Loan
from loans.services.grants import award_grant, record_grant_payment

HOUR = ProxyTerms(
    "volunteer-hours",
    Proxy(
        Money("12.60", "GBP"),
        "What the four businesses pay for an hour of the same work; our own survey of April 2026",
        date(2026, 4, 1),
        Deductions(
            deadweight=Decimal("0.30"), others=Decimal("0.10"), displacement=Decimal("0.05"), drop_off=Decimal(1)
        ),
    ),
    valid_from=date(2026, 4, 1),
)
"""Three hours in ten would have been given anyway; an hour given is gone with its year."""

GRANTED = Money("1200.00", "GBP")
ON_ITS_WAY = "GRANTS"


def say_worth(told: Told) -> None:
    """What an hour is said to be worth, agreed by two people; again, it changes nothing."""
    if value_proxies(told.book).exists():
        return
    made = propose_proxy(book=told.book, terms=HOUR, by=told.cast[story.TOM])
    approve_proxy(proxy=made, shown_sha256=made.content_sha256, by=told.cast[story.AMINA])


def grant_beside(told: Told, loan: Loan) -> None:
    """A grant for the meters beside the loan for the roofs, paid by a journal of two people; again, nothing."""
    if grants_of(loan).exists():
        return
    book, priya, amina = told.book, told.cast[story.PRIYA], told.cast[story.AMINA]
    grant = award_grant(
        loan=loan,
        title="Meters that everybody can read",
        description="A display in the brewery yard that shows what the three roofs make, and a year of readings",
        amount=GRANTED,
        awarded_on=date(2026, 11, 16),
        on=story.TODAY,
        by=priya,
    )
    account = books.open_account(book=book, node="1020", subject=ON_ITS_WAY, on=story.TODAY, name="grants")
    letter = f"Please pay {GRANTED} to {loan.organisation} for the meters, as awarded on 16 November 2026."
    draft = books.draft_journal(
        book=book,
        on=story.TODAY,
        narrative=f"Grant for the meters, {loan.organisation}",
        lines=[books.DraftLine("5070", GRANTED), books.DraftLine(account.code, -GRANTED)],
        attachment=books.keep_attachment(name="award-of-16-november.txt", content=letter.encode(), by=amina),
        by=amina,
    )
    posted = books.post_draft(draft=draft, shown_sha256=books.draft_sha256(draft), by=told.cast[story.TOM])
    record_grant_payment(grant=grant, entry=posted.entry_ids[0], by=priya)


def publish_open_data(told: Told, bakery: Loan) -> None:
    """The deals of those who agreed, and the grant; Tom publishes both. Again, it changes nothing."""
    if releases(told.book).exists():
        return
    agreed = {Use.OPEN_DATA: True}
    say_consents(organisation=bakery.organisation, given=agreed, on=date(2026, 10, 30), by=told.cast[story.BEA])
    for standard in Standard:
        publish(book=told.book, standard=standard, as_of=story.TODAY, by=told.cast[story.TOM])
