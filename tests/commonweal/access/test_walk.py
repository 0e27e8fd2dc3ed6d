"""A walk over every address of the product, by everybody, with everything of one's own and of another fund.

The addresses come from the resolver and the expectations from the access table, so the walk grows with both. An
address without a line fails; so does a path that names a thing of which `world.py` has none.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.urls import get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from commonweal import documents
from commonweal.access.checks import addresses, every_address_has_a_line
from commonweal.access.models import StaffRole, User
from commonweal.access.rules import METHODS, Role, Rule
from commonweal.access.table import TABLE
from commonweal.documents.renderer import Attachment
from tests.commonweal.access.conftest import Funds
from tests.commonweal.access.fields import body_fields, form_fields
from tests.commonweal.access.people import Answer, ask, held_by
from tests.commonweal.access.world import TELLTALE, Fund
from tests.databases import connected_to

WORDS = {name: sorted(pattern.pattern.converters) for name, _, pattern in addresses()}
"""What the path of each address names."""

ROUTES = {name: route for name, route, _ in addresses()}
OF_EVERY_FUND = {"act", "costly", "doing", "what", "year"}
"""Words in a path that name no thing: they are the same in every fund."""
OF_EVERY_FUND |= {"version", "happened"}
"""Numbers within one facility, from 1 on in every fund: whose they are, the facility in the same path says."""
OF_EVERY_FUND |= {"place"}
"""The place of a question within one return."""
OF_EVERY_FUND |= {"indicator"}
"""What is counted is the same for every book of the installation."""

OF_EVERY_FUND |= {"release"}
"""What is published is for everybody, of whichever fund."""

MODELS_OF_A_BOOK = [
    model for model in apps.get_models() if any(field.name == "book" for field in model._meta.concrete_fields)
]

NAMES = sorted(WORDS)
NAMES_WITH_THINGS = [name for name in NAMES if WORDS[name]]


@pytest.fixture(scope="module")
def walked(funds: Funds, django_db_blocker: DjangoDbBlocker) -> Iterator[Funds]:
    """Both funds for the whole walk: each request is taken back, and documents come as words, to be read."""
    with django_db_blocker.unblock(), connected_to(funds.database), pytest.MonkeyPatch.context() as patched:
        for module in [one for name, one in sys.modules.items() if name.startswith(documents.__name__)]:
            if hasattr(module, "render_pdf"):
                patched.setattr(module, "render_pdf", in_plain_text)
        yield funds


def in_plain_text(html: str, *, attachments: Sequence[Attachment], **given: Any) -> bytes:
    """All words of a document and of the files in it."""
    return "\n".join([html, *(each.text for each in attachments)]).encode()


@pytest.fixture(scope="module")
def theirs(walked: Funds) -> dict[type[Model], list[Any]]:
    """All that belongs to the other fund, as it stood before anybody asked for anything."""
    return {model: rows_of(walked.foreign, model) for model in MODELS_OF_A_BOOK}


@pytest.fixture
def own(walked: Funds) -> Fund:
    """The fund of the people who walk."""
    return walked.own


@pytest.fixture
def foreign(walked: Funds) -> Fund:
    """Another fund on the same installation."""
    return walked.foreign


def path_of(name: str, things: dict[str, Any]) -> str:
    missing = [word for word in WORDS[name] if word not in things]
    assert not missing, f"{name} names {missing} in its path: say in tests/commonweal/access/world.py what that is"
    return reverse(name, kwargs={word: things[word] for word in WORDS[name]})


def methods_asked(rule: Rule, name: str, who: str) -> list[str]:
    """Every method that an address has, and one of those that it has not: another one for each person."""
    others = sorted(METHODS - set(rule.permissions))
    return [*sorted(rule.permissions), others[crc32(f"{name} {who}".encode()) % len(others)]]


def expected(rule: Rule, who: str, method: str) -> str:
    """What the table says that a person is answered, on their own things."""
    roles = held_by(who) if who in set(Role) else frozenset[Role]()
    permission = rule.permission(method)
    if who == "anonymous":
        if permission is None:
            return "no method" if any(said.is_open for said in rule.permissions.values()) else "log in"
        return "let through" if permission.is_open else "log in"
    if not rule.concerns(roles):
        return "no such page"
    if permission is None:
        return "no method"
    return "let through" if permission.admits(roles) else "forbidden"


def in_words(answer: Answer) -> str:
    """What an answer comes to; a fault of ours is not an answer."""
    if answer.is_log_in:
        return "log in"
    return {403: "forbidden", 404: "no such page", 405: "no method"}.get(
        answer.status, "let through" if answer.status < 500 else f"fault {answer.status}"
    )


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    assert [str(found) for found in every_address_has_a_line(None)] == []


def test_every_address_has_a_name_of_its_own() -> None:
    names = [name for name, _, _ in addresses()]
    assert [name for name in names if name.count(":") != 1 or name.endswith(":")] == []


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_answered_as_the_table_says(name: str, own: Fund, walked: Funds) -> None:
    rule = TABLE[name]
    everybody = {**own.people, "no role": walked.somebody, "anonymous": None}
    cells = [(who, user, method) for who, user in everybody.items() for method in methods_asked(rule, name, who)]
    answers = {
        (who, method): in_words(ask(user, method, path_of(name, own.things_of(who)), own.query(name)))
        for who, user, method in cells
    }
    assert answers == {(who, method): expected(rule, who, method) for who, _, method in cells}


@pytest.mark.parametrize("name", NAMES_WITH_THINGS)
def test_what_is_another_funds_is_answered_as_if_it_did_not_exist(name: str, own: Fund, foreign: Fund) -> None:
    for who, user, method in admitted(name, own):
        mine = own.things_of(who)
        named = set(WORDS[name]) - OF_EVERY_FUND
        for word, foreign_thing in [(each, thing) for each in named for thing in foreign.each(each, who)]:
            theirs = path_of(name, {**mine, word: foreign_thing})
            nothing = path_of(name, {**mine, word: unknown(foreign_thing)})
            answer = ask(user, method, theirs, foreign.query(name))
            assert answer == ask(user, method, nothing, foreign.query(name)), f"{who} {method} {theirs}"
            assert answer.status == 404, f"{who} {method} {theirs}"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_another_funds_is_not_reached_by_query_string_or_body(
    name: str, own: Fund, foreign: Fund, theirs: dict[type[Model], list[Any]]
) -> None:
    def nothing_of_theirs_changed() -> None:
        for model in set(MODELS_OF_A_BOOK) & changed_models():
            assert rows_of(foreign, model) == theirs[model], f"{who} {method} {path} {data}"

    plain = cache(lambda user, path: ask(user, "GET", path))
    for who, user, method in of_each_side(name, own):
        path = path_of(name, own.things_of(who))
        page = "" if name.startswith("api:") else plain(user, path).body
        for data in (foreign.query(name), *fields_of(name, method, page, foreign)):
            answer = ask(user, method, path, data, changed=nothing_of_theirs_changed)
            assert answer.status < 500, f"{who} {method} {path} {data}"
            assert TELLTALE not in answer.body + page, f"{who} {method} {path} {data}"


def test_documents_are_read_as_well(own: Fund) -> None:
    path = path_of("desk:fund-impact-pdf", own.things)
    assert "What went wrong" in ask(own.people["manager"], "GET", path).body


def admitted(name: str, fund: Fund) -> Iterator[tuple[str, User, str]]:
    """Who may use an address by which method, but for what anybody may."""
    for who, user in fund.people.items():
        for method, permission in TABLE[name].permissions.items():
            if held_by(who) & permission.roles or Role.SIGNED_IN in permission.roles:
                yield who, user, method


def of_each_side(name: str, fund: Fund) -> list[tuple[str, User, str]]:
    """Of those who may, everybody but the staff, and for each method one of the staff: another for each address.

    The staff of a book see the same of it, and each of them is tried with every path of another fund.
    """
    found, staff = list[tuple[str, User, str]](), defaultdict[str, list[tuple[str, User, str]]](list)
    for who, user, method in admitted(name, fund):
        (staff[method] if who in StaffRole.values else found).append((who, user, method))
    return found + [those[crc32(name.encode()) % len(those)] for those in staff.values()]


def unknown(value: Any) -> Any:
    """A name of the same form that names nothing."""
    return 987654321 if isinstance(value, int) else "unknown-name"


def fields_of(name: str, method: str, page: str, foreign: Fund) -> list[dict[str, Any]]:
    """What the page's own form, or the API's own description, says can be sent, filled with the other fund's things.

    Nothing where a page is only looked at and asks for none of them.
    """
    things = foreign.query(name)
    if name.startswith("api:"):
        return [body_fields(ROUTES[name], method, things)]
    filled = form_fields(page, things)
    return [] if method == "GET" and filled == form_fields(page, {}) else [filled]


def changed_models() -> set[type[Model]]:
    """The models of which this transaction has changed rows, and maybe some of an earlier one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0")
        tables = {table for (table,) in cursor.fetchall()}
    return {model for model in apps.get_models() if model._meta.db_table in tables}


def rows_of(fund: Fund, model: type[Model]) -> list[Any]:
    """All of a model's rows that belong to a fund's book."""
    return sorted(model._default_manager.filter(book__code=fund.things["book"]).values_list())


def test_the_walk_sees_an_address_that_nobody_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLE, "public:data")
    monkeypatch.setitem(TABLE, "public:old", TABLE["public:login"])
    found = {message.id: message.msg for message in every_address_has_a_line(None)}
    assert found == {
        "access.E001": "the address 'public:data' (/how-we-use-your-data/) has no line in the access table",
        "access.W001": "the access table has a line for 'public:old', which is no address",
    }
    assert get_resolver() is not None
