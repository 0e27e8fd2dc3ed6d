"""Which loans and applications are there, what was agreed, and where does each loan stand?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet

from borrowers.keys import among
from ledger import queries as ledger_queries
from ledger.domain.money import to_minor
from loans.bank_holidays import calendar_days
from loans.domain.application import ApplicationStatus
from loans.domain.calendar import interval
from loans.domain.corrections import Step
from loans.domain.entries import moved_on, own_lines
from loans.domain.errors import OutsideProduct
from loans.domain.event_content import read_event
from loans.domain.events import Event
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.linked_changes import refuse_gap
from loans.domain.linked_rates import BaseRate as RateInForce
from loans.domain.linked_rates import LinkedRate, linked
from loans.domain.movements import STILL, Moved
from loans.domain.offer import Asked, Link, Offer, read_brings, terms_for
from loans.domain.position import Position, position
from loans.domain.schedule import Instalment, planned_schedule
from loans.domain.terms import Terms
from loans.domain.terms_content import terms_sha256
from loans.domain.terms_reading import read_terms
from loans.domain.words import date_text
from loans.models import (
    Application,
    BaseRate,
    BaseRateIndex,
    Booking,
    ImpactTarget,
    Loan,
    LoanEvent,
    LoanTerms,
    Product,
    ProductVersion,
    RateNotice,
    Standing,
)
from loans.models.money import plain

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Book, JournalEntry, Seal


NAMES = ("organisation", "product", "book", "application")
"""What every list of loans names."""


def products(book: Book) -> QuerySet[Product]:
    """What a fund offers, by name, with every version."""
    return Product.objects.filter(book=book).prefetch_related(_whole_versions()).order_by("name")


def versions_of(product: Product) -> QuerySet[ProductVersion]:
    """What a product was and is, the first version first."""
    found = ProductVersion.objects.filter(product=product).select_related("index", "made_by", "product__book")
    return found.prefetch_related("fees").order_by("version")


def versions_in_force(book: Book, on: date) -> QuerySet[ProductVersion]:
    """What each product of a fund is on a day, by name; those that are not offered yet are left out."""
    found = ProductVersion.objects.filter(product__book=book, effective_on__lte=on)
    latest = found.order_by("product_id", "-version").distinct("product_id").values("pk")
    chosen: QuerySet[ProductVersion] = ProductVersion.objects.filter(pk__in=latest).select_related(
        "product__book", "index", "made_by"
    )
    return chosen.prefetch_related("fees").order_by("product__name")


def version_in_force(product: Product, on: date) -> ProductVersion:
    """The version of a product that an application made on a day names. Raises OutsideProduct before the first one."""
    found = [version for version in product.versions.all() if version.effective_on <= on]
    if not found:
        raise OutsideProduct(
            "product",
            f"{product} is not offered on {date_text(on)} yet. Choose another product, or a later day; "
            "nothing was changed.",
        )
    return max(found, key=lambda version: version.version)


def offer_of(version: ProductVersion) -> Offer:
    """What a version of a product brings, as the engine knows it."""
    return Offer(
        amounts=(plain(version.min_amount), plain(version.max_amount)),
        months=(version.min_months, version.max_months),
        annual_rate=version.annual_rate,
        link=link_of(version),
        brings=read_brings(version.brings),
        fees=tuple(
            ProductFee(
                FeeKind(fee.kind),
                fee.amount,
                fee.share,
                FeeSettlement(fee.settlement),
                FeeRecognition(fee.recognition),
                fee.grace_days,
            )
            for fee in version.fees.all()
        ),
    )


def link_of(version: ProductVersion) -> Link | None:
    """How the rate of a version follows an index; none where it is fixed."""
    if version.index is None or version.margin is None:
        return None
    resets = interval(version.resets_every) if version.resets_every else None
    rate = LinkedRate(version.margin, version.floor, version.cap)
    return Link(version.index.code, rate, version.notice_days, resets)


def annual_rates(loan: Loan) -> list[tuple[date, Decimal]]:
    """The rate that a loan bears from each day on on which something moved, as a fraction; the first day first."""
    found = Standing.objects.filter(loan=loan).order_by("effective_on")
    return list(found.values_list("effective_on", "annual_rate"))


def annual_rates_of(found: Iterable[Loan]) -> dict[int, list[tuple[date, Decimal]]]:
    """The same of several loans, by their keys."""
    rates: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    rows = Standing.objects.filter(among("loan", found)).order_by("effective_on")
    for key, on, rate in rows.values_list("loan_id", "effective_on", "annual_rate"):
        rates[key].append((on, rate))
    return rates


def base_rate_indexes(book: Book) -> QuerySet[BaseRateIndex]:
    """The published rates that loans of a fund may follow, by name."""
    return BaseRateIndex.objects.filter(book=book).order_by("name")


def base_rates(index: BaseRateIndex) -> QuerySet[BaseRate]:
    """All that was recorded of an index, the latest day first; what was replaced says by what."""
    found = BaseRate.objects.filter(index=index).select_related("recorded_by", "replaced_by")
    return found.order_by("-effective_on", "-pk")


def base_rate_table(index: BaseRateIndex) -> tuple[RateInForce, ...]:
    """The rates that stand, as the engine knows them, the first one first."""
    found = BaseRate.objects.filter(index=index, replaced_by__isnull=True).order_by("effective_on")
    return tuple(RateInForce(row.effective_on, row.annual_rate) for row in found)


def base_rates_on(book: Book, on: date) -> dict[int, BaseRate]:
    """The rate that is in force of each index on a day, by the index's key; an index without one is left out."""
    found = BaseRate.objects.filter(index__book=book, replaced_by__isnull=True, effective_on__lte=on)
    return {row.index_id: row for row in found.order_by("index_id", "-effective_on").distinct("index_id")}


