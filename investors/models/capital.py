"""The classes of a fund's capital, and what two people did to it. All tables are append-only."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from investors.domain.capital_act import ActKind, Effect
from investors.domain.capital_register import MOVED_CAPITAL, MOVED_COMMITMENT
from investors.domain.waterfall import Unpaid
from investors.models.investor import Investor
from ledger.four_eyes import Decided, Verdict

SIGNED = ("income", "fee", "impairment", *(one.value for one in (*MOVED_COMMITMENT, *MOVED_CAPITAL)))
"""Effects whose amounts are signed; all others are above nought."""


class FundClass(models.Model):
    """A class of a fund's capital as two people agreed on it by an act; other terms of it are an act of their own."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    rank = models.PositiveSmallIntegerField()
    target_return = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    return_cap = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    unpaid = models.CharField(max_length=10, choices=[(one.value, one.value.capitalize()) for one in Unpaid])
    takes_rest = models.BooleanField(default=False)
    act = models.OneToOneField("CapitalAct", on_delete=models.PROTECT, related_name="made_class")

    class Meta:
        ordering = ["rank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="investors_one_class_per_code"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="investors_class_rank_from_one"),
        ]

    def __str__(self) -> str:
        return self.name


class CapitalAct(Decided, models.Model):
    """What one person proposes to do to a fund's capital. `content` is the whole of it as one text (see
    `investors.domain.capital_act`), whose hash another person approves; numbers count within a book."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="capital_acts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(one.value, one.words) for one in ActKind])
    effective_on = models.DateField()
    words = models.CharField(max_length=500)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    line_count = models.PositiveIntegerField()
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="investors_capital_acts_count"),
            models.CheckConstraint(
                condition=Q(kind=ActKind.REVERSAL.value, reverses__isnull=False)
                | (~Q(kind=ActKind.REVERSAL.value) & Q(reverses=None)),
                name="investors_a_reversal_names_its_act",
            ),
        ]

    def __str__(self) -> str:
        return f"C-{self.number}"

    @property
    def what(self) -> ActKind:
        """The kind as a value."""
        return ActKind(self.kind)

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for."""
        found: dict[str, Any] = json.loads(self.content)["asked"]
        return found

    @property
    def figures(self) -> dict[str, Any]:
        """What explains it."""
        found: dict[str, Any] = json.loads(self.content)["figures"]
        return found

    @property
    def state(self) -> str:
        """What became of it: `waiting`, `approved`, `declined` or `reversed`."""
        reversals = self.reversals.all() if hasattr(self, "decision") else ()
        is_reversed = any(hasattr(one, "decision") and one.decision.is_approved for one in reversals)
        return "reversed" if is_reversed else super().state


class CapitalLine(models.Model):
    """What an act does to one holder, in minor units, as its content has it: `investors.domain.capital_act.ActLine`."""

    act = models.ForeignKey(CapitalAct, on_delete=models.PROTECT, related_name="lines")
    line_number = models.PositiveIntegerField()
    fund_class = models.ForeignKey(FundClass, on_delete=models.PROTECT, related_name="lines")
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="capital_lines")
    effect = models.CharField(max_length=20, choices=[(one.value, one.words.capitalize()) for one in Effect])
    amount = models.BigIntegerField()
    residue = models.BigIntegerField(default=0)
    why = models.TextField(default="", blank=True)

    class Meta:
        ordering = ["act", "line_number"]
        constraints = [
            models.UniqueConstraint(fields=["act", "line_number"], name="investors_capital_lines_count"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(effect__in=SIGNED),
                name="investors_capital_line_is_sane",
            ),
        ]
        indexes = [models.Index(fields=["investor", "fund_class"], name="investors_lines_of_holder")]

    def __str__(self) -> str:
        return f"line {self.line_number} of act {self.act_id}"


class CapitalDecision(Verdict):
    """What was decided about an act. One that needs two people stands under an approval."""

    act = models.OneToOneField(CapitalAct, on_delete=models.PROTECT, related_name="decision")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved") | Q(approval=None), name="investors_declined_without_an_approval"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.outcome}"
