"""What is said about long work, statements, the month's end, documents, logging in and starting."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

from commonweal.access import rules
from commonweal.access.brake import FOR_ONE_PERSON, TooManyAttempts, note_attempt
from commonweal.database import DatabaseUnavailable, EmbeddedServer
from commonweal.documents import renderer
from commonweal.documents.errors import DocumentError, MissingSystemLibrary, RunRefused
from commonweal.documents.runs import publish_run
from commonweal.jobs import errors, registry
from commonweal.jobs.auditors_pack import make_pack, pack_days
from commonweal.jobs.close import close_month
from commonweal.jobs.matching import Wanted, match_line
from commonweal.jobs.runs import upkeep
from commonweal.jobs.services import cancel, enqueue, retry
from commonweal.jobs.statements import period_of
from commonweal.jobs.year_end_journal import prepare_year_end
from commonweal.management import pictures
from commonweal.processes import CannotStart, refuse_used_port
from ledger.domain.suggestion import Part
from tests.borrowers.builders import community_shop
from tests.builders import make_user
from tests.commonweal.jobs.kinds import GREET
from tests.loans.builders import bank_line, make_fund
from tests.published import prepare_file
from tests.refusals.scenes import ends_in

DEMO_PORT = 8000


@ends_in(errors.UnknownJobKind)
def no_such_work() -> object:
    of_the_product = {kind: registry.run_of(kind) for kind in ("close_month", "import_bank", "issue_statements")}
    with mock.patch.object(registry, "_RUNS", of_the_product):
        return enqueue(kind="make_tea", arguments={}, by=make_user())


@ends_in(errors.JobKeyReused)
def other_work() -> object:
    amina = make_user()
    enqueue(kind=GREET, arguments={"name": "Jo"}, by=amina, key="greet:Jo")
    return enqueue(kind=GREET, arguments={"name": "Tom"}, by=amina, key="greet:Jo")


@ends_in(errors.JobNotFinished)
def tried_again_too_soon() -> object:
    return retry(job=enqueue(kind=GREET, arguments={"name": "Jo"}, by=make_user()))


@ends_in(errors.JobAlreadyFinished)
def stopped_too_late() -> object:
    return cancel(job=cancel(job=enqueue(kind=GREET, arguments={"name": "Jo"}, by=make_user())))


@ends_in(errors.MatchRefused)
def more_than_the_line_has() -> object:
    fund = make_fund()
    line = bank_line(fund, "676.65", "HH-0108", "2026-11-20")
    return match_line(book=fund.book, wanted=Wanted(line.pk, (Part("loan", 1, 676_66),)), by=fund.priya)


@ends_in(errors.NotReadyToClose)
def the_month_is_not_over() -> object:
    fund = make_fund()
    return close_month(book=fund.book, through=date(2026, 11, 30), by=fund.tom)


@ends_in(errors.BookNotInOrder)
def the_nightly_check_finds_something() -> object:
    book = make_fund().book
    arguments = {"book": book.code}
    job = enqueue(kind="check_book", arguments=arguments, by=make_user(), book=book)
    with mock.patch.object(upkeep, "examine_everything", return_value=["the closing of account 1010 is 5.00 off"]):
        return upkeep.run_check(job)


@ends_in(errors.PeriodNotOver)
def statements_too_early() -> object:
    return period_of("2026-Q4", make_fund().book)


@ends_in(errors.UnknownPeriod)
def no_period() -> object:
    return period_of("Q3 2026", make_fund().book)


@ends_in(errors.YearEndNotReady)
def months_of_the_year_are_open() -> object:
    fund = make_fund()
    return prepare_year_end(book=fund.book, year_end=date(2026, 3, 31), by=fund.tom)


@ends_in(errors.NothingToAudit)
def a_pack_of_nothing() -> object:
    fund = make_fund()
    return make_pack(book=fund.book, days=pack_days(fund.book, date(2026, 3, 31)), by=fund.tom)


@ends_in(RunRefused)
def published_otherwise_than_shown() -> object:
    fund = make_fund()
    run = prepare_file(fund.book, "L-0108", b"%PDF", organisation=community_shop())
    return publish_run(run=run, shown_sha256="0" * 64, by=fund.tom)


@ends_in(DocumentError)
def a_picture_from_elsewhere() -> object:
    return render("<img src='https://example.org/x.png' alt='x'>")


@ends_in(MissingSystemLibrary)
def no_pango() -> object:
    renderer._weasyprint.cache_clear()
    try:
        with mock.patch("builtins.__import__", without_pango(__import__)):
            return render("<p>x</p>")
    finally:
        renderer._weasyprint.cache_clear()


@ends_in(TooManyAttempts)
def a_sixth_time() -> object:
    for _ in range(FOR_ONE_PERSON + 1):
        note_attempt(email="jo@netherby-shop.example", address="127.0.0.1")
    return None


@ends_in(rules.MalformedTable)
def no_such_role() -> object:
    return rules.read_rules("desk:loans    GET    chairman    read the loans")


@ends_in(DatabaseUnavailable)
def another_postgresql() -> object:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder))
        server.data.mkdir(parents=True)
        (server.data / "PG_VERSION").write_text("14\n")
        try:
            return server._refuse_other_version()
        except DatabaseUnavailable as said:
            raise DatabaseUnavailable(str(said).replace(folder, "var")) from said


@ends_in(CannotStart)
def the_port_is_in_use() -> object:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        try:
            return refuse_used_port(port)
        except CannotStart as said:
            numbers = ((str(port + 1), str(DEMO_PORT + 1)), (str(port), str(DEMO_PORT)))
            raise CannotStart(_replaced(str(said), numbers)) from said


@ends_in(pictures.CannotTakePictures)
def no_browser() -> object:
    with mock.patch.dict("os.environ", {"CHROMIUM": "no-such-browser"}), pictures.chromium():
        return None


def render(body: str) -> bytes:
    """A document of one element."""
    html = f"<html lang='en'><head><title>x</title></head><body>{body}</body></html>"
    return renderer.render_pdf(html, stylesheets=[], attachments=[], created=datetime(2026, 11, 23, tzinfo=UTC))


def without_pango(real: Callable[..., object]) -> Callable[..., object]:
    """An import of WeasyPrint that finds no Pango."""

    def fake(name: str, *args: object, **kwargs: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object file")
        return real(name, *args, **kwargs)

    return fake


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
