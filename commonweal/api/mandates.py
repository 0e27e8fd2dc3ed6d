"""Mandates of Direct Debit: how a book collects, what businesses signed, what became of it, and what they were told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import loans_for
from commonweal.api.fields import Count, Day, Id, MoneyField, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from commonweal.jobs import debits as work
from ledger import queries as ledger
from ledger.domain.bank_details import BankDetails, read_bank_details
from loans import debits, services
from loans.domain.direct_debit.mandate import MandateState, Scheme
from loans.models import Mandate, MandateChange

SCHEMES = [str(scheme) for scheme in Scheme]
ACCOUNT = ("account_name", "sort_code", "account_number", "iban", "bic")
CHANGES = [each for each in MandateChange.Change.values if each != MandateChange.Change.LODGED]


class DebitSettingOut(Shape):
    """How a book collects by a scheme, from a day on."""

    id = serializers.IntegerField()
    scheme = Word(SCHEMES)
    effective_on = Day()
    bank_account = serializers.CharField(source="bank_account.code")
    identifier = serializers.CharField(help_text="The service user number, or the creditor identifier.")
    creditor_name = serializers.CharField()
    notice_days = serializers.IntegerField()
    notice_in_working_days = serializers.BooleanField()
    presents_again = serializers.BooleanField(help_text="Once, what came back for want of money.")
    set_by = serializers.CharField(source="set_by.name")


class DebitSettingIn(Strict):
    """How a book collects; without days of notice the scheme's own counts."""

    scheme = Word(SCHEMES)
    effective_on = Day()
    bank_account = Text(max_length=20, help_text="The code of the account that is credited.")
    identifier = Text(max_length=35, help_text="The service user number, or the creditor identifier.")
    creditor_name = Text(max_length=70, help_text="What payers read.")
    bic = Text(max_length=11, required=False, help_text="Of the account, for SEPA.")
    notice_days = Count(required=False, min_value=1, max_value=60)
    presents_again = serializers.BooleanField(required=False)


class AccountIn(Strict):
    """The payer's account: sort code and account number, or IBAN and BIC."""

    account_name = Text(max_length=70)
    sort_code = Text(max_length=12, required=False, allow_blank=True)
    account_number = Text(max_length=14, required=False, allow_blank=True)
    iban = Text(max_length=44, required=False, allow_blank=True)
    bic = Text(max_length=15, required=False, allow_blank=True)


class MandateIn(AccountIn):
    """A mandate as it was signed."""

    loan = Id(help_text="The id of the loan whose payments are collected.")
    scheme = Word(SCHEMES)
    signed_on = Day()
    reference = Text(max_length=35, required=False, help_text="Left out, the loan gives it one.")


class MandateOut(Shape):
    """A mandate as it stands on the business date; of the account the last four digits."""

    id = serializers.IntegerField(source="mandate.pk")
    loan = serializers.IntegerField(source="mandate.loan_id")
    reference = serializers.CharField(source="mandate.reference")
    scheme = Word(SCHEMES, source="mandate.scheme")
    signed_on = Day(source="mandate.signed_on")
    state = Word([str(state) for state in MandateState])
    masked = serializers.CharField(source="details.masked")


class MandateChangeOut(Shape):
    """What happened to a mandate."""

    change = Word(MandateChange.Change.values)
    on = Day()
    who = Word(MandateChange.Who.values)
    code = serializers.CharField(help_text="The bank's reason; empty where nobody gave one.")
    words = serializers.CharField()


class DebitNoticeOut(Shape):
    """A collection that the payer was told of; the last of a day counts."""

    collect_on = Day()
    amount = MoneyField(source="money")
    told_on = Day()


class MandateDetailOut(MandateOut):
    """A mandate with what happened to it, and what its payer was told."""

    changes = MandateChangeOut(source="mandate.changes.all", many=True)
    notices = DebitNoticeOut(source="mandate.notices.all", many=True)


class MandateQuery(Paged):
    """Which mandates."""

    loan = Count(required=False, min_value=1, max_value=2**63 - 1, help_text="The id of a loan.")


