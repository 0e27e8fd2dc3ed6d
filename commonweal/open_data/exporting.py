"""A data set of a book as of a day, with the note that stands beside it. Judged before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from borrowers.domain.outcomes import Use
from borrowers.queries import who_allows
from commonweal.open_data.errors import NotFitToPublish, NothingToPublish
from commonweal.open_data.facts import Deal, deals
from commonweal.open_data.giving import grant_fields
from commonweal.open_data.identifiers import minted, subject_of
from commonweal.open_data.judging import refuse_unfit
from commonweal.open_data.models import DealRecord, Release
from commonweal.open_data.records import deal_records
from commonweal.open_data.sedl import deal_fields
from commonweal.open_data.shapes import Standard
from commonweal.open_data.writing import sha256, written
from ledger.domain.money import from_minor
from ledger.queries import first_seal_covering, postings
from ledger.services import seal_text
from loans.grants import grants_in_ledger
from loans.lent import PRINCIPAL, drawdowns

if TYPE_CHECKING:
    from ledger.models import Book

LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
REPORT = (
    "shape, closed lists and formats of every field, by our own closed reading of the standard",
    "every identifier once, and one name for each organisation",
    "registered numbers as their registers write them",
    "dates that there are, amounts and months not below nought",
    "each deal’s value the sum of its confirmed parts",
    "no contacts, and nothing that looks like an e-mail address or a telephone number",
    "totals equal to the ledger’s",
)
"""What every data set passed, as it stands in its validation report."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """The bytes of a data set and the note beside it."""

    standard: Standard
    book: Book
    as_of: date
    content: bytes
    note: dict[str, Any]

    @property
    def sha256(self) -> str:
        """The hash of the content."""
        return str(self.note["sha256"])

    @property
    def name(self) -> str:
        """Its file name without the ending."""
        return f"{self.standard}-{self.book.code}-{self.as_of}"


@transaction.atomic
def data_set(*, book: Book, standard: Standard, as_of: date) -> DataSet:
    """What a book may publish as of a day, of those who agree now; the same knowledge gives the same bytes.

    Raises NothingToPublish where no business agreed to be named, and NotFitToPublish.
    """
    found = deals(book, as_of)
    kept = list(deal_records(book))
    asked = {deal.loan.organisation for deal in found} | {one.organisation for one in kept}
    agreed = who_allows(asked, Use.OPEN_DATA)
    told = [deal for deal in found if deal.loan.organisation_id in agreed]
    records = [one for one in kept if one.organisation_id in agreed]
    ids = minted(_subjects(told, book))
    match standard:
        case Standard.SEDL:
            data, listed = _sedl(told, records, ids, book)
            totals = [_lent(book, as_of, told, found), _outstanding(book, as_of, told, found)]
        case Standard.GIVING:
            data, listed = _giving(told, ids, book)
            totals = []
    if not listed:
        raise NothingToPublish(
            f"{book.fund_name} has nothing to publish in {standard.words}: of {len(found)} deals, {len(told)} are of "
            "businesses that agreed to be named in open data, and none of these has what the standard asks for. Ask "
            "for their consent first; nothing was written."
        )
    totals.append(_granted(book, as_of, told, found))
    refuse_unfit(standard, data)
    content = written(data)
    note = _note(book, standard, as_of, content, told, found, totals) | {
        "identifiers": listed,
        "withdrawn": _withdrawn(book, standard, set(listed)),
    }
    return DataSet(standard, book, as_of, content, note | _brought(kept, records))


def _sedl(
    told: Sequence[Deal], records: Sequence[DealRecord], ids: Mapping[str, str], book: Book
) -> tuple[dict[str, Any], list[str]]:
    """The deals in the order of their identifiers, and these."""
    fields = [*(deal_fields(deal, ids, book) for deal in told), *(one.fields for one in records)]
    return _listed("deals", fields)


def _giving(told: Sequence[Deal], ids: Mapping[str, str], book: Book) -> tuple[dict[str, Any], list[str]]:
    """The grants in the order of their identifiers, and these. Raises NothingToPublish without a prefix."""
    if any(deal.grants for deal in told) and not settings.GIVING_PREFIX:
        raise NothingToPublish(
            "A grant is published under the prefix that 360Giving gives to its publisher. Ask for one, and name it in "
            "GIVING_PREFIX; nothing was written."
        )
    fields = [grant_fields(one, deal, ids, book, settings.GIVING_PREFIX) for deal in told for one in deal.grants]
    data, listed = _listed("grants", fields)
    return {"version": "1.4", **data}, listed


def _listed(name: str, fields: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    fields.sort(key=lambda one: str(one["id"]))
    return {name: fields}, [one["id"] for one in fields]


def _brought(kept: Sequence[DealRecord], records: Sequence[DealRecord]) -> dict[str, Any]:
    """Deals that another publisher told of: as they were read, and in no total, because no entry is behind them."""
    return {"records": len(records), "records_left_out": len(kept) - len(records)}


def _subjects(told: Iterable[Deal], book: Book) -> list[str]:
    """What needs an identifier of ours."""
    subjects = [f"book:{book.pk}"]
    for deal in told:
        key = deal.loan.pk
        subjects += [f"loan:{key}", f"credit:{key}", f"project:{key}", subject_of(deal.loan.organisation)]
        subjects += [f"grant:{grant.pk}" for grant in deal.grants]
    return subjects


def _note(
    book: Book,
    standard: Standard,
    as_of: date,
    content: bytes,
    told: Sequence[Deal],
    found: Sequence[Deal],
    totals: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """What stands beside the data: nothing in it names a business that did not agree."""
    seal = first_seal_covering(book, as_of)
    return {
        "standard": standard.words,
        "publisher": book.fund_name,
        "book": book.code,
        "as_of": as_of.isoformat(),
        "licence": LICENCE,
        "sha256": sha256(content),
        "seal": str(seal_text(seal)) if seal else "",
        "deals": len(told),
        "left_out": len(found) - len(told),
        "left_out_because": "Their businesses did not agree to be named; the amounts are in the totals below.",
        "totals": list(totals),
        "passed": list(REPORT),
        "findings": 0,
    }


def _lent(book: Book, as_of: date, told: Sequence[Deal], found: Sequence[Deal]) -> dict[str, Any]:
    whole = drawdowns(book, as_of).filter(account__currency=book.base_currency).aggregate(whole=Sum("amount"))["whole"]
    entries = [(one.entry, one.on, one.units) for deal in _own(told, book) for one in deal.lent]
    published = sum(deal.value for deal in _own(told, book))
    left_out = sum(deal.value for deal in _own(found, book)) - published
    return _total("Lent", "value of the deals", book, published, left_out, int(whole or 0), entries)


def _outstanding(book: Book, as_of: date, told: Sequence[Deal], found: Sequence[Deal]) -> dict[str, Any]:
    on_principal = postings(book).filter(account__node__code=PRINCIPAL, effective_on__lte=as_of)
    on_principal = on_principal.filter(account__currency=book.base_currency)
    whole = on_principal.aggregate(whole=Sum("amount"))["whole"]
    references = [deal.loan.reference for deal in _own(told, book)]
    moved = on_principal.filter(account__subject__in=references).values_list("entry_id", "effective_on")
    entries = [(entry, on, int(units)) for entry, on, units in moved.annotate(units=Sum("amount")).order_by("entry_id")]
    published = sum(deal.stood.principal for deal in _own(told, book))
    left_out = sum(deal.stood.principal for deal in _own(found, book)) - published
    what = "commonwealPrincipalOutstanding of the deals"
    return _total("Principal outstanding", what, book, published, left_out, int(whole or 0), entries)


def _granted(book: Book, as_of: date, told: Sequence[Deal], found: Sequence[Deal]) -> dict[str, Any]:
    def paid(deals: Iterable[Deal]) -> list[tuple[int, date, int]]:
        payments = (one for deal in _own(deals, book) for grant in deal.grants for one in grant.payments.all())
        return [(one.entry_id, one.paid_on, one.amount) for one in payments]

    entries = paid(told)
    published = sum(units for _, _, units in entries)
    left_out = sum(units for _, _, units in paid(found)) - published
    what = "amountDisbursed of the grants"
    return _total("Grants paid", what, book, published, left_out, grants_in_ledger(book, as_of), entries)


def _own(found: Iterable[Deal], book: Book) -> list[Deal]:
    """The deals in the book's own currency, in which the totals are."""
    return [deal for deal in found if deal.loan.currency == book.base_currency]


