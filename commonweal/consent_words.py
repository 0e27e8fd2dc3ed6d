"""How is written on a page what the lenders of a loan are asked, and how they have answered?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from moneyed import Money

from commonweal.components import Fact
from commonweal.documents.list_files import Value
from commonweal.templatetags.commonweal import day, money, percent
from investors.domain.consent import ConsentState, Count
from investors.models import ConsentAsked, LenderAsked
from loans.models import WaiverProposal

SHAPES = {
    ConsentState.WAITING: "due",
    ConsentState.AGREED: "good",
    ConsentState.REFUSED: "late",
    ConsentState.LAPSED: "closed",
}
HEADINGS = ("Consent", "Loan", "Borrower", "Asked", "Majority", "Answer by", "State", "Yes", "No", "Silent", "Whole")


@dataclass(frozen=True, slots=True)
class ConsentTold:
    """A consent in words: what is asked, the state as a shape and words, and who was asked."""

    consent: ConsentAsked
    what: str
    state: tuple[str, str]
    count: Count
    lenders: Sequence[LenderTold]

    @property
    def majority(self) -> str:
        """What is needed, in a sentence."""
        return f"{self.count.majority.words} of {money(self.count.whole)}"

    @property
    def facts(self) -> list[Fact]:
        """The count by amount, with each part of the whole."""
        count = self.count
        rows = (("Yes", count.yes), ("No", count.no), ("Not answered", count.silent))
        return [
            *(Fact(label, money(amount), part_of(count, amount), number=True) for label, amount in rows),
            Fact("All lenders", money(count.whole), f"agreed by {count.majority.words}", number=True, total=True),
        ]

    @property
    def row(self) -> tuple[Value, ...]:
        """The consent as a line of a file."""
        one, count = self.consent, self.count
        named = (str(one), one.loan.reference, str(one.loan.organisation), self.what, count.majority.words)
        return (*named, one.answer_by, self.state[1], count.yes, count.no, count.silent, count.whole)


@dataclass(frozen=True, slots=True)
class LenderTold:
    """A lender that was asked, in words."""

    one: LenderAsked
    part: str
    answer: tuple[str, str]
    by: str
    """Who answered, when, and how the fund knows; empty while nobody has."""


def consent_told(consent: ConsentAsked) -> ConsentTold:
    """A consent as it stands on a page."""
    count = consent.count
    state = consent.state
    return ConsentTold(
        consent,
        what_is_asked(consent),
        (SHAPES[state], state.words),
        count,
        [_lender(count, one) for one in consent.lenders],
    )


def what_is_asked(consent: ConsentAsked) -> str:
    """What the lenders are asked to agree to, as a heading."""
    subject = consent.subject
    if isinstance(subject, WaiverProposal):
        return f"Let a breach pass: {str(subject.covenant).lower()}, tested {day(subject.tested_on)}"
    return f"{subject.get_kind_display()}, from {day(subject.effective_on)}"


def part_of(count: Count, amount: Money) -> str:
    """An amount as a part of the whole: 60.00%."""
    return f"{percent(_decimal(count.part(amount)), 2)}"


def _lender(count: Count, one: LenderAsked) -> LenderTold:
    part, given = part_of(count, one.amount), one.answer
    if given is None:
        return LenderTold(one, part, ("due", "No answer yet"), "")
    said = ("good", "Yes") if given.agrees else ("late", "No")
    known = f"; recorded by the fund: {given.source}" if given.source else ""
    return LenderTold(one, part, said, f"{given.answered_by}, {day(given.answered_on)}{known}")


def _decimal(part: Fraction) -> Decimal:
    return Decimal(part.numerator) / Decimal(part.denominator)
