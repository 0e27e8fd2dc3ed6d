"""A small fund as it stands on Monday 23 November 2026, with people who each hold a token, and a second fund beside it.

It is told once and committed to a database of its own; every test then works on it and is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from borrowers.models import Indicator
from commonweal.access.invitations import invite
from commonweal.access.models import Invitation, User
from commonweal.access.tokens import make_token
from commonweal.documents.models import Document, DocumentFile
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.moving_in import try_moving_in
from commonweal.letters.calendars import make_calendar
from commonweal.letters.kinds import Side, Topic, Worry
from commonweal.letters.messages import write_message
from commonweal.letters.worries import tell_worry
from commonweal.letters.writing import tell_answer
from investors.domain.borrowing_covenants import Covenants
from investors.domain.capital_act import ActKind
from investors.domain.contacts import ContactRole
from investors.domain.fund_class import FundClass
from investors.domain.kinds import InvestorKind
from investors.domain.management_fee import FeeBase, FeeTerms
from investors.domain.participation import Participation as Part
from investors.domain.sale import PaidHow
from investors.models import CapitalAct, ConsentAsked, Investor, InvestorContact, ParticipationTransfer, Payout
from investors.services import (
    Particulars,
    apportion_book,
    approve_act,
    ask_consent,
    keep_contact,
    propose_act,
    propose_proxy,
    propose_terms,
    propose_transfer,
    register_investor,
    say_tax_treatment,
    set_participations,
)
from ledger.domain.bank_details import read_bank_details
from ledger.domain.financial_year import YearEnd
from ledger.models import BankStatementLine, Book, PayeeDetails
from ledger.services import (
    book_banks_own,
    check_payment_file,
    close_period,
    move_business_date,
    open_bank_account,
    propose_details,
    seal,
    take_payment_file,
)
from loans import queries, services
from loans.domain.allocation import Component
from loans.domain.covenants import CovenantKind
from loans.domain.events import HolidayGranted, Waived, WrittenOff
from loans.domain.guarantee import SchemeTerms
from loans.domain.kept_files import KeptKind
from loans.domain.provision import Stage
from loans.domain.returns import ReturnAnswerKind, ReturnCalendar
from loans.models import (
    Application,
    BaseRateIndex,
    BorrowerRequest,
    DebitOutcome,
    EventKind,
    Loan,
    MovingIn,
    Proposal,
    RequestKind,
    SchemeParameters,
    StoredFile,
)
from loans.services import (
    Asked,
    CameBack,
    Promise,
    Step,
    add_index,
    agree_returns,
    apply,
    approve_claim,
    approve_proposal,
    ask,
    certify,
    draw_down,
    enter_scheme,
    give_notice,
    keep_file,
    offer_product,
    open_returns,
    prepare_moving_in,
    promise_impact,
    propose,
    propose_claim,
    propose_specific_provision,
    provide,
    record_base_rate,
    save_answer,
    set_authority,
    set_provision_rule,
    submit,
    take_collection_back,
)
from tests import borrowing_demo as borrowing
from tests.borrowers.builders import accounts, community_shop, figures, people_in_work, reading
from tests.builders import make_book, make_draft, make_user, post_entry, pounds
from tests.commonweal.access.people import make_borrower, make_investor_person, make_staff
from tests.investors.payable import approved_payout, pay_in_well, waiting_payout
from tests.investors.valued import terms
from tests.ledger.payment_world import any_payment_file, confirm_account
from tests.loans.builders import DRAWN_ON, Fund, asked, bank_line, make_fund, make_loan, pay
from tests.loans.covenanted import make_covenant, make_funding, make_waiver
from tests.loans.direct_debit.collected import make_past_line, make_waiting_run, signed
from tests.loans.granted import make_grant
from tests.loans.neighbours import make_neighbourhood
from tests.moving_in import CUT_OVER_ON, many, sheets
from tests.published import prepare_file, publish_file
from tests.tax_relief import tell_scheme

CODE, OTHER = "harbour-hills", "other-fund"
PERCENTAGES = dict(zip(Stage, map(Decimal, ("0.01", "0.05", "0.2", "0.35", "0.5", "0.75")), strict=True))
CALLED_ON = date(2026, 11, 2)
STAFF = ("manager", "officer", "finance", "auditor")
LENDERS = (
    ("NRB", "Northmoor Regional Bank", InvestorKind.REGIONAL_BANK, 1, "21000.00"),
    ("TST", "Tideway Social Trust", InvestorKind.SOCIAL_INVESTOR, 2, "10500.00"),
    ("LOT", "Lottery first-loss grant", InvestorKind.OWN_FUNDS, 3, "3500.00"),
)


@dataclass(frozen=True)
class Story:
    """Tokens of people by role, and the ids of what there is; `foreign` has the ids of the other fund's things."""

    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, Any] = field(default_factory=dict)


