"""What is done with loans, by the verbs that a lender uses."""

from loans.services.applications import Asked, apply, decline, revise, send_back, submit
from loans.services.approval import approve
from loans.services.covenants import (
    CovenantAsked,
    agree_covenant,
    approve_waiver,
    decline_waiver,
    end_covenant,
    propose_waiver,
)
from loans.services.drawdowns import confirm_drawdown, draw_down, in_transit, reverse_drawdown
from loans.services.impact import Promise, promise_impact
from loans.services.matching import MatchedLine, match_bank_lines
from loans.services.numbering import continue_numbering
from loans.services.products import offer_product
from loans.services.project import record_funding
from loans.services.repayments import record_repayment, reverse_repayment
from loans.services.standings import keep_standings, rebuild_projections, tell_standings_again
from loans.services.upkeep import bring_up_to_date, rebuild_schedule

__all__ = [
    "Asked",
    "CovenantAsked",
    "MatchedLine",
    "Promise",
    "agree_covenant",
    "apply",
    "approve",
    "approve_waiver",
    "bring_up_to_date",
    "confirm_drawdown",
    "continue_numbering",
    "decline",
    "decline_waiver",
    "draw_down",
    "end_covenant",
    "in_transit",
    "keep_standings",
    "match_bank_lines",
    "offer_product",
    "promise_impact",
    "propose_waiver",
    "rebuild_projections",
    "rebuild_schedule",
    "record_funding",
    "record_repayment",
    "reverse_drawdown",
    "reverse_repayment",
    "revise",
    "send_back",
    "submit",
    "tell_standings_again",
]
