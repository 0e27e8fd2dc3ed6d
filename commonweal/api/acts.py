"""What is done to a live loan, as an event: seen before it is booked, and recorded where one person may."""

from __future__ import annotations

from typing import Any

from moneyed import Money
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commonweal.api.fields import Count, Day, PlainDecimal, Strict, Text, Word
from commonweal.api.loans import EventForStaffOut, LoanOperation
from commonweal.api.operations import Asked, operation
from commonweal.api.previews import PreviewOut, shown
from commonweal.jobs.servicing import act_on
from ledger.domain.errors import WrongAmount
from ledger.domain.money import to_minor
from loans import queries, services
from loans.bank_holidays import calendar_days
from loans.domain.allocation import Component
from loans.domain.event_content import KINDS, WORDS, read_event
from loans.domain.events import Event, Restructured
from loans.domain.fees import FeeKind, FeeSettlement
from loans.domain.servicing import HolidayInterest
from loans.domain.terms_content import written
from loans.outlook import new_terms
from loans.services.act_refusals import COSTS_MONEY

ALONE = ["fee_charged", "rate_changed", "suspended", "resumed"]
COSTLY = [KINDS[kind] for kind in COSTS_MONEY]
LEAST, BELOW = "0.000001", "1000000000000"
SETTLED = [FeeSettlement.PAID, FeeSettlement.CAPITALISED]
"""How a fee is settled that is not kept back from a drawdown."""

AS_IT_IS = "as it is unless given"


class EventIn(Strict):
    """An event: its word, its day, and what it says beyond that, in the words in which it is kept."""

    event = Word([*ALONE, *COSTLY])
    effective_on = Day(required=False, help_text="The day from which it counts; the business date unless given.")
    amount = PlainDecimal(
        required=False,
        least=LEAST,
        below=BELOW,
        help_text="In the loan's currency. Of a fee, a waiver or a refund; of a write-off principal, and all if left "
        "out, with everything else that is unpaid.",
    )
    kind = Word(FeeKind, required=False, help_text="Of a fee: `other` unless given.")
    settlement = Word([str(word) for word in SETTLED], required=False, help_text="Of a fee: `paid` unless given.")
    earned_by = Day(required=False, help_text="Of a fee: income in equal parts until then; at once unless given.")
    component = Word(Component, required=False, help_text="Of a waiver: of what is due and unpaid.")
    annual_rate = PlainDecimal(
        required=False, least="0", below="1", help_text=f"Of another rate, as a fraction; of new terms {AS_IT_IS}."
    )
    instalments = Count(
        required=False, min_value=1, max_value=480, help_text="Of a holiday; of new terms as many as are left."
    )
    interest = Word(HolidayInterest, required=False, help_text="Of a holiday: `paid` unless given.")
    extends = serializers.BooleanField(required=False, help_text="Of a holiday: whether the loan ends as much later.")
    first_due_on = Day(required=False, help_text="Of new terms: new dates from there on; the dates stay unless given.")
    capitalises = serializers.BooleanField(
        required=False, help_text="Of new terms: whether unpaid interest and fees are added to principal."
    )
    fee = PlainDecimal(
        required=False, least=LEAST, below=BELOW, help_text="Of new terms: the rearrangement fee; none unless given."
    )


class CostlyEventIn(EventIn):
    """The same, of an event that costs the fund money."""

    event = Word(COSTLY)


class ActPreviewIn(Strict):
    """An event, and whether a day of a closed period may be booked later."""

    event = EventIn()
    books_later = serializers.BooleanField(
        required=False, help_text="Book a day of a closed period on the first open day; else it is refused."
    )
    reason = Text(required=False, max_length=500, help_text="Not looked at, so that what records it can be previewed.")


class ActIn(ActPreviewIn):
    """An event that one person may record."""

    reason = Text(max_length=500, help_text="The auditor reads this.")


class ActOperation(LoanOperation):
    """An operation with an event in its body."""

    def event(self, said: Asked) -> Any:
        """The event that is said. Raises ImpossibleTerms, and EventRefused for new terms of nothing."""
        said = {"effective_on": self.book.business_date, **said}
        if WORDS[said["event"]] is Restructured:
            return self._new_terms(said)
        self._refuse_part_of_a_penny(said)
        content = {name: written(value) for name, value in said.items()}
        return read_event({**content, "currency": self.loan.currency}, 0, calendar_days)

    def preview(self, said: Asked, *, books_later: bool = False) -> dict[str, Any]:
        """What the event would change; nothing is written."""
        event = self.event(said)
        return shown(self.loan, event, services.preview(loan=self.loan, event=event, books_later=books_later))

    def _new_terms(self, said: Asked) -> Event:
        """New terms are said by how they differ; what they rest on is the loan's."""
        names = {"capitalises", "instalments", "first_due_on", "annual_rate", "fee"}
        others = sorted(said.keys() - names - {"event", "effective_on"})
        if others:
            raise ValidationError({"event": {name: ["New terms do not have this. Leave it out."] for name in others}})
        self._refuse_part_of_a_penny(said)
        differs = {name: said[name] for name in names & said.keys()}
        if "fee" in said:
            differs["fee"] = Money(said["fee"], self.loan.currency)
        return new_terms(self.loan, said["effective_on"], **differs)

    def _refuse_part_of_a_penny(self, said: Asked) -> None:
        for name in said.keys() & {"amount", "fee"}:
            try:
                to_minor(said[name], self.loan.currency)
            except WrongAmount as error:
                raise ValidationError({"event": {name: [str(error)]}}) from error


class LoanActPreview(ActOperation):
    @operation(takes=ActPreviewIn, gives=PreviewOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """What an event would change: figures, schedules and entries; nothing is written."""
        return self.preview(asked["event"], books_later=asked.get("books_later", False))


class LoanAct(ActOperation):
    @operation(takes=ActIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Record what one person may do to a loan, and book what it changes, for its lenders too."""
        circumstances = services.Circumstances(reason=asked["reason"], books_later=asked.get("books_later", False))
        event = self.event(asked["event"])
        recorded = act_on(loan=self.loan, event=event, by=self.person, key=self.key, circumstances=circumstances)
        return queries.events(self.loan).get(pk=recorded.pk)
