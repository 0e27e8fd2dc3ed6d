"""Keeping what a fund says that outcomes are worth: one person proposes a proxy, another agrees to exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from borrowers.domain.names import refuse_hidden_signs
from borrowers.queries import indicators
from investors.domain.errors import ValueProxyRefused
from investors.domain.value import Proxy, proxy_sha256, six_places
from investors.models import ValueProxy, ValueProxyDecision
from investors.queries.value import approved_proxies
from investors.services.proposals import approve_proposed
from ledger.domain.money import to_minor
from ledger.domain.words import date_text
from ledger.services import hold_book

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class ProxyTerms:
    """A proxy with the indicator's code, and from which day on and up to which, not included, it counts."""

    indicator: str
    proxy: Proxy
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def propose_proxy(*, book: Book, terms: ProxyTerms, by: AbstractBaseUser) -> ValueProxy:
    """Propose what one unit is worth; the same again is the proposal that waits. Raises ValueProxyRefused."""
    hold_book(book=book)
    proxy, indicator = terms.proxy, indicators().filter(code=terms.indicator).first()
    if indicator is None:
        raise ValueProxyRefused(
            "indicator",
            f"There is no indicator “{terms.indicator}”. Choose one of those there are; nothing was changed.",
        )
    _refuse_odd(book, terms)
    unit, taken = proxy.unit, proxy.deductions
    amount, currency = to_minor(unit.amount, unit.currency.code), unit.currency.code
    source = proxy.source.strip()
    sha256 = proxy_sha256(
        *(book.pk, indicator.pk, amount, currency, source, proxy.as_of.isoformat(), terms.valid_from.isoformat()),
        terms.valid_to.isoformat() if terms.valid_to else "open",
        *(six_places(part) for _, part in taken.named),
    )
    waiting = ValueProxy.objects.filter(book=book, content_sha256=sha256, decision=None).first()
    if waiting is not None:
        return waiting
    made = ValueProxy(
        book=book,
        indicator=indicator,
        amount=amount,
        currency=currency,
        source=source,
        as_of=proxy.as_of,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        deadweight=taken.deadweight,
        others=taken.others,
        displacement=taken.displacement,
        drop_off=taken.drop_off,
        content_sha256=sha256,
        proposed_by_id=by.pk,
    )
    _refuse_overlap(made)
    made.save(force_insert=True)
    return made


@transaction.atomic
def approve_proxy(*, proxy: ValueProxy, shown_sha256: str, by: AbstractBaseUser) -> ValueProxyDecision:
    """Agree that exactly what was proposed counts. Raises SameTwoEyes, and ValueProxyRefused where it is decided, is
    not what was shown, or overlaps with another."""
    hold_book(book=proxy.book)
    _refuse_decided(proxy, shown_sha256)
    _refuse_overlap(proxy)
    approval = approve_proposed(proxy, "value-proxy", shown_sha256=shown_sha256, by=by)
    return ValueProxyDecision.objects.create(
        proxy=proxy, outcome=ValueProxyDecision.Outcome.APPROVED, approval=approval, decided_by_id=by.pk
    )


@transaction.atomic
def decline_proxy(*, proxy: ValueProxy, shown_sha256: str, reason: str, by: AbstractBaseUser) -> ValueProxyDecision:
    """Say no, or take one's own proposal back, and say why. Raises ValueProxyRefused."""
    hold_book(book=proxy.book)
    _refuse_decided(proxy, shown_sha256)
    if not reason.strip():
        raise ValueProxyRefused(
            "reason", "Say why it is declined: its maker and the auditor read it. Nothing was changed."
        )
    return ValueProxyDecision.objects.create(
        proxy=proxy, outcome=ValueProxyDecision.Outcome.DECLINED, reason=reason.strip(), decided_by_id=by.pk
    )


def _refuse_odd(book: Book, terms: ProxyTerms) -> None:
    refuse_hidden_signs(terms.proxy.source)
    currency = terms.proxy.unit.currency.code
    if currency != book.base_currency:
        raise ValueProxyRefused(
            "amount",
            f"{book} states its impact in {book.base_currency}, not in {currency}. Give the amount in "
            f"{book.base_currency}; nothing was changed.",
        )
    if terms.valid_to is not None and terms.valid_to <= terms.valid_from:
        raise ValueProxyRefused(
            "valid_to",
            f"It would end on {date_text(terms.valid_to)}, before it counts from {date_text(terms.valid_from)}. "
            "Correct the days; nothing was changed.",
        )


def _refuse_overlap(made: ValueProxy) -> None:
    others = approved_proxies(made.book).filter(indicator=made.indicator)
    others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=made.valid_from))
    if made.valid_to is not None:
        others = others.filter(valid_from__lt=made.valid_to)
    if (one := others.order_by("valid_from").first()) is not None:
        until = f"to before {date_text(one.valid_to)}" if one.valid_to else "on, without an end"
        raise ValueProxyRefused(
            "valid_from",
            f"{made.indicator} has a proxy from {date_text(one.valid_from)} {until}; two would count at once. Choose "
            "days that it leaves free; nothing was changed.",
        )


def _refuse_decided(proxy: ValueProxy, shown_sha256: str) -> None:
    if ValueProxyDecision.objects.filter(proxy=proxy).exists():
        raise ValueProxyRefused("", f"The {proxy} is decided already. Look at it again; nothing was changed.")
    if proxy.content_sha256 != shown_sha256:
        raise ValueProxyRefused("", f"The {proxy} is not what you were shown. Look at it again; nothing was changed.")
