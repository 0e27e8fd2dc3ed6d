"""In which words is an event kept, and by which fingerprint do two people agree on it?

An event is kept as plain JSON: what it is, its day, and what it says beyond that. Its place among the loan's events is
not part of it, so that what was proposed and what is recorded have one fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import partial
from typing import Any

from moneyed import Money

from loans.domain.allocation import Component
from loans.domain.errors import ImpossibleTerms
from loans.domain.events import (
    BroughtIn,
    Drawn,
    Event,
    FeeCharged,
    HolidayGranted,
    Overdue,
    RateChanged,
    Recovered,
    Refunded,
    Repaid,
    Restructured,
    Resumed,
    Reversed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeKind, FeeSettlement
from loans.domain.plain_words import Fields, Reader, day, decimal, flag, many, nullable, one_of, text, whole
from loans.domain.servicing import HolidayInterest, Prepayment
from loans.domain.terms import Terms
from loans.domain.terms_content import terms_content, written
from loans.domain.terms_reading import HolidaysOf, read_terms

WORDS: dict[str, type[Event]] = {
    "drawn": Drawn,
    "repaid": Repaid,
    "rate_changed": RateChanged,
    "fee_charged": FeeCharged,
    "waived": Waived,
    "holiday_granted": HolidayGranted,
    "restructured": Restructured,
    "written_off": WrittenOff,
    "recovered": Recovered,
    "refunded": Refunded,
    "suspended": Suspended,
    "resumed": Resumed,
    "brought_in": BroughtIn,
    "reversed": Reversed,
}
"""The kinds of event by the word for each."""

KINDS = {kind: word for word, kind in WORDS.items()}

NOT_SAID = frozenset({"sequence"})


def event_content(event: Event, currency: str) -> dict[str, object]:
    """An event in plain words; amounts are texts in `currency`, and what is as usual is left out."""
    said = {
        each.name: _written(getattr(event, each.name))
        for each in fields(event)
        if each.name not in NOT_SAID and getattr(event, each.name) != each.default
    }
    return {"event": KINDS[type(event)], "currency": currency, **said}


def content_sha256(content: Mapping[str, object]) -> str:
    """SHA-256 of a content as canonical JSON (keys sorted, no spaces, UTF-8), in 64 hexadecimal digits."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_event(content: Mapping[str, object], sequence: int, holidays_of: HolidaysOf) -> Event:
    """The event that was written by `event_content`, at its place among the loan's events.

    Raises ImpossibleTerms for a field that is missing, unknown or makes no sense, and UnknownCalendar.
    """
    given = Fields(content, "event")
    word = given.take("event", text)
    money = partial(_money, given.take("currency", text))
    if word not in WORDS:
        raise ImpossibleTerms("event", f"{word!r} is no event that is known. Choose one of: {', '.join(WORDS)}.")
    kind = WORDS[word]
    readers = _readers(money, holidays_of)
    if kind in OWN_READERS:
        readers |= OWN_READERS[kind](money)
    names = [each.name for each in fields(kind) if each.name not in NOT_SAID and given.has(each.name)]
    said: dict[str, Any] = {name: given.take(name, readers[name]) for name in names}
    given.end()
    missing = [each.name for each in fields(kind) if each.name not in {*said, *NOT_SAID} and each.default is MISSING]
    if missing:
        raise ImpossibleTerms(missing[0], f"{missing[0]} is missing. Add it; nothing was changed.")
    return kind(sequence=sequence, **said)


def _readers(money: Reader[Money], holidays_of: HolidaysOf) -> dict[str, Reader[Any]]:
    return {
        "effective_on": day,
        "amount": nullable(money),
        "prepayment": nullable(one_of(Prepayment)),
        "settles": flag,
        "annual_rate": decimal,
        "settlement": one_of(FeeSettlement),
        "kind": one_of(FeeKind),
        "earned_by": nullable(day),
        "component": one_of(Component),
        "instalments": whole,
        "interest": one_of(HolidayInterest),
        "extends": flag,
        "terms": partial(_terms, holidays_of),
        "capitalises": flag,
        "fee": nullable(money),
        "of": whole,
    }


OWN_READERS: dict[type[Event], Any] = {
    BroughtIn: lambda money: {
        "principal": money,
        "overdue": many(partial(_overdue, money)),
        "fees": money,
        "in_advance": money,
    }
}


def _written(value: Any) -> object:
    if isinstance(value, Terms):
        return terms_content(value)
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Overdue):
        return {each.name: written(getattr(value, each.name)) for each in fields(value)}
    return written(value)


def _money(currency: str, value: object, place: str) -> Money:
    return Money(decimal(value, place), currency)


def _terms(holidays_of: HolidaysOf, value: object, place: str) -> Terms:
    if not isinstance(value, Mapping):
        raise ImpossibleTerms(place, f"{place} are no terms. Give them as an object; nothing was changed.")
    return read_terms(value, holidays_of)


def _overdue(money: Reader[Money], value: object, place: str) -> Overdue:
    given = Fields(value, place)
    found = Overdue(given.take("due_on", day), given.take("principal", money), given.take("interest", money))
    given.end()
    return found