class MandateChangeIn(Strict):
    """What happened; an amendment brings the new account."""

    change = Word(CHANGES)
    who = Word(MandateChange.Who.values)
    on = Day(required=False, help_text="The business date unless given.")
    words = Text(max_length=300, required=False)
    new_account = AccountIn(required=False)


class NoticeIn(Strict):
    """One collection of which the payer is told."""

    collect_on = Day()
    amount = MoneyField()


class StopIn(Strict):
    """Why a business stops its Direct Debit, if it likes to say."""

    words = Text(max_length=250, required=False)


class DebitSettingList(BookOperation):
    @operation(gives=DebitSettingOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """Every setting, the latest first; of a scheme the first that is in force counts."""
        return self.paged(debits.debit_settings(self.book))

    @operation(takes=DebitSettingIn, gives=DebitSettingOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say how the book collects by a scheme from a day on."""
        names = ("identifier", "creditor_name", "bic", "notice_days", "presents_again")
        return services.set_debits(
            bank_account=named(ledger.bank_accounts(self.book), "bank_account", code=asked["bank_account"]),
            scheme=Scheme(asked["scheme"]),
            collects=services.Collects(**{name: asked[name] for name in names if name in asked}),
            effective_on=asked["effective_on"],
            by=self.person,
        )


class MandateList(BookOperation):
    @operation(gives=MandateOut, query=MandateQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The mandates of a book, the latest first; a business finds its own."""
        found = narrowed(seen_mandates(self), asked, {"loan": "loan_id"})
        return self.paged(found, lambda page: debits.standings(page, self.book.business_date))

    @operation(takes=MandateIn, gives=MandateOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Keep a mandate that a payer signed; the payer's bank is told of it with the next instructions."""
        kept = services.keep_mandate(
            loan=named(loans_for(self.person).filter(book=self.book), "loan", pk=asked["loan"]),
            scheme=Scheme(asked["scheme"]),
            details=_account(asked),
            signed_on=asked["signed_on"],
            reference=asked.get("reference", ""),
            by=self.person,
        )
        return shown_mandate(self, kept.pk)


class MandateOperation(BookOperation):
    """An operation on one mandate."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.mandate: Mandate = get_object_or_404(seen_mandates(self), pk=path["mandate"])


class MandateDetail(MandateOperation):
    @operation(gives=MandateDetailOut)
    def get(self, asked: Asked) -> Any:
        """One mandate, with what happened to it and what its payer was told."""
        return shown_mandate(self, self.mandate.pk)


class MandateChanges(MandateOperation):
    @operation(takes=MandateChangeIn, gives=MandateDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record what happened to a mandate."""
        account = asked.get("new_account")
        services.change_mandate(
            mandate=self.mandate,
            change=MandateChange.Change(asked["change"]),
            who=MandateChange.Who(asked["who"]),
            on=asked.get("on", self.book.business_date),
            words=asked.get("words", ""),
            details=_account(account) if account else None,
            by=self.person,
        )
        return shown_mandate(self, self.mandate.pk)


class MandateNotices(MandateOperation):
    @operation(takes=NoticeIn, gives=MandateDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Tell the payer of one collection, such as of arrears, by e-mail."""
        work.tell_of_one(mandate=self.mandate, by=self.person, **asked)
        return shown_mandate(self, self.mandate.pk)


class MandateStop(MandateOperation):
    @operation(takes=StopIn, gives=MandateDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Stop one's Direct Debit at once; the fund is to agree on another way of paying."""
        work.stop_mandate(mandate=self.mandate, words=asked.get("words", ""), by=self.person)
        return shown_mandate(self, self.mandate.pk)


def seen_mandates(view: BookOperation) -> QuerySet[Mandate]:
    """The mandates of the book that the person may see."""
    return debits.mandates(view.book).filter(loan__in=loans_for(view.person))


def shown_mandate(view: BookOperation, pk: int) -> debits.Standing:
    """A mandate as it stands now."""
    return debits.standing(seen_mandates(view).get(pk=pk), view.book.business_date)


def _account(given: Asked) -> BankDetails:
    return read_bank_details(**{name: given.get(name, "") for name in ACCOUNT})
