"""How is a rung of a maturity ladder said? The same at the desk and in the investor's portal."""

from __future__ import annotations

from datetime import date

from commonweal.templatetags.commonweal import day


def rung_words(after: date, through: date | None, months: tuple[int, int | None]) -> tuple[str, str]:
    """The name and the note of what falls due after a day and up to another, so many months from now.

    >>> rung_words(date(2026, 9, 30), date(2026, 10, 30), (0, 1))
    ('Within 1 month', 'to 30 October 2026')
    """
    first, last = months
    if last is None or through is None:
        return f"After {first // 12} years", f"from {day(after)} on"
    if last <= 12:
        name = f"In {first} to {last} months" if first else f"Within {last} month{'s' if last > 1 else ''}"
    else:
        name = f"In {first // 12} to {last // 12} years"
    return name, f"to {day(through)}"
