"""What is done for and with investors, by the verbs that its users use."""

from investors.services.apportionment import apportion, apportion_book
from investors.services.borrowing_acts import (
    BorrowingPreview,
    change_facility_rate,
    charge_facility_fee,
    confirm_facility_repayment,
    draw_facility,
    preview_borrowing,
    repay_facility,
    reverse_borrowing_event,
    take_repayment_confirmation_back,
)
from investors.services.borrowing_close import (
    accrue_borrowings,
    borrowings_behind,
    keep_covenant_tests,
    post_borrowings_due,
)
from investors.services.borrowings import (
    approve_facility_terms,
    decline_facility_terms,
    propose_facility,
    propose_terms,
)
from investors.services.capital import approve_act, decline_act, pay_in, propose_act
from investors.services.citr import (
    InvestmentTerms,
    end_citr_investment,
    record_citr_investment,
    record_citr_movement,
    take_back_citr_movement,
)
from investors.services.citr_certificates import approve_certificate, decline_certificate, propose_certificate
from investors.services.citr_scheme import lose_accreditation, mark_loan, record_accreditation
from investors.services.consents import answer_consent, ask_consent, refuse_without_consent
from investors.services.contacts import Particulars, end_contact, keep_contact
from investors.services.contributions import receive_contribution, reverse_contribution
from investors.services.held_money import one_spends_held_money
from investors.services.investors import register_investor
from investors.services.matching import match_contributions, payment_reference
from investors.services.participations import open_cash_account, set_participations
from investors.services.payouts import (
    approve_payout,
    decline_payout,
    hold_held_money,
    propose_payout,
    put_back,
    take_payout_back,
)
from investors.services.tax import say_tax_treatment
from investors.services.transfers import approve_transfer, decline_transfer, propose_transfer
from investors.services.value import ProxyTerms, approve_proxy, decline_proxy, propose_proxy

__all__ = [
    "BorrowingPreview",
    "InvestmentTerms",
    "Particulars",
    "ProxyTerms",
    "accrue_borrowings",
    "answer_consent",
    "apportion",
    "apportion_book",
    "approve_act",
    "approve_certificate",
    "approve_facility_terms",
    "approve_payout",
    "approve_proxy",
    "approve_transfer",
    "ask_consent",
    "borrowings_behind",
    "change_facility_rate",
    "charge_facility_fee",
    "confirm_facility_repayment",
    "decline_act",
    "decline_certificate",
    "decline_facility_terms",
    "decline_payout",
    "decline_proxy",
    "decline_transfer",
    "draw_facility",
    "end_citr_investment",
    "end_contact",
    "hold_held_money",
    "keep_contact",
    "keep_covenant_tests",
    "lose_accreditation",
    "mark_loan",
    "match_contributions",
    "one_spends_held_money",
    "open_cash_account",
    "pay_in",
    "payment_reference",
    "post_borrowings_due",
    "preview_borrowing",
    "propose_act",
    "propose_certificate",
    "propose_facility",
    "propose_payout",
    "propose_proxy",
    "propose_terms",
    "propose_transfer",
    "put_back",
    "receive_contribution",
    "record_accreditation",
    "record_citr_investment",
    "record_citr_movement",
    "refuse_without_consent",
    "register_investor",
    "repay_facility",
    "reverse_borrowing_event",
    "reverse_contribution",
    "say_tax_treatment",
    "set_participations",
    "take_back_citr_movement",
    "take_payout_back",
    "take_repayment_confirmation_back",
]
