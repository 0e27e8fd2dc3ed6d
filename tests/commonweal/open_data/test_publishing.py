"""What is published is what the ledger has, of those who agreed, the same bytes twice, and comes back whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from borrowers.domain.outcomes import Use
from borrowers.services import say_consents
from commonweal.open_data.errors import NotFitToPublish, NothingToPublish, NotReadable, SameRelease
from commonweal.open_data.exporting import DataSet, data_set
from commonweal.open_data.facts import Deal, Stood
from commonweal.open_data.models import DealRecord, PublishedId, Release
from commonweal.open_data.publishing import publish
from commonweal.open_data.records import bring_in_records, try_records
from commonweal.open_data.sedl import _state, moment
from commonweal.open_data.shapes import Standard
from commonweal.open_data.writing import read, written
from commonweal.public.home import home_for
from ledger.queries import trial_balance
from loans.domain.project import FundingKind, FundingStatus
from loans.models import Loan
from loans.services import record_funding, record_grant_payment
from tests.borrowers.builders import person
from tests.builders import make_book, make_user, pounds
from tests.commonweal.access.people import make_staff
from tests.commonweal.open_data.deals import changed
from tests.loans.builders import Fund, make_drawn_loan, make_fund, make_loan, pay
from tests.loans.granted import make_grant, paying
from tests.pages import Shown, look

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
CHECKS = os.environ.get("OPEN_DATA_CHECKS")


def only(*organisations: int) -> None:
    """These businesses agree to be named, and no others."""
    for loan in Loan.objects.select_related("organisation"):
        given = {Use.OPEN_DATA: loan.organisation_id in organisations}
        say_consents(organisation=loan.organisation, given=given, on=TODAY, by=person("Jo Armstrong"))


@pytest.fixture
def fund() -> Fund:
    """A fund with three loans: one drawn and part repaid, one drawn, one not drawn yet."""
    made = make_fund(today=TODAY)
    first = make_drawn_loan(made)
    pay(first, "676.65", "2025-06-02", by=made.priya)
    make_drawn_loan(made, shop="8124")
    make_loan(made, shop="8125")
    record_funding(
        loan=first,
        funder="Northern Roofs Grant",
        kind=FundingKind.GRANT,
        amount=pounds("12500.00"),
        status=FundingStatus.RECEIVED,
        status_on=date(2025, 6, 1),
        on=TODAY,
        by=made.priya,
    )
    return made


def everybody() -> None:
    only(*Loan.objects.values_list("organisation", flat=True))


def sedl(fund: Fund) -> DataSet:
    return data_set(book=fund.book, standard=Standard.SEDL, as_of=TODAY)


def on_principal(fund: Fund) -> Decimal:
    return sum(
        (row.balance.amount for row in trial_balance(fund.book, TODAY) if row.code.startswith("1310")), Decimal(0)
    )


def test_published_totals_are_the_ledgers(fund: Fund) -> None:
    everybody()
    made = sedl(fund)
    deals: Any = read(made.content)
    lent = sum((deal.get("value", Decimal(0)) for deal in deals["deals"]), Decimal(0))
    outstanding = sum((Decimal(deal["commonwealPrincipalOutstanding"]) for deal in deals["deals"]), Decimal(0))
    totals = {total["name"]: total for total in made.note["totals"]}
    assert (str(lent), str(outstanding)) == (totals["Lent"]["ledger"], totals["Principal outstanding"]["ledger"])
    assert outstanding == on_principal(fund)
    for total in totals.values():
        assert sum(Decimal(amount) for _, _, amount in total["entries"]) == Decimal(total["published"])
    drawn = deals["deals"][0] if "projects" in deals["deals"][0] else deals["deals"][1]
    assert {deal["status"] for deal in deals["deals"]} == {"closed", "pipeline"}
    assert any(deal.get("projects", [{}])[0].get("commonwealFinanceLeveredIn") == "12500.00" for deal in deals["deals"])
    assert drawn["currency"] == "GBP"


def test_the_same_knowledge_gives_the_same_bytes(fund: Fund) -> None:
    everybody()
    first = sedl(fund)
    assert sedl(fund).content == first.content
    loan = Loan.objects.order_by("pk")[1]
    pay(loan, "10.00", TODAY, by=fund.priya)
    again: Any = read(sedl(fund).content)
    ids = {deal["id"] for deal in again["deals"]}
    assert ids == set(first.note["identifiers"]), "an identifier stays with its deal"
    latest = loan.events.latest("recorded_at").recorded_at
    assert max(deal["dateModified"] for deal in again["deals"]) == moment(latest), "not the moment of the export"


def test_who_did_not_agree_is_nowhere(fund: Fund) -> None:
    with pytest.raises(NothingToPublish, match="nothing to publish in SEDL"):
        sedl(fund)
    named, other = [loan.organisation for loan in Loan.objects.order_by("pk")[:2]]
    type(other).objects.filter(pk=other.pk).update(name="Quiet Mill Trust")
    only(named.pk)
    made = sedl(fund)
    both = made.content + written(made.note)
    assert b"Quiet Mill" not in both
    assert b"8124" not in made.content
    assert (made.note["deals"], made.note["left_out"]) == (1, 2)
    lent = made.note["totals"][0]
    assert Decimal(lent["published"]) + Decimal(lent["left_out"]) == Decimal(lent["ledger"])


def test_a_consent_taken_back_leaves_an_identifier_and_nothing_else(fund: Fund) -> None:
    everybody()
    first = publish(book=fund.book, standard=Standard.SEDL, as_of=TODAY, by=fund.priya)
    with pytest.raises(SameRelease):
        publish(book=fund.book, standard=Standard.SEDL, as_of=TODAY, by=fund.priya)
    stays = Loan.objects.order_by("pk")[0]
    only(stays.organisation_id)
    second = publish(book=fund.book, standard=Standard.SEDL, as_of=TODAY, by=fund.priya)
    assert (first.version, second.version) == (1, 2)
    kept = PublishedId.objects.get(subject=f"loan:{stays.pk}").code
    assert second.note["withdrawn"] == sorted(set(first.note["identifiers"]) - {kept})


def test_totals_that_do_not_tie_are_not_published(fund: Fund) -> None:
    everybody()
    loan = Loan.objects.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE loans_standing SET principal = principal + 1 WHERE loan_id = %s", [loan.pk])
    with pytest.raises(NotFitToPublish, match="which is what the ledger has"):
        sedl(fund)


def test_an_export_comes_back_whole(fund: Fund) -> None:
    everybody()
    made = sedl(fund)
    empty = make_book(code="other-fund", name="Other fund", today=TODAY)
    tried = try_records(book=empty, content=made.content)
    assert (tried.deals, tried.new, DealRecord.objects.count()) == (3, 3, 0), "a dry run keeps nothing"
    bring_in_records(book=empty, content=made.content, by=fund.priya)
    assert Loan.objects.filter(book=empty).count() == 0
    assert data_set(book=empty, standard=Standard.SEDL, as_of=TODAY).content == made.content
    assert bring_in_records(book=empty, content=made.content, by=fund.priya).new == 0
    data: Any = read(made.content)
    data["deals"][0]["title"] = "Told otherwise"
    with pytest.raises(NotReadable, match="other content"):
        bring_in_records(book=empty, content=written(data), by=fund.priya)
    with pytest.raises(NotReadable, match="published from here"):
        bring_in_records(book=fund.book, content=made.content, by=fund.priya)


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"deals", "no JSON"),
    "a number that is none": (b'{"deals": [{"value": NaN}]}', "NaN"),
    "no SEDL": (b'{"deals": [{}]}', "breaks SEDL"),
    "no region": (written(changed(("recipientOrganization/addressRegion", "Narnia"))), "no addressRegion"),
    "no form": (written(changed(("recipientOrganization/organizationType", "PLC - Public Listed Company"))), "Type"),
    "a society without its number": (
        written(changed(("recipientOrganization/id", "CW-SHOP23456789"))),
        "society number",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_data_set_is_refused_whole(name: str) -> None:
    content, said = UNREADABLE[name]
    book = make_book()
    with pytest.raises(NotReadable, match=said):
        bring_in_records(book=book, content=content, by=make_user())
    assert not DealRecord.objects.exists()


def test_the_queries_do_not_grow_with_the_deals(fund: Fund) -> None:
    everybody()
    sedl(fund)
    with CaptureQueriesContext(connection) as three:
        sedl(fund)
    for shop in ("8130", "8131", "8132"):
        make_drawn_loan(fund, shop=shop)
    everybody()
    sedl(fund)
    with CaptureQueriesContext(connection) as six:
        sedl(fund)
    assert len(six) == len(three)


def test_the_public_page_shows_what_is_behind_each_total(fund: Fund) -> None:
    everybody()
    release = publish(book=fund.book, standard=Standard.SEDL, as_of=TODAY, by=fund.priya)
    client = Client()
    (listed,) = look(client, "/open-data/").rows("Data sets")
    assert listed.startswith("SEDL (alpha, 2018), version 1 Harbour & Hills Community Fund | ")
    page = look(client, f"/open-data/{release.pk}/")
    assert page.rows("Totals")[0].split(" | ")[1:] == ["70,000.00", "0.00", "70,000.00"]
    assert page.rows("Lent")[-1] == "Published | 70,000.00"
    assert release.sha256 in page.text.replace("\u200b", "")
    assert client.get(f"/open-data/{release.pk}/data.json").content == bytes(release.content)
    assert json.loads(client.get(f"/open-data/{release.pk}/note.json").content)["deals"] == 3
    assert client.get(f"/open-data/{release.pk + 1}/").status_code == 404
    assert fund.priya.name not in page.text
    assert home_for(fund.priya)


def test_the_command_writes_the_data_and_its_note(
    fund: Fund, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deals.json"
    with pytest.raises(CommandError, match="nothing to publish in SEDL"):
        call_command("export_open_data", standard="sedl", book=fund.book.code, output=file)
    assert not file.exists()
    everybody()
    call_command("export_open_data", standard="sedl", book=fund.book.code, output=file)
    assert json.loads((tmp_path / "deals.note.json").read_text())["sha256"] in capsys.readouterr().out
    call_command("import_open_data", file, book=make_book(code="other-fund").code)
    assert "A dry run: 3 deals of 3 businesses, 3 of them new here." in capsys.readouterr().out
    assert not Release.objects.exists()


def with_a_grant(fund: Fund) -> None:
    """The first loan has a grant of £5,000.00 beside it, of which £3,000.00 is paid."""
    loan = Loan.objects.order_by("pk")[0]
    grant = make_grant(loan, by=fund.priya)
    record_grant_payment(grant=grant, entry=paying(loan, "3000.00", by=fund.priya).pk, by=fund.priya)


def giving(fund: Fund) -> DataSet:
    return data_set(book=fund.book, standard=Standard.GIVING, as_of=TODAY)


def test_a_grant_beside_a_loan_is_published_as_the_ledger_paid_it(fund: Fund, settings: Any) -> None:
    everybody()
    settings.GIVING_PREFIX = ""
    with pytest.raises(NothingToPublish, match="nothing to publish in 360Giving"):
        giving(fund)
    with_a_grant(fund)
    with pytest.raises(NothingToPublish, match="GIVING_PREFIX"):
        giving(fund)
    settings.GIVING_PREFIX = "360G-village"
    made = giving(fund)
    data: Any = read(made.content)
    (grant,) = data["grants"]
    assert (grant["amountAwarded"], grant["amountDisbursed"]) == (Decimal("5000.00"), Decimal("3000.00"))
    assert sum(one["value"] for one in grant["disbursementTransaction"]) == Decimal("3000.00")
    assert made.note["totals"][0]["ledger"] == "3000.00"
    deals: Any = read(sedl(fund).content)
    blended = next(deal for deal in deals["deals"] if "grants" in deal["investments"])
    assert blended["value"] == Decimal("40000.00"), "a loan of 35,000 and a grant of 5,000"
    assert grant["id"] == f"360G-village-{blended['investments']['grants'][0]['id']}"


@pytest.mark.skipif(not CHECKS, reason="OPEN_DATA_CHECKS names no folder with the published schemas and their check")
def test_the_published_schemas_agree(fund: Fund, settings: Any, tmp_path: Path) -> None:
    """A program that we did not write reads the export: schema, identifiers, and CSV and back by flattentool."""
    everybody()
    with_a_grant(fund)
    settings.GIVING_PREFIX = "360G-village"
    (tmp_path / "grants.json").write_bytes(giving(fund).content)
    (tmp_path / "export.json").write_bytes(sedl(fund).content)
    (tmp_path / "example.json").write_bytes(written(changed()))
    for standard, name in (("sedl", "export"), ("sedl", "example"), ("360giving", "grants")):
        judge = Path(CHECKS or "") / "check_open_data.py"
        check = [sys.executable, str(judge), standard, str(tmp_path / f"{name}.json")]
        done = subprocess.run([*check, "--require-round-trip"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_a_manager_looks_at_both_and_publishes_either(fund: Fund) -> None:
    """Looking gives nothing a name; what is published is named in the post."""
    everybody()
    loan = Loan.objects.earliest("pk")
    entry = paying(loan, "400.00", by=fund.priya)
    record_grant_payment(grant=make_grant(loan, by=fund.priya), entry=entry.pk, by=fund.priya)
    client, page = Client(), f"/desk/{fund.book.code}/open-data/"
    client.force_login(make_staff(fund.book, "manager"))
    shown = look(client, page)
    assert shown.rows("SEDL (alpha, 2018)")[0].split(" | ")[1:] == ["70,000.00", "0.00", "70,000.00"]
    assert shown.rows("360Giving 1.4")[0].split(" | ")[1:] == ["400.00", "0.00", "400.00"]
    assert not PublishedId.objects.exists()
    refused = Shown(client.post(page, follow=True))
    (told,) = refused.notices()
    assert told == "Choose what to publish: deals in SEDL, or grants in 360Giving; nothing was published."
    client.post(page, {"standard": "360giving"})
    assert [(one.standard, one.version) for one in Release.objects.all()] == [("360giving", 1)]
    assert "The last release says exactly this." in look(client, page).forbidden().values()


def test_what_came_back_in_part_is_not_called_written_off(fund: Fund) -> None:
    def state(lent: int, outstanding: int, written_off: int) -> str:
        loan = SimpleNamespace(moved_in_id=None)
        return _state(cast(Deal, SimpleNamespace(value=lent, loan=loan, stood=Stood(outstanding, written_off))))

    assert [state(100, 10, 0), state(100, 0, 0), state(100, 0, 5), state(100, 0, 100)] == [
        "running",
        "repaid",
        "ended, part written off",
        "written off",
    ]
