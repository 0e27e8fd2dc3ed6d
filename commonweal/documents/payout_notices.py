"""Notices of payouts: one for each investor whom an approved payout pays, issued once.

Two people have approved the payout; the notice says what each is paid and what it is made of, and the database lets
none of any other in (`sql/notice_guard.sql`).
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.db import connection, transaction
from django.template.loader import render_to_string

from commonweal.access.models import User
from commonweal.documents.csv_file import csv_text
from commonweal.documents.issuing import ONE_ISSUER, issuer_of
from commonweal.documents.models import Document, DocumentKind
from commonweal.documents.notices import NoticeHead, keep_notice
from commonweal.documents.renderer import Attachment, render_pdf
from commonweal.documents.statements import style
from commonweal.documents.words import symbol
from investors.domain.errors import PayoutRefused
from investors.models import Payout, PayoutLine
from investors.payouts_told import PayoutTold, payout_told
from investors.queries import payouts

TEMPLATE = "documents/payout_notice.html"


@transaction.atomic
def issue_payout_notices(*, payout: Payout, by: User) -> list[Document]:
    """The notices of a payout, by investor; those that stand are not made again, and what was taken back gets none.

    Raises PayoutRefused where it was not approved, or all of it was taken back; DocumentError and
    MissingSystemLibrary. Then nothing is stored.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_ISSUER, [f"payout-notices:{payout.pk}"])
    payout = payouts(payout.book).get(pk=payout.pk)
    standing = {one.payout_line_id for one in payout_notices_of(payout)}
    wanted = lines_to_tell(payout)
    if not wanted and not standing:
        raise PayoutRefused(
            f"{payout} was not approved, or all of it was taken back, so there is nothing to give notice of. Choose "
            "one that stands; nothing was changed."
        )
    for line in wanted:
        if line.pk not in standing:
            _issue(payout, line, by)
    return payout_notices_of(payout)


def lines_to_tell(payout: Payout) -> list[PayoutLine]:
    """The lines of a payout that pay somebody: of an approved one those that were not taken back."""
    if payout.state != "approved":
        return []
    return [one for one in payout.lines.all() if not one.is_taken_back]


def payout_notices_of(payout: Payout) -> list[Document]:
    """The notices that were issued of a payout, by investor."""
    found = Document.objects.filter(payout_line__payout=payout).select_related("book", "investor", "replaced_by")
    return list(found.order_by("subject"))


def _issue(payout: Payout, line: PayoutLine, by: User) -> None:
    kind, number = DocumentKind.PAYOUT_NOTICE, f"P-{payout.pk}-{line.investor.code}"
    head = NoticeHead(issuer_of(payout.book), number, kind.label, payout.book.business_date)
    pdf = render_payout_notice(head, payout, payout_told(line))
    keep_notice(kind, head, pdf, of=payout, by=by, investor=line.investor, payout_line=line)


def render_payout_notice(head: NoticeHead, payout: Payout, told: PayoutTold) -> bytes:
    """The PDF; the same payout, investor and day give the same bytes. Raises DocumentError, MissingSystemLibrary."""
    parts = told.line.parts
    figures = [
        ("paid", "Capital, and what is no interest", parts.capital.amount, ""),
        ("paid", "Interest", parts.interest.amount, ""),
        ("paid", "Tax withheld", -parts.tax.amount, ""),
        ("paid", "Paid to you", parts.net.amount, ""),
        ("held", "Opening", told.held.opening.amount, ""),
        *(("held", one.words, one.amount.amount, " ".join(one.entries)) for one in told.held.lines),
        ("held", "Closing", told.held.closing.amount, ""),
    ]
    name = f"notice-{head.number}.csv"
    shown = {"head": head, "csv_name": name, "payout": payout, "parts": parts, "held": told.held}
    return render_pdf(
        render_to_string(TEMPLATE, {**shown, "investor": told.line.investor, "sign": symbol(parts.net.currency)}),
        stylesheets=[style()],
        attachments=[
            Attachment(
                name,
                csv_text(("Table", "What", "Amount", "Entries"), figures),
                f"Every amount of notice {head.number}",
            )
        ],
        created=datetime.combine(head.issued_on, time(), UTC),
    )
