"""How are money, dates, shares and states written, and what do the components make of them?"""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from moneyed import Money

from commonweal import form_fields
from commonweal.components import Figure, JobShown, Link, NavItem
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from commonweal.templatetags import commonweal as tags


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(tags).failed == 0
    assert doctest.testmod(form_fields).failed == 0


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Money("1234.56", "GBP"), "£1,234.56"),
        (Money("0", "GBP"), "£0.00"),
        (Money("-0.01", "GBP"), "−£0.01"),
        (Money("35000", "GBP"), "£35,000.00"),
        (Money("1234567890123.45", "GBP"), "£1,234,567,890,123.45"),
        (Money("1.005", "GBP"), "£1.005"),  # a filter never rounds
        (Money("1E+3", "GBP"), "£1,000.00"),
        (Money("1234", "JPY"), "¥1,234"),
        (Money("1.5", "BHD"), "BHD\N{NO-BREAK SPACE}1.500"),
        (Money("-12.34", "EUR"), "−€12.34"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_money(value: Money | None, written: str) -> None:
    assert tags.money(value) == written


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(123456, "GBP", "£1,234.56"), (-5, "GBP", "−£0.05"), (1234, "JPY", "¥1,234"), (0, "GBP", "£0.00")],
)
def test_whole_numbers_are_minor_units(minor: int, currency: str, written: str) -> None:
    assert tags.money(minor, currency) == written


@pytest.mark.parametrize("value", [12.5, "12.50", True, Decimal("12.50"), 1250])
def test_money_refuses_what_it_could_only_guess(value: Any) -> None:
    with pytest.raises(TypeError):
        tags.money(value)


def test_money_refuses_what_is_no_number() -> None:
    with pytest.raises(TypeError, match="NaN is not an amount"):
        tags.money(Decimal("NaN"), "GBP")


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (Money("1234.5", "GBP"), None, "1,234.50"),
        (Money("-1234.5", "BHD"), None, "−1,234.500"),
        (Money("7", "JPY"), None, "7"),
        (-123456, "GBP", "−1,234.56"),
        (Decimal("0"), None, "0.00"),
        (1204, None, "1,204"),
        (None, None, "–"),
    ],
)
def test_figures_leave_the_currency_to_the_column_head(value: Any, currency: str | None, written: str) -> None:
    assert tags.figure(value, currency) == written


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("0.06"), None, "6%"),
        (Decimal("0.0625"), None, "6.25%"),
        (Decimal("0"), None, "0%"),
        (Decimal("-0.015"), None, "−1.5%"),
        (Decimal("1E+1"), None, "1,000%"),
        (Decimal("0.06"), 2, "6.00%"),
        (Decimal("0.072195"), 1, "7.2%"),
        (Decimal("0.00125"), 1, "0.1%"),
        (1, None, "100%"),
        (None, 2, "–"),
    ],
)
def test_percent(value: Decimal | None, places: int | None, written: str) -> None:
    assert tags.percent(value, places) == written


def test_dates() -> None:
    first = date(2026, 12, 1)
    assert tags.day(first) == "1 December 2026"
    assert tags.day_short(first) == "1 Dec 2026"
    assert tags.weekday_day(date(2026, 11, 23)) == "Monday 23 November 2026"
    assert tags.iso(first) == "2026-12-01"
    assert [tags.day(None), tags.day_short(None), tags.weekday_day(None), tags.iso(None)] == ["–", "–", "–", ""]


def test_moments_are_told_in_local_time() -> None:
    assert tags.moment(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026 at 00:30"
    assert tags.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert tags.moment(None) == "–"


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (-3, "good", "Paid to date"),
        (0, "good", "Paid to date"),
        (1, "early", "1–30 days late"),
        (30, "early", "1–30 days late"),
        (31, "late", "31–60 days late"),
        (60, "late", "31–60 days late"),
        (90, "late", "61–90 days late"),
        (91, "late", "Over 90 days late"),
    ],
)
def test_lateness(days: int, state: str, words: str) -> None:
    assert tags.late_tag(days) == f'<span class="tag is-{state}">{words}</span>'


