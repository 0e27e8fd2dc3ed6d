"""Two funds that have nothing in common, with one of everything that an address can name.

Whoever adds an address whose path names something new says in `_things` what that is, in each fund. The walk over all
addresses then asks for one's own and for the other fund's, in path, query string and body. `TELLTALE` stands in the
texts of the other fund, so that a page which shows any of it is found out; ids and references do not contain it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.models import Organisation
from borrowers.queries import indicator_by_code
from borrowers.services import register_organisation
from commonweal.access.invitations import invite
from commonweal.access.models import Invitation, User
from commonweal.demo.camt import write_camt053
from commonweal.documents.models import Document, DocumentFile
from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.models import Job
from commonweal.jobs.moving_in import try_moving_in
from commonweal.jobs.services import cancel, enqueue
from commonweal.letters.calendars import make_calendar
from commonweal.letters.choices import token_for
from commonweal.letters.kinds import LetterKind, Worry
from commonweal.letters.worries import tell_worry
from commonweal.letters.writing import tell_answer
from investors.domain.borrowing_covenants import NO_COVENANTS
from investors.domain.capital_act import ActKind
from investors.domain.citr.onward import Case
from investors.domain.contacts import ContactRole
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation as Part
from investors.models import CapitalAct, ConsentAsked, Investor, InvestorContact, ParticipationTransfer, Payout
from investors.services import (
    Particulars,
    ask_consent,
    keep_contact,
    mark_loan,
    propose_certificate,
    propose_proxy,
    propose_terms,
    propose_transfer,
    register_investor,
    set_participations,
)
from investors.services.participations import open_cash_account
from ledger.domain.bank_details import read_bank_details
from ledger.domain.bank_statement import ParsedLine, ParsedStatement
from ledger.models import BankStatementLine, Book, PayeeDetails
from ledger.services import (
    decline_details,
    import_bank_file,
    move_business_date,
    open_bank_account,
    propose_details,
)
from loans.domain.events import HolidayGranted, WrittenOff
from loans.domain.kept_files import KeptKind
from loans.domain.returns import ReturnCalendar
from loans.models import Application, BaseRateIndex, BorrowerRequest, Loan, LossProposal, Product, Proposal, RequestKind
from loans.queries import asked_terms_sha256, events
from loans.services import (
    Asked,
    add_index,
    agree_returns,
    apply,
    approve,
    ask,
    confirm_moving_in,
    draw_down,
    keep_file,
    offer_product,
    open_returns,
    prepare_moving_in,
    propose,
    propose_specific_provision,
    record_base_rate,
    record_repayment,
    show_neighbourhood,
    submit,
    tell_story,
)
from tests import borrowing_demo as borrowing
from tests.borrowers.builders import NETHERBY, accounts, figures, people_in_work, reading
from tests.builders import make_account, make_book, make_draft, make_user, post_entry, pounds
from tests.commonweal.access.people import make_people, make_staff
from tests.commonweal.jobs.kinds import GREET
from tests.commonweal.open_data.deals import any_release
from tests.investors.fund_in_classes import capital_called
from tests.investors.payable import pay_in_well, waiting_payout
from tests.investors.valued import terms
from tests.ledger.payment_world import any_payment_file
from tests.loans.covenanted import make_covenant, make_funding, make_waiver
from tests.loans.direct_debit.collected import make_waiting_run
from tests.loans.granted import make_grant
from tests.loans.neighbours import make_neighbourhood
from tests.moving_in import CUT_OVER_ON, many, sheets
from tests.published import prepare_file, publish_file
from tests.tax_relief import accredit, invest

TELLTALE = "Zzyzx"
"""In every name, narrative and purpose of the other fund."""

APPLIED_ON, TODAY = date(2025, 4, 14), date(2026, 11, 23)


@dataclass(frozen=True)
class Fund:
    """A fund, its people by role, and the value of every name that stands in a path."""

    people: dict[str, User]
    things: dict[str, Any]
    documents: dict[str, int]
    codes: dict[str, str]

    def things_of(self, who: str) -> dict[str, Any]:
        """The things as a person of this role has them: an investor has documents of its own, and acts that count."""
        seen = {"document": self.documents.get(who, self.documents["borrower"])}
        if who == "investor":
            seen["capital_act"] = self.things["committed"]
        return {**self.things, **seen}

    def each(self, word: str, who: str) -> list[Any]:
        """All things that a word in a path can name: one that began here, and one that moved in, where there is one."""
        things = self.things_of(who)
        return [things[name] for name in (word, f"moved-in {word}") if name in things]

    def query(self, address: str) -> dict[str, str]:
        """Every thing by its name, for a query string or a form; the investor's pages know things by their codes."""
        codes = self.codes if address.startswith("investor:") else {}
        return {name: str(value) for name, value in {**self.things_of("borrower"), **codes}.items()}


