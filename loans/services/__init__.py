"""What is done with loans, by the verbs that a lender uses."""

from loans.debits import Collect
from loans.domain.offer import Asked
from loans.services.accruals import accrue_some
from loans.services.acts import Circumstances, Preview, preview, preview_taking_back, record, reverse_event
from loans.services.applications import apply, decline, revise, send_back, submit
from loans.services.approval import approve
from loans.services.authority import HAVE_A_COST, authority_of, set_authority
from loans.services.base_rates import RateEffect, add_index, effects_of, follow_base_rates, record_base_rate
from loans.services.bringing_in import bring_in_history, bring_in_loans, bring_in_opening
from loans.services.covenants import (
    CovenantAsked,
    agree_covenant,
    approve_waiver,
    decline_waiver,
    end_covenant,
    propose_waiver,
)
from loans.services.debit_matching import MatchedRun, match_debit_returns, match_debit_runs
from loans.services.debit_refusals import may_again
from loans.services.debit_returns import (
    CameBack,
    Followed,
    challenge_claim,
    follow_advices,
    take_collection_back,
)
from loans.services.debit_runs import (
    approve_run,
    decline_run,
    instructions_to_send,
    make_instructions,
    make_run,
    withdraw_run,
)
from loans.services.debit_runs import (
    proposed as proposed_collections,
)
from loans.services.debit_settings import Collects, set_debits
from loans.services.drawdowns import (
    confirm_drawdown,
    draw_down,
    receive_back,
    reverse_drawdown,
    take_confirmation_back,
)
from loans.services.files import keep_file, withdraw_file
from loans.services.grants import award_grant, record_grant_payment
from loans.services.guarantees import (
    approve_claim,
    certify,
    claimable,
    enter_scheme,
    pay_over,
    propose_claim,
    record_claim_paid,
)
from loans.services.impact import Promise, promise_impact
from loans.services.loss_proposals import decline_loss_proposal, propose_specific_provision
from loans.services.mandates import change_mandate, give_notice, keep_mandate, notify
from loans.services.matching import MatchedLine, match_bank_lines
from loans.services.moving_in import (
    BroughtFile,
    confirm_moving_in,
    finish_moving_in,
    keep_dry_run,
    keep_refusal,
    prepare_moving_in,
    withdraw_moving_in,
)
from loans.services.neighbourhoods import name_neighbourhood, record_priority, say_answer, show_neighbourhood
from loans.services.numbering import continue_numbering
from loans.services.products import More, change_product, offer_product
from loans.services.project import record_funding
from loans.services.proposals import (
    approve_proposal,
    cost_of,
    decline_proposal,
    event_proposed,
    propose,
    withdraw_proposal,
)
from loans.services.provisions import (
    approve_specific_provision,
    preview_provisions,
    provide,
    provide_at_month_end,
    set_provision_rule,
)
from loans.services.repayments import (
    HowRepaid,
    preview_recovery,
    preview_repayment,
    record_recovery,
    record_repayment,
    reverse_repayment,
)
from loans.services.requests import answer_request, ask
from loans.services.returns import (
    LONGEST_STORY,
    Step,
    Upload,
    add_evidence,
    agree_returns,
    open_returns,
    save_answer,
    send_return,
    tell_story,
    withdraw_story,
)
from loans.services.some_loans import Some, hold_loans, some_of
from loans.services.standings import keep_standings, rebuild_projections, tell_standings_again
from loans.services.upkeep import bring_up_to_date, rebuild_schedule
from loans.services.upkeep_of_many import bring_all_up_to_date, bring_some_up_to_date

__all__ = [
    "HAVE_A_COST",
    "LONGEST_STORY",
    "Asked",
    "BroughtFile",
    "CameBack",
    "Circumstances",
    "Collect",
    "Collects",
    "CovenantAsked",
    "Followed",
    "HowRepaid",
    "MatchedLine",
    "MatchedRun",
    "More",
    "Preview",
    "Promise",
    "RateEffect",
    "Some",
    "Step",
    "Upload",
    "accrue_some",
    "add_evidence",
    "add_index",
    "agree_covenant",
    "agree_returns",
    "answer_request",
    "apply",
    "approve",
    "approve_claim",
    "approve_proposal",
    "approve_run",
    "approve_specific_provision",
    "approve_waiver",
    "ask",
    "authority_of",
    "award_grant",
    "bring_all_up_to_date",
    "bring_in_history",
    "bring_in_loans",
    "bring_in_opening",
    "bring_some_up_to_date",
    "bring_up_to_date",
    "certify",
    "challenge_claim",
    "change_mandate",
    "change_product",
    "claimable",
    "confirm_drawdown",
    "confirm_moving_in",
    "continue_numbering",
    "cost_of",
    "decline",
    "decline_loss_proposal",
    "decline_proposal",
    "decline_run",
    "decline_waiver",
    "draw_down",
    "effects_of",
    "end_covenant",
    "enter_scheme",
    "event_proposed",
    "finish_moving_in",
    "follow_advices",
    "follow_base_rates",
    "give_notice",
    "hold_loans",
    "instructions_to_send",
    "keep_dry_run",
    "keep_file",
    "keep_mandate",
    "keep_refusal",
    "keep_standings",
    "make_instructions",
    "make_run",
    "match_bank_lines",
    "match_debit_returns",
    "match_debit_runs",
    "may_again",
    "name_neighbourhood",
    "notify",
    "offer_product",
    "open_returns",
    "pay_over",
    "prepare_moving_in",
    "preview",
    "preview_provisions",
    "preview_recovery",
    "preview_repayment",
    "preview_taking_back",
    "promise_impact",
    "propose",
    "propose_claim",
    "propose_specific_provision",
    "propose_waiver",
    "proposed_collections",
    "provide",
    "provide_at_month_end",
    "rebuild_projections",
    "rebuild_schedule",
    "receive_back",
    "record",
    "record_base_rate",
    "record_claim_paid",
    "record_funding",
    "record_grant_payment",
    "record_priority",
    "record_recovery",
    "record_repayment",
    "reverse_drawdown",
    "reverse_event",
    "reverse_repayment",
    "revise",
    "save_answer",
    "say_answer",
    "send_back",
    "send_return",
    "set_authority",
    "set_debits",
    "set_provision_rule",
    "show_neighbourhood",
    "some_of",
    "submit",
    "take_collection_back",
    "take_confirmation_back",
    "tell_standings_again",
    "tell_story",
    "withdraw_file",
    "withdraw_moving_in",
    "withdraw_proposal",
    "withdraw_run",
    "withdraw_story",
]
