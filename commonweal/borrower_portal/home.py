"""What is my next payment, how far have I come, did my money arrive, and whom can I ask?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpResponse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import applications_for, organisations_for
from commonweal.borrower_portal.debits import DebitShown, debits_of
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.components import Moment
from commonweal.letters.debits import LONGEST_HOLIDAY
from commonweal.request_words import asked_in_words
from commonweal.templatetags.commonweal import money
from ledger.queries import bank_accounts
from loans.domain.application import ApplicationStatus
from loans.domain.position import InstalmentPosition, Position
from loans.models import Answer, Application, BorrowerRequest, EventKind, Loan, LoanEvent, RequestAnswer
from loans.queries import positions_of
from loans.returns_queries import open_returns_of

if TYPE_CHECKING:
    from ledger.models import BankAccount

BEFORE, AFTER = 2, 4
"""How many past and coming payments the home page shows."""

UNDECIDED = (ApplicationStatus.SUBMITTED, ApplicationStatus.SENT_BACK)

LATEST = 3
"""How much of the money that arrived the home page tells."""


STATES = {
    Answer.GRANTED: ("good", "Agreed"),
    Answer.DECLINED: ("closed", "Not agreed"),
    Answer.WITHDRAWN: ("closed", "You took it back"),
}
"""What became of a request, as a shape and in words."""

REMEMBERED = timedelta(days=60)
"""So long after it was asked, a request that is answered stands on the home page."""


@dataclass(frozen=True, slots=True)
class RequestTold:
    """What a business asked for, and where that stands."""

    request: BorrowerRequest
    words: str
    answer: RequestAnswer | None

    @property
    def state(self) -> str:
        """Its state as a shape."""
        return STATES[Answer(self.answer.answer)][0] if self.answer else "ask"

    @property
    def said(self) -> str:
        """Its state as words."""
        return STATES[Answer(self.answer.answer)][1] if self.answer else "We are looking at it"


@dataclass(frozen=True, slots=True)
class LoanShown:
    """A loan as its business sees it on its home page."""

    loan: Loan
    position: Position
    arrived: Sequence[Moment]
    account: BankAccount | None
    """Where the fund takes its payments."""
    asked: RequestTold | None
    """What was asked for last: while it waits, and for some weeks after its answer."""
    debit: DebitShown | None
    """Its Direct Debit, where there is one."""

    @property
    def is_collected(self) -> bool:
        """Whether the next payment is collected, so that it need not be paid."""
        due = self.position.next_payment
        if self.debit is None or self.debit.next is None or due is None:
            return False
        on, amount = self.debit.next
        return due.due_on <= on <= due.due_on + LONGEST_HOLIDAY and amount >= due.total

    @property
    def will_be_collected(self) -> bool:
        """Whether the next payment will be collected, though its business was not told of the day yet."""
        due = self.position.next_payment
        if self.debit is None or due is None or self.is_collected:
            return False
        return self.debit.can_collect(due.due_on)

    @property
    def around_now(self) -> tuple[InstalmentPosition, ...]:
        """The last payments, those that are late, and the next ones."""
        rows = self.position.instalments
        done = sum(1 for row in rows if row.paid_on)
        return rows[max(0, done - BEFORE) : max(done + AFTER, self.next_no + 1)]

    @property
    def next_no(self) -> int:
        """The number of the next payment; 0 when there is none."""
        return self.position.next_payment.no if self.position.next_payment else 0

    @property
    def late_rows(self) -> tuple[InstalmentPosition, ...]:
        """Payments that are late."""
        return tuple(row for row in self.position.instalments if row.days_late)


def home(request: PersonRequest) -> HttpResponse:
    """The next payment in a sentence, for each loan of the business."""
    loans = own_loans(request)
    asked = list(_asked(request))
    context = {"loans": shown(loans), "asked": asked, "returns": list(open_returns_of(organisations_for(request.user)))}
    books = [*(loan.book for loan in loans), *(application.book for application in asked)]
    book = books[0] if books else None
    return portal_page(request, "borrower_portal/home.html", section="borrower:home", book=book, context=context)


def _asked(request: PersonRequest) -> QuerySet[Application]:
    """What the business has asked for and the fund has not decided."""
    found = applications_for(request.user).filter(status__in=UNDECIDED)
    return found.select_related("book", "organisation").order_by("applied_on", "pk")


def shown(loans: Sequence[Loan]) -> list[LoanShown]:
    """Each loan on the business date of its fund, in a fixed number of queries for each such date."""
    by_date: dict[date, list[Loan]] = defaultdict(list)
    for loan in loans:
        by_date[loan.book.business_date].append(loan)
    positions = {pk: found for on, group in by_date.items() for pk, found in positions_of(group, on).items()}
    arrived = _arrived(loans)
    accounts, requests, debits = _accounts(loans), _requests(loans), debits_of(loans, positions)
    return [
        LoanShown(
            loan,
            positions[loan.pk],
            arrived[loan.pk],
            accounts.get((loan.book_id, loan.currency)),
            requests.get(loan.pk),
            debits.get(loan.pk),
        )
        for loan in loans
    ]


def _accounts(loans: Sequence[Loan]) -> dict[tuple[int, str], BankAccount]:
    """The bank account that takes payments, by book and currency: the first of several."""
    found: dict[tuple[int, str], BankAccount] = {}
    for book in {loan.book for loan in loans}:
        for account in bank_accounts(book):
            found.setdefault((book.pk, account.currency), account)
    return found


def _requests(loans: Sequence[Loan]) -> dict[int, RequestTold]:
    """The latest request of each loan, by its key."""
    found = BorrowerRequest.objects.filter(loan__in=loans).select_related("answer").order_by("pk")
    books = {loan.pk: loan.book for loan in loans}
    return {
        one.loan_id: RequestTold(one, asked_in_words(one), getattr(one, "answer", None))
        for one in found
        if not hasattr(one, "answer") or one.asked_on > books[one.loan_id].business_date - REMEMBERED
    }


def _arrived(loans: Sequence[Loan]) -> dict[int, list[Moment]]:
    """The latest payments that arrived, by loan."""
    repaid = LoanEvent.objects.filter(loan__in=loans, kind=EventKind.REPAID, reversed_by=None)
    found: dict[int, list[Moment]] = defaultdict(list)
    for event in repaid.order_by("-effective_on", "-pk"):
        if len(found[event.loan_id]) < LATEST:
            thanks = "" if found[event.loan_id] else ", thank you"
            label = f"{money(event.money)} arrived{thanks}"
            found[event.loan_id].append(Moment(event.effective_on, label, state="done"))
    return found
