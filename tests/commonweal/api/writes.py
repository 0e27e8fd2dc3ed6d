"""Every operation that changes something: where, by whom, and with which content it succeeds in the story."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from borrowers.domain.outcomes import Use
from borrowers.services import say_consents
from commonweal.access.models import Invitation
from commonweal.api.operations import Contract
from commonweal.api.urls import operations
from commonweal.documents.models import StatementRun
from commonweal.documents.runs import run_sha256
from commonweal.open_data.writing import written
from investors.models import (
    CapitalAct,
    CitrInvestment,
    FacilityTerms,
    ParticipationTransfer,
    Payout,
    ValueProxy,
)
from ledger.models import Book, PayeeDetails, PaymentFile
from ledger.queries import drafts
from ledger.services import draft_sha256
from loans.domain.moving_in.findings import Part
from loans.models import Application, DebitRun, Loan, LossProposal, MovingIn, Proposal, WaiverProposal
from loans.queries import asked_terms_sha256
from tests.builders import bank_file, make_user
from tests.commonweal.api.client import pounds_out
from tests.commonweal.api.story import CODE, Story
from tests.commonweal.open_data.deals import changed
from tests.loans.granted import make_grant, paying
from tests.moving_in import CUT_OVER_ON, many, sheets

BOOK = f"books/{CODE}/"
REPORT = """<BACSDocument><Data><ARUDD><Header currentProcessingDate="2026-11-20"/>
<ServiceLicenseInformation userNumber="{}"/></ARUDD></Data></BACSDocument>"""

GRANT = {
    "title": "Grant for the till",
    "description": "The half that is not paid back",
    "amount": {"amount": "5000.00", "currency": "GBP"},
    "awarded_on": "2026-11-20",
}
PRIORITY = {"text": "A warm room", "source": "A survey of 212 homes", "told_on": "2026-11-20"}
PLACES = {
    "effective_on": "2026-11-20",
    "source": "A visit",
    "places": [{"percent": 60, "area": "E01900001"}, {"percent": 40, "area": "E01900002", "name": "The mill"}],
}
LEFT_OPEN = {"later-provisions": "They were made for July", "year-end": "Carried with the next year"}


@dataclass(frozen=True)
class Write:
    """An operation with content that it accepts."""

    name: str
    path: str
    body: dict[str, Any]
    role: str = "manager"
    prepare: Callable[[], dict[str, Any]] | None = None
    """Makes what the content names besides, within the test."""

    def prepared(self) -> Write:
        """The same, with all that its content names."""
        return replace(self, body={**self.body, **self.prepare()}, prepare=None) if self.prepare else self


def contracts(method: str) -> dict[str, Contract]:
    """What the operations of a method promise, by name."""
    views = {str(pattern.name): vars(pattern.callback)["view_class"] for pattern in operations}
    found = {name: getattr(view, method.lower(), None) for name, view in views.items()}
    return {name: handler.contract for name, handler in found.items() if handler is not None}


def _proxies() -> list[Write]:
    """What a unit of an outcome is worth: another proposal, and decisions on the one that waits."""
    waiting = ValueProxy.objects.filter(book__code=CODE).get()
    at, shown = f"{BOOK}impact/proxies/{waiting.pk}/", {"sha256": waiting.content_sha256}
    proxy = {
        **dict.fromkeys(("deadweight", "others", "displacement", "drop_off"), "0.25"),
        "indicator": "second",
        "amount": {"amount": "120.00", "currency": "GBP"},
        "source": "Own study",
        "as_of": "2026-04-01",
        "valid_from": "2026-01-01",
        "valid_to": "2027-01-01",
    }
    return [
        Write("proxy-list", f"{BOOK}impact/proxies/", proxy),
        Write("proxy-approve", f"{at}approve/", shown),
        Write("proxy-decline", f"{at}decline/", {**shown, "reason": "Too much"}),
    ]


def _returns(story: Story) -> list[Write]:
    """A return whose first question is still to be answered, what may be shown, and a claim."""
    of = f"{BOOK}organisations/{story.ids['organisation']}/"
    answer = {"place": 1, "answer": "value", "value": "6", "shown_by": "record", "source": "Payroll"}
    claim = {"area": "work", "what": "First jobs in the village", "who": ["young"], "shown_by": ["people-in-work"]}
    note = {"name": "payroll.txt", "content_base64": base64.b64encode(b"Six people on the payroll").decode()}
    plan = {
        "questions": ["people-in-work", "second", "third"],
        "every_months": 12,
        "first_start": "2026-11-01",
        "due_days": 75,
        "consented": "Ann Lee, by telephone",
    }
    return [
        *_proxies(),
        Write("return-plan-list", f"{of}return-plans/", plan),
        Write("evidence-list", f"{of}readings/{story.ids['reading']}/evidence/", {"file": note}),
        Write("story-list", f"{of}stories/", {"title": "Warm", "text": "It is warm now."}, role="borrower"),
        Write("handover-note-list", f"{of}hand-over/", {"text": "Ann has the payroll."}, role="borrower"),
        Write(
            "coach-suggestions",
            f"{of}coach/suggestions/",
            {"area": "work", "who": ["young"], "records": ["payroll"]},
            role="borrower",
        ),
        Write("story-withdraw", f"{of}stories/{story.ids['story']}/withdraw/", {}, role="borrower"),
        Write("return-answer-list", f"{of}returns/{story.ids['impact_return']}/answers/", answer, role="borrower"),
        Write("return-send", f"{of}returns/{story.ids['answered_return']}/send/", {}, role="borrower"),
        Write("consent-list", f"{of}consents/", {"use": "named", "is_given": True}, role="borrower"),
        Write("claim-list", f"{of}claims/", claim),
    ]


def write(name: str, story: Story) -> Write:
    """One of them by its name."""
    return next(one for one in writes(story) if one.name == name).prepared()


def _agreed(key: Any) -> dict[str, str]:
    """What asks for a release, once the business of a loan agreed to be named."""
    loan = Loan.objects.get(pk=key)
    by = loan.application.prepared_by if loan.application else make_user()
    given = {Use.OPEN_DATA: True}
    say_consents(organisation=loan.organisation, given=given, on=loan.book.business_date, by=by)
    return {"standard": "sedl"}


def _paid_grant(key: Any) -> dict[str, int]:
    """A grant beside the loan, and an entry of two people that spent something."""
    loan = Loan.objects.get(pk=key)
    by = loan.application.prepared_by if loan.application else make_user()
    return {"grant": make_grant(loan, by=by).pk, "entry": paying(loan, "25.00", by=by).pk}


def writes(story: Story) -> list[Write]:
    """All of them; the paths and contents name what there is in the story."""
    ids = story.ids
    loan, application = f"{BOOK}loans/{ids['loan']}/", f"{BOOK}applications/{ids['application']}/"
    asked = {"amount": pounds_out("10000.00"), "annual_rate": "0.06", "months": 36, "first_due_on": "2027-02-01"}
    reason = {"reason": "Said once, read often"}
    return [
        Write("seal-list", f"{BOOK}seals/", {}),
        Write("entry-reverse", f"{BOOK}entries/{ids['entry']}/reverse/", {"on": "2026-11-20", **reason}),
        *_journals(story),
        *_moving_in(story),
        Write("year-end", f"{BOOK}year-end/", {"on": "2025-05-31"}),
        Write("period-close", f"{BOOK}periods/close/", {"through": "2025-05-31", "reasons": LEFT_OPEN}),
        Write("period-reopen", f"{BOOK}periods/reopen/", reason),
        Write("bank-import", f"{BOOK}bank-imports/", _file("bank.xml", BANK_FILE)),
        Write("bank-line-match", f"{BOOK}bank-lines/{ids['bank_line']}/match/", _shares(story)),
        Write("bank-line-match-preview", f"{BOOK}bank-lines/{ids['bank_line']}/match/preview/", _shares(story)),
        Write("bank-line-undo", f"{BOOK}bank-lines/{ids['matched_line']}/undo/", reason),
        Write("organisation-list", f"{BOOK}organisations/", ORGANISATION),
        Write("reading-list", f"{BOOK}organisations/{ids['organisation']}/readings/", READING),
        *_returns(story),
        Write("release-list", f"{BOOK}open-data/", {}, prepare=partial(_agreed, ids["loan"])),
        Write("deal-record-list", f"{BOOK}open-data/deals/", {"file": _file("deals.json", written(changed()))}),
        Write("deal-file-try", f"{BOOK}open-data/deals/try/", {"file": _file("deals.json", written(changed()))}),
        Write(
            "neighbourhood-list", f"{BOOK}neighbourhoods/", {"name": "Longtown", "areas": ["E01900002", "E01900003"]}
        ),
        Write(
            "neighbourhood-priority",
            f"{BOOK}neighbourhoods/{ids['neighbourhood']}/priorities/",
            {**PRIORITY, "replaces": ids["priority"]},
        ),
        Write(
            "neighbourhood-answer",
            f"{BOOK}neighbourhoods/{ids['neighbourhood']}/loans/",
            {"priority": ids["priority"], "loan": ids["loan"], "how": "A van"},
        ),
        Write("neighbourhood-showing", f"{BOOK}neighbourhoods/{ids['neighbourhood']}/page/", {"is_shown": True}),
        Write("places-record", f"{BOOK}organisations/{ids['organisation']}/places/record/", PLACES),
        Write("accounts-list", f"{BOOK}organisations/{ids['organisation']}/accounts/", ACCOUNTS),
        Write("file-list", f"{BOOK}organisations/{ids['organisation']}/files/", {"loan": ids["loan"], **DOCUMENT}),
        Write("person-end", f"{BOOK}people/{ids['people']['auditor']}/end/", {}),
        Write("invitation-list", f"{BOOK}invitations/", {"organisation": ids["organisation"], **BEN}),
        Write(
            "invitation-approve",
            f"{BOOK}invitations/{ids['invitation']}/approve/",
            {"sha256": Invitation.objects.get(pk=ids["invitation"]).content_sha256},
        ),
        Write("invitation-decline", f"{BOOK}invitations/{ids['invitation']}/decline/", {"reason": "Not of the bank"}),
        Write("payee-list", f"{BOOK}payees/", {"investor": "NRB", **ACCOUNT}),
        Write(
            "payee-confirm",
            f"{BOOK}payees/{ids['details']}/confirm/",
            {"sha256": PayeeDetails.objects.get(pk=ids["details"]).content_sha256, "how": "Called Jo"},
        ),
        Write("payee-decline", f"{BOOK}payees/{ids['details']}/decline/", {"how": "Nobody there knew of it"}),
        *_payments(story),
        Write("file-withdraw", f"files/{ids['file']}/withdraw/", reason),
        Write("indicator-list", "indicators/", INDICATOR),
        Write(
            "reading-confirm",
            f"{BOOK}organisations/{ids['organisation']}/readings/{ids['reading']}/confirm/",
            {"how": "Seen the payroll summary"},
        ),
        *_talk(story),
        Write("product-list", f"{BOOK}products/", PRODUCT),
        Write("product-version-list", f"{BOOK}products/{ids['product_id']}/versions/", NEXT_VERSION),
        Write("base-rate-index-list", f"{BOOK}base-rate-indexes/", {"code": "sonia", "name": "SONIA"}),
        Write(
            "base-rate-list",
            f"{BOOK}base-rate-indexes/{ids['index']}/rates/",
            {"effective_on": "2026-11-06", "annual_rate": "0.0375"},
        ),
        Write(
            "application-list",
            f"{BOOK}applications/",
            {**asked, "organisation": ids["organisation"], "product": ids["product"], "purpose": "A van"},
        ),
        Write("application-revise", f"{application}revise/", {**asked, "purpose": "A van"}),
        Write("application-submit", f"{BOOK}applications/{ids['draft_application']}/submit/", {}),
        Write("application-approve", f"{application}approve/", {**_terms(story), **reason}),
        Write("application-decline", f"{application}decline/", {**_terms(story), **reason}),
        Write("application-send-back", f"{application}send-back/", {**_terms(story), **reason}),
        Write("loan-event-reverse", f"{loan}events/{ids['event']}/reverse/", {"on": "2026-11-20", **reason}),
        Write("loan-target-list", f"{BOOK}loans/{ids['undrawn']}/targets/", TARGET),
        *_covenants(story),
        *_acts(story),
        *_losses(story),
        *_debits(story),
        Write("loan-participation-list", f"{BOOK}loans/{ids['undrawn']}/participations/", PARTICIPATIONS),
        *_sales(story),
        *_tax_relief(story),
        *_payouts(story),
        *_borrowed(story),
        *_capital(story),
        Write(
            "loan-draw-down",
            f"{BOOK}loans/{ids['undrawn']}/drawdowns/",
            {"amount": pounds_out("35000.00"), "on": "2025-05-12", "shortfall_reason": "The bank lends it overnight"},
        ),
        Write("loan-confirm-drawdown", f"{loan}drawdowns/confirm/", {"bank_line": ids["outgoing_line"]}),
        Write("loan-repay", f"{loan}repayments/", {"bank_line": ids["bank_line"]}),
        Write("investor-list", f"{BOOK}investors/", INVESTOR),
        Write(
            "contribution",
            f"{BOOK}contributions/",
            {"bank_line": ids["contribution_line"], "investor": "NRB", "amount": pounds_out("4000.00")},
        ),
        Write("statement-run-list", f"{BOOK}statement-runs/", {"period": "2025-Q3"}),
        *_statement_runs(story),
        Write("schedule-list", f"{BOOK}schedules/", {"name": "close_days", "is_on": True}),
        Write("pack-list", f"{BOOK}auditors-packs/", {"through": "2026-03-31"}),
        Write("job-cancel", f"jobs/{ids['job']}/cancel/", {}),
        Write("job-retry", f"jobs/{ids['failed_job']}/retry/", {}),
        Write("calculate-schedule", "calculators/schedule/", TERMS),
        Write("calculate-apr", "calculators/apr/", {**FLOWS, "basis": "dates", "method": "effective_annual"}),
        Write("calculate-irr", "calculators/irr/", {**FLOWS, "kind": "xirr"}),
        Write("calculate-day-count", "calculators/day-count/", DAYS),
    ]


def _shares(story: Story) -> dict[str, Any]:
    """A bank line shared among two."""
    parts = [{"purpose": "loan", "id": story.ids["loan"], "amount": pounds_out("600.00")}]
    return {"parts": [*parts, {"purpose": "interest", "amount": pounds_out("0.65")}]}


def _payments(story: Story) -> list[Write]:
    ids, files = story.ids, f"{BOOK}payment-files/"
    shown = {"sha256": PaymentFile.objects.get(pk=ids["payment_file"]).content_sha256}
    return [
        Write("payment-file-list", files, {"bank_account": "MAIN", "sources": [ids["to_pay"]]}),
        Write("payment-file-check", f"{files}{ids['payment_file']}/check/", shown),
        Write("payment-file-withdraw", f"{files}{ids['payment_file']}/withdraw/", {"reason": "The wrong day"}),
        Write("payment-file-take", f"{files}{ids['checked_file']}/take/", {}),
        Write("payment-refuse", f"{BOOK}payments/{ids['sent_payment']}/refuse/", {"reason": "The account is closed"}),
    ]


CONSENT = {
    "words": "The grant came in October",
    "answer_by": "2026-12-11",
    "majority": {"parts": 2, "of": 3},
}


def _covenants(story: Story) -> list[Write]:
    ids = story.ids
    loan = f"{BOOK}loans/{ids['loan']}/"
    covenant, reason = f"{loan}covenants/{ids['covenant']}/", {"reason": "The grant came in October"}
    broken = f"{loan}covenants/{ids['broken']}/"
    waiver = f"{covenant}waivers/{ids['waiver']}/"
    shown = {"content_sha256": WaiverProposal.objects.get(pk=ids["waiver"]).content_sha256}
    return [
        Write("covenant-list", f"{BOOK}loans/{ids['undrawn']}/covenants/", COVENANT),
        Write("covenant-end", f"{loan}covenants/{ids['kept']}/end/", {"ends_on": "2026-12-01", **reason}),
        Write("covenant-waive", f"{broken}waivers/", {"tested_on": "2026-09-30", **reason}),
        Write("waiver-consent", f"{waiver}consent/", CONSENT),
        Write("proposal-consent", f"{BOOK}proposals/{ids['proposal']}/consent/", CONSENT),
        Write(
            "lender-consent-answer", f"{BOOK}consents/{ids['consent']}/answers/", {"investor": "LOT", "agrees": True}
        ),
        Write("waiver-approve", f"{waiver}approve/", {**shown, **reason}),
        Write("waiver-decline", f"{waiver}decline/", {**shown, **reason}),
        Write("grant-list", f"{loan}grants/", GRANT),
        Write("grant-payment", f"{loan}grants/payments/", {}, prepare=partial(_paid_grant, ids["loan"])),
        Write("project-funding", f"{loan}project/funding/", FUNDING),
    ]


def _acts(story: Story) -> list[Write]:
    ids = story.ids
    loan, proposal = f"{BOOK}loans/{ids['loan']}/", f"{BOOK}proposals/{ids['proposal']}/"
    reason = {"reason": "The road was closed"}
    fee = {"event": "fee_charged", "amount": "25.00", "kind": "late"}
    pause = {"event": "holiday_granted", "instalments": 2, "interest": "paid"}
    waived = {"event": "waived", "amount": "40.00", "component": "interest"}
    shown = {"sha256": Proposal.objects.get(pk=ids["proposal"]).content_sha256}
    line = {"bank_line": ids["bank_line"]}
    settled, lost = f"{BOOK}loans/{ids['small']}/settlements/", f"{BOOK}loans/{ids['lost']}/recoveries/"
    return [
        Write("loan-act", f"{loan}acts/", {"event": fee, **reason}),
        Write("loan-act-preview", f"{loan}acts/preview/", {"event": waived, **reason}),
        Write(
            "loan-propose",
            f"{loan}proposals/",
            {"event": {**pause, "instalments": 3}, "request": ids["asked"], **reason},
            "officer",
        ),
        Write("proposal-approve", f"{proposal}approve/", {**shown, **reason}),
        Write("proposal-decline", f"{proposal}decline/", reason),
        Write("proposal-withdraw", f"{BOOK}proposals/{ids['own_proposal']}/withdraw/", {}, "officer"),
        Write("authority-list", f"{BOOK}authorities/", {"kind": "written_off", "limit": pounds_out("1000.00")}),
        Write("loan-event-reverse-preview", f"{loan}events/{ids['event']}/reverse/preview/", {"on": "2026-11-20"}),
        Write("loan-repay-preview", f"{loan}repayments/preview/", line),
        Write("loan-settle", settled, line),
        Write("loan-settle-preview", f"{settled}preview/", line),
        Write("loan-recover", lost, line),
        Write("loan-recover-preview", f"{lost}preview/", line),
    ]


def _losses(story: Story) -> list[Write]:
    ids = story.ids
    loan, loss = f"{BOOK}loans/{ids['loan']}/", f"{BOOK}loss-proposals/{ids['loss']}/"
    shown = {"sha256": LossProposal.objects.get(pk=ids["loss"]).content_sha256, "reason": "Said once, read often"}
    rule = {"effective_on": "2026-11-24", "percentages": PERCENTAGES, "reason": "The board's policy"}
    specific = {"kind": "specific", "amount": pounds_out("900.00"), "reason": "The roof leaks"}
    certified = {"parameters": ids["parameters"], "reference": "G-2", "on": "2026-11-20"}
    return [
        Write("loan-guarantee", f"{loan}guarantees/", certified, "officer"),
        Write(
            "loan-guarantor-money",
            f"{BOOK}loans/{ids['lost']}/guarantor-money/",
            {"bank_line": ids["bank_line"]},
        ),
        Write("loan-loss-propose", f"{loan}loss-proposals/", specific, "officer"),
        Write("loss-proposal-approve", f"{loss}approve/", shown),
        Write("loss-proposal-decline", f"{loss}decline/", shown),
        Write("scheme-list", f"{BOOK}guarantee-schemes/", SCHEME),
        Write("provision-rule-list", f"{BOOK}provisions/percentages/", rule),
        Write("provision-run-list", f"{BOOK}provisions/runs/", {"on": "2026-11-20"}),
    ]


def _debits(story: Story) -> list[Write]:
    ids = story.ids
    mandate, run = f"{BOOK}mandates/{ids['mandate']}/", f"{BOOK}debit-runs/{ids['debit_run']}/"
    shown = {"sha256": DebitRun.objects.get(pk=ids["debit_run"]).sha256}
    setting = {"scheme": "bacs", "effective_on": "2026-11-20", "bank_account": "MAIN", "identifier": "123456"}
    signed = {"scheme": "bacs", "signed_on": "2026-11-20", "loan": ids["undrawn"]}
    account = {"account_name": "Netherby Shop", "sort_code": "204512", "account_number": "12345678"}
    collect = {"mandate": ids["mandate"], "amount": pounds_out("50.00")}
    report = REPORT.format(ids["service_user"]).encode()
    return [
        Write("debit-setting-list", f"{BOOK}debit-settings/", {**setting, "creditor_name": "The fund"}),
        Write("mandate-list", f"{BOOK}mandates/", {**signed, **account}, "officer"),
        Write("mandate-change", f"{mandate}changes/", {"change": "confirmed", "who": "bank"}, "officer"),
        Write("mandate-tell", f"{mandate}notices/", {"collect_on": "2026-12-14", "amount": pounds_out("5.00")}),
        Write("mandate-stop", f"{mandate}stop/", {"words": "We pay by hand"}, "borrower"),
        Write(
            "debit-run-list",
            f"{BOOK}debit-runs/",
            {"scheme": "bacs", "collect_on": "2026-12-02", "collections": [collect]},
        ),
        Write("debit-instruct", f"{BOOK}debit-instructions/", {}),
        Write("debit-run-approve", f"{run}approve/", {**shown, "reason": "Looked at"}),
        Write("debit-run-decline", f"{run}decline/", {"reason": "Too early"}),
        Write("debit-run-withdraw", f"{run}withdraw/", {}, "finance"),
        Write(
            "debit-return",
            f"{BOOK}debit-collections/{ids['sent_line']}/return/",
            {"kind": "returned", "code": "0", "on": "2026-11-20"},
        ),
        Write("debit-challenge", f"{BOOK}debit-collections/{ids['claimed_line']}/challenge/", {"words": "Signed"}),
        Write("debit-advice", f"{BOOK}debit-advices/", _file("arudd.xml", report)),
    ]


def _talk(story: Story) -> list[Write]:
    loan = f"{BOOK}loans/{story.ids['loan']}/"
    messages = f"{BOOK}organisations/{story.ids['organisation']}/messages/"
    questions = f"{BOOK}investors/{story.ids['NRB']}/messages/"
    step = {"next_step": "Call again", "next_step_on": "2026-11-27", "settles": story.ids["contact"]}
    said = {"kind": "call", "on": "2026-11-23", "with_whom": "Jo", "said": "A quiet month", "promised_on": "2026-12-10"}
    return [
        Write("message-list", messages, {"text": "We have looked at it."}),
        Write("messages-read", f"{messages}read/", {}),
        Write("investor-message-list", questions, {"text": "Is it there?", "topic": "document"}, "investor"),
        Write("investor-messages-read", f"{questions}read/", {}),
        Write("investor-contact-list", f"{BOOK}investors/{story.ids['NRB']}/contacts/", said_of_ann()),
        Write(
            "investor-contact-end",
            f"{BOOK}investors/{story.ids['NRB']}/contacts/{story.ids['investor_contact']}/end/",
            {},
        ),
        Write(
            "participation-certificate",
            f"{BOOK}investors/{story.ids['NRB']}/certificates/",
            {"loan": story.ids["loan"], "is_anonymous": True},
        ),
        Write("contact-list", f"{loan}contacts/", {**said, **step}),
        Write("loan-worry", f"{loan}worries/", {"worry": "late", "pay_on": "2026-12-10", "words": "Wet"}, "borrower"),
        Write("request-list", f"{loan}requests/", {"kind": "new_terms", "payments": 12}, "borrower"),
        Write("request-withdraw", f"{loan}requests/{story.ids['asked']}/withdraw/", {}, "borrower"),
        Write("letter-choice-list", "letter-choices/", {"kind": "due_week", "is_wanted": False}),
        Write("calendar-list", "calendars/", {"label": "My phone"}, "borrower"),
        Write("calendar-revoke", f"calendars/{story.ids['calendar']}/revoke/", {}, "borrower"),
    ]


def said_of_ann() -> dict[str, Any]:
    """A person at the bank, in place of nobody."""
    return {"name": "Ann", "role": "finance", "email": "ann@bank.example", "phone": "01632", "gets_notices": True}


def _journals(story: Story) -> list[Write]:
    draft = f"{BOOK}journals/{story.ids['draft']}/"
    sha256 = draft_sha256(drafts_of_story().get(pk=story.ids["draft"]))
    return [
        Write("journal-list", f"{BOOK}journals/", journal()),
        Write("journal-post", f"{draft}post/", {"sha256": sha256}),
        Write("journal-withdraw", f"{draft}withdraw/", {}),
    ]


def _moving_in(story: Story) -> list[Write]:
    path = f"{BOOK}moving-ins/"
    files = [
        {"sheet": Part(part).name.lower(), **_file(one.name, one.content)} for part, one in sheets(many(2)).items()
    ]
    found = MovingIn.objects.get(pk=story.ids["moving_in"])
    return [
        Write("moving-in-list", path, {"cut_over_on": CUT_OVER_ON.isoformat(), "files": files}),
        Write("moving-in-confirm", f"{path}{found.pk}/confirm/", {"sha256": found.content_sha256}),
        Write("moving-in-withdraw", f"{path}{found.pk}/withdraw/", {}),
    ]


def drafts_of_story() -> Any:
    """The manual journals of the story's book."""
    return drafts(Book.objects.get(code=CODE))