def test_a_state_is_one_of_eight_and_its_words_are_escaped() -> None:
    assert tags.state_tag("good", "<Paid>") == '<span class="tag is-good">&lt;Paid&gt;</span>'
    with pytest.raises(ValueError, match="'green' is not a state; choose one of ask, closed"):
        tags.state_tag("green", "Paid")


def test_references_stay_on_one_line_and_the_rest_is_escaped() -> None:
    assert render("{{ text|unbroken }}", text="1310 <b>, L-0108") == (
        '1310 &lt;b&gt;, <span class="unbroken">L-0108</span>'
    )


def test_a_table_is_wrapped_in_a_named_region_that_the_keyboard_reaches() -> None:
    assert render("{% table_wrap name %}<table></table>{% endtable_wrap %}", name="Loans & more") == (
        '<div class="table-wrap" tabindex="0" role="region" aria-label="Loans &amp; more"><table></table></div>'
    )


def test_a_notice_speaks_only_when_it_answers() -> None:
    assert render('{% notice "late" %}<p>No</p>{% endnotice %}') == '<div class="notice is-late"><p>No</p></div>'
    assert 'role="status"' in render('{% notice "good" live=True %}<p>Done</p>{% endnotice %}')


def test_a_figure_leads_somewhere_only_if_it_has_an_address() -> None:
    figures = (Figure("Principal", "£1.00", url="/e/?a=1&b=2"), Figure("Late", "£0.00", state="late"))
    html = render_to_string("components/figures.html", {"figures": figures})
    assert '<dd class="value"><a class="figure-link" href="/e/?a=1&amp;b=2">£1.00</a></dd>' in html
    assert '<dd class="value is-late">£0.00</dd>' in html


def test_the_navigation_marks_the_place_and_says_what_a_count_means() -> None:
    items = (NavItem("Home", "/", current=True), NavItem("Messages", "/m/", count=2, count_word="new"))
    html = render_to_string("components/nav.html", {"nav_items": items, "nav_label": "Portal"})
    assert '<nav class="nav" aria-label="Portal">' in html
    assert '<a href="/" aria-current="page">Home</a>' in html
    assert 'Messages<span class="count">2<span class="hidden"> new</span></span>' in html


def test_the_last_breadcrumb_is_this_page() -> None:
    html = render_to_string("components/crumbs.html", {"crumbs": (Link("Loans", "/loans/"), Link("L-0108"))})
    assert '<li><a href="/loans/">Loans</a></li><li aria-current="page">L-0108</li>' in html


def test_pages_keep_the_filters() -> None:
    request = RequestFactory().get("/loans/", {"status": "late", "page": "2"})
    page = Paginator(range(1204), 50).page(2)
    html = Template('{% pages page "loans" %}').render(Context({"request": request, "page": page}))
    assert "51 to 100 of 1,204 loans" in html
    assert '<a href="?status=late&amp;page=3">3</a>' in html
    assert '<span aria-current="page">2</span>' in html


def test_a_single_page_has_no_links() -> None:
    assert "<ol>" not in render('{% pages page "loans" %}', page=Paginator(range(3), 50).page(1))


@pytest.mark.parametrize(("state", "over"), [("waiting", False), ("running", False), ("done", True), ("failed", True)])
def test_a_page_asks_again_only_while_work_goes_on(state: str, over: bool) -> None:
    job = JobShown("W-1", "Statements", state, "/jobs/1/", 360, 214, 2, "214 of 360 made.")
    html = render_to_string("components/job.html", {"job": job})
    assert ('hx-trigger="every 2s"' in html) is not over
    assert ("Look again" in html) is not over
    assert ("http-equiv" in render_to_string("components/job_refresh.html", {"job": job})) is not over
    bar = '<progress aria-labelledby="job-W-1-p" max="360" value="214">214 of 360</progress>'
    assert (bar in html, "214 of 360 were done by then." in html) == (state != "failed", state == "failed")


