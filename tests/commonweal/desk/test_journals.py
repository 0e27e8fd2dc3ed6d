"""Can one person prepare a manual journal, opening balances among them, and only another post it?"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonweal.access.models import StaffMembership, StaffRole, User
from ledger.models import Book, JournalDraft, JournalEntry
from ledger.queries import account, balance
from ledger.services import draft_sha256
from tests.builders import make_book, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    return make_book()


def member(book: Book, name: str, role: StaffRole = StaffRole.FINANCE) -> tuple[User, Client]:
    """A member of the book's staff, logged in."""
    user, client = make_user(name=name), Client()
    StaffMembership.objects.create(user=user, book=book, role=role)
    client.force_login(user)
    return user, client


def prepare(client: Client, book: Book, *, credit: str = "500.00") -> JournalDraft | None:
    """Fill in the form for opening balances."""
    answer = client.post(
        f"/desk/{book.code}/ledger/journals/new/",
        {
            "kind": "opening",
            "on": "2025-01-01",
            "narrative": "Balances from the old books",
            "attachment": SimpleUploadedFile("old.csv", b"account,amount\n", content_type="text/csv"),
            "lines-TOTAL_FORMS": "2",
            "lines-INITIAL_FORMS": "0",
            "lines-0-account": "1010/MAIN",
            "lines-0-debit": "500.00",
            "lines-1-account": "3020",
            "lines-1-credit": credit,
        },
    )
    assert answer.status_code in (HTTPStatus.FOUND, HTTPStatus.OK)
    return JournalDraft.objects.first()


def test_opening_balances_are_posted_by_a_second_person_only(book: Book) -> None:
    amina, amina_client = member(book, "Amina Diallo")
    _, tom_client = member(book, "Tom Ashworth", StaffRole.MANAGER)
    draft = prepare(amina_client, book)
    assert draft is not None
    shown = {"sha256": draft_sha256(draft)}
    address = f"/desk/{book.code}/ledger/journals/{draft.pk}/post/"

    refused = amina_client.post(address, shown, follow=True)
    assert "somebody else has to check it" in refused.content.decode()
    assert not JournalEntry.objects.exists()

    assert tom_client.post(address, {"sha256": "0" * 64}, follow=True).status_code == HTTPStatus.OK
    assert not JournalEntry.objects.exists()

    tom_client.post(address, shown)
    entry = JournalEntry.objects.get()
    assert (entry.kind, entry.approval.made_by_id) == ("opening", amina.pk)
    bank = account(book, "1010/MAIN")
    assert bank is not None
    assert str(balance(bank, date(2025, 1, 1)).amount) == "500.00"


def test_a_journal_that_does_not_balance_is_refused_in_the_form_and_keeps_nothing(book: Book) -> None:
    _, client = member(book, "Amina Diallo")
    assert prepare(client, book, credit="499.99") is None
