"""Bank details change under four eyes alone: one proposes, another calls back, the database holds both to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.test import Client

from ledger.domain.bank_details import read_bank_details
from ledger.domain.errors import (
    BankDetailsDecided,
    BankDetailsMalformed,
    BankDetailsWaiting,
    ContentChanged,
    SameTwoEyes,
)
from ledger.models import Book, PayeeDecision, PayeeDetails
from ledger.queries import details_in_force, details_waiting, is_recent, payees_of_same_account
from ledger.services import confirm_details, decline_details, propose_details
from tests.builders import make_book, make_user
from tests.commonweal.access.people import make_borrower, make_staff
from tests.databases import TestDatabase
from tests.ledger.at_once import all_at_once
from tests.ledger.raw_rows import refusal
from tests.loans.builders import make_fund, make_loan

ON = date(2026, 11, 20)
SHOP, OTHER = "31926819", "31926818"
IBAN = {"iban": "GB33 BUKB 2020 1555 5555 55", "bic": "BUKBGB22"}


def propose(book: Book, number: str = SHOP, by: Any = None) -> PayeeDetails:
    details = read_bank_details(account_name="Netherby Shop", sort_code="60-16-13", account_number=number)
    return propose_details(book=book, subject="organisation:4", details=details, by=by or make_user())


def decline(details: PayeeDetails) -> PayeeDecision:
    return decline_details(details=details, how="Nobody there knew of it", on=ON, by=make_user())


def confirm(details: PayeeDetails, on: date = ON, **changes: Any) -> Any:
    given = {"shown_sha256": details.content_sha256, "how": "Called Jo on 01632 960108", "by": make_user()}
    return confirm_details(details=details, on=on, **{**given, **changes})


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("account_name", {"account_name": "<script>", "sort_code": "601613", "account_number": SHOP}),
        ("sort_code", {"sort_code": "6016", "account_number": SHOP}),
        ("account_number", {"sort_code": "601613", "account_number": "3192"}),
        ("bic", {"sort_code": "601613", "account_number": SHOP, "bic": "BUKBGB22"}),
        ("iban", {**IBAN, "iban": "GB34 BUKB 2020 1555 5555 55"}),
        ("iban", {**IBAN, "iban": "GB33 BUKB 2020"}),
        ("iban", {**IBAN, "sort_code": "601613"}),
        ("bic", {**IBAN, "bic": ""}),
    ],
)
def test_what_cannot_be_an_account_names_its_field(field: str, given: dict[str, str]) -> None:
    with pytest.raises(BankDetailsMalformed, match="nothing was changed") as caught:
        read_bank_details(**{"account_name": "Netherby Shop", **given})
    assert caught.value.field == field
    assert read_bank_details(account_name="Netherby Shop", **IBAN).masked == "account ending 5555"


@pytest.mark.django_db
def test_the_last_confirmed_are_in_force_and_a_change_is_pointed_at_for_a_while() -> None:
    book = make_book()
    first = propose(book)
    assert details_in_force(book, "organisation:4") is None
    confirm(first)
    assert details_in_force(book, "organisation:4") == first
    second = propose(book, OTHER)
    assert details_in_force(book, "organisation:4") == first
    confirm(second, ON)
    in_force = details_in_force(book, "organisation:4")
    assert in_force == second
    assert [is_recent(in_force, ON + timedelta(days=days)) for days in (0, 30, 31)] == [True, True, False]
    decline(propose(book, SHOP))
    assert details_in_force(book, "organisation:4") == second
    assert not details_waiting(book)


@pytest.mark.django_db
def test_four_eyes() -> None:
    book, priya = make_book(), make_user(name="Priya")
    details = propose(book, by=priya)
    assert propose(book, by=priya) == details
    with pytest.raises(BankDetailsWaiting, match="account ending 6819"):
        propose(book, OTHER)
    with pytest.raises(SameTwoEyes):
        confirm(details, by=priya)
    with pytest.raises(ContentChanged):
        confirm(details, shown_sha256="0" * 64)
    with pytest.raises(BankDetailsDecided, match="Say how"):
        confirm(details, how=" ")
    confirm(details)
    with pytest.raises(BankDetailsDecided, match="decided already"):
        confirm(details)


@pytest.mark.committing
@pytest.mark.parametrize("second", [confirm, decline], ids=["confirm", "decline"])
def test_of_two_who_decide_at_once_the_second_is_told(
    committing_database: TestDatabase, second: Callable[[PayeeDetails], PayeeDecision]
) -> None:
    for number in range(10):
        details = propose(make_book(code=f"book-{number}"))
        answers = all_at_once([partial(confirm, details), partial(second, details)])
        assert {type(answer) for answer in answers} == {PayeeDecision, BankDetailsDecided}


@pytest.mark.django_db
def test_the_database_confirms_nothing_by_itself() -> None:
    details = propose(make_book())
    row = "INSERT INTO ledger_payeedecision (details_id, outcome, how, approval_id, decided_by_id, decided_on) "
    approval = (
        "INSERT INTO ledger_approval (subject, content_sha256, made_by_id, made_at, checked_by_id, reason) "
        "VALUES ('payee-details:0', %s, %s, now(), %s, '') RETURNING id"
    )
    other = make_user().pk
    with connection.cursor() as cursor:
        cursor.execute(approval, [details.content_sha256, details.proposed_by_id, other])
        (pk,) = cursor.fetchone()
    for statement, values, code in (
        (row + "VALUES (%s, 'confirmed', 'x', %s, %s, now())", [details.pk, pk, other], "CW017"),
        ("UPDATE ledger_payeedetails SET account_number = '1'", [], "42501"),
        ("DELETE FROM ledger_payeedecision", [], "42501"),
    ):
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
        assert refusal(caught.value)[0] == code


@pytest.mark.django_db
def test_a_business_proposes_and_the_desk_calls_back() -> None:
    fund = make_fund()
    loan = make_loan(fund)
    jo, tom = Client(), Client()
    jo.force_login(make_borrower(loan.organisation))
    tom.force_login(make_staff(fund.book, "finance"))
    given = {"account_name": "Netherby Shop", "sort_code": "60-16-13", "account_number": SHOP}
    assert "eight digits" in jo.post("/borrower/bank-details/", {**given, "account_number": "1"}).content.decode()
    assert jo.post("/borrower/bank-details/", given).status_code == 302
    details = PayeeDetails.objects.get()
    desk = f"/desk/{fund.book.code}/payees/"
    listed = tom.get(desk).content.decode()
    assert "account ending 6819" in listed
    assert SHOP not in listed
    assert SHOP in tom.get(f"{desk}{details.pk}/").content.decode()
    answer = {"decision": "confirm", "how": "Called Jo on 01632 960108", "sha256": details.content_sha256}
    assert tom.post(f"{desk}{details.pk}/", answer).status_code == 302
    page = jo.get("/borrower/bank-details/").content.decode()
    assert "We pay to your account ending 6819" in page
    assert SHOP not in page
    assert "account ending 6819" in tom.get(f"/desk/{fund.book.code}/loans/{loan.pk}/draw-down/").content.decode()


@pytest.mark.django_db
def test_two_payees_of_one_account_are_known_as_long_as_it_is_theirs_or_proposed() -> None:
    book = make_book()
    first, other = propose(book), read_bank_details(account_name="Millrace", sort_code="601613", account_number=SHOP)
    assert payees_of_same_account(first) == []
    second = propose_details(book=book, subject="investor:NRB", details=other, by=make_user())
    assert payees_of_same_account(first) == ["investor:NRB"]
    assert payees_of_same_account(second) == ["organisation:4"]
    decline(second)
    assert payees_of_same_account(first) == []