def tell_story() -> Story:
    """One of everything, twice."""
    story = Story()
    fund = make_fund(year_end=YearEnd(5, 31))
    loan = _lend(fund)
    _keep_books(fund, loan, story)
    story.ids.update(_raise_capital(fund))
    story.ids.update(
        book=fund.book.code,
        loan=loan.pk,
        organisation=loan.organisation_id,
        product=fund.product.code,
        product_id=fund.product.pk,
        index=_index(fund).pk,
        application=_application(fund).pk,
        draft_application=_application(fund, submitted=False, shop="8126").pk,
        event=queries.events(loan)[1].pk,
        loan_application=loan.application_id,
        reading=loan.organisation.readings.get().pk,
        **_ask_for_returns(fund, loan),
        **_listen(fund, loan),
        **_agree(fund, loan),
        proposal=_propose(fund, loan).pk,
        consent=ask_about(fund, loan, "41.00").pk,
        file=keep_note(loan, fund.priya).opaque_name,
        transfer=sell_a_part(fund, loan).pk,
        investment=tell_scheme(fund.book, loan, Investor.objects.get(code="NRB"), fund.priya).pk,
        payout=_pay_out(fund).pk,
        OAK=Investor.objects.get(code="OAK").pk,
        **_borrow(fund),
        invitation=invite_ann(fund.book, Investor.objects.get(code="NRB"), _officer(fund.book)).pk,
        details=propose_account(fund.book, f"organisation:{loan.organisation_id}", fund.priya).pk,
        **_prepared(fund),
        document=make_document(fund.book, "L-0108", organisation=loan.organisation).pk,
        pack=make_document(fund.book, fund.book.code).pk,
        investor_document=make_document(fund.book, "NRB", investor=Investor.objects.get(code="NRB")).pk,
        job=Job.objects.create(kind="test.greet", arguments={"name": "Jo"}, book=fund.book, requested_by=fund.tom).pk,
        failed_job=Job.objects.create(
            kind="test.greet",
            arguments={"name": "Jo"},
            book=fund.book,
            requested_by=fund.tom,
            state=JobState.FAILED,
            finished_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
            error="The file is of another account. Nothing was imported.",
        ).pk,
        **{code: Investor.objects.get(code=code).pk for code, *_ in LENDERS},
    )
    story.ids.update(_pay(fund, Loan.objects.get(pk=story.ids["small"])))
    _people(fund, loan, story)
    _collect(fund, loan, story)
    _talk(fund, loan, story)
    seal(book=fund.book)
    story.foreign.update(_other_fund())
    return story


def _officer(book: Book) -> User:
    return make_staff(book, "officer", "Owen Rees")


def invite_ann(book: Book, investor: Investor, by: User, number: int = 0) -> Invitation:
    """Somebody of an investor who is to be let in; another one for each number."""
    return invite(book=book, to=investor, email=f"ann.{number}@bank.example", name="Ann Lee", role="reads", by=by)


def _borrow(fund: Fund) -> dict[str, int]:
    """A facility that is drawn, terms of it that wait, and money of its lender on a bank account of its own."""
    account = open_bank_account(
        book=fund.book, code="LENT", name="Borrowed money", identification="60-83-71 12345678", on=DRAWN_ON
    )
    lender = Investor.objects.get(code="NRB")
    terms = borrowing.proposed(fund.book, lender, by=fund.priya, covenants=Covenants(minimum_cash=pounds("100.00")))
    facility = borrowing.drawn(borrowing.approved(terms, by=fund.tom), "1000.00", by=fund.priya, bank=account)
    agreed = borrowing.agreement(fund.book.business_date, reference="NRB/2026/17A")
    propose_terms(facility=facility, agreement=agreed, reason="Longer", by=fund.priya)
    line = borrowing.lenders_money(fund.book, "500.00", by=fund.priya, bank=account)
    return {"facility": facility.pk, "version": 2, "lenders_line": line.pk}


