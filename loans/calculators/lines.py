"""How is a stream of lines answered? JSON Lines in, one line out for each, in order, in constant memory."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loans.calculators import Calculator
from loans.calculators.errors import CalculatorError
from loans.calculators.fields import JsonNumber, Repeated, refused, shown
from loans.domain.errors import ImpossibleTerms, LoanError
from loans.domain.roots import NoRate, TooHard

MOST_BYTES = 1024 * 1024
"""The longest line that is read; what is longer is passed over and refused."""
PIECE = 64 * 1024
LONGEST_INTEGER = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of JSON, and whether it is an error."""

    text: str
    is_error: bool


def answers(source: BinaryIO, calculate: Calculator) -> Iterator[Answer]:
    """An answer for each line of the source, given before the next line is read."""
    while line := source.readline(MOST_BYTES + 1):
        if len(line) > MOST_BYTES and not line.endswith(b"\n"):
            _pass_over_rest(source)
            yield _error(
                None, CalculatorError("too_long", "", f"The line is longer than {MOST_BYTES} bytes. Split it.")
            )
        else:
            yield answer(line, calculate)


def answer(line: bytes, calculate: Calculator) -> Answer:
    """The answer to one line, `{"id": …, …}`: its result, or the error that it ends in."""
    identity: object = None
    try:
        given = parsed(line)
        identity = identity_of(given)
        result = calculate(given)
    except LoanError as error:
        return _error(identity, error)
    except Exception:  # noqa: BLE001  a fault of ours in one line is no reason to leave the others unanswered
        traceback.print_exc(file=sys.stderr)
        return _error(identity, CalculatorError("fault", "", "This line met a fault of Commonweal's own. Report it."))
    return Answer(json.dumps({"id": identity, "result": result}), is_error=False)


def parsed(line: bytes) -> dict[str, object]:
    """The JSON object in a line, as `parsed_json` reads it. Raises CalculatorError."""
    found = parsed_json(line)
    if not isinstance(found, dict):
        raise CalculatorError("not_json", "", f"The line is {shown(found)}. Write one JSON object a line.")
    return found


def parsed_json(line: bytes) -> object:
    """JSON in which no digit is lost and nothing passed over: a number that is not whole comes as JsonNumber, an
    object that gives a field twice as Repeated. Raises CalculatorError."""
    try:
        found: object = json.loads(
            line.decode(),
            parse_float=JsonNumber,
            parse_int=_integer,
            parse_constant=JsonNumber,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise CalculatorError("not_json", "", "The line is nested too deep. Write one flat JSON object.") from None
    except ValueError as error:
        said = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise CalculatorError("not_json", "", f"The line is no JSON: {said}. Write one JSON object a line.") from None
    return found


def identity_of(given: dict[str, object]) -> object:
    """The `id` of a line, taken out of it; null where there is none. Raises CalculatorError."""
    identity = given.pop("id", None)
    if identity is not None and (isinstance(identity, bool) or not isinstance(identity, str | int)):
        raise refused("id", f"is {shown(identity)}", "Write a string or a whole number, or leave it out")
    return identity


def _integer(text: str) -> int | JsonNumber:
    return int(text) if len(text) <= LONGEST_INTEGER else JsonNumber(text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found, repeated = Repeated(), ""
    for name, value in pairs:
        repeated = repeated or (name if name in found else "")
        found[name] = value
    found.name = repeated
    return found if repeated else dict(found)


def _error(identity: object, error: LoanError) -> Answer:
    code, field = code_and_field(error)
    content = {"id": identity, "error": {"code": code, "field": field, "message": str(error)}}
    return Answer(json.dumps(content), is_error=True)


def code_and_field(error: LoanError) -> tuple[str, str]:
    """The code of a refusal for programs, and the field that it is about; empty where the whole line is meant."""
    match error:
        case CalculatorError():
            return error.code, error.field
        case ImpossibleTerms():
            return "impossible_terms", error.field
        case NoRate():
            return "no_rate", "flows"
        case TooHard():
            return "too_hard", "flows"
        case _:
            return "refused", ""


def _pass_over_rest(source: BinaryIO) -> None:
    while (piece := source.readline(PIECE)) and not piece.endswith(b"\n"):
        pass
