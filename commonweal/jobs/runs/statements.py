"""The runs that prepare the statements of a period, and tell whom they are for once they are published."""

from __future__ import annotations

from typing import Any

from commonweal.access.models import User
from commonweal.documents.models import StatementRun
from commonweal.documents.runs import run_by_key, state_of
from commonweal.jobs.leases import progress, told_to
from commonweal.jobs.letters import ask_to_send
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from commonweal.jobs.statements import help_to_prepare, period_of, prepare_statements, tell_readers
from ledger.queries import book_by_code


@job("issue_statements")
def run(asked: Job) -> dict[str, Any]:
    """Prepare them one by one; a run that was cut off starts again and finds what is prepared."""
    book = book_by_code(asked.arguments["book"])
    if book is None or not isinstance(asked.requested_by, User):
        raise LookupError("the job names a book or a person that does not exist")
    period = period_of(asked.arguments["period"], book)
    made = prepare_statements(book=book, period=period, by=asked.requested_by, progress=told_to(asked))
    found = run_by_key(made.pk)
    standing = made.prepared.exclude(stands=None).count()
    words = f"{made}: {found.ready} statements for {period.text}, of which {standing} stood already. "
    words += said_of(found)
    progress(asked, done=found.ready, total=found.ready, note=words)
    return {"run": made.pk, "statements": found.ready, "stood": standing, "words": words}


def said_of(found: Any) -> str:
    """What is to be done about a run, in a sentence."""
    state = state_of(found)
    if state == StatementRun.State.WAITING:
        return "A colleague looks at them and publishes."
    return f"{state.label}."


@job("help_statements")
def help_run(asked: Job) -> dict[str, Any]:
    """Help a run that has much to prepare; what it finds done is nothing to worry about."""
    helped = help_to_prepare(run=_run(asked))
    words = f"Helped with {helped} statements."
    progress(asked, note=words)
    return {"helped": helped, "words": words}


@job("tell_statements")
def tell_run(asked: Job) -> dict[str, Any]:
    """Write to whoever has a new statement; told again it writes nothing."""
    found = _run(asked)
    written = tell_readers(run=found, progress=told_to(asked))
    ask_to_send(book=found.book, by=asked.requested_by)
    words = f"{written} letters written about {found}."
    progress(asked, note=words)
    return {"written": written, "words": words}


def _run(asked: Job) -> StatementRun:
    found = run_by_key(asked.arguments["run"])
    if found is None or found.book_id != asked.book_id:
        raise LookupError("the job names a run of statements that does not exist")
    return found
