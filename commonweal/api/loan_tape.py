"""The loan tape of an investor: a row a loan, as at any date, as JSON and as CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Word
from commonweal.api.investors import InvestorOperation
from commonweal.api.loans import AsOfQuery, PagedAsOfQuery
from commonweal.api.operations import Asked, operation
from commonweal.documents.list_files import CSV_TYPE, as_csv
from commonweal.documents.loan_tape import tape_sheet
from investors.domain.participation import SharingRule
from investors.loan_tape import COLUMNS, STATUSES, loan_tape

_means: dict[str, dict[str, Any]] = {name: {"help_text": words.replace("`", "")} for name, words in COLUMNS.items()}


class TapeRowOut(Shape):
    """A loan that an investor has a part of; docs/loan-tape.md defines each column."""

    as_of = Day(**_means["as_of"])
    fund = serializers.CharField(**_means["fund"])
    contract_identifier = serializers.CharField(**_means["contract_identifier"])
    borrower = serializers.CharField(**_means["borrower"])
    place = serializers.CharField(**_means["place"])
    region = serializers.CharField(**_means["region"])
    sector = serializers.CharField(**_means["sector"])
    product = serializers.CharField(**_means["product"])
    currency = serializers.CharField(**_means["currency"])
    agreed_on = Day(**_means["agreed_on"])
    first_payment_due_on = Day(allow_null=True, **_means["first_payment_due_on"])
    final_payment_due_on = Day(allow_null=True, **_means["final_payment_due_on"])
    status = Word(STATUSES, **_means["status"])
    restructured_on = Day(allow_null=True, **_means["restructured_on"])
    days_past_due = serializers.IntegerField(**_means["days_past_due"])
    interest_rate = PlainDecimal(**_means["interest_rate"])
    principal_outstanding = MoneyField(**_means["principal_outstanding"])
    arrears = MoneyField(**_means["arrears"])
    accrued_interest = MoneyField(**_means["accrued_interest"])
    provision = MoneyField(**_means["provision"])
    guarantee_cover = PlainDecimal(**_means["guarantee_cover"])
    rank = serializers.IntegerField(**_means["rank"])
    ranks = serializers.IntegerField(**_means["ranks"])
    sharing_rule = Word(SharingRule, **_means["sharing_rule"])
    share = PlainDecimal(**_means["share"])
    own_interest_rate = PlainDecimal(allow_null=True, **_means["own_interest_rate"])
    servicing_fee = PlainDecimal(**_means["servicing_fee"])
    no_principal_before = Day(allow_null=True, **_means["no_principal_before"])
    original_part = MoneyField(**_means["original_part"])
    part_principal_outstanding = MoneyField(**_means["part_principal_outstanding"])
    part_interest_due = MoneyField(**_means["part_interest_due"])
    part_accrued_interest = MoneyField(**_means["part_accrued_interest"])
    part_provision = MoneyField(**_means["part_provision"])
    part_written_off = MoneyField(**_means["part_written_off"])
    part_recovered = MoneyField(**_means["part_recovered"])


class LoanTape(InvestorOperation):
    @operation(gives=TapeRowOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Every loan of the book that an investor has a part of on a day, by its reference."""
        rows = loan_tape(self.investor, self.book, self.day(asked))
        return self.paged(rows, lambda page: [row.values() for row in page])


class LoanTapeDownload(InvestorOperation):
    @operation(gives=None, query=AsOfQuery, media_type="text/csv")
    def get(self, asked: Asked) -> Any:
        """The same as CSV, whole."""
        sheet = tape_sheet(self.investor, self.book, self.day(asked))
        answer = HttpResponse(as_csv(sheet), content_type=CSV_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{sheet.name}.csv"'
        return answer
