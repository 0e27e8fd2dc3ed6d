"""Investors come in from a list: what stands afterwards, the same list again, and all that is refused."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from django.core.management.base import CommandError

from commonweal.jobs.bringing_in_investors import bring_in_investors, in_words, read_sent, try_investors
from investors.domain.brought_investors import InvestorSheet
from investors.domain.errors import InvestorsDoNotFit
from investors.models import Investor, InvestorContact, TaxTreatment
from investors.queries import contacts_of, investor_by_code, investors_in, tax_treatment
from investors.services import end_contact
from ledger.models import PayeeDecision, PayeeDetails
from ledger.queries import details_waiting
from tests.investors.fund_in_classes import ClassFund, make_class_fund
from tests.investors.moved_in import FIRST_DAY, SURPLUS

EXAMPLE = Path(__file__).parents[3] / "docs" / "moving-in-investors"
LIST, TOTALS = (EXAMPLE / f"{name}.csv" for name in ("investors", "totals"))


@pytest.fixture
def fund(db: None) -> ClassFund:
    """A fund that knows none of them: those of the builders are taken out of the list's way by its codes."""
    fund = make_class_fund(today=FIRST_DAY)
    fund.moves("1010/MAIN", "3010", SURPLUS, FIRST_DAY)
    return fund


def sent(change: tuple[str, str] = ("", ""), totals: tuple[str, str] = ("", "")) -> Any:
    """The handbook's list, with a text in it and in its totals changed; codes that only this list has."""
    rows = LIST.read_text().replace("NRB,", "NOR,").replace("OAK,", "OKF,").replace(*change)
    files = {
        InvestorSheet.INVESTORS: ("investors.csv", rows.encode()),
        InvestorSheet.TOTALS: ("totals.csv", TOTALS.read_text().replace(*totals).encode()),
    }
    return read_sent(files)


def counts() -> tuple[int, ...]:
    return tuple(one.objects.count() for one in (Investor, InvestorContact, TaxTreatment, PayeeDetails))


def faults(fund: ClassFund, *given: tuple[str, str]) -> str:
    """What the dry run finds, which is what bringing them in refuses with, and nothing is changed by either."""
    before, listed = counts(), sent(*given)
    found = [in_words(one) for one in try_investors(book=fund.book, listed=listed, by=fund.tom).faults]
    with pytest.raises(InvestorsDoNotFit) as refusal:
        bring_in_investors(book=fund.book, listed=listed, by=fund.tom)
    assert str(refusal.value) == f"{' '.join(found)} Nothing was changed."
    assert counts() == before
    return str(refusal.value)


def test_the_dry_run_tells_what_happens_then_and_the_same_list_again_changes_nothing(fund: ClassFund) -> None:
    before = counts()
    tried = try_investors(book=fund.book, listed=sent(), by=fund.tom)
    assert [one.does for one in tried.rows] == [
        ("is registered", "Ann Ellis becomes its contact", "its tax is said", "its bank account is proposed"),
        ("is registered", "Bea Oduya becomes its contact", "its tax is said"),
    ]
    assert counts() == before
    done = bring_in_investors(book=fund.book, listed=sent(), by=fund.tom)
    assert done.rows == tried.rows
    assert counts() == (before[0] + 2, before[1] + 2, before[2] + 2, before[3] + 1)
    bank, oak = (investor_by_code(code) for code in ("NOR", "OKF"))
    assert {bank.code, oak.code} <= set(investors_in(fund.book).values_list("code", flat=True))
    assert (bank.name, bank.kind, bank.registered_number) == ("Northmoor Regional Bank", "regional-bank", "01234567")
    (ann,) = contacts_of(bank)
    assert (ann.role, ann.email, ann.gets_notices) == ("finance", "ann.ellis@bank.example", True)
    said = [tax_treatment(one, FIRST_DAY) for one in (bank, oak)]
    assert [one and one.rate for one in said] == [Decimal(0), Decimal("0.2")]
    again = bring_in_investors(book=fund.book, listed=sent(), by=fund.tom)
    assert [one.does for one in again.rows] == [(), ()]
    assert counts() == (before[0] + 2, before[1] + 2, before[2] + 2, before[3] + 1)


def test_a_bank_account_of_the_list_is_only_proposed(fund: ClassFund) -> None:
    bring_in_investors(book=fund.book, listed=sent(), by=fund.tom)
    (waiting,) = details_waiting(fund.book)
    assert (waiting.subject, waiting.details.masked) == ("investor:NOR", "account ending 6819")
    assert not PayeeDecision.objects.filter(details=waiting).exists()
    assert waiting.proposed_by_id == fund.tom.pk
    said = faults(fund, ("31926819", "31926820"))
    assert "Investors, row 2: “code” is refused: The row has the account ending 6820" in said
    assert "propose the change under Bank details, where a colleague calls back" in said


