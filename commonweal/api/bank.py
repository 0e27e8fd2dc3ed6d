"""The bank: accounts and how far they agree with it, lines and what of them waits in suspense, files brought in."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from commonweal.api.errors import RequestTooLarge
from commonweal.api.fields import Day, FileIn, MoneyField, Shape, Strict, Text, Word
from commonweal.api.jobs import JobOut
from commonweal.api.operations import Asked, BookOperation, Paged, narrowed, operation
from commonweal.api.parsers import BankFileForm, JsonWithBankFile
from commonweal.jobs.banking import ask_to_bring_in
from ledger import queries
from ledger.domain.money import from_minor
from ledger.services import MAX_BANK_FILE_BYTES, keep_bank_file

OF_WHICH = "The code of the bank account that a CSV is of, where the book has several. Other files say it themselves."


class MinorIn(MoneyField):
    """A column of minor units as money of its bank account's currency."""

    def __init__(self, column: str, **given: Any) -> None:
        super().__init__(source="*", read_only=True, **given)
        self.column = column

    def to_representation(self, value: Any) -> dict[str, str]:
        return super().to_representation(from_minor(getattr(value, self.column), value.bank_account.currency))


class BankStatementOut(Shape):
    """The end of the latest statement that the bank gave."""

    statement_id = serializers.CharField()
    from_on = Day()
    to_on = Day()
    closing = MinorIn("closing")


class BankAccountOut(Shape):
    """A bank account, with the account of the books that mirrors it."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    identification = serializers.CharField(help_text="IBAN, or sort code and account number.")
    currency = serializers.CharField()
    account = serializers.IntegerField(source="account_id")
    suspense_account = serializers.IntegerField(source="suspense_id")
    latest_statement = BankStatementOut(allow_null=True)


class BankLineOut(Shape):
    """A booked line of a bank statement, and what of it waits in suspense."""

    id = serializers.IntegerField()
    bank_account = serializers.CharField(source="bank_account.code")
    statement = serializers.CharField(source="statement.statement_id")
    booked_on = Day()
    amount = MinorIn("amount", help_text="Money in is positive, money out negative.")
    unmatched = MinorIn("rest", help_text="What nobody has matched yet.")
    counterparty = serializers.CharField()
    reference = serializers.CharField()
    description = serializers.CharField()
    bank_reference = serializers.CharField()


class BankLineQuery(Paged):
    """Which lines."""

    unmatched = Word(["true", "false"], required=False, help_text="`true`: only lines with something left in suspense.")
    from_ = Day(required=False, help_text="Booked on or after this day.")
    to = Day(required=False, help_text="Booked on or before this day.")


class BankFormIn(Strict):
    """A bank statement file, CAMT.053, OFX or CSV, of at most 20 MB, in a form."""

    file = serializers.FileField(max_length=200)
    bank_account = Text(max_length=20, required=False, help_text=OF_WHICH)


class BankFileIn(FileIn):
    """A bank statement file inside a JSON body."""

    bank_account = Text(max_length=20, required=False, help_text=OF_WHICH)


class BankAccountList(BookOperation):
    @operation(gives=BankAccountOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The bank accounts, with the latest statement of each."""
        newest = Prefetch("statements", queries.latest_bank_statements(), to_attr="newest")
        return self.paged(queries.bank_accounts(self.book).prefetch_related(newest), _with_statement)


class BankLineList(BookOperation):
    @operation(gives=BankLineOut, query=BankLineQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The bank lines, the latest first."""
        found = queries.bank_lines_with_rest().filter(bank_account__book=self.book)
        if asked.get("unmatched") == "true":
            found = found.exclude(rest=0)
        if asked.get("unmatched") == "false":
            found = found.filter(rest=0)
        found = narrowed(found, asked, {"from": "booked_on__gte", "to": "booked_on__lte"})
        return self.paged(found.select_related("statement", "bank_account").order_by("-booked_on", "-pk"))


class BankImport(BookOperation):
    parser_classes = [JsonWithBankFile, BankFileForm]

    @operation(takes=BankFileIn, form=BankFormIn, gives=JobOut, status=202, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Keep a bank file and ask for its import: a job, whose address tells how far it is and how it ended."""
        name, content = _file_of(asked)
        kept = keep_bank_file(name=name, content=content, by=self.person)
        code = asked.get("bank_account") or ""
        return ask_to_bring_in(
            book=self.book, attachment=kept.pk, name=name, bank_account=code, by=self.person, key=self.key
        )


def _file_of(asked: Asked) -> tuple[str, bytes]:
    upload = asked.get("file")
    if upload is None:
        return asked["name"], asked["content_base64"]
    if upload.size > MAX_BANK_FILE_BYTES:
        raise RequestTooLarge(upload.name, MAX_BANK_FILE_BYTES)
    return upload.name, upload.read()


def _with_statement(page: list[Any]) -> list[Any]:
    for row in page:
        row.latest_statement = row.newest[0] if row.newest else None
    return page