def _total(
    name: str,
    what: str,
    book: Book,
    published: int,
    left_out: int,
    ledger: int,
    entries: Sequence[tuple[int, date, int]],
) -> dict[str, Any]:
    """One published total with the journal entries behind it. Raises NotFitToPublish where the ledger says another."""
    behind = sum(units for _, _, units in entries)
    if published + left_out != ledger or behind != published:
        raise NotFitToPublish(
            f"{name}: {_text(published, book)} published and {_text(left_out, book)} left out do not make "
            f"{_text(ledger, book)}, which is what the ledger has. Run manage.py check_books; nothing was written."
        )
    return {
        "name": name,
        "what": what,
        "currency": book.base_currency,
        "published": _text(published, book),
        "left_out": _text(left_out, book),
        "ledger": _text(ledger, book),
        "entries": [[f"E-{entry}", on.isoformat(), _text(units, book)] for entry, on, units in entries],
    }


def _text(units: int, book: Book) -> str:
    return str(from_minor(units, book.base_currency).amount)


def _withdrawn(book: Book, standard: Standard, now: set[str]) -> list[str]:
    """Deals that an earlier release told of and this one does not: their identifiers, and nothing else."""
    last = Release.objects.filter(book=book, standard=standard).order_by("version").last()
    if last is None:
        return []
    return sorted({*last.note["identifiers"], *last.note["withdrawn"]} - now)
