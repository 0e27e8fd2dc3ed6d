"""What another fund's things are answered with inside a body that is right in every other respect.

Each case is first sent as it stands, with one's own things, and must be taken; then with one of them replaced by the
other fund's, and must be refused like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from commonweal.access.checks import addresses
from commonweal.access.table import TABLE
from tests.commonweal.access.conftest import Funds
from tests.commonweal.access.fields import body_fields
from tests.commonweal.access.people import Answer, ask
from tests.commonweal.access.world import TELLTALE, Fund

TERMS = {"annual_rate": "0.06", "months": 60, "first_due_on": "2027-01-01", "purpose": "A shop"}
POUNDS = {"amount": "20000.00", "currency": "GBP"}
ON_FORM = {"amount": "20,000.00", "annual_rate": "6", "months": "60", "first_due_on": "2027-01-01", "purpose": "A shop"}
FIGURE = {"indicator": "people-in-work", "period_start": "2025-10-01", "period_end": "2026-10-01", "value": "7"}
QUARTER = {
    "kind": "management",
    "period_start": "2026-07-01",
    "period_end": "2026-10-01",
    "figures": {"income": POUNDS},
    "reason": "A bill came late",
}
PART = {"funder": "Fund", "kind": "grant", "amount": POUNDS, "status": "received", "status_on": "2026-11-20"}
NOTE = {"name": "note.txt", "content_base64": "Tm90ZQ=="}
SAID = {"kind": "call", "on": "2026-11-20", "said": "They will pay on Friday"}
ACCOUNT = {"account_name": "Netherby Shop", "sort_code": "60-16-13", "account_number": "31926819"}
SIGNED = {"scheme": "bacs", "signed_on": "2026-11-20"}
SALE = {"amount": {"amount": "1000.00", "currency": "GBP"}, "effective_on": "2026-11-23"}
COMMITTED = {"fund_class": "SENIOR", "amount": "100.00", "on": "2026-11-23", "words": "As agreed"}
BORROWED_ON_FORM = {
    "reference": "NRB/2026/17",
    "effective_on": "2026-11-20",
    "available_until": "2027-11-20",
    "amount": "20,000.00",
    "annual_rate": "5.5",
    "amortisation": "annuity",
    "every": "1M",
    "first_due_on": "2027-01-05",
    "instalments": "8",
    "interest_only_periods": "0",
    "day_count": "actual/365f",
    "days_late": "60",
    "reason": "To lend more",
}
BORROWED = BORROWED_ON_FORM | {
    "amount": {"amount": "20000.00", "currency": "GBP"},
    "annual_rate": "0.055",
    "instalments": 8,
    "interest_only_periods": 0,
    "days_late": 60,
}
SALE_ON_FORM = {"amount": "1,000.00", "on": "2026-11-23", "paid_how": "held", "reason": "It lends less"}
INVESTED = {"kind": "shares", "committed": POUNDS, "invested_on": "2025-03-03"}
INVESTED_ON_FORM = {"kind": "shares", "committed": "500.00", "invested_on": "2025-03-03"}
MARKED_ON_FORM = {"on": "2026-11-23", "case": "1", "reason": "Listed"}
RATE = {"effective_on": "2026-11-20", "annual_rate": "0.04"}
SENIOR = {"fund_class": "SENIOR", "amount": {"amount": "1000.00", "currency": "GBP"}}
PAUSE = {"event": {"event": "holiday_granted", "instalments": 2}, "reason": "A wet year"}
ANN = {"name": "Ann Lee", "role": "finance", "email": "ann.lee@bank.example"}
BEN = {"name": "Ben Lee", "role": "acts", "email": "ben.lee@shop.example"}
WANTED = {"text": "A warm room", "source": "A survey of 212 homes", "told_on": "2026-11-20"}
PROVEN = {"grade": "B", "evidence": "Payroll summary"}


@dataclass(frozen=True)
class Case:
    """An address, who writes there, a body, and its fields that name things; `shape` puts these into the body."""

    address: str
    who: str
    body: dict[str, Any]
    things: dict[str, str]
    shape: Callable[[dict[str, Any]], dict[str, Any]] = dict
    taken: frozenset[int] = frozenset({200, 201, 202, 302})

    def sent(self, fund: Fund, **changed: Any) -> Answer:
        """The answer to the body with the fund's own things, but for those changed."""
        things = {field: fund.things[thing] for field, thing in self.things.items()} | changed
        known = (
            "book",
            "consent",
            "loan",
            "line",
            "organisation",
            "index",
            "doing",
            "facility",
            "investor",
            "neighbourhood",
            "person",
        )
        words = [word for word in known if word in PATHS[self.address]]
        path = reverse(self.address, kwargs={word: fund.things[word] for word in words})
        headers = {"Idempotency-Key": "one"} if self.address.startswith("api:") else None
        return ask(fund.people[self.who], "POST", path, {**self.body, **self.shape(things)}, headers=headers)


