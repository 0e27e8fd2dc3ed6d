"""What would end a loan, what would paying more do, and what does a business ask for? Nothing is booked here."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from moneyed import Money
from rest_framework import serializers

from commonweal.api.fields import Count, Day, MoneyField, Nothing, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.loans import NextPaymentOut
from commonweal.api.operations import Asked, Paged, operation
from commonweal.api.talk import OnLoan
from commonweal.documents.settlement_quote import quote_response
from commonweal.request_words import asked_in_words
from ledger.domain.errors import WrongAmount
from ledger.domain.money import to_minor
from loans.domain.errors import ActRefused
from loans.domain.events import Happened, HolidayGranted
from loans.domain.servicing import FlatSettlement, HolidayInterest, Prepayment
from loans.models import Answer, BorrowerRequest, RequestKind
from loans.outlook import longer_terms, paying_more, quote_on
from loans.services import answer_request, ask
from loans.servicing_queries import requests_of
from loans.settlement_offer import settlement_offer

LONGEST = 1000
LEAST, BELOW = "0.000001", "1000000000000"


class QuoteOut(Shape):
    """The figure that ends a loan on a day, and its parts."""

    on = Day()
    principal = MoneyField()
    interest_due = MoneyField()
    accrued_interest = MoneyField()
    fees = MoneyField()
    default_interest = MoneyField()
    in_advance = MoneyField(help_text="Taken off.")
    total = MoneyField()
    method = Word(FlatSettlement, allow_null=True, help_text="Of a flat loan: how its interest is worked out.")


class LoanQuoteOut(Shape):
    """What ends a loan on a day, if nothing is paid until then, and if everything due until then is paid."""

    if_nothing_is_paid = QuoteOut()
    if_paid_as_planned = QuoteOut()


class QuoteQuery(Strict):
    """On which day."""

    on = Day(required=False, help_text="The business date unless given; not before it, and at most a year ahead.")


class MoreQuery(QuoteQuery):
    """How much more, and when."""

    amount = PlainDecimal(least=LEAST, below=BELOW, help_text="In the loan's currency, beyond the planned payments.")


class StandOut(Shape):
    """How a loan goes on."""

    next_payment = NextPaymentOut(allow_null=True)
    payments_left = serializers.IntegerField()
    last_due_on = Day(allow_null=True)
    principal_outstanding = MoneyField()


class OutlookOut(Shape):
    """How a loan goes on without and with something that has not happened."""

    before = StandOut()
    after = StandOut()
    costs = MoneyField(help_text="How much more is paid until the end; less than nought is saved.")


class PrepaymentChoiceOut(Shape):
    """What becomes of the money under one choice."""

    prepayment = Word(Prepayment)
    is_agreed = serializers.BooleanField(help_text="Whether this happens unless another is asked for.")
    outlook = OutlookOut()


class MoreOut(Shape):
    """What becomes of more money on a day; no choices where it would end the loan."""

    on = Day()
    extra = MoneyField()
    ends_with = MoneyField(help_text="What would end the loan that day.")
    choices = PrepaymentChoiceOut(many=True)


class RequestIn(Strict):
    """What a business asks for: a pause of so many payments, or so many payments more."""

    kind = Word([kind.value for kind in RequestKind])
    payments = Count(min_value=1, max_value=120)
    interest = Word(HolidayInterest, required=False, help_text="Of a pause: `paid` if left out.")
    extends = serializers.BooleanField(required=False, help_text="Of a pause: whether the loan ends as much later.")
    message = Text(required=False, allow_blank=True, max_length=LONGEST)


class RequestOut(Shape):
    """What was asked for, and the answer."""

    id = serializers.IntegerField()
    kind = Word([kind.value for kind in RequestKind])
    asks_for = serializers.SerializerMethodField(help_text="In words.")
    message = serializers.CharField()
    asked_on = Day()
    asked_by = serializers.CharField(source="asked_by.name")
    answer = Word([answer.value for answer in Answer], source="answer.answer", allow_null=True, default=None)
    words = serializers.CharField(source="answer.words", allow_null=True, default=None)

    def get_asks_for(self, row: BorrowerRequest) -> str:
        """A pause, or new terms, in one line."""
        return asked_in_words(row)


class OnOwnLoan(OnLoan):
    """An operation on a loan on a day to come."""

    def day_ahead(self, asked: Asked) -> Any:
        """The day that is asked for. Raises ActRefused for one that is past or too far."""
        today = self.book.business_date
        on = asked.get("on", today)
        if not 0 <= (on - today).days <= 366:
            raise ActRefused(f"Give a day from {today}, the business date, to a year after it; nothing was changed.")
        return on


class LoanQuote(OnOwnLoan):
    @operation(gives=LoanQuoteOut, query=QuoteQuery)
    def get(self, asked: Asked) -> Any:
        """What ends a loan on a day, part by part."""
        return quote_on(self.loan, self.day_ahead(asked))


class LoanQuoteDownload(OnOwnLoan):
    @operation(gives=None, query=QuoteQuery, media_type="application/pdf")
    def get(self, asked: Asked) -> Any:
        """The settlement quote of a day and the week after it, as a PDF."""
        return quote_response(settlement_offer(self.loan, self.day_ahead(asked)))


class LoanMore(OnOwnLoan):
    @operation(gives=MoreOut, query=MoreQuery)
    def get(self, asked: Asked) -> Any:
        """What becomes of the loan if more is paid on a day, under each choice; nothing is recorded."""
        try:
            to_minor(asked["amount"], self.loan.currency)
        except WrongAmount as error:
            raise serializers.ValidationError({"amount": [str(error)]}) from error
        return paying_more(self.loan, Money(asked["amount"], self.loan.currency), self.day_ahead(asked))


class RequestList(OnLoan):
    @operation(gives=RequestOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What a business asked for on a loan, the oldest first, and the answers."""
        return self.paged(requests_of(self.loan))

    @operation(takes=RequestIn, gives=RequestOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Ask for a pause or for smaller payments; nothing changes until the fund agrees."""
        kind, event = RequestKind(asked["kind"]), self._event(asked)
        made = ask(loan=self.loan, kind=kind, event=event, message=asked.get("message", ""), by=self.person)
        return requests_of(self.loan).get(pk=made.pk)

    def _event(self, asked: Asked) -> Happened:
        if asked["kind"] == RequestKind.NEW_TERMS:
            return longer_terms(self.loan, asked["payments"])
        interest = HolidayInterest(asked.get("interest", HolidayInterest.PAID))
        on = self.book.business_date
        return HolidayGranted(on, 0, asked["payments"], interest=interest, extends=asked.get("extends", False))


class RequestWithdraw(OnLoan):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.asked = get_object_or_404(requests_of(self.loan), pk=path["asked"])

    @operation(takes=Nothing, gives=RequestOut)
    def post(self, asked: Asked) -> Any:
        """Take back what was asked for and is not answered."""
        answer_request(request=self.asked, answer=Answer.WITHDRAWN, words="", by=self.person)
        return requests_of(self.loan).get(pk=self.asked.pk)
