"""A claim says what changes for whom; consent is by use, dated, and silence is a no; notes stay."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from borrowers import queries
from borrowers.domain.errors import ClaimUnclear, NothingWritten
from borrowers.domain.outcomes import Group, OutcomeArea, Risk, Use
from borrowers.models import Organisation, OutcomeClaim
from borrowers.services import Claim, leave_note, make_claim, say_consents
from tests.borrowers.builders import community_shop, people_in_work, person

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


def claim(shop: Organisation, **changes: Any) -> OutcomeClaim:
    said: dict[str, Any] = {
        "area": OutcomeArea.WORK,
        "what": "Young people get a first job in their own village",
        "who": [Group.YOUNG],
        "scale": "Two a year",
        "depth": "A first contract",
        "duration": "A year each",
        "contribution": "There is no other employer within ten miles",
        "risk": Risk.DROP_OFF,
        "risk_note": "They may leave for college",
    }
    more = {name: changes.pop(name) for name in ("shown_by", "replaces") if name in changes}
    given: dict[str, Any] = {"shown_by": [], "on": ON, "by": person("Priya Nair"), **more}
    return make_claim(organisation=shop, claim=Claim(**(said | changes)), **given)


def test_a_claim_is_shown_by_indicators_and_replaced_whole() -> None:
    shop, people = community_shop(), people_in_work()
    first = claim(shop, shown_by=[people, people])
    second = claim(shop, shown_by=[people], what="Young people get two years of work", replaces=first)
    assert list(queries.claims_of([shop])) == [second]
    assert [one.indicator for one in queries.claims_of([shop])[0].shown_by.all()] == [people]
    assert second.who_words == "young people under 25"
    with pytest.raises(ClaimUnclear, match="changed by somebody else"):
        claim(shop, replaces=first)
    with pytest.raises(ClaimUnclear, match="of another business"):
        claim(community_shop("Other Shop", "9999"), replaces=second)


@pytest.mark.parametrize("changes", [{"what": " "}, {"who": []}])
def test_a_claim_says_what_and_for_whom(changes: dict[str, Any]) -> None:
    with pytest.raises(ClaimUnclear, match="Say what changes, and for whom"):
        claim(community_shop(), **changes)


def test_silence_is_a_no_and_a_yes_can_be_taken_back() -> None:
    shop, other, jo = community_shop(), community_shop("Other Shop", "9999"), person("Jo Armstrong")
    assert queries.who_allows([shop, other], Use.NAMED) == set()
    given = say_consents(organisation=shop, given={Use.NAMED: True, Use.STORY: True, Use.PHOTO: False}, on=ON, by=jo)
    assert [one.use for one in given] == ["named", "story"], "a no that was one already leaves no row"
    assert queries.who_allows([shop, other], Use.NAMED) == {shop.pk}
    say_consents(organisation=shop, given={Use.NAMED: False}, on=date(2026, 11, 24), by=jo)
    assert queries.who_allows([shop, other], Use.NAMED) == set()
    assert queries.who_allows([shop, other], Use.STORY) == {shop.pk}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE borrowers_consent SET is_given = true")


def test_the_latest_note_is_what_whoever_comes_next_reads() -> None:
    shop, jo = community_shop(), person("Jo Armstrong")
    assert queries.latest_note(shop) is None
    for text in ("Payroll is with Ann", "Payroll is with Bea"):
        leave_note(organisation=shop, text=text, by=jo)
    note = queries.latest_note(shop)
    assert note is not None
    assert note.text == "Payroll is with Bea"
    with pytest.raises(NothingWritten, match="this one has 0"):
        leave_note(organisation=shop, text="  ", by=jo)


def test_many_businesses_cost_no_more_queries(django_assert_num_queries: Any) -> None:
    shops = [community_shop(f"Shop {number}", f"900{number}") for number in range(3)]
    people = people_in_work()
    for shop in shops:
        claim(shop, shown_by=[people])
        say_consents(organisation=shop, given={Use.NAMED: True}, on=ON, by=person("Jo Armstrong"))
    with django_assert_num_queries(3):
        found = queries.claims_of(shops)
        assert len([f"{one.organisation} {[by.indicator for by in one.shown_by.all()]}" for one in found]) == 3
        assert len(queries.consents_of(shops)) == 3