def rate_notices(book: Book) -> QuerySet[RateNotice]:
    """Who has to be told of a new rate, and by when: the latest first."""
    found = RateNotice.objects.filter(loan__book=book).select_related(
        "loan__organisation", "loan__book", "base_rate__index"
    )
    return found.order_by("-tell_by", "loan__reference")


def loans_following(index: BaseRateIndex) -> QuerySet[Loan]:
    """The loans that follow an index and have instalments to come; what is not drawn yet has none."""
    found = _with_names().filter(application__product_version__index=index, next_action_on__isnull=False)
    return found.select_related("application__product_version__index", *NAMES).order_by("reference")


def terms_for_product(version: ProductVersion, asked: Asked) -> Terms:
    """The terms that what is asked makes with a version of a product.

    Raises ImpossibleTerms, OutsideProduct where a rate is asked of a product that follows an index, UnknownCalendar,
    and BaseRateGap where no rate of it is in force on the loan's first day.
    """
    link = link_of(version)
    if link is None or version.index is None:
        rate = version.annual_rate if asked.annual_rate is None else asked.annual_rate
        return terms_for(offer_of(version), asked, rate or Decimal(0), calendar_days)
    if asked.annual_rate is not None:
        raise OutsideProduct(
            "annual_rate",
            f"The rate of {version.product} follows {version.index}. Leave the rate open; nothing was changed.",
        )
    terms = terms_for(offer_of(version), asked, Decimal(0), calendar_days)
    table = base_rate_table(version.index)
    refuse_gap(str(version.index), table, terms.planned_drawn_on)
    return linked(terms, link.for_terms(terms.first_due_on), table)


def _whole_versions() -> Prefetch[Any]:
    found = ProductVersion.objects.select_related("index", "made_by", "product__book").prefetch_related("fees")
    return Prefetch("versions", found.order_by("version"))


def applications(book: Book) -> QuerySet[Application]:
    """The applications to a fund, the latest first."""
    found = Application.objects.filter(book=book).select_related("organisation", "product", "prepared_by", "loan")
    return found.order_by("-applied_on", "-pk")


def waiting_applications(book: Book) -> QuerySet[Application]:
    """The applications that wait for a decision, the oldest first."""
    return applications(book).filter(status=ApplicationStatus.SUBMITTED).order_by("applied_on", "pk")


def application_by_reference(book: Book, reference: str) -> Application | None:
    """The application with this reference, if there is one."""
    return applications(book).filter(reference=reference).first()


def loans(book: Book) -> QuerySet[Loan]:
    """The loans of a fund, by reference."""
    return _with_names().filter(book=book).order_by("reference")


def loans_of(organisation: Organisation) -> QuerySet[Loan]:
    """The loans to one business, whichever fund they are of."""
    return _with_names().filter(organisation=organisation).order_by("approved_on", "pk")


def loan_by_reference(book: Book, reference: str) -> Loan | None:
    """The loan with this reference, if there is one."""
    return loans(book).filter(reference=reference).first()


def loans_with_something_to_do(book: Book, on: date) -> QuerySet[Loan]:
    """The loans that have an instalment due by `on` which is not posted yet; found by an index, not by a walk."""
    return loans(book).filter(next_action_on__lte=on)


def _with_names() -> QuerySet[Loan]:
    return Loan.objects.select_related(*NAMES)


def terms_asked(application: Application) -> Terms:
    """The terms that an application asks for now. Raises ImpossibleTerms and UnknownCalendar."""
    return read_terms(application.content, calendar_days)


def asked_terms_sha256(application: Application) -> str:
    """The fingerprint of the terms that an application asks for now: what a form shows, and an approval is bound to."""
    return terms_sha256(terms_asked(application))


def schedule_asked(application: Application) -> tuple[Instalment, ...]:
    """The schedule that an application would have, drawn one month before its first instalment."""
    return planned_schedule(terms_asked(application))


def terms_of(loan: Loan, *, as_of: date | None = None) -> Terms:
    """What is agreed about a loan, or was on a day."""
    versions = list(LoanTerms.objects.filter(loan=loan).order_by("version"))
    return agreed_terms(_in_force(versions, as_of or date.max))


def first_terms_of(loan: Loan) -> Terms:
    """What was agreed at first: the engine begins with it, and later versions come with their restructures."""
    return agreed_terms(LoanTerms.objects.filter(loan=loan).earliest("version"))


