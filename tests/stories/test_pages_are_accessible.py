"""Can everybody use every page? A walk by each role over all named pages that are looked at, on the demo's own things.

The addresses come from the resolver, so a new page is walked at once; one that names a thing of which `THINGS` knows
none fails until it is said what that is. Each page is looked at on a desk and on a phone, in light and in dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from borrowers.queries import current_answers, indicators
from commonweal.access.checks import addresses
from commonweal.access.rules import Role
from commonweal.access.table import TABLE
from commonweal.demo import story
from commonweal.documents.models import Document
from commonweal.jobs.auditors_pack import make_pack, pack_days
from commonweal.jobs.services import enqueue
from commonweal.letters.calendars import make_calendar
from commonweal.letters.choices import token_for
from commonweal.letters.kinds import LetterKind, Worry
from commonweal.letters.worries import tell_worry
from commonweal.letters.writing import tell_answer
from investors.domain.kinds import InvestorKind
from investors.services import (
    answer_consent,
    ask_consent,
    propose_terms,
    propose_transfer,
    register_investor,
    say_tax_treatment,
)
from ledger import queries as ledger
from ledger.domain.bank_details import read_bank_details
from ledger.domain.entry import Kind
from ledger.models import PaymentInstruction
from ledger.services import DraftLine, draft_journal, keep_attachment, propose_details
from loans.domain.events import WrittenOff
from loans.domain.kept_files import KeptKind
from loans.models import EventKind, Product, WaiverProposal
from loans.queries import applications, events
from loans.returns_queries import returns_of
from loans.services import (
    add_index,
    keep_file,
    prepare_moving_in,
    propose,
    record_base_rate,
    set_authority,
    show_neighbourhood,
)
from tests.borrowing_demo import agreement, approved, drawn, proposed
from tests.browser import page_of, served
from tests.builders import pounds
from tests.commonweal.api.story import invite_ann
from tests.commonweal.open_data.deals import any_release
from tests.databases import TestDatabases, connected_to
from tests.demo import Demo, log_in
from tests.demo_more import lend_more
from tests.investors.fund_in_classes import capital_called
from tests.investors.payable import approved_payout, pay_in_well, waiting_payout
from tests.ledger.payment_world import any_payment_file
from tests.loans.covenanted import give_cash, make_covenant, make_funding, make_waiver
from tests.loans.direct_debit.collected import make_waiting_run
from tests.loans.neighbours import make_neighbourhood
from tests.moving_in import many, sheets
from tests.published import prepare_file
from tests.stories.looking import Axe, Onlooker
from tests.tax_relief import tell_scheme

PEOPLE = {
    Role.MANAGER: story.TOM,
    Role.OFFICER: story.PRIYA,
    Role.FINANCE: story.AMINA,
    Role.AUDITOR: story.RUTH,
    Role.BORROWER: story.JO,
    Role.INVESTOR: story.HANA,
}
SEEN = Onlooker()
"""What was looked at already: people of the same side see many pages alike."""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("the pages of all roles")]
"""One process looks at all of them, so that nothing that looks the same is looked at twice."""

WORDS = {name: sorted(pattern.pattern.converters) for name, _, pattern in addresses()}
NOT_PAGES = ("api:", "public:logout", "public:theme", "public:live", "public:ready", "public:release-")
"""Addresses that answer with data, or that only do something."""


def things_of(demo: Demo) -> dict[str, Callable[[Role], Any]]:
    """What each word in a path stands for, for each role: one of the demo's things that the role may see."""
    book, loan = demo.book, demo.loan
    documents = Document.objects.filter(book=book)
    issued = {
        Role.BORROWER: documents.filter(organisation=loan.organisation),
        Role.INVESTOR: documents.filter(investor=demo.investor("TST")),
    }
    repaid = events(loan).filter(kind=EventKind.REPAID).last()
    waiting = ledger.unmatched_bank_lines(book).get()
    job, draft, covenant, pack = _failed_job(demo), _draft(demo), _covenant(demo), _pack(demo)
    collection = make_waiting_run(loan).lines.get()
    to_publish = prepare_file(book, "WAITS", b"%PDF that waits", investor=demo.investor("TST"))
    release = any_release(book, demo.user(story.TOM)).pk
    neighbourhood = _neighbourhood(demo)
    made = {**_said(demo), **_waiting(demo), **_kept(demo)}
    return {
        "book": lambda role: book.code,
        "application": lambda role: applications(book).get(status="submitted").pk,
        "loan": lambda role: loan.pk,
        "organisation": lambda role: loan.organisation_id,
        "covenant": lambda role: covenant,
        "waiver": lambda role: WaiverProposal.objects.get(covenant=covenant).pk,
        "mandate": lambda role: collection.mandate_id,
        "run": lambda role: collection.run_id,
        "collection": lambda role: collection.pk,
        "statement_run": lambda role: to_publish.pk,
        "prepared": lambda role: to_publish.prepared.get().pk,
        "impact_return": lambda role: returns_of([loan.organisation])[0].pk,
        "place": lambda role: 1,
        "indicator": lambda role: indicators().get(code="people-in-work").pk,
        "reading": lambda role: current_answers(loan.organisation)[0].pk,
        "event": lambda role: repaid and repaid.pk,
        "line": lambda role: waiting.pk,
        "bank_id": lambda role: waiting.bank_account_id,
        "what": lambda role: "interest",
        "investor": lambda role: demo.investor("TST").pk,
        "document": lambda role: issued.get(role, documents).order_by("pk")[0].pk,
        "pack": lambda role: pack,
        "release": lambda role: release,
        "neighbourhood": lambda role: neighbourhood,
        "job": lambda role: job,
        **{word: lambda role, thing=thing: thing for word, thing in made.items()},
        "draft": lambda role: draft,
        "account": lambda role: ledger.accounts(book).get(code=f"1310/{loan.reference}").pk,
        "entry": lambda role: ledger.entries(book).filter(kind=Kind.REPAYMENT)[0].pk,
    }


