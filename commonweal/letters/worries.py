"""“I am worried about paying”: a message to the fund, a line in the contact log, and a task for somebody tomorrow."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from commonweal.access.models import User
from commonweal.letters.contacts import NextStep, log_contact
from commonweal.letters.errors import ContactUnclear
from commonweal.letters.kinds import ContactKind, Side, Worry
from commonweal.letters.messages import write_message
from commonweal.letters.models import Contact
from ledger.domain.words import date_text
from loans.models import Loan

FURTHEST = timedelta(days=92)
"""Later than this a new date is not a late payment any more, but another agreement: somebody has to talk about it."""


@transaction.atomic
def tell_worry(*, loan: Loan, worry: Worry, pay_on: date | None = None, words: str = "", on: date, by: User) -> Contact:
    """Tell the fund that a payment may be late, cannot be made, or that somebody would like to talk.

    Nothing about the loan changes. While a day on which it will be paid is to come, no reminder goes out. Raises
    ContactUnclear for a day that is past or too far, and NothingSaid for a message that is too long.
    """
    said = _in_words(loan, worry, pay_on, on)
    text = f"{said} {words.strip()}".strip()
    write_message(book=loan.book, party=loan.organisation, side=Side.BUSINESS, text=text, by=by)
    return log_contact(
        loan=loan,
        kind=ContactKind.MESSAGE,
        on=on,
        with_whom=by.name,
        said=text[:2000],
        promised_on=pay_on if worry is Worry.LATE else None,
        next_step=NextStep(f"Talk to {by.name}: “{worry.label}”"[:300], next_working_day(on)),
        by=by,
    )


def next_working_day(on: date) -> date:
    """Tomorrow, or Monday; bank holidays are not looked at."""
    return on + timedelta(days={4: 3, 5: 2}.get(on.weekday(), 1))


def _in_words(loan: Loan, worry: Worry, pay_on: date | None, on: date) -> str:
    if worry is Worry.CANNOT:
        return f"We cannot make the next payment of loan {loan.reference}."
    if worry is Worry.TALK:
        return f"We would like to talk about the payments of loan {loan.reference}."
    if pay_on is None or not on < pay_on <= on + FURTHEST:
        raise ContactUnclear(
            "pay_on",
            f"Choose a day after {date_text(on)}, at most three months ahead, or choose “I would like to talk first”. "
            "Nothing was sent yet.",
        )
    return f"We will pay late: on {date_text(pay_on)} (loan {loan.reference})."
