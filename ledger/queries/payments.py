"""What is on its way, which files are to pay it, and what became of each payment? States are told from the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Greatest

from ledger.domain.payments import LIVE, UNDER_WAY, PaymentState, TransferFile
from ledger.domain.payments import PaymentFormat as Format
from ledger.domain.payments import message_id as message_id_of
from ledger.models import Book, PaymentFile, PaymentFileStep, PaymentInstruction, PaymentOutcome, Posting

IN_TRANSIT = "1020"
"""The line of the chart under which money waits that was booked out and that the bank has not paid."""


def payments(book: Book) -> QuerySet[Any]:
    """Every payment of a book's files with its `state`, the latest file first."""
    found = PaymentInstruction.objects.filter(book=book).annotate(state=_state())
    return found.select_related("file", "account", "details").order_by("-file__pk", "line_no")


def _state() -> Case:
    step = PaymentFileStep.objects.filter(file=OuterRef("file"))
    outcome = PaymentOutcome.objects.filter(payment=OuterRef("pk"), entry__reversed_by__isnull=True)
    told = (
        (step.filter(kind="withdrawn"), PaymentState.WITHDRAWN),
        (outcome.filter(kind="refused"), PaymentState.REFUSED),
        (outcome.filter(kind="returned"), PaymentState.RETURNED),
        (outcome.filter(kind="confirmed"), PaymentState.CONFIRMED),
        (step.filter(kind="taken"), PaymentState.SENT),
        (step.filter(kind="checked"), PaymentState.CHECKED),
    )
    return Case(
        *(When(Exists(rows), then=Value(state.value)) for rows, state in told),
        default=Value(PaymentState.WAITING.value),
        output_field=CharField(),
    )


def payments_at_the_bank(book: Book) -> QuerySet[Any]:
    """The payments that the bank was given and has not told of, with `sent_on`: the day on which it was to pay."""
    taken = PaymentFileStep.objects.filter(file=OuterRef("file"), kind="taken").order_by("pk")
    sent_on = Greatest(Subquery(taken.values("done_on")[:1]), F("file__requested_on"))
    found: QuerySet[Any] = payments(book).filter(state=PaymentState.SENT).annotate(sent_on=sent_on)
    return found


def payment_files(book: Book) -> QuerySet[Any]:
    """The payment files of a book, the latest first, with `is_checked`, `is_withdrawn`, `is_taken` and `settled`:
    of how many payments the bank has told."""
    steps = PaymentFileStep.objects.filter(file=OuterRef("pk"))
    confirmed = Q(payments__outcomes__isnull=False, payments__outcomes__entry__reversed_by__isnull=True)
    return (
        PaymentFile.objects.filter(book=book)
        .annotate(
            is_checked=Exists(steps.filter(kind="checked")),
            is_withdrawn=Exists(steps.filter(kind="withdrawn")),
            is_taken=Exists(steps.filter(kind="taken")),
            settled=Count("payments", filter=confirmed, distinct=True),
        )
        .select_related("bank_account", "made_by", "book")
        .order_by("-pk")
    )


def payment_file_steps(file: PaymentFile) -> QuerySet[PaymentFileStep]:
    """What happened to a file, in order."""
    return PaymentFileStep.objects.filter(file=file).select_related("done_by").order_by("pk")


def payment_outcomes(file: PaymentFile) -> QuerySet[PaymentOutcome]:
    """What became of the payments of a file, in order."""
    found = PaymentOutcome.objects.filter(payment__file=file)
    return found.select_related("payment", "line", "told_by", "entry__reversed_by").order_by("pk")


def sources_under_way(book: Book) -> set[str]:
    """What is paid already, or is in a file that stands."""
    return set(payments(book).filter(state__in=LIVE).values_list("source", flat=True))


def payment_under_way(book: Book, source: str) -> Any | None:
    """The payment by which something is being paid, or was; none where it may still be taken back."""
    return payments(book).filter(source=source, state__in=LIVE).first()


def under_way_by_account(book: Book) -> dict[str, int]:
    """What files that stand are still to pay from each account in transit, in minor units."""
    found = payments(book).filter(state__in=UNDER_WAY).order_by().values_list("account__code", "amount")
    sums: dict[str, int] = {}
    for code, amount in found:
        sums[code] = sums.get(code, 0) + amount
    return sums


def on_its_way(book: Book) -> Mapping[str, int]:
    """What each account in transit has booked out and not paid, in minor units, as at the business date or as all that
    is booked says, whichever is less; accounts of nought are left out."""
    postings = Posting.objects.filter(account__book=book, account__node__code=IN_TRANSIT)
    rows = postings.values_list("account__code").annotate(
        all=Sum("amount"), now=Sum("amount", filter=Q(effective_on__lte=book.business_date))
    )
    found = {code: min(-whole, -(now or 0)) for code, whole, now in rows}
    return {code: minor for code, minor in found.items() if minor > 0}


def payment_lines(file: PaymentFile) -> QuerySet[PaymentInstruction]:
    """The payments of a file in the order in which it names them."""
    return PaymentInstruction.objects.filter(file=file).select_related("details", "account", "file").order_by("line_no")


def transfer_file(file: PaymentFile, lines: Sequence[PaymentInstruction]) -> TransferFile:
    """All that a payment file says, from its rows."""
    return TransferFile(
        message_id=message_id(file),
        made_at=file.made_at,
        requested_on=file.requested_on,
        debtor_name=file.debtor_name,
        debtor_account=file.debtor_account,
        is_batch=file.is_batch,
        format=Format(file.format),
        transfers=tuple(line.transfer for line in lines),
    )


def message_id(file: PaymentFile) -> str:
    """How a file is called at the bank."""
    return message_id_of(file.book.code, file.number)
