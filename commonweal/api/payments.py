"""Payments out: what there is to pay, files that one person makes and another checks, and what became of them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Base64, Day, MoneyField, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from commonweal.jobs.paying import make_file, payments_to_make, refuse_payment
from ledger import queries
from ledger.domain.payments import PaymentFormat, PaymentState, Purpose
from ledger.services import HowPaid, check_payment_file, take_payment_file, withdraw_payment_file

SHA256 = r"[0-9a-f]{64}"
STATES = [state.value for state in PaymentState]
MOST = 1000


class ToPayOut(Shape):
    """Something that is on its way and in no payment file."""

    source_ = serializers.CharField(help_text="What is paid: name it to put it into a file.")
    payee = serializers.CharField(help_text="`organisation:4` or `investor:NRB`, as among the payees.")
    account = serializers.CharField(help_text="The account in transit that the money leaves.")
    purpose = Word([purpose.value for purpose in Purpose])
    reference = serializers.CharField(help_text="What the payee reads.")
    amount = MoneyField()


class PaymentOut(Shape):
    """A payment of a file, and how far it is."""

    id = serializers.IntegerField()
    file_number = serializers.IntegerField(source="file.number")
    payment_file = serializers.IntegerField(source="file_id")
    source_ = serializers.CharField()
    attempt = serializers.IntegerField(help_text="1 unless an earlier payment of the same was over.")
    payee = serializers.CharField()
    masked = serializers.CharField(source="details.details.masked")
    purpose = Word([purpose.value for purpose in Purpose])
    reference = serializers.CharField()
    end_to_end_id = serializers.CharField()
    amount = MoneyField(source="money")
    state = Word(STATES)


class PaymentFileOut(Shape):
    """Payments that were put together for the bank."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    bank_account = serializers.CharField(source="bank_account.code")
    format = Word([one.value for one in PaymentFormat])
    is_batch = serializers.BooleanField(help_text="Whether the bank books one sum.")
    requested_on = Day()
    payment_count = serializers.IntegerField()
    total = MoneyField(source="money")
    made_by = serializers.CharField(source="made_by.name")
    made_at = serializers.DateTimeField()
    is_checked = serializers.BooleanField()
    is_withdrawn = serializers.BooleanField()
    is_taken = serializers.BooleanField(help_text="Whether it was given to the bank.")
    file_sha256 = serializers.CharField(help_text="The hash of its bytes.")
    sha256 = serializers.CharField(source="content_sha256", help_text="The hash of all of it: send it to check.")


class PaymentFileIn(Strict):
    """What is to be paid, from which account, on which day."""

    bank_account = Text(max_length=20, help_text="The code of the account that pays.")
    requested_on = Day(required=False, help_text="The business date unless given.")
    format = Word([one.value for one in PaymentFormat], required=False)
    is_batch = serializers.BooleanField(required=False, help_text="Whether the bank is to book one sum.")
    sources = serializers.ListField(
        child=Text(max_length=80),
        min_length=1,
        max_length=MOST,
        help_text="From the list of what there is to pay.",
    )


class CheckIn(Strict):
    """What was shown."""

    sha256 = serializers.RegexField(SHA256, max_length=64)


class ReasonIn(Strict):
    """Why."""

    reason = Text(max_length=500, help_text="The auditor reads this.")


class FileForTheBankOut(Shape):
    """A payment file as the bank takes it."""

    name = serializers.CharField()
    content_base64 = Base64(help_text="Its bytes in base64.")
    sha256 = serializers.CharField(help_text="The hash of the bytes.")


class PaymentQuery(Paged):
    """Which payments."""

    state = Word(STATES, required=False)
    payee = Text(max_length=60, required=False, help_text="To one payee: `organisation:4` or `investor:NRB`.")


class PaymentToMakeList(BookOperation):
    @operation(gives=ToPayOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What is booked as on its way and in no file that stands, the oldest first."""
        return self.paged(payments_to_make(self.book))


class PaymentList(BookOperation):
    @operation(gives=PaymentOut, query=PaymentQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Every payment of every file, with how far it is; the latest file first."""
        return self.paged(narrowed(queries.payments(self.book), asked, {"state": "state", "payee": "payee"}))


class PaymentRefuse(BookOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.payment: Any = get_object_or_404(queries.payments(self.book), pk=path["payment"])

    @operation(takes=ReasonIn, gives=PaymentOut)
    def post(self, asked: Asked) -> Any:
        """Record that the bank refused a payment that was given to it; it can be put into another file then."""
        given = {"payment": self.payment, "reason": asked["reason"], "on": self.book.business_date}
        refuse_payment(**given, by=self.person)
        return queries.payments(self.book).get(pk=self.payment.pk)


class PaymentFileList(BookOperation):
    @operation(gives=PaymentFileOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The payment files, the latest first."""
        return self.paged(queries.payment_files(self.book))

    @operation(takes=PaymentFileIn, gives=PaymentFileOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Put payments into a file; nothing leaves before somebody else has checked it."""
        account = named(queries.bank_accounts(self.book), "bank_account", code=asked["bank_account"])
        how = HowPaid(
            asked.get("requested_on", self.book.business_date),
            PaymentFormat(asked.get("format", PaymentFormat.PAIN_09)),
            asked.get("is_batch", False),
        )
        made = make_file(bank_account=account, sources=asked["sources"], how=how, by=self.person)
        return queries.payment_files(self.book).get(pk=made.pk)


class PaymentFileOperation(BookOperation):
    """An operation on one payment file."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.file: Any = get_object_or_404(queries.payment_files(self.book), pk=path["payment_file"])

    def anew(self) -> Any:
        """The file as it stands by now."""
        return queries.payment_files(self.book).get(pk=self.file.pk)


class PaymentFileDetail(PaymentFileOperation):
    @operation(gives=PaymentFileOut)
    def get(self, asked: Asked) -> Any:
        """One payment file; its payments stand in the list of payments."""
        return self.file


class PaymentFileCheck(PaymentFileOperation):
    @operation(takes=CheckIn, gives=PaymentFileOut)
    def post(self, asked: Asked) -> Any:
        """Check a file that a colleague made, exactly as it was shown; it can be given to the bank then."""
        on = self.book.business_date
        check_payment_file(file=self.file, shown_sha256=asked["sha256"], on=on, by=self.person)
        return self.anew()


class PaymentFileWithdraw(PaymentFileOperation):
    @operation(takes=ReasonIn, gives=PaymentFileOut)
    def post(self, asked: Asked) -> Any:
        """Withdraw a file that was not given to the bank; what it was to pay can be paid by another."""
        on = self.book.business_date
        withdraw_payment_file(file=self.file, reason=asked["reason"], on=on, by=self.person)
        return self.anew()


class PaymentFileTake(PaymentFileOperation):
    @operation(gives=FileForTheBankOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """The file for the bank, once it is checked; from the first time on its payments count as at the bank."""
        content = take_payment_file(file=self.file, on=self.book.business_date, by=self.person)
        name = f"{queries.message_id(self.file).lower()}.xml"
        return {"name": name, "content_base64": content, "sha256": self.file.file_sha256}
