"""What the fund says that outcomes are worth: its proxies, proposing another, and a second person's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from borrowers.models import Indicator
from borrowers.queries import asked_indicators
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import offer, refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from commonweal.templatetags.commonweal import percent
from investors.domain.value import Deductions, Proxy
from investors.models import ValueProxy
from investors.queries import value_proxies
from investors.services import ProxyTerms, approve_proxy, decline_proxy, propose_proxy

if TYPE_CHECKING:
    from ledger.models import Book

PAGE = "desk:proxies"


class ProxyForm(PlainForm):
    """What one unit is worth, who says so, and what is taken off."""

    indicator = forms.ModelChoiceField(label="One unit of", queryset=Indicator.objects.none())
    amount = MoneyField(noun="the amount", label="Is said to be worth")
    source = forms.CharField(
        label="Who says so, and where", max_length=300, help_text="Every statement that uses it prints this."
    )
    as_of = DayField(noun="the day of the prices", label="In prices of")
    valid_from = DayField(noun="the first day", label="Counts from", help_text="For statements that end then or later.")
    valid_to = DayField(noun="the day after the last", label="Up to, but not including", required=False)
    deadweight = PercentField(noun="the deadweight", label="Deadweight", help_text="Would have happened anyway.")
    others = PercentField(
        noun="the attribution to others", label="Attribution to others", help_text="Owed to what others did as well."
    )
    displacement = PercentField(noun="the displacement", label="Displacement", help_text="Only moved from elsewhere.")
    drop_off = PercentField(
        noun="the drop-off", label="Drop-off a year", help_text="Lost with each year after the first."
    )

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, book.base_currency)
        offer(self, "indicator", asked_indicators())

    def terms(self) -> ProxyTerms:
        """The proxy as the service takes it. Raises ValueProxyRefused."""
        said = self.cleaned_data
        taken = Deductions(**{name: said[name] for name in ("deadweight", "others", "displacement", "drop_off")})
        proxy = Proxy(said["amount"], said["source"], said["as_of"], taken)
        return ProxyTerms(said["indicator"].code, proxy, said["valid_from"], said["valid_to"])


class DecideProxyForm(PlainForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("approve", "Approve"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


def proxies(request: PersonRequest, book: str) -> HttpResponse:
    """Every proxy with what became of it, and proposing another."""
    of = book_of(request, book)
    return download(request, _sheet(of)) or _page(request, of, ProxyForm(book=of))


def proxy_new(request: PersonRequest, book: str) -> HttpResponse:
    """Propose what one unit is worth."""
    of = book_of(request, book)
    form = ProxyForm(request.POST, book=of)
    if form.is_valid():
        with refusals_in(form):
            made = propose_proxy(book=of, terms=form.terms(), by=request.user)
            messages.success(
                request, f"The {made} waits for a colleague. Until then no statement prints a value by it."
            )
            return redirect(PAGE, of.code)
    return _page(request, of, form)


def proxy_decide(request: PersonRequest, book: str, proxy: int) -> HttpResponse:
    """Approve exactly what was shown, or decline it with a reason."""
    of = book_of(request, book)
    found: ValueProxy = get_object_or_404(value_proxies(of), pk=proxy)
    form = DecideProxyForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            shown = request.POST.get("sha256", "")
            if form.cleaned_data["decision"] == "approve":
                approve_proxy(proxy=found, shown_sha256=shown, by=request.user)
                messages.success(request, f"The {found} counts now, with its source and every deduction beside it.")
            else:
                reason = form.cleaned_data["reason"]
                decline_proxy(proxy=found, shown_sha256=shown, reason=reason, by=request.user)
                messages.success(request, f"The {found} is declined.")
            return redirect(PAGE, of.code)
    return _page(request, of, ProxyForm(book=of), refused=form, about=found)


def _page(
    request: PersonRequest, of: Book, form: ProxyForm, refused: DecideProxyForm | None = None, about: Any = None
) -> HttpResponse:
    every = list(value_proxies(of))
    deciding = [
        (one, one.proxy.deductions.named, refused if about == one else DecideProxyForm(auto_id=f"d{one.pk}_%s"))
        for one in every
        if one.state == "waiting"
    ]
    context = {
        "every": [(one, one.proxy.deductions.named) for one in every],
        "deciding": deciding,
        "form": refused or form,
        "new": form,
        "why_not_propose": why_not(request.user, "desk:proxy-new", "POST", book=of.pk),
        "why_not_decide": why_not(request.user, "desk:proxy-decide", "POST", book=of.pk),
    }
    crumbs = [Link("Impact", reverse("desk:impact", args=[of.code])), Link("What outcomes are worth")]
    return desk_page(request, "desk/impact/proxies.html", of, section="desk:impact", crumbs=crumbs, context=context)


def _sheet(of: Book) -> Sheet:
    headings = (
        "Indicator",
        "Amount",
        "Currency",
        "Source",
        "Prices of",
        "From",
        "Up to",
        *NAMES,
        "State",
        "Proposed by",
    )
    rows = [
        (
            *(one.indicator.code, one.unit_money.amount, one.currency, one.source, one.as_of, one.valid_from),
            *(
                one.valid_to,
                *(percent(part) for _, part in one.proxy.deductions.named),
                one.state,
                one.proposed_by.name,
            ),
        )
        for one in value_proxies(of)
    ]
    return Sheet(f"proxies-{of.code}", headings, rows)


NAMES = ("Deadweight", "Attribution to others", "Displacement", "Drop-off a year")
