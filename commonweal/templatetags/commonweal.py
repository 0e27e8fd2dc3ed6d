"""How money, dates, shares and states are written on a page, and the small components that wrap markup.

Money keeps every digit it has: a filter never rounds an amount. Dates are written as people say them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.utils.dateformat import format as format_date
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from moneyed import Money, get_currency

register = template.Library()

ABSENT = "–"
MINUS = "\N{MINUS SIGN}"
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}
THEMES = {"light", "dark"}
STATES = {"good", "watch", "early", "late", "due", "pause", "ask", "closed"}


def minor_digits(currency: str) -> int:
    """How many decimals a currency is written with.

    >>> minor_digits("GBP"), minor_digits("JPY"), minor_digits("BHD")
    (2, 0, 3)
    """
    return len(str(get_currency(currency).sub_unit)) - 1


def _grouped(amount: Decimal, digits: int) -> str:
    """Digits grouped by thousands with at least `digits` decimals, without a sign and without rounding."""
    exponent = amount.normalize().as_tuple().exponent
    if not isinstance(exponent, int):
        raise TypeError(f"{amount} is not an amount")
    return f"{abs(amount):,.{max(digits, -exponent)}f}"


def _signed(amount: Decimal, text: str) -> str:
    return f"{MINUS}{text}" if amount < 0 else text


def _amount(value: Money | Decimal | int, currency: str | None) -> tuple[Decimal, str | None]:
    """The amount in whole units and its currency; an int with a currency counts minor units, as the ledger does."""
    if isinstance(value, Money):
        return value.amount, value.currency.code
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise TypeError(f"{value!r} is a {type(value).__name__}; money is a Money, a Decimal or whole minor units")
    if isinstance(value, int) and currency:
        return Decimal(value).scaleb(-minor_digits(currency)), currency
    return Decimal(value), currency


@register.filter
def money(value: Money | Decimal | int | None, currency: str | None = None) -> str:
    """An amount with its currency; an int is read as minor units of the currency given.

    >>> money(Money("-1234.5", "GBP")), money(123456, "GBP"), money(None)
    ('−£1,234.50', '£1,234.56', '–')
    """
    if value is None or value == "":
        return ABSENT
    amount, code = _amount(value, currency)
    if code is None:
        raise TypeError(f'{value!r} has no currency; write for example |money:"GBP"')
    symbol = SYMBOLS.get(code, f"{code}\N{NO-BREAK SPACE}")
    return _signed(amount, symbol + _grouped(amount, minor_digits(code)))


@register.filter
def figure(value: Money | Decimal | int | None, currency: str | None = None) -> str:
    """An amount without its currency, for a column whose head carries it; an int without a currency is a count.

    >>> figure(Money("0", "GBP")), figure(-5, "GBP"), figure(1204), figure(Decimal("1234.5"))
    ('0.00', '−0.05', '1,204', '1,234.50')
    """
    if value is None or value == "":
        return ABSENT
    amount, code = _amount(value, currency)
    counted = 0 if isinstance(value, int) else 2
    return _signed(amount, _grouped(amount, minor_digits(code) if code else counted))


@register.filter
def percent(value: Decimal | int | None, places: int | None = None) -> str:
    """A fraction as a percentage with as few decimals as it needs, or exactly `places` of them.

    >>> percent(Decimal("0.0600")), percent(Decimal("0.0625")), percent(Decimal("0.06"), 2), percent(1)
    ('6%', '6.25%', '6.00%', '100%')
    """
    if value is None or value == "":
        return ABSENT
    hundredths = _amount(value, None)[0] * 100
    if places is not None:
        hundredths = hundredths.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    text = f"{abs(hundredths):,f}" if places is not None else _grouped(hundredths, 0)
    return f"{_signed(hundredths, text)}%"


@register.filter
def owed(value: Money) -> Money:
    """A liability's balance as its creditor sees it: what the fund owes, and the ledger credits, is positive."""
    return -value


@register.filter
def plain(value: Decimal | int | None) -> str:
    """A counted or measured number without decimals that say nothing: 1,240 and 62.5.

    >>> plain(Decimal("1240.0000")), plain(Decimal("62.50"))
    ('1,240', '62.5')
    """
    if value is None or value == "":
        return ABSENT
    amount = _amount(value, None)[0]
    return _signed(amount, _grouped(amount, 0))


def _local(value: date) -> date:
    return localtime(value) if isinstance(value, datetime) and is_aware(value) else value


def _written(value: date | None, pattern: str) -> str:
    return format_date(_local(value), pattern) if value else ABSENT


@register.filter
def day(value: date | None) -> str:
    """A date in running text: 1 December 2026."""
    return _written(value, "j F Y")


@register.filter
def day_short(value: date | None) -> str:
    """A date in a table cell: 1 Dec 2026."""
    return _written(value, "j M Y")


