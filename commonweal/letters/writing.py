"""Writing letters: each once for its subject, day, kind and person, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from commonweal.access.models import BorrowerMembership, InvestorMembership, User
from commonweal.letters.choices import who_wants
from commonweal.letters.kinds import LetterKind
from commonweal.letters.models import Letter
from commonweal.letters.wording import Link, worded
from investors.models import ConsentAsked, Investor
from investors.queries import contacts_of
from ledger.domain.money import from_minor
from loans.models import Loan, LoanEvent, RateNotice

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from commonweal.documents.models import Document
    from ledger.models import Book

YOUR_LOAN = Link("See your loan", "borrower:home")
PAY_LATER = Link("Tell us if paying is hard", "borrower:worried")
MESSAGES = Link("Read it and answer", "borrower:messages")


@dataclass(frozen=True, slots=True)
class ToWrite:
    """A letter before it is worded; `useful_to` is the last day on which it still makes sense to send it."""

    book: Book
    about: str
    kind: LetterKind
    on: date
    link: Link
    facts: Mapping[str, Any] = field(default_factory=dict)
    loan: Loan | None = None
    useful_to: date | None = None


def write(one: ToWrite, people: Iterable[User]) -> list[Letter]:
    """Write a letter to each of these people who wants the kind and has not got it; again, it writes nothing."""
    wanting = [person for person in who_wants(people, one.kind) if person.email]
    return _write(one, wanting) if wanting else []


@transaction.atomic
def _write(one: ToWrite, people: list[User]) -> list[Letter]:
    natural = {"book": one.book, "about": one.about, "on": one.on, "kind": one.kind}
    known = set(Letter.objects.filter(**natural).values_list("person_id", flat=True))
    written = [_letter(one, person) for person in people if person.pk not in known]
    Letter.objects.bulk_create(written, ignore_conflicts=True)
    return list(Letter.objects.filter(**natural).exclude(person__in=known)) if written else []


def _letter(one: ToWrite, person: User) -> Letter:
    said = worded(book=one.book, kind=one.kind, person=person, link=one.link, facts={**one.facts, "loan": one.loan})
    return Letter(
        book=one.book,
        loan=one.loan,
        about=one.about,
        on=one.on,
        kind=one.kind,
        person=person,
        address=person.email,
        subject=said.subject,
        text=said.text,
        html=said.html,
        useful_to=one.useful_to,
    )


def people_of(organisation: Organisation) -> list[User]:
    """Who acts for a business."""
    return people_by_organisation([organisation.pk])[organisation.pk]


def people_by_organisation(keys: Iterable[int]) -> dict[int, list[User]]:
    """Who acts for each of these businesses, by its key; an empty list for one that nobody acts for."""
    acting: dict[int, list[User]] = {key: [] for key in keys}
    found = BorrowerMembership.objects.filter(organisation__in=acting, user__is_active=True)
    for one in found.select_related("user").order_by("pk"):
        acting[one.organisation_id].append(one.user)
    return acting


def people_of_investor(investor: Investor) -> list[User]:
    """Who acts for an investor."""
    found = InvestorMembership.objects.filter(investor=investor, user__is_active=True)
    return [one.user for one in found.select_related("user").order_by("pk")]


def people_for_notices(investor: Investor) -> list[User]:
    """Those who act for an investor and are contacts that get notices; where there are none, all who act for it."""
    people = people_of_investor(investor)
    wanted = {
        email.lower() for email in contacts_of(investor).filter(gets_notices=True).values_list("email", flat=True)
    }
    return [person for person in people if person.email.lower() in wanted] or people


def write_about_loan(
    loan: Loan,
    kind: LetterKind,
    on: date,
    facts: Mapping[str, Any],
    *,
    link: Link = YOUR_LOAN,
    useful_days: int = 0,
    people: Iterable[User] | None = None,
) -> list[Letter]:
    """A letter about a loan to all who act for its business (`people`, where they were read with those of others); it
    is not sent later than some days after `on`."""
    useful_to = on + timedelta(days=useful_days) if useful_days else None
    one = ToWrite(loan.book, loan.reference, kind, on, link, {"on": on, **facts}, loan, useful_to)
    return write(one, people_of(loan.organisation) if people is None else people)


def thank(event: LoanEvent) -> list[Letter]:
    """Say that a repayment arrived."""
    facts = {"amount": event.money}
    return write_about_loan(event.loan, LetterKind.RECEIVED, event.effective_on, facts, useful_days=14)


def tell_answer(*, loan: Loan, on: date, what: str) -> list[Letter]:
    """Say that something the business asked for is answered; `what` is one sentence without figures."""
    return write_about_loan(loan, LetterKind.ANSWERED, on, {"what": what})


def announce_rate(notice: RateNotice) -> list[Letter]:
    """Give notice that the nominal rate of a loan changes with its index: a letter that nobody can switch off."""
    payments = {
        name: from_minor(minor, notice.loan.currency)
        for name, minor in (("old_payment", notice.old_payment), ("new_payment", notice.new_payment))
        if minor is not None
    }
    return write_about_loan(notice.loan, LetterKind.RATE, notice.takes_effect_on, {"notice": notice, **payments})


def tell_message(*, book: Book, party: Organisation | Investor, on: date) -> list[Letter]:
    """Say that the fund has written; once a day, however often it writes."""
    facts = {"party": party}
    if isinstance(party, Investor):
        link = Link("Read it and answer", "investor:messages")
        one = ToWrite(book, f"investor:{party.pk}", LetterKind.MESSAGE, on, link, facts)
        return write(one, people_of_investor(party))
    one = ToWrite(book, f"organisation:{party.pk}", LetterKind.MESSAGE, on, MESSAGES, facts)
    return write(one, people_of(party))


def tell_statement(document: Document, period: str) -> list[Letter]:
    """Say that a statement was issued to a business or an investor; news for a month, and then no more."""
    organisation, investor, on = document.organisation, document.investor, document.issued_on
    one = ToWrite(
        book=document.book,
        about=document.number,
        kind=LetterKind.STATEMENT,
        on=on,
        link=Link("See your statements", "borrower:documents" if organisation else "investor:documents"),
        facts={"period": period},
        useful_to=on + timedelta(days=31),
    )
    return write(one, people_of(organisation) if organisation else people_of_investor(investor) if investor else [])


def tell_notice(document: Document) -> list[Letter]:
    """Say that there is a notice of a call or a distribution: no figures, and nobody can switch it off."""
    one = ToWrite(
        book=document.book,
        about=document.number,
        kind=LetterKind.CAPITAL,
        on=document.issued_on,
        link=Link("See your documents", "investor:documents"),
        facts={"document": document},
    )
    return write(one, people_for_notices(document.investor) if document.investor else [])


def tell_consent(consent: ConsentAsked) -> list[Letter]:
    """Say to each lender that its consent is asked for, and by when; no figures, and nobody can switch it off."""
    return _to_lenders(consent, consent.asked_on, Link("Read it and answer", "investor:consents"), consent.answer_by)


def tell_consent_counted(consent: ConsentAsked) -> list[Letter]:
    """Say to each lender whether the lenders agree, dated as the last answer, which decided it; no figures."""
    on = max(one.answered_on for one in consent.answers.all())
    return _to_lenders(consent, on, Link("See how it stands", "investor:consents"), None, "-counted")


def _to_lenders(consent: ConsentAsked, on: date, link: Link, useful_to: date | None, what: str = "") -> list[Letter]:
    """A letter about a consent to the people of every lender that was asked."""
    written: list[Letter] = []
    for lender in consent.lenders:
        one = ToWrite(
            book=consent.loan.book,
            about=f"{consent}-{lender.investor.code}{what}",
            kind=LetterKind.CONSENT,
            on=on,
            link=link,
            facts={"consent": consent, "investor": lender.investor, "is_counted": bool(what)},
            useful_to=useful_to,
        )
        written += write(one, people_for_notices(lender.investor))
    return written


def letters_about(book: Book, subjects: Iterable[str]) -> QuerySet[Letter]:
    """The letters about some loans or documents, by their references and numbers, with their people."""
    return Letter.objects.filter(book=book, about__in=list(subjects)).select_related("person").order_by("pk")
