"""How is what was written as plain JSON read back? Small readers that name the place of what they cannot read.

A reader takes a value and the name of its place, and raises ImpossibleTerms with that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, TypeVar

from loans.domain.calendar import Interval, interval
from loans.domain.errors import ImpossibleTerms

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Reader: TypeAlias = Callable[[object, str], T]

NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Fields:
    """The fields of one JSON object, each read once; what nobody reads is refused at the end."""

    def __init__(self, value: object, place: str = "") -> None:
        if not isinstance(value, Mapping):
            raise unreadable(place or "terms", value, "an object with named fields")
        self._left = dict(value)
        self._place = place

    def take(self, name: str, read: Reader[T]) -> T:
        """A field that has to be there. Raises ImpossibleTerms."""
        if name not in self._left:
            raise ImpossibleTerms(self.name(name), f"{self.name(name)} is missing. Add it; nothing was changed.")
        return read(self._left.pop(name), self.name(name))

    def get(self, name: str, read: Reader[T], default: T) -> T:
        """A field that may be left out. Raises ImpossibleTerms."""
        return self.take(name, read) if name in self._left else default

    def has(self, name: str) -> bool:
        """Whether a field is given and not read yet."""
        return name in self._left

    def name(self, field: str) -> str:
        """The whole name of a field: `principal_due.every`."""
        return f"{self._place}.{field}" if self._place else field

    def end(self) -> None:
        """Refuse what is left. Raises ImpossibleTerms."""
        for field in self._left:
            name = self.name(str(field))
            raise ImpossibleTerms(name, f"{name} is not a term that is known. Leave it out; nothing was changed.")


def unreadable(place: str, value: object, like: str) -> ImpossibleTerms:
    """The refusal of a value that is written otherwise than terms are."""
    shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:60]}…"
    return ImpossibleTerms(place, f"{place} is {shown}. Write {like}; nothing was changed.")


def text(value: object, place: str) -> str:
    """A text. Raises ImpossibleTerms."""
    if not isinstance(value, str):
        raise unreadable(place, value, "a text")
    return value


def decimal(value: object, place: str) -> Decimal:
    """A number that is written as a text, without an exponent. Raises ImpossibleTerms.

    >>> decimal("0.06", "annual_rate")
    Decimal('0.06')
    """
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        raise unreadable(place, value, 'a number as a text, such as "0.06"')
    return Decimal(value)


def whole(value: object, place: str) -> int:
    """A whole number. Raises ImpossibleTerms."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise unreadable(place, value, "a whole number")
    return value


def flag(value: object, place: str) -> bool:
    """True or false. Raises ImpossibleTerms."""
    if not isinstance(value, bool):
        raise unreadable(place, value, "true or false")
    return value


def day(value: object, place: str) -> date:
    """A date. Raises ImpossibleTerms."""
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise unreadable(place, value, 'a date, such as "2027-01-31"')


def every(value: object, place: str) -> Interval:
    """An interval, such as `3M`. Raises ImpossibleTerms."""
    return interval(text(value, place))


def one_of(kind: type[E]) -> Reader[E]:
    """A reader of one word of a list."""

    def read(value: object, place: str) -> E:
        known = {str(member): member for member in kind}
        if not isinstance(value, str) or value not in known:
            raise unreadable(place, value, f"one of {', '.join(known)}")
        return known[value]

    return read


def nullable(read: Reader[T]) -> Reader[T | None]:
    """A reader of a value that may be null."""
    return lambda value, place: None if value is None else read(value, place)


def many(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A reader of a list."""

    def read_all(value: object, place: str) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise unreadable(place, value, "a list")
        return tuple(read(item, f"{place}[{number}]") for number, item in enumerate(value))

    return read_all


def weight(value: object, place: str) -> tuple[int, Decimal]:
    """A number and the weight that goes with it: `[8, "0"]`. Raises ImpossibleTerms."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise unreadable(place, value, 'a number and a weight, such as [8, "0"]')
    return whole(value[0], place), decimal(value[1], place)
