"""Money leaves by a file that one person makes and another checks; the database holds both to it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction
from lxml import etree
from moneyed import Money

from commonweal.jobs.paying import payments_to_make
from ledger.checks import examine
from ledger.domain.bank_details import BankDetails
from ledger.domain.errors import ContentChanged, SameTwoEyes
from ledger.domain.payment_errors import PayeeNotConfirmed, PaymentFileMoved, PaymentRefused
from ledger.domain.payments import PaymentFormat, PaymentState, Transfer, TransferFile
from ledger.models import PaymentFile, PaymentFileStep, PaymentInstruction
from ledger.pain001 import write_pain001
from ledger.queries import payments
from ledger.services import payment_file_bytes, refuse_payment, withdraw_payment_file
from loans.domain.errors import ReversalRefused
from loans.models import LoanEvent
from loans.services import confirm_drawdown, reverse_event
from tests.builders import pounds
from tests.databases import TestDatabase
from tests.documentation import compare_between_marks
from tests.ledger.at_once import all_at_once
from tests.ledger.payment_world import ON, Paying, confirm_account, make_paying
from tests.ledger.raw_rows import refusal
from tests.loans.builders import bank_line


def states(paying: Paying) -> list[str]:
    """How far each payment is, in the order in which they were made."""
    return [str(one.state) for one in payments(paying.book).order_by("pk")]


@pytest.mark.django_db
def test_a_file_is_made_checked_and_taken_and_is_the_same_every_time() -> None:
    paying = make_paying()
    file = paying.make()
    assert (file.payment_count, file.money, str(file)) == (2, pounds("5200.00"), "Payment file 1")
    assert states(paying) == [PaymentState.WAITING] * 2
    assert payments_to_make(paying.book) == []
    with pytest.raises(PaymentFileMoved, match="has to be checked by a second person first"):
        paying.take(file)
    with pytest.raises(SameTwoEyes):
        paying.check(file, by=paying.amina)
    with pytest.raises(ContentChanged):
        paying.check(file, sha256="0" * 64)
    paying.check(file)
    with pytest.raises(PaymentFileMoved, match="is checked already"):
        paying.check(file)
    content = paying.take(file)
    assert states(paying) == [PaymentState.SENT] * 2
    assert content == paying.take(file) == payment_file_bytes(PaymentFile.objects.get())
    assert hashlib.sha256(content).hexdigest() == file.file_sha256
    assert [step.kind for step in PaymentFileStep.objects.all()] == ["checked", "taken", "taken"]
    with pytest.raises(PaymentFileMoved, match="was taken to the bank"):
        withdraw_payment_file(file=file, reason="Too late", on=ON, by=paying.tom)
    assert examine(paying.book) == []


def told(content: bytes) -> dict[str, list[str]]:
    """The texts of a message by the names of their elements."""
    found: dict[str, list[str]] = {}
    for element in etree.fromstring(content).iter():
        if element.text and element.text.strip():
            found.setdefault(etree.QName(element).localname, []).append(element.text)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("version", PaymentFormat)
def test_what_the_bank_is_told(version: PaymentFormat) -> None:
    paying = make_paying(1)
    content = paying.take(_checked(paying, format=version, is_batch=True))
    said = told(content)
    assert f'xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"'.encode() in content
    assert said["NbOfTxs"] == ["1", "1"]
    assert said["CtrlSum"] == ["2400.00", "2400.00"]
    assert said["MsgId"] == ["HARBOUR-HILLS-0001"]
    assert said["EndToEndId"] == ["HARBOUR-HILLS-0001-1"]
    assert said["MmbId"] == ["608371", "601613"]
    assert said["Cd"] == ["URNS", "BBAN", "GBDSC", "GBDSC", "BBAN"]
    assert said["Nm"] == ["Harbour + Hills Community Fund"] * 2 + ["Netherby Shop"]
    assert said["Ustrd"] == ["HH-0108"]
    assert said["BtchBookg"] == ["true"]
    assert ("Dt" in said) is (version is PaymentFormat.PAIN_09)


def _checked(paying: Paying, **how: Any) -> PaymentFile:
    file = paying.make(**how)
    paying.check(file)
    return file


@pytest.mark.django_db
def test_what_is_in_a_file_is_in_no_other_until_that_is_over() -> None:
    paying = make_paying()
    sources = [one.source for one in payments_to_make(paying.book)]
    first = paying.make()
    with pytest.raises(PaymentRefused, match="1 of the 1 payments chosen cannot be made any more"):
        paying.make(sources=sources[:1])
    withdraw_payment_file(file=first, reason="The wrong day", on=ON, by=paying.tom)
    assert states(paying) == [PaymentState.WITHDRAWN] * 2
    with pytest.raises(PaymentFileMoved, match="is withdrawn"):
        paying.check(first)
    paying.sent()
    sent = payments(paying.book).filter(state=PaymentState.SENT).order_by("line_no").first()
    assert (sent.attempt, sent.end_to_end_id) == (2, "HARBOUR-HILLS-0002-1")
    refuse_payment(payment=sent, reason="The account is closed", on=ON, by=paying.tom)
    with pytest.raises(PaymentFileMoved, match="is refused, so the bank cannot"):
        refuse_payment(payment=sent, reason="Again", on=ON, by=paying.tom)
    assert [one.source for one in payments_to_make(paying.book)] == sources[:1]
    paying.make()
    assert states(paying)[2:] == [PaymentState.REFUSED, PaymentState.SENT, PaymentState.WAITING]


@pytest.mark.django_db
def test_everything_is_judged_anew_before_it_leaves() -> None:
    paying = make_paying()
    file, payee = paying.make(), f"organisation:{paying.loans[0].organisation_id}"
    event = LoanEvent.objects.get(loan=paying.loans[0])
    with pytest.raises(ReversalRefused, match="is in payment file 1, and is waiting there"):
        reverse_event(event=event, on=ON, reason="A mistake", by=paying.tom, key="back")
    confirm_account(paying.book, payee, number="31926818")
    with pytest.raises(PayeeNotConfirmed, match="have changed since payment file 1 was made"):
        paying.check(file)
    withdraw_payment_file(file=file, reason="Another account", on=ON, by=paying.tom)
    again = _checked(paying)
    line = bank_line(paying.fund, "-2400.00", "by hand", "2026-11-23")
    confirm_drawdown(
        loan=paying.loans[0],
        amount=pounds("2400.00"),
        on=ON,
        bank_account="MAIN",
        bank_line_id=line.pk,
        by=paying.tom,
    )
    with pytest.raises(PaymentRefused, match="is no longer on its way"):
        paying.take(again)


@pytest.mark.django_db
def test_what_cannot_be_paid_is_said() -> None:
    paying = make_paying(1)
    with pytest.raises(PaymentRefused, match="pays nobody"):
        paying.make(sources=[])
    with pytest.raises(PaymentRefused, match="22 November 2026 is over"):
        paying.make(requested_on=ON - timedelta(days=1))
    (source,) = [one.source for one in payments_to_make(paying.book)]
    with pytest.raises(PaymentRefused, match="is chosen 2 times"):
        paying.make(sources=[source, source])


EXAMPLE = TransferFile(
    message_id="HARBOUR-HILLS-0007",
    made_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    requested_on=ON,
    debtor_name="Harbour & Hills Community Fund",
    debtor_account="60837112345678",
    is_batch=False,
    format=PaymentFormat.PAIN_09,
    transfers=(
        Transfer(
            "HARBOUR-HILLS-0007-1", BankDetails("Netherby Shop", "601613", "31926819"), pounds("10000.00"), "HH-0108"
        ),
    ),
)


def test_the_page_shows_a_file_as_it_is_written() -> None:
    """`SNAPSHOT_UPDATE=1` writes it anew."""
    lines = write_pain001(EXAMPLE).decode().splitlines()
    compare_between_marks(settings.BASE_DIR / "docs" / "payments.md", "example", ["```xml", *lines, "```"])


def test_each_way_of_paying_has_its_block() -> None:
    own, abroad = "GB33BUKB20201555555555", BankDetails("Käser & Söhne", iban="DE89370400440532013000", bic="COBADEFF")
    mixed = (*EXAMPLE.transfers, Transfer("HARBOUR-HILLS-0007-2", abroad, pounds("0.50"), "Café"))
    said = told(write_pain001(replace(EXAMPLE, transfers=mixed, debtor_account=own)))
    assert said["PmtInfId"] == ["HARBOUR-HILLS-0007-B1", "HARBOUR-HILLS-0007-B2"]
    assert (said["NbOfTxs"], said["CtrlSum"]) == (["2", "1", "1"], ["10000.50", "10000.00", "0.50"])
    assert (said["Nm"][-1], said["Ustrd"]) == ("Kaser + Sohne", ["HH-0108", "Cafe"])
    assert said["IBAN"] == [own, own, abroad.iban]
    euros = (Transfer("HARBOUR-HILLS-0007-1", abroad, Money("12.50", "EUR"), "HH-0109"),)
    said = told(write_pain001(replace(EXAMPLE, transfers=euros, debtor_account=own)))
    assert (said["Cd"], said["ChrgBr"], said["BICFI"]) == (["SEPA"], ["SLEV"], ["COBADEFF"])


DETAILS = """
    INSERT INTO ledger_paymentinstruction (book_id, file_id, line_no, payee, details_id, account_id, amount, purpose,
      source, attempt, reference, end_to_end_id)
    SELECT book_id, file_id, {line_no}, payee, details_id, account_id, {amount}, purpose, {source}, {attempt},
      reference, end_to_end_id || '-x' FROM ledger_paymentinstruction ORDER BY id LIMIT 1
