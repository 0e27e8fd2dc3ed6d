"""What may stand in a line, and how is it read? Fields declared in a dataclass, read strictly and bounded in size.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Span:
        start: date = required(iso_date())
        days: int = optional(integer(least=0), 0)

    span = read(Span, {"start": "2026-11-21"})

A reader takes a JSON value and its path, and gives a typed value or raises CalculatorError with code `bad_value`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar, cast

from loans.calculators.errors import CalculatorError

T = TypeVar("T")
U = TypeVar("U")
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[object, str], T]

PLAIN_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_DIGITS = 40
EARLIEST, LATEST = date(1800, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class JsonNumber:
    """A number of a line that is no whole number, as it was written: no reader takes it, and each can quote it."""

    text: str


class Repeated(dict[str, object]):
    """A JSON object that gives a field twice, which `read` refuses; `name` is the field."""

    name = ""


def required(reader: Reader[T]) -> T:
    """A field of a dataclass that has to be given."""
    return cast(T, dataclasses.field(metadata={"read": reader}))


def optional(reader: Reader[T], default: T) -> T:
    """A field of a dataclass that may be left out, and what it is then."""
    return dataclasses.field(metadata={"read": reader}, default=default)


def read(form: type[T], given: Mapping[str, object], path: str = "") -> T:
    """The fields of `form`, a dataclass, out of a JSON object; `path` is where the object stands.

    Raises CalculatorError: unknown_field, missing_field, duplicate_field, bad_value. Where `form` itself refuses its
    values together, in `__post_init__`, it raises CalculatorError too.
    """
    fields = {field.name: field for field in dataclasses.fields(cast(Any, form))}
    prefix = f"{path}." if path else ""
    if isinstance(given, Repeated):
        name = _quoted(given.name)
        raise CalculatorError("duplicate_field", f"{prefix}{name}", f"{prefix}{name} is given twice. Give it once.")
    for name in given:
        if name not in fields:
            raise CalculatorError("unknown_field", f"{prefix}{_quoted(name)}", _unknown(name, list(fields)))
    for name, field in fields.items():
        if name not in given and field.default is dataclasses.MISSING:
            raise CalculatorError("missing_field", f"{prefix}{name}", f"{prefix}{name} is missing. Give it.")
    values = {name: fields[name].metadata["read"](value, f"{prefix}{name}") for name, value in given.items()}
    try:
        return form(**values)
    except CalculatorError as error:  # what does not fit together is named from inside the object
        raise CalculatorError(error.code, f"{prefix}{error.field}", f"{prefix}{error}") from None


def decimal(
    *, above: Decimal | int | None = None, least: Decimal | int | None = None, most: Decimal | int | None = None
) -> Reader[Decimal]:
    """A JSON string holding a plain decimal such as "1432.86": no exponent, no sign but a minus, at most 40 digits."""

    def reader(value: object, path: str) -> Decimal:
        if not isinstance(value, str):
            raise refused(path, f"is {shown(value)}", 'Write it as a JSON string holding a plain decimal: "1432.86"')
        if len(value) > MOST_DIGITS + 2 or not PLAIN_DECIMAL.fullmatch(value):
            raise refused(path, f"is {shown(value)}", f'Write a plain decimal of at most {MOST_DIGITS} digits: "0.075"')
        number = Decimal(value)
        if above is not None and number <= above:
            raise refused(path, f"is {value}", f"Give more than {above}")
        _refuse_out_of_range(number, least, most, path)
        return number

    return reader


def integer(*, least: int | None = None, most: int | None = None) -> Reader[int]:
    """A JSON integer; true and false are none."""

    def reader(value: object, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise refused(path, f"is {shown(value)}", "Write a whole number, without quotation marks: 60")
        _refuse_out_of_range(value, least, most, path)
        return value

    return reader


def iso_date(*, earliest: date = EARLIEST, latest: date = LATEST) -> Reader[date]:
    """A JSON string holding a date such as "2026-11-21"."""

    def reader(value: object, path: str) -> date:
        if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
            raise refused(path, f"is {shown(value)}", 'Write a date as a JSON string: "2026-11-21"')
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise refused(path, f"is {shown(value)}", "There is no such day; give one of the calendar") from None
        _refuse_out_of_range(day, earliest, latest, path)
        return day

    return reader


def choice(options: type[E]) -> Reader[E]:
    """One of the values of an enumeration of words."""

    def reader(value: object, path: str) -> E:
        if not isinstance(value, str) or value not in set(options):
            raise refused(path, f"is {shown(value)}", f"Choose one of: {', '.join(options)}")
        return options(value)

    return reader


def boolean() -> Reader[bool]:
    """true or false."""

    def reader(value: object, path: str) -> bool:
        if not isinstance(value, bool):
            raise refused(path, f"is {shown(value)}", "Write true or false, without quotation marks")
        return value

    return reader


def text(*, pattern: str, like: str) -> Reader[str]:
    """A JSON string that a regular expression matches whole; `like` shows one."""

    def reader(value: object, path: str) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise refused(path, f"is {shown(value)}", f'Write it like "{like}"')
        return value

    return reader


def nullable(reader: Reader[T]) -> Reader[T | None]:
    """What `reader` reads, or null."""
    return lambda value, path: None if value is None else reader(value, path)


def either(reader: Reader[T], kind: type, other: Reader[U]) -> Reader[T | U]:
    """What `reader` reads where the value is of a JSON type (`int`, `str`, `dict`), and otherwise what `other` does."""
    return lambda value, path: reader(value, path) if type(value) is kind else other(value, path)


def list_of(reader: Reader[T], *, least: int = 0, most: int) -> Reader[tuple[T, ...]]:
    """A JSON array of so many values."""

    def read_all(value: object, path: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise refused(path, f"is {shown(value)}", "Write a list, in square brackets")
        if not least <= len(value) <= most:
            raise refused(path, f"has {len(value)} entries", f"Give from {least} to {most}")
        return tuple(reader(each, f"{path}[{place}]") for place, each in enumerate(value))

    return read_all


def pair(first: Reader[T], second: Reader[U], *, like: str) -> Reader[tuple[T, U]]:
    """A JSON array of two values; `like` shows one."""

    def reader(value: object, path: str) -> tuple[T, U]:
        if not isinstance(value, list) or len(value) != 2:
            raise refused(path, f"is {shown(value)}", f"Write a pair: {like}")
        return first(value[0], f"{path}[0]"), second(value[1], f"{path}[1]")

    return reader


def object_of(form: type[T]) -> Reader[T]:
    """A JSON object with the fields of a dataclass."""

    def reader(value: object, path: str) -> T:
        if not isinstance(value, dict):
            raise refused(path, f"is {shown(value)}", "Write an object, in curly brackets")
        return read(form, value, path)

    return reader


def refused(path: str, what: str, remedy: str) -> CalculatorError:
    """The error `bad_value`: which field, what is wrong with it, what would do."""
    return CalculatorError("bad_value", path, f"{path} {what}. {remedy}.")


def shown(value: object) -> str:
    """A JSON value in a message: short, and told apart from what only looks like it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value, '"')
        case JsonNumber(number):
            return f"the JSON number {_quoted(number)}"
        case int() | float():
            return f"the JSON number {_quoted(str(value))}"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "an object"


def _quoted(text: str, mark: str = "") -> str:
    return f"{mark}{text if len(text) <= 40 else f'{text[:40]}…'}{mark}"


def _unknown(name: str, known: list[str]) -> str:
    return f"There is no field {_quoted(name, chr(34))} here. Leave it out, or choose one of: {', '.join(known)}."


def _refuse_out_of_range(value: Any, least: Any, most: Any, path: str) -> None:
    if least is not None and value < least:
        raise refused(path, f"is {value}", f"Give {least} or {'later' if isinstance(value, date) else 'more'}")
    if most is not None and value > most:
        raise refused(path, f"is {value}", f"Give {most} or {'earlier' if isinstance(value, date) else 'less'}")
