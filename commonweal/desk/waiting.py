"""What waits for somebody at the desk, counted for the navigation and the home page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from commonweal.access.invitations import waiting_invitations
from commonweal.access.reasons import may
from commonweal.components import Todo
from commonweal.covenant_words import covenant_told
from commonweal.desk.month_end import next_month_end
from commonweal.desk.portfolio import loan_rows
from commonweal.documents.runs import waiting_runs
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.paying import payments_to_chase
from commonweal.letters.contacts import steps_due
from commonweal.letters.kinds import LetterState, Side
from commonweal.letters.messages import unread_of
from commonweal.letters.models import Letter
from commonweal.payees import names_of
from commonweal.templatetags.commonweal import day, day_short, lateness, money, span
from investors.queries import capital_acts, citr_certificates, transfers, waiting_payouts
from investors.queries.borrowings import breaches, waiting_terms
from investors.queries.consents import counted_consents
from ledger.domain.money import from_minor
from ledger.queries import (
    details_waiting,
    on_its_way,
    open_drafts,
    payment_files,
    under_way_by_account,
    unmatched_bank_lines,
)
from loans.covenants import needing_somebody
from loans.loan_list import Asked, loan_list
from loans.losses import waiting_loss_proposals
from loans.models import MovingIn
from loans.moving_in_queries import moving_ins
from loans.queries import waiting_applications
from loans.servicing_queries import open_proposals, requests_to_look_at

if TYPE_CHECKING:
    from commonweal.access.models import User
    from ledger.models import Book

TOLD = 3
"""How many of what waits are named beneath its count."""


def waiting_counts(book: Book) -> dict[str, int]:
    """How many things wait, by the URL name of the section where they are."""
    return {
        "desk:applications": waiting_applications(book).count(),
        "desk:proposals": open_proposals(book).count() + requests_to_look_at(book).count(),
        "desk:repayments": unmatched_bank_lines(book).count(),
        "desk:steps": steps_due(book, book.business_date).count() + unread_of(book, Side.FUND).count(),
    }


def todos(book: Book, user: User) -> list[Todo]:
    """Each kind of work that waits, with the way to it, as at the business date; what does not wait is left out.

    What some only can act on is named to them alone.
    """
    return [todo for each in KINDS if (todo := each(book)).count and _may_act(user, each, book)]


def _may_act(user: User, kind: Callable[[Book], Todo], book: Book) -> bool:
    return kind is not _moving_in or may(user, "desk:moving-in-confirm", "POST", book=book.pk)


def next_close(book: Book) -> str:
    """When the next month can be closed, in words."""
    return _month(book).note


def _applications(book: Book) -> Todo:
    found = list(waiting_applications(book))
    told = "; ".join(f"{one.organisation}, {money(one.amount)}" for one in found[:TOLD])
    label = "Application waiting for a decision" if len(found) == 1 else "Applications waiting for a decision"
    aside = f"since {day_short(found[0].applied_on)}" if found else ""
    return Todo(len(found), label, reverse("desk:applications", args=[book.code]), told, aside)


def _proposals(book: Book) -> Todo:
    """What a colleague proposed, and what businesses ask for."""
    found, asked = list(open_proposals(book)), list(requests_to_look_at(book))
    named = [f"{one.get_kind_display()}, {one.loan.organisation}, by {one.proposed_by}" for one in found]
    named += [f"{one.loan.organisation} asks for {one.get_kind_display().lower()}" for one in asked]
    number, told = len(named), "; ".join(named[:TOLD])
    label = "Proposal or request to decide" if number == 1 else "Proposals and requests to decide"
    return Todo(number, label, reverse("desk:proposals", args=[book.code]), told)


def _consents(book: Book) -> Todo:
    """What the lenders of a loan have agreed to or refused, or too few have answered in time."""
    found = counted_consents(book)
    told = "; ".join(f"{one}, {one.loan.organisation}: {one.state.words.lower()}" for one in found[:TOLD])
    label = "Consent of lenders to act on" if len(found) == 1 else "Consents of lenders to act on"
    url = reverse("desk:consent", args=[book.code, found[0].pk]) if found else ""
    return Todo(len(found), label, url, told)


def _sales(book: Book) -> Todo:
    """Parts of loans whose sale waits for a second person."""
    found = list(transfers(book).filter(decision=None))
    told = "; ".join(f"{one.seller} to {one.buyer}, {one.loan}, by {one.proposed_by}" for one in found[:TOLD])
    label = "Sale of a part to check" if len(found) == 1 else "Sales of parts to check"
    url = reverse("desk:transfer", args=[book.code, found[-1].pk]) if found else ""
    return Todo(len(found), label, url, told)


def _statements(book: Book) -> Todo:
    """Runs of statements that wait for a second person."""
    found = waiting_runs(book)
    told = "; ".join(f"{one}, {span(one.period_start, one.last_day)}, by {one.prepared_by}" for one in found[:TOLD])
    label = "Run of statements to publish" if len(found) == 1 else "Runs of statements to publish"
    url = reverse("desk:statement-run", args=[book.code, found[-1].pk]) if found else ""
    return Todo(len(found), label, url, told)


def _capital_acts(book: Book) -> Todo:
    """Acts on the fund's capital that wait for a second person."""
    found = list(capital_acts(book).filter(decision=None))
    told = "; ".join(f"{one.what.words}: {one.words}, by {one.proposed_by}" for one in found[:TOLD])
    label = "Act on the fund’s capital to check" if len(found) == 1 else "Acts on the fund’s capital to check"
    url = reverse("desk:capital-act", args=[book.code, found[-1].pk]) if found else ""
    return Todo(len(found), label, url, told)