"""
STEP = """
    INSERT INTO ledger_paymentfilestep (file_id, kind, approval_id, reason, done_on, done_by_id)
    SELECT {file}, {kind}, {approval}, '', '2026-11-23', {by}
"""
APPROVAL = """
    INSERT INTO ledger_approval (subject, content_sha256, made_by_id, made_at, checked_by_id, reason)
    VALUES ('payment-file:' || {file}, {sha256}, {made}, now(), {by}, '') RETURNING id
"""


@pytest.mark.django_db
def test_the_database_pays_nothing_by_itself() -> None:
    paying = make_paying()
    file = paying.make()
    by, amina = paying.tom.pk, paying.amina.pk
    same = APPROVAL.format(file=file.pk, sha256=f"'{file.content_sha256}'", made=amina, by=amina)
    other = APPROVAL.format(file=file.pk, sha256=f"'{'0' * 64}'", made=amina, by=by)
    with connection.cursor() as cursor:
        cursor.execute(other)
        (approval,) = cursor.fetchone()
    statements = {
        DETAILS.format(line_no=3, amount=1, source="'new'", attempt=1): "CW018",
        DETAILS.format(line_no=2, amount=1, source="'new'", attempt=1): "23505",
        DETAILS.format(line_no=1, amount=1, source="source", attempt=2): "CW018",
        STEP.format(file=file.pk, kind="'taken'", approval="NULL", by=by): "CW019",
        STEP.format(file=file.pk, kind="'checked'", approval=approval, by=by): "CW019",
        same: "23514",
        "UPDATE ledger_paymentinstruction SET amount = 1": "42501",
        "UPDATE ledger_paymentfile SET total = 1": "42501",
        "DELETE FROM ledger_paymentfilestep": "42501",
        "DELETE FROM ledger_paymentoutcome": "42501",
    }
    for statement, code in statements.items():
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert refusal(caught.value)[0] == code, statement


@pytest.mark.committing
def test_of_two_who_make_a_file_at_once_one_pays(committing_database: TestDatabase) -> None:
    paying = make_paying(1)
    sources = [one.source for one in payments_to_make(paying.book)]
    answers = all_at_once([partial(paying.make, sources=sources) for _ in range(4)])
    assert sorted(type(answer).__name__ for answer in answers) == ["PaymentFile", *["PaymentRefused"] * 3]
    assert PaymentInstruction.objects.count() == 1
    (file,) = (answer for answer in answers if isinstance(answer, PaymentFile))
    withdraw = partial(withdraw_payment_file, file=file, reason="No", on=date(2026, 11, 23), by=paying.tom)
    answers = all_at_once([partial(paying.check, file), withdraw, partial(paying.check, file)])
    assert len([one for one in answers if isinstance(one, PaymentFileStep)]) in (1, 2)
    assert PaymentFileStep.objects.filter(kind="checked").count() <= 1
