"""Opening books and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from ledger.database_errors import judged_by_database
from ledger.domain.chart import SOCIAL_LOAN_FUND, WITHOUT_SUBJECT
from ledger.domain.errors import AlreadyExists, BeforeBookOpened, PeriodOutOfOrder, UnknownAccount
from ledger.domain.financial_year import END_OF_MARCH, YearEnd
from ledger.domain.money import minor_digits
from ledger.domain.words import date_text
from ledger.models import Account, Book, ChartNode


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands on a fund's letters: where it is registered, its address by lines, and whom to ask."""

    registration: str = ""
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@transaction.atomic
def open_book(
    *,
    code: str,
    name: str,
    fund_name: str,
    base_currency: str,
    opened_on: date,
    year_end: YearEnd = END_OF_MARCH,
    imprint: Imprint = Imprint(),
) -> Book:
    """A new book with the chart of a social loan fund; its business date is its opening day.

    Raises AlreadyExists, and WrongAmount for a currency that does not exist.
    """
    minor_digits(base_currency)
    if Book.objects.filter(code=code).exists():
        raise AlreadyExists(f"There is a book {code!r} already. Choose another code; nothing was opened.")
    book = Book.objects.create(
        code=code,
        name=name,
        fund_name=fund_name,
        base_currency=base_currency,
        opened_on=opened_on,
        business_date=opened_on,
        year_end_month=year_end.month,
        year_end_day=year_end.day,
        **asdict(imprint),
    )
    complete_chart(book=book)
    return book


@transaction.atomic
def complete_chart(*, book: Book) -> None:
    """Give a book the lines of the usual chart that it does not have, and their accounts; safe to repeat."""
    nodes = {node.code: node for node in ChartNode.objects.filter(book=book)}
    for node in SOCIAL_LOAN_FUND:
        if node.code not in nodes:
            nodes[node.code] = ChartNode.objects.create(
                book=book, code=node.code, name=node.name, kind=node.kind.value, parent=nodes.get(node.parent or "")
            )
    for leaf in WITHOUT_SUBJECT:
        open_account(book=book, node=leaf, on=book.opened_on)


def open_account(*, book: Book, node: str, on: date, subject: str = "", name: str = "", currency: str = "") -> Account:
    """The account of a chart node for a subject, opened on a date; asking again gives the account that stands.

    `name` is the subject's, shown behind the node's: "Loan principal, L-0108". Raises UnknownAccount for a node that
    the chart does not have, BeforeBookOpened, and AlreadyExists where it stands with a later opening day.
    """
    parent = _chart_node(book, node, on)
    account, made = Account.objects.get_or_create(
        book=book,
        node=parent,
        subject=subject,
        currency=currency or book.base_currency,
        defaults={
            "code": f"{node}/{subject}" if subject else node,
            "name": f"{parent.name}, {name or subject}" if subject else parent.name,
            "opened_on": on,
        },
    )
    if not made and account.opened_on > on:
        raise AlreadyExists(
            f"Account {account.code} stands since {date_text(account.opened_on)}; it cannot be opened on "
            f"{date_text(on)} as well. "
            "Use the account that stands; nothing was opened."
        )
    return account


def open_accounts(*, book: Book, node: str, subjects: Iterable[str], on: date, currency: str = "") -> None:
    """The accounts of a chart node for many subjects, in one statement; those that stand are left as they are.

    Raises UnknownAccount and BeforeBookOpened.
    """
    parent = _chart_node(book, node, on)
    Account.objects.bulk_create(
        (
            Account(
                book=book,
                node=parent,
                subject=subject,
                currency=currency or book.base_currency,
                code=f"{node}/{subject}",
                name=f"{parent.name}, {subject}",
                opened_on=on,
            )
            for subject in subjects
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def move_business_date(*, book: Book, to: date) -> Book:
    """Move a book's business date forward; it never goes back. Raises PeriodOutOfOrder."""
    current = Book.objects.select_for_update().get(pk=book.pk)
    if to < current.business_date:
        raise PeriodOutOfOrder(
            f"{book} is on {date_text(current.business_date)}; its business date cannot go back to {date_text(to)}. "
            "Name a later day; nothing was changed."
        )
    current.business_date = to
    current.save(update_fields=["business_date"])
    return current


def _chart_node(book: Book, code: str, on: date) -> ChartNode:
    """The line of the chart under which an account is opened on a day."""
    parent = ChartNode.objects.filter(book=book, code=code).first()
    if parent is None:
        raise UnknownAccount(f"The chart of {book} has no line {code}. Add it first; nothing was opened.")
    if on < book.opened_on:
        raise BeforeBookOpened(
            f"{book} was opened on {date_text(book.opened_on)}; an account cannot be opened on {date_text(on)}. "
            "Use a date on or after the opening; nothing was opened."
        )
    return parent


def close_account(*, account: Account, on: date) -> Account:
    """No posting from this date on. Raises AccountNotOpen where there is one already."""
    with judged_by_database(), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(closed_on=on)
    account.closed_on = on
    return account


@transaction.atomic
def add_chart_node(*, book: Book, code: str, name: str, kind: str, parent: str = "") -> ChartNode:
    """A new line in the chart of accounts. Raises AlreadyExists, and UnknownAccount for a parent that is not there."""
    if ChartNode.objects.filter(book=book, code=code).exists():
        raise AlreadyExists(f"The chart of {book} has a line {code} already. Choose another code; nothing was added.")
    above = ChartNode.objects.filter(book=book, code=parent).first()
    if parent and above is None:
        raise UnknownAccount(
            f"The chart of {book} has no line {parent} to stand under. Add that first; nothing was added."
        )
    return ChartNode.objects.create(book=book, code=code, name=name, kind=kind, parent=above)
