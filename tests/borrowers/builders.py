"""Community businesses and people to test with; all fictional."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from borrowers.domain.accounts import AccountsKind, AccountsSpan, Line
from borrowers.domain.indicators import Definition
from borrowers.domain.outcomes import Group
from borrowers.domain.places import Region
from borrowers.domain.readings import Direction, Grade, ReadingPeriod
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.models import Accounts, Indicator, Organisation, Reading
from borrowers.services import Said, define_indicator, give_accounts, record_reading, register_organisation
from borrowers.services.organisations import Address

NETHERBY = Address(place="Netherby", region=Region.NORTH_WEST, line_1="2 Chapel Row", postcode="CA6 5PZ")


def person(name: str) -> AbstractBaseUser:
    """Somebody who can be recorded as the maker or checker of something."""
    email = f"{name.replace(' ', '.').lower()}@example.org"
    found = get_user_model().objects.filter(email=email).first()
    return found or get_user_model().objects.create_user(email=email, name=name)


def community_shop(name: str = "Netherby Corner Shop Society", society_number: str = "8123") -> Organisation:
    """A community benefit society that keeps a shop."""
    return register_organisation(
        name=name,
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society=society_number),
        address=NETHERBY,
    )


def people_in_work(**changes: Any) -> Indicator:
    """A stock that should grow, with any of what is said of it changed."""
    said: dict[str, Any] = {
        "code": "people-in-work",
        "name": "People in work",
        "unit": "people",
        "direction": Direction.INCREASE,
        "groups": (Group.WOMEN, Group.YOUNG),
        "iris_id": "PI4874",
        "iris_version": "5.3",
        "sdg_targets": ("8.5",),
    }
    return define_indicator(Definition(**(said | changes)))


def reading(organisation: Organisation, indicator: Indicator, **changes: Any) -> Reading:
    """A reading for the year to 30 September 2026, with any of its fields changed."""
    said: dict[str, Any] = {
        "value": Decimal(6),
        "grade": Grade.THIRD_PARTY,
        "evidence": "Payroll summary, September 2026",
    }
    said |= {name: changes.pop(name) for name in list(changes) if name in Said.__dataclass_fields__}
    given: dict[str, Any] = {
        "period": ReadingPeriod(date(2025, 10, 1), date(2026, 10, 1)),
        "on": date(2026, 11, 23),
        "by": person("Jo Armstrong"),
        "reason": "Counted again" if changes.get("replaces") else "",
    }
    return record_reading(organisation=organisation, indicator=indicator, said=Said(**said), **(given | changes))


def quarter(last_month: str) -> AccountsSpan:
    """The three months that end with a month such as "2026-09"."""
    year, month = (int(part) for part in last_month.split("-"))
    end = date(year + month // 12, month % 12 + 1, 1)
    started = (end.year * 12 + end.month - 1) - 3
    return AccountsSpan(date(started // 12, started % 12 + 1, 1), end)


def figures(**amounts: str) -> dict[Line, Decimal]:
    """Figures by their names."""
    return {Line(name): Decimal(amount) for name, amount in amounts.items()}


def accounts(organisation: Organisation, to: str = "2026-09", **changes: Any) -> Accounts:
    """Management accounts of a quarter of a small shop, with any of what is given changed."""
    given: dict[str, Any] = {
        "span": quarter(to),
        "kind": AccountsKind.MANAGEMENT,
        "currency": "GBP",
        "figures": figures(income="31200.00", costs="27800.00", interest="450.00", loan_repayments="1580.00"),
        "on": date(2026, 11, 23),
        "by": person("Jo Armstrong"),
    }
    return give_accounts(organisation=organisation, **(given | changes))
