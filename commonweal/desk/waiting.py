"""What waits for somebody at the desk, counted for the navigation and the home page."""

from __future__ import annotations

from django.urls import reverse

from commonweal.components import Todo
from commonweal.jobs.models import Job, JobState
from commonweal.templatetags.commonweal import day_short, money
from ledger.domain.money import from_minor
from ledger.queries import Book, drafts, unmatched_bank_lines
from loans.queries import waiting_applications


def waiting_counts(book: Book) -> dict[str, int]:
    """How many things wait, by the URL name of the section where they are."""
    return {
        "desk:applications": waiting_applications(book).count(),
        "desk:repayments": unmatched_bank_lines(book).count(),
    }


def todos(book: Book) -> list[Todo]:
    """Each kind of work that waits, with the way to it."""
    return [_applications(book), _bank_lines(book), _journals(book), _failed(book)]


def _applications(book: Book) -> Todo:
    found = list(waiting_applications(book))
    told = "; ".join(f"{one.organisation}, {money(one.amount)}" for one in found[:3])
    label = "Application waiting for a decision" if len(found) == 1 else "Applications waiting for a decision"
    aside = f"since {day_short(found[0].applied_on)}" if found else ""
    return Todo(len(found), label, reverse("desk:applications", args=[book.code]) if found else "", told, aside)


def _bank_lines(book: Book) -> Todo:
    found = list(unmatched_bank_lines(book))
    amount = sum(
        (from_minor(line.rest, line.bank_account.currency) for line in found), from_minor(0, book.base_currency)
    )
    told = f"{money(amount)} in suspense" if found else "Suspense is nought"
    label = "Bank line not matched" if len(found) == 1 else "Bank lines not matched"
    aside = f"since {day_short(found[-1].booked_on)}" if found else ""
    return Todo(len(found), label, reverse("desk:repayments", args=[book.code]) if found else "", told, aside)


def _journals(book: Book) -> Todo:
    found = list(drafts(book).filter(state="open"))
    told = "; ".join(f"{draft}, {draft.narrative}, by {draft.made_by}" for draft in found[:2])
    url = reverse("desk:drafts", args=[book.code]) if found else ""
    return Todo(len(found), "Manual journals waiting for a second person", url, told)


def _failed(book: Book) -> Todo:
    found = list(Job.objects.filter(book=book, state=JobState.FAILED).order_by("-pk"))
    url = reverse("desk:job", args=[book.code, found[0].pk]) if found else ""
    return Todo(len(found), "Failed runs", url, found[0].error if found else "", state="late" if found else "")
