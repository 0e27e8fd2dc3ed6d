"""The values that the page frame and the component templates take: what to show, never how.

A template may be given these or plain dictionaries with the same names. Why the components are ours:
`docs/decisions/0001-own-token-css.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from moneyed import Money


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; `count` is how many things wait there, said as `count_word`."""

    label: str
    url: str
    current: bool = False
    count: int = 0
    count_word: str = "waiting"


@dataclass(frozen=True, slots=True)
class Band:
    """The strip at the top: whose product, which fund, who is logged in, and whether there is a search."""

    wordmark: str = "Commonweal"
    url: str = "/"
    fund: str = ""
    person: str = ""
    search_url: str = ""
    search_label: str = "Search loans, businesses, investors, references and amounts"
    query: str = ""
    key: str = ""
    """The key that leads to the search; "" for none."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that may lead somewhere: a foot note, a breadcrumb, an action of an empty page; by a key as well."""

    label: str
    url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the same thing; `count` stands in brackets behind the label."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure with what it means beneath; `url` leads to the entries that make it, `state` colours it."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a facts table: a name and its value; `number` right-aligns, `total` closes with the double rule."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    number: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """A kind of work that waits: how many, where the list is, which ones, and how pressing it is."""

    count: int
    label: str
    url: str = ""
    note: str = ""
    aside: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point on a timeline; `state` is "" (to come), "done" or "late"; `when` replaces the date in words."""

    on: date
    label: str
    note: str = ""
    url: str = ""
    state: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One posting as shown: an account and either a debit or a credit, already in words."""

    account: str
    debit: str = ""
    credit: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class EntryShown:
    """A journal entry as shown: its heading, its postings in order and the two totals."""

    label: str
    lines: Sequence[EntryLine]
    debits: str
    credits: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleYear:
    """A year of a repayment schedule, to be folded away: its instalments, what they add up to, and what is left.

    Each row has `no`, `due_on`, `interest`, `principal`, `total` and `balance`.
    """

    label: str
    rows: Sequence[Any]
    interest: Money
    principal: Money
    total: Money
    left: Money


@dataclass(frozen=True, slots=True)
class JobShown:
    """Long work as shown: `state` is waiting, running, done, failed or stopped; `url` is the page that shows it."""

    id: str
    title: str
    state: str
    url: str
    total: int = 0
    done: int = 0
    failed: int = 0
    message: str = ""
    retry_url: str = ""
    stop_url: str = ""
    result_url: str = ""
    result_label: str = ""
    problems: Sequence[str] = field(default_factory=tuple)
    why_not: str = ""
    """Why stopping and trying again are not the reader's to ask for; empty where they are."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will change, so that the page may stop asking."""
        return self.state in {"done", "failed", "stopped"}