@pytest.mark.parametrize(
    ("rows", "totals", "says"),
    [
        (("", ""), ("investors,2", "investors,3"), "“investors” says 3, and the rows make 2, a difference of 1."),
        (("", ""), ("contacts,2\n", ""), "Control totals: “contacts” is missing."),
        (("regional bank,", "lender,"), ("", ""), "Investors, row 2: “kind” says 'lender'. Write one of: regional"),
        (("60-16-13", "60-16"), ("", ""), "Investors, row 2: “sort code” is refused: A sort code has six digits"),
        (("60-16-13,31926819", ","), ("", ""), "Investors, row 2: “sort code” is refused: A sort code has six digits"),
        (("ann.ellis@bank.example", "ann.ellis"), ("", ""), "'ann.ellis' is no e-mail address"),
        (("2022-04-01", "01/04/2022"), ("", ""), "Investors, row 2: “tax from” says '01/04/2022'"),
        (("A bank is paid gross", ""), ("", ""), "Investors, row 2: “tax reason” is empty. Fill it in."),
        ((",20,", ",0.2,"), ("", ""), "Investors, row 3: “tax rate” says 0.2, which is 0.2 per cent a year."),
        (("OKF,", "NOR,"), ("", ""), "Investors, row 3: NOR stands there 2 times. Make one row of them."),
        (("OKF,", "EXAMPLE,"), ("", ""), "Investors, row 3: “code” is that of the template’s line of example."),
        (("OKF,", "okf,"), ("", ""), "'okf' is no code for an investor."),
        (("Oak Foundation", "Oak\u200bFoundation"), ("", ""), "“name” holds"),
    ],
)
def test_each_fault_is_named_with_its_row_and_what_to_do(
    fund: ClassFund, rows: tuple[str, str], totals: tuple[str, str], says: str
) -> None:
    assert says in faults(fund, rows, totals)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("Oak Foundation", "Oak Trust"), "OKF is registered as Oak Foundation, with another name."),
        (("foundation,", "individual,"), "OKF is registered as Oak Foundation, with another kind."),
        (("Bea Oduya", "Bee Oduya"), "Bea Oduya at Oak Foundation has the e-mail address bea@oak.example already."),
        ((",20,", ",0,"), "Tax at 20% is said of Oak Foundation from 1 April 2025 on already"),
    ],
)
def test_a_row_that_differs_from_what_stands_here_is_refused(
    fund: ClassFund, change: tuple[str, str], says: str
) -> None:
    bring_in_investors(book=fund.book, listed=sent(), by=fund.tom)
    said = faults(fund, change)
    assert said.startswith("Investors, row 3: “code” is refused: ")
    assert says in said


def test_a_contact_that_ended_since_is_not_brought_back(fund: ClassFund) -> None:
    bring_in_investors(book=fund.book, listed=sent(), by=fund.tom)
    (bea,) = contacts_of(investor_by_code("OKF"))
    end_contact(contact=bea, by=fund.tom)
    assert "bea@oak.example was a contact of Oak Foundation and is none any more." in faults(fund)


def workbook(*, formula: bool = False) -> bytes:
    """The same list as a workbook, with all that the totals of investors and holdings say on one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for sheet, file in (("Investors", LIST), ("Control totals", TOTALS)):
            page = book.add_worksheet(sheet)
            for number, line in enumerate(
                file.read_text().replace("NRB,", "NOR,").replace("OAK,", "OKF,").splitlines()
            ):
                page.write_row(number, 0, line.split(","))
        if formula:
            book.get_worksheet_by_name("Investors").write_formula("B2", '="Northmoor"')
    return out.getvalue()


def test_a_workbook_says_the_same_as_the_files_and_a_formula_is_refused(fund: ClassFund) -> None:
    assert read_sent({InvestorSheet.INVESTORS: ("all.xlsx", workbook())}) == sent()
    spoilt = read_sent({InvestorSheet.INVESTORS: ("all.xlsx", workbook(formula=True))})
    said = [in_words(one) for one in try_investors(book=fund.book, listed=spoilt, by=fund.tom).faults]
    assert any(one.startswith("Investors, row 2: “name” cannot be taken: ") and "formula" in one for one in said)


def test_the_command_tries_first_and_does_it_when_it_is_asked_to(fund: ClassFund, tmp_path: Path) -> None:
    file = tmp_path / "all.xlsx"
    file.write_bytes(workbook())
    asked = ["move_in_investors", f"--book={fund.book.code}", f"--by={fund.tom.email}"]
    before, out = counts(), io.StringIO()
    call_command(*asked, f"--workbook={file}", "--only=investors", stdout=out)
    assert "NOR: is registered, Ann Ellis becomes its contact, its tax is said" in out.getvalue()
    assert out.getvalue().endswith("This was a dry run and nothing was changed. Do it with --apply.\n")
    assert counts() == before
    call_command(*asked, f"--workbook={file}", "--only=investors", "--apply", stdout=io.StringIO())
    assert counts()[0] == before[0] + 2
    with pytest.raises(CommandError, match="Name the files"):
        call_command(*asked)
    with pytest.raises(CommandError, match="first day here"):
        call_command(*asked, f"--holdings={EXAMPLE / 'holdings.csv'}")


def test_the_command_proposes_holdings_for_a_second_person(fund: ClassFund) -> None:
    asked = ["move_in_investors", f"--book={fund.book.code}", f"--by={fund.tom.email}", f"--on={FIRST_DAY}"]
    files = [f"--{name}={EXAMPLE / name}.csv" for name in ("holdings", "history", "totals")]
    out = io.StringIO()
    call_command(*asked, *files, "--apply", stdout=out)
    assert "capital: £95,000.00, ties" in out.getvalue()
    assert "which a second person approves at the desk." in out.getvalue()