def make_fund(code: str, mark: str = "") -> Fund:
    """One of everything. `mark` stands in every text."""
    book = make_book(code=code, name=f"{mark}{code}", fund_name=f"{mark} fund of {code}", bank="")
    book = move_business_date(book=book, to=TODAY)
    organisation = register_organisation(
        name=f"{mark} society of {code}",
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society=str(8000 + book.pk)),
        address=NETHERBY,
    )
    bank = register_investor(code=f"INV{book.pk}", name=f"{mark} bank of {code}", kind=InvestorKind.REGIONAL_BANK)
    people = make_people(book, organisation, bank)
    things = _things(book, organisation, bank, mark) | _moved_in(book, mark)
    things |= _said(Loan.objects.get(pk=things["loan"]), people["borrower"], mark)
    things["person"] = people["borrower"].pk
    things |= _collected(Loan.objects.get(pk=things["loan"]))
    waiting = prepare_file(book, "waits", f"%PDF of {book.code} that waits".encode(), investor=bank)
    things["statement_run"], things["prepared"] = waiting.pk, waiting.prepared.get().pk
    lent = Loan.objects.get(pk=things["loan"])
    priority = make_neighbourhood(lent, by=people["manager"], name=f"{mark} Netherby", text=f"{mark} A shop")
    show_neighbourhood(neighbourhood=priority.neighbourhood, is_shown=True, by=people["manager"])
    things["neighbourhood"], things["priority"] = priority.neighbourhood_id, priority.pk
    things["release"] = any_release(book, people["manager"]).pk
    things["pack"] = _document(book, "auditors-pack").pk
    documents = {
        "borrower": _document(book, "loan-statement", organisation=organisation).pk,
        "investor": _document(book, "investor-statement", investor=bank).pk,
    }
    return Fund(people, things, documents, {"fund": book.code, "investor": bank.code})


