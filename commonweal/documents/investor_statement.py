"""An investor's statement: the figures at a glance and charts whose titles say what they show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from commonweal.capital_words import commitment_facts, cover_words, earned_facts, rate_words, times
from commonweal.components import Fact
from commonweal.documents import charts
from commonweal.documents.glance import Glance, glance_outcome
from commonweal.documents.impact import impact_context
from commonweal.documents.words import counted, listed, period, symbol
from commonweal.templatetags.commonweal import ABSENT, day, money, percent
from investors.class_statements import ClassHolding
from investors.domain.capital_holding import OpenCall
from investors.statements import InvestorStatement

TEMPLATE = "documents/investor_statement.html"
TAX = (
    "This statement carries no tax figures. Certificates of interest, and of community investment tax relief where you "
    "have it, are documents of their own, one for each tax year: ask the fund, or look among your documents."
)
SEALED = "This statement knows the entries that this seal covers, and no later ones:"
FIGURES = (
    "The codes that begin with E are journal entries{more}; the fund shows them on request. All dates are those of the "
    "fund’s books."
)
DISCLAIMER = "Not advice, and not an offer to invest. Past repayment does not promise future repayment."


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A class with what stands of it, what protects it in a sentence, and how far it is drawn as a chart."""

    one: ClassHolding
    commitment: Sequence[Fact]
    earned: Sequence[Fact]
    cover: str
    calls: Sequence[tuple[OpenCall, int]]
    """Each call that is open, with the days by which it is late."""

    chart: SafeString | str


def context(statement: InvestorStatement) -> dict[str, Any]:
    """What the template needs beside the statement itself."""
    named = period(statement.head.period_start, statement.head.period_end)
    return {
        "statement": statement,
        "head": statement.head,
        "period": named,
        "period_name": period_name(named),
        "participations": counted(len(statement.holdings), "loan", "loans") if statement.holdings else "none yet",
        "sign": symbol(statement.currency),
        "totals": statement.totals,
        "returned": -statement.totals.returned,
        "lost": -statement.totals.lost,
        "glance": glance(statement),
        "classes": [_class_page(one, number) for number, one in enumerate(statement.classes, start=1)],
        "class_names": listed(one.name for one in statement.classes),
        "show_loans": not statement.is_of_classes_alone,
        "basis": " ".join(_basis(statement)),
        "thousand": f"{symbol(statement.currency)}1,000",
        "tax": TAX,
        "made": f"By {statement.head.issuer.name} from its books and the borrowers’ returns, on "
        f"{day(statement.head.issued_on)}, {statement.head.status}.",
        "sealed": SEALED,
        "figures": FIGURES.format(
            more=", those that begin with C acts on the fund’s capital" if statement.classes else ""
        ),
        "disclaimer": DISCLAIMER,
        **(impact_context(statement.impact) if statement.impact else {}),
        "charts": {
            "principal": principal_chart(statement),
            "places": places_chart(statement),
            "back": back_chart(statement),
        },
    }


def period_name(named: str) -> str:
    """`The quarter`, `The year`; `The period` for one that has no name."""
    first = named.split(" to ")[0]
    return f"The {first.lower()}" if first.isalpha() or first == "Half-year" else "The period"


def glance(statement: InvestorStatement) -> list[list[Glance]]:
    """Six figures, and three more where the investor has both parts of loans and capital of the fund."""
    if statement.is_of_classes_alone:
        return [glance_capital(statement), glance_classes(statement)]
    of_capital = [glance_capital(statement)] if statement.classes else []
    return [glance_money(statement), glance_outcomes(statement), *of_capital]


def glance_capital(statement: InvestorStatement) -> list[Glance]:
    """What the capital accounts stand at, what was distributed in the period, and what is held or may be called."""
    nought = 0 * statement.capital
    income = sum((one.income_paid for one in statement.classes), nought)
    returned = sum((one.capital_returned for one in statement.classes), nought)
    may_be_called = sum((one.held.commitment.callable for one in statement.classes), nought)
    last = (
        Glance(money(statement.cash.closing), "held for you", "not yet lent or paid out")
        if statement.is_of_classes_alone
        else Glance(money(may_be_called), "may still be called", "of your commitments to the fund")
    )
    return [
        Glance(
            money(statement.capital),
            "your capital in the fund",
            f"on {day(statement.head.last_day)}; ties to the ledger",
        ),
        Glance(money(income + returned), "distributed to you", f"{money(income)} income, {money(returned)} capital"),
        last,
    ]


def glance_classes(statement: InvestorStatement) -> list[Glance]:
    """Of capital alone: the commitment, and of a single class its multiple and its rate."""
    nought = 0 * statement.capital
    stands = [one.held.commitment for one in statement.classes]
    drawn, committed = (sum((getattr(one, name) for one in stands), nought) for name in ("drawn", "amount"))
    may_be_called = sum((one.callable for one in stands), nought)
    found = [Glance(money(committed), "your commitment", f"{money(drawn)} of it is drawn")]
    if len(statement.classes) > 1:
        return [*found, *(_worth(one) for one in statement.classes[:2])]
    earned = statement.classes[0].held.earned
    parts = f"DPI {times(earned.multiples.dpi)}, RVPI {times(earned.multiples.rvpi)}"
    multiple = Glance(times(earned.multiples.tvpi), "paid out and standing, to what you paid in", parts)
    if earned.rate is None:
        return [*found, multiple, Glance(money(may_be_called), "may still be called", "of your commitment")]
    return [*found, multiple, Glance(rate_words(earned), "rate of return", earned.words)]