def journal(**changes: Any) -> dict[str, Any]:
    """A manual journal that balances, with any of its parts changed."""
    lines = [
        {"account": "5030", "debit": pounds_out("25.00")},
        {"account": "3010", "credit": pounds_out("25.00")},
    ]
    attachment = _file("note.txt", b"Bank charges of October")
    given = {"on": "2026-10-31", "narrative": "Bank charges", "lines": lines, "attachment": attachment}
    return {**given, **changes}


def _terms(story: Story) -> dict[str, str]:
    application = Application.objects.get(pk=story.ids["application"])
    return {"terms_sha256": asked_terms_sha256(application)}


def _file(name: str, content: bytes) -> dict[str, str]:
    return {"name": name, "content_base64": base64.b64encode(content).decode()}


BANK_FILE = bank_file((date(2025, 9, 1), "676.65", "HH-0108"), identification="GB33BUKB20201555555555")
ORGANISATION = {
    "name": "Rosie's Community Bakery CIC",
    "legal_form": "cic",
    "company_number": "01234567",
    "charity_number": "",
    "society_number": "",
    "address_line_1": "1 Mill Street",
    "address_line_2": "",
    "place": "Wharfe",
    "postcode": "LS29 8AB",
    "region": "Yorkshire and the Humber",
    "small_area_code": "E01010646",
}
READING = {
    "indicator": "people-in-work",
    "period_start": "2024-10-01",
    "period_end": "2025-10-01",
    "value": "5.5",
    "grade": "B",
    "evidence": "Payroll summary",
    "verifier": "Ruth Calder",
    "parts": [{"group": "women", "value": "3"}],
}
ACCOUNTS = {
    "kind": "management",
    "period_start": "2026-04-01",
    "period_end": "2026-07-01",
    "figures": {"income": pounds_out("31000.00"), "net_assets": pounds_out("-500.00")},
}
BEN = {"email": "ben.lee@shop.example", "name": "Ben Lee", "role": "acts"}
ACCOUNT = {"account_name": "Netherby Shop", "sort_code": "60-16-13", "account_number": "31926819"}
DOCUMENT = {"kind": "governing", "file": _file("rules.txt", b"The rules of the society")}
INDICATOR = {
    "code": "volunteer-hours",
    "name": "Volunteer hours",
    "unit": "hours",
    "direction": "increase",
    "question": "How many hours did volunteers give?",
    "measure": "flow",
    "adds_up": "sum",
    "least": "0",
    "decimals": 1,
    "area": "citizenship",
    "groups": ["young", "older"],
    "iris_id": "OI1166",
    "iris_version": "5.3",
    "sdg_targets": ["17.17"],
}
PRODUCT = {
    "code": "growth-loan",
    "name": "Growth loan",
    "min_amount": pounds_out("1000.00"),
    "max_amount": pounds_out("50000.00"),
    "annual_rate": "0.065",
    "min_months": 6,
    "max_months": 60,
    "day_count": "30e/360",
    "calendar": "GB-SCT",
    "payment_prefix": "HG",
}
NEXT_VERSION = {
    "effective_on": "2027-01-01",
    "min_amount": pounds_out("1000.00"),
    "max_amount": pounds_out("80000.00"),
    "annual_rate": "0.07",
    "min_months": 6,
    "max_months": 60,
    "amortisation": "equal_principal",
    "every": "3M",
    "interest_only_periods": 4,
    "months_without": [1],
    "allocation": {"components": ["interest", "principal", "fee", "default interest"], "instalments": "across"},
    "prepayment": "shorter term",
    "default_interest": {"annual_rate": "0.08", "grace_days": 7},
    "fees": [{"kind": "arrangement", "share": "0.02", "settlement": "deducted"}],
}
PERCENTAGES = {"current": "0", "1-30": "0.05", "31-60": "0.2", "61-90": "0.35", "over-90": "0.5", "non-accrual": "1"}
SCHEME = {
    "code": "other",
    "name": "Another scheme",
    "source": "Its guide, page 4",
    "effective_on": "2026-01-01",
    "share": "0.7",
    "recovery_share": "0.7",
    "least": pounds_out("1000.00"),
    "most": pounds_out("2000000.00"),
    "max_months": 72,
    "claim_after_days": 90,
}
TARGET = {
    "indicator": "people-in-work",
    "baseline": "4",
    "baseline_on": "2025-04-01",
    "target": "7",
    "target_by": "2027-04-01",
}
COVENANT = {
    "kind": "debt_service_cover",
    "threshold": "1.2",
    "first_test_on": "2026-09-30",
    "every_months": 6,
    "over_months": 12,
    "near_margin": "0.15",
    "due_days": 60,
    "reason": "As in the offer",
}


