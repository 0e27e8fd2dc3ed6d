"""What is done to a fund's capital: one person proposes an act, another approves exactly that, and it is posted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from investors.domain.capital_act import ActContent, ActKind, ActLine
from investors.domain.capital_entries import capital_entries, capital_of, fee_entry, source_of_act
from investors.domain.errors import CapitalActRefused
from investors.domain.fund_class import class_asked
from investors.models import CapitalAct, CapitalDecision, CapitalLine, FundClass, Investor
from investors.queries import OF_GRANTS, capital_acts, preview_act
from investors.services.grants import book_grant
from investors.services.held_money import one_spends_held_money
from investors.services.participations import open_cash_account
from investors.services.proposals import approve_proposed, refuse_decided, why_declined
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import money_text
from ledger.queries import entries_by_source
from ledger.services import open_accounts, post, reverse

if TYPE_CHECKING:
    from ledger.models import Book

LONGEST_WORDS = 500
BEGINS_A_HOLDING = (ActKind.COMMITMENT, ActKind.TRANSFER, ActKind.MOVED_IN)


@transaction.atomic
def propose_act(
    *, book: Book, kind: ActKind, on: date, asked: Mapping[str, Any], words: str, by: AbstractBaseUser
) -> CapitalAct:
    """Propose an act on a fund's capital; nothing moves before it is approved.

    `asked` are the values of JSON that `investors.queries.preview_act` reads, amounts in minor units. Of each kind one
    may wait, and the same again is the one that waits. Raises CapitalActRefused and what `preview_act` raises.
    """
    one_spends_held_money(book)
    if not words.strip():
        raise CapitalActRefused(
            "Say what it is for: the second person, the investors and the auditor read it. Nothing was changed."
        )
    content = preview_act(book, kind, on, asked)
    waiting = capital_acts(book).filter(kind=kind, decision=None).first()
    if waiting is not None:
        return _same(waiting, content, words)
    return _keep(book, content, words.strip(), by)


@transaction.atomic
def pay_in(
    *,
    book: Book,
    fund_class: str,
    investor: str,
    amount: Money,
    on: date,
    words: str = "",
    key: str = "",
    by: AbstractBaseUser,
) -> CapitalAct:
    """Put money that is held for an investor to what was called of it. One person may, because the bank has the money.

    The same key again, where one is given, is the act that stands. Raises CapitalActRefused for another currency and
    for a key that did something else, AboveCash above what is held, ImpossibleCommitment above what is called and not
    paid in.
    """
    one_spends_held_money(book)
    if amount.currency.code != book.base_currency:
        raise CapitalActRefused(
            f"{money_text(amount)} is not in {book.base_currency}, the currency of {book}. Give what was called; "
            "nothing was changed."
        )
    asked = {"fund_class": fund_class, "investor": investor, "minor": to_minor(amount.amount, book.base_currency)}
    if key:
        asked["key"] = key
        if (earlier := _paid_in_under(book, key)) is not None:
            return _same_payment(earlier, asked, on)
    content = preview_act(book, ActKind.PAYMENT, on, asked)
    act = _keep(book, content, words.strip() or _paid_in_words(book, fund_class, investor), by)
    CapitalDecision.objects.create(act=act, outcome=CapitalDecision.Outcome.APPROVED, decided_by_id=by.pk)
    _post(act, content, by)
    return act


@transaction.atomic
def approve_act(*, act: CapitalAct, shown_sha256: str, by: AbstractBaseUser, reason: str = "") -> CapitalDecision:
    """Agree to exactly what was proposed, which is posted at once.

    Raises SameTwoEyes, and CapitalActRefused where it is decided, or would come to something else by now.
    """
    one_spends_held_money(act.book)
    refuse_decided(act, shown_sha256, CapitalActRefused)
    content = preview_act(act.book, act.what, act.effective_on, act.asked)
    if content.sha256 != act.content_sha256:
        raise CapitalActRefused(
            f"What {act} rests on has moved since it was proposed, so it would come to something else. Decline it and "
            "propose it anew; nothing was changed."
        )
    approval = approve_proposed(act, "capital-act", shown_sha256=shown_sha256, by=by, reason=reason)
    decision = CapitalDecision.objects.create(
        act=act,
        outcome=CapitalDecision.Outcome.APPROVED,
        reason=reason.strip(),
        approval=approval,
        decided_by_id=by.pk,
    )
    _post(act, content, by)
    return decision


@transaction.atomic
def decline_act(*, act: CapitalAct, shown_sha256: str, reason: str, by: AbstractBaseUser) -> CapitalDecision:
    """Say no, or take one's own proposal back, and say why. Raises CapitalActRefused."""
    one_spends_held_money(act.book)
    refuse_decided(act, shown_sha256, CapitalActRefused)
    return CapitalDecision.objects.create(
        act=act,
        outcome=CapitalDecision.Outcome.DECLINED,
        reason=why_declined(act, reason, CapitalActRefused),
        decided_by_id=by.pk,
    )


