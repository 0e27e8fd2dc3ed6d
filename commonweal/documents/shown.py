"""Which issued statements could have shown a figure that was restated since?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from commonweal.documents.models import Document, DocumentKind
from investors.models import Participation

if TYPE_CHECKING:
    from borrowers.models import Organisation, Reading
    from ledger.models import Book


def statements_that_could_show(book: Book, organisation: Organisation, replaced: Reading) -> QuerySet[Document]:
    """The statements of a business and of its lenders, of a period that had ended by then, issued while it stood.

    A statement keeps no list of its readings, so this is what could have shown it, not what did.
    """
    until = replaced.replaced_by.recorded_at.date()
    lenders = Participation.objects.filter(participation_set__loan__organisation=organisation).values("investor")
    kinds = (DocumentKind.LOAN_STATEMENT, DocumentKind.INVESTOR_STATEMENT)
    found = Document.objects.filter(book=book, kind__in=kinds, period_end__gte=replaced.period_end)
    stood = found.filter(issued_at__gte=replaced.recorded_at, issued_at__date__lte=until)
    return stood.filter(Q(organisation=organisation) | Q(investor__in=lenders)).order_by("number", "revision")
