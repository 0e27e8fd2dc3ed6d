"""How is an element of an ISO 20022 message read? By local name, with texts, dates and amounts taken strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from lxml import etree
from moneyed import CURRENCIES, Money

from ledger.domain.bank_errors import (
    AbsurdAmount,
    MissingPart,
    MixedCurrencies,
    OverPreciseAmount,
    UnreadableAmount,
    UnreadableDate,
)
from ledger.domain.money import LIMIT, minor_digits

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[\d:.]{2,20})?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DECIMAL = re.compile(r"\+?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_LONGEST = 40
"""Characters of an amount, leading noughts included; a longer one is refused unread."""
_YEARS = range(1900, 2200)
_ASK = "Ask the bank for a corrected file."


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the file. Paths are local names with slashes between, such as `Acct/Id/IBAN`."""

    xml: etree._Element

    @property
    def name(self) -> str:
        """The local name."""
        return etree.QName(self.xml).localname

    @property
    def namespace(self) -> str:
        """The namespace, or nothing."""
        return etree.QName(self.xml).namespace or ""

    def child(self, path: str) -> Element | None:
        """The first element at a path."""
        found = self.xml.find(_any_namespace(path))
        return None if found is None else Element(found)

    def all(self, path: str) -> list[Element]:
        """Every element at a path, in the file's order."""
        return [Element(found) for found in self.xml.findall(_any_namespace(path))]

    def text(self, path: str) -> str:
        """The text at a path with its white space collapsed; nothing where there is none."""
        found = self.xml.find(_any_namespace(path))
        return "" if found is None else " ".join((found.text or "").split())

    def texts(self, path: str) -> list[str]:
        """The texts at a path, without the empty ones."""
        return [text for element in self.all(path) if (text := element.text("."))]

    def required_text(self, path: str) -> str:
        """The text at a path. Raises MissingPart."""
        if text := self.text(path):
            return text
        raise MissingPart(f"{self._here} has no {path}. Ask the bank for a complete file.")

    def day(self, path: str) -> date | None:
        """The day at a path, which holds a date (`Dt`) or a moment (`DtTm`), or is one. Raises UnreadableDate."""
        text = self.text(f"{path}/Dt") or self.text(f"{path}/DtTm") or self.text(path)
        if not text:
            return None
        try:
            found = _DATE.fullmatch(text)
            day = date.fromisoformat(found[1] if found else "")
        except ValueError as error:
            raise UnreadableDate(f"{self._here} has {path} {text[:40]!r}, no day of the calendar. {_ASK}") from error
        if day.year not in _YEARS:
            raise UnreadableDate(f"{self._here} has {path} in the year {day.year}. {_ASK}")
        return day

    def required_day(self, path: str) -> date:
        """The day at a path. Raises UnreadableDate and MissingPart."""
        if day := self.day(path):
            return day
        raise MissingPart(f"{self._here} has no {path}. Ask the bank for a complete file.")

    def money(self, path: str, currency: str) -> Money:
        """The amount at a path, never negative. Raises MissingPart, MixedCurrencies and what `decimal` raises."""
        found = self.child(path)
        if found is None:
            raise MissingPart(f"{self._here} has no {path}. Ask the bank for a complete file.")
        theirs = found.currency
        if theirs != currency:
            raise MixedCurrencies(
                f"{self._here} is in {theirs or 'no currency'} and its statement in {currency}. "
                "Ask the bank for one statement per currency."
            )
        amount, digits = found.decimal(), minor_digits(currency)
        if amount >= Decimal(LIMIT).scaleb(-digits):
            raise AbsurdAmount(f"{self._here} has {path} {amount}; amounts have at most 15 digits. {_ASK}")
        if amount != round(amount, digits):
            raise OverPreciseAmount(f"{self._here} has {path} {amount}; {currency} has {digits} decimals. {_ASK}")
        return Money(round(amount, digits), currency)

    def signed_money(self, path: str, currency: str) -> Money:
        """The amount at a path: positive if it is a credit to the account, negative if a debit."""
        mark = self.text("CdtDbtInd")
        if mark not in _SIGNS:
            raise UnreadableAmount(f"{self._here} is marked {mark!r}, neither credit (CRDT) nor debit (DBIT). {_ASK}")
        return _SIGNS[mark] * self.money(path, currency)

    @property
    def currency(self) -> str:
        """The `Ccy` of an amount. Raises MixedCurrencies for a code that no currency has."""
        code = self.xml.get("Ccy", "").strip()
        if code and code not in CURRENCIES:
            raise MixedCurrencies(f"{self._here} is in {code[:20]!r}, which is no currency. {_ASK}")
        return code

    def decimal(self) -> Decimal:
        """This element's plain decimal number. Raises UnreadableAmount and AbsurdAmount."""
        text = self.text(".")
        if not _DECIMAL.fullmatch(text):
            raise UnreadableAmount(f"{self._here} is {text[:40]!r}, not a plain number such as 676.65. {_ASK}")
        if len(text) > _LONGEST:
            raise AbsurdAmount(f"{self._here} is {len(text)} characters long; amounts have at most 15 digits. {_ASK}")
        return Decimal(text)

    @property
    def _here(self) -> str:
        return f"{self.name} in line {self.xml.sourceline}"


@cache
def _any_namespace(path: str) -> str:
    return "/".join(step if step == "." else "{*}" + step for step in path.split("/"))