def _paid_in_under(book: Book, key: str) -> CapitalAct | None:
    paid = capital_acts(book).filter(
        kind=ActKind.PAYMENT, content__contains=f'"key":{json.dumps(key, ensure_ascii=False)}'
    )
    return next((one for one in paid if one.asked.get("key") == key), None)


def _same_payment(earlier: CapitalAct, asked: Mapping[str, Any], on: date) -> CapitalAct:
    if (earlier.asked, earlier.effective_on) != (asked, on):
        raise CapitalActRefused(
            f"What was asked has put money to a call already, as {earlier}, and says something else by now. Open the "
            "page anew; nothing was changed."
        )
    return earlier


def _same(waiting: CapitalAct, content: ActContent, words: str) -> CapitalAct:
    if (waiting.content_sha256, waiting.words) != (content.sha256, words.strip()):
        raise CapitalActRefused(
            f"{waiting} ({waiting.what.words}: {waiting.words}) waits for a decision. Have it approved or declined "
            "first; nothing was changed."
        )
    return waiting


def _keep(book: Book, content: ActContent, words: str, by: AbstractBaseUser) -> CapitalAct:
    """Keep an act with its lines, in two statements."""
    last = CapitalAct.objects.filter(book=book).order_by("-number").values_list("number", flat=True).first() or 0
    act = CapitalAct.objects.create(
        book=book,
        number=last + 1,
        kind=content.kind,
        effective_on=content.effective_on,
        words=words[:LONGEST_WORDS],
        content=content.text,
        content_sha256=content.sha256,
        line_count=len(content.lines),
        reverses=CapitalAct.objects.get(book=book, number=content.asked["act"])
        if content.kind is ActKind.REVERSAL
        else None,
        proposed_by_id=by.pk,
    )
    _keep_lines(book, act, content.lines)
    return act


def _keep_lines(book: Book, act: CapitalAct, lines: Sequence[ActLine]) -> None:
    classes = {one.code: one for one in FundClass.objects.filter(book=book)}
    wanted = {line.investor for line in lines}
    investors = {one.code: one for one in Investor.objects.filter(code__in=wanted)}
    if unknown := sorted(wanted - set(investors)):
        raise CapitalActRefused(
            f"No investor is registered under {', '.join(unknown)}. Register it first; nothing was changed."
        )
    CapitalLine.objects.bulk_create(
        CapitalLine(
            act=act,
            line_number=number,
            fund_class=classes[line.fund_class],
            investor=investors[line.investor],
            effect=line.effect,
            amount=line.minor,
            residue=line.residue,
            why=line.why,
        )
        for number, line in enumerate(lines, 1)
    )
    if act.what in BEGINS_A_HOLDING:
        for fund_class, investor in sorted({line.holder for line in lines}):
            open_cash_account(book, investors[investor])
            node, _, subject = capital_of(fund_class, investor).partition("/")
            open_accounts(book=book, node=node, subjects=[subject], on=book.opened_on)


def _post(act: CapitalAct, content: ActContent, by: AbstractBaseUser) -> None:
    """Post what an act moves, under its own key; of a reversal the mirror of what it reverses. A class is made."""
    if act.what is ActKind.CLASS:
        _make_class(act)
        return
    if act.what is ActKind.REVERSAL:
        _reverse_entries(act, by)
        return
    narrative = f"{act.what.words} ({act}): {act.words}"
    entries: list[JournalEntry] = capital_entries(
        act.what, act.number, act.effective_on, content.lines, act.book.base_currency, narrative
    )
    if act.what is ActKind.FEE:
        amount = from_minor(content.figures["amount"], act.book.base_currency)
        entries = [fee_entry(act.number, act.effective_on, amount, narrative)]
    if act.what in OF_GRANTS:
        entries = book_grant(act, narrative)
    if entries:
        post(entries, book=act.book, key=f"capital-act:{act.number}", by=by)


def _make_class(act: CapitalAct) -> None:
    """Keep the class that two people agreed on, as its act has it."""
    terms = class_asked(act.asked)
    FundClass.objects.create(
        book=act.book,
        code=terms.code,
        name=terms.name,
        rank=terms.rank,
        target_return=terms.target_return,
        return_cap=terms.return_cap,
        unpaid=terms.unpaid,
        takes_rest=terms.takes_rest,
        act=act,
    )


def _reverse_entries(act: CapitalAct, by: AbstractBaseUser) -> None:
    undone = act.reverses
    if undone is None:
        return
    for entry in entries_by_source(act.book, source_of_act(undone.number)):
        reverse(
            entry.pk,
            book=act.book,
            on=act.effective_on,
            reason=f"{act}: {act.words}"[:LONGEST_WORDS],
            key=f"capital-act:{act.number}:{entry.pk}",
            by=by,
        )


def _paid_in_words(book: Book, fund_class: str, investor: str) -> str:
    """By whom and to what, as people call them: the investor reads it too."""
    by = Investor.objects.filter(code=investor).values_list("name", flat=True).first() or investor
    to = FundClass.objects.filter(book=book, code=fund_class).values_list("name", flat=True).first() or fund_class
    return f"Paid in by {by} on calls to {to}"
