"""In what does an answer of a calculator differ from what a source prints? For the cases of a folder of references."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

FILES = {"apr": "apr.jsonl", "irr": "irr.jsonl", "day_count": "day_counts.jsonl", "schedule": "schedules.jsonl"}
EXACT = {"no", "due", "on", "kind", "days"}
NOTHING = Decimal("0.0000005")


def cases(folder: Path, calculator: str) -> list[dict[str, Any]]:
    """The cases of a calculator: each has `id`, `terms`, `expected` and `tolerance`."""
    lines = (folder / FILES[calculator]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def differences(case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Every field in which the answer to a case is not what is expected, in words."""
    expected = dict(case["expected"])
    error = expected.pop("error", None)
    if error or "error" in answer:
        code = answer.get("error", {}).get("code")
        return [] if code == error else [f"error: expected {error}, got {answer}"]
    result, tolerance = answer["result"], Decimal(case["tolerance"])
    return list(_of_result(expected, result, tolerance))


def _of_result(expected: dict[str, Any], result: dict[str, Any], tolerance: Decimal) -> Iterator[str]:
    after, until = expected.pop("after", ""), expected.pop("until", "9999")
    for name, wanted in expected.items():
        match name:
            case "events":
                got = [event for event in result["events"] if _counts(event) and after < event["on"] <= until]
                yield from _of_rows("event", [event for event in wanted if _counts(event)], got, tolerance)
            case "instalments":
                yield from _of_rows("row", wanted, result["instalments"], tolerance)
            case "some_instalments":
                by_no = {row["no"]: row for row in result["instalments"]}
                yield from _of_rows("row", wanted, [by_no.get(row["no"], {}) for row in wanted], tolerance)
            case "count":
                yield from _of_fields("rows", {"no": wanted}, {"no": len(result["instalments"])}, tolerance)
            case "totals":
                yield from _of_fields("totals", wanted, result["totals"], tolerance)
            case _:
                yield from _of_fields("result", {name: wanted}, result, tolerance)


def _of_rows(what: str, wanted: list[Any], got: list[Any], tolerance: Decimal) -> Iterator[str]:
    if len(wanted) != len(got):
        yield f"{what}s: expected {len(wanted)}, got {len(got)}"
    for place, (one, other) in enumerate(zip(wanted, got, strict=False), start=1):
        yield from _of_fields(f"{what} {place}", one, other, tolerance)


def _of_fields(what: str, wanted: dict[str, Any], got: dict[str, Any], tolerance: Decimal) -> Iterator[str]:
    for name, value in wanted.items():
        if not _same(name, value, got.get(name), tolerance):
            yield f"{what}, {name}: expected {value}, got {got.get(name)}"


def _same(name: str, wanted: Any, got: Any, tolerance: Decimal) -> bool:
    if name in EXACT:
        return type(wanted) is type(got) and wanted == got
    try:
        return isinstance(got, str) and abs(Decimal(wanted) - Decimal(got)) <= tolerance
    except InvalidOperation:
        return False


def _counts(event: dict[str, Any]) -> bool:
    """Events of nothing say nothing; a change of rate always counts."""
    return event["kind"] == "rate_change" or abs(Decimal(event["amount"])) > NOTHING