def _failed_job(demo: Demo) -> int:
    """Work that waits, as nobody works here."""
    asked = {"book": demo.book.code, "period": "2026-Q3"}
    return enqueue(kind="issue_statements", arguments=asked, by=demo.user(story.AMINA), book=demo.book).pk


def _pack(demo: Demo) -> int:
    """An auditor's pack of the financial year that is over."""
    days = pack_days(demo.book, date(2026, 3, 31))
    return make_pack(book=demo.book, days=days, by=demo.user(story.AMINA)).document.pk


def _said(demo: Demo) -> dict[str, Any]:
    """A conversation, a letter, and addresses that are secrets."""
    jo, on = demo.user(story.JO), demo.book.business_date
    tell_worry(loan=demo.loan, worry=Worry.CANNOT, words="The till broke", on=on, by=jo)
    (letter,) = tell_answer(loan=demo.loan, on=on, what="You asked for new terms.")
    return {
        "letter": letter.pk,
        "invitation": invite_ann(demo.book, demo.investor("NRB"), demo.user(story.PRIYA)).pk,
        "uidb64": "MQ",
        "token": token_for(jo, LetterKind.DUE_DAY),
        "secret": make_calendar(person=jo, label="My phone")[1],
    }


def _waiting(demo: Demo) -> dict[str, Any]:
    """What waits for a second person: a write-off, the bank details of a payee, and a book of loans to move in."""
    book, priya = demo.book, demo.user(story.PRIYA)
    on, kind = book.business_date, EventKind.WRITTEN_OFF
    set_authority(book=book, kind=kind, limit=pounds("500.00"), on=on, by=demo.user(story.TOM), person=priya)
    written_off = WrittenOff(book.business_date, 0, pounds("10.00"))
    given = read_bank_details(account_name="Netherby Shop", sort_code="601613", account_number="31926819")
    subject = f"organisation:{demo.loan.organisation_id}"
    files, paid = sheets(many(1)), _payment(demo)
    return {
        "payment_file": paid.file_id,
        "payment": paid.pk,
        "act": "fee",
        "costly": "write-off",
        "proposed": propose(loan=demo.loan, event=written_off, reason="Not worth a letter", by=priya).pk,
        "details": propose_details(book=book, subject=subject, details=given, by=priya).pk,
        "moving_in": prepare_moving_in(book=book, cut_over_on=book.business_date, files=files, by=priya).pk,
        "transfer": _sale(demo),
        "consent": _consent(demo),
        "investment": tell_scheme(book, demo.loan, demo.investor("TST"), priya).pk,
        "doing": "distribution",
        "capital_act": capital_called(demo.book, maker=priya, checker=demo.user(story.TOM)).pk,
        "payout": _payout(demo),
        **_borrowed(demo),
    }


def _consent(demo: Demo) -> int:
    """What the lenders are asked about a write-off, and the trust's answer."""
    on, priya = demo.book.business_date, demo.user(story.PRIYA)
    proposal = propose(loan=demo.loan, event=WrittenOff(on, 0, pounds("11.00")), reason="Not worth it", by=priya)
    asked = ask_consent(subject=proposal, words="A rest of interest", answer_by=on, on=on, by=priya)
    answer_consent(consent=asked, investor=demo.investor("TST"), agrees=True, on=on, by=demo.user(story.HANA))
    return asked.pk


def _sale(demo: Demo) -> int:
    """A sale of a part of the loan that waits."""
    buyer = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    asked = {"amount": pounds("7000.00"), "on": demo.book.business_date, "reason": "Lends less"}
    seller = demo.investor("NRB")
    priya = demo.user(story.PRIYA)
    return propose_transfer(loan=demo.loan, seller=seller, buyer=buyer, by=priya, **asked).pk


def _payout(demo: Demo) -> int:
    """A payout to the trust that waits, after one that was approved and is to be paid."""
    book, trust, priya = demo.book, demo.investor("TST"), demo.user(story.PRIYA)
    pay_in_well(book, trust, priya)
    said = {"rate": Decimal("0.2"), "effective_on": book.opened_on, "reason": "As it declared"}
    say_tax_treatment(investor=trust, by=priya, **said)
    approved_payout(book, trust, priya, demo.user(story.TOM))
    return waiting_payout(book, trust, priya, "30.00").pk


