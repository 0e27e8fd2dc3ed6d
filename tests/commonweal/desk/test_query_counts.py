"""No page asks the database once per row: one row and three cost the same, and how much is written down here."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonweal.demo.story import AMINA, HANA, JO, TOM, Person
from tests.borrowers.builders import people_in_work
from tests.builders import make_draft
from tests.commonweal.api.story import make_document
from tests.commonweal.open_data.deals import any_release
from tests.demo import Demo
from tests.demo_more import ask_to_seal, say_worth, tell_more
from tests.loans.neighbours import make_neighbourhood
from tests.pages import Shown

DESK = "/desk/harbour-hills/"
COSTS: dict[str, tuple[Person, str, int]] = {
    "home": (TOM, DESK, 64),
    "applications": (TOM, f"{DESK}applications/", 12),
    "products": (TOM, f"{DESK}products/", 13),
    "limits": (TOM, f"{DESK}proposals/limits/", 14),
    "base rates": (TOM, f"{DESK}base-rates/", 14),
    "loans": (TOM, f"{DESK}loans/", 19),
    "loans as CSV": (TOM, f"{DESK}loans/?download=csv", 6),
    "arrears": (TOM, f"{DESK}loans/arrears/?as_of=2027-01-05", 21),
    "portfolio": (TOM, f"{DESK}loans/portfolio/", 19),
    "places": (TOM, f"{DESK}loans/portfolio/places/", 17),
    "impact by place": (TOM, f"{DESK}impact/places/", 28),
    "what outcomes are worth": (TOM, f"{DESK}impact/worth/", 14),
    "what outcomes are worth, as CSV": (TOM, f"{DESK}impact/worth/?download=csv", 5),
    "open data": (TOM, f"{DESK}open-data/", 51),
    "what funds publish": (TOM, "/open-data/", 5),
    "neighbourhoods": (TOM, f"{DESK}neighbourhoods/", 15),
    "repayments": (TOM, f"{DESK}repayments/", 37),
    "bank lines as CSV": (TOM, f"{DESK}repayments/?download=csv", 8),
    "investors": (TOM, f"{DESK}investors/", 26),
    "statements": (TOM, f"{DESK}statements/", 14),
    "month end": (TOM, f"{DESK}month-end/", 37),
    "auditor's packs": (TOM, f"{DESK}month-end/packs/", 14),
    "what ran": (TOM, f"{DESK}runs/", 18),
    "trial balance": (TOM, f"{DESK}ledger/", 14),
    "fund accounts": (TOM, f"{DESK}ledger/fund-accounts/", 41),
    "chart": (TOM, f"{DESK}ledger/chart/", 13),
    "journal": (TOM, f"{DESK}ledger/journal/", 14),
    "manual journals": (TOM, f"{DESK}ledger/journals/", 12),
    "borrower's home": (JO, "/borrower/", 18),
    "borrower's impact": (JO, "/borrower/achieved/", 15),
    "borrower's documents": (JO, "/borrower/documents/", 9),
    "investor's home": (HANA, "/investor/", 26),
    "investor's documents": (HANA, "/investor/documents/", 11),
}
"""For each list who looks at it, where it is, and how many queries it costs, the person's session included."""


def cost(client: Client, path: str) -> int:
    """How many queries a page took."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
        assert answer.getvalue()
    assert answer.status_code == 200
    return len(asked)


def told(demo: Demo, name: str) -> str:
    """What a list says in its main part."""
    person, path, _ = COSTS[name]
    answer = demo.client(person).get(path)
    return answer.getvalue().decode() if "download" in path else Shown(answer).text


def test_a_list_costs_the_same_with_one_row_and_with_three(demo: Demo) -> None:
    clients = {name: demo.client(person) for name, (person, _, _) in COSTS.items()}
    expected = {name: queries for name, (_, _, queries) in COSTS.items()}
    make_draft(book=demo.book, by=demo.user(AMINA), on=demo.book.business_date)
    make_document(demo.book, "P-0")
    make_neighbourhood(demo.loan, by=demo.user(TOM))
    people_in_work(code="more-0")
    say_worth(demo, 0)
    any_release(demo.book, demo.user(TOM))
    ask_to_seal(demo, 0)
    assert {name: cost(clients[name], path) for name, (_, path, _) in COSTS.items()} == expected
    tell_more(demo)
    assert {name: cost(clients[name], path) for name, (_, path, _) in COSTS.items()} == expected


def test_there_is_more_of_everything(demo: Demo) -> None:
    """The measure measures: what is told besides stands in the lists."""
    before = {name: told(demo, name) for name in COSTS}
    tell_more(demo)
    assert [name for name in COSTS if told(demo, name) == before[name]] == []
