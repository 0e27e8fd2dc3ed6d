"""What people around the brewery say that their place needs, and which of the fund's loans answer it; all made up.

Its page is open for anybody. The solar co-operative agreed to have its loan published; the pub and the shop did not.
"""

from __future__ import annotations

from datetime import date

from borrowers.domain.outcomes import Use
from borrowers.services import say_consents
from commonweal.demo import story
from commonweal.demo.lives import Told
from loans.models import Loan
from loans.services import name_neighbourhood, record_priority, say_answer, show_neighbourhood

NAME, AREAS = "Brewery Yard and the Moor", ("E01900101", "E01900102")
PLAN = "A survey of 212 homes for the neighbourhood plan"
MEETING = "A meeting of 40 people in the brewery yard"


def listen(told: Told, *, solar: Loan, pub: Loan, shop: Loan) -> None:
    """Three priorities, of which nothing answers the last; the page is opened by the manager."""
    priya, tom = told.cast[story.PRIYA], told.cast[story.TOM]
    place = name_neighbourhood(book=told.book, name=NAME, areas=AREAS, by=priya)
    wanted: tuple[tuple[str, str, date, dict[Loan, str]], ...] = (
        (
            "Electricity that we own ourselves, and bills that we can foresee",
            MEETING,
            date(2025, 2, 8),
            {solar: "Panels on three roofs; what they earn is spent in the yard"},
        ),
        (
            "Somewhere to meet, and somewhere to buy bread, without a car",
            PLAN,
            date(2025, 3, 22),
            {pub: "A kitchen and rooms that carry the winter", shop: "Fridges, and a till that takes cards"},
        ),
        ("A bus on Sundays", PLAN, date(2025, 3, 22), {}),
    )
    for text, source, on, answers in wanted:
        priority = record_priority(
            neighbourhood=place, text=text, source=source, told_on=on, on=told.book.business_date, by=priya
        )
        for loan, how in answers.items():
            say_answer(priority=priority, loan=loan, how=how, by=priya)
    agreed = {Use.OPEN_DATA: True}
    say_consents(organisation=solar.organisation, given=agreed, on=date(2026, 9, 18), by=told.cast[story.MINA])
    show_neighbourhood(neighbourhood=place, is_shown=True, by=tom)