def _statement_runs(story: Story) -> list[Write]:
    """The run of statements that waits: published, and declined."""
    waiting = StatementRun.objects.get(pk=story.ids["statement_run"])
    path = f"{BOOK}statement-runs/{waiting.pk}/"
    shown = {"sha256": run_sha256(waiting), "reason": "Looked at three of them"}
    return [
        Write("statement-run-publish", f"{path}publish/", shown),
        Write("statement-run-decline", f"{path}decline/", shown),
    ]


def _capital(story: Story) -> list[Write]:
    """An act that waits, a call that is proposed, and money put to one."""
    at, waiting = f"{BOOK}capital/", CapitalAct.objects.get(pk=story.ids["waiting_capital"])
    shown = {"sha256": waiting.content_sha256, "reason": "As the deed has it"}
    call = {"call": {"classes": ["SENIOR"], "amount": pounds_out("500.00"), "due_on": "2026-12-01"}}
    paid = {"fund_class": "SENIOR", "investor": "OAK", "amount": pounds_out("50.00")}
    return [
        Write("capital-act-list", f"{at}acts/", {**call, "effective_on": "2026-11-20", "reason": "For the mill"}),
        Write("capital-act-preview", f"{at}acts/preview/", call),
        Write("capital-pay-in", f"{at}payments/", paid),
        Write("capital-act-notices", f"{at}acts/{story.ids['called']}/notices/", {}),
        Write("capital-act-approve", f"{at}acts/{waiting.pk}/approve/", shown),
        Write("capital-act-decline", f"{at}acts/{waiting.pk}/decline/", shown),
    ]