def _things(book: Book, organisation: Organisation, bank: Investor, mark: str) -> dict[str, Any]:
    priya, tom = make_user(name=f"{mark} Priya"), make_user(name=f"{mark} Tom")
    line = _bank_line(book, mark, priya)
    product = _product(book)
    indicator = indicator_by_code("people-in-work") or people_in_work()
    lent, asked = (_application(product, organisation, f"{mark} shop", priya) for _ in range(2))
    loan = _loan(lent, bank, tom)
    known = figures(income="31200.00", cash="4900.00")
    given = accounts(organisation, figures=known, reason=f"{mark} first figures")
    covenant = make_covenant(loan, by=tom)
    account = make_account(book=book, node="1310", subject=f"X-{book.pk}", name=f"{mark} principal")
    entry = post_entry(book=book, by=priya, narrative=f"{mark} arrangement fee")
    index = _index(book, mark, priya)
    return {
        "book": book.code,
        "organisation": organisation.pk,
        "what": "lent",
        "year": 2025,
        "investor_contact": _contact(bank, mark, priya).pk,
        "invitation": _invitation(book, bank, mark, make_staff(book, "officer", f"{mark} Owen")).pk,
        "uidb64": "MQ",
        "investor": bank.pk,
        "bank": bank.code,
        "product": product.pk,
        "index": index.pk,
        "base rate": index.rates.get().pk,
        "reading": reading(organisation, indicator, evidence=f"{mark} payroll").pk,
        "accounts": given.pk,
        "impact_return": _return(book, organisation, priya),
        "place": 1,
        "story": tell_story(
            book=book,
            organisation=organisation,
            title=f"{mark} fridge",
            text="It hums.",
            on=book.business_date,
            by=priya,
        ).pk,
        "indicator": indicator.pk,
        "proxy": propose_proxy(book=book, terms=terms(source=f"{mark} study"), by=priya).pk,
        "covenant": covenant.pk,
        "waiver": make_waiver(covenant, by=priya, reason=f"{mark} grant is late").pk,
        "funding": make_funding(loan, by=priya, funder=f"{mark} Rural Shops Fund").pk,
        "grant": make_grant(loan, by=priya, title=f"{mark} grant").pk,
        "application": asked.pk,
        "loan": loan.pk,
        "asked": _request(loan, f"{mark} roof", priya).pk,
        "proposal": _proposal(loan, f"{mark} notice", priya).pk,
        "proposed": _act_proposed(loan, f"{mark} closed its shop", priya).pk,
        "consent": _consent(loan, f"{mark} closed its van", priya).pk,
        "act": "fee",
        "costly": "write-off",
        "event": events(loan).get(kind="repaid").pk,
        **_paid(book, bank, mark, priya),
        "details": _bank_details(book, organisation, mark, priya).pk,
        "buyer": _buyer(book, mark).code,
        "buyer pk": _buyer(book, mark).pk,
        "investment": _investment(book, loan, bank, mark, priya),
        "transfer": _sale(loan, bank, _buyer(book, mark), mark, priya).pk,
        "doing": "commitment",
        "capital_act": capital_called(book, maker=priya, checker=tom, investor=bank.code).pk,
        "payout": _payout(book, mark, priya).pk,
        **_borrowed(book, bank, mark, priya, tom),
        "committed": CapitalAct.objects.get(book=book, kind=ActKind.COMMITMENT).pk,
        "file": keep_file(
            book=book,
            organisation=organisation,
            loan=loan,
            kind=KeptKind.EVIDENCE,
            name=f"{mark} note.txt",
            content=f"{mark} note of {book.code}".encode(),
            by=priya,
        ).opaque_name,
        "entry": entry.pk,
        "account": account.pk,
        "account code": account.code,
        "line": line.pk,
        "bank_id": line.bank_account_id,
        "job": _failed_job(book, priya).pk,
        "moving_in": _moving_in(book, priya),
        "draft": make_draft(book=book, by=priya, narrative=f"{mark} bank charges").pk,
    }


def _return(book: Book, organisation: Organisation, by: User) -> int:
    """A return that waits for its answers."""
    chosen = [indicator_by_code(code) or people_in_work(code=code) for code in ("people-in-work", "second", "third")]
    calendar = ReturnCalendar(date(2025, 11, 1), 12, 75)
    of = {"book": book, "organisation": organisation, "calendar": calendar, "on": APPLIED_ON}
    agree_returns(**of, indicators=chosen, by=by)
    (opened,) = open_returns(book=book, on=TODAY)
    return opened.pk


def _said(loan: Loan, person: User, mark: str) -> dict[str, Any]:
    """A letter, a step that is open, and a calendar."""
    (letter,) = tell_answer(loan=loan, on=TODAY, what=f"{mark} asked for new terms.")
    contact = tell_worry(loan=loan, worry=Worry.TALK, words=mark, on=TODAY, by=person)
    calendar, secret = make_calendar(person=person, label=f"{mark} phone")
    return {
        "letter": letter.pk,
        "settles": contact.pk,
        "calendar": calendar.pk,
        "secret": secret,
        "token": token_for(person, LetterKind.DUE_DAY),
    }


def _collected(loan: Loan) -> dict[str, Any]:
    """A mandate, and a run that waits for a second person."""
    run = make_waiting_run(loan)
    line = run.lines.get()
    return {"mandate": line.mandate_id, "run": run.pk, "collection": line.pk}


def _contact(bank: Investor, mark: str, by: User) -> InvestorContact:
    said = Particulars(f"{mark} Ann", ContactRole.FINANCE, f"ann@{bank.code.lower()}.example")
    return keep_contact(investor=bank, said=said, by=by)


def _invitation(book: Book, bank: Investor, mark: str, by: User) -> Invitation:
    email = f"eve@{bank.code.lower()}.example"
    return invite(book=book, to=bank, email=email, name=f"{mark} Eve", role="reads", by=by)


