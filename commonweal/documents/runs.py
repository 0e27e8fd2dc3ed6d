"""A run of statements: prepared one by one, looked at, and published together by a second person.

What is prepared stands in tables of its own, and nobody but staff sees it. Publishing makes documents of it, all in one
transaction; the database lets no statement in that a published run has not prepared (`sql/run_guard.sql`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from borrowers.models import Organisation
from commonweal.access.models import User
from commonweal.documents.errors import RunRefused
from commonweal.documents.issuing import issuer_of, number_of
from commonweal.documents.models import (
    Document,
    DocumentFile,
    DocumentKind,
    PreparedStatement,
    RunDecision,
    StatementRun,
)
from commonweal.documents.statements import Statement, render_statement
from investors.impact_statement import ImpactStatement
from investors.models import Investor
from ledger.domain.words import date_text
from ledger.services import approve
from loans.statements import Earlier, StatementHead, StatementStatus

if TYPE_CHECKING:
    from ledger.models import Book

Plan = Sequence[tuple[str, str]]
"""Which statements there will be: kind, and loan, investor, facility or fund as its subject."""

Build = Callable[[StatementHead, Sequence[Earlier]], Statement]
"""Makes the value of a statement under its head, knowing which ones its reader has."""

State = StatementRun.State

NOT_COMPARED = ("head", "since", "changed")
TOLD_OF_SOME = ("classes",)


@dataclass(frozen=True, slots=True)
class About:
    """What one statement of a run is about, and for whom."""

    kind: DocumentKind
    subject: str
    build: Build
    organisation: Organisation | None = None
    investor: Investor | None = None


@transaction.atomic
def begin_run(
    *,
    book: Book,
    period: tuple[date, date],
    status: StatementStatus,
    seal: str,
    plan: Callable[[], Plan],
    by: User,
    said_sha256: str = "",
) -> StatementRun:
    """The run of a period, its end exclusive, under a status and a seal; the latest one where it knew the same.

    `said_sha256` is the fingerprint of what borrowers had said, which the seal does not cover.
    One that was declined is begun anew; one that waits for less knowledge is overtaken. `plan` is asked for a new one.
    """
    _hold(f"statements:{book.pk}:{period[0]}:{period[1]}")
    latest = runs_of(book).filter(period_start=period[0], period_end=period[1]).first()
    if latest is not None and _knew(latest) == (status, seal, said_sha256) and state_of(latest) != State.DECLINED:
        return latest
    return StatementRun.objects.create(
        book=book,
        period_start=period[0],
        period_end=period[1],
        status=status.value,
        seal=seal,
        said_sha256=said_sha256,
        issued_on=book.business_date,
        planned=[list(one) for one in plan()],
        prepared_by=by,
    )


def runs_of(book: Book) -> QuerySet[Any]:
    """The runs of a book, the latest first, each with how far it is, what was decided and whether another came."""
    later = StatementRun.objects.filter(
        book=OuterRef("book"),
        period_start=OuterRef("period_start"),
        period_end=OuterRef("period_end"),
        pk__gt=OuterRef("pk"),
    )
    found: QuerySet[Any] = StatementRun.objects.filter(book=book).annotate(
        ready=Count("prepared"), is_overtaken=Exists(later)
    )
    return found.select_related("book", "prepared_by", "decision__decided_by").order_by("-pk")


def waiting_runs(book: Book) -> list[Any]:
    """The runs of a book that wait for a second person, the latest first."""
    return [run for run in runs_of(book).filter(decision=None, is_overtaken=False) if state_of(run) == State.WAITING]


def run_by_key(pk: int) -> Any:
    """A run with all that `runs_of` tells; None if there is none."""
    run = StatementRun.objects.select_related("book").filter(pk=pk).first()
    return runs_of(run.book).filter(pk=pk).first() if run else None


def state_of(run: Any) -> StatementRun.State:
    """Where a run of `runs_of` stands."""
    decision = getattr(run, "decision", None)
    if decision is not None:
        return State(decision.outcome)
    if run.is_overtaken:
        return State.OVERTAKEN
    return State.WAITING if run.ready == len(run.planned) else State.PREPARING


def left_to_prepare(run: StatementRun) -> list[tuple[str, str]]:
    """What of the plan is not prepared yet, in its order."""
    done = set(PreparedStatement.objects.filter(run=run).values_list("kind", "subject"))
    return [(kind, subject) for kind, subject in run.planned if (kind, subject) not in done]


@transaction.atomic
def prepare_statement(run: StatementRun, about: About, *, wait: bool = True) -> PreparedStatement | None:
    """One statement of a run, rendered and stored, unless the one that stands says the same.

    Safe to repeat, and for several workers at once: None where nobody is to `wait` and another one works on it, or did.
    Raises StatementTooEarly, StatementDoesNotAdd, DocumentError, MissingSystemLibrary; then nothing is stored.
    """
    _hold(_key(run), shared=True)
    if not _hold(f"{_key(run)}:{about.kind}:{about.subject}", wait=wait):
        return None
    done = PreparedStatement.objects.filter(run=run, kind=about.kind, subject=about.subject).first()
    if done is not None:
        return done if wait else None
    mine = PreparedStatement(
        run=run,
        kind=about.kind.value,
        subject=about.subject,
        organisation=about.organisation,
        investor=about.investor,
    )
    standing = _standing(run, about)
    if standing is not None and _knew(standing) == _knew(run):
        return _keep(mine, standing, standing.prepared.figures_sha256 if standing.prepared else "")
    _number(mine, standing)
    statement = about.build(_head(mine), _earlier(mine, standing))
    mine.figures_sha256 = figures_sha256(statement)
    if standing is not None and standing.status == run.status and _says_the_same(standing, mine):
        return _keep(mine, standing, mine.figures_sha256)
    rendered = render_statement(statement)
    mine.file, _ = DocumentFile.objects.get_or_create(sha256=rendered.sha256, defaults={"content": rendered.pdf})
    mine.size, mine.renderer = len(rendered.pdf), rendered.renderer
    if isinstance(statement, ImpactStatement):
        mine.figures = _keep_figures(rendered.csv)
    mine.save(force_insert=True)
    return mine


def figures_sha256(statement: Statement) -> str:
    """The fingerprint of all that a statement says, but for its own number, day and seal, and what became known.

    What only some investors have is left out where there is nothing of it: a statement that was issued before such
    things were told says the same without them.
    """
    values = {one.name: getattr(statement, one.name) for one in fields(statement) if one.name not in NOT_COMPARED}
    told = [repr(value) for name, value in values.items() if value or name not in TOLD_OF_SOME]
    return sha256("\n".join([repr(statement.head.issuer), *told]).encode()).hexdigest()


def run_sha256(run: StatementRun) -> str:
    """What an approval of a run is bound to, as the database works it out too: kind, subject, number and file of each
    statement, one on a line."""
    prepared = PreparedStatement.objects.filter(run=run).values_list("kind", "subject", "number", "file_id")
    return sha256("\n".join(" ".join(one) for one in sorted(prepared)).encode()).hexdigest()


@transaction.atomic
def publish_run(*, run: StatementRun, shown_sha256: str, by: User, reason: str = "") -> RunDecision:
    """Publish exactly what was shown: all statements of a run become documents at once.

    Raises SameTwoEyes for the person who had it prepared, and RunRefused where it is not complete, decided, overtaken,
    or not what was shown.
    """
    waiting = _waiting(run, shown_sha256)
    _refuse_replaced(waiting)
    approval = approve(
        subject=f"statement-run:{run.pk}",
        content_sha256=shown_sha256,
        made_by=waiting.prepared_by,
        made_at=waiting.prepared_at,
        checked_by=by,
        reason=reason.strip(),
    )
    outcome = RunDecision.Outcome.PUBLISHED
    decision = _decide(waiting, outcome, shown_sha256, reason, by, approval=approval)
    made = PreparedStatement.objects.filter(run=run, stands=None).select_related("organisation", "investor")
    Document.objects.bulk_create([_document(waiting, one) for one in made], batch_size=500)
    return decision


@transaction.atomic
def decline_run(*, run: StatementRun, shown_sha256: str, reason: str, by: User) -> RunDecision:
    """Say no, or take back what one had prepared oneself, and say why; its numbers are free again.

    Raises RunRefused.
    """
    waiting = _waiting(run, shown_sha256)
    if not reason.strip():
        raise RunRefused(f"Say why {run} is declined: whoever had it prepared reads it. Nothing was changed.")
    return _decide(waiting, RunDecision.Outcome.DECLINED, shown_sha256, reason, by)


def samples(run: StatementRun) -> list[tuple[PreparedStatement, str]]:
    """Which statements of a run to look at first, each with the reason: of either kind the longest, one that replaces
    another, and one by lot, which is the same whenever it is drawn."""
    rows = list(PreparedStatement.objects.filter(run=run, stands=None).select_related("organisation", "investor"))
    chosen: dict[int, tuple[PreparedStatement, str]] = {}
    for kind in dict.fromkeys(one.kind for one in rows):
        mine = [one for one in rows if one.kind == kind]
        replacing = [one for one in mine if one.replaces_id]
        picks = [
            (max(mine, key=lambda one: one.size), "says the most"),
            *((one, f"replaces {one.replaces}") for one in replacing[:1]),
            (min(mine, key=lambda one: sha256(f"{run.pk} {one.file_id}".encode()).digest()), "drawn by lot"),
        ]
        for one, why in picks:
            chosen.setdefault(one.pk, (one, why))
    return list(chosen.values())


def _waiting(run: StatementRun, shown_sha256: str) -> Any:
    """The run, held until the transaction ends, where it waits for a decision and is what was shown."""
    _hold(_key(run))
    waiting = run_by_key(run.pk)
    state = state_of(waiting)
    if state in (State.PUBLISHED, State.DECLINED):
        raise RunRefused(f"{run} is decided already: {state.label.lower()}. Look at it again; nothing was changed.")
    if state == State.OVERTAKEN:
        raise RunRefused(
            f"{run} is overtaken: a later run knows more of the period. Decide that one; nothing was changed."
        )
    if state == State.PREPARING:
        raise RunRefused(
            f"{waiting.ready} of {len(run.planned)} statements of {run} are prepared. Wait until all are, or have it "
            "prepared again; nothing was changed."
        )
    if run_sha256(run) != shown_sha256:
        raise RunRefused(f"{run} is not what you were shown. Look at it again; nothing was changed.")
    return waiting


def _refuse_replaced(run: StatementRun) -> None:
    """What a statement would replace may have been replaced since, by a run over another period that names it so."""
    wanted = PreparedStatement.objects.filter(run=run, stands=None).values("number")
    taken = Document.objects.filter(book=run.book, number__in=wanted).order_by("number").first()
    if taken is not None:
        raise RunRefused(
            f"{taken.number} was issued on {date_text(taken.issued_on)}, after {run} was prepared. Decline it and have "
            "the statements prepared again; nothing was changed."
        )


def _decide(run: StatementRun, outcome: str, shown_sha256: str, reason: str, by: User, **more: Any) -> RunDecision:
    said = {"outcome": outcome, "content_sha256": shown_sha256, "reason": reason.strip(), "decided_by": by}
    return RunDecision.objects.create(run=run, **said, **more)


def _document(run: StatementRun, one: PreparedStatement) -> Document:
    return Document(
        book_id=run.book_id,
        kind=one.kind,
        subject=one.subject,
        organisation_id=one.organisation_id,
        investor_id=one.investor_id,
        period_start=run.period_start,
        period_end=run.period_end,
        status=run.status,
        number=one.number,
        revision=one.revision,
        replaces_id=one.replaces_id,
        prepared=one,
        seal=run.seal,
        said_sha256=run.said_sha256,
        renderer=one.renderer,
        file_id=one.file_id,
        size=one.size,
        issued_on=run.issued_on,
        issued_by_id=run.prepared_by_id,
    )


def _standing(run: StatementRun, about: About) -> Document | None:
    """The latest document about the same subject and period."""
    found = Document.objects.filter(book_id=run.book_id, kind=about.kind, subject=about.subject)
    of_period = found.filter(period_start=run.period_start, period_end=run.period_end)
    return of_period.select_related("prepared").order_by("-revision").first()


def _knew(one: StatementRun | Document) -> tuple[str, str, str]:
    """What it could tell: of books closed or not, the entries under a seal, and what borrowers had said."""
    return one.status, one.seal, one.said_sha256


def _says_the_same(standing: Document, mine: PreparedStatement) -> bool:
    return standing.prepared is not None and standing.prepared.figures_sha256 == mine.figures_sha256


def _keep(mine: PreparedStatement, standing: Document, figures: str) -> PreparedStatement:
    mine.stands, mine.figures_sha256 = standing, figures
    mine.number, mine.revision, mine.replaces = standing.number, standing.revision, standing.replaces
    mine.file_id, mine.size, mine.renderer = standing.file_id, standing.size, standing.renderer
    mine.figures_id = standing.prepared.figures_id if standing.prepared else None
    mine.save(force_insert=True)
    return mine


def _keep_figures(text: str) -> DocumentFile:
    content = text.encode()
    kept, _ = DocumentFile.objects.get_or_create(sha256=sha256(content).hexdigest(), defaults={"content": content})
    return kept


def _figures(of: Document | None) -> str:
    """The figures that were kept of a statement, as CSV; nothing where none were."""
    kept = of.prepared.figures_id if of and of.prepared else None
    return bytes(DocumentFile.objects.values_list("content", flat=True).get(pk=kept)).decode() if kept else ""


def _number(mine: PreparedStatement, standing: Document | None) -> None:
    mine.replaces, mine.revision = standing, standing.revision + 1 if standing else 1
    mine.number = number_of(mine.run.period_start, mine.run.period_end, mine.subject, mine.revision)


def _head(mine: PreparedStatement) -> StatementHead:
    run = mine.run
    return StatementHead(
        issuer=issuer_of(run.book),
        number=mine.number,
        status=StatementStatus(run.status),
        period_start=run.period_start,
        period_end=run.period_end,
        issued_on=run.issued_on,
        seal=run.seal,
        replaces=mine.replaces.number if mine.replaces else "",
    )


def _earlier(mine: PreparedStatement, standing: Document | None) -> list[Earlier]:
    """The statements that the reader has of what this one begins with: the one it replaces, and that of the period
    before it."""
    run = mine.run
    before = Document.objects.filter(book_id=run.book_id, kind=mine.kind, subject=mine.subject)
    last = before.filter(period_end=run.period_start).order_by("-pk").first()
    found = ((standing, _figures(standing)), (last, ""))
    return [Earlier(one.number, one.last_day, one.seal, figures) for one, figures in found if one is not None]


def _key(run: StatementRun) -> str:
    return f"statement-run:{run.pk}"


def _hold(name: str, *, shared: bool = False, wait: bool = True) -> bool:
    """Hold a name until the transaction ends; whether it is held, where nobody waits."""
    function = f"pg_{'' if wait else 'try_'}advisory_xact_lock{'_shared' if shared else ''}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 7415))", [name])
        (held,) = cursor.fetchone()
    return held is not False