def _sales(story: Story) -> list[Write]:
    """The sale of a part that waits: looked at, proposed again, and decided."""
    waiting = ParticipationTransfer.objects.get(pk=story.ids["transfer"])
    sale = {"seller": "NRB", "buyer": "OAK", "amount": pounds_out("7000.00")}
    sale["effective_on"] = waiting.effective_on.isoformat()
    loan, one = f"{BOOK}loans/{story.ids['loan']}/transfers/", f"{BOOK}transfers/{waiting.pk}/"
    shown = {"sha256": waiting.content_sha256, "reason": "Agreed by both"}
    return [
        Write("transfer-list", loan, {**sale, "paid_how": "directly", "reason": waiting.reason}),
        Write("transfer-preview", f"{loan}preview/", sale),
        Write("transfer-approve", f"{one}approve/", shown),
        Write("transfer-decline", f"{one}decline/", shown),
    ]


def _tax_relief(story: Story) -> list[Write]:
    """A scheme, an investment with a repayment, and its certificate, which a colleague proposed."""
    one = CitrInvestment.objects.get(pk=story.ids["investment"])
    here, tax = f"{BOOK}tax-relief/investments/{one.pk}/", f"{BOOK}tax-relief/"
    days = {"starts_on": "2028-01-01", "ends_on": "2031-01-01"}
    accreditation = {"kind": "retail", "applied_for": pounds_out("500000.00"), "reference": "CDFI-2028-003", **days}
    invested = {"investor": "TST", "kind": "shares", "committed": pounds_out("5000.00"), "invested_on": "2025-03-03"}
    shown = {"sha256": one.certificates.get().content_sha256, "reason": "Checked against the agreement"}
    period, repaid = one.certificates.get().period_id, one.movements.get(kind="repayment").pk
    ended = {"ended_by": "disposed", "on": "2026-11-20", "reason": "Sold"}
    return [
        Write("tax-accreditation-list", f"{tax}accreditations/", accreditation),
        Write("tax-loan-list", f"{tax}loans/", {"loan": story.ids["loan"], "case": 3, "reason": "Its members"}),
        Write("tax-investment-list", f"{tax}investments/", invested),
        Write(
            "tax-movement-list",
            f"{here}movements/",
            {"kind": "repayment", "on": "2026-10-01", "amount": pounds_out("500.00")},
        ),
        Write("tax-movement-take-back", f"{here}movements/take-back/", {"movement": repaid, "reason": "Another's"}),
        Write("tax-certificate-propose", f"{here}certificate/", {}),
        Write("tax-certificate-issue", f"{here}certificate/issue/", shown),
        Write("tax-certificate-decline", f"{here}certificate/decline/", shown),
        Write("tax-investment-end", f"{here}end/", ended),
        Write("tax-statement-run", f"{tax}statements/", {"tax_year": "2025-26"}),
        Write(
            "tax-accreditation-lose",
            f"{tax}accreditations/lose/",
            {"accreditation": period, "on": "2026-11-20", "reason": "Not enough lent on"},
        ),
    ]


