"""What an outcome is said to be worth: a hand-worked table, two people, one proxy at a time, never more than all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from moneyed import Money

from investors.domain.errors import ValueProxyRefused
from investors.domain.value import value_of
from investors.models import ValueProxy, ValueProxyDecision
from investors.queries import proxies_on
from investors.services import ProxyTerms, approve_proxy, decline_proxy, propose_proxy
from ledger.domain.errors import SameTwoEyes
from tests.borrowers.builders import people_in_work
from tests.builders import make_user
from tests.investors.valued import deductions, terms
from tests.loans.builders import Fund, make_fund

TABLE = (
    # share  unit       deadweight others displacement drop-off year  gross  net
    ("2.4", "9000.00", "0.25", "0.1", "0", "0.2", 1, 21600, 14580),  # 21,600 × 0.75 × 0.9
    ("2.4", "9000.00", "0.25", "0.1", "0", "0.2", 2, 21600, 11664),  # × 0.8
    ("2.4", "9000.00", "0", "0", "0", "0", 5, 21600, 21600),  # nothing is taken off
    ("10", "12.50", "0.5", "0", "0.5", "0", 1, 125, 31),  # 31.25
    ("3", "0.50", "0", "0", "0", "0", 1, 2, 2),  # 1.50, half to even
    ("5", "0.50", "0", "0", "0", "0", 1, 2, 2),  # 2.50, half to even
    ("7", "100.00", "1", "0", "0", "0", 1, 700, 0),  # all would have happened anyway
    ("0", "100.00", "0", "0", "0", "0", 1, 0, 0),  # nought is a share
    ("-2", "100.00", "0.5", "0", "0", "0", 1, -200, -100),  # a fall is worth less than nothing
)


@pytest.mark.parametrize(("share", "unit", "dead", "others", "moved", "drop", "year", "gross", "net"), TABLE)
def test_a_value_is_the_share_less_every_deduction(
    share: str, unit: str, dead: str, others: str, moved: str, drop: str, year: int, gross: int, net: int
) -> None:
    taken = deductions(deadweight=dead, others=others, displacement=moved, drop_off=drop)
    found = value_of(Fraction(share), terms(amount=unit, deductions=taken).proxy, year=year)
    assert found is not None
    assert (found.gross, found.net) == (Money(gross, "GBP"), Money(net, "GBP"))


def test_without_a_share_or_a_proxy_there_is_no_value() -> None:
    assert value_of(None, terms().proxy) is None
    assert value_of(Fraction(1), None) is None


@pytest.mark.parametrize("name", ["deadweight", "others", "displacement", "drop_off"])
@pytest.mark.parametrize("part", ["1.000001", "-0.01"])
def test_no_more_than_all_of_it_is_taken_off(name: str, part: str) -> None:
    with pytest.raises(ValueProxyRefused, match="is not from 0 to 100 %") as refused:
        deductions(**{name: part})
    assert refused.value.field == name


@pytest.mark.parametrize("amount", ["-1.00", "0.00"])
def test_a_unit_is_worth_more_than_nought(amount: str) -> None:
    with pytest.raises(ValueProxyRefused, match="not above nought"):
        terms(amount=amount)


@pytest.fixture
def fund(db: None) -> Fund:
    people_in_work()
    return make_fund()


def approved(fund: Fund, **changes: Any) -> ValueProxy:
    made = propose_proxy(book=fund.book, terms=terms(**changes), by=fund.priya)
    approve_proxy(proxy=made, shown_sha256=made.content_sha256, by=fund.tom)
    return made


def test_it_counts_once_a_second_person_agrees_and_on_its_own_days_alone(fund: Fund) -> None:
    of = {"valid_from": date(2026, 1, 1), "valid_to": date(2027, 1, 1)}
    made = propose_proxy(book=fund.book, terms=terms(**of), by=fund.priya)
    assert propose_proxy(book=fund.book, terms=terms(**of), by=fund.priya) == made
    assert proxies_on(fund.book, date(2026, 6, 1)) == {}
    with pytest.raises(SameTwoEyes):
        approve_proxy(proxy=made, shown_sha256=made.content_sha256, by=fund.priya)
    with pytest.raises(ValueProxyRefused, match="not what you were shown"):
        approve_proxy(proxy=made, shown_sha256="0" * 64, by=fund.tom)
    approve_proxy(proxy=made, shown_sha256=made.content_sha256, by=fund.tom)
    counts = {day: len(proxies_on(fund.book, date.fromisoformat(day))) for day in DAYS}
    assert counts == {"2025-12-31": 0, "2026-01-01": 1, "2026-12-31": 1, "2027-01-01": 0}
    assert proxies_on(fund.book, date(2026, 6, 1))[made.indicator_id] == terms().proxy


DAYS = ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"indicator": "no-such"}, "There is no indicator"),
        ({"valid_from": date(2026, 1, 1), "valid_to": date(2026, 1, 1)}, "before it counts"),
        ({"source": " "}, "Say where the amount is from"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_nowhere(fund: Fund, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueProxyRefused, match=said):
        propose_proxy(book=fund.book, terms=terms(**changes), by=fund.priya)
    assert not ValueProxy.objects.exists()


def test_it_is_in_the_currency_of_the_book(fund: Fund) -> None:
    given = terms()
    euro = replace(given.proxy, unit=Money(1, "EUR"))
    other = ProxyTerms(given.indicator, euro, date(2026, 1, 1))
    with pytest.raises(ValueProxyRefused, match="not in EUR"):
        propose_proxy(book=fund.book, terms=other, by=fund.priya)


@pytest.mark.parametrize(
    ("start", "end", "is_free"),
    [
        ("2025-01-01", "2026-01-01", True),
        ("2025-01-01", "2026-01-02", False),
        ("2026-06-01", "2026-07-01", False),
        ("2026-12-31", None, False),
        ("2027-01-01", None, True),
    ],
)
def test_two_never_count_at_once(fund: Fund, start: str, end: str | None, is_free: bool) -> None:
    approved(fund, valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1))
    days = {"valid_from": date.fromisoformat(start), "valid_to": date.fromisoformat(end) if end else None}
    if is_free:
        approved(fund, **days)
        assert len(ValueProxyDecision.objects.all()) == 2
        return
    with pytest.raises(ValueProxyRefused, match="two would count at once"):
        propose_proxy(book=fund.book, terms=terms(**days), by=fund.priya)


def test_of_two_proposals_for_the_same_days_one_is_approved(fund: Fund) -> None:
    first, second = (
        propose_proxy(book=fund.book, terms=terms(amount=amount), by=fund.priya) for amount in ("1.00", "2.00")
    )
    approve_proxy(proxy=first, shown_sha256=first.content_sha256, by=fund.tom)
    with pytest.raises(ValueProxyRefused, match="two would count at once"):
        approve_proxy(proxy=second, shown_sha256=second.content_sha256, by=fund.tom)
    with pytest.raises(ValueProxyRefused, match="Say why"):
        decline_proxy(proxy=second, shown_sha256=second.content_sha256, reason=" ", by=fund.tom)
    decline_proxy(proxy=second, shown_sha256=second.content_sha256, reason="Another counts", by=fund.tom)
    with pytest.raises(ValueProxyRefused, match="decided already"):
        approve_proxy(proxy=first, shown_sha256=first.content_sha256, by=fund.tom)


def test_the_database_lets_nobody_approve_alone_or_change_a_proxy(fund: Fund) -> None:
    made = propose_proxy(book=fund.book, terms=terms(), by=fund.priya)
    other = propose_proxy(book=fund.book, terms=terms(amount="1.00"), by=fund.priya)
    agreed = approve_proxy(proxy=made, shown_sha256=made.content_sha256, by=fund.tom)
    stolen = {"outcome": "approved", "approval": agreed.approval, "decided_by": make_user()}
    with pytest.raises(DatabaseError), transaction.atomic():
        ValueProxyDecision.objects.create(proxy=other, **stolen)
    for words in ("UPDATE investors_valueproxy SET amount = 1", "DELETE FROM investors_valueproxydecision"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
    assert ValueProxy.objects.get(pk=made.pk).unit_money.amount == Decimal("9000.00")