def _certificates(book: Book) -> Todo:
    """Tax relief certificates that wait for a second person."""
    found = list(citr_certificates(book).filter(decision=None).order_by("due_by"))
    told = "; ".join(
        f"{one.investment.investor}, {money(one.committed_money)}, by {one.proposed_by}" for one in found[:TOLD]
    )
    label = "Certificate to check" if len(found) == 1 else "Certificates to check"
    url = reverse("desk:tax-investment", args=[book.code, found[0].investment_id]) if found else ""
    is_late = bool(found) and found[0].due_by < book.business_date
    aside = f"{'was due' if is_late else 'due'} by {day_short(found[0].due_by)}" if found else ""
    return Todo(len(found), label, url, told, aside, "late" if is_late else "")


def _payouts(book: Book) -> Todo:
    """Payouts to investors that wait for a second person."""
    found = list(waiting_payouts(book))
    told = "; ".join(f"{one}, {one.reason}, by {one.proposed_by}" for one in found[:TOLD])
    label = "Payout to check" if len(found) == 1 else "Payouts to check"
    url = reverse("desk:payout", args=[book.code, found[0].pk]) if found else ""
    return Todo(len(found), label, url, told)


def _facilities(book: Book) -> Todo:
    """Terms of what the fund borrows that wait for a second person."""
    found = list(waiting_terms(book))
    told = "; ".join(f"{one.facility}, {one.facility.lender}, by {one.proposed_by}" for one in found[:TOLD])
    label = "Borrowing to check" if len(found) == 1 else "Borrowings to check"
    url = reverse("desk:facility-terms", args=[book.code, found[0].facility_id, found[0].version]) if found else ""
    return Todo(len(found), label, url, told)


def _promises(book: Book) -> Todo:
    """Promises to the fund's own lenders that are broken as they were tested last."""
    found = breaches(book)
    told = "; ".join(f"{one.facility}, {one.get_kind_display().lower()}" for one in found[:TOLD])
    label = "Promise to a lender broken" if len(found) == 1 else "Promises to lenders broken"
    return Todo(len(found), label, reverse("desk:borrowings", args=[book.code]), told, "look at it", "late")