def _request(loan: Loan, message: str, by: User) -> BorrowerRequest:
    """A pause that a business asked for."""
    event = HolidayGranted(loan.book.business_date, 0, 2)
    return ask(loan=loan, kind=RequestKind.HOLIDAY, event=event, message=message, by=by)


def _act_proposed(loan: Loan, reason: str, by: User) -> Proposal:
    """A write-off that waits for a second person."""
    return propose(loan=loan, event=WrittenOff(TODAY, 0, pounds("10.00")), reason=reason, by=by)


def _consent(loan: Loan, words: str, by: User) -> ConsentAsked:
    """What the lenders are asked about a write-off."""
    proposal = propose(loan=loan, event=WrittenOff(TODAY, 0, pounds("11.00")), reason=words, by=by)
    return ask_consent(subject=proposal, words=words, answer_by=TODAY, on=TODAY, by=by)


def _proposal(loan: Loan, reason: str, by: User) -> LossProposal:
    """A specific provision that waits for a second person."""
    return propose_specific_provision(loan=loan, amount=pounds("10.00"), on=TODAY, reason=reason, by=by)


def _bank_line(book: Book, mark: str, by: User) -> BankStatementLine:
    """A repayment that nobody has matched."""
    number, on, paid = f"2000001234{book.pk:04}", date(2025, 6, 2), pounds("676.65")
    open_bank_account(book=book, code="MAIN", name=f"{mark} current account", identification=number, on=book.opened_on)
    lines = (ParsedLine("FPS-1", on, on, paid, f"{mark} payer", "no reference"),)
    statement = ParsedStatement(f"S-{book.pk}", number, "GBP", on, on, pounds("0.00"), paid, lines)
    imported = import_bank_file(book=book, name="bank.xml", content=write_camt053(statement), by=by)
    return imported[0].new_lines[0]


def _buyer(book: Book, mark: str) -> Investor:
    """Who would like to buy a part of the bank's, and has put money in before."""
    buyer = register_investor(code=f"BUY{book.pk}", name=f"{mark} buyer of {book}", kind=InvestorKind.FOUNDATION)
    open_cash_account(book, buyer)
    return buyer


def _borrowed(book: Book, bank: Investor, mark: str, priya: User, tom: User) -> dict[str, Any]:
    """A facility that is drawn, and terms of it that wait."""
    terms = borrowing.proposed(book, bank, by=priya, security=f"{mark} loans", covenants=NO_COVENANTS)
    facility = borrowing.drawn(borrowing.approved(terms, by=tom), "5.00", by=priya)
    agreed = borrowing.agreement(book.business_date, reference=f"{mark} 2")
    propose_terms(facility=facility, agreement=agreed, reason="Longer", by=priya)
    return {"facility": facility.pk, "version": 2, "happened": 1}


def _sale(loan: Loan, bank: Investor, buyer: Investor, mark: str, by: User) -> ParticipationTransfer:
    """A sale that waits for a second person."""
    asked = {"amount": pounds("7000.00"), "on": TODAY, "reason": f"{mark} lends less", "by": by}
    return propose_transfer(loan=loan, seller=bank, buyer=buyer, **asked)


def _investment(book: Book, loan: Loan, bank: Investor, mark: str, by: User) -> int:
    """A tax-relieved investment whose certificate waits, and what was said of a loan."""
    accredit(book, by, f"{mark} accreditation")
    one = invest(book, bank, by)
    propose_certificate(investment=one, by=by)
    mark_loan(loan=loan, on=TODAY, case=Case.LISTED_AREA, reason=f"{mark} ward", by=by)
    return one.pk


def _payout(book: Book, mark: str, by: User) -> Payout:
    """A payout to the buyer that waits for a second person; more is held for it."""
    pay_in_well(book, _buyer(book, mark), by)
    return waiting_payout(book, _buyer(book, mark), by, reason=f"{mark} quarter")


def _bank_details(book: Book, organisation: Organisation, mark: str, by: User) -> PayeeDetails:
    """Bank details that were declined, so that others can be proposed."""
    given = read_bank_details(account_name=f"{mark} shop", sort_code="601613", account_number="31926819")
    made = propose_details(book=book, subject=f"organisation:{organisation.pk}", details=given, by=by)
    decline_details(details=made, how=f"{mark} nobody knew", on=TODAY, by=by)
    return made


