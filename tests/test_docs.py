"""Is what the documentation says complete and true? A command, setting, operation, refusal or table that it does not
name fails here, and so does an example, a link or a command line that is wrong.
"""

from __future__ import annotations

import doctest
import importlib
import re
from argparse import Action
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from commonweal import system_packages
from commonweal.access.enforce import LOG_IN_FIRST
from commonweal.access.envelope import NOT_FOUND
from commonweal.access.models import StaffRole
from commonweal.access.reasons import why_not
from commonweal.access.rules import STAFF_ROLES, Role
from commonweal.access.table import TABLE
from commonweal.demo import story
from commonweal.management.commands import document_errors
from commonweal.management.pictures import LARGEST, PICTURES
from commonweal.management.refusals import find_refusals, read_examples
from commonweal.public import errors
from commonweal.settings.safety import LOCAL_SECRET_KEY, refusals
from investors.loan_tape import COLUMNS
from tests.builders import make_book
from tests.commonweal.access.people import make_staff
from tests.documentation import compare_between_marks, links, rows_of, slugs

ROOT = settings.BASE_DIR
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
OURS = ("ledger", "loans", "borrowers", "investors", "commonweal")
SET_BY_OTHERS = {"PATH", "PYTEST_XDIST_TESTRUNUID"}
DJANGOS_OPTIONS = {
    option
    for action in BaseCommand().create_parser("manage.py", "help")._actions
    for option in (*action.option_strings, action.dest)
}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


EVERYTHING = "\n".join(text_of(page) for page in PAGES if page.exists())


class TestCommands:
    names = sorted(name for name, app in get_commands().items() if str(app).split(".")[0] in OURS)
    table = rows_of(text_of(DOCS / "operating.md"), "Commands")

    def test_each_has_its_row_in_the_table_of_commands_and_none_is_gone(self) -> None:
        assert sorted(re.findall(r"^`(\w+)", row[0])[0] for row in self.table) == self.names

    @pytest.mark.parametrize("name", sorted(set(names) - {"migrate"}))
    def test_its_options_stand_in_the_row(self, name: str) -> None:
        command = load_command_class(get_commands()[name], name)
        actions: list[Action] = command.create_parser("manage.py", name)._actions
        wanted = {option for action in actions for option in action.option_strings} - DJANGOS_OPTIONS
        (row,) = [row for row in self.table if re.match(rf"`{name}\b", row[0])]
        assert {option for option in wanted if option not in row[0]} == set()

    def test_no_page_names_a_command_that_is_not_there(self) -> None:
        used = set(re.findall(r"manage\.py (\w+)", EVERYTHING)) - {"help"}
        assert used - set(get_commands()) == set()

    def test_no_page_names_a_target_that_make_does_not_have(self) -> None:
        targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
        assert set(re.findall(r"\bmake ([a-z]+)(?=[`\s:])", code_in(EVERYTHING))) - targets == set()


def code_in(text: str) -> str:
    """What stands in backticks or is indented: there it is a command line, elsewhere it may be English."""
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4}(.+)$", text, re.MULTILINE)]) + "\n"


def test_every_environment_variable_has_its_row() -> None:
    """Whatever the project or its tests read from the environment is documented in docs/operating.md."""
    reading = re.compile(r"""(?:\benv(?:\.\w+)?\(|environ(?:ment)?\.get\(|variable=)\s*"([A-Z][A-Z0-9_]+)\"""")
    files = [file for folder in ("commonweal", "tests") for file in (ROOT / folder).rglob("*.py")]
    read = {name for file in files for name in reading.findall(text_of(file))} - SET_BY_OTHERS
    rows = re.findall(r"^\| `([A-Z_]+)` \|", text_of(DOCS / "operating.md"), re.MULTILINE)
    assert {"DATABASE_URL", "SECRET_KEY", "CHROMIUM"} <= read
    assert read - set(rows) == set()


def test_every_column_of_the_loan_tape_has_its_row() -> None:
    """`SNAPSHOT_UPDATE=1` writes the rows anew."""
    rows = [f"| `{name}` | {words} |" for name, words in COLUMNS.items()]
    compare_between_marks(DOCS / "loan-tape.md", "loan tape", ["| column | what it means |", "|---|---|", *rows])


class TestOperations:
    def test_every_operation_of_the_api_has_its_row(self) -> None:
        """`SNAPSHOT_UPDATE=1` writes the rows anew."""
        head = ("| operation | for | who | |", "|---|---|---|---|")
        compare_between_marks(DOCS / "api.md", "operations", [*head, *operations()])

    def test_every_name_is_among_them(self) -> None:
        names = {name for name, _, _ in api_addresses(get_resolver())}
        assert names == {name.removeprefix("api:") for name in TABLE if name.startswith("api:")}
        assert len(names) > 40


