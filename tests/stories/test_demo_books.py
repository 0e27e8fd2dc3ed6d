"""The demo's whole book: added up by programs that we did not write, checked by every rule, and shown at the desk."""

from __future__ import annotations

from pathlib import Path

from django.test import Client

from commonweal.demo import classes, story
from commonweal.demo.load import load
from commonweal.demo.story import BEA, GWEN, MIRIAM, PRIYA, TOM
from commonweal.jobs.checks import examine_everything
from commonweal.open_data.models import Release
from commonweal.open_data.writing import sha256
from commonweal.templatetags.commonweal import money
from investors.domain.borrowing_entries import borrowed, fees_owed, interest_owed
from investors.models import Investor, ValueProxy
from investors.queries import capital_register, unshared_result
from investors.queries.borrowings import breaches, facilities
from ledger import queries as ledger
from ledger.domain.money import to_minor
from ledger.models import JournalEntry
from ledger.queries import fund_accounts
from ledger.queries.fund_accounts import Period
from loans.models import LoanEvent, Standing
from loans.queries import loan_by_reference
from tests.builders import pounds
from tests.demo import Demo
from tests.ledger.other_programs import assert_others_agree
from tests.pages import look


def test_hledger_and_beancount_come_to_the_demo_s_trial_balances(living_demo: Demo, hledger: str) -> None:
    for book in ledger.books():
        assert_others_agree(hledger, book, from_on=None, to_on=book.business_date)
        assert examine_everything(book) == []


def test_told_again_it_changes_nothing(living_demo: Demo, tmp_path: Path) -> None:
    def counted() -> tuple[int, ...]:
        kept = (JournalEntry, LoanEvent, Standing, Release, ValueProxy)
        return tuple(model.objects.count() for model in kept)

    before = counted()
    load(files=tmp_path, tell=lambda text: None)
    assert counted() == before


def test_the_book_has_every_kind_of_life(living_demo: Demo) -> None:
    desk, client = f"/desk/{story.BOOK}/", living_demo.client(TOM)
    bakery = loan_by_reference(living_demo.book, "L-0103")
    assert bakery is not None
    waiting = look(client, desk).text
    for words in (
        "2 Proposals and requests to decide",
        "Waiver, The Plough Community Pub, by Priya Nair; Ovens of Otterby asks for a pause",
        "2 Loans in arrears",
        "1 Message not read Ovens of Otterby",
    ):
        assert words in waiting, waiting
    arrears = {row[0]: row[1] for row in look(client, f"{desk}loans/arrears/").table("Arrears by age")[1:]}
    assert (arrears["1–30 days late"], arrears["31–60 days late"]) == ("1", "1")
    assert "Near" in look(client, f"{desk}covenants/").text
    assert "bakery-july-to-september.csv" in look(client, f"{desk}loans/{bakery.pk}/").text
    assert "We are looking at it" in look(living_demo.client(BEA), "/borrower/").text
    assert "Ovens of Otterby" in look(living_demo.client(PRIYA), f"{desk}proposals/").text


def test_the_second_fund_shows_its_own_money(living_demo: Demo) -> None:
    """Classes, a loss up the ranks, a bank's loan, money paid out and tax relief; its capital is its net assets."""
    book = ledger.book_by_code(classes.BOOK)
    assert book is not None
    desk, client = f"/desk/{classes.BOOK}/", living_demo.client(TOM)
    assert f"Your other book: {classes.FUND}" in look(client, f"/desk/{story.BOOK}/").text
    known = capital_register(book)
    capital = sum(to_minor(known.balance(holder).amount, "GBP") for holder in known.holders)
    unshared = unshared_result(book, book.business_date, known)
    assert unshared is not None
    result = unshared.result.income - unshared.result.fees - unshared.result.impairment
    granted = -ledger.balances(book, ["3210/HDF-COSTS"], book.business_date)["3210/HDF-COSTS"]
    accounts = fund_accounts(book, [Period(book.opened_on, book.business_date)])
    net_assets = accounts.balance_sheet.ties[0].minor[0]
    assert (granted, net_assets) == (pounds("2000.00"), capital + to_minor((result + granted).amount, "GBP"))
    assert "Lantern’s letter" in look(client, f"{desk}capital/").text
    assert "Commitment: Lantern’s letter of 17 November, by Amina Diallo" in look(client, desk).text
    assert "Certificate to check Miriam Bell, £2,000.00" in look(client, f"{desk}tax-relief/").text
    assert not [one for one in breaches(book) if not one.is_met]
    paid = ledger.balances(book, [f"1020/{code}" for code in classes.ACCOUNTS], book.business_date)
    assert not any(one.amount for one in paid.values()), "what was paid out has left the bank"


