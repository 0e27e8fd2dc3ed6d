"""Does an investor see what it promised, what is called, what moved its capital and why, and what it earned?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from http import HTTPStatus

from commonweal.demo.story import HANA, PRIYA, TOM
from investors.domain.capital_act import ActKind
from investors.models import Investor
from tests.demo import Demo
from tests.investors.fund_in_classes import FIRST_LOSS, SENIOR, ClassFund
from tests.pages import csv_rows, look

FUND = "/investor/fund/"
CALLED, DUE, PAID, SHARED = date(2026, 10, 1), date(2026, 10, 20), date(2026, 10, 15), date(2026, 10, 31)


def raise_capital(demo: Demo) -> ClassFund:
    """Tideway takes £40,000 of senior capital beside £5,000 of first loss; half is called, a part of it paid in."""
    fund = ClassFund(demo.book, demo.user(PRIYA), demo.user(TOM))
    for terms in (SENIOR, FIRST_LOSS):
        fund.begins(terms)
    fund.commit("SENIOR", "TST", 40_000_00, CALLED)
    fund.commit("FIRST", "NRB", 5_000_00, CALLED)
    fund.call(["SENIOR"], 20_000_00, CALLED, DUE)
    fund.call(["FIRST"], 5_000_00, CALLED, DUE)
    fund.pays("SENIOR", "TST", 15_000_00, PAID)
    fund.pays("FIRST", "NRB", 5_000_00, PAID)
    return fund


def test_a_holding_says_what_is_called_and_how_it_is_paid(demo: Demo) -> None:
    fund = raise_capital(demo)
    page = look(demo.client(HANA), FUND)
    assert "On 23 November 2026 your capital in the fund stood at £15,000.00." in page.text
    assert "£5,000.00 to be paid by 20 October 2026 · 34 days late" in page.text
    assert "with the reference INV-TST" in page.text
    assert page.facts("Commitment")["Your commitment"] == "£40,000.00"
    assert "£5,000.00 of other capital bears losses before yours does: 33.3% of the £15,000.00" in page.text
    assert "NRB" not in page.text
    fund.earns(700_00, DUE)
    fund.act(ActKind.RESULT, SHARED, words="To October")
    page = look(demo.client(HANA), f"{FUND}?from=2026-10-20")
    rows = page.rows("Your capital account")
    assert rows[1] == "20 Oct 2026 | Opening balance |  | 15,000.00"
    assert "C-9. The result from 15 October 2026 to 31 October 2026." in rows[2]
    headings, *listed = csv_rows(demo.client(HANA), f"{FUND}?from=2026-10-20")
    assert headings == ["Class", "Date", "What", "Act", "Why", "Change", "Balance"]
    changes = sum(Decimal(row[5]) for row in listed if row[5])
    assert Decimal(listed[0][6]) + changes == Decimal(listed[-1][6]) == Decimal("15027.95")


def test_a_program_reads_what_the_page_says(demo: Demo) -> None:
    fund = raise_capital(demo)
    fund.earns(700_00, DUE)
    fund.act(ActKind.RESULT, SHARED, words="To October")
    mine = Investor.objects.get(code="TST")
    url = f"/api/v1/books/{demo.book.code}/investors/{mine.pk}/capital/?since=2026-10-20&as_of=2026-11-23"
    answer = demo.client(HANA).get(url)
    assert answer.status_code == HTTPStatus.OK, answer.content
    (told,) = answer.json()["classes"]
    amounts = [Decimal(one["amount"]["amount"]) for one in told["moved"]]
    assert Decimal(told["opening"]["amount"]) + sum(amounts) == Decimal(told["closing"]["amount"])
    assert told["closing"]["amount"] == "15027.95"
    assert [(one["act"], one["unpaid"]["amount"], one["days_late"]) for one in told["calls"]] == [
        ("C-5", "5000.00", 34)
    ]
    assert told["earned"]["tvpi"] == "1.001863"
    assert told["cover"]["exposure"]["amount"] == told["commitment"]["capital"]["amount"] == "15027.95"
    assert told["movements"][-1]["why"].startswith("The result from 15 October 2026 to 31 October 2026.")


def test_whoever_committed_nothing_is_told_so(demo: Demo) -> None:
    assert "You have no share in the fund’s own capital" in look(demo.client(HANA), FUND).text


def test_a_grant_is_no_capital_in_the_account(demo: Demo) -> None:
    """What a funder gave for one purpose stands by itself, and its entries make the figure, also once taken back."""
    client, fund = demo.client(HANA), raise_capital(demo)
    before = look(client, "/investor/").facts("What moved since the beginning")
    fund.holds("TST", 500_00, PAID)
    fund.act(ActKind.GRANT, PAID, grant="OPS", funder="TST", purpose="operating", minor=500_00)
    received = fund.act(ActKind.GRANT_RECEIVED, PAID, grant="OPS", minor=500_00)
    after = look(client, "/investor/").facts("What moved since the beginning")
    assert after["Given as restricted grants"] == "−£500.00"
    of_capital = "From the fund’s capital, less put into it distributed, less paid in on calls"
    assert after[of_capital] == before[of_capital] == "−£15,000.00"
    assert look(client, "/investor/account/granted/").rows("Entries")[-1].endswith("−500.00")
    fund.act(ActKind.REVERSAL, SHARED, act=received.number)
    assert "Given as restricted grants" not in look(client, "/investor/").facts("What moved since the beginning")
