"""Whatever happens to a fund's capital, in any order: the identities of `investors/domain/commitment.py` and
`investors/domain/period_result.py` hold after every step, against sums that this file keeps for itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest

from investors.checks import CHECKS
from investors.domain.capital_act import ActKind, Effect
from investors.domain.errors import InvestorError
from investors.models import CapitalAct
from investors.queries import capital_register, standing_acts
from ledger.domain.errors import LedgerError
from ledger.domain.money import to_minor
from ledger.queries import accounts, balances, fund_accounts
from ledger.queries.fund_accounts import Period
from tests.investors.fund_in_classes import ClassFund, make_class_fund

pytestmark = pytest.mark.django_db

BEGUN, LAST = date(2025, 4, 1), date(2026, 3, 31)
HOLDERS = (("SENIOR", "NRB"), ("SENIOR", "OAK"), ("MEZZ", "TST"), ("MEZZ", "OAK"), ("FIRST", "LOT"))


@dataclass
class Walk:
    """A fund that lives by chance, and what ought to have come of it."""

    fund: ClassFund
    chance: Random
    today: date = BEGUN
    earned: int = 0
    acts: list[CapitalAct] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    kept_by_refusals: int = 0

    def step(self) -> None:
        """Something happens, or is refused and changes nothing."""
        self.today = min(self.today + timedelta(days=self.chance.randint(0, 6)), LAST)
        does = self.chance.choice(DOES)
        before = self.fund.book.capital_acts.count() - len(self.acts)
        try:
            does(self)
        except (InvestorError, LedgerError) as refusal:
            self.refused[type(refusal).__name__] += 1
            self.kept_by_refusals += self.fund.book.capital_acts.count() - len(self.acts) - before

    def amount(self, most: int = 3_000_00) -> int:
        """Any number of pence."""
        return self.chance.randint(1, most)

    def act(self, kind: ActKind, **asked: object) -> None:
        """Two people agree to an act."""
        self.acts.append(self.fund.act(kind, self.today, **asked))

    def of_holder(self, kind: ActKind) -> None:
        """An act on one holder."""
        fund_class, investor = self.chance.choice(HOLDERS)
        self.act(kind, fund_class=fund_class, investor=investor, minor=self.amount())

    def earns(self) -> None:
        """Bank interest comes, also of a day before."""
        minor = self.amount(400_00)
        self.fund.earns(minor, max(BEGUN, self.today - timedelta(days=self.chance.randint(0, 40))))
        self.earned += minor

    def loses(self) -> None:
        """Loans lose value."""
        minor = self.amount(200_00)
        self.fund.loses(minor, self.today)
        self.earned -= minor

    def recovers(self) -> None:
        """Something of it comes back."""
        minor = self.amount(300_00)
        self.fund.recovers(minor, self.today)
        self.earned += minor

    def calls(self) -> None:
        """Some classes are called."""
        classes = self.chance.sample(["SENIOR", "MEZZ", "FIRST"], self.chance.randint(1, 3))
        self.act(ActKind.CALL, classes=sorted(classes), minor=self.amount(), due_on=self.today.isoformat())

    def pays(self) -> None:
        """Somebody pays what was called of it, or a part."""
        holder = self.chance.choice(HOLDERS)
        called = to_minor(capital_register(self.fund.book).commitment(holder).called.amount, "GBP")
        minor = called if self.chance.random() < 0.7 else called + self.chance.randint(-5, 5)
        self.acts.append(self.fund.pays(*holder, max(minor, 1), self.today))

    def shares(self) -> None:
        """The result is shared."""
        self.act(ActKind.RESULT)

    def distributes(self) -> None:
        """Cash goes down the ranks."""
        capital = {code: self.amount(40_00) for code in ("SENIOR", "MEZZ", "FIRST") if self.chance.random() < 0.3}
        more: dict[str, object] = {"recallable": True} if self.chance.random() < 0.5 else {}
        if self.chance.random() < 0.5:
            more["most"] = self.amount(600_00)
        if self.chance.random() < 0.3:
            more["reserve"] = self.amount(100_00)
        self.act(ActKind.DISTRIBUTION, capital=capital, **more)

    def transfers(self) -> None:
        """The result is shared, and a part of a holding goes to somebody else."""
        self.shares()
        known = capital_register(self.fund.book)
        paid_up = [holder for holder in HOLDERS if not known.commitment(holder).called]
        fund_class, seller = self.chance.choice(paid_up or HOLDERS)
        held = to_minor(known.commitment((fund_class, seller)).amount.amount, "GBP")
        minor = self.chance.choice([held, held // 3, held + 1]) or 1
        asked = {"fund_class": fund_class, "seller": seller, "buyer": self.chance.choice(["NRB", "OAK", "TST", "LOT"])}
        self.act(ActKind.TRANSFER, **asked, minor=minor)

    def equalises(self) -> None:
        """Money comes of somebody who promised more than others, and those who paid more get their part."""
        fund_class, investor = self.chance.choice(HOLDERS)
        self.fund.holds(investor, self.amount(), self.today)
        self.act(ActKind.EQUALISATION, fund_class=fund_class, rate="0.05")

    def reverses(self) -> None:
        """An act is taken back."""
        if self.acts:
            self.act(ActKind.REVERSAL, act=self.chance.choice(self.acts).number)


DOES: tuple[Callable[[Walk], None], ...] = (
    lambda walk: walk.of_holder(ActKind.COMMITMENT),
    lambda walk: walk.of_holder(ActKind.COMMITMENT),
    lambda walk: walk.of_holder(ActKind.CANCELLATION),
    lambda walk: walk.of_holder(ActKind.WITHDRAWAL),
    Walk.calls,
    Walk.calls,
    Walk.pays,
    Walk.pays,
    Walk.pays,
    Walk.earns,
    Walk.earns,
    Walk.loses,
    Walk.recovers,
    Walk.shares,
    Walk.shares,
    Walk.shares,
    Walk.distributes,
    Walk.distributes,
    Walk.distributes,
    Walk.transfers,
    Walk.transfers,
    Walk.equalises,
    Walk.reverses,
)


def hold_identities(walk: Walk) -> None:
    """What has to be true after every step."""
    book = walk.fund.book
    known = capital_register(book)
    sums: dict[tuple[str, str], Counter[Effect]] = defaultdict(Counter, {holder: Counter() for holder in HOLDERS})
    undone = {act.reverses_id for act in standing_acts(book, ActKind.REVERSAL)}
    for kind in ActKind:
        for act in standing_acts(book, kind) if kind is not ActKind.REVERSAL else ():
            assert act.pk not in undone
            for line in act.lines.select_related("fund_class", "investor"):
                sums[line.fund_class.code, line.investor.code][Effect(line.effect)] += line.amount
    for holder, by in sums.items():
        stands = known.commitment(holder)
        drawn = by[Effect.PAID_IN] - by[Effect.RECALLABLE] + by[Effect.EQUALISED_IN] - by[Effect.EQUALISED_OUT]
        drawn += by[Effect.MOVED_DRAWN]
        called = by[Effect.CALLED] - by[Effect.CALL_WITHDRAWN] - by[Effect.PAID_IN]
        promised = by[Effect.SIGNED] - by[Effect.CANCELLED] + by[Effect.MOVED_DRAWN] + by[Effect.MOVED_UNDRAWN]
        promised += by[Effect.MOVED_RECALLABLE] - by[Effect.MOVED_CANCELLED]
        figures = (stands.amount, stands.drawn, stands.called, stands.callable)
        expected = (promised, drawn, called, promised - drawn - called)
        assert tuple(to_minor(one.amount, "GBP") for one in figures) == expected
        assert stands.amount == stands.drawn + stands.undrawn - stands.cancelled + stands.recallable
        assert known.balance(holder).amount >= 0
    capital = sum(to_minor(known.balance(holder).amount, "GBP") for holder in known.holders)
    accounted = fund_accounts(book, [Period(book.opened_on, LAST)]).balance_sheet.ties[0].minor[0]
    shared = sum(by[effect] for by in sums.values() for effect in (Effect.INCOME, Effect.FEE, Effect.IMPAIRMENT))
    assert accounted == capital + walk.earned - shared, "net assets are the capital accounts and what is not shared"
    held = list(accounts(book).filter(node__code="2510").values_list("code", flat=True))
    assert all(-one.amount >= 0 for one in balances(book, held, LAST).values())
    assert [finding for check in CHECKS for finding in check(book)] == []


def hold_between(act: CapitalAct, sums: Counter[str]) -> None:
    """What moves between investors sums to nought."""
    if act.what is ActKind.TRANSFER:
        assert not any(sums.values())
    if act.what is ActKind.EQUALISATION:
        assert sums[Effect.EQUALISED_IN] == sums[Effect.EQUALISED_OUT] > 0
        assert sums[Effect.CATCH_UP_PAID] == sums[Effect.CATCH_UP_RECEIVED]


def hold_of_runs(walk: Walk) -> None:
    """What every result and every distribution has to keep."""
    for act in walk.acts:
        lines = list(act.lines.all())
        sums = Counter[str]()
        for line in lines:
            sums[line.effect] += line.amount
        hold_between(act, sums)
        if act.what is ActKind.RESULT:
            net = act.figures["income"] - act.figures["fees"] - act.figures["impairment"]
            left = act.figures["left"]["income"] - act.figures["left"]["impairment"]
            assert sum(line.amount for line in lines) == net - left
        if act.what is ActKind.DISTRIBUTION:
            steps = act.figures["steps"]
            paid = sum(step["paid"] for step in steps if step["code"] not in ("fees", "reserve"))
            assert sum(line.amount for line in lines) == paid <= act.figures["free"]
            for number, step in enumerate(steps):
                if step["short"]:
                    assert not any(later["paid"] for later in steps[number + 1 :])


def walk_through(seed: int, steps: int) -> Walk:
    """A life of so many steps, looked at after each."""
    walk = Walk(make_class_fund(today=LAST), Random(seed))
    for holder in HOLDERS:
        walk.acts.append(walk.fund.commit(*holder, 2_000_00, BEGUN))
    walk.acts.append(walk.fund.call(["SENIOR", "MEZZ", "FIRST"], 5_000_00, BEGUN, BEGUN))
    for holder in HOLDERS:
        walk.acts.append(walk.fund.pays(*holder, 1_000_00, BEGUN))
    for _ in range(steps):
        walk.step()
        hold_identities(walk)
        assert not walk.kept_by_refusals
    hold_of_runs(walk)
    return walk


@pytest.mark.parametrize("seed", [1, 3])
def test_the_identities_hold_after_every_step(seed: int) -> None:
    walk = walk_through(seed, 30)
    kinds = {act.kind for act in walk.acts}
    assert {"commitment", "call", "payment", "result", "distribution", "transfer"} <= kinds
    assert walk.refused, "some of it is impossible, and refused"


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(100, 110))
def test_the_identities_hold_in_long_lives(seed: int) -> None:
    walk_through(seed, 100)
