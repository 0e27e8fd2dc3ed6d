"""Notices of capital calls and distributions: one for each investor whom an approved act concerns, issued once.

Two people have approved the act; the notice says what it did, and the database lets none of any other act in
(`sql/notice_guard.sql`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.template.loader import render_to_string
from moneyed import Money

from commonweal.access.models import User
from commonweal.documents.csv_file import csv_text
from commonweal.documents.issuing import ONE_ISSUER, issuer_of
from commonweal.documents.models import Document, DocumentFile, DocumentKind, DocumentStatus
from commonweal.documents.renderer import Attachment, render_pdf, renderer_version
from commonweal.documents.statements import style
from investors.domain.capital_act import ActKind, Effect
from investors.domain.capital_register import Register
from investors.domain.commitment import Commitment
from investors.domain.errors import CapitalActRefused
from investors.models import CapitalAct, CapitalLine, Investor, Payout
from investors.queries import capital_acts, capital_register
from investors.services import payment_reference
from ledger.domain.money import from_minor
from loans.statements import Issuer

TEMPLATE = "documents/capital_notice.html"
KINDS = {ActKind.CALL: DocumentKind.CALL_NOTICE, ActKind.DISTRIBUTION: DocumentKind.DISTRIBUTION_NOTICE}


@dataclass(frozen=True, slots=True)
class NoticeHead:
    """Who tells, under which number, of what, and when."""

    issuer: Issuer
    number: str
    what: str
    issued_on: date
    status: str = DocumentStatus.FINAL.value


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What the act does to the investor in one class."""

    fund_class: str
    effect: Effect
    amount: Money
    why: str


@dataclass(frozen=True, slots=True)
class ClassAfter:
    """How the investor stands in a class at the end of the act's day."""

    fund_class: str
    commitment: Commitment
    capital: Money


@transaction.atomic
def issue_notices(*, act: CapitalAct, by: User) -> list[Document]:
    """The notices of a call or a distribution, by investor; those that stand are not made again.

    Raises CapitalActRefused for any other act, DocumentError and MissingSystemLibrary; then nothing is stored.
    """
    act = capital_acts(act.book).get(pk=act.pk)
    _refuse_others(act)
    with connection.cursor() as cursor:
        cursor.execute(ONE_ISSUER, [f"notices:{act.pk}"])
    standing = {one.investor_id for one in notices_of(act)}
    known = capital_register(act.book)
    lines = list(act.lines.select_related("fund_class", "investor").order_by("investor__code", "line_number"))
    for investor in {line.investor_id: line.investor for line in lines}.values():
        if investor.pk not in standing:
            _issue(act, investor, [line for line in lines if line.investor_id == investor.pk], known, by)
    return notices_of(act)


def notices_of(act: CapitalAct) -> list[Document]:
    """The notices that were issued of an act, by investor."""
    found = Document.objects.filter(capital_act=act).select_related("book", "investor", "replaced_by")
    return list(found.order_by("subject"))


def _refuse_others(act: CapitalAct) -> None:
    if act.what not in KINDS or act.state != "approved":
        raise CapitalActRefused(
            f"{act} is no call or distribution that was approved and stands, so there is nothing to give notice of. "
            "Choose one that is; nothing was changed."
        )


def _issue(act: CapitalAct, investor: Investor, lines: Sequence[CapitalLine], known: Register, by: User) -> None:
    kind, number = KINDS[act.what], f"{act}-{investor.code}"
    head = NoticeHead(issuer_of(act.book), number, kind.label, act.book.business_date)
    pdf = render_notice(head, act, investor, lines, known)
    keep_notice(kind, head, pdf, of=act, by=by, investor=investor, capital_act=act)


def keep_notice(
    kind: DocumentKind, head: NoticeHead, pdf: bytes, *, of: CapitalAct | Payout, by: User, **about: Model
) -> Document:
    """Keep the notice of what two people approved, under the hash of it; `about` links it to whom and what it tells."""
    file, _ = DocumentFile.objects.get_or_create(sha256=sha256(pdf).hexdigest(), defaults={"content": pdf})
    return Document.objects.create(
        book=of.book,
        kind=kind,
        subject=head.number,
        **about,
        period_start=of.effective_on,
        period_end=of.effective_on + timedelta(days=1),
        status=DocumentStatus.FINAL,
        number=head.number,
        revision=1,
        seal=f"sha256:{of.content_sha256}",
        renderer=renderer_version(),
        file=file,
        size=len(pdf),
        issued_on=head.issued_on,
        issued_by=by,
    )


def render_notice(
    head: NoticeHead, act: CapitalAct, investor: Investor, lines: Sequence[CapitalLine], known: Register
) -> bytes:
    """The PDF; the same act, investor and day give the same bytes. Raises DocumentError, MissingSystemLibrary."""
    told = [_line(act, line) for line in lines]
    rows = [(one.fund_class, one.effect.words, one.amount.amount, one.why) for one in told]
    figures = csv_text(("Class", "What", "Amount", "Why"), rows)
    name = f"notice-{head.number}.csv"
    return render_pdf(
        render_to_string(TEMPLATE, {"head": head, "csv_name": name, **_shown(act, investor, lines, told, known)}),
        stylesheets=[style()],
        attachments=[Attachment(name, figures, f"Every amount of notice {head.number}")],
        created=datetime.combine(head.issued_on, time(), UTC),
    )


def _shown(
    act: CapitalAct, investor: Investor, lines: Sequence[CapitalLine], told: Sequence[NoticeLine], known: Register
) -> dict[str, Any]:
    classes = {line.fund_class.code: line.fund_class.name for line in lines}
    holders = {code: (code, investor.code) for code in classes}
    return {
        "act": act,
        "investor": investor,
        "is_call": act.what is ActKind.CALL,
        "lines": told,
        "total": sum((one.amount for one in told), known.nought),
        "due_on": date.fromisoformat(act.asked["due_on"]) if act.what is ActKind.CALL else None,
        "reference": payment_reference(investor),
        "after": [
            ClassAfter(
                classes[code],
                known.commitment(holder, act.effective_on),
                known.balance(holder, act.effective_on),
            )
            for code, holder in holders.items()
        ],
    }


def _line(act: CapitalAct, line: CapitalLine) -> NoticeLine:
    amount = from_minor(line.amount, act.book.base_currency)
    return NoticeLine(line.fund_class.name, Effect(line.effect), amount, line.why)