def sell_a_part(fund: Fund, loan: Loan, amount: str = "7000.00") -> ParticipationTransfer:
    """A sale that waits for a second person: the bank's part of the loan goes to a foundation."""
    buyer = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    return propose_transfer(
        loan=loan,
        seller=Investor.objects.get(code="NRB"),
        buyer=buyer,
        amount=pounds(amount),
        on=fund.book.business_date,
        paid_how=PaidHow.DIRECTLY,
        reason="The bank lowers its part",
        by=fund.priya,
    )


def _pay_out(fund: Fund) -> Payout:
    """A payout to the foundation that was approved and that nobody has paid, and one that waits."""
    oak = Investor.objects.get(code="OAK")
    pay_in_well(fund.book, oak, fund.priya)
    said = {"rate": Decimal("0.2"), "effective_on": DRAWN_ON, "reason": "As it declared"}
    say_tax_treatment(investor=oak, by=fund.tom, **said)
    approved_payout(fund.book, oak, fund.priya, fund.tom, "30.00")
    return waiting_payout(fund.book, oak, fund.priya)


def _raise_capital(fund: Fund) -> dict[str, int]:
    """A class with a fee, two commitments called in part, money that one of them paid, and a commitment that waits."""
    register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    _agreed(fund, ActKind.CLASS, FundClass("SENIOR", "Senior", 1, Decimal("0.04")).asked())
    _agreed(fund, ActKind.FEE_TERMS, FeeTerms(CALLED_ON, FeeBase.COMMITTED, Decimal("0.01")).asked())
    holder = {"fund_class": "SENIOR", "minor": 10_000_00}
    committed, _ = (_agreed(fund, ActKind.COMMITMENT, {**holder, "investor": code}) for code in ("NRB", "OAK"))
    post_entry(book=fund.book, by=fund.priya, on=CALLED_ON, amount="400.00", credited="2510/OAK", narrative="Paid in")
    due_on = CALLED_ON.replace(day=30).isoformat()
    called = _agreed(fund, ActKind.CALL, {"classes": ["SENIOR"], "minor": 1_000_00, "due_on": due_on})
    waiting = _asked(fund, ActKind.COMMITMENT, {**holder, "investor": "TST"})
    return {"capital_act": committed.pk, "called": called.pk, "waiting_capital": waiting.pk}


def _asked(fund: Fund, kind: ActKind, wanted: dict[str, Any]) -> CapitalAct:
    """An act on capital that waits for a second person."""
    return propose_act(book=fund.book, kind=kind, on=CALLED_ON, asked=wanted, words="As agreed", by=fund.priya)


def _agreed(fund: Fund, kind: ActKind, wanted: dict[str, Any]) -> CapitalAct:
    """An act on capital that counts."""
    act = _asked(fund, kind, wanted)
    approve_act(act=act, shown_sha256=act.content_sha256, by=fund.tom)
    return act


def _pay(fund: Fund, loan: Loan) -> dict[str, Any]:
    """A payment file that waits for a second person, one that is checked, a payment at the bank, and one to be made."""
    waiting, checked, sent = (
        any_payment_file(fund.book, "investor:LOT", fund.priya, source=f"any:{number}") for number in (1, 2, 3)
    )
    for file in (checked, sent):
        check_payment_file(file=file, shown_sha256=file.content_sha256, on=fund.book.business_date, by=fund.tom)
    take_payment_file(file=sent, on=fund.book.business_date, by=fund.tom)
    confirm_account(fund.book, f"organisation:{loan.organisation_id}")
    to_pay = f"loan-event:{loan.events.get(kind='drawn').pk}"
    return {
        "payment_file": waiting.pk,
        "checked_file": checked.pk,
        "sent_payment": sent.payments.get().pk,
        "to_pay": to_pay,
    }


def _index(fund: Fund) -> BaseRateIndex:
    """Bank Rate, with one rate."""
    index = add_index(book=fund.book, code="bank-rate", name="Bank Rate")
    rate = Decimal("0.045")
    record_base_rate(index=index, effective_on=date(2025, 2, 6), annual_rate=rate, by=fund.tom)
    return index