PATHS = {
    "desk:application-new": {"book"},
    "desk:bank-line-match": {"book", "line"},
    "api:application-list": {"book"},
    "api:loan-repay": {"book", "loan"},
    "api:loan-repay-preview": {"book", "loan"},
    "api:loan-settle": {"book", "loan"},
    "api:loan-settle-preview": {"book", "loan"},
    "api:loan-recover": {"book", "loan"},
    "api:loan-recover-preview": {"book", "loan"},
    "api:loan-propose": {"book", "loan"},
    "api:loan-guarantor-money": {"book", "loan"},
    "api:loan-confirm-drawdown": {"book", "loan"},
    "api:contribution": {"book"},
    "api:journal-list": {"book"},
    "api:tax-investment-list": {"book"},
    "api:tax-loan-list": {"book"},
    "desk:tax-investment-new": {"book"},
    "desk:tax-loans": {"book"},
    "api:loan-participation-list": {"book", "loan"},
    "api:lender-consent-answer": {"book", "consent"},
    "desk:consent-answer": {"book", "consent"},
    "api:transfer-list": {"book", "loan"},
    "api:transfer-preview": {"book", "loan"},
    "desk:transfer-new": {"book", "loan"},
    "desk:capital-act-new": {"book", "doing"},
    "api:payout-list": {"book"},
    "desk:facility-new": {"book"},
    "api:facility-list": {"book"},
    "api:facility-draw": {"book", "facility"},
    "api:capital-pay-in": {"book"},
    "api:capital-act-list": {"book"},
    "api:capital-act-preview": {"book"},
    "api:reading-list": {"book", "organisation"},
    "api:accounts-list": {"book", "organisation"},
    "api:project-funding": {"book", "loan"},
    "api:grant-payment": {"book", "loan"},
    "api:investor-contact-list": {"book", "investor"},
    "api:participation-certificate": {"book", "investor"},
    "api:file-list": {"book", "organisation"},
    "api:contact-list": {"book", "loan"},
    "desk:contact-new": {"book", "loan"},
    "api:payee-list": {"book"},
    "api:invitation-list": {"book"},
    "api:person-end": {"book", "person"},
    "desk:person-end": {"book", "person"},
    "api:mandate-list": {"book"},
    "api:base-rate-list": {"book", "index"},
    "api:neighbourhood-priority": {"book", "neighbourhood"},
    "api:neighbourhood-answer": {"book", "neighbourhood"},
    "desk:neighbourhood": {"book", "neighbourhood"},
    "desk:neighbourhood-answer": {"book", "neighbourhood"},
}

