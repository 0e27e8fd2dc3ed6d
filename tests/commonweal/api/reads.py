"""Every operation that reads: where it finds something in the story, and by what it can be narrowed."""

from __future__ import annotations

from typing import Any

from tests.commonweal.api.story import CODE, Story

BOOK = f"books/{CODE}/"
NEEDED = {
    "debit-due-list": {"on": "2026-12-01"},
    "period-readiness": {"through": "2025-05-31"},
    "loan-paying-more": {"amount": "1000.00"},
}
"""The query without which an operation does not answer."""

READERS = {"calendar-list": "borrower"}
"""Who reads what is not the manager's."""


def reader(name: str) -> str:
    """The role of somebody who may read it."""
    return READERS.get(name, "manager")


def reads(story: Story) -> dict[str, str]:
    """The path of each, by the operation's name."""
    ids = story.ids
    loan, investor = f"{BOOK}loans/{ids['loan']}/", f"{BOOK}investors/{ids['NRB']}/"
    return {
        "book-list": "books/",
        "book": BOOK,
        "chart": f"{BOOK}chart/",
        "account-list": f"{BOOK}accounts/",
        "account": f"{BOOK}accounts/{ids['account']}/",
        "trial-balance": f"{BOOK}trial-balance/",
        "fund-accounts": f"{BOOK}fund-accounts/",
        "fund-accounts-download": f"{BOOK}fund-accounts/download/",
        "seal-list": f"{BOOK}seals/",
        "entry-list": f"{BOOK}entries/",
        "entry": f"{BOOK}entries/{ids['entry']}/",
        "journal-list": f"{BOOK}journals/",
        "journal": f"{BOOK}journals/{ids['draft']}/",
        "journal-attachment": f"{BOOK}journals/{ids['draft']}/attachment/",
        "moving-in-list": f"{BOOK}moving-ins/",
        "moving-in": f"{BOOK}moving-ins/{ids['moving_in']}/",
        "moving-in-finding-list": f"{BOOK}moving-ins/{ids['failed_moving_in']}/findings/",
        "period-list": f"{BOOK}periods/",
        "period-readiness": f"{BOOK}periods/readiness/",
        "bank-account-list": f"{BOOK}bank-accounts/",
        "bank-line-list": f"{BOOK}bank-lines/",
        "bank-line-suggestions": f"{BOOK}bank-lines/suggestions/",
        "bank-reconciliation": f"{BOOK}bank-accounts/{ids['bank']}/reconciliation/",
        "organisation-list": f"{BOOK}organisations/",
        "organisation": f"{BOOK}organisations/{ids['organisation']}/",
        "reading-list": f"{BOOK}organisations/{ids['organisation']}/readings/",
        "return-list": f"{BOOK}organisations/{ids['organisation']}/returns/",
        "return-answer-list": f"{BOOK}organisations/{ids['organisation']}/returns/{ids['answered_return']}/answers/",
        "consent-list": f"{BOOK}organisations/{ids['organisation']}/consents/",
        "claim-list": f"{BOOK}organisations/{ids['organisation']}/claims/",
        "accounts-list": f"{BOOK}organisations/{ids['organisation']}/accounts/",
        "payee-list": f"{BOOK}payees/",
        "payee": f"{BOOK}payees/{ids['details']}/",
        "payment-to-make-list": f"{BOOK}payments/to-make/",
        "payment-list": f"{BOOK}payments/",
        "payment-file-list": f"{BOOK}payment-files/",
        "payment-file": f"{BOOK}payment-files/{ids['payment_file']}/",
        "file-list": f"{BOOK}organisations/{ids['organisation']}/files/",
        "file": f"files/{ids['file']}/",
        "file-download": f"files/{ids['file']}/download/",
        "message-list": f"{BOOK}organisations/{ids['organisation']}/messages/",
        "contact-list": f"{loan}contacts/",
        "next-step-list": f"{BOOK}next-steps/",
        "letter-list": f"{BOOK}letters/",
        "letter-choice-list": "letter-choices/",
        "calendar-list": "calendars/",
        "indicator-list": "indicators/",
        "product-list": f"{BOOK}products/",
        "product": f"{BOOK}products/{ids['product_id']}/",
        "base-rate-index-list": f"{BOOK}base-rate-indexes/",
        "base-rate-list": f"{BOOK}base-rate-indexes/{ids['index']}/rates/",
        "application-list": f"{BOOK}applications/",
        "application": f"{BOOK}applications/{ids['loan_application']}/",
        "portfolio": f"{BOOK}portfolio/",
        "arrears-list": f"{BOOK}arrears/",
        "loan-list": f"{BOOK}loans/",
        "loan": loan,
        "loan-schedule": f"{loan}schedule/",
        "loan-event-list": f"{loan}events/",
        "proposal-list": f"{BOOK}proposals/",
        "proposal": f"{BOOK}proposals/{ids['proposal']}/",
        "loan-loss": f"{loan}losses/",
        "loss-proposal-list": f"{BOOK}loss-proposals/",
        "loss-proposal": f"{BOOK}loss-proposals/{ids['loss']}/",
        "debit-setting-list": f"{BOOK}debit-settings/",
        "mandate-list": f"{BOOK}mandates/",
        "mandate": f"{BOOK}mandates/{ids['mandate']}/",
        "debit-due-list": f"{BOOK}debits-due/",
        "debit-run-list": f"{BOOK}debit-runs/",
        "debit-run": f"{BOOK}debit-runs/{ids['debit_run']}/",
        "debit-run-file": f"{BOOK}debit-runs/{ids['sent_run']}/file/",
        "scheme-list": f"{BOOK}guarantee-schemes/",
        "provision-list": f"{BOOK}provisions/",
        "provision-totals": f"{BOOK}provisions/totals/",
        "provision-rule-list": f"{BOOK}provisions/percentages/",
        "provision-run-list": f"{BOOK}provisions/runs/",
        "authority-list": f"{BOOK}authorities/",
        "loan-quote": f"{loan}quote/",
        "loan-quote-download": f"{loan}quote/download/",
        "loan-paying-more": f"{loan}paying-more/",
        "request-list": f"{loan}requests/",
        "loan-target-list": f"{loan}targets/",
        "covenant-watch": f"{BOOK}covenants/",
        "covenant-list": f"{loan}covenants/",
        "project": f"{loan}project/",
        "loan-participation-list": f"{loan}participations/",
        "transfer-list": f"{loan}transfers/",
        "transfer": f"{BOOK}transfers/{ids['transfer']}/",
        "tax-accreditation-list": f"{BOOK}tax-relief/accreditations/",
        "tax-onward": f"{BOOK}tax-relief/onward/",
        "tax-loan-list": f"{BOOK}tax-relief/loans/",
        "tax-investment-list": f"{BOOK}tax-relief/investments/",
        "tax-investment": f"{BOOK}tax-relief/investments/{ids['investment']}/",
        "tax-movement-list": f"{BOOK}tax-relief/investments/{ids['investment']}/movements/",
        "investor-tax-relief": f"{BOOK}investors/{ids['NRB']}/tax-relief/",
        "payout-list": f"{BOOK}payouts/",
        "payout-held": f"{BOOK}payouts/held/",
        "payout": f"{BOOK}payouts/{ids['payout']}/",
        "investor-payout-list": f"{BOOK}investors/{ids['OAK']}/payouts/",
        "investor-interest": f"{BOOK}investors/{ids['OAK']}/interest/",
        "investor-tax-list": f"{BOOK}investors/{ids['OAK']}/tax/",
        "facility-list": f"{BOOK}borrowings/",
        "borrowing-ladder": f"{BOOK}borrowings/ladder/",
        "facility": f"{BOOK}borrowings/{ids['facility']}/",
        "facility-schedule": f"{BOOK}borrowings/{ids['facility']}/schedule/",
        "facility-event-list": f"{BOOK}borrowings/{ids['facility']}/events/",
        "facility-test-list": f"{BOOK}borrowings/{ids['facility']}/tests/",
        "facility-terms-list": f"{BOOK}borrowings/{ids['facility']}/terms/",
        "capital-class-list": f"{BOOK}capital/classes/",
        "capital-fee-list": f"{BOOK}capital/fee-agreements/",
        "capital-register": f"{BOOK}capital/register/",
        "capital-standing": f"{BOOK}capital/standing/",
        "capital-grant-list": f"{BOOK}capital/grants/",
        "capital-act-list": f"{BOOK}capital/acts/",
        "capital-act": f"{BOOK}capital/acts/{ids['capital_act']}/",
        "investor-list": f"{BOOK}investors/",
        "investor": investor,
        "holding-list": f"{investor}holdings/",
        "coming-back-list": f"{investor}coming-back/",
        "investor-message-list": f"{investor}messages/",
        "investor-contact-list": f"{investor}contacts/",
        "investor-interest-download": f"{investor}interest/2025/download/",
        "investor-arrears": f"{investor}arrears/",
        "loan-tape": f"{investor}loan-tape/",
        "loan-tape-download": f"{investor}loan-tape/download/",
        "statement-run-list": f"{BOOK}statement-runs/",
        "statement-run": f"{BOOK}statement-runs/{ids['statement_run']}/",
        "prepared-list": f"{BOOK}statement-runs/{ids['statement_run']}/statements/",
        "prepared-download": f"{BOOK}statement-runs/{ids['statement_run']}/statements/{ids['prepared']}/download/",
        "pack-list": f"{BOOK}auditors-packs/",
        "pack-download": f"{BOOK}auditors-packs/{ids['pack']}/download/",
        "document-list": "documents/",
        "document": f"documents/{ids['document']}/",
        "document-download": f"documents/{ids['document']}/download/",
        "schedule-list": f"{BOOK}schedules/",
        "job-list": "jobs/",
        "job": f"jobs/{ids['job']}/",
    }


def read_by(role: str, name: str, story: Story) -> str:
    """The path as somebody of a role finds something of their own there."""
    own: dict[tuple[str, str], Any] = {
        ("investor", "document"): f"documents/{story.ids['investor_document']}/",
        ("investor", "document-download"): f"documents/{story.ids['investor_document']}/download/",
        ("investor", "investor-payout-list"): f"{BOOK}investors/{story.ids['NRB']}/payouts/",
        ("investor", "investor-interest"): f"{BOOK}investors/{story.ids['NRB']}/interest/",
        ("investor", "investor-tax-list"): f"{BOOK}investors/{story.ids['NRB']}/tax/",
    }
    found: str = own.get((role, name)) or reads(story)[name]
    return found