def _borrowed(demo: Demo) -> dict[str, Any]:
    """A facility that is drawn, with terms that wait."""
    by, tom = demo.user(story.PRIYA), demo.user(story.TOM)
    facility = drawn(approved(proposed(demo.book, demo.investor("NRB"), by=by), by=tom), "1500.00", by=by)
    agreed = agreement(demo.book.business_date, reference="NRB/2026/17A")
    propose_terms(facility=facility, agreement=agreed, reason="Longer", by=by)
    return {"facility": facility.pk, "version": 2, "happened": 1}


def _payment(demo: Demo) -> PaymentInstruction:
    """A payment that stands in a file, besides a loan whose money nobody has paid."""
    lend_more(demo, 9)
    return any_payment_file(demo.book, "investor:TST", demo.user(story.PRIYA)).payments.get()


def _kept(demo: Demo) -> dict[str, Any]:
    """A product, a table of base rates, and a document of the business."""
    book, loan, priya = demo.book, demo.loan, demo.user(story.PRIYA)
    index = add_index(book=book, code="bank-rate", name="Bank Rate")
    record_base_rate(index=index, effective_on=book.opened_on, annual_rate=Decimal("0.0375"), by=priya)
    note: dict[str, Any] = {"kind": KeptKind.EVIDENCE, "name": "aims.txt", "content": b"Our aims"}
    return {
        "product": Product.objects.filter(book=book)[0].pk,
        "index": index.pk,
        "file": keep_file(book=book, organisation=loan.organisation, loan=loan, by=priya, **note).opaque_name,
    }


def _covenant(demo: Demo) -> int:
    """A covenant that is broken, with a waiver that waits; and a grant for the same project."""
    tom, priya = demo.user(story.TOM), demo.user(story.PRIYA)
    covenant = make_covenant(demo.loan, by=tom)
    first = give_cash(demo.loan, "5100.00", by=priya)
    give_cash(demo.loan, "4900.00", by=priya, replaces=first, reason="A cheque bounced")
    make_waiver(covenant, by=priya)
    make_funding(demo.loan, by=priya)
    return covenant.pk


def _draft(demo: Demo) -> int:
    """A manual journal that waits for a second person."""
    amina = demo.user(story.AMINA)
    lines = [DraftLine("5030", pounds("12.50")), DraftLine("3010", -pounds("12.50"))]
    note = keep_attachment(name="charges.txt", content=b"Bank charges, November", by=amina)
    on = date(2026, 11, 20)
    return draft_journal(book=demo.book, on=on, narrative="Charges", lines=lines, attachment=note, by=amina).pk


def pages_of(role: Role | None) -> list[str]:
    """The names of the pages that a role, or somebody who has not logged in, may look at."""
    admitting = {Role.ANYONE} if role is None else {role, Role.SIGNED_IN}
    return [
        name
        for name, rule in TABLE.items()
        if not name.startswith(NOT_PAGES)
        and (permission := rule.permission("GET")) is not None
        and permission.roles & admitting
    ]


@pytest.fixture(scope="module")
def things(
    test_databases: TestDatabases, demo_template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Callable[[Role], Any]]]:
    """The demo's things, made once: nobody who only looks changes any."""
    with django_db_blocker.unblock():
        clone = test_databases.clone(demo_template)
        with connected_to(clone.name):
            yield things_of(Demo())
        test_databases.drop(clone.name)


def _neighbourhood(demo: Demo) -> int:
    """One that anybody may read of, with a loan whose business agreed."""
    priority = make_neighbourhood(demo.loan, by=demo.user(story.PRIYA))
    show_neighbourhood(neighbourhood=priority.neighbourhood, is_shown=True, by=demo.user(story.TOM))
    return priority.neighbourhood_id


@pytest.fixture
def page(browser: Browser, things: dict[str, Callable[[Role], Any]]) -> Iterator[Page]:
    """A page of Chromium on a site with these things."""
    with served() as site, page_of(browser, site) as page:
        yield page


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of_a_role_is_accessible(
    role: Role, things: dict[str, Callable[[Role], Any]], page: Page, axe: Axe
) -> None:
    log_in(page, PEOPLE[role])
    assert walk(role, things, page, axe) == []


def test_every_page_that_anybody_may_see_is_accessible(
    things: dict[str, Callable[[Role], Any]], page: Page, axe: Axe
) -> None:
    assert walk(None, things, page, axe) == []


def walk(role: Role | None, things: dict[str, Callable[[Role], Any]], page: Page, axe: Axe) -> list[str]:
    """What is wrong with any page of a role, all of it at once."""
    found, reader = [], page.context.new_page()
    reader.goto("/accessibility/")
    for name in pages_of(role):
        unknown = [word for word in WORDS[name] if word not in things]
        assert not unknown, f"{name} names {unknown} in its path: say in `things_of` what that is"
        path = reverse(name, kwargs={word: things[word](role or Role.ANYONE) for word in WORDS[name]})
        found += SEEN.faults(page, reader, path, axe)
    return found
