"""A neighbourhood with a priority that a loan answers, to test with; codes of areas are made up."""

from __future__ import annotations

from datetime import date

from commonweal.access.models import User
from loans.models import Loan, Neighbourhood, Priority
from loans.services import name_neighbourhood, record_priority, say_answer

TOLD_ON = date(2026, 5, 9)


def told(neighbourhood: Neighbourhood, text: str, *, by: User, on: date = date(2026, 11, 23)) -> Priority:
    """Something that residents want."""
    return record_priority(
        neighbourhood=neighbourhood, text=text, source="A meeting of 40 people", told_on=TOLD_ON, on=on, by=by
    )


def make_neighbourhood(
    loan: Loan, *, by: User, name: str = "Netherby", areas: tuple[str, ...] = ("E01900001",), text: str = "A shop"
) -> Priority:
    """A neighbourhood of a loan's fund, and a priority that the loan answers."""
    made = name_neighbourhood(book=loan.book, name=name, areas=areas, by=by)
    priority = told(made, text, by=by)
    say_answer(priority=priority, loan=loan, how="Its till and fridges", by=by)
    return priority
