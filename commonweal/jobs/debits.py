"""Direct Debits across the parts: what comes back is shared among lenders, and who stops one is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.letters import ask_to_send
from commonweal.letters.contacts import NextStep, log_contact
from commonweal.letters.debits import can_be_told, write_of_debits
from commonweal.letters.kinds import ContactKind
from investors.services import apportion
from loans.debit_advices import read_advices
from loans.debits import standing
from loans.models import DebitLine, DebitNotice, DebitOutcome, Mandate, MandateChange
from loans.services import (
    CameBack,
    Followed,
    change_mandate,
    follow_advices,
    give_notice,
    notify,
    take_collection_back,
)

if TYPE_CHECKING:
    from datetime import date

    from moneyed import Money

    from ledger.models import Book


@transaction.atomic
def take_back(*, line: DebitLine, back: CameBack, by: User) -> DebitOutcome:
    """Record that a collection came back, with its lenders' side. Raises what `take_collection_back` raises."""
    outcome = take_collection_back(line=line, back=back, by=by)
    apportion(loan=line.mandate.loan, by=by)
    return outcome


@transaction.atomic
def bring_in_advices(*, book: Book, content: bytes, by: User) -> Followed:
    """Do what a bank's file reports, with the lenders' side. Raises what `read_advices` and `follow_advices` raise."""
    followed = follow_advices(book=book, file=read_advices(content), by=by)
    for outcome in followed.back:
        apportion(loan=outcome.line.mandate.loan, by=by)
    return followed


@transaction.atomic
def tell_of_one(*, mandate: Mandate, collect_on: date, amount: Money, by: User) -> DebitNotice:
    """Tell a payer of one collection, by e-mail where somebody can be reached. Raises what `give_notice` raises."""
    book = mandate.book
    given = give_notice(mandate=mandate, collect_on=collect_on, amount=amount, on=book.business_date, by=by)
    if write_of_debits(standing(mandate, book.business_date), [given]):
        ask_to_send(book=book, by=by)
    return given


@transaction.atomic
def tell_of_plan(*, mandate: Mandate, by: User) -> list[DebitNotice]:
    """Tell a payer of all that has to be told today: by e-mail, or where nobody has an address it was posted."""
    book = mandate.book
    given = notify(mandate, book.business_date, by=by)
    if given and can_be_told(mandate.loan):
        write_of_debits(standing(mandate, book.business_date), given)
        ask_to_send(book=book, by=by)
    return given


@transaction.atomic
def stop_mandate(*, mandate: Mandate, words: str, by: User) -> MandateChange:
    """The payer stops a Direct Debit: it ends at once, and the fund is to agree on another way of paying.

    Raises what `change_mandate` raises.
    """
    on = mandate.book.business_date
    before = standing(mandate, on).cancelled
    if before is not None:
        return before
    stopped = change_mandate(
        mandate=mandate,
        change=MandateChange.Change.CANCELLED,
        who=MandateChange.Who.PAYER,
        on=on,
        words=words.strip() or "Stopped in the portal",
        by=by,
    )
    log_contact(
        loan=mandate.loan,
        kind=ContactKind.MESSAGE,
        on=on,
        said=f"The business stopped the Direct Debit {mandate}. {words.strip()}".strip(),
        next_step=NextStep(f"Agree with {mandate.loan.organisation} how to pay", on),
        by=by,
    )
    return stopped
