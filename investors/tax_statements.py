"""What do a tax relief certificate and a yearly tax statement say? A figure that rests on our own reading says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.citr.kinds import InvestmentKind
from investors.domain.citr.tax_year import TaxYear
from investors.domain.errors import CertificateRefused
from investors.models import CitrCertificate, Investor
from investors.models.citr import POUNDS
from investors.queries import ReliefStanding, citr_loan, relief_standings
from ledger.domain.money import from_minor
from loans.statements import Issuer, Party, Row

if TYPE_CHECKING:
    from ledger.models import Book

NOUGHT = from_minor(0, POUNDS)


@dataclass(frozen=True, slots=True)
class TaxCertificate:
    """A certificate: who invested what and when, under which accreditation, and whether it comes late.

    `committed` is the whole amount; `drawn_until` the last day for drawing it, where it is not advanced at once.
    """

    issuer: Issuer
    number: str
    investor: Party
    kind: InvestmentKind
    committed: Money
    invested_on: date
    drawn_until: date | None
    accreditation: str
    accredited_from: date
    accredited_to: date
    due_by: date
    issued_on: date
    content_sha256: str
    tax_years: tuple[TaxYear, ...]

    @property
    def days_late(self) -> int:
        """Days after the last day for it; nought where it is in time."""
        return max((self.issued_on - self.due_by).days, 0)

    def as_rows(self) -> tuple[Row, ...]:
        """Every particular as a figure."""
        facts: tuple[tuple[str, str | date | None], ...] = (
            ("number", self.number),
            ("investor", self.investor.name),
            ("kind", self.kind.value),
            ("invested on", self.invested_on),
            ("drawn until", self.drawn_until),
            ("accreditation", self.accreditation),
            ("due by", self.due_by),
            ("issued on", self.issued_on),
            ("agreed content", self.content_sha256),
        )
        told = [("certificate", "", None, name, "", value, "", "") for name, value in facts]
        whole: Row = ("certificate", "", self.invested_on, "whole amount", "", self.committed.amount, POUNDS, "")
        return *told, whole


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One investment in one tax year; `is_estimate` where a figure rests on our own reading of a rule."""

    certificate: str
    investment: str
    kind: str
    invested_on: date
    committed: Money
    balance: Money
    invested: Money
    relief: Money
    available: Money
    withdrawn: Money
    earlier: Money
    """Relief of earlier years that may still be claimed: the most that can be brought forward."""

    is_last: bool
    """Whether it is the fifth year, after which nothing carries forward."""

    why: str
    is_estimate: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaxStatement:
    """What an investor may claim for a tax year, by what was known on the day of issue."""

    issuer: Issuer
    number: str
    replaces: str
    investor: Party
    tax_year: TaxYear
    issued_on: date
    lines: tuple[TaxLine, ...]

    @property
    def total(self) -> dict[str, Money]:
        """The sums of the columns."""
        columns = ("committed", "balance", "invested", "relief", "available", "withdrawn", "earlier")
        return {name: sum((getattr(line, name) for line in self.lines), NOUGHT) for name in columns}

    @property
    def carried_forward_at_most(self) -> Money:
        """What could be carried into the next year, had no tax been there to use any of it."""
        carry = [line.available + line.earlier for line in self.lines if not line.is_last]
        return sum(carry, NOUGHT)

    @property
    def is_estimate(self) -> bool:
        """Whether any figure is."""
        return any(line.is_estimate for line in self.lines)

    @property
    def figures_sha256(self) -> str:
        """The fingerprint of what it says, number and day of issue aside: what it knew."""
        text = "\n".join("\t".join(map(str, row)) for row in self.as_rows())
        return hashlib.sha256(text.encode()).hexdigest()

    def as_rows(self) -> tuple[Row, ...]:
        """Every figure of the tables as a row."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[Row]:
        year = str(self.tax_year)
        for line in self.lines:
            said = "estimate" if line.is_estimate else ""
            for name in ("committed", "balance", "invested", "relief", "available", "withdrawn", "earlier"):
                amount: Money = getattr(line, name)
                yield ("tax year " + year, line.investment, line.invested_on, name, said, amount.amount, POUNDS, "")
            yield ("tax year " + year, line.investment, line.invested_on, "claim", "", line.why, "", "")
            for warning in line.warnings:
                yield ("tax year " + year, line.investment, line.invested_on, "warning", "", warning, "", "")
        most = self.carried_forward_at_most.amount
        yield ("tax year " + year, "", None, "carried forward at most", "estimate", most, POUNDS, "")


def build_tax_certificate(certificate: CitrCertificate, issuer: Issuer) -> TaxCertificate:
    """The value of a certificate that a second person agreed to. Raises CertificateRefused for another."""
    investment, issued_on = certificate.investment, certificate.decision.issued_on
    if issued_on is None:
        raise CertificateRefused(f"{certificate} was declined, so there is nothing to issue. Propose it anew.")
    loan = citr_loan(investment)
    return TaxCertificate(
        issuer=issuer,
        number=certificate.number,
        investor=_party(investment.investor),
        kind=InvestmentKind(investment.kind),
        committed=certificate.committed_money,
        invested_on=certificate.invested_on,
        drawn_until=investment.drawdown_until,
        accreditation=certificate.period.reference,
        accredited_from=certificate.period.starts_on,
        accredited_to=certificate.period.last_day,
        due_by=certificate.due_by,
        issued_on=issued_on,
        content_sha256=certificate.content_sha256,
        tax_years=loan.tax_years,
    )


def build_tax_statement(
    investor: Investor, book: Book, tax_year: TaxYear, *, issuer: Issuer, number: str, replaces: str, issued_on: date
) -> TaxStatement:
    """What an investor may claim for a tax year, as it is known on the day of issue."""
    standings = relief_standings(book, issued_on, investor=investor)
    lines = [line for one in standings if (line := tax_line(one, tax_year)) is not None]
    return TaxStatement(issuer, number, replaces, _party(investor), tax_year, issued_on, tuple(lines))


def tax_line(one: ReliefStanding, tax_year: TaxYear) -> TaxLine | None:
    """An investment's line in a tax year, or none where the relief has no such year."""
    year = one.year_of(tax_year)
    if year is None:
        return None
    at_end = [amount for day, amount in one.balances if day <= tax_year.last_on]
    why = year.claim.why
    if one.issued is None:
        why = "No claim without a certificate."
    elif one.is_withdrawn:
        why = f"Withdrawn: {next(each.words for each in one.kept if each.withdraws_relief)}"
    return TaxLine(
        certificate=one.issued.certificate.number if one.issued else "",
        investment=str(one.investment),
        kind=one.investment.get_kind_display(),
        invested_on=one.investment.invested_on,
        committed=one.investment.committed_money,
        balance=at_end[-1],
        invested=year.invested,
        relief=year.relief,
        available=year.available,
        withdrawn=year.withdrawn,
        earlier=sum((each.available for each in one.years if each.tax_year < tax_year), NOUGHT),
        is_last=tax_year == one.years[-1].tax_year,
        why=why,
        is_estimate=year.is_estimate,
        warnings=one.warnings,
    )


def _party(investor: Investor) -> Party:
    number = f"Registered number {investor.registered_number}" if investor.registered_number else ""
    return Party(investor.name, registration=number)
