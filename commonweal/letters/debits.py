"""Telling payers what will be collected by Direct Debit: a notice is kept with the letter that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction
from moneyed import Money

from commonweal.access.models import User
from commonweal.letters.kinds import LetterKind
from commonweal.letters.models import Letter
from commonweal.letters.wording import Link
from commonweal.letters.writing import ToWrite, people_of, write
from ledger.domain.money import to_minor
from loans.debits import Standing, mandates, mandates_to_tell, notices_to_give, standing, standings
from loans.models import DebitNotice, Loan, Mandate
from loans.services import notify

if TYPE_CHECKING:
    from ledger.models import Book

LONGEST_HOLIDAY = timedelta(days=6)
"""Within so many days the banks open again."""

YOUR_DEBIT = Link("See what is collected when", "borrower:debit")


def tell_of_debits(book: Book, on: date, *, by: User | None = None) -> int:
    """Tell every payer who can be reached by e-mail what of the plan has to be told today; how many letters it wrote.

    Each payer is a transaction of its own; told again, nothing more is written. Who has no address is told by post, and
    waits on the desk's page until somebody says so.
    """
    found = notices_to_give(mandates_to_tell(book, on), on)
    return sum(len(_tell(one.mandate, on, by)) for one, _ in found if can_be_told(one.mandate.loan))


def can_be_told(loan: Loan) -> bool:
    """Whether somebody of the business has an address for e-mails."""
    return any(person.email for person in people_of(loan.organisation))


@transaction.atomic
def _tell(mandate: Mandate, on: date, by: User | None) -> list[Letter]:
    given = notify(mandate, on, by=by)
    return write_of_debits(standing(mandate, on), given) if given else []


def write_of_debits(found: Standing, given: Iterable[DebitNotice]) -> list[Letter]:
    """The letter that tells of some collections; nobody can switch it off."""
    notices = sorted(given, key=lambda one: one.collect_on)
    mandate, first = found.mandate, notices[0]
    groups = [(money, [one.collect_on for one in same]) for money, same in groupby(notices, key=lambda one: one.money)]
    facts = {
        "first": first,
        "is_one": len(notices) == 1,
        "groups": groups,
        "account": found.details.masked,
        "mandate": mandate,
        "notice": found.rules.period.words,
    }
    about = f"{mandate.reference} {first.collect_on} {first.amount}"
    one = ToWrite(
        book=mandate.book,
        about=about,
        kind=LetterKind.DEBIT,
        on=first.told_on,
        link=YOUR_DEBIT,
        facts=facts,
        loan=mandate.loan,
        useful_to=first.collect_on,
    )
    return write(one, people_of(mandate.loan.organisation))


@dataclass(frozen=True, slots=True)
class Collected:
    """What is collected of which loans, on which days and in minor units, as their payers were told."""

    told: Mapping[int, Sequence[tuple[date, int]]]

    def covers(self, loan: Loan, due_on: date, total: Money) -> bool:
        """Whether a payment is collected whole, so that nobody is asked to make it: on its day, or after a holiday."""
        minor = to_minor(total.amount, loan.currency)
        days = self.told.get(loan.pk, ())
        return any(due_on <= day <= due_on + LONGEST_HOLIDAY and amount >= minor for day, amount in days)


def collected_in(book: Book, on: date) -> Collected:
    """What is collected in a book after a day, while the mandates stand; the last notice of a day counts."""
    told = DebitNotice.objects.filter(mandate__book=book, collect_on__gt=on).order_by("pk")
    days: dict[int, dict[date, int]] = {}
    for mandate, day, amount in told.values_list("mandate_id", "collect_on", "amount"):
        days.setdefault(mandate, {})[day] = amount
    found = standings(mandates(book).filter(pk__in=days), on) if days else []
    return Collected({one.mandate.loan_id: list(days[one.mandate.pk].items()) for one in found if one.state.stands})