def operations() -> Iterator[str]:
    """A row for each address and method, as the access table and the contract say it."""
    for name, path, view in api_addresses(get_resolver()):
        for method, permission in TABLE[f"api:{name}"].permissions.items():
            contract = getattr(getattr(view, method.lower(), None), "contract", None)
            key = "key" if contract is not None and contract.moves_money else ""
            yield f"| `{method} {path}` | {permission.purpose} | {who(permission.roles)} | {key} |"


def who(roles: frozenset[Role]) -> str:
    """Roles in words, the four of the staff as one."""
    rest = roles - STAFF_ROLES if roles >= STAFF_ROLES else roles
    return ", ".join(["staff"] * (rest != roles) + [role.value for role in Role if role in rest])


def api_addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str, object]]:
    """The name, address and view class of everything under the namespace `api`."""
    for pattern in resolver.url_patterns:
        path = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from api_addresses(pattern, path)
        elif isinstance(pattern, URLPattern) and path.startswith("/api/"):
            address = re.sub(r"<\w+:(\w+)>", r"{\1}", path)
            yield pattern.name or "", address, getattr(pattern.callback, "view_class", None)


class TestRefusals:
    page = text_of(DOCS / "errors.md")

    def test_the_catalogue_is_up_to_date(self) -> None:
        call_command("document_errors", check=True, stdout=StringIO())

    def test_a_catalogue_that_is_not_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = find_refusals(ROOT)
        monkeypatch.setattr(
            document_errors, "find_refusals", lambda root: [one for one in found if one.name != "CutOff"]
        )
        with pytest.raises(CommandError, match="out of date"):
            call_command("document_errors", check=True)

    def test_every_refusal_says_when_it_comes_and_what_to_do(self) -> None:
        for refusal in find_refusals(ROOT):
            assert refusal.when.endswith("."), refusal.key
            assert refusal.remedy.endswith("."), refusal.key

    @pytest.mark.parametrize("example", sorted(read_examples()))
    def test_every_example_of_a_real_run_is_quoted(self, example: str) -> None:
        assert f"> {read_examples()[example]}\n" in self.page

    @pytest.mark.parametrize(
        "said", [errors.AWAY, errors.OURS, errors.UNREADABLE, errors.STALE_FORM, NOT_FOUND, LOG_IN_FIRST]
    )
    def test_what_pages_say_is_quoted(self, said: str) -> None:
        assert said in self.page

    @pytest.mark.parametrize(
        "environment",
        [
            {},
            {"SECRET_KEY": LOCAL_SECRET_KEY, "DEBUG": "1", "ALLOWED_HOSTS": "*"},
            {"SECRET_KEY": "abcdefghij" * 4, "CSRF_TRUSTED_ORIGINS": "http://fund.example.org"},
            {"DATABASE_URL": "postgresql://commonweal_owner@db/commonweal"},
            {"DATABASE_URL": "postgresql://commonweal_auditor@db/commonweal"},
        ],
    )
    def test_every_unsafe_setting_is_quoted(self, environment: dict[str, str]) -> None:
        for sentence in refusals(environment):
            assert f"> {sentence}<br>" in self.page or f"> {sentence}\n" in self.page

    def test_a_missing_library_is_quoted(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        missing = system_packages.Need("libpango-1.0-0", library="libnothing.so.9")
        monkeypatch.setattr(system_packages, "NEEDS", (missing,))
        monkeypatch.setattr("os.geteuid", lambda: 1000)
        assert system_packages.main() == 1
        assert f"> {capsys.readouterr().err}" in self.page

    def test_an_older_python_is_quoted(self) -> None:
        (said,) = re.findall(r'and "(Commonweal needs [^"]+ is )"', text_of(ROOT / "Makefile"))
        assert f"> {said}3.9.2. Name one: make PYTHON=python3.12" in self.page

    @pytest.mark.django_db
    def test_what_is_said_to_somebody_without_the_role_is_quoted(self) -> None:
        book = make_book()
        make_staff(book, StaffRole.MANAGER, "Tom Ashworth")
        priya = make_staff(book, StaffRole.OFFICER, "Priya Nair")
        why = why_not(priya, "desk:application-decide", "POST", book=book.pk)
        assert f"> {why} Nothing was changed.\n" in self.page


class TestWorkedExamples:
    """Every number of docs/maths, and every example in a docstring, is run as written."""

    modules = sorted(
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for app in OURS
        for file in (ROOT / app).rglob("*.py")
        if ">>> " in text_of(file)
    )

    @pytest.mark.parametrize("page", sorted(DOCS.glob("maths/*.md")), ids=named)
    def test_a_page_says_what_the_product_does(self, page: Path) -> None:
        outcome = doctest.testfile(str(page), module_relative=False)
        assert outcome.attempted > 5
        assert outcome.failed == 0

    @pytest.mark.parametrize("module", modules)
    def test_an_example_in_a_docstring_is_true(self, module: str) -> None:
        outcome = doctest.testmod(importlib.import_module(module))
        assert outcome.attempted > 0
        assert outcome.failed == 0

    def test_there_are_such_examples(self) -> None:
        assert len(self.modules) > 10


class TestPages:
    @pytest.mark.parametrize("page", PAGES, ids=named)
    def test_links_lead_somewhere(self, page: Path) -> None:
        broken = []
        for target in links(text_of(page)):
            name, _, anchor = target.partition("#")
            there = (page.parent / name).resolve() if name else page
            leads = there.exists() and (not anchor or anchor in slugs(text_of(there)))
            broken += [] if leads else [target]
        assert broken == []

    def test_the_change_log_has_what_is_not_released(self) -> None:
        log = text_of(ROOT / "CHANGELOG.md")
        (unreleased,) = re.findall(r"^## Unreleased\n(.*?)(?=^## |\Z)", log, re.MULTILINE | re.DOTALL)
        assert len(re.findall(r"^- ", unreleased, re.MULTILINE)) > 5
        assert len(re.findall(r"^### ", unreleased, re.MULTILINE)) > 2

    @pytest.mark.django_db
    def test_the_table_of_tables_is_that_of_the_database(self) -> None:
        rows = rows_of(text_of(DOCS / "architecture.md"), "Table by table")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE tgname = 'append_only'"
            )
            append_only = {name for (name,) in cursor.fetchall()}
        ours = {
            model._meta.db_table
            for model in apps.get_models()
            if Path(apps.get_app_config(model._meta.app_label).path).is_relative_to(ROOT / "commonweal")
            or Path(apps.get_app_config(model._meta.app_label).path).parent == ROOT
        }
        assert {row[0].strip("`"): row[1] == "A" for row in rows} == {name: name in append_only for name in ours}