def test_who_lends_to_the_second_fund_meets_what_it_is_owed_first(living_demo: Demo) -> None:
    """Her bank's claim is what the ledger owes it."""
    book, hers = ledger.book_by_code(classes.BOOK), living_demo.client(GWEN)
    assert book is not None
    assert hers.get("/investor/").headers["Location"] == "/investor/lent/"
    facility = facilities(book).get()
    owed = ledger.balances(
        book, [code(facility.reference) for code in (borrowed, interest_owed, fees_owed)], book.business_date
    )
    total = -sum(owed.values(), pounds("0.00"))
    assert total.amount > 0
    assert f"owed you {money(total)}" in look(hers, "/investor/lent/").text


def test_an_investor_in_a_class_meets_its_capital_first(living_demo: Demo) -> None:
    """What it paid in went into the fund's capital, and what was distributed came from there and was paid out."""
    hers, desk = living_demo.client(MIRIAM), living_demo.client(TOM)
    page = look(hers, "/investor/")
    assert "your capital in the fund stood at £12,018.75" in page.text
    facts = {
        words.split(" distributed,")[0]: amount
        for words, amount in page.facts("What moved since the beginning").items()
    }
    assert (facts["Paid in"], facts["From the fund’s capital, less put into it"]) == ("£12,000.00", "−£11,553.97")
    rows = look(hers, "/investor/account/capital/").rows("Entries")
    assert [row.split(" | ")[2] for row in rows[:-1]] == ["−10,000.00", "446.03", "−2,000.00"]
    assert "Hadrian" not in look(hers, "/investor/fund/").text
    miriam = Investor.objects.get(code=classes.MIRIAM)
    capital = look(desk, f"/desk/{classes.BOOK}/investors/{miriam.pk}/").rows("Capital in the fund")
    assert capital == ["Mezzanine rank 2 · 5.00% a year, capped at 7.00% | 20,000.00 | 12,000.00 | – | 12,018.75"]


def test_anybody_reads_of_a_neighbourhood_and_of_those_alone_who_agreed(living_demo: Demo) -> None:
    everywhere = look(Client(), "/neighbourhoods/")
    page = look(Client(), everywhere.link("Brewery Yard and the Moor")).text
    assert "Otterby Solar Co-operative Panels on three roofs" in page
    assert "We carried the panels up the brewery stairs ourselves" in page
    assert (
        "A bus on Sundays A survey of 212 homes for the neighbourhood plan, 22 March 2025 No loan answers it yet"
        in page
    )
    assert "The Plough" not in page
    assert "Netherby Corner Shop" not in page
    desk = look(living_demo.client(TOM), f"/desk/{story.BOOK}/neighbourhoods/")
    assert desk.rows("Neighbourhoods") == ["Brewery Yard and the Moor E01900101, E01900102 | 3 | 3 | Shown"]


def test_anybody_checks_what_the_fund_publishes(living_demo: Demo) -> None:
    """Deals and a grant of those who agreed, as files whose hash is printed, with the entries that make each total."""
    everybody = Client()
    page = look(everybody, "/open-data/")
    deals = look(everybody, page.link("SEDL (alpha, 2018), version 1"))
    grants = look(everybody, page.link("360Giving 1.4, version 1"))
    for shown in (deals, grants):
        content = everybody.get(shown.link("Download the data (JSON)")).content
        assert sha256(content) in shown.text
        assert ("Otterby Solar" in content.decode(), "Plough" in content.decode()) == (True, False)
        assert shown.rows("Totals")
    assert deals.rows("Lent")[-1] == "Published | 84,000.00"
    assert len(deals.rows("Lent")) > 2
    assert grants.rows("Grants paid")[-1] == "Published | 1,200.00"


def test_the_fund_says_what_an_hour_given_is_worth(living_demo: Demo) -> None:
    tom, desk = living_demo.client(TOM), f"/desk/{story.BOOK}/impact/"
    assert "£12.60" in look(tom, f"{desk}worth/").text
    year = look(tom, f"{desk}year/")
    assert "What the fund says that it is worth" in year.text
