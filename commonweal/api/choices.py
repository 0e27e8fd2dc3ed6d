"""What comes to a person: which e-mails, and the addresses of their calendars."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from commonweal.api.fields import Day, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, Operation, Paged, operation
from commonweal.letters.calendars import calendars_of, make_calendar, revoke_calendar
from commonweal.letters.choices import choices_of, choose
from commonweal.letters.kinds import LEGAL, LetterKind
from commonweal.letters.models import CalendarToken
from commonweal.letters.wording import absolute


class ChoiceOut(Shape):
    """A kind of e-mail, and whether it comes."""

    kind = Word(LetterKind)
    label_ = serializers.CharField()
    is_wanted = serializers.BooleanField()
    is_fixed = serializers.BooleanField(help_text="Something that has to be told: it cannot be switched off.")


class ChoiceIn(Strict):
    """A kind of e-mail to be switched on or off."""

    kind = Word(LetterKind)
    is_wanted = serializers.BooleanField()


class CalendarOut(Shape):
    """An address of a calendar, without its secret part."""

    id = serializers.IntegerField()
    label_ = serializers.CharField()
    prefix = serializers.CharField(help_text="How its secret part begins.")
    made_at = serializers.DateTimeField()
    last_used_on = Day(allow_null=True)


class CalendarMadeOut(CalendarOut):
    """An address as it is given this once."""

    address = serializers.CharField()


class CalendarIn(Strict):
    """A calendar address to be made."""

    label_ = Text(max_length=100, help_text="Where it will be used.")


class ChoiceList(Operation):
    @operation(gives=ChoiceOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """Which e-mails one gets."""
        return self.paged([_shown(kind, wanted) for kind, wanted in choices_of(self.person).items()])

    @operation(takes=ChoiceIn, gives=ChoiceOut)
    def post(self, asked: Asked) -> Any:
        """Switch a kind on or off."""
        kind = LetterKind(asked["kind"])
        choose(person=self.person, wanted={kind: asked["is_wanted"]})
        return _shown(kind, asked["is_wanted"])


class CalendarList(Operation):
    @operation(gives=CalendarOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """One's own calendar addresses that still work."""
        return self.paged(calendars_of(self.person))

    @operation(takes=CalendarIn, gives=CalendarMadeOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Make an address; its secret part is given this once."""
        token, secret = make_calendar(person=self.person, label=asked["label"])
        token.refresh_from_db()
        vars(token)["address"] = absolute(reverse("public:calendar", args=[secret]))
        return token


class CalendarRevoke(Operation):
    def look_up(self, **path: Any) -> None:
        self.token = get_object_or_404(CalendarToken, person=self.person, pk=path["calendar"])

    @operation(gives=CalendarOut)
    def post(self, asked: Asked) -> Any:
        """Make an address useless."""
        revoke_calendar(token=self.token, at=timezone.now())
        return self.token


def _shown(kind: LetterKind, wanted: bool) -> dict[str, Any]:
    return {"kind": kind.value, "label": kind.label, "is_wanted": wanted, "is_fixed": kind in LEGAL}