def _lend(fund: Fund) -> Loan:
    """L-0108, shared by three, paid twice, with a promise and two readings."""
    for code, name, kind, _, _ in LENDERS:
        register_investor(code=code, name=name, kind=kind)
    loan = make_loan(fund)
    parts = tuple(Part(code, rank, pounds(amount)) for code, _, _, rank, amount in LENDERS)
    set_participations(loan=loan, effective_on=DRAWN_ON, participations=parts, by=fund.tom)
    draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    for on in (date(2025, 6, 2), date(2025, 7, 1)):
        pay(loan, "676.65", on, by=fund.priya)
    apportion_book(book=fund.book, by=fund.tom)
    seal(book=fund.book)
    people = people_in_work()
    promise = Promise(Decimal(4), date(2025, 4, 1), Decimal(7), date(2027, 4, 1))
    promise_impact(loan=loan, indicator=people, promise=promise, by=fund.priya)
    reading(loan.organisation, people, by=fund.priya)
    propose_proxy(book=fund.book, terms=terms(), by=fund.priya)
    return loan


def _listen(fund: Fund, loan: Loan) -> dict[str, int]:
    """What residents want, which the loan answers."""
    priority = make_neighbourhood(loan, by=fund.priya)
    return {"neighbourhood": priority.neighbourhood_id, "priority": priority.pk}


def _ask_for_returns(fund: Fund, loan: Loan) -> dict[str, int]:
    """Four returns, of which the latest has no answer and the one before it only has to be sent."""
    chosen = [Indicator.objects.get(), people_in_work(code="second"), people_in_work(code="third")]
    calendar = ReturnCalendar(date(2025, 11, 1), 3, 75)
    of = {"book": fund.book, "organisation": loan.organisation}
    on = fund.book.business_date
    agree_returns(**of, calendar=calendar, indicators=chosen, on=on, by=fund.tom)
    latest, earlier, *_ = open_returns(book=fund.book, on=on)
    for question in earlier.plan.questions.all():
        step = Step(answer=ReturnAnswerKind.NOTHING)
        save_answer(impact_return=earlier, question=question, step=step, by=fund.priya)
    told = services.tell_story(
        book=fund.book,
        organisation=earlier.organisation,
        title="Warm",
        text="It is warm now.",
        on=fund.book.business_date,
        by=fund.priya,
    )
    return {"impact_return": latest.pk, "answered_return": earlier.pk, "story": told.pk}


def _agree(fund: Fund, loan: Loan) -> dict[str, int]:
    """Accounts, a covenant that they keep to, two that they break, of one of which a waiver waits, and a grant."""
    known = figures(income="31200.00", cash="4900.00", overdue="150.00")
    given = accounts(loan.organisation, by=fund.priya, figures=known)
    covenant = make_covenant(loan, by=fund.tom)
    kinds = {"broken": (CovenantKind.MAXIMUM_OVERDUE, "100"), "kept": (CovenantKind.MINIMUM_INCOME, "20000")}
    more = {
        name: make_covenant(loan, by=fund.tom, kind=kind, threshold=Decimal(threshold), over_months=3).pk
        for name, (kind, threshold) in kinds.items()
    }
    waiver, grant = make_waiver(covenant, by=fund.priya), make_funding(loan, by=fund.priya)
    return more | {"accounts": given.pk, "covenant": covenant.pk, "waiver": waiver.pk, "funding": grant.pk}


def _lend_little(fund: Fund, amount: str, shop: str) -> Loan:
    """A year's loan to another business, of which nothing came back."""
    loan = make_loan(fund, asked(amount, 12), shop=shop)
    draw_down(loan=loan, amount=pounds(amount), on=DRAWN_ON, by=fund.priya, key="drawn")
    return loan


def _lose(fund: Fund, scheme: SchemeParameters) -> Loan:
    """£1,000.00 that two people wrote off, and for which they asked the guarantor."""
    loan, on = _lend_little(fund, "1000.00", "8128"), date(2025, 7, 15)
    certify(loan=loan, parameters=scheme, reference="G-9", on=DRAWN_ON, by=fund.priya)
    lost = propose(loan=loan, event=WrittenOff(on, 0), reason="It closed", by=fund.priya)
    approve_proposal(proposal=lost, shown_sha256=lost.content_sha256, by=fund.tom)
    claim = propose_claim(loan=loan, on=on, reason="It closed", by=fund.priya)
    approve_claim(proposal=claim, shown_sha256=claim.content_sha256, by=fund.tom)
    return loan


