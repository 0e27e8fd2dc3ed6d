"""The sheets that investors and their holdings move in with, to be filled in: CSV each, or one workbook that explains
every column. Each has one line of example, which is nobody's and is refused until it is deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from commonweal.documents.list_files import Sheet, Value, download, download_workbook
from investors.domain import moved_in
from investors.domain.brought_investors import EXAMPLE, Counted, InvestorSheet
from investors.domain.contacts import ContactRole
from investors.domain.kinds import InvestorKind

if TYPE_CHECKING:
    from django.http import HttpResponse

    from commonweal.access.requests import PersonRequest

ALL = "all"
"""What `?template=` says for the workbook with every sheet."""

Line = tuple[str, Value, str]
"""A column, what the line of example has in it, and what the column is for."""

INVESTORS: tuple[Line, ...] = (
    ("code", EXAMPLE, "Needed. Up to 20 capital letters, digits and dashes; accounts bear it and it never changes."),
    ("name", "Example Bank (delete this line)", "Needed. The registered name."),
    ("kind", "regional bank", f"Needed. One of: {', '.join(one.words for one in InvestorKind)}."),
    ("registered number", "01234567", "Of a company, charity or society."),
    ("contact", "Ann Example", "Somebody there. With a contact goes an e-mail address."),
    ("contact role", "finance", f"One of: {', '.join(one.value for one in ContactRole)}. Other unless given."),
    ("contact e-mail", "ann@bank.example", "Where the fund writes to."),
    ("contact phone", "01632 960001", "If you have it."),
    ("gets notices", "yes", "yes or no: whether calls and distributions are told to this person. No unless given."),
    ("tax rate", 20, "Income tax withheld from interest, in per cent: 20, or 0 where interest is paid gross."),
    ("tax from", date(2026, 4, 6), "From which day on. With a rate go a day and a reason."),
    ("tax reason", "No declaration of gross payment", "Why: the tax authority and the auditor ask."),
    ("account name", "EXAMPLE BANK", "Bank account: it is proposed, and counts when a colleague has called back."),
    ("sort code", "60-16-13", "Six digits, as text: a number loses noughts at its beginning."),
    ("account number", "31926819", "Eight digits, as text."),
    ("iban", "", "For an account abroad, instead of the two before."),
    ("bic", "", "With an IBAN."),
)
HOLDINGS: tuple[Line, ...] = (
    ("class", "SENIOR", "Needed. The code of a class that is recorded here."),
    ("investor", EXAMPLE, "Needed. The code of an investor that is registered here."),
    ("commitment", Decimal("120000.00"), "In force: drawn + undrawn − cancelled + recallable."),
    ("drawn", Decimal("90000.00"), "Paid in, less what was returned and may be called again."),
    ("undrawn", Decimal("20000.00"), "Signed and never paid in."),
    ("cancelled", Decimal("0.00"), "Released; it stands beside undrawn with a minus."),
    ("recallable", Decimal("10000.00"), "Returned, and may be called again."),
    ("paid in", Decimal("100000.00"), "All that was ever paid in, as the history adds up."),
    ("income", Decimal("18000.00"), "All income that was ever shared out to the holder."),
    ("fees", Decimal("2000.00"), "All management fees that it ever bore, as a positive amount."),
    ("losses", Decimal("1000.00"), "All losses that it ever bore, as a positive amount."),
    ("income paid", Decimal("15000.00"), "All income that was paid out, as the history adds up."),
    ("capital returned", Decimal("35000.00"), "All capital that was paid back, as the history adds up."),
    ("called", Decimal("12000.00"), "Called and not paid yet, of what is undrawn or recallable."),
    ("called due", date(2026, 4, 10), "When that call is due; empty where nothing is called."),
)
HISTORY: tuple[Line, ...] = (
    ("class", "SENIOR", "Needed."),
    ("investor", EXAMPLE, "Needed."),
    ("on", date(2022, 4, 1), "Needed. A day before the first day here."),
    ("what", "paid in", f"Needed. One of: {', '.join(one.value for one in moved_in.Flow)}."),
    ("amount", Decimal("100000.00"), "Needed. Not below nought, whichever way it went."),
)
TOTALS: tuple[Line, ...] = (
    ("total", "", "Needed. Each total once; those of investors and those of holdings may share the sheet."),
    ("amount", "", "Needed. As the other system gives it, and not added up from these sheets; nought included."),
)
GUIDE = {
    InvestorSheet.INVESTORS: INVESTORS,
    moved_in.Sheet.HOLDINGS: HOLDINGS,
    moved_in.Sheet.HISTORY: HISTORY,
    moved_in.Sheet.TOTALS: TOTALS,
}
FILES = {
    "investors": InvestorSheet.INVESTORS,
    "holdings": moved_in.Sheet.HOLDINGS,
    "history": moved_in.Sheet.HISTORY,
    "totals": moved_in.Sheet.TOTALS,
}
"""The sheets by what `?template=` says."""


def template_file(request: PersonRequest) -> HttpResponse | None:
    """The template that `?template=` asks for, or None where a page was asked for."""
    asked = request.GET.get("template", "")
    if asked == ALL:
        return download_workbook("moving-in-investors", [*map(_sheet, FILES), _explained()])
    return download(request, _sheet(asked)) if asked in FILES else None


def _sheet(name: str) -> Sheet:
    part = FILES[name]
    guide = GUIDE[part]
    if part is moved_in.Sheet.TOTALS:
        rows: list[tuple[Value, ...]] = [(total, "") for total in (*Counted, *moved_in.TOTALS)]
    else:
        rows = [tuple(example for _, example, _ in guide)]
    return Sheet(str(part), [column for column, _, _ in guide], rows)


def _explained() -> Sheet:
    rows = [(str(part), column, words) for part, guide in GUIDE.items() for column, _, words in guide]
    return Sheet("What the columns are", ("Sheet", "Column", "What stands in it"), rows)