CASES = (
    Case("desk:application-new", "officer", ON_FORM, {"organisation": "organisation", "product": "product"}),
    Case("desk:bank-line-match", "finance", {}, {"loan": "loan"}),
    Case(
        "api:application-list",
        "officer",
        {**TERMS, "amount": POUNDS, "product": "community"},
        {"organisation": "organisation"},
    ),
    Case("api:loan-repay", "finance", {}, {"bank_line": "line"}),
    Case("api:loan-confirm-drawdown", "finance", {}, {"bank_line": "line"}, taken=frozenset({201, 409})),
    Case("api:loan-repay-preview", "finance", {}, {"bank_line": "line"}),
    Case("api:loan-settle", "finance", {}, {"bank_line": "line"}, taken=frozenset({409})),
    Case("api:loan-settle-preview", "finance", {}, {"bank_line": "line"}, taken=frozenset({409})),
    Case("api:loan-recover", "finance", {}, {"bank_line": "line"}, taken=frozenset({409})),
    Case("api:loan-recover-preview", "finance", {}, {"bank_line": "line"}, taken=frozenset({409})),
    Case("api:loan-guarantor-money", "finance", {}, {"bank_line": "line"}, taken=frozenset({409})),
    Case("api:mandate-list", "officer", {**SIGNED, **ACCOUNT}, {"loan": "loan"}, taken=frozenset({409})),
    Case("api:loan-propose", "officer", PAUSE, {"request": "asked"}),
    Case("api:contribution", "finance", {}, {"bank_line": "line", "investor": "bank"}),
    Case(
        "api:loan-participation-list",
        "manager",
        {"effective_on": "2026-11-23"},
        {"investor": "bank"},
        lambda things: {"participations": [{**things, "rank": 1, "amount": {**POUNDS, "amount": "35000.00"}}]},
        frozenset({201, 409}),  # the loan is apportioned, so its participations stand
    ),
    Case("api:tax-investment-list", "finance", INVESTED, {"investor": "bank"}, taken=frozenset({201, 409})),
    Case("api:tax-loan-list", "officer", {"case": 1, "reason": "Listed"}, {"loan": "loan"}),
    Case("desk:tax-investment-new", "finance", INVESTED_ON_FORM, {"investor": "investor"}),
    Case("desk:tax-loans", "officer", MARKED_ON_FORM, {"loan": "loan"}),
    Case("api:lender-consent-answer", "officer", {"agrees": True, "known_by": "Its letter"}, {"investor": "bank"}),
    Case("api:lender-consent-answer", "investor", {"agrees": True}, {"investor": "bank"}),
    Case("desk:consent-answer", "officer", {"agrees": "yes", "source": "Its letter"}, {"investor": "investor"}),
    Case("api:transfer-preview", "finance", SALE, {"seller": "bank", "buyer": "buyer"}),
    Case(
        "api:transfer-list",
        "finance",
        {**SALE, "reason": "It lends less"},
        {"seller": "bank", "buyer": "buyer"},
        taken=frozenset({409}),  # another sale waits
    ),
    Case("desk:capital-act-new", "finance", COMMITTED, {"investor": "buyer pk"}),
    Case("desk:facility-new", "finance", BORROWED_ON_FORM, {"lender": "investor"}),
    Case("api:facility-list", "finance", BORROWED, {"lender": "bank"}),
    Case("api:facility-draw", "finance", {}, {"bank_line": "line"}, taken=frozenset({201, 409})),
    Case("api:capital-pay-in", "finance", SENIOR, {"investor": "bank"}, taken=frozenset({409})),  # nothing is called
    Case(
        "api:capital-act-list",
        "finance",
        {"reason": "As the deed has it"},
        {"investor": "bank"},
        lambda things: {"commitment": {**SENIOR, **things}},
    ),
    Case("api:capital-act-preview", "finance", {}, {"act": "committed"}, lambda things: {"reversal": things}),
    Case(
        "api:capital-act-preview",
        "finance",
        {},
        {"seller": "bank", "buyer": "buyer"},
        lambda things: {"transfer": {**SENIOR, **things}},
    ),
    Case("desk:transfer-new", "finance", SALE_ON_FORM, {"seller": "investor", "buyer": "buyer pk"}),
    Case(
        "api:payout-list",
        "finance",
        {"reason": "The quarter"},
        {"investor": "buyer"},
        lambda things: {"investors": [{**things, "amount": {"amount": "1.00", "currency": "GBP"}}]},
        frozenset({409}),  # another payout waits
    ),
    Case(
        "api:journal-list",
        "finance",
        {"on": "2026-11-20", "narrative": "Bank charges", "attachment": NOTE},
        {"account": "account code"},
        lambda things: {"lines": [{**things, "debit": POUNDS}, {"account": "4030", "credit": POUNDS}]},
    ),
    Case("api:contact-list", "officer", SAID, {"settles": "settles"}),
    Case("desk:contact-new", "officer", SAID, {"settles": "settles"}),
    Case("api:reading-list", "officer", {**FIGURE, **PROVEN, "reason": "Counted anew"}, {"replaces": "reading"}),
    Case("api:project-funding", "officer", PART, {"replaces": "funding"}),
    Case("api:base-rate-list", "finance", RATE, {"replaces": "base rate"}),
    Case("api:payee-list", "finance", ACCOUNT, {"organisation": "organisation"}),
    Case("api:invitation-list", "finance", BEN, {"organisation": "organisation"}),
    Case("api:invitation-list", "finance", BEN, {"investor": "bank"}),
    Case("api:person-end", "manager", {}, {"organisation": "organisation"}),
    Case("desk:person-end", "manager", {}, {"organisation": "organisation"}),
    Case("api:person-end", "manager", {}, {"investor": "bank"}, taken=frozenset({404})),
    Case("api:payee-list", "finance", ACCOUNT, {"investor": "bank"}),
    Case("api:file-list", "borrower", {"kind": "evidence", "file": NOTE}, {"loan": "loan"}),
    Case("api:grant-payment", "finance", {"entry": 987654321}, {"grant": "grant"}, taken=frozenset({400})),
    Case("api:accounts-list", "borrower", QUARTER, {"replaces": "accounts"}),
    Case("api:investor-contact-list", "finance", ANN, {"replaces": "investor_contact"}),
    Case("api:participation-certificate", "finance", {"is_anonymous": True}, {"loan": "loan"}),
    Case("api:neighbourhood-priority", "officer", WANTED, {"replaces": "priority"}),
    Case("api:neighbourhood-answer", "officer", {"how": "A van"}, {"priority": "priority", "loan": "loan"}),
    Case("desk:neighbourhood", "officer", WANTED, {"replaces": "priority"}),
    Case(
        "desk:neighbourhood-answer",
        "officer",
        {"how": "A van", "is_answer": "yes"},
        {"priority": "priority", "loan": "loan"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.address)
def test_another_funds_things_are_refused_like_what_does_not_exist(case: Case, at_hand: Funds) -> None:
    own, foreign = at_hand.own, at_hand.foreign
    assert case.sent(own).status in case.taken
    for field, thing in case.things.items():
        theirs, nothing = foreign.things[thing], "UNKNOWN" if isinstance(foreign.things[thing], str) else 987654321
        refused, unknown = case.sent(own, **{field: theirs}), case.sent(own, **{field: nothing})
        assert (refused.status, refused.location) == (unknown.status, ""), field
        assert TELLTALE not in refused.body, field
        if case.address.startswith("api:"):
            assert refused.status in {400, 409}, field
            assert refused.body.replace(str(theirs), "?") == unknown.body.replace(str(nothing), "?"), field


def test_each_operation_whose_body_names_a_thing_has_its_case() -> None:
    """So that the next one is not forgotten; a nested name is found by the eye alone."""
    names = {field for case in CASES for field in case.things}
    covered = {(case.address, field) for case in CASES for field in case.things}
    kinds = {
        ("api:facility-preview", "act"),  # a word such as "draw", not an act on capital
        ("api:capital-act-list", "grant"),  # what a new grant is called, and for what
        ("api:capital-act-preview", "grant"),
    }
    described = {
        (address, field)
        for address, route, _ in addresses()
        if address.startswith("api:")
        for method in TABLE[address].permissions
        for field in body_fields(route, method, {})
        if field in names - {"product"}
    }
    assert described - kinds - covered == set()
