"""What runs by itself in a book: when it comes round, how it went last, and switching it on or off."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Shape, Strict, Word
from commonweal.api.jobs import JobOut
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.jobs.clock import database_now
from commonweal.jobs.queries import last_runs
from commonweal.jobs.schedules import OF_BOOKS, Schedule, is_on, switch, switches_of


class ScheduleOut(Shape):
    """Work of a book that comes by the clock."""

    name = serializers.CharField(help_text="Also the `kind` of its jobs.")
    title = serializers.CharField()
    rhythm = serializers.CharField(help_text="When it comes round, in words.")
    is_on = serializers.BooleanField()
    switched_by = serializers.CharField(allow_null=True, help_text="Who switched it last; null if nobody did.")
    switched_at = serializers.DateTimeField(allow_null=True)
    next_at = serializers.DateTimeField(allow_null=True, help_text="When it comes next; null while it is off.")
    last_run = JobOut(allow_null=True, help_text="How it went last.")


class SwitchIn(Strict):
    """Which work, and whether it is to run by itself."""

    name = Word(list(OF_BOOKS))
    is_on = serializers.BooleanField()


class ScheduleList(BookOperation):
    @operation(gives=ScheduleOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What runs by itself, and what could."""
        return self.paged(self._shown(*OF_BOOKS.values()))

    @operation(takes=SwitchIn, gives=ScheduleOut)
    def post(self, asked: Asked) -> Any:
        """Switch it on or off, from its next time on; who did it is recorded."""
        schedule = OF_BOOKS[asked["name"]]
        switch(book=self.book, schedule=schedule, is_on=asked["is_on"], by=self.person)
        return self._shown(schedule)[0]

    def _shown(self, *schedules: Schedule) -> list[dict[str, Any]]:
        now, switched = database_now(), switches_of(self.book)
        last = last_runs(self.book, [schedule.name for schedule in schedules])
        found = []
        for schedule in schedules:
            mine = switched.get(schedule.name)
            on = is_on(schedule, mine)
            found.append(
                {
                    "name": schedule.name,
                    "title": schedule.title,
                    "rhythm": schedule.rhythm,
                    "is_on": on,
                    "switched_by": str(mine.switched_by) if mine else None,
                    "switched_at": mine.switched_at if mine else None,
                    "next_at": schedule.next_moment(now) if on else None,
                    "last_run": last.get(schedule.name),
                }
            )
        return found
