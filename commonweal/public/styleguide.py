"""Every component once in each state, for those who build pages and for the tests that look at them.

The people and the money are those of the demo story; nothing is read from the database.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from moneyed import Money

from commonweal.components import (
    Band,
    EntryLine,
    EntryShown,
    Fact,
    Figure,
    JobShown,
    Link,
    Moment,
    NavItem,
    ScheduleYear,
    Tab,
    Todo,
)
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from loans.domain.schedule import planned_schedule
from loans.domain.terms import annuity

DENSITIES = ("compact", "comfortable")

TAGS = (
    ("good", "Paid"),
    ("watch", "Part paid"),
    ("early", "1–30 days late"),
    ("late", "31–60 days late"),
    ("due", "Due"),
    ("pause", "Repayment holiday"),
    ("ask", "Waiting for a decision"),
    ("closed", "Written off"),
)

COLOURS = (
    ("paper", "ground of the page"),
    ("surface", "panels"),
    ("sunken", "current rows"),
    ("band", "harbour: the band"),
    ("brand", "what one may press"),
    ("brass", "here"),
    ("good", "done"),
    ("watch", "early, partial"),
    ("late", "late"),
    ("pause", "paused"),
)


class DrawdownForm(PlainForm):
    """One of each control, as a page would use them."""

    amount = MoneyField(noun="the drawdown", label="Drawdown", help_text="Up to £20,000.00 is undrawn.")
    on = DayField(noun="the drawdown date", label="Drawdown date")
    rate = PercentField(noun="the nominal rate", label="Nominal rate")
    shape = forms.ChoiceField(label="Shape", choices=[("annuity", "Annuity"), ("equal", "Equal principal")])
    reason = forms.CharField(
        label="Reason", help_text="The board and the auditor read this.", widget=forms.Textarea(attrs={"rows": 3})
    )
    decision = forms.ChoiceField(
        label="Decide",
        widget=forms.RadioSelect,
        choices=[("approve", "Approve"), ("back", "Send back with a comment"), ("decline", "Decline")],
    )
    told = forms.BooleanField(label="I have told the business", required=False)
    paper = forms.FileField(label="Paper", help_text="A PDF of up to 10 MB.", required=False)


def _refused_form() -> DrawdownForm:
    """The form as it comes back with two mistakes: nothing that was typed is lost."""
    typed = {"bad-amount": "12.500,00", "bad-on": "2026-10-30", "bad-rate": "6", "bad-shape": "annuity"}
    form = DrawdownForm(typed | {"bad-reason": "Stock for Christmas"}, prefix="bad")
    form.add_error("on", "The drawdown date is in October 2026, which is closed; choose 1 November 2026 or later")
    return form


def _money() -> dict[str, Any]:
    """Figures, facts and the journal entry of the November instalment of L-0108."""
    return {
        "figures": (
            Figure("Principal outstanding", "£25,576.12", "of £35,000.00 lent", "#entries"),
            Figure("In arrears", "£676.65", "oldest unpaid 2 November, 21 days", "#schedule", "late"),
            Figure("Next instalment", "£676.65", "Tuesday 1 December 2026", "#schedule"),
            Figure("Accrued since 2 November", "£89.52", "6% a year, 30E/360, 21 days"),
        ),
        "facts": (
            Fact("Left on the loan", "£25,576.12", number=True, url="#entries"),
            Fact("Interest, 2 to 30 November", "£123.62", note="6% a year, 29 days", number=True),
            Fact("Fee for paying early", "£0.00", number=True),
            Fact("You would pay", "£25,699.74", total=True),
        ),
        "entries": (
            EntryShown(
                "E-418 · Repayment received, L-0108",
                (
                    EntryLine("2010 Suspense: unmatched bank lines", debit="676.65", url="#entries"),
                    EntryLine("1320 Interest receivable, L-0108", credit="130.61"),
                    EntryLine("1310 Loan principal, L-0108", credit="546.04"),
                ),
                "676.65",
                "676.65",
            ),
        ),
        "rate": Decimal("0.0625"),
    }


def _schedule() -> dict[str, Any]:
    """Two years of a schedule, three payments in all."""
    lent = Money("900.00", "GBP")
    terms = annuity(lent, Decimal("0.06"), 3, date(2026, 11, 1))
    rows = planned_schedule(terms)
    years = [
        ScheduleYear(label, part, part[0].interest, part[0].principal, part[0].total, part[-1].balance)
        for label, part in (("Year 1", rows[:1]), ("Year 2", rows[1:2]), ("Year 3", rows[2:]))
    ]
    interest = sum((row.interest for row in rows), lent * 0)
    return {"years": years, "lent": lent, "interest": interest, "repaid": lent + interest}


def _work() -> dict[str, Any]:
    """What waits, what happened, and long work in each of its states."""
    return {
        "todos": (
            Todo(1, "Application waiting for a decision", "#", "Millrace Makers Co-operative, £20,000.00", "4 days"),
            Todo(1, "Loan newly late", "#", "Harbour Lights Nursery CIC, £1,015.75", "12 days late", "early"),
            Todo(0, "Failed runs", "#", "Statements for 2026-Q3 finished in 41 seconds"),
        ),
        "moments": (
            Moment(date(2026, 11, 20), "Instalment 20 not received", "Direct Debit returned.", state="late"),
            Moment(date(2026, 11, 2), "£676.65 received", "Instalment 18.", "#entries", state="done"),
            Moment(date(2026, 12, 15), "Your yearly return", "Four questions.", "#", when="By 15 December"),
        ),
        "jobs": (
            JobShown("waiting", "Statements, 2026-Q3", "waiting", "", message="Waiting for a worker."),
            JobShown(
                "running", "Statements, 2026-Q2", "running", "", 360, 214, 2, "214 of 360 made, 2 failed.", "", "#"
            ),
            JobShown(
                *("part", "Statements, 2026-Q1", "done", "", 360, 360, 2, "358 of 360 made, 2 failed.", "#"),
                problems=("L-0099: the loan is written off", "TST: no postal address"),
            ),
            JobShown(
                *("done", "Bank file of 20 November", "done", "", 7, 7, 0, "7 lines, all matched."),
                result_url="#",
                result_label="See the lines",
            ),
            JobShown("failed", "Bank file of 19 November", "failed", "", message="Refused: it is for another account."),
        ),
    }


def _places(density: str) -> dict[str, Any]:
    """The frame: band, navigation, breadcrumbs, tabs, pages."""
    nav = (NavItem("Home", "#"), NavItem("Applications", "#", count=2), NavItem("Loans", "#", current=True))
    return {
        "density": density,
        "densities": DENSITIES,
        "band": Band(url="/styleguide/", fund="Harbour & Hills Community Fund", person="Tom Ashworth", search_url="#"),
        "nav_items": (*nav, NavItem("Repayments", "#", count=3), NavItem("Investors", "#"), NavItem("Ledger", "#")),
        "nav_label": "Desk",
        "crumbs": (Link("Home", "#"), Link("Loans", "#"), Link("Styleguide")),
        "foot": (Link("Close of business: Friday 20 November 2026"), Link("Talk to a person: 01632 960 417", "#")),
        "tabs": (
            Tab("Position", "#", current=True),
            Tab("Terms", "#"),
            Tab("Documents", "#", count=9),
            Tab("Ledger", "#"),
        ),
        "page": Paginator(range(1204), 50).page(2),
        "key": ({"label": "Principal", "css": "f1"}, {"label": "Interest", "css": "f3"}),
    }


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; `?density=comfortable` shows them as the portals do."""
    asked = request.GET.get("density", "")
    density = asked if asked in DENSITIES else DENSITIES[0]
    shown = {"tags": TAGS, "colours": COLOURS, "blank": DrawdownForm(prefix="new"), "refused": _refused_form()}
    return render(request, "public/styleguide.html", shown | _places(density) | _money() | _schedule() | _work())