def _worth(one: ClassHolding) -> Glance:
    found = one.held.earned.multiples
    return Glance(money(one.account.closing), f"in {one.name}", f"TVPI {times(found.tvpi)}")


def glance_money(statement: InvestorStatement) -> list[Glance]:
    """Principal, what came back, and what is due to the investor."""
    totals, head = statement.totals, statement.head
    back = f"{money(totals.returned)} principal, {money(totals.interest_received)} interest"
    return [
        Glance(
            money(totals.closing),
            "lent for you to community businesses",
            f"on {day(head.last_day)}; ties to the ledger",
        ),
        Glance(money(totals.returned + totals.interest_received), "came back to you", back),
        Glance(money(statement.cash.closing), "held for you", "not yet lent or paid out"),
    ]


def glance_outcomes(statement: InvestorStatement) -> list[Glance]:
    """The first two outcomes and how much of the principal is late; what stands in for a missing one says so."""
    businesses = {holding.borrower for holding in statement.holdings}
    stand_ins = [
        Glance(
            str(len(businesses)), "community business" + "es" * (len(businesses) != 1) + " financed", "from the ledger"
        ),
        Glance(ABSENT, "no outcome reported yet", "nothing is estimated"),
    ]
    found = [one for one in statement.impact.outcomes if one.supported is not None] if statement.impact else []
    outcomes = [glance_outcome(outcome) for outcome in found[:2]]
    late = sum((holding.closing.amount for holding in statement.late), Decimal(0))
    closing = statement.totals.closing.amount
    words = f"{counted(len(statement.late), 'loan', 'loans')} of {len(statement.holdings)} with anything late"
    part = percent(late / closing, 1) if closing else ABSENT
    return [*outcomes, *stand_ins[: 2 - len(outcomes)], Glance(part, "of your principal is in late loans", words)]


def _basis(statement: InvestorStatement) -> Iterator[str]:
    if not statement.is_of_classes_alone:
        yield "Principal before any allowance for losses;"
        yield "interest when a payment falls due, nothing accrued in between."
    if statement.classes:
        yield "Capital accounts as the fund’s results were shared with them, after its allowance for losses."


def _class_page(one: ClassHolding, number: int) -> ClassPage:
    return ClassPage(
        one=one,
        commitment=commitment_facts(one.held),
        earned=earned_facts(one.held),
        cover=cover_words(one.held),
        calls=[(call, call.days_late(one.held.until)) for call in one.held.calls],
        chart=drawn_chart(one, number),
    )


def drawn_chart(one: ClassHolding, number: int) -> SafeString | str:
    """How much of what the investor promised to a class is drawn, and how much may still be called."""
    stands = one.held.commitment
    if not stands.amount:
        return ""
    rows = (("Drawn", stands.drawn), ("Called", stands.called), ("May be called", stands.callable))
    return charts.share_bar(
        f"drawn-{number}",
        title=f"{money(stands.drawn)} of your {money(stands.amount)} commitment to {one.name} is drawn",
        rows=[charts.Bar(name, amount.amount, money(amount)) for name, amount in rows if amount],
        width=658,
    )


def principal_chart(statement: InvestorStatement) -> SafeString | str:
    """The investor's principal at each quarter end."""
    if not statement.balances or statement.is_of_classes_alone:
        return ""
    first, last = statement.balances[0], statement.balances[-1]
    moved = "fell" if last.amount < first.amount else "grew" if last.amount > first.amount else "stayed"
    ends = f"from {money(first.amount)} to {money(last.amount)}" if moved != "stayed" else f"at {money(last.amount)}"
    return charts.step_line(
        "principal",
        title=f"Your principal {moved} {ends} between {day(first.on)} and {day(last.on)}",
        steps=[charts.Step(balance.on, balance.amount.amount) for balance in statement.balances],
        until=statement.head.last_day,
        sign=symbol(statement.currency),
    )


def places_chart(statement: InvestorStatement) -> SafeString | str:
    """Principal by borrower, largest first; a single one needs no chart."""
    held = sorted((row for row in statement.holdings if row.closing), key=lambda row: row.closing, reverse=True)
    if len(held) < 2:
        return ""
    return charts.bars(
        "borrowers",
        title=f"Most of your principal, {money(held[0].closing)} of {money(statement.totals.closing)}, "
        f"is with {held[0].borrower}",
        rows=[charts.Bar(f"{row.loan} · {row.borrower}", row.closing.amount, money(row.closing)) for row in held],
        width=658,
        name_room=250,
        value_room=90,
    )


def back_chart(statement: InvestorStatement) -> SafeString | str:
    """What came back in the period, split into principal and interest."""
    returned, interest = statement.totals.returned, statement.totals.interest_received
    if not (returned or interest):
        return ""
    return charts.share_bar(
        "back",
        title=f"{money(returned + interest)} came back: {money(returned)} principal and {money(interest)} interest",
        rows=[
            charts.Bar("Principal", returned.amount, money(returned)),
            charts.Bar("Interest", interest.amount, money(interest)),
        ],
        width=300,
    )
