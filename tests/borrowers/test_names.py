"""Is a name that turns, hides or breaks the text around it refused, of a business, an investor and a person alike?"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from borrowers.domain.errors import NameMalformed
from borrowers.models import Organisation
from borrowers.services import amend_organisation
from borrowers.services.organisations import Address
from commonweal.access.models import User
from investors.domain.errors import ImpossibleInvestor
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.services import register_investor
from tests.borrowers.builders import NETHERBY, community_shop
from tests.builders import make_book, make_user

BAD = {
    "right-to-left override": "Netherby \u202epohS",
    "isolate": "Netherby \u2067Shop",
    "mark": "Netherby\u200f Shop",
    "line break": "Netherby\nShop",
    "return": "Netherby\rShop",
    "line separator": "Netherby\u2028Shop",
    "paragraph separator": "Netherby\u2029Shop",
    "next line": "Netherby\x85Shop",
    "no width": "Nether\u200bby",
    "byte order": "Nether\ufeffby",
    "tab": "Netherby\tShop",
}
GOOD = (
    "Netherby Shop",
    "Caffi\u2019r Dref \u0174yn & Co.",
    "\u6751\u306e\u5e97",
    "\u0645\u062a\u062c\u0631 \u0642\u0631\u06cc\u0647",
    "\u0646\u06cc\u200c\u0645",
)

pytestmark = pytest.mark.django_db

REGISTERED: dict[str, tuple[Callable[[str], object], type[Exception], type]] = {
    "business": (lambda name: community_shop(name), NameMalformed, Organisation),
    "investor": (
        lambda name: register_investor(code="NRB", name=name, kind=InvestorKind.REGIONAL_BANK),
        ImpossibleInvestor,
        Investor,
    ),
    "person": (lambda name: make_user(name=name), NameMalformed, User),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("who", REGISTERED)
def test_what_nobody_sees_is_refused_by_its_number(who: str, what: str) -> None:
    register, refusal, model = REGISTERED[who]
    sign = next(sign for sign in BAD[what] if not sign.isprintable())
    with pytest.raises(
        refusal, match=rf"holds U\+{ord(sign):04X} .* Type the name anew in one line; nothing was changed"
    ):
        register(BAD[what])
    assert not model._default_manager.exists()


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("who", REGISTERED)
def test_names_of_every_script_are_taken(who: str, name: str) -> None:
    assert str(REGISTERED[who][0](name)) == name


def test_a_place_is_held_to_the_same() -> None:
    shop = community_shop()
    with pytest.raises(NameMalformed):
        amend_organisation(organisation=shop, address=Address("Nether\u202eby", NETHERBY.region))


def test_the_command_refuses_it_too() -> None:
    book = make_book()
    given = ("eve@example.org", "--name", "Eve\u202elivE", "--book", book.code, "--role", "manager")
    with pytest.raises(CommandError, match=r"holds U\+202E \(RIGHT-TO-LEFT OVERRIDE\)"):
        call_command("add_member", *given, stdout=StringIO())
    assert not User.objects.filter(email="eve@example.org").exists()
