"""Participations are recorded as a whole set, by the service and by the database itself."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.db import Error as DatabaseError
from django.db import connection, connections, transaction

from investors.checks import participations_make_the_whole
from investors.domain.errors import ImpossibleParticipation, NotTheWhole, SharesAreFixed
from investors.domain.participation import Participation as Part
from investors.models import ParticipationSet
from investors.queries import holdings, participations
from investors.services import apportion
from ledger.models import Account, JournalEntry
from loans.models import LoanTerms
from tests.builders import pounds
from tests.investors.shared_loan import DRAWN_ON, PARTS, SharedLoan, approve_another, approve_netherby

INSERT_SET = """
    INSERT INTO investors_participationset (loan_id, terms_id, effective_on, line_count, recorded_by_id)
    VALUES (%s, %s, %s, %s, %s) RETURNING id
"""
INSERT_PARTS = """
    INSERT INTO investors_participation (participation_set_id, investor_id, rank, amount)
    SELECT %s, * FROM unnest(%s::bigint[], %s::int[], %s::bigint[])
"""


def parts(nrb: int = 2_100_000, tst: int = 1_050_000, lot: int = 350_000) -> list[tuple[str, int]]:
    """The amounts of the demo story in pence, or others."""
    return [("NRB", nrb), ("TST", tst), ("LOT", lot)]


@pytest.fixture
def netherby(db: None) -> SharedLoan:
    return approve_netherby()


def insert_head(netherby: SharedLoan, *, lines: int = 3, terms: LoanTerms | None = None) -> int:
    """The head of a set, by hand."""
    terms = terms or netherby.loan.terms.get()
    with connection.cursor() as cursor:
        cursor.execute(INSERT_SET, [netherby.loan.pk, terms.pk, DRAWN_ON, lines, netherby.tom.pk])
        return cursor.fetchone()[0]


def insert_parts(netherby: SharedLoan, shares: int, amounts: list[tuple[str, int]], *, rank: int = 1) -> None:
    """Rows of a set, by hand, in one statement."""
    ids = [netherby.lenders[code].pk for code, _ in amounts]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_PARTS, [shares, ids, [rank] * len(ids), [amount for _, amount in amounts]])


def insert_set(
    netherby: SharedLoan,
    amounts: list[tuple[str, int]],
    *,
    lines: int = 3,
    rank: int = 1,
    terms: LoanTerms | None = None,
) -> None:
    """A head and its rows, by hand, held to everything that is held at the end of a transaction."""
    with transaction.atomic():
        insert_parts(netherby, insert_head(netherby, lines=lines, terms=terms), amounts, rank=rank)
        hold_what_is_deferred()


def copy_part(shares: int, investor: int, amount: int) -> None:
    """One row of a set, by COPY."""
    columns = "participation_set_id, investor_id, rank, amount"
    with connection.cursor() as cursor, cursor.copy(f"COPY investors_participation ({columns}) FROM STDIN") as stream:
        stream.write_row((shares, investor, 1, amount))


def hold_what_is_deferred() -> None:
    """What would be looked at when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestTheService:
    def test_a_whole_set_is_recorded_with_its_accounts(self, netherby: SharedLoan) -> None:
        shares = netherby.share()
        assert (shares.recorded_by, shares.effective_on, shares.line_count) == (netherby.tom, DRAWN_ON, 3)
        standing = participations(netherby.loan, DRAWN_ON)
        assert standing is not None
        assert standing.participations == PARTS
        codes = Account.objects.filter(node__code__startswith="24").values_list("code", flat=True)
        assert sorted(codes) == [f"{n}/L-0001/{code}" for n in (2410, 2420, 2425) for code in ("LOT", "NRB", "TST")]
        assert participations(netherby.loan, date(2025, 4, 30)) is None

    def test_less_than_the_loan_is_refused(self, netherby: SharedLoan) -> None:
        with pytest.raises(NotTheWhole, match=r"£3,500\.00 less than its £35,000\.00"):
            netherby.share(parts=PARTS[:2])
        assert not ParticipationSet.objects.exists()

    def test_an_investor_nobody_knows_is_refused(self, netherby: SharedLoan) -> None:
        with pytest.raises(ImpossibleParticipation, match="No investor is registered under XYZ"):
            netherby.share(parts=(*PARTS[:2], Part("XYZ", 3, pounds("3500.00"))))

    def test_before_the_drawdown_a_set_takes_the_place_of_the_one_before(self, netherby: SharedLoan) -> None:
        netherby.share()
        netherby.share(on=date(2025, 4, 20), parts=(Part("TST", 1, pounds("35000.00")),))
        standing = participations(netherby.loan, DRAWN_ON)
        assert standing is not None
        assert [part.investor for part in standing.participations] == ["TST"]
        assert holdings(netherby.lenders["NRB"], netherby.book, DRAWN_ON) == []

    def test_lenders_may_be_recorded_after_the_drawdown_from_a_day_before_it(self, netherby: SharedLoan) -> None:
        netherby.draw()
        netherby.share()
        assert JournalEntry.objects.filter(book=netherby.book, kind="apportionment").count() == 1
        assert apportion(loan=netherby.loan, by=netherby.tom) == ()

    def test_not_from_a_day_after_it(self, netherby: SharedLoan) -> None:
        netherby.draw()
        with pytest.raises(SharesAreFixed, match="L-0001 has been posted to since 1 May 2025"):
            netherby.share(on=date(2025, 5, 2))

    def test_not_once_anything_is_apportioned(self, netherby: SharedLoan) -> None:
        netherby.share()
        netherby.draw()
        apportion(loan=netherby.loan, by=netherby.tom)
        with pytest.raises(SharesAreFixed):
            netherby.share()


