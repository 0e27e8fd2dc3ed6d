"""The loan tape: every loan that an investor has a part of on a day, one row a loan, under defined columns.

Names follow the loan-level templates of European supervisors (contract identifier, days past due, guarantee cover)
where they mean the same. Amounts are in the loan's currency, rates and shares are fractions: 0.06 is 6%.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from moneyed import Money

from investors.models import Investor
from investors.queries import Holding, holdings
from ledger.domain.money import from_minor, to_minor
from loans.domain.position import Position
from loans.loan_list import loan_list
from loans.losses import guarantees_in_force, set_aside
from loans.models import Loan
from loans.queries import positions_of

if TYPE_CHECKING:
    from ledger.models import Book

STATUSES = ["not drawn", "paid to date", "late", "repaid", "written off"]
"""Where a whole loan may stand."""

COLUMNS: dict[str, str] = {
    "as_of": "The day whose evening the row describes.",
    "fund": "The code of the fund’s book.",
    "contract_identifier": "The reference of the loan.",
    "borrower": "The name of the business that borrowed.",
    "place": "The place where it is.",
    "region": "The region or nation that the place is in.",
    "sector": "What it does, in the fund’s list of sectors; empty where none is recorded.",
    "product": "The fund’s product under which it was lent.",
    "currency": "The currency of every amount in the row.",
    "agreed_on": "The day on which the loan was approved.",
    "first_payment_due_on": "The day of the first payment of the schedule; empty before the drawdown.",
    "final_payment_due_on": "The day of the last payment of the schedule; empty before the drawdown.",
    "status": "`not drawn`, `paid to date`, `late`, `repaid` or `written off`, of the whole loan.",
    "restructured_on": "The day on which new terms were agreed last; empty where there are none.",
    "days_past_due": "Days since the oldest unpaid claim fell due; 0 where nothing is late.",
    "interest_rate": "The loan’s nominal rate a year in force, as a fraction.",
    "principal_outstanding": "Principal of the whole loan that is not repaid, before any provision.",
    "arrears": "What of the whole loan is unpaid after its due date.",
    "accrued_interest": "Interest that the whole loan has earned and that is not due.",
    "provision": "What the fund has set aside for losses on the whole loan.",
    "guarantee_cover": "The part of a loss on principal that a guarantor bears, as a fraction; 0 without a guarantee.",
    "rank": "Your rank among the lenders, 1 first.",
    "ranks": "How many ranks there are.",
    "sharing_rule": "What the ranks decide: `alike` is nothing.",
    "share": "Your part of what was agreed to be lent, as a fraction.",
    "own_interest_rate": "Your own nominal rate a year, as a fraction; empty where you have the loan’s.",
    "servicing_fee": "What the fund keeps of your interest, as a fraction of principal a year.",
    "no_principal_before": "The day before which you take no principal; empty where there is none.",
    "original_part": "Your part of what was agreed to be lent.",
    "part_principal_outstanding": "Your part of the principal outstanding, as the ledger has it.",
    "part_interest_due": "Your part of interest that has fallen due and is unpaid, as the ledger has it.",
    "part_accrued_interest": "Your part of the accrued interest, worked out and not booked: by your part of the "
    "principal, at your own rate, less the servicing fee.",
    "part_provision": "Your part of the provision, by your part of the principal.",
    "part_written_off": "Principal of yours that was written off or waived.",
    "part_recovered": "What came back to you of that.",
}
"""What each column means, in order."""


@dataclass(frozen=True, slots=True)
class TapeRow:
    """A holding with all that the columns need; `aside` is what is set aside for the loan, in minor units."""

    holding: Holding
    position: Position
    loan: Loan
    aside: int
    cover: Fraction

    def values(self) -> dict[str, Any]:
        """The row, by column."""
        loan, held, position = self.loan, self.holding, self.position
        is_drawn = bool(position.drawn)
        return {
            "as_of": position.as_of,
            "fund": loan.book.code,
            "contract_identifier": loan.reference,
            "borrower": loan.organisation.name,
            "place": loan.organisation.place,
            "region": loan.organisation.get_region_display(),
            "sector": loan.organisation.sector,
            "product": loan.product.name,
            "currency": loan.currency,
            "agreed_on": loan.approved_on,
            "first_payment_due_on": position.instalments[0].instalment.due_on if is_drawn else None,
            "final_payment_due_on": position.last_due_on if is_drawn else None,
            "status": self.status,
            "restructured_on": vars(loan)["restructured_on"],
            "days_past_due": position.days_past_due,
            "interest_rate": position.annual_rate,
            "principal_outstanding": position.principal_outstanding,
            "arrears": position.arrears,
            "accrued_interest": position.accrued_interest,
            "provision": self._money(Fraction(self.aside)),
            "guarantee_cover": _decimal(self.cover),
            "rank": held.rank,
            "ranks": held.ranks,
            "sharing_rule": held.rule.value,
            "share": _decimal(held.share),
            "own_interest_rate": held.annual_rate,
            "servicing_fee": held.servicing_fee,
            "no_principal_before": held.principal_from,
            "original_part": held.participation,
            "part_principal_outstanding": held.principal,
            "part_interest_due": held.interest_due,
            "part_accrued_interest": self.accrued,
            "part_provision": self._money(self._of_principal * self.aside),
            "part_written_off": held.lost,
            "part_recovered": held.came_back,
        }

    @property
    def status(self) -> str:
        """Where the whole loan stands, in a word or two."""
        position = self.position
        if not position.drawn:
            return "not drawn"
        if position.settled:
            return "repaid"
        if position.written_off and not position.principal_outstanding:
            return "written off"
        return "late" if position.days_past_due else "paid to date"

    @property
    def accrued(self) -> Money:
        """The part of the interest earned and not due, as the column says."""
        rate = Fraction(self.position.annual_rate)
        if not rate:
            return self._money(Fraction(0))
        own = rate if self.holding.annual_rate is None else Fraction(self.holding.annual_rate)
        whole = to_minor(self.position.accrued_interest.amount, self.loan.currency)
        return self._money(whole * self._of_principal * (own - Fraction(self.holding.servicing_fee)) / rate)

    @property
    def _of_principal(self) -> Fraction:
        whole = self.position.principal_outstanding
        return Fraction(self.holding.principal.amount) / Fraction(whole.amount) if whole else Fraction(0)

    def _money(self, minor: Fraction) -> Money:
        return from_minor(round(minor), self.loan.currency)


def loan_tape(investor: Investor, book: Book, as_of: date) -> list[TapeRow]:
    """All that an investor has in the loans of a book on a day, by loan; in a fixed number of queries."""
    held = holdings(investor, book, as_of)
    keys = [one.loan.pk for one in held]
    loans = {loan.pk: loan for loan in loan_list(book, as_of).filter(pk__in=keys)}
    positions, aside = positions_of(loans.values(), as_of), set_aside(book, as_of)
    covers = {key: Fraction(one.parameters.share) for key, one in guarantees_in_force(book, as_of).items()}
    return [
        TapeRow(
            one,
            positions[one.loan.pk],
            loans[one.loan.pk],
            aside.get(one.loan.reference, 0),
            covers.get(one.loan.pk, Fraction(0)),
        )
        for one in held
        if one.loan.pk in loans
    ]


def _decimal(value: Fraction) -> Decimal:
    """A fraction with nine decimals."""
    return round(Decimal(value.numerator) / Decimal(value.denominator), 9)
