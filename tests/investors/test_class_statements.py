"""What an investor's statement says of the classes of the fund: figures of the acts and the ledger, as a seal knew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256

import pytest
from django.template.loader import render_to_string

from commonweal.documents.investor_statement import TEMPLATE, context
from commonweal.documents.issuing import content
from commonweal.documents.models import Document, PreparedStatement
from commonweal.documents.runs import figures_sha256, publish_run, run_sha256
from commonweal.documents.statements import render_investor_statement
from commonweal.jobs.statements import period_of, prepare_statements
from investors.domain.capital_act import ActKind
from investors.queries import acts_known_under, capital_holdings, investor_by_code
from investors.statement_figures import build_investor_statement
from investors.statements import InvestorStatement
from ledger.models import Seal
from ledger.services import seal, seal_text
from loans.statements import Earlier, Issuer, StatementDoesNotAdd, StatementHead, StatementStatus
from tests.builders import pounds
from tests.commonweal.investor_portal.test_fund import raise_capital
from tests.demo import Demo
from tests.investors.fund_in_classes import ClassFund, make_class_fund

SIGNED, CALLED, DUE, PAID = date(2025, 3, 20), date(2025, 3, 25), date(2025, 4, 8), date(2025, 4, 1)
QUARTER, NEXT = date(2025, 6, 30), date(2025, 7, 31)


@pytest.fixture
def fund(db: None) -> ClassFund:
    """Half of £100,000 was called and paid in but by one; the fund earned £600, lost £4,000 and gave £1,000 back."""
    fund = make_class_fund()
    for code, investor, minor in (
        ("SENIOR", "NRB", 60_000_00),
        ("SENIOR", "OAK", 20_000_00),
        ("MEZZ", "TST", 15_000_00),
        ("FIRST", "LOT", 5_000_00),
    ):
        fund.commit(code, investor, minor, SIGNED)
    fund.call(["SENIOR", "MEZZ", "FIRST"], 50_000_00, CALLED, DUE)
    for code, investor, minor in (("SENIOR", "NRB", 25_000_00), ("MEZZ", "TST", 7_500_00), ("FIRST", "LOT", 2_500_00)):
        fund.pays(code, investor, minor, PAID)
    fund.earns(600_00, QUARTER)
    fund.loses(4_000_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    fund.act(ActKind.DISTRIBUTION, QUARTER, capital={"SENIOR": 1_000_00}, recallable=True)
    return fund


def sealed(fund: ClassFund) -> Seal:
    found = seal(book=fund.book)
    assert found is not None
    return found


def head_under(known: Seal) -> StatementHead:
    return StatementHead(
        issuer=Issuer("Village fund", (), "", "", "", ""),
        number="2025-Q2-NRB",
        status=StatementStatus.PROVISIONAL,
        period_start=date(2025, 4, 1),
        period_end=date(2025, 7, 1),
        issued_on=date(2025, 7, 1),
        seal=str(seal_text(known)),
    )


def statement(fund: ClassFund, known: Seal, investor: str = "NRB", *earlier: Earlier) -> InvestorStatement:
    of = investor_by_code(investor)
    return build_investor_statement(of, fund.book, head_under(known), known_under=known, earlier=earlier)


def test_a_class_ties_to_the_portal_and_says_each_figure(fund: ClassFund) -> None:
    told = statement(fund, sealed(fund))
    (mine,), (shown,) = told.classes, capital_holdings(fund.book, investor_by_code("NRB"), PAID, QUARTER)
    assert mine.held == shown
    assert [(line.words, str(line.amount.amount)) for line in mine.account.lines] == [
        ("Contributions", "25000.00"),
        ("Income", "249.32"),
        ("Distributions of income", "-249.32"),
        ("Distributions of capital", "-1000.00"),
    ]
    assert all(line.entries for line in mine.account.lines)
    assert (mine.account.opening, mine.account.closing) == (pounds("0.00"), pounds("24000.00"))
    stands = mine.held.commitment
    assert (stands.drawn, stands.recallable, stands.called) == tuple(map(pounds, ("24000.00", "1000.00", "5000.00")))
    assert mine.held.earned.multiples.tvpi == 1 + Fraction(24932, 2500000)
    assert mine.held.cover is not None
    assert mine.held.cover.used == pounds("4000.00")
    figures = {(row[0], row[4]): row[5] for row in told.as_rows() if row[0] == "class"}
    assert figures["class", "tvpi"] == round(figures["class", "dpi"] + figures["class", "rvpi"], 6)
    assert figures["class", "cover used"] == pounds("4000.00").amount
    held = {line.words: line.amount for line in told.cash.lines}
    assert held["Distributed out of the fund’s own capital"] == mine.income_paid + mine.capital_returned


def test_who_has_a_class_alone_reads_of_no_loans_and_who_bears_losses_first_is_told(fund: ClassFund) -> None:
    page = render_to_string(TEMPLATE, context(statement(fund, sealed(fund), "LOT")))
    assert "Your capital in the fund: First loss" in page
    assert "No class stands below First loss: it bears losses first." in page
    for words in ("Where your money is", "Your principal", "Participations"):
        assert words not in page
    assert "To be paid by" in render_to_string(TEMPLATE, context(statement(fund, sealed(fund), "OAK")))


def test_who_has_parts_of_loans_and_a_class_reads_of_both(demo: Demo) -> None:
    fund = raise_capital(demo)
    known = sealed(fund)
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    head = replace(head_under(known), period_start=october, period_end=november, issued_on=date(2026, 11, 23))
    told = build_investor_statement(investor_by_code("TST"), fund.book, head, known_under=known)
    page = render_to_string(TEMPLATE, context(told))
    assert told.holdings
    assert "Where your money is" in page
    assert "Your capital in the fund: Senior" in page
    assert {line.words for line in told.cash.lines} >= {"Put into the fund’s own capital"}


def test_the_same_knowledge_gives_the_same_bytes_and_what_came_late_is_told_by_the_next(fund: ClassFund) -> None:
    first = sealed(fund)
    before = statement(fund, first)
    paper = render_investor_statement(before).sha256
    fund.pays("SENIOR", "NRB", 5_000_00, QUARTER)
    fund.commit("SENIOR", "NRB", 1_000_00, QUARTER)
    second = sealed(fund)
    assert statement(fund, first) == before
    assert render_investor_statement(statement(fund, first)).sha256 == paper
    assert len(acts_known_under(fund.book, second)) == len(acts_known_under(fund.book, first)) + 2
    after = statement(fund, second, "NRB", Earlier("2025-Q2-NRB", QUARTER, before.head.seal))
    (since,) = after.since
    assert since.columns == ("Held for you", "Capital account", "May still be called")
    held, capital, callable_ = since.sums
    assert before.cash.closing + held == after.cash.closing
    assert before.capital + capital == after.capital
    (was,), (now,) = before.classes, after.classes
    assert was.held.commitment.callable + callable_ == now.held.commitment.callable
    assert [row.entry[0] for row in since.rows] == ["E", "E", "C"]
    assert "Known since 2025-Q2-NRB" in render_to_string(TEMPLATE, context(after))
    assert figures_sha256(before) != figures_sha256(after)


def test_figures_that_do_not_tie_make_no_statement(fund: ClassFund) -> None:
    known = sealed(fund)
    (mine,) = statement(fund, known).classes
    with pytest.raises(StatementDoesNotAdd, match=r"capital account in SENIOR.*£0\.01 more\. Nothing was issued"):
        replace(mine, account=replace(mine.account, opening=pounds("0.01"), closing=pounds("24000.01")))
    fund.moves("3110/SENIOR/NRB", "2510/NRB", 1, QUARTER)
    with pytest.raises(StatementDoesNotAdd, match=r"capital account in SENIOR: the acts make £24,000\.00"):
        statement(fund, sealed(fund))


def test_a_run_reuses_what_stands_and_restates_what_changed(fund: ClassFund) -> None:
    period = period_of("2025-Q2", fund.book)
    run = prepare_statements(book=fund.book, period=period, by=fund.tom)
    publish_run(run=run, shown_sha256=run_sha256(run), by=fund.priya)
    issued = {one.subject: one for one in Document.objects.all()}
    assert sorted(issued) == ["LOT", "NRB", "OAK", "TST"]
    paper = content(issued["NRB"])
    fund.pays("SENIOR", "NRB", 5_000_00, QUARTER)
    again = prepare_statements(book=fund.book, period=period, by=fund.tom)
    made = {one.subject: one for one in PreparedStatement.objects.filter(run=again)}
    assert made["NRB"].number == "2025-Q2-NRB.2"
    assert made["NRB"].replaces == issued["NRB"]
    assert made["LOT"].stands == issued["LOT"]
    assert made["OAK"].replaces == issued["OAK"], "more capital stands behind the same cover"
    assert sha256(paper).hexdigest() == issued["NRB"].sha256
