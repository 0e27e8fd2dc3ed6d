"""Whom does a fund write and talk to at an investor? Append-only: a change is another row that takes its place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from investors.domain.contacts import ContactRole
from investors.models.investor import Investor


class InvestorContact(models.Model):
    """A person at an investor as somebody said; the row that no other `replaces` counts, unless it has `ended`."""

    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=[(role.value, role.words) for role in ContactRole])
    email = models.EmailField()
    phone = models.CharField(max_length=40, default="", blank=True)
    gets_notices = models.BooleanField(default=False)
    ended = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in ContactRole]), name="investors_contact_role_is_known"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(email=""), name="investors_contact_can_be_reached"),
            models.CheckConstraint(
                condition=Q(ended=False) | Q(replaces__isnull=False, gets_notices=False),
                name="investors_contact_ends_what_stood",
            ),
        ]

    def __str__(self) -> str:
        return self.name
