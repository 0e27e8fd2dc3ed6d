"""What a restricted grant posts once two people agreed, and the accounts that it needs."""

from __future__ import annotations

from investors.domain.capital_act import ActKind
from investors.domain.capital_entries import source_of_act
from investors.domain.grant_entries import GRANTS, OWED, applied_entry, received_entry
from investors.domain.restricted_grant import Purpose
from investors.models import CapitalAct, Investor
from investors.services.participations import open_cash_account
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor
from ledger.services import open_accounts


def book_grant(act: CapitalAct, narrative: str) -> list[JournalEntry]:
    """The entry of an act on a grant, none where it is only agreed; its accounts are opened."""
    asked, book = act.asked, act.book
    amount, source = from_minor(asked["minor"], book.base_currency), source_of_act(act.number)
    if act.what is ActKind.GRANT:
        open_accounts(book=book, node=GRANTS, subjects=[asked["grant"]], on=book.opened_on)
        open_cash_account(book, Investor.objects.get(code=asked["funder"]))
        return []
    if act.what is ActKind.GRANT_RECEIVED:
        given = asked["grant"], act.figures["funder"], amount, act.effective_on
        return [received_entry(*given, narrative, source)]
    loan = asked.get("loan", "")
    if loan:
        open_accounts(book=book, node=OWED, subjects=[loan], on=book.opened_on)
    given = asked["grant"], Purpose(asked["purpose"]), amount, act.effective_on
    return [applied_entry(*given, narrative, source, loan)]
