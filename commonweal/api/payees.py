"""Bank details of payees: proposed by one person, confirmed by another, the last four digits shown to the rest."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commonweal.access.reads import record_read
from commonweal.access.roles import acting_roles
from commonweal.access.scope import investors_for, organisations_for
from commonweal.api.fields import Id, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from commonweal.payees import of_investor, of_organisation
from ledger import queries
from ledger.domain.bank_details import read_bank_details
from ledger.services import confirm_details, decline_details, propose_details

OUTCOMES = ["confirmed", "declined"]
SHA256 = r"[0-9a-f]{64}"


class PayeeOut(Shape):
    """Bank details of a payee as everybody sees them: the last four digits."""

    id = serializers.IntegerField()
    payee = serializers.CharField(source="subject", help_text="`organisation:4` or `investor:NRB`.")
    version = serializers.IntegerField()
    masked = serializers.CharField(source="details.masked")
    outcome = Word(OUTCOMES, source="decision.outcome", allow_null=True, default=None)
    proposed_at = serializers.DateTimeField()


class PayeeDecidedOut(PayeeOut):
    """Who decided on bank details; an answer to a change is kept for repeats, so it has the last digits alone."""

    proposed_by = serializers.CharField(source="proposed_by.name")
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)
    how = serializers.CharField(source="decision.how", allow_null=True, default=None)
    sha256 = serializers.CharField(source="content_sha256", help_text="The hash of exactly this: send it to confirm.")


class PayeeDetailOut(PayeeDecidedOut):
    """Bank details in full, for whoever calls back and confirms."""

    account_name = serializers.CharField()
    sort_code = serializers.CharField()
    account_number = serializers.CharField()
    iban = serializers.CharField()
    bic = serializers.CharField()


class PayeeIn(Strict):
    """Bank details to be proposed, of a business or of an investor."""

    organisation = Id(required=False, help_text="The id of a community business.")
    investor = Text(max_length=20, required=False, help_text="The code of an investor.")
    account_name = Text(max_length=70)
    sort_code = Text(max_length=12, required=False, allow_blank=True)
    account_number = Text(max_length=14, required=False, allow_blank=True)
    iban = Text(max_length=44, required=False, allow_blank=True, help_text="Instead of sort code and account number.")
    bic = Text(max_length=15, required=False, allow_blank=True)


class ConfirmIn(Strict):
    """What was shown, and how it was checked."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    how = Text(max_length=500, help_text="Whom you called back, on which number that you knew before.")


class DeclineIn(Strict):
    """Why bank details are declined."""

    how = Text(max_length=500, help_text="The auditor reads this.")


class PayeeQuery(Paged):
    """Which bank details."""

    payee = Text(max_length=60, required=False, help_text="Of one payee: `organisation:4` or `investor:NRB`.")


class PayeeList(BookOperation):
    @operation(gives=PayeeOut, query=PayeeQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Every version, the latest first; a business or an investor finds its own."""
        return self.paged(narrowed(self._seen(), asked, {"payee": "subject"}))

    @operation(takes=PayeeIn, gives=PayeeOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose an account; a member of staff calls back and confirms before anything is paid there."""
        subjects = []
        if "organisation" in asked:
            mine = organisations_for(self.person)
            subjects.append(of_organisation(named(mine, "organisation", pk=asked["organisation"])))
        if "investor" in asked:
            subjects.append(of_investor(named(investors_for(self.person), "investor", code=asked["investor"])))
        if len(subjects) != 1:
            raise ValidationError({"organisation": ["Name a business or an investor, one of the two."]})
        given = {name: value for name, value in asked.items() if name not in ("organisation", "investor")}
        return propose_details(book=self.book, subject=subjects[0], details=read_bank_details(**given), by=self.person)

    def _seen(self) -> QuerySet[Any]:
        found = queries.payee_details(self.book)
        roles = acting_roles(self.person)
        if self.book.pk in roles.books:
            return found
        own = [of_organisation(one) for one in organisations_for(self.person)]
        own += [of_investor(one) for one in investors_for(self.person)]
        return found.filter(subject__in=own)


class PayeeOperation(BookOperation):
    """An operation on one version of a payee's bank details."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.details: Any = get_object_or_404(queries.payee_details(self.book), pk=path["details"])


class PayeeDetail(PayeeOperation):
    @operation(gives=PayeeDetailOut)
    def get(self, asked: Asked) -> Any:
        """Bank details in full, for whoever confirms; the reading is recorded."""
        record_read(user=self.person, what="bank details", subject=str(self.details.pk))
        return self.details


class PayeeConfirm(PayeeOperation):
    @operation(takes=ConfirmIn, gives=PayeeDecidedOut)
    def post(self, asked: Asked) -> Any:
        """Confirm what a colleague or the payee proposed, exactly as it was shown; it is in force from then on."""
        confirm_details(
            details=self.details,
            shown_sha256=asked["sha256"],
            how=asked["how"],
            on=self.book.business_date,
            by=self.person,
        )
        return queries.payee_details(self.book).get(pk=self.details.pk)


class PayeeDecline(PayeeOperation):
    @operation(takes=DeclineIn, gives=PayeeDecidedOut)
    def post(self, asked: Asked) -> Any:
        """Decline bank details; what was in force stays in force."""
        decline_details(details=self.details, how=asked["how"], on=self.book.business_date, by=self.person)
        return queries.payee_details(self.book).get(pk=self.details.pk)
