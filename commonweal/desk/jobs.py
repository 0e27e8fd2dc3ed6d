"""Long work at the desk: how far it is, what came of it, stopping it and trying it again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import JobShown, Link
from commonweal.desk.frame import book_of, desk_page
from commonweal.jobs import services
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.queries import jobs_for
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day, figure

if TYPE_CHECKING:
    from ledger.models import Book

TITLES = {
    "import_bank": "Bringing in a bank file",
    "issue_statements": "Preparing statements",
    "help_statements": "Helping a run of statements",
    "tell_statements": "Telling of statements",
    "issue_tax_statements": "Issuing tax statements",
    "close_days": "Closing days",
    "close_month": "Closing a month",
    "help_close": "Helping a close",
    "auditors_pack": "Making an auditor’s pack",
    "send_letters": "Sending letters",
    "try_moving_in": "Trying a book of loans",
    "move_in": "Moving in a book of loans",
    "seal_book": "Seal",
    "write_letters": "Letters and reminders",
    "check_book": "Check of the books",
    "forget_answers": "Old answers",
}
RESULTS = {
    "import_bank": ("desk:repayments", "Repayments", "See the bank lines"),
    "issue_statements": ("desk:statements", "Statements", "See the statements"),
    "help_statements": ("desk:statements", "Statements", "See the statements"),
    "tell_statements": ("desk:letters", "Letters", "See the letters"),
    "issue_tax_statements": ("desk:tax-relief", "Tax relief", "See the tax relief"),
    "close_days": ("desk:periods", "Month end", "See the periods"),
    "close_month": ("desk:periods", "Month end", "See the periods"),
    "help_close": ("desk:periods", "Month end", "See the periods"),
    "auditors_pack": ("desk:packs", "Auditor’s packs", "See the packs"),
    "send_letters": ("desk:letters", "Letters", "See the letters"),
    "try_moving_in": ("desk:moving-ins", "Moving in", "See the books of loans"),
    "move_in": ("desk:moving-ins", "Moving in", "See the books of loans"),
    "seal_book": ("desk:trial-balance", "Ledger", "See the trial balance"),
    "write_letters": ("desk:letters", "Letters", "See the letters"),
    "check_book": ("desk:trial-balance", "Ledger", "See the trial balance"),
}
ELSEWHERE = ("desk:book", "Home", "Go on")
STATES = {
    JobState.QUEUED: "waiting",
    JobState.RUNNING: "running",
    JobState.DONE: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "stopped",
}
UNTOLD = {
    JobState.QUEUED: "It is next in the queue.",
    JobState.RUNNING: "It has begun.",
    JobState.DONE: "It is done.",
    JobState.CANCELLED: "It was stopped. What was finished stays.",
}
"""What is said of work that has said nothing itself."""

RETRIED = (JobState.FAILED, JobState.CANCELLED)


def job(request: PersonRequest, book: str, job: int) -> HttpResponse:
    """How far a job is; a fragment of the same when the page asks again by itself."""
    of = book_of(request, book)
    found = get_object_or_404(jobs_for(request.user).select_related("requested_by"), pk=job, book=of)
    section, name, _ = RESULTS.get(found.kind, ELSEWHERE)
    context = {
        "job": _shown(request, found, of),
        "found": found,
        "title": TITLES.get(found.kind, found.kind),
        "about": about(found),
    }
    if request.headers.get("HX-Request"):
        return render(request, "components/job.html", context)
    crumbs = [Link(name, reverse(section, args=[of.code])), Link(found.reference)]
    return desk_page(request, "desk/job.html", of, section=section, crumbs=crumbs, context=context)


def job_retry(request: PersonRequest, book: str, job: int) -> HttpResponse:
    """Queue a failed job again."""
    return _change(request, book, job, "retry")


def job_stop(request: PersonRequest, book: str, job: int) -> HttpResponse:
    """Stop a job; what it finished stays. One that failed is done with: it waits at nobody's home any more."""
    return _change(request, book, job, "stop")


def about(job: Job) -> str:
    """Which file, which period, or through which day."""
    if isinstance(through := job.arguments.get("through"), str):
        return f"through {day(date.fromisoformat(through))}"
    return job.arguments.get("name") or job.arguments.get("period") or ""


def _shown(request: PersonRequest, job: Job, book: Book) -> JobShown:
    state = JobState(job.state)
    result, _, label = RESULTS.get(job.kind, ELSEWHERE)
    return JobShown(
        id=job.reference,
        title="How far it is" if not job.is_finished else "What came of it",
        state=STATES[state],
        url=reverse("desk:job", args=[book.code, job.pk]),
        total=job.total or 0,
        done=job.done,
        message=job.error or _told(job, state),
        retry_url=reverse("desk:job-retry", args=[book.code, job.pk]) if job.state in RETRIED else "",
        stop_url=reverse("desk:job-stop", args=[book.code, job.pk]),
        result_url=reverse(result, args=[book.code]),
        result_label=label,
        why_not=why_not(request.user, "desk:job-stop", "POST", book=book.pk),
    )


def _told(job: Job, state: JobState) -> str:
    """What the work said last, and how much of it is done while it is under way."""
    told = f"{job.note.rstrip('.')}." if job.note else UNTOLD.get(state, "")
    return f"{told} {figure(job.done)} of {figure(job.total)} done." if job.total and not job.is_finished else told


def _change(request: PersonRequest, book: str, job: int, what: str) -> HttpResponse:
    of = book_of(request, book)
    found = get_object_or_404(jobs_for(request.user), pk=job, book=of)
    try:
        (services.retry if what == "retry" else services.cancel)(job=found)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:job", of.code, found.pk)