class TestFirstScreen:
    readme = text_of(ROOT / "README.md")

    def test_the_log_ins_are_those_of_the_demo(self) -> None:
        for person in story.SHOWN:
            assert f"`{person.email}`" in self.readme
        assert f"`{story.PASSWORD}`" in self.readme

    def test_it_names_the_two_commands_before_anything_long(self) -> None:
        screen = self.readme[:2500]
        assert "make demo" in screen
        assert "make test" in screen
        assert "prefers-color-scheme: dark" in screen

    def test_pictures_are_those_that_are_taken_small_and_shown(self) -> None:
        kept = {file.stem: file.stat().st_size for file in (DOCS / "pictures").glob("*")}
        assert set(kept) == {picture.name for picture in PICTURES} | {"statement"}
        assert {name for name, size in kept.items() if size > LARGEST} == set()
        assert {name for name in kept if f"docs/pictures/{name}.png" not in self.readme} == set()


def test_every_numbered_lock_is_in_the_table_of_locks() -> None:
    """By its number: two that mean different things under one number would wait for each other for nothing."""
    sources = [path for of in OURS for path in (ROOT / of).rglob("*") if path.suffix in (".py", ".sql")]
    numbered = re.compile(r"advisory_xact_lock(?:_shared)?\((74\d\d),|hashtextextended\([^()]*, (74\d\d)\)")
    taken = {pair or f"seed {seed}" for path in sources for pair, seed in numbered.findall(text_of(path))}
    said = re.findall(r"^\| (?:`\((\d+), |hash of a name with (seed \d+))", text_of(DOCS / "ledger-database.md"), re.M)
    assert taken == {pair or seed for pair, seed in said}


def test_every_named_lock_is_in_the_table_of_locks() -> None:
    """By the name whose hash it is, and whether a number stands beside it."""
    sources = [path for of in OURS for path in (ROOT / of).rglob("*") if path.suffix in (".py", ".sql")]
    named = re.compile(r"advisory_xact_lock\(hashtext\('([\w.]+)'\)(,?)")
    taken = {(name, bool(pair)) for path in sources for name, pair in named.findall(text_of(path))}
    said = re.findall(r"^\| (?:`\(hash of ([\w.]+), |hash of `([\w.]+)`)", text_of(DOCS / "ledger-database.md"), re.M)
    assert taken == {(pair or single, bool(pair)) for pair, single in said}
    assert len(taken) == len(said)
