"""Is a data set fit to publish? Its shape with every format asserted, then what no schema can say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from borrowers.domain.names import looks_personal
from commonweal.open_data.errors import NotFitToPublish
from commonweal.open_data.shapes import SCHEMAS, Standard

Path = tuple[str | int, ...]

REGISTERS = {
    "GB-COH": r"(\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z])",
    "GB-CHC": r"\d{6,7}(-\d+)?",
    "GB-SC": r"SC\d{6}",
    "GB-NIC": r"1\d{5}",
    "GB-MPR": r"[A-Z0-9]+",
}
"""How the numbers of known registers are written; the lists of org-id.guide."""

NUMBERS = {"companyNumber": "GB-COH", "charityNumber": "GB-CHC"}
UNIQUE = frozenset({"deals", "credit", "grants", "equity", "projects", "disbursementTransaction"})
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FORMATS = FormatChecker(formats=())
"""Our own, so that none is passed over for want of a package."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: `deals/0/value`."""

    where: str
    what: str


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    if isinstance(value, str):
        if not RFC3339.fullmatch(value):
            return False
        datetime.fromisoformat(value.replace("Z", "+00:00"))
    return True


@FORMATS.checks("date", raises=ValueError)
def _day(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == len("2026-11-23") and bool(date.fromisoformat(value)))


@FORMATS.checks("partial-date", raises=ValueError)
def _partial(value: object) -> bool:
    """A year, a month, or a day that there is."""
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value, re.ASCII):
            return False
        date.fromisoformat(f"{value}-01-01"[:10])
    return True


@FORMATS.checks("uri", raises=ValueError)
def _uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", value)


def judge(standard: Standard, data: object) -> list[Finding]:
    """Everything that is wrong with a data set; nothing where it may be published."""
    validator = Draft202012Validator(SCHEMAS[standard], format_checker=FORMATS)
    broken = sorted(validator.iter_errors(data), key=lambda error: [str(step) for step in error.absolute_path])
    found = [Finding(_place(tuple(error.absolute_path)), error.message[:300]) for error in broken]
    return [*found, *_repeated(data), *_organisations(data), *_texts(data), *_sums(data), *_parties(data)]


def refuse_unfit(standard: Standard, data: object) -> None:
    """Raise NotFitToPublish with the first of what is wrong, and how much more there is."""
    found = judge(standard, data)
    if found:
        more = f" There are {len(found) - 1} more findings." if len(found) > 1 else ""
        raise NotFitToPublish(f"{found[0].where}: {found[0].what}. Nothing was written.{more}")


def things(data: object, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object of a data set with its path."""
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            yield from things(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from things(value, (*path, number))


def _place(path: Path) -> str:
    return "/".join(map(str, path)) or "the whole"


def _kind(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _repeated(data: object) -> Iterator[Finding]:
    seen: dict[tuple[str, object], str] = {}
    for path, item in things(data):
        if _kind(path) in UNIQUE and isinstance(item.get("id"), str):
            earlier = seen.setdefault((_kind(path), item["id"]), _place(path))
            if earlier != _place(path):
                yield Finding(_place(path), f"the id {item['id']!r} is used at {earlier} already")


def _organisations(data: object) -> Iterator[Finding]:
    names: dict[str, object] = {}
    for path, item in things(data):
        if not (_kind(path).endswith("Organization") and isinstance(item.get("id"), str)):
            continue
        code = item["id"]
        if names.setdefault(code, item.get("name")) != item.get("name"):
            yield Finding(_place(path), f"{code!r} is called {item.get('name')!r} here and {names[code]!r} elsewhere")
        register = "-".join(code.split("-")[:2])
        number = code[len(register) + 1 :]
        if register in REGISTERS and not re.fullmatch(REGISTERS[register], number):
            yield Finding(_place(path), f"{code!r} is not written as {register} writes its numbers")
        for field, wanted in NUMBERS.items():
            if register == wanted and item.get(field, number) != number:
                yield Finding(_place((*path, field)), f"{item[field]!r} disagrees with {code!r}")


def _texts(data: object) -> Iterator[Finding]:
    for path, item in things(data):
        for key, value in item.items():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and key not in ("id", "dataSource", "url") and looks_personal(text):
                    yield Finding(
                        _place((*path, key)), "it holds what looks like an e-mail address or a telephone number"
                    )


def _sums(data: object) -> Iterator[Finding]:
    """A deal's value is that of its confirmed parts."""
    for path, deal in things(data):
        if _kind(path) != "deals":
            continue
        parts = list(_confirmed(deal.get("investments")))
        if "value" not in deal and not parts:
            continue
        total = sum(parts, Decimal(0))
        if not isinstance(deal.get("value"), (int, Decimal)) or Decimal(deal["value"]) != total:
            yield Finding(
                f"{_place(path)}/value", f"{deal.get('value')} is not the sum of its confirmed parts, {total}"
            )


def _confirmed(investments: object) -> Iterable[Decimal]:
    if not isinstance(investments, dict):
        return
    for kind, field in (("credit", "value"), ("grants", "amountCommitted")):
        for part in investments.get(kind) or []:
            if isinstance(part, dict) and part.get("status") == "confirmed" and _is_number(part.get(field)):
                yield Decimal(str(part[field]))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _parties(data: object) -> Iterator[Finding]:
    """Who pays and who is paid is a party to the grant."""
    for path, grant in things(data):
        if _kind(path) != "grants" or "awardDate" not in grant:
            continue
        parties = [*(grant.get("recipientOrganization") or []), *(grant.get("fundingOrganization") or [])]
        known = {party.get("id") for party in parties if isinstance(party, dict)}
        for number, paid in enumerate(grant.get("disbursementTransaction") or []):
            for role in ("provider", "recipient"):
                if isinstance(paid, dict) and paid.get(role, None) not in {None, *known}:
                    yield Finding(
                        f"{_place(path)}/disbursementTransaction/{number}/{role}", "it is no party to the grant"
                    )