def _payouts(story: Story) -> list[Write]:
    """The payout that waits: proposed again and decided; the one before it taken back; and what is said of tax."""
    waiting = Payout.objects.get(pk=story.ids["payout"])
    approved = Payout.objects.exclude(pk=waiting.pk).get()
    pay = {"investor": "OAK", "amount": pounds_out("20.00")}
    one, shown = f"{BOOK}payouts/{waiting.pk}/", {"sha256": waiting.content_sha256, "reason": "As agreed"}
    tax = {"effective_on": "2026-11-01", "rate": "0.2", "reason": "An individual"}
    return [
        Write("payout-list", f"{BOOK}payouts/", {"reason": waiting.reason, "investors": [pay]}),
        Write("payout-approve", f"{one}approve/", shown),
        Write("payout-decline", f"{one}decline/", shown),
        Write("payout-notices", f"{BOOK}payouts/{approved.pk}/notices/", {}),
        Write("payout-take-back", f"{BOOK}payouts/{approved.pk}/take-back/", {"lines": [1], "reason": "It waits"}),
        Write("investor-tax-list", f"{BOOK}investors/{story.ids['OAK']}/tax/", tax),
    ]


def _borrowed(story: Story) -> list[Write]:
    """What is borrowed: agreed, drawn, repaid, and its waiting terms decided."""
    ids, on = story.ids, Book.objects.get(code=CODE).business_date.isoformat()
    here = f"{BOOK}borrowings/{ids['facility']}/"
    waiting = FacilityTerms.objects.get(facility=ids["facility"], version=ids["version"])
    shown = {"sha256": waiting.content_sha256, "reason": "As the bank wrote"}
    worth = {"amount": pounds_out("100.00"), "on": on}
    reason = {"reason": "The bank’s letter"}
    return [
        Write("facility-list", f"{BOOK}borrowings/", {**AGREED, "lender": "NRB"}),
        Write("facility-preview", f"{here}preview/", {**worth, "act": "repay"}),
        Write("facility-draw", f"{here}draws/", {"bank_line": ids["lenders_line"]}),
        Write("facility-repay", f"{here}repayments/", worth),
        Write("facility-rate", f"{here}rates/", {"annual_rate": "0.06", "on": on, **reason}),
        Write("facility-fee", f"{here}fees/", {**worth, **reason}),
        Write("facility-take-back", f"{here}take-back/", {"number": 1, "on": on, **reason}),
        Write("facility-terms-list", f"{here}terms/", TERMS_THAT_WAIT),
        Write("facility-terms-approve", f"{here}terms/2/approve/", shown),
        Write("facility-terms-decline", f"{here}terms/2/decline/", shown),
    ]


