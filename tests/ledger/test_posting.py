"""Does posting take every honest entry once, and refuse every other with a sentence that says what to do?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from moneyed import Money

from ledger import queries
from ledger.domain import errors
from ledger.domain.entry import JournalEntry, Posting, credit, debit
from ledger.domain.words import date_text
from ledger.models import JournalEntry as StoredEntry
from ledger.models import PostingRequest
from ledger.services import approve, close_account, close_period, open_account, post, reverse
from ledger.services.posting import COPY_FROM, as_value
from tests.ledger.guard_cases import approval
from tests.ledger.raw_rows import fingerprints
from tests.ledger.small_book import BANK, INCOME, LOAN, OPENED, SUSPENSE, TODAY, SmallBook, make_book, simple_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> SmallBook:
    return make_book()


@contextmanager
def refused(error: type[errors.LedgerError], says: str) -> Iterator[None]:
    """The block is refused with exactly this class and sentence, and no row of the ledger is another afterwards."""
    before = fingerprints()
    with pytest.raises(error) as caught:
        yield
    assert type(caught.value) is error
    assert says in str(caught.value)
    assert fingerprints() == before


@dataclass(frozen=True)
class Case:
    """What is posted, and the error with a part of its sentence."""

    name: str
    attempt: Callable[[SmallBook], object]
    error: type[errors.LedgerError]
    says: str


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


def of(*postings: Posting, on: date = TODAY, **fields: Any) -> Callable[[SmallBook], object]:
    """Make and post an entry of these postings."""
    return lambda small: small.post(JournalEntry(on, "Money in", postings, **fields))


def on_date(on: date) -> Callable[[SmallBook], object]:
    return lambda small: small.post(simple_entry(on=on))


def to_account(code: str, currency: str = "GBP") -> Callable[[SmallBook], object]:
    return of(Posting(code, 5, currency), Posting(BANK, -5, currency))


def manual(number: Callable[[SmallBook], int | None]) -> Callable[[SmallBook], object]:
    """Tom posts a manual journal under an approval."""
    honest = simple_entry()
    return lambda s: s.post(replace(honest, kind="manual", source="journal:1", approval=number(s)))


def from_amina_to_tom(small: SmallBook) -> int:
    return approval(small, made_by=small.amina, checked_by=small.tom, subject="journal:1")


NO_KEY = (errors.MalformedEntry, "A posting key has 1 to 200 characters")
UNBALANCED = (
    Case(
        "unbalanced",
        of(debit(BANK, pounds("100.00")), credit(SUSPENSE, pounds("99.99"))),
        errors.UnbalancedEntry,
        "Entry 'Money in' on 10 March 2025: debits exceed credits by £0.01.",
    ),
    Case(
        "currencies netting to nought",
        of(debit(BANK, pounds("1")), credit(SUSPENSE, Money("1", "EUR"))),
        errors.UnbalancedEntry,
        "debits exceed credits by £1.00",
    ),
    Case("no postings", of(), errors.MalformedEntry, "has 0 posting(s); it needs at least two"),
    Case("one posting", of(debit(BANK, pounds("1"))), errors.MalformedEntry, "has 1 posting(s)"),
    Case("no key", lambda small: post([simple_entry()], book=small.book, key="", by=small.tom), *NO_KEY),
    Case("a long key", lambda small: small.post(simple_entry(), key="k" * 201), *NO_KEY),
    Case("no entries", lambda small: small.post(), errors.MalformedEntry, "give at least one entry"),
)
AMOUNTS = (
    Case("nought", lambda s: debit(BANK, pounds("0")), errors.WrongAmount, "to 1010/MAIN is nought. Leave it out"),
    Case("not a number", lambda s: debit(BANK, pounds("NaN")), errors.WrongAmount, "is not a finite amount of money"),
    Case("signalling", lambda s: debit(BANK, pounds("sNaN")), errors.WrongAmount, "is not a finite amount of money"),
    Case("infinite", lambda s: credit(BANK, pounds("-Infinity")), errors.WrongAmount, "is not a finite amount"),
    Case("10^15", lambda s: debit(BANK, pounds("10000000000000.00")), errors.WrongAmount, "too large"),
    Case("beyond every limit", lambda s: debit(BANK, pounds("1e99999")), errors.WrongAmount, "too large"),
    Case("10^15 by hand", lambda s: Posting(BANK, -(10**15), "GBP"), errors.WrongAmount, "below 10^15"),
    Case("half a penny", lambda s: debit(BANK, pounds("0.005")), errors.WrongAmount, "is finer than the smallest unit"),
    Case("a trace", lambda s: debit(BANK, pounds("1." + "0" * 40 + "1")), errors.WrongAmount, "is finer than"),
    Case("negative", lambda s: debit(BANK, pounds("-1")), errors.WrongAmount, "is negative"),
)
PLACES = (
    Case(
        "before the book", on_date(OPENED - timedelta(days=1)), errors.BeforeBookOpened, "was opened on 1 January 2025"
    ),
    Case("unknown account", to_account("1310/L-9999"), errors.UnknownAccount, "has no account 1310/L-9999 in GBP"),
    Case("known, other currency", to_account(LOAN, "EUR"), errors.UnknownAccount, "no account 1310/L-0001 in EUR"),
    Case("no account", to_account(""), errors.UnknownAccount, "has no account  in GBP"),
)
FOUR_EYES = (
    Case("unchecked", manual(lambda s: None), errors.NotApproved, "only when a second person checked them"),
    Case("unknown approval", manual(lambda s: 999_999), errors.NotApproved, "not posted by the person who checked it"),
    Case(
        "posted by its maker",
        manual(lambda s: approval(s, made_by=s.tom, checked_by=s.amina, subject="journal:1")),
        errors.NotApproved,
        "not posted by the person who checked it",
    ),
    Case(
        "approval of something else",
        manual(lambda s: approval(s, made_by=s.amina, checked_by=s.tom, subject="journal:2")),
        errors.NotApproved,
        "comes from journal:1, and the approval is of journal:2",
    ),
)
ALL = {c.name: c for c in (*UNBALANCED, *AMOUNTS, *PLACES)}


@pytest.mark.parametrize("name", ALL)
def test_what_cannot_stand_is_refused_with_a_reason(small: SmallBook, name: str) -> None:
    case = ALL[name]
    with refused(case.error, case.says):
        case.attempt(small)


@pytest.mark.parametrize("name", [c.name for c in FOUR_EYES])
def test_four_eyes_are_needed(small: SmallBook, name: str) -> None:
    case = next(c for c in FOUR_EYES if c.name == name)
    with pytest.raises(case.error) as caught, transaction.atomic():
        case.attempt(small)
    assert case.says in str(caught.value)
    assert not StoredEntry.objects.exists()


def test_an_approval_serves_one_entry(small: SmallBook) -> None:
    number = from_amina_to_tom(small)
    manual(lambda s: number)(small)
    with refused(errors.NotApproved, "was used for another entry already"):
        manual(lambda s: number)(small)


def test_nobody_approves_what_they_made(small: SmallBook) -> None:
    fields = {"subject": "journal:1", "content_sha256": "0" * 64, "made_at": "2025-03-10T09:00:00Z"}
    with refused(errors.SameTwoEyes, "somebody else has to check it"):
        approve(made_by=small.tom, checked_by=small.tom, **fields)
    approve(made_by=small.tom, checked_by=small.amina, **fields)
    with refused(errors.AlreadyExists, "approved already"):
        approve(made_by=small.tom, checked_by=small.amina, **fields)


def test_a_closed_period_refuses(small: SmallBook) -> None:
    close_period(book=small.book, through=date(2025, 1, 31), by=small.tom)
    with refused(errors.PeriodClosed, "Date it on or after 1 February 2025, or reopen the latest closed period."):
        small.post(simple_entry(on=date(2025, 1, 31)))
    small.post(simple_entry(on=date(2025, 2, 1)))


def test_an_account_takes_postings_from_its_first_day_to_the_day_before_it_closes(small: SmallBook) -> None:
    opened, closed = TODAY, TODAY + timedelta(days=3)
    open_account(book=small.book, node="1310", subject="L-0002", on=opened)
    small.post(simple_entry(on=opened, accounts=("1310/L-0002", BANK)))
    close_account(account=small.account("1310/L-0002"), on=closed)
    small.post(simple_entry(on=closed - timedelta(days=1), accounts=("1310/L-0002", BANK)))
    for day in (opened - timedelta(days=1), closed):
        with refused(errors.AccountNotOpen, f"is open from {date_text(opened)} to before {date_text(closed)}"):
            small.post(simple_entry(on=day, accounts=("1310/L-0002", BANK)))


def test_an_account_with_later_postings_does_not_close(small: SmallBook) -> None:
    small.post(simple_entry(on=TODAY))
    account = small.account(BANK)
    with refused(errors.AccountNotOpen, f"has postings on or after {date_text(TODAY)}"):
        close_account(account=account, on=TODAY)
    assert account.closed_on is None
    close_account(account=account, on=TODAY + timedelta(days=1))


def test_one_wrong_entry_keeps_all_of_them_out(small: SmallBook) -> None:
    for count in (2, COPY_FROM + 5):
        right = [simple_entry(n, narrative=f"entry {n}") for n in range(1, count)]
        with refused(errors.UnknownAccount, "has no account 1310/L-9999"):
            small.post(*right, simple_entry(accounts=("1310/L-9999", BANK)))


@pytest.mark.parametrize("count", [1, 2, COPY_FROM - 1, COPY_FROM, COPY_FROM + 1, 60])
def test_what_is_posted_is_there_as_it_was_given(small: SmallBook, count: int) -> None:
    given = [
        JournalEntry(
            TODAY + timedelta(days=n),
            f"Entry {n}: “quotes”, \\ and\ttabs",
            (Posting(BANK, 3 * n, "GBP"), Posting(SUSPENSE, -n, "GBP"), Posting(LOAN, -2 * n, "GBP")),
            kind="bank",
            source=f"bank-line:{n}",
        )
        for n in range(1, count + 1)
    ]
    posted = small.post(*given)
    stored = [as_value(entry) for entry in StoredEntry.objects.filter(book=small.book).order_by("pk")]
    assert stored == given
    assert list(posted.entry_ids) == sorted(StoredEntry.objects.values_list("pk", flat=True))
    total = sum(3 * n for n in range(1, count + 1))
    assert queries.balance(small.account(BANK), date(2026, 1, 1)) == Money(Decimal(total) / 100, "GBP")


def test_the_same_key_with_the_same_content_gives_the_first_answer(small: SmallBook) -> None:
    entries = [simple_entry(1), simple_entry(2)]
    first = post(entries, book=small.book, key="march", by=small.tom)
    before = fingerprints()
    again = post(list(entries), book=small.book, key="march", by=small.amina)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.entry_ids == again.entry_ids
    assert fingerprints() == before


@pytest.mark.parametrize(
    "other",
    [
        [simple_entry(2)],
        [simple_entry(1), simple_entry(1)],
        [simple_entry(1, narrative="Money out")],
        [simple_entry(1, on=TODAY + timedelta(days=1))],
        [simple_entry(1, accounts=(BANK, INCOME))],
        [simple_entry(-1)],
        [replace(simple_entry(1), source="bank-line:1")],
        [replace(simple_entry(1), kind="bank")],
    ],
)
def test_the_same_key_with_other_content_is_refused(small: SmallBook, other: list[JournalEntry]) -> None:
    (first,) = post([simple_entry(1)], book=small.book, key="march", by=small.tom).entry_ids
    with refused(errors.KeyUsedForOtherContent, f"The key 'march' was used in Small for E-{first} with other content"):
        post(other, book=small.book, key="march", by=small.tom)


def test_a_key_is_known_in_its_own_book_alone(small: SmallBook) -> None:
    other = make_book("another", (small.tom, small.amina))
    first, second = (post([simple_entry(1)], book=b, key="march", by=small.tom) for b in (small.book, other.book))
    assert not second.repeated
    assert first.entry_ids != second.entry_ids


def test_a_key_whose_posting_was_refused_is_free_again(small: SmallBook) -> None:
    with refused(errors.UnknownAccount, "1310/L-9999"):
        post([simple_entry(accounts=("1310/L-9999", BANK))], book=small.book, key="march", by=small.tom)
    assert not post([simple_entry()], book=small.book, key="march", by=small.tom).repeated


def test_a_repeat_is_answered_even_where_posting_anew_would_be_refused(small: SmallBook) -> None:
    first = post([simple_entry()], book=small.book, key="march", by=small.tom)
    close_account(account=small.account(BANK), on=TODAY + timedelta(days=1))
    close_period(book=small.book, through=TODAY, by=small.tom)
    assert post([simple_entry()], book=small.book, key="march", by=small.tom).entry_ids == first.entry_ids


def test_the_database_knows_who_posted_and_when(small: SmallBook) -> None:
    posted = small.post(simple_entry(), by=small.amina)
    request = PostingRequest.objects.get()
    assert request.posted_by_id == small.amina.pk
    assert request.entry_ids == list(posted.entry_ids)
    assert request.recorded_at is not None


def test_texts_as_long_as_can_be_are_kept(small: SmallBook) -> None:
    entry = replace(simple_entry(), narrative="é" * 500, source="s" * 100)
    small.post(entry, key="k" * 200)
    assert as_value(StoredEntry.objects.get()) == entry


class TestReversal:
    """A correction is the mirror image, once, on a day that the accountant names."""

    @pytest.fixture
    def entry_id(self, small: SmallBook) -> int:
        return small.post(simple_entry(500)).entry_ids[0]

    def reverse(
        self, small: SmallBook, entry_id: int, *, on: date = TODAY, key: str = "r", reason: str = "twice"
    ) -> int:
        return reverse(entry_id, book=small.book, on=on, reason=reason, key=key, by=small.tom).entry_ids[0]

    def test_brings_every_account_back(self, small: SmallBook, entry_id: int) -> None:
        on = TODAY + timedelta(days=9)
        made = StoredEntry.objects.get(pk=self.reverse(small, entry_id, on=on))
        assert (made.reverses_id, made.kind, made.effective_on) == (entry_id, "reversal", on)
        assert made.narrative == f"Reversal of E-{entry_id}: twice"
        bank = small.account(BANK)
        assert queries.balance(bank, on - timedelta(days=1)) == pounds("5.00")
        assert queries.balance(bank, on) == pounds("0.00")

    def test_of_a_reversal_is_the_original_again(self, small: SmallBook, entry_id: int) -> None:
        back = self.reverse(small, self.reverse(small, entry_id), key="rr")
        original, again = (as_value(StoredEntry.objects.get(pk=pk)) for pk in (entry_id, back))
        assert again.postings == original.postings

    def test_happens_once(self, small: SmallBook, entry_id: int) -> None:
        made = self.reverse(small, entry_id)
        with refused(errors.AlreadyReversed, f"E-{entry_id} is reversed already, by E-{made}"):
            self.reverse(small, entry_id, key="another")

    def test_repeated_under_its_key_gives_the_first_answer(self, small: SmallBook, entry_id: int) -> None:
        assert self.reverse(small, entry_id) == self.reverse(small, entry_id)
        with refused(errors.KeyUsedForOtherContent, "with other content"):
            self.reverse(small, entry_id, reason="another reason")

    def test_with_too_long_a_reason_is_refused(self, small: SmallBook, entry_id: int) -> None:
        with refused(errors.MalformedEntry, "there is room for 500. Shorten it; nothing was posted."):
            self.reverse(small, entry_id, reason="x" * 500)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason_is_refused(self, small: SmallBook, entry_id: int, reason: str) -> None:
        with refused(errors.ReasonNeeded, f"Say why E-{entry_id} is reversed"):
            self.reverse(small, entry_id, reason=reason)

    def test_of_what_is_not_there_is_refused(self, small: SmallBook) -> None:
        other = make_book("another", (small.tom, small.amina))
        foreign = other.post(simple_entry()).entry_ids[0]
        for number in (foreign, 999_999_999):
            with refused(errors.UnknownEntry, f"Small has no entry E-{number}"):
                self.reverse(small, number)

    def test_is_not_dated_before_its_original(self, small: SmallBook, entry_id: int) -> None:
        with refused(errors.MalformedEntry, "cannot be dated earlier"):
            self.reverse(small, entry_id, on=TODAY - timedelta(days=1))

    def test_goes_into_an_open_period_whatever_became_of_the_original(self, small: SmallBook, entry_id: int) -> None:
        close_period(book=small.book, through=TODAY, by=small.tom)
        with refused(errors.PeriodClosed, "in a closed period"):
            self.reverse(small, entry_id, on=TODAY)
        self.reverse(small, entry_id, on=TODAY + timedelta(days=1))

    def test_made_by_hand_has_to_mirror(self, small: SmallBook, entry_id: int) -> None:
        mirrored = replace(simple_entry(-500), reverses=entry_id)
        for wrong in (replace(simple_entry(-499), reverses=entry_id), replace(simple_entry(500), reverses=entry_id)):
            with refused(errors.NotAMirror, f"does not mirror E-{entry_id}"):
                small.post(wrong)
        small.post(mirrored)


class TestBehindTheValue:
    """Should a value ever be made that its class refuses, the database answers with the same class of error."""

    def broken(self, **fields: object) -> JournalEntry:
        entry = simple_entry(5)
        for name, value in fields.items():
            object.__setattr__(entry, name, value)
        return entry

    def posting(self, minor: int, code: str = BANK) -> Posting:
        made = Posting(code, 1, "GBP")
        object.__setattr__(made, "minor", minor)
        return made

    def test_unbalanced(self, small: SmallBook) -> None:
        with refused(errors.UnbalancedEntry, "debits less credits are 1 minor units and not nought"):
            small.post(self.broken(postings=(self.posting(5), self.posting(-4))))

    def test_mixed_currencies(self, small: SmallBook) -> None:
        with refused(errors.UnbalancedEntry, "minor units of EUR and not nought"):
            small.post(self.broken(postings=(Posting(BANK, 5, "GBP"), Posting(BANK, -5, "EUR"))))

    def test_one_posting(self, small: SmallBook) -> None:
        with refused(errors.MalformedEntry, "at least two postings"):
            small.post(self.broken(postings=(self.posting(5),)))

    def test_amounts(self, small: SmallBook) -> None:
        for amounts in ((0, 0), (10**15, -(10**15))):
            with refused(errors.WrongAmount, "An amount is nought, or 10^15 or more"):
                small.post(self.broken(postings=tuple(self.posting(a) for a in amounts)))

    def test_in_a_copy_too(self, small: SmallBook) -> None:
        wrong = self.broken(postings=(self.posting(5), self.posting(-4)))
        with refused(errors.UnbalancedEntry, "and not nought"):
            small.post(*[simple_entry(n) for n in range(1, COPY_FROM + 9)], wrong)