def _set_aside(fund: Fund, loan: Loan, scheme: SchemeParameters) -> dict[str, int]:
    """Percentages and a run, a loan under a scheme, and a specific provision for it that waits."""
    certify(loan=loan, parameters=scheme, reference="G-1", on=date(2025, 5, 2), by=fund.priya)
    set_provision_rule(book=fund.book, percentages=PERCENTAGES, on=DRAWN_ON, reason="The board's policy", by=fund.tom)
    provide(book=fund.book, on=date(2025, 7, 31), by=fund.tom, key="july")
    loss = propose_specific_provision(
        loan=loan, amount=pounds("500.00"), on=date(2026, 11, 1), reason="A bad winter", by=fund.priya
    )
    return {"parameters": scheme.pk, "loss": loss.pk}


def enter_a_scheme(fund: Fund, code: str = "scheme") -> SchemeParameters:
    """A scheme that guarantees seventy per cent, and takes as much of what comes in."""
    share = Decimal("0.7")
    terms = SchemeTerms(DRAWN_ON, None, share, share, pounds("100.00"), pounds("90000.00"), 72, claim_after_days=90)
    return enter_scheme(book=fund.book, code=code, name=f"The {code}", terms=terms, source="Its guide", by=fund.tom)


def _propose(fund: Fund, loan: Loan) -> Proposal:
    """A waiver that waits for a second person, and up to which cost anybody may approve one."""
    on = fund.book.business_date
    set_authority(book=fund.book, kind=EventKind.WAIVED, limit=pounds("500.00"), on=on, by=fund.tom)
    waived = Waived(on, 0, pounds("40.00"), Component.INTEREST)
    return propose(loan=loan, event=waived, reason="The road was closed", by=fund.priya)


def ask_about(fund: Fund, loan: Loan, amount: str) -> ConsentAsked:
    """What the lenders of a loan are asked about interest that would be waived."""
    on = fund.book.business_date
    waived = Waived(on, 0, pounds(amount), Component.INTEREST)
    proposal = propose(loan=loan, event=waived, reason="The bridge was closed", by=fund.priya)
    asked = {"words": "The bridge was closed for a month", "answer_by": date(2026, 12, 11), "on": on}
    return ask_consent(subject=proposal, **asked, by=fund.priya)


def _moving_in(fund: Fund) -> MovingIn:
    """A book of three loans from another system, tried, that waits for a second person."""
    prepared = prepare_moving_in(book=fund.book, cut_over_on=CUT_OVER_ON, files=sheets(many(3)), by=fund.tom)
    return try_moving_in(moving_in=prepared)


def try_what_fails(book: Book, by: User) -> MovingIn:
    """A book of three loans from another system, none of which has a rate that can be read."""
    rows = [{**row, "rate": "six"} for row in many(3)]
    return try_moving_in(moving_in=prepare_moving_in(book=book, cut_over_on=CUT_OVER_ON, files=sheets(rows), by=by))


def _keep_books(fund: Fund, loan: Loan, story: Story) -> None:
    """An entry by hand, three more loans, a journal that waits, bank lines in suspense and a closed month."""
    entry = post_entry(book=fund.book, by=fund.priya)
    seal(book=fund.book)
    undrawn = make_loan(fund, shop="8125")
    scheme = enter_a_scheme(fund)
    story.ids.update(undrawn=undrawn.pk, **_set_aside(fund, loan, scheme))
    story.ids.update(small=_lend_little(fund, "600.00", "8127").pk, lost=_lose(fund, scheme).pk)
    close_period(book=fund.book, through=date(2025, 4, 30), by=fund.tom)
    story.ids.update(
        entry=entry.pk,
        account=fund.book.accounts.get(code="1010/MAIN").pk,
        moving_in=_moving_in(fund).pk,
        failed_moving_in=try_what_fails(fund.book, fund.tom).pk,
        draft=make_draft(book=fund.book, by=fund.tom, on=date(2026, 10, 31)).pk,
        bank_line=bank_line(fund, "676.65", "no reference", "2025-08-01").pk,
        contribution_line=bank_line(fund, "5000.00", "thank you", "2025-08-04").pk,
        outgoing_line=bank_line(fund, "-12.00", "charges", "2025-08-05").pk,
        matched_line=_charged(fund).pk,
        bank=fund.book.bank_accounts.get().pk,
    )


def _charged(fund: Fund) -> BankStatementLine:
    """A line that is matched already."""
    line = bank_line(fund, "-3.00", "July", "2025-07-31")
    book_banks_own(line_id=line.pk, purpose="charge", amount=pounds("3.00"), key="july", by=fund.tom)
    return line


