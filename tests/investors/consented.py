"""A shared loan with a broken covenant, a waiver that waits, and what its lenders are asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.access.models import User
from investors.models import ConsentAnswer, ConsentAsked
from investors.queries.consents import consents
from investors.services import answer_consent, ask_consent
from loans.models import Loan, WaiverProposal
from tests.investors.shared_loan import BUSINESS_DATE, SharedLoan, approve_netherby
from tests.loans.covenanted import give_cash, make_covenant, make_waiver

ANSWER_BY = date(2026, 12, 11)
WORDS = "The grant came in October, after the test. We would let this breach pass."


@dataclass
class Asking:
    """The shared loan and the waiver that its lenders are asked about."""

    shared: SharedLoan
    waiver: WaiverProposal

    @property
    def loan(self) -> Loan:
        """The loan."""
        return self.shared.loan

    def ask(self, **changes: Any) -> ConsentAsked:
        """Ask all lenders, for more than half unless it is said otherwise."""
        given = {"subject": self.waiver, "words": WORDS, "answer_by": ANSWER_BY, "on": BUSINESS_DATE}
        return ask_consent(**given | {"by": self.shared.priya} | changes)

    def answer(self, consent: ConsentAsked, code: str, *, agrees: bool, **changes: Any) -> ConsentAnswer:
        """Let a lender answer: NRB has 60%, TST 30%, and the fund's own LOT 10%."""
        by: User = self.shared.priya
        given = {"agrees": agrees, "on": BUSINESS_DATE, "by": by, "reason": "" if agrees else "Too soon"}
        return answer_consent(consent=consent, investor=self.shared.lenders[code], **given | changes)

    def stands(self, consent: ConsentAsked) -> ConsentAsked:
        """The consent as it stands now."""
        return consents().get(pk=consent.pk)


def make_asking() -> Asking:
    """A loan of £35,000.00 that three lenders share, with a waiver that Priya proposed."""
    shared = approve_netherby()
    shared.share()
    covenant = make_covenant(shared.loan, by=shared.tom)
    give_cash(shared.loan, "4900.00", by=shared.priya)
    return Asking(shared, make_waiver(covenant, by=shared.priya))
