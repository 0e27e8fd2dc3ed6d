"""What the lenders of loans are asked to agree to: read, asked and answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.roles import acting_roles
from commonweal.access.scope import consents_for, investors_for, loans_for
from commonweal.api.covenants import CovenantOperation
from commonweal.api.fields import Count, Day, MoneyField, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from commonweal.consent_words import what_is_asked
from commonweal.jobs.servicing import ask_lenders, take_answer
from investors.domain.consent import ConsentState, Majority
from investors.domain.consent import Count as Counted
from investors.models import ConsentAsked, LenderAsked
from investors.queries.consents import consents
from loans.models import Proposal, WaiverProposal


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """A consent as somebody may see it: staff all lenders, an investor itself."""

    consent: ConsentAsked
    lenders: list[LenderAsked]

    @property
    def count(self) -> Counted:
        """All answers by amount, whoever looks."""
        return self.consent.count


class MajorityOut(Shape):
    """Above which part of the whole lenders have to agree: more than `parts` out of `of`."""

    parts = serializers.IntegerField(source="above_parts")
    of = serializers.IntegerField(source="above_of")


class LenderAnswerOut(Shape):
    """A lender that was asked, and the answer of it that counts."""

    investor = serializers.CharField(source="investor.code", help_text="The code of an investor.")
    amount = MoneyField(help_text="Its part on the day on which it was asked; so much it counts.")
    answer = serializers.SerializerMethodField(help_text="waiting, yes or no.")
    why = serializers.CharField(source="answer.reason", default="", help_text="Empty where no reason was given.")
    known_by = serializers.CharField(
        source="answer.source", default="", help_text="How the fund knows, if it recorded it."
    )
    answered_on = Day(source="answer.answered_on", allow_null=True, default=None)

    def get_answer(self, row: LenderAsked) -> str:
        """In one word."""
        if row.answer is None:
            return "waiting"
        return "yes" if row.answer.agrees else "no"


class LenderConsentOut(Shape):
    """What the lenders of a loan are asked to agree to, and the count of their answers."""

    id = serializers.IntegerField(source="consent.pk")
    loan = serializers.IntegerField(source="consent.loan_id")
    what = serializers.SerializerMethodField(help_text="What waits for them, in words.")
    waiver = serializers.IntegerField(source="consent.waiver_id", allow_null=True)
    proposal = serializers.IntegerField(source="consent.proposal_id", allow_null=True)
    words = serializers.CharField(source="consent.words", help_text="What the lenders read.")
    majority = MajorityOut(source="consent")
    asked_on = Day(source="consent.asked_on")
    answer_by = Day(source="consent.answer_by", help_text="The last day that counts.")
    state = Word(ConsentState, source="consent.state")
    yes = MoneyField(source="count.yes")
    no = MoneyField(source="count.no")
    silent = MoneyField(source="count.silent", help_text="Of those who have not answered.")
    whole = MoneyField(source="count.whole")
    lenders = LenderAnswerOut(many=True, help_text="All to staff; to an investor, itself.")

    def get_what(self, row: ConsentSeen) -> str:
        """In the words of the desk."""
        return what_is_asked(row.consent)


class MajorityIn(Strict):
    """More than `parts` out of `of`; 2 and 3 for more than two thirds."""

    parts = Count(min_value=0, max_value=99)
    of = Count(min_value=1, max_value=100)


class LenderConsentIn(Strict):
    """What lenders are asked, how many have to agree, and by when."""

    words = Text(max_length=1000, help_text="What the lenders read.")
    answer_by = Day(help_text="The last day that counts.")
    majority = MajorityIn(required=False, help_text="More than half unless given.")


class LenderConsentAnswerIn(Strict):
    """What a lender answers."""

    investor = Text(max_length=20, help_text="The code of an investor.")
    agrees = serializers.BooleanField()
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed for a no.")
    known_by = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="How the fund knows, where staff record what a lender said elsewhere.",
    )


class ConsentList(BookOperation):
    @operation(gives=LenderConsentOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What lenders were asked to agree to, the latest first."""
        found = consents_for(self.person).filter(loan__book=self.book)
        return self.paged(found, lambda page: [seen_by(self, one) for one in page])


class ConsentOperation(BookOperation):
    """An operation on one consent."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        mine = consents_for(self.person).filter(loan__book=self.book)
        self.consent: ConsentAsked = get_object_or_404(mine, pk=path["consent"])


class ConsentDetail(ConsentOperation):
    @operation(gives=LenderConsentOut)
    def get(self, asked: Asked) -> Any:
        """What the lenders of a loan were asked, and how they answered."""
        return seen_by(self, self.consent)


class ConsentAnswers(ConsentOperation):
    @operation(takes=LenderConsentAnswerIn, gives=LenderConsentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Answer for a lender; a later answer replaces it until the answers have decided."""
        is_staff = self.book.pk in acting_roles(self.person).books
        take_answer(
            consent=self.consent,
            investor=named(investors_for(self.person), "investor", code=asked["investor"]),
            agrees=asked["agrees"],
            reason=asked.get("reason", ""),
            source=asked.get("known_by", "") if is_staff else None,
            on=self.book.business_date,
            by=self.person,
        )
        return seen_by(self, consents().get(pk=self.consent.pk))


class WaiverConsent(CovenantOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        found = WaiverProposal.objects.filter(covenant=self.shown.covenant).select_related("covenant__loan__book")
        self.proposal: WaiverProposal = get_object_or_404(found, pk=path["waiver"])

    @operation(takes=LenderConsentIn, gives=LenderConsentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Ask the lenders of a loan to let a breach pass, before a colleague decides."""
        return _asked(self, self.proposal, asked)


class ProposalConsent(BookOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        found = Proposal.objects.filter(loan__book=self.book, loan__in=loans_for(self.person))
        self.proposal: Proposal = get_object_or_404(found.select_related("loan__book"), pk=path["proposed"])

    @operation(takes=LenderConsentIn, gives=LenderConsentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Ask the lenders of a loan to agree to an act on it, before a colleague decides."""
        return _asked(self, self.proposal, asked)


def seen_by(operation: BookOperation, consent: ConsentAsked) -> ConsentSeen:
    """A consent with the lenders that somebody may see."""
    roles = acting_roles(operation.person)
    is_staff = operation.book.pk in roles.books
    lenders = [one for one in consent.lenders if is_staff or one.investor.pk in roles.investors]
    return ConsentSeen(consent, lenders)


def _asked(operation: BookOperation, subject: WaiverProposal | Proposal, asked: Asked) -> ConsentSeen:
    made = ask_lenders(
        subject=subject,
        words=asked["words"],
        answer_by=asked["answer_by"],
        majority=Majority(**asked.get("majority", {})),
        on=operation.book.business_date,
        by=operation.person,
    )
    return seen_by(operation, made)