@register.filter
def span(first: date, last: date) -> str:
    """The days from one to another as people call them, whole months by their names.

    >>> span(date(2026, 10, 1), date(2026, 10, 31)), span(date(2026, 7, 1), date(2026, 9, 30))
    ('October 2026', 'July to September 2026')
    >>> span(date(2026, 4, 15), date(2026, 4, 30))
    '15 Apr 2026 to 30 Apr 2026'
    >>> span(date(2026, 4, 15), date(2026, 4, 15))
    '15 April 2026'
    """
    if first == last:
        return day(first)
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return f"{day_short(first)} to {day_short(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return _written(first, "F Y")
    return f"{_written(first, 'F' if first.year == last.year else 'F Y')} to {_written(last, 'F Y')}"


@register.filter
def weekday_day(value: date | None) -> str:
    """A date on which somebody acts: Monday 23 November 2026."""
    return _written(value, "l j F Y")


@register.filter
def moment(value: datetime | None) -> str:
    """A recorded time: 2 November 2026 at 23:10."""
    return f"{_written(value, 'j F Y')} at {_written(value, 'H:i')}" if value else ABSENT


@register.filter
def iso(value: date | None) -> str:
    """A date for machines, as `datetime` attributes and date inputs want it: 2026-12-01."""
    return value.isoformat() if value else ""


@register.filter
def fingerprint(value: str | None, groups: int = 2) -> str:
    """A long hash as people compare it: its first and last groups of four.

    >>> fingerprint("9f4c2d71" + "0" * 52 + "12ab")
    '9f4c 2d71 … 12ab'
    """
    if not value:
        return ABSENT
    head = " ".join(value[4 * i : 4 * i + 4] for i in range(groups))
    return head if len(value) <= 4 * groups else f"{head} … {value[-4:]}"


REFERENCE = re.compile(r"\b[A-Z]{1,4}-\d[\d-]*")


@register.filter(needs_autoescape=True)
def unbroken(text: str, autoescape: bool = True) -> SafeString:
    """A text in which references such as L-0108 stay on one line.

    >>> unbroken("Principal, L-0108 & more")
    'Principal, <span class="unbroken">L-0108</span> &amp; more'
    """
    escaped = conditional_escape(text) if autoescape else text
    return SafeString(REFERENCE.sub(r'<span class="unbroken">\g<0></span>', escaped))


@register.simple_tag
def state_tag(state: str, words: str) -> SafeString:
    """A state as a word and a shape; `state` is one of good, watch, early, late, due, pause, ask, closed."""
    if state not in STATES:
        raise ValueError(f"{state!r} is not a state; choose one of {', '.join(sorted(STATES))}")
    return format_html('<span class="tag is-{}">{}</span>', state, words)


def lateness(days: int) -> tuple[str, str]:
    """The state and the words for days past due, in the bands that the desk reports.

    >>> lateness(0), lateness(30), lateness(31), lateness(91)
    (('good', 'Paid to date'), ('early', '1–30 days late'), ('late', '31–60 days late'), ('late', 'Over 90 days late'))
    """
    if days <= 0:
        return "good", "Paid to date"
    for first, last in ((1, 30), (31, 60), (61, 90)):
        if days <= last:
            return ("early" if first == 1 else "late"), f"{first}–{last} days late"
    return "late", "Over 90 days late"


@register.simple_tag
def late_tag(days: int) -> SafeString:
    """Days past due as a word and a shape: amber up to 30 days, brick from 31."""
    return state_tag(*lateness(days))


@register.simple_tag
def figure_link(text: str, url: str = "") -> SafeString | str:
    """A figure that leads to the entries that make it; without an address the figure alone."""
    return format_html('<a class="figure-link" href="{}">{}</a>', url, text) if url else text


@register.simple_block_tag
def table_wrap(content: str, label: str) -> SafeString:
    """A named, focusable region in which a wide table scrolls, so that the page does not."""
    return format_html('<div class="table-wrap" tabindex="0" role="region" aria-label="{}">{}</div>', label, content)


@register.simple_block_tag
def notice(content: str, tone: str = "", live: bool = False) -> SafeString:
    """A message in the page; `tone` as for `state_tag`, `live` for one that answers what the reader just did."""
    css = f"notice is-{tone}" if tone else "notice"
    role = SafeString(' role="status"') if live else ""
    return format_html('<div class="{}"{}>{}</div>', css, role, content)


@register.simple_tag(takes_context=True)
def theme_choice(context: Context) -> str:
    """The reader's choice, "light" or "dark", or "" where the device decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else context.get("theme", "")
    return chosen if chosen in THEMES else ""


def _page_address(context: Context, parameter: str, number: int | str) -> str:
    """The address of another page of the same list, with the reader's filters kept."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[parameter] = str(number)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], things: str, parameter: str = "page") -> dict[str, Any]:
    """Which rows are shown, of how many, and the way to the others; filters in the address are kept."""
    steps = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        leads = isinstance(number, int) and number != page.number
        url = _page_address(context, parameter, number) if leads else ""
        steps.append({"label": number, "url": url, "current": number == page.number})
    return {"page": page, "things": things, "steps": steps}