def agreed_terms(row: LoanTerms) -> Terms:
    """The terms that one version keeps, as the engine knows them."""
    return read_terms(row.content, calendar_days)


def loan_terms(loan: Loan) -> QuerySet[LoanTerms]:
    """The versions of what was agreed, the first one first, with who approved each."""
    found = LoanTerms.objects.filter(loan=loan).select_related("approval__made_by", "approval__checked_by")
    return found.order_by("version")


def events(loan: Loan) -> QuerySet[LoanEvent]:
    """What happened to a loan, as recorded, with the entries and people of each."""
    found = LoanEvent.objects.filter(loan=loan).select_related("entry", "recorded_by", "reverses", "reversed_by")
    return found.order_by("number")


def events_of(loan: Loan) -> tuple[Event, ...]:
    """What happened to a loan, as the engine knows it."""
    return _as_domain(LoanEvent.objects.filter(loan=loan).order_by("number"))


def booked_steps(loan: Loan) -> tuple[Step, ...]:
    """What of a loan's life is booked, and on which days."""
    rows = Booking.objects.filter(loan=loan).order_by("pk").values_list("name", "booked_on", *Moved._fields)
    return tuple(Step(name, booked_on, Moved(*moved)) for name, booked_on, *moved in rows)


def bookings(loan: Loan) -> QuerySet[Booking]:
    """What booked each movement of a loan, with the entries, in the order of booking."""
    return Booking.objects.filter(loan=loan).select_related("entry").order_by("pk")


def position_of(loan: Loan, as_of: date, *, known_under: Seal | None = None) -> Position:
    """Where a loan stands on a day; with a seal, from those events alone whose entries it covers."""
    return positions_of([loan], as_of, known_under=known_under)[loan.pk]


def positions_of(found: Iterable[Loan], as_of: date, *, known_under: Seal | None = None) -> dict[int, Position]:
    """Where each of these loans stands on a day, by its key, in two queries whatever their number."""
    keys = [loan.pk for loan in found]
    versions: dict[int, list[LoanTerms]] = defaultdict(list)
    for terms in LoanTerms.objects.filter(loan__in=keys).order_by("loan_id", "version"):
        versions[terms.loan_id].append(terms)
    rows: dict[int, list[LoanEvent]] = defaultdict(list)
    happened = LoanEvent.objects.filter(loan__in=keys, effective_on__lte=as_of)
    if known_under is not None:
        by_entry = Q(entry__sealed__position__lte=known_under.position)
        happened = happened.filter(by_entry | Q(entry=None, recorded_at__lte=known_under.sealed_at))
    for event in happened.order_by("loan_id", "number"):
        rows[event.loan_id].append(event)
    return {key: position(agreed_terms(versions[key][0]), _as_domain(rows[key]), as_of) for key in keys}


def booked_balances(loan: Loan, as_of: date, *, known_under: Seal | None = None) -> Moved:
    """What the ledger says about a loan: where its own accounts stand, in minor units."""
    return booked_balances_of([loan], as_of, known_under=known_under)[loan.pk]


def booked_balances_of(found: Iterable[Loan], as_of: date, *, known_under: Seal | None = None) -> dict[int, Moved]:
    """The same for many loans of one book, in three queries whatever their number; recoveries are not theirs."""
    wanted = list(found)
    if not wanted:
        return {}
    codes = [code for loan in wanted for code, _ in own_lines(loan.reference, STILL)]
    stands = ledger_queries.balances(wanted[0].book, codes, as_of, known_under=known_under)
    minor = {code: to_minor(money.amount, money.currency.code) for code, money in stands.items()}
    return {loan.pk: moved_on(loan.reference, minor) for loan in wanted}


def entries_of(loan: Loan) -> QuerySet[JournalEntry]:
    """Every journal entry that a loan caused, by date."""
    return ledger_queries.entries_by_source(loan.book, f"loan:{loan.reference}")


def impact_targets(loan: Loan) -> QuerySet[ImpactTarget]:
    """What was promised with a loan."""
    return ImpactTarget.objects.filter(loan=loan).select_related("indicator").order_by("indicator__name")


def impact_targets_of(found: Iterable[Loan]) -> QuerySet[ImpactTarget]:
    """What was promised with each of these loans, by loan and indicator."""
    wanted = ImpactTarget.objects.filter(among("loan", found)).select_related("indicator", "loan__organisation")
    return wanted.order_by("loan__reference", "indicator__name")


def targets_promised(book: Book, organisations: Collection[int]) -> QuerySet[ImpactTarget]:
    """What businesses, by their keys, promised with their loans of a fund, by loan."""
    found = ImpactTarget.objects.filter(among("loan__organisation", organisations), loan__book=book)
    return found.order_by("loan__reference", "pk")


def _in_force(versions: list[LoanTerms], as_of: date) -> LoanTerms:
    """The latest version agreed by then; the first one before that, as it is all that is known."""
    agreed = [terms for terms in versions if terms.effective_on <= as_of]
    return agreed[-1] if agreed else versions[0]


def _as_domain(rows: Iterable[LoanEvent]) -> tuple[Event, ...]:
    return tuple(read_event(row.content, row.number, calendar_days) for row in rows)