def _losses(book: Book) -> Todo:
    """Provisions and guarantee claims that wait for a second person."""
    found = list(waiting_loss_proposals(book))
    told = "; ".join(f"{one.get_kind_display()}, {one.loan.organisation}, by {one.made_by}" for one in found[:TOLD])
    label = "Provision or claim to decide" if len(found) == 1 else "Provisions and claims to decide"
    return Todo(len(found), label, reverse("desk:provisions", args=[book.code]), told)


def _payees(book: Book) -> Todo:
    """Bank details that wait for a call back."""
    found = list(details_waiting(book))
    names = names_of(each.subject for each in found[:TOLD])
    told = "; ".join(f"{names.get(one.subject, one.subject)}, by {one.proposed_by}" for one in found[:TOLD])
    label = "Account to call back about" if len(found) == 1 else "Accounts to call back about"
    return Todo(len(found), label, reverse("desk:payees", args=[book.code]), told)


def _invitations(book: Book) -> Todo:
    """Invitations that wait for a second person."""
    found = list(waiting_invitations(book))
    told = "; ".join(f"{one.name} to {one.to}, by {one.asked_by}" for one in found[:TOLD])
    label = "Invitation to decide" if len(found) == 1 else "Invitations to decide"
    return Todo(len(found), label, reverse("desk:people", args=[book.code]), told)


def _payments_out(book: Book) -> Todo:
    """Money that is booked as on its way, and in no payment file."""
    under_way = under_way_by_account(book)
    left = [minor - under_way.get(code, 0) for code, minor in on_its_way(book).items()]
    open_, told = [minor for minor in left if minor > 0], ""
    if open_:
        told = f"{money(from_minor(sum(open_), book.base_currency))} is on its way and in no payment file"
    label = "Payment to make" if len(open_) == 1 else "Payments to make"
    return Todo(len(open_), label, reverse("desk:payments", args=[book.code]), told)


def _payment_files(book: Book) -> Todo:
    """Payment files that wait for a second person."""
    found = list(payment_files(book).filter(is_checked=False, is_withdrawn=False))
    told = "; ".join(f"{one}, {money(one.money)}, by {one.made_by}" for one in found[:TOLD])
    label = "Payment file to check" if len(found) == 1 else "Payment files to check"
    url = reverse("desk:payment-file", args=[book.code, found[-1].pk]) if found else ""
    return Todo(len(found), label, url, told)


def _unconfirmed(book: Book) -> Todo:
    """Payments that the bank was given and has not confirmed in good time."""
    found = payments_to_chase(book)
    told = "; ".join(f"{money(one.money)} for {one.reference}, {one.end_to_end_id}" for one in found[:TOLD])
    label = "Payment that the bank has not confirmed" if len(found) == 1 else "Payments that the bank has not confirmed"
    aside = f"since {day_short(found[0].sent_on)}" if found else ""
    return Todo(len(found), label, reverse("desk:payments", args=[book.code]), told, aside, "late" if found else "")


def _moving_in(book: Book) -> Todo:
    """Books of loans that tie and wait for a second person."""
    found = list(moving_ins(book).filter(state=MovingIn.State.READY))
    told = "; ".join(f"{one}, by {one.prepared_by}" for one in found[:TOLD])
    label = "Book of loans to confirm" if len(found) == 1 else "Books of loans to confirm"
    return Todo(len(found), label, reverse("desk:moving-ins", args=[book.code]), told)


def _bank_lines(book: Book) -> Todo:
    found = list(unmatched_bank_lines(book))
    amounts = (from_minor(line.rest, line.bank_account.currency) for line in found)
    told = f"{money(sum(amounts, from_minor(0, book.base_currency)))} in suspense"
    label = "Bank line not matched" if len(found) == 1 else "Bank lines not matched"
    aside = f"since {day_short(found[-1].booked_on)}" if found else ""
    return Todo(len(found), label, reverse("desk:repayments", args=[book.code]), told, aside)


