"""Two funds that have nothing in common, with one of everything that an address can name.

Whoever adds an address whose path names something new says in `_things` what that is, in each fund. The walk over all
addresses then asks for one's own and for the other fund's, in path, query string and body. `TELLTALE` stands in the
texts of the other fund, so that a page which shows any of it is found out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.models import Organisation
from borrowers.services import register_organisation
from commonweal.access.models import User
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from ledger.queries import Book
from tests.borrowers.builders import NETHERBY
from tests.builders import make_account, make_book, make_draft, make_user, post_entry
from tests.commonweal.access.people import make_people

TELLTALE = "Zzyzx"
"""In every name, narrative and reference of the other fund."""


@dataclass(frozen=True)
class Fund:
    """A fund, its people by role, and the value of every name that stands in a path."""

    people: dict[str, User]
    things: dict[str, Any]

    @property
    def query(self) -> dict[str, str]:
        """Every thing by its name, for a query string or a form."""
        return {name: str(value) for name, value in self.things.items()}


def make_fund(code: str, mark: str = "") -> Fund:
    """One of everything. `mark` stands in every text."""
    book = make_book(code=code, name=f"{mark}{code}", fund_name=f"{mark} fund of {code}")
    organisation = register_organisation(
        name=f"{mark} society of {code}",
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society=str(8000 + book.pk)),
        address=NETHERBY,
    )
    investor = Investor.objects.create(
        code=f"INV{book.pk}", name=f"{mark} bank of {code}", kind=InvestorKind.REGIONAL_BANK
    )
    people = make_people(book, organisation, investor)
    return Fund(people, _things(book, organisation, investor, mark))


def _things(book: Book, organisation: Organisation, investor: Investor, mark: str) -> dict[str, Any]:
    clerk = make_user(name=f"{mark} clerk")
    entry = post_entry(book=book, by=clerk, narrative=f"{mark} arrangement fee")
    return {
        "book": book.code,
        "organisation": organisation.pk,
        "investor": investor.code,
        "entry": entry.pk,
        "account": make_account(book=book, node="1310", subject=f"{mark or 'L'}-1", name=f"{mark} principal").pk,
        "draft": make_draft(book=book, by=clerk, narrative=f"{mark} bank charges").pk,
    }