def keep_note(loan: Loan, by: User, text: str = "Our aims") -> StoredFile:
    """A document kept with a loan."""
    found: dict[str, Any] = {"book": loan.book, "organisation": loan.organisation, "loan": loan}
    return keep_file(**found, kind=KeptKind.EVIDENCE, name="aims.txt", content=text.encode(), by=by)


def propose_account(book: Book, subject: str, by: User) -> PayeeDetails:
    """Bank details that wait for a second person."""
    given = read_bank_details(account_name="Netherby Shop", sort_code="601613", account_number="31926819")
    return propose_details(book=book, subject=subject, details=given, by=by)


def _prepared(fund: Fund) -> dict[str, int]:
    """A run of statements that waits for a second person."""
    nrb = Investor.objects.get(code="NRB")
    run = prepare_file(fund.book, "WAITS", b"%PDF that waits", investor=nrb)
    return {"statement_run": run.pk, "prepared": run.prepared.get().pk}


def make_document(book: Book, subject: str, **recipient: Any) -> Document:
    """A document that was issued; what it says does not matter here."""
    kinds = {"investor": "investor-statement", "organisation": "loan-statement"}
    kind = next((kinds[name] for name in recipient), "auditors-pack")
    content = f"%PDF {kind} {subject} of {book.code}".encode()
    if recipient:
        return publish_file(book, subject, content, **recipient)
    file = DocumentFile.objects.create(sha256=sha256(content).hexdigest(), content=content)
    return Document.objects.create(
        book=book,
        kind=kind,
        subject=subject,
        period_start=date(2026, 7, 1),
        period_end=date(2026, 10, 1),
        status="provisional",
        number=f"2026-Q3-{subject}",
        revision=1,
        seal="s",
        renderer="r",
        file=file,
        size=len(content),
        issued_on=date(2026, 10, 2),
    )


def _application(fund: Fund, *, submitted: bool = True, shop: str = "8124") -> Application:
    """An application of another business, which Priya prepared and submitted."""
    millrace = community_shop("Millrace Makers Co-operative", shop)
    asked = Asked(pounds("20000.00"), Decimal("0.06"), 36, date(2027, 1, 4))
    on = date(2026, 11, 20)
    made = apply(
        product=fund.product, organisation=millrace, asked=asked, purpose="A shared workshop", on=on, by=fund.priya
    )
    return submit(application=made, on=on, by=fund.priya) if submitted else made


def _people(fund: Fund, loan: Loan, story: Story) -> None:
    """A person with a token for each role; one of the second investor, and one whom nobody knows."""
    people: dict[str, User] = {role: make_staff(fund.book, role) for role in STAFF}
    people |= {
        "borrower": make_borrower(loan.organisation),
        "investor": make_investor_person(Investor.objects.get(code="NRB")),
        "second investor": make_investor_person(Investor.objects.get(code="TST")),
        "stranger": make_user(name="Somebody"),
    }
    for role, person in people.items():
        story.tokens[role] = make_token(user=person, label=role)[1]
    story.ids["people"] = {role: person.pk for role, person in people.items()}


def _collect(fund: Fund, loan: Loan, story: Story) -> None:
    """Mandates, a run that waits, one that was sent, and one whose collection was claimed back."""
    finance = User.objects.get(pk=story.ids["people"]["finance"])
    run = make_waiting_run(loan, by=finance)
    mandate = run.lines.get().mandate
    day, told_on = date(2026, 12, 2), date(2026, 11, 4)
    give_notice(mandate=mandate, collect_on=day, amount=pounds("50.00"), on=told_on, by=finance)
    sent, claimed = (make_past_line(mandate, date(2026, 11, on), finance, fund.tom) for on in (16, 17))
    back = CameBack(DebitOutcome.Kind.CLAIMED, date(2026, 11, 20), "1")
    take_collection_back(line=claimed, back=back, by=fund.tom)
    others = Loan.objects.filter(book=fund.book).exclude(pk__in=[loan.pk, story.ids["undrawn"]])
    signed(fund, others.earliest("pk"))
    story.ids.update(
        mandate=mandate.pk,
        debit_run=run.pk,
        sent_run=sent.run_id,
        sent_line=sent.pk,
        claimed_line=claimed.pk,
        service_user=run.setting.identifier,
    )