def _paid(book: Book, bank: Investor, mark: str, by: User) -> dict[str, int]:
    """A payment file that waits for a second person, and its payment."""
    file = any_payment_file(book, f"investor:{bank.code}", by, f"{mark} payment")
    return {"payment_file": file.pk, "payment": file.payments.get().pk}


def _moved_in(book: Book, mark: str) -> dict[str, Any]:
    """A loan from another system, and the business that it was lent to, which never applied here."""
    (row,), priya, tom = many(1), make_user(name=f"{mark} Priya"), make_user(name=f"{mark} Tom")
    row |= {"business": f"{mark} bakery", "company number": f"{30_000_000 + book.pk}", "product": "community"}
    files = sheets([row | {"reference": f"OLD-{book.pk}"}])
    tried = try_moving_in(moving_in=prepare_moving_in(book=book, cut_over_on=CUT_OVER_ON, files=files, by=priya))
    confirmed = confirm_moving_in(moving_in=tried, shown_sha256=tried.content_sha256, by=tom)
    loan = move_in(moving_in=confirmed, by=tom).loans.get()
    return {"moved-in loan": loan.pk, "moved-in organisation": loan.organisation_id}


def _moving_in(book: Book, by: User) -> int:
    """A book of loans from another system that waits to be tried."""
    return prepare_moving_in(book=book, cut_over_on=book.business_date, files=sheets(many(1)), by=by).pk


def _failed_job(book: Book, by: User) -> Job:
    job = enqueue(kind=GREET, arguments={"name": "Jo"}, by=by, book=book)
    return cancel(job=job)


def _document(book: Book, kind: str, **recipient: Any) -> Document:
    """A document that was issued; what it says does not matter here."""
    content = f"%PDF {kind} of {book.code}".encode()
    if recipient:
        return publish_file(book, kind, content, **recipient)
    file = DocumentFile.objects.create(sha256=sha256(content).hexdigest(), content=content)
    return Document.objects.create(
        book=book,
        kind=kind,
        subject="S",
        period_start=date(2025, 7, 1),
        period_end=date(2025, 10, 1),
        status="provisional",
        number=f"2025-Q3-{kind}",
        revision=1,
        seal="s",
        renderer="r",
        file=file,
        size=len(content),
        issued_on=date(2025, 10, 2),
    )


def _product(book: Book) -> Product:
    return offer_product(
        book=book,
        code="community",
        name="Community loan",
        amounts=(pounds("1000.00"), pounds("100000.00")),
        months=(6, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix=f"P{book.pk}",
    )


def _index(book: Book, mark: str, by: User) -> BaseRateIndex:
    """A published rate with one row."""
    index = add_index(book=book, code="bank-rate", name=f"{mark} Bank Rate")
    record_base_rate(index=index, effective_on=APPLIED_ON, annual_rate=Decimal("0.0375"), by=by)
    return index


def _application(product: Product, organisation: Organisation, purpose: str, by: User) -> Application:
    asked = Asked(pounds("35000.00"), Decimal("0.06"), 60, date(2025, 6, 1))
    made = apply(product=product, organisation=organisation, asked=asked, purpose=purpose, on=APPLIED_ON, by=by)
    return submit(application=made, on=APPLIED_ON, by=by)


def _loan(application: Application, bank: Investor, tom: User) -> Loan:
    """Lent whole, with the bank's money; the first payment came."""
    on, whole = date(2025, 5, 1), pounds("35000.00")
    sha256 = asked_terms_sha256(application)
    loan = approve(application=application, shown_sha256=sha256, on=APPLIED_ON, by=tom)
    set_participations(loan=loan, effective_on=on, participations=(Part(bank.code, 1, whole),), by=tom)
    draw_down(loan=loan, amount=whole, on=on, by=tom, key="drawn")
    paid_on, paid = date(2025, 6, 2), pounds("676.65")
    record_repayment(loan=loan, amount=paid, on=paid_on, bank_account="MAIN", by=tom, key="paid")
    return loan