class Questions(PlainForm):
    """One field of each kind that has words of its own."""

    amount = MoneyField(noun="the drawdown", help_text="Up to £20,000.00.")
    rate = PercentField(noun="the nominal rate")
    on = DayField(noun="the drawdown date")
    reason = forms.CharField(label="Reason")
    people = forms.IntegerField(label="How many people?")
    shape = forms.ChoiceField(label="Shape", choices=[("", "–"), ("annuity", "Annuity")])
    told = forms.BooleanField(label="I have told them")
    paper = forms.FileField(label="Paper")


def test_what_is_missing_is_said_by_name() -> None:
    assert {name: errors[0] for name, errors in Questions({}).errors.items()} == {
        "amount": "Enter the drawdown",
        "rate": "Enter the nominal rate",
        "on": "Enter the drawdown date",
        "reason": "Enter the reason",
        "people": "Answer “How many people?”",
        "shape": "Choose an answer under “Shape”",
        "told": "Tick “I have told them”",
        "paper": "Choose a file for “Paper”",
    }


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12500", "12500"),
        ("12,500.00", "12500.00"),
        (" £12 500.5 ", "12500.5"),
        ("0.01", "0.01"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, amount: str) -> None:
    assert MoneyField(noun="the drawdown").clean(typed) == Money(amount, "GBP")


@pytest.mark.parametrize(
    "typed", ["12.500,00", "1,25", "12,5000", "1.005", "-5", "1e5", "NaN", "१२", "£", "ten", "9" * 21, "1 2"]
)
def test_amounts_that_could_be_read_in_two_ways_are_refused(typed: str) -> None:
    field = MoneyField(noun="the drawdown", required=False)
    if typed == "£":
        assert field.clean(typed) is None
        return
    with pytest.raises(forms.ValidationError, match=r"Enter the drawdown as pounds and pence, like 12,500\.00"):
        field.clean(typed)


def test_amounts_follow_their_currency() -> None:
    assert MoneyField(noun="it", currency="BHD").clean("1.125") == Money("1.125", "BHD")
    with pytest.raises(forms.ValidationError, match="an amount, like 12,500'"):
        MoneyField(noun="it", currency="JPY").clean("1.5")
    assert MoneyField(noun="it").prepare_value(Money("12500", "GBP")) == "12,500.00"


def test_percentages_are_fractions() -> None:
    field = PercentField(noun="the nominal rate")
    assert field.clean("6.25 %") == Decimal("0.0625")
    assert field.prepare_value(Decimal("0.0600")) == "6"
    with pytest.raises(forms.ValidationError, match=r"Enter the nominal rate as a percentage, like 6\.25"):
        field.clean("6,25")


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    html = str(Questions({"amount": "12.500,00"})["amount"].as_field_group())
    assert '<div class="field field--error"><label for="id_amount">Amount</label>' in html
    assert '<span class="hint" id="id_amount_helptext">Up to £20,000.00.</span>' in html
    assert '<span class="error" id="id_amount_error"><span class="hidden">Error: </span>Enter the drawdown as' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'value="12.500,00"' in html
    assert '<span class="affix"><span aria-hidden="true">£</span><input' in html


def test_the_error_summary_leads_to_each_field_and_puts_the_whole_form_first() -> None:
    form = Questions({})
    form.add_error(None, "The application changed since you opened it")
    html = render_to_string("components/error_summary.html", {"form": form})
    assert html.index("<li>The application changed") < html.index('<a href="#id_amount">Enter the drawdown</a>')
    assert 'role="alert"' in html
    assert "error-summary" not in render_to_string("components/error_summary.html", {"form": Questions()})


def test_radios_are_a_named_group_and_the_summary_leads_to_the_first() -> None:
    class Decision(PlainForm):
        decide = forms.ChoiceField(
            label="Decide", choices=[("a", "Approve"), ("d", "Decline")], widget=forms.RadioSelect
        )

    form = Decision({})
    html = str(form)
    assert '<fieldset class="field field--error" aria-describedby="id_decide_error"><legend>Decide</legend>' in html
    assert '<label for="id_decide_0">Approve</label>' in html
    assert 'href="#id_decide_0"' in render_to_string("components/error_summary.html", {"form": form})
