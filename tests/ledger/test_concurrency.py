"""Do the promises hold when many act at once? Threads with connections of their own, on committed data."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count, pairwise

import pytest
from django.db import Error as DatabaseError
from django.db import connection, connections, transaction

from ledger import queries
from ledger.domain import errors
from ledger.models import AccountClosing, JournalEntry, PeriodEvent, Posting, PostingRequest, Seal, SealedEntry
from ledger.services import (
    Posted,
    close_account,
    close_period,
    open_account,
    post,
    reopen_period,
    reverse,
    seal,
    seal_text,
    verify,
)
from ledger.services.periods import trial_balance_sha256
from tests.databases import TestDatabase
from tests.ledger.at_once import all_at_once
from tests.ledger.guard_cases import honest
from tests.ledger.raw_rows import Rows, refusal, write_by_insert
from tests.ledger.small_book import BANK, LOAN, OPENED, SUSPENSE, SmallBook, make_book, simple_entry

pytestmark = pytest.mark.committing

JANUARY = date(2025, 1, 31)
KEYS = count()


@pytest.fixture
def small(committing_database: TestDatabase) -> SmallBook:
    return make_book()


class TestOneKey:
    """Fifty at once under one key: one entry, fifty equal answers."""

    @pytest.mark.parametrize("entries", [1, 30], ids=["by function", "by COPY"])
    def test_makes_one_entry_and_fifty_equal_answers(self, small: SmallBook, entries: int) -> None:
        content = [simple_entry(n, narrative=f"Entry {n}") for n in range(1, entries + 1)]
        answers = all_at_once([lambda: post(content, book=small.book, key="march", by=small.tom)] * 50)
        assert {type(answer) for answer in answers} == {Posted}
        assert {answer.entry_ids for answer in answers} == {answers[0].entry_ids}
        assert Counter(answer.repeated for answer in answers) == {False: 1, True: 49}
        assert PostingRequest.objects.count() == 1
        assert JournalEntry.objects.count() == entries
        assert Posting.objects.count() == 2 * entries

    def test_with_other_content_is_refused_whoever_comes_first(self, small: SmallBook) -> None:
        contents = [simple_entry(100 + n % 2) for n in range(50)]
        answers = all_at_once([lambda c=c: post([c], book=small.book, key="march", by=small.tom) for c in contents])
        (first,) = JournalEntry.objects.all()
        won = [n for n, answer in enumerate(answers) if isinstance(answer, Posted)]
        assert len({n % 2 for n in won}) == 1
        assert len(won) == 25
        assert {answers[n].entry_ids for n in won} == {(first.pk,)}
        lost = [answer for answer in answers if not isinstance(answer, Posted)]
        assert {type(answer) for answer in lost} == {errors.KeyUsedForOtherContent}

    def test_is_free_again_for_who_waited_when_the_first_is_rolled_back(self, small: SmallBook) -> None:
        holding, waiting = threading.Event(), threading.Event()

        def roll_back() -> str:
            with transaction.atomic():
                post([simple_entry(1)], book=small.book, key="march", by=small.tom)
                holding.set()
                waiting.wait(10)
                time.sleep(0.1)
                transaction.set_rollback(True)
            return "rolled back"

        def wait_for_it() -> Posted:
            holding.wait(10)
            waiting.set()
            return post([simple_entry(2)], book=small.book, key="march", by=small.tom)

        first, second = all_at_once([roll_back, wait_for_it])
        assert (first, second.repeated) == ("rolled back", False)
        assert queries.balance(small.account(BANK), OPENED.replace(year=2026)).amount * 100 == 2


class TestReversing:
    """An entry is reversed once, whoever asks and however many."""

    def test_at_once_under_different_keys_happens_once(self, small: SmallBook) -> None:
        (entry_id,) = small.post(simple_entry()).entry_ids
        on = simple_entry().effective_on

        def attempt(n: int) -> Posted:
            return reverse(entry_id, book=small.book, on=on, reason="twice", key=f"r{n}", by=small.tom)

        answers = all_at_once([lambda n=n: attempt(n) for n in range(12)])
        assert Counter(type(answer) for answer in answers) == {Posted: 1, errors.AlreadyReversed: 11}
        assert JournalEntry.objects.filter(reverses=entry_id).count() == 1
        assert queries.balance(small.account(BANK), on).amount == 0

    def test_at_once_under_one_key_gives_one_answer(self, small: SmallBook) -> None:
        (entry_id,) = small.post(simple_entry()).entry_ids
        on = simple_entry().effective_on
        answers = all_at_once(
            [lambda: reverse(entry_id, book=small.book, on=on, reason="twice", key="r", by=small.tom)] * 12
        )
        assert {type(answer) for answer in answers} == {Posted}
        assert len({answer.entry_ids for answer in answers}) == 1


@contextmanager
def writers(small: SmallBook, number: int, on: date, account: str = LOAN) -> Iterator[list[tuple[str, object]]]:
    """That many threads that post to a day until the block ends; what each call gave, by key."""
    stop, given = threading.Event(), []

    def write() -> None:
        try:
            while not stop.is_set():
                key = f"key-{next(KEYS)}"
                entries = [simple_entry(5, on=on, accounts=(account, SUSPENSE))] * (25 if key.endswith("7") else 1)
                try:
                    given.append((key, post(entries, book=small.book, key=key, by=small.tom)))
                except errors.LedgerError as error:
                    given.append((key, error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield given
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def wait_for(given: list[tuple[str, object]], more: int) -> None:
    """Until so many more calls were answered."""
    enough, deadline = len(given) + more, time.monotonic() + 30
    while len(given) < enough:
        assert time.monotonic() < deadline
        time.sleep(0.002)


class TestClosing:
    """A period is closed while eight writers post to its last day."""

    def test_nothing_slips_in_behind_the_trial_balance(self, small: SmallBook) -> None:
        for step in range(6):
            with writers(small, 8, JANUARY) as given:
                wait_for(given, 25)
                event = close_period(book=small.book, through=JANUARY, by=small.amina)
                wait_for(given, 25)
            posted = [answer for _, answer in given if isinstance(answer, Posted)]
            refused = [answer for _, answer in given if not isinstance(answer, Posted)]
            assert posted
            assert {type(answer) for answer in refused} == {errors.PeriodClosed}
            self.agree(small, event)
            reopen_period(book=small.book, reason=f"again {step}", by=small.amina)

    def agree(self, small: SmallBook, event: PeriodEvent) -> None:
        """The kept closings, the hash and the postings that stand tell the same."""
        stands: Counter[int] = Counter()
        for account_id, amount in Posting.objects.values_list("account_id", "amount"):
            stands[account_id] += amount
        assert dict(AccountClosing.objects.filter(event=event).values_list("account_id", "balance")) == stands
        assert event.trial_balance_sha256 == trial_balance_sha256(small.book, JANUARY)

    def test_two_closers_at_once_close_once(self, small: SmallBook) -> None:
        small.post(simple_entry(on=OPENED))
        events = all_at_once([lambda: close_period(book=small.book, through=JANUARY, by=small.tom)] * 8)
        assert {type(event) for event in events} == {PeriodEvent}
        assert len({event.pk for event in events}) == 1
        assert PeriodEvent.objects.count() == 1

    def test_closers_to_different_days_close_in_order_or_are_refused(self, small: SmallBook) -> None:
        days = [JANUARY + timedelta(days=n) for n in range(8)]
        answers = all_at_once([lambda d=d: close_period(book=small.book, through=d, by=small.tom) for d in days])
        done = [event.period for event in answers if isinstance(event, PeriodEvent)]
        assert {type(a) for a in answers if not isinstance(a, PeriodEvent)} <= {errors.PeriodOutOfOrder}
        spans = sorted((period.starts_on, period.ends_on) for period in done)
        assert spans[-1][1] == days[-1] + timedelta(days=1)
        assert all(one[1] == other[0] for one, other in pairwise(spans))

    def test_two_who_reopen_at_once_reopen_two_periods_or_one(self, small: SmallBook) -> None:
        for day in (OPENED, JANUARY):
            close_period(book=small.book, through=day, by=small.tom)
        answers = all_at_once([lambda: reopen_period(book=small.book, reason="late", by=small.tom)] * 6)
        done = [event for event in answers if isinstance(event, PeriodEvent)]
        assert {type(a) for a in answers if not isinstance(a, PeriodEvent)} == {errors.PeriodOutOfOrder}
        assert len(done) == 2
        assert queries.closed_until(small.book) is None

    def test_nothing_is_posted_behind_the_closing_of_an_account(self, small: SmallBook) -> None:
        for n in range(8):
            account = open_account(book=small.book, node="1310", subject=f"L-{n}", on=OPENED)
            with writers(small, 8, JANUARY, account=account.code) as given:
                wait_for(given, n)
                on = JANUARY + timedelta(days=n % 2)
                (closed,) = all_at_once([lambda a=account, on=on: close_account(account=a, on=on)])
                wait_for(given, 12)
            late = Posting.objects.filter(account=account, effective_on__gte=on).exists()
            assert isinstance(closed, errors.AccountNotOpen) == late
            answers = {type(answer) for _, answer in given}
            assert answers <= {Posted, errors.AccountNotOpen}
            assert errors.AccountNotOpen not in answers or not late


class TestSealingMeanwhile:
    """Seals are made while eight writers post: no entry appears behind one, and what was known under it stays."""

    def test_no_entry_appears_behind_a_seal(self, small: SmallBook) -> None:
        known: dict[int, list[queries.TrialBalanceRow]] = {}
        with writers(small, 8, JANUARY) as given:
            for _ in range(25):
                wait_for(given, 5)
                made = seal(book=small.book)
                assert made is not None
                known[made.number] = self.known_under(small, made)
        last = seal(book=small.book)
        assert last is not None
        assert last.position == JournalEntry.objects.count() == SealedEntry.objects.count()
        assert list(verify(small.book, seal_text(last))) == []
        assert len(known) > 5
        for number, rows in known.items():
            assert self.known_under(small, Seal.objects.get(number=number)) == rows

    def known_under(self, small: SmallBook, made: Seal) -> list[queries.TrialBalanceRow]:
        return queries.trial_balance(small.book, date(2030, 1, 1), known_under=made)

    def test_two_sealers_at_once_make_one_chain(self, small: SmallBook) -> None:
        with writers(small, 4, JANUARY) as given:
            wait_for(given, 10)
            seals = all_at_once([lambda: seal(book=small.book)] * 6)
        assert {type(made) for made in seals} == {Seal}
        assert list(verify(small.book, seal_text(max(seals, key=lambda made: made.number)))) == []

    def test_a_posting_that_takes_long_waits_for_the_next_seal(
        self, small: SmallBook, committing_database: TestDatabase
    ) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER FUNCTION ledger_settled_before SET lock_timeout = '100ms'")
        small.post(simple_entry(1))
        first = seal(book=small.book)
        posted, sealed = threading.Event(), threading.Event()

        def post_slowly() -> None:
            with transaction.atomic():
                small.post(simple_entry(2))
                posted.set()
                sealed.wait(10)

        def seal_meanwhile() -> Seal | None:
            posted.wait(10)
            meanwhile = seal(book=small.book)
            sealed.set()
            return meanwhile

        _, meanwhile = all_at_once([post_slowly, seal_meanwhile])
        assert meanwhile == first
        after = seal(book=small.book)
        assert after is not None
        assert after.position == 2

    def test_what_is_written_elsewhere_holds_no_seal_back(self, small: SmallBook) -> None:
        """Not even a transaction that is older and posts to another book."""
        other = make_book("another", (small.tom, small.amina))
        began, sealed = threading.Event(), threading.Event()

        def write_elsewhere() -> None:
            with transaction.atomic():
                other.post(simple_entry(2))
                began.set()
                sealed.wait(10)

        def seal_meanwhile() -> Seal | None:
            began.wait(10)
            small.post(simple_entry(1))
            meanwhile = seal(book=small.book)
            sealed.set()
            return meanwhile

        _, meanwhile = all_at_once([write_elsewhere, seal_meanwhile])
        assert meanwhile.position == 1


class TestOtherIsolation:
    """Under a snapshot of its own a writer would not see a close: it may not write at all."""

    @pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
    def test_no_service_writes(self, small: SmallBook, level: str) -> None:
        (entry_id,) = small.post(simple_entry(on=OPENED)).entry_ids
        seal(book=small.book)
        writes = {
            "post": lambda: small.post(simple_entry()),
            "post many": lambda: small.post(*[simple_entry(n) for n in range(1, 40)]),
            "reverse": lambda: reverse(entry_id, book=small.book, on=OPENED, reason="x", key="r", by=small.tom),
            "close": lambda: close_period(book=small.book, through=JANUARY, by=small.tom),
            "close account": lambda: close_account(account=small.account(LOAN), on=JANUARY),
            "seal": lambda: seal(book=small.book),
        }
        refused = {}
        for name, write in writes.items():
            (refused[name],) = all_at_once([lambda write=write: under(level, write)])
        assert {name: type(error) for name, error in refused.items()} == dict.fromkeys(writes, errors.UnsafeTransaction)
        assert JournalEntry.objects.count() == 1
        assert not PeriodEvent.objects.exists()

    def test_nobody_writes_by_hand(self, small: SmallBook) -> None:
        request = honest(small).statements[0]
        with pytest.raises(DatabaseError) as refused:
            under("REPEATABLE READ", lambda: write_by_insert(connection.cursor(), request))
        assert refusal(refused.value)[0] == "CW002"


def under(level: str, write: Callable[[], object]) -> None:
    """Do it in a transaction of that isolation level."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        write()


class TestAtCommit:
    """What can only be judged at commit is judged then, and an earlier transaction's request serves no later one."""

    @pytest.mark.parametrize("left_out", ["ledger_journalentry", "ledger_posting"])
    def test_half_an_entry_is_refused(self, small: SmallBook, left_out: str) -> None:
        rows = honest(small).without("ledger_posting").without(left_out)
        with pytest.raises(DatabaseError) as refused:
            write_and_commit(rows)
        assert refusal(refused.value)[0] == "CW004"
        assert "which has no postings" in refusal(refused.value)[1]
        assert not PostingRequest.objects.exists()
        assert not JournalEntry.objects.exists()

    def test_a_request_serves_its_own_transaction_alone(self, small: SmallBook) -> None:
        small.post(simple_entry())
        standing = PostingRequest.objects.get()
        rows: Rows = honest(small).without("ledger_postingrequest")
        rows.head.update(request_id=standing.pk)
        with pytest.raises(DatabaseError) as refused:
            write_and_commit(rows)
        assert refusal(refused.value)[0] == "CW005"


def write_and_commit(rows: Rows) -> None:
    """Each statement, and the commit that judges them together."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in rows.statements:
            write_by_insert(cursor, statement)