def _late(book: Book) -> Todo:
    late = loan_list(book, book.business_date, Asked(status="late"))
    found, number = loan_rows(late[:TOLD], book.business_date), late.count()
    named = "; ".join(f"{row.loan.organisation}, {money(row.arrears)}" for row in found)
    state, words = lateness(found[0].days_past_due) if found else ("", "")
    label, url = "Loan in arrears" if number == 1 else "Loans in arrears", reverse("desk:arrears", args=[book.code])
    return Todo(number, label, url, named, words, state)


def _steps(book: Book) -> Todo:
    found = list(steps_due(book, book.business_date))
    told = "; ".join(f"{one.loan.organisation}: {one.next_step}" for one in found[:TOLD])
    label = "Next step due" if len(found) == 1 else "Next steps due"
    aside = f"since {day_short(found[0].next_step_on)}" if found else ""
    return Todo(len(found), label, reverse("desk:steps", args=[book.code]), told, aside)


def _messages(book: Book) -> Todo:
    found = list(unread_of(book, Side.FUND))
    told = "; ".join(dict.fromkeys(str(one.party) for one in found[:TOLD]))
    label = "Message not read" if len(found) == 1 else "Messages not read"
    aside = f"since {day_short(found[0].written_at)}" if found else ""
    return Todo(len(found), label, reverse("desk:messages", args=[book.code]), told, aside)


def _returned(book: Book) -> Todo:
    """Letters that did not leave."""
    found = list(Letter.objects.filter(book=book, state=LetterState.FAILED).select_related("person"))
    told = "; ".join(f"{one.person}, {one.subject}" for one in found[:TOLD])
    label = "Letter not sent" if len(found) == 1 else "Letters not sent"
    return Todo(len(found), label, reverse("desk:letters", args=[book.code]), told, "look at it", "late")


def _covenants(book: Book) -> Todo:
    found = [covenant_told(one) for one in needing_somebody(book, book.business_date)]
    named = "; ".join(f"{one.covenant.loan.organisation}, {one.label.lower()}" for one in found[:TOLD])
    label = "Covenant that needs somebody" if len(found) == 1 else "Covenants that need somebody"
    state, words = (found[0].now.state, found[0].now.words) if found and found[0].now else ("", "")
    return Todo(len(found), label, reverse("desk:covenants", args=[book.code]), named, words, state)


def _journals(book: Book) -> Todo:
    found = list(open_drafts(book))
    told = "; ".join(f"{draft}, {draft.narrative}, by {draft.made_by}" for draft in found[:TOLD])
    things = "Manual journal" if len(found) == 1 else "Manual journals"
    return Todo(len(found), f"{things} waiting for a second person", reverse("desk:drafts", args=[book.code]), told)


def _month(book: Book) -> Todo:
    """The month that could be closed; it waits from the day after its last."""
    through = next_month_end(book)
    is_over = through < book.business_date
    name = span(through.replace(day=1), through)
    told = f"{name} is over and still open" if is_over else f"{name} can be closed from {day(through + timedelta(1))}"
    label = "Month to close" if is_over else "Months to close"
    return Todo(int(is_over), label, reverse("desk:periods", args=[book.code]), told)


def _failed(book: Book) -> Todo:
    found = list(Job.objects.filter(book=book, state=JobState.FAILED).order_by("-pk"))
    url = reverse("desk:job", args=[book.code, found[0].pk]) if found else ""
    label = "Failed run" if len(found) == 1 else "Failed runs"
    return Todo(len(found), label, url, found[0].error if found else "", "look at it" if found else "", "late")


KINDS: tuple[Callable[[Book], Todo], ...] = (
    _applications,
    _proposals,
    _consents,
    _sales,
    _certificates,
    _capital_acts,
    _payouts,
    _facilities,
    _losses,
    _payees,
    _invitations,
    _payment_files,
    _statements,
    _moving_in,
    _payments_out,
    _unconfirmed,
    _bank_lines,
    _late,
    _covenants,
    _promises,
    _steps,
    _messages,
    _journals,
    _month,
    _failed,
    _returned,
)
"""What may wait at the desk, in the order of the home page: decisions first, then money, people and books."""
