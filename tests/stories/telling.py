"""How a loan's life is told as a test: what people and the bank do, and the balances after each step as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from commonweal.jobs.checks import examine_everything
from ledger import queries as ledger
from ledger.models import BankStatementLine, JournalEntry
from ledger.services import import_bank_file, move_business_date
from loans import queries
from loans.domain.events import Happened
from loans.domain.offer import Brings
from loans.models import Loan, LoanEvent
from loans.queries import loans_with_something_to_do
from loans.services import (
    Asked,
    Circumstances,
    More,
    approve_proposal,
    bring_up_to_date,
    confirm_drawdown,
    draw_down,
    offer_product,
    propose,
    record,
)
from tests.borrowers.builders import community_shop
from tests.builders import bank_file, make_bank_account, make_user, pounds
from tests.ledger.other_programs import assert_others_agree
from tests.loans.builders import APPROVED_ON, Fund, make_fund, make_loan, pay
from tests.loans.tables import rows

NOTHING_MORE = More()

ACCOUNTS = {
    "principal": "1310",
    "interest": "1320",
    "fees": "1330",
    "default": "1340",
    "unearned": "1350",
    "penalty": "1351",
    "way": "1020",
    "advance": "2110",
    "later": "2140",
}
"""The loan's own accounts by the words at the head of a table; what stands on the credit side is negative."""


class Story:
    """A fund and one loan of it, from the approval on; days pass, and each evening what fell due is posted."""

    def __init__(self, name: str, asks: Asked, *, more: More | Callable[[Story], More] = NOTHING_MORE) -> None:
        self.fund: Fund = make_fund(today=APPROVED_ON)
        brought = more if isinstance(more, More) else more(self)
        self.amina = make_user(name="Amina Diallo")
        product = offer_product(
            book=self.fund.book,
            code="story",
            name="The loan of this story",
            amounts=(pounds("100.00"), pounds("250000.00")),
            months=(1, 120),
            annual_rate=None if brought.link else Decimal("0.06"),
            payment_prefix="ST",
            more=brought,
        )
        borrower = community_shop(name=name)
        self.loan: Loan = make_loan(replace(self.fund, product=product), asks, shop=borrower)
        self.keys = 0
        make_bank_account(book=self.fund.book)

    def on(self, day: str) -> date:
        """It is this day: what fell due until then is posted."""
        to = date.fromisoformat(day)
        self.fund.book.refresh_from_db()
        if to > self.fund.book.business_date:
            move_business_date(book=self.fund.book, to=to)
            for loan in loans_with_something_to_do(self.fund.book, to):
                bring_up_to_date(loan=loan, on=to, by=self.fund.priya)
            self.fund.book.refresh_from_db()
            self.loan = Loan.objects.select_related("book").get(pk=self.loan.pk)
        return to

    def lend(self, day: str, amount: str, *with_it: Happened) -> None:
        """A drawdown, which the bank pays the same day, less what is kept back from it."""
        on = self.on(day)
        draw_down(loan=self.loan, amount=pounds(amount), on=on, by=self.fund.priya, key=self._key())
        for event in with_it:
            self.happen(event)
        left = -ledger.balances(self.fund.book, [f"1020/{self.loan.reference}"], on)[f"1020/{self.loan.reference}"]
        line = self.bank(day, f"-{left.amount}")
        confirm_drawdown(
            loan=self.loan, amount=left, on=on, bank_account="MAIN", bank_line_id=line.pk, by=self.fund.priya
        )

    def bank(self, day: str, amount: str, reference: str = "") -> BankStatementLine:
        """A line of the bank's statement of a day, brought in; money out is negative."""
        on = self.on(day)
        before = ledger.balances(self.fund.book, ["1010/MAIN"], on - timedelta(days=1))["1010/MAIN"]
        line = (on, amount, reference or self.loan.payment_reference)
        content = bank_file(line, opening=str(before.amount), statement_id=f"S-{self._key()}")
        (imported,) = import_bank_file(book=self.fund.book, content=content, name="bank.xml", by=self.amina)
        return imported.new_lines[0]

    def receive(self, day: str, amount: str, **how: Any) -> LoanEvent:
        """Money comes in by the bank, and is booked as a repayment of its own day."""
        self.on(day)
        line = self.bank(day, amount)
        return pay(self.loan, amount, day, by=self.amina, bank_line_id=line.pk, **how)

    def receive_what_is_due(self, *days: str) -> None:
        """On each of these days exactly what is due and unpaid comes in."""
        for day in days:
            self.on(day)
            rows = queries.position_of(self.loan, date.fromisoformat(day)).instalments
            due = sum((row.unpaid for row in rows if row.instalment.due_on <= date.fromisoformat(day)), pounds("0.00"))
            self.receive(day, str(due.amount))

    def happen(self, event: Happened, **circumstances: Any) -> LoanEvent:
        """What one person may do."""
        self.on(event.effective_on.isoformat())
        given = Circumstances(**circumstances)
        return record(loan=self.loan, event=event, by=self.amina, key=self._key(), circumstances=given)

    def agree(self, event: Happened, reason: str) -> LoanEvent:
        """What Priya proposes and Tom approves, as it was shown to him."""
        self.on(event.effective_on.isoformat())
        proposal = propose(loan=self.loan, event=event, reason=reason, by=self.fund.priya)
        return approve_proposal(
            proposal=proposal, shown_sha256=proposal.content_sha256, by=self.fund.tom, reason="As proposed"
        )

    def stands(self, table: str) -> None:
        """The ledger has what a table says: each row a day, each column an account of the loan by its word, or any
        account by its code; debits are positive."""
        head, *_ = (line.split() for line in table.strip().splitlines())
        columns = tuple(head[2:])
        wanted = rows(table)
        found = [[day, *self._amounts(date.fromisoformat(day), columns)] for day, *_ in wanted]
        assert found == wanted, "\n" + "\n".join(" ".join(row) for row in found)

    def _amounts(self, on: date, columns: tuple[str, ...]) -> list[str]:
        codes = {column: self._code(column) for column in columns}
        found = ledger.balances(self.fund.book, list(codes.values()), on)
        return [str(found[codes[column]].amount) for column in columns]

    def _code(self, column: str) -> str:
        node = ACCOUNTS.get(column, column)
        return f"{node}/{self.loan.reference}" if node[:2] in {"13", "14", "21"} or node == "1020" else node

    def again(self) -> list[str]:
        """The narratives of what was worked out again, with their days, in the order of posting."""
        found = JournalEntry.objects.filter(book=self.fund.book, narrative__contains="again").order_by("pk")
        return [f"{entry.effective_on} {entry.narrative}" for entry in found]

    def ends_well(self, hledger: str) -> None:
        """Every rule finds nothing, and hledger and beancount come to the same balances at every month end."""
        book = self.fund.book
        book.refresh_from_db()
        assert (findings := examine_everything(book)) == [], findings
        drawn = queries.events(self.loan).first()
        assert drawn is not None
        assert_others_agree(hledger, book, from_on=drawn.effective_on.replace(day=1), to_on=book.business_date)

    def _key(self) -> str:
        self.keys += 1
        return f"story:{self.keys}"


def brings(**changes: Any) -> More:
    """What else than usual a product brings."""
    return More(brings=Brings(**changes))