def _talk(fund: Fund, loan: Loan, story: Story) -> None:
    """A request for a pause, a worry with its message and its task, a letter that waits, and a calendar."""
    person = User.objects.get(pk=story.ids["people"]["borrower"])
    contact = tell_worry(loan=loan, worry=Worry.TALK, on=fund.book.business_date, by=person)
    tell_answer(loan=loan, on=fund.book.business_date, what="You asked for new terms.")
    bank, asking = Investor.objects.get(code="NRB"), User.objects.get(pk=story.ids["people"]["investor"])
    ask_fund(loan.book, bank, "When is the next statement?", by=asking)
    known = contact_at(bank, "Ben", by=asking)
    wanted = _pause_asked(loan, person)
    own = propose(
        loan=loan, event=pause_of(fund.book), reason="Rain", by=User.objects.get(pk=story.ids["people"]["officer"])
    )
    story.ids.update(
        own_proposal=own.pk,
        asked=wanted.pk,
        contact=contact.pk,
        investor_contact=known.pk,
        calendar=make_calendar(person=person, label="phone")[0].pk,
    )


def ask_fund(book: Book, investor: Investor, text: str, *, by: User) -> None:
    """A question of an investor."""
    write_message(book=book, party=investor, side=Side.INVESTOR, topic=Topic.QUESTION, text=text, by=by)


def contact_at(bank: Investor, name: str, *, by: User) -> InvestorContact:
    """A person at an investor."""
    said = Particulars(name, ContactRole.REPORTING, f"{name.lower()}@bank.example")
    return keep_contact(investor=bank, said=said, by=by)


def _pause_asked(loan: Loan, by: User) -> BorrowerRequest:
    """Two payments of principal that a business asks to leave out."""
    return ask(loan=loan, kind=RequestKind.HOLIDAY, event=pause_of(loan.book), message="The roof leaks", by=by)


def pause_of(book: Book) -> HolidayGranted:
    """Two payments without principal."""
    return HolidayGranted(book.business_date, 0, 2)


def _other_fund() -> dict[str, Any]:
    """A fund with which none of these people has to do."""
    book = move_business_date(book=make_book(code=OTHER, name="Other", fund_name="Other Fund"), to=date(2026, 11, 23))
    product = offer_product(
        book=book,
        code="other-loan",
        name="Other loan",
        amounts=(pounds("100.00"), pounds("250000.00")),
        months=(1, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix="OF",
    )
    fund = Fund(book, product, priya=make_user(name="Pat Other"), tom=make_user(name="Tim Other"))
    loan = make_loan(fund, shop="9001")
    other = register_investor(code="OTHER", name="Other bank", kind=InvestorKind.REGIONAL_BANK)
    parts = (Part(other.code, 1, pounds("35000.00")),)
    set_participations(loan=loan, effective_on=DRAWN_ON, participations=parts, by=fund.tom)
    draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    read = reading(loan.organisation, Indicator.objects.get(code="people-in-work"), by=fund.priya)
    seal(book=book)
    investment = tell_scheme(book, loan, other, fund.priya)
    return {
        "book": book.code,
        "loan": loan.pk,
        "organisation": loan.organisation_id,
        "product": product.code,
        "investor": other.code,
        "investor_contact": keep_contact(
            investor=other, said=Particulars("Ann", ContactRole.FINANCE, "ann@other.example"), by=fund.priya
        ).pk,
        "bank_line": bank_line(fund, "676.65", "theirs", "2025-08-01").pk,
        "reading": read.pk,
        "accounts": accounts(loan.organisation, by=fund.priya).pk,
        "funding": make_funding(loan, by=fund.priya).pk,
        "grant": make_grant(loan, by=fund.priya).pk,
        **_listen(fund, loan),
        "base_rate": _index(fund).rates.get().pk,
        "entry": post_entry(book=book, by=fund.priya).pk,
        "document": make_document(book, "L-0001", organisation=loan.organisation).pk,
        "pack": make_document(book, book.code).pk,
        "job": Job.objects.create(kind="test.greet", arguments={}, book=book, requested_by=fund.tom).pk,
        "contact": tell_worry(loan=loan, worry=Worry.TALK, on=book.business_date, by=fund.priya).pk,
        "asked": _pause_asked(loan, fund.priya).pk,
        "proposal": _propose(fund, loan).pk,
        "parameters": enter_a_scheme(fund).pk,
        "accreditation": investment.certificates.get().period_id,
        "movement": investment.movements.get(kind="repayment").pk,
        "colleague": fund.priya.email,
    }