class TestTheDatabase:
    def test_a_whole_set_by_hand_stands(self, netherby: SharedLoan) -> None:
        insert_set(netherby, parts())
        assert list(participations_make_the_whole(netherby.book)) == []

    @pytest.mark.parametrize(
        ("amounts", "lines", "says"),
        [
            (parts(lot=350_001), 3, "3500001 minor units and not the 3500000"),
            (parts(lot=349_999), 3, "3499999 minor units and not the 3500000"),
            (parts(), 4, "3 participations arrived where 4 were due"),
            (parts(), 2, "3 participations arrived where 2 were due"),
            (parts(3_500_000, 1_000_000, -1_000_000), 3, "investors_part_is_sane"),
            (parts(3_500_000, 0, 0)[:2], 2, "investors_part_is_sane"),
        ],
    )
    def test_what_is_not_the_whole_is_refused(
        self, netherby: SharedLoan, amounts: list[tuple[str, int]], lines: int, says: str
    ) -> None:
        with pytest.raises(DatabaseError, match=says):
            insert_set(netherby, amounts, lines=lines)

    def test_rows_over_two_statements_are_refused(self, netherby: SharedLoan) -> None:
        with pytest.raises(DatabaseError, match="2 participations arrived where 3 were due"):
            insert_set(netherby, parts(tst=1_400_000)[:2])

    def test_nothing_is_added_to_a_set_that_stands(self, netherby: SharedLoan) -> None:
        shares = netherby.share(parts=(Part("NRB", 1, pounds("35000.00")),))
        with pytest.raises(DatabaseError, match="1 participations arrived where 1 were due in one statement; 2 stand"):
            insert_parts(netherby, shares.pk, [("TST", 3_500_000)])

    def test_by_copy_as_well(self, netherby: SharedLoan) -> None:
        with pytest.raises(psycopg.Error, match="100 minor units"), transaction.atomic():
            copy_part(insert_head(netherby, lines=1), netherby.lenders["NRB"].pk, 100)

    def test_a_head_alone_is_refused_at_the_end(self, netherby: SharedLoan) -> None:
        with pytest.raises(DatabaseError, match="has no participations"):
            insert_set(netherby, [])

    def test_one_investor_twice_and_rank_nought_are_refused(self, netherby: SharedLoan) -> None:
        with pytest.raises(DatabaseError, match="investors_one_part_each"):
            insert_set(netherby, [("NRB", 2_000_000), ("NRB", 1_500_000)], lines=2)
        with pytest.raises(DatabaseError, match="investors_part_is_sane"):
            insert_set(netherby, parts(), rank=0)

    def test_terms_of_another_loan_are_refused(self, netherby: SharedLoan) -> None:
        with pytest.raises(DatabaseError, match="investors_under_terms_of_this_loan"):
            insert_set(netherby, parts(), terms=approve_another(netherby).terms.get())

    @pytest.mark.parametrize("table", ["investors_participationset", "investors_participation"])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE {} SET id = id",
            "DELETE FROM {}",
            "TRUNCATE {} CASCADE",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
            "MERGE INTO {0} there USING {0} here ON here.id = there.id WHEN MATCHED THEN DELETE",
            "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (id) DO UPDATE SET id = excluded.id",
        ],
    )
    def test_both_tables_only_grow(self, netherby: SharedLoan, table: str, statement: str) -> None:
        netherby.share()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))


@pytest.mark.committing
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM investors_participation WHERE rank = 3", "are 2 of 3 and sum to 3150000 minor units of 3500000"),
        ("UPDATE investors_participation SET amount = 1 WHERE rank = 3", "are 3 of 3 and sum to 3150001 minor units"),
        ("DELETE FROM investors_participation", "are 0 of 3 and sum to 0 minor units"),
    ],
)
def test_the_check_finds_what_the_owner_of_the_database_did(change: str, says: str) -> None:
    netherby = approve_netherby()
    netherby.share()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE investors_participation DISABLE TRIGGER USER")
        cursor.execute(change)
    (finding,) = participations_make_the_whole(netherby.book)
    assert (finding.code, finding.subject) == ("participations-whole", "L-0001")
    assert says in finding.message