AGREED = {
    "reference": "NRB/2026/18",
    "effective_on": "2026-11-20",
    "available_until": "2027-11-20",
    "amount": pounds_out("20000.00"),
    "annual_rate": "0.055",
    "amortisation": "annuity",
    "every": "3M",
    "first_due_on": "2027-01-05",
    "instalments": 8,
    "day_count": "actual/365f",
    "advance_rate": "0.8",
    "reason": "To lend more",
}
TERMS_THAT_WAIT = {
    "reference": "NRB/2026/17A",
    "effective_on": "2026-11-23",
    "available_until": "2027-11-23",
    "security": "A charge over the loans of the fund",
    "amount": pounds_out("60000.00"),
    "annual_rate": "0.055",
    "amortisation": "annuity",
    "every": "1M",
    "first_due_on": "2027-01-05",
    "instalments": 60,
    "day_count": "30e/360",
    "advance_rate": "0.8",
    "arrears_share": "0.25",
    "interest_cover": "1.25",
    "minimum_cash": pounds_out("2500.00"),
    "reason": "Longer",
}
"""The terms that wait, so that asking for them again gives them."""


FUNDING = {
    "funder": "Members",
    "kind": "equity",
    "amount": pounds_out("8000.00"),
    "status": "received",
    "status_on": "2025-04-01",
    "note": "Share offer",
}
PARTICIPATIONS = {
    "effective_on": "2025-05-01",
    "participations": [
        {"investor": "NRB", "rank": 1, "amount": pounds_out("25000.00")},
        {"investor": "LOT", "rank": 2, "amount": pounds_out("10000.00")},
    ],
}
INVESTOR = {
    "code": "HIL",
    "name": "Hilltop Foundation",
    "kind": "foundation",
    "registered_number": "1177001",
}
TERMS = {
    "id": "corner shop",
    "principal": "35000.00",
    "drawn_on": "2025-05-01",
    "annual_rate": "0.06",
    "amortisation": "annuity",
    "day_count": "30e/360",
    "principal_due": {"first": "2025-06-01", "every": "1M"},
    "instalments": 60,
    "business_days": {"convention": "following", "interest": "adjusted", "calendar": "GB-ENG"},
    "rate_changes": [{"on": "2026-06-01", "annual_rate": "0.065"}],
    "rounding": {"decimals": 2},
}
FLOWS = {"id": 1, "flows": [["2026-01-15", "-1000"], ["2027-01-15", "1080"]]}
DAYS = {"id": None, "convention": "30e/360", "start": "2026-01-31", "end": "2026-07-31"}
