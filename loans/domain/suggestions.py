"""Which loan is a bank line for? Scored by the reference, the amount, the payer and the day, each with its reason.

The certain case is matched without asking (`loans/services/matching.py`); what is proposed here is for a person.
Amounts are in minor units of the line's currency.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.domain.money import from_minor
from ledger.domain.payer_names import initials, is_one_slip, likeness, name_words, plain_name, without_one
from ledger.domain.suggestion import Part, Reason, Suggestion, best_first, suggestion
from loans.domain.references import payment_references_in
from loans.domain.words import date_text, money_text

LOAN, SETTLES, RECOVERS = "loan", "settle", "recover"
"""What money is for: a repayment, or the bank's word of a payment that went out; the end of a loan; a recovery."""

MOST_SHOWN = 5
NEAR_DAYS = 5
"""A payment so many days before or after a due date is taken for that instalment's."""

LEAST_REFERENCE = 5
"""A shorter reference is not looked for with slips: too much would look like it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a bank line says; money in is positive."""

    on: date
    minor: int
    currency: str
    payer: str
    text: str


@dataclass(frozen=True, slots=True)
class LoanKnown:
    """What a loan is called, and whose it is."""

    key: int
    label: str
    reference: str
    business: int
    name: str


@dataclass(frozen=True, slots=True)
class LoanStands:
    """What a loan waits for. `unpaid` is due and not paid, `settles` what would end it on the line's day, if that was
    asked; `on_its_way` is what was sent and is not confirmed by the bank."""

    unpaid: int = 0
    instalments: tuple[tuple[date, int], ...] = ()
    settles: int | None = None
    on_its_way: int = 0
    is_written_off: bool = False


@dataclass(frozen=True, slots=True)
class Hints:
    """Loans that a line may be for, by what it says: with a reason each."""

    by_loan: Mapping[int, tuple[Reason, ...]]
    named: tuple[int, ...] = ()
    """The loans whose references it names exactly."""


@dataclass(slots=True)
class KnownLoans:
    """The loans of a book, to be found by references and by their borrowers' names, without going through all of them
    for each line."""

    loans: Mapping[int, LoanKnown]
    _by_core: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_shape: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_digits: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_word: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_business: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _lengths: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for loan in self.loans.values():
            for reference in (loan.reference, loan.label):
                self._know_reference(loan.key, _core(reference))
            self._know_name(loan)
            self._by_business[loan.business].append(loan.key)

    def beside(self, key: int) -> list[int]:
        """The loans of the business that has this one."""
        return self._by_business[self.loans[key].business]

    def hints(self, line: Line, payers: Mapping[str, Iterable[int]]) -> Hints:
        """Loans that a line may be for; `payers` says for which loans each payer, by plain name, paid before."""
        found: dict[int, list[Reason]] = defaultdict(list)
        named = self._named(line.text)
        for key in named:
            found[key].append(Reason(80 // len(named), f"it names {self.loans[key].reference}"))
        for key, how in self._nearly_named(line.text, named).items():
            found[key].append(how)
        for key in payers.get(plain_name(line.payer), ()):
            if key in self.loans:
                found[key].append(Reason(50, f"{line.payer} paid for {self.loans[key].label} before"))
        for key in self._alike(line.payer):
            alike = likeness(line.payer, self.loans[key].name)
            if alike is not None:
                found[key].append(Reason(alike[0], f"{alike[1]} {self.loans[key].name}"))
        return Hints({key: tuple(reasons) for key, reasons in found.items()}, named)

    def _know_reference(self, key: int, core: str) -> None:
        self._by_core[core].append(key)
        self._lengths.add(len(core))
        if len(core) >= LEAST_REFERENCE:
            for shape in without_one(core):
                self._by_shape[shape].add(core)
        if digits := re.search(r"\d{3,}$", core):
            self._by_digits[int(digits[0])].append(key)

    def _know_name(self, loan: LoanKnown) -> None:
        words = name_words(loan.name)
        for word in {*words, initials(words), "".join(words)[:6]}:
            self._by_word[word].add(loan.key)
            for shape in without_one(word) if len(word) > 3 else ():
                self._by_word[shape].add(loan.key)

    def _named(self, text: str) -> tuple[int, ...]:
        core = _core(text)
        parts = {core[at : at + length] for length in self._lengths for at in range(len(core) - length + 1)}
        keys = {key for part in parts for key in self._by_core.get(part, ())}
        return tuple(
            sorted(
                key for key in keys if payment_references_in(text, (self.loans[key].reference, self.loans[key].label))
            )
        )

    def _nearly_named(self, text: str, named: Sequence[int]) -> dict[int, Reason]:
        """Loans whose reference the text has with one slip, or of whose reference it has the digits alone."""
        found: dict[int, str] = {}
        for word in _written_words(text):
            if word.isdigit() and len(word) in range(3, 9):
                for key in self._by_digits.get(int(word), ()):
                    found.setdefault(key, f"“{word}” is the number of {self.loans[key].reference}")
            read = _as_digits(word)
            cores = {core for shape in without_one(read) for core in self._by_shape.get(shape, ())}
            close = [read] if read in cores else [core for core in cores if is_one_slip(read, core)]
            for key in (key for core in close for key in self._by_core[core]):
                found.setdefault(key, f"“{word.upper()}” is nearly its reference {self.loans[key].reference}")
        close_by = {key: words for key, words in found.items() if key not in named}
        return {key: Reason(max(50 // len(close_by), 5), words) for key, words in close_by.items()}

    def _alike(self, payer: str) -> set[int]:
        words = name_words(payer)
        asked = {*words, "".join(words), "".join(words)[:6], initials(words)}
        shapes = {shape for word in words if len(word) > 3 for shape in without_one(word)}
        return {key for one in asked | shapes for key in self._by_word.get(one, ())}


def suggestions_for(
    line: Line, known: KnownLoans, hints: Hints, stands: Mapping[int, LoanStands], rivals: Mapping[int, int]
) -> list[Suggestion]:
    """What a line could be for, the most likely first. `stands` has the loans that are thought of at all; `rivals` says
    of an amount how many loans wait for just that, which is what makes it say little.
    """
    if line.minor < 0:
        found = [_sent(line, known.loans[key], hints, at) for key, at in stands.items() if at.on_its_way]
    else:
        found = [_repaid(line, known.loans[key], hints, at, rivals) for key, at in stands.items()]
        found += _shared(line, known, hints, stands)
    return best_first((one for one in found if one is not None), most=MOST_SHOWN)


def _sent(line: Line, loan: LoanKnown, hints: Hints, at: LoanStands) -> Suggestion | None:
    """Money that went out is what was on its way to a borrower, or a part of it."""
    amount = -line.minor
    if amount > at.on_its_way:
        return None
    what = money_text(from_minor(at.on_its_way, line.currency))
    fits = Reason(60, f"{what} is on its way to {loan.name}") if amount == at.on_its_way else None
    part = Part(LOAN, loan.key, amount)
    return suggestion([part], f"Payment to {loan.name}, {loan.label}", [fits, *hints.by_loan.get(loan.key, ())])


def _repaid(line: Line, loan: LoanKnown, hints: Hints, at: LoanStands, rivals: Mapping[int, int]) -> Suggestion | None:
    reasons = hints.by_loan.get(loan.key, ())
    if at.is_written_off:
        part, label = Part(RECOVERS, loan.key, line.minor), f"Recovery of {loan.label}, {loan.name}"
        return suggestion([part], label, reasons) if reasons else None
    settles = at.settles is not None and line.minor == at.settles
    fits = _fits(line, at, rivals)
    if not fits and not reasons:
        return None
    part = Part(SETTLES if settles else LOAN, loan.key, line.minor)
    label = f"{'Settlement' if settles else 'Repayment'} of {loan.label}, {loan.name}"
    return suggestion([part], label, [*fits, *reasons])


def _fits(line: Line, at: LoanStands, rivals: Mapping[int, int]) -> list[Reason]:
    """What the amount and the day say of one loan."""
    shared, found = max(rivals.get(line.minor, 1), 1), list[Reason]()
    near = [due_on for due_on, amount in at.instalments if abs((due_on - line.on).days) <= NEAR_DAYS]
    due = [due_on for due_on, amount in at.instalments if amount == line.minor]
    if at.settles == line.minor:
        found.append(Reason(55, "it is what settles the loan on that day"))
    elif line.minor == at.unpaid:
        found.append(Reason(45 // shared, "it is what is due and unpaid"))
    elif due:
        nearest = min(due, key=lambda due_on: abs((due_on - line.on).days))
        found.append(Reason(40 // shared, f"it is the instalment of {date_text(nearest)}"))
    elif times := _times(line.minor, at):
        found.append(Reason(25 // shared, f"it is {times} instalments"))
    if near and found:
        found.append(Reason(15, f"an instalment is due on {date_text(min(near))}"))
    return found


def _times(minor: int, at: LoanStands) -> int:
    """How many equal instalments an amount is, of two to twelve; nought where it is no such number."""
    amounts = {amount for _, amount in at.instalments if amount}
    found = [minor // amount for amount in amounts if minor % amount == 0 and minor // amount in range(2, 13)]
    return min(found, default=0)


def _shared(line: Line, known: KnownLoans, hints: Hints, stands: Mapping[int, LoanStands]) -> list[Suggestion]:
    """One line for several loans: those that it names, or all loans of a business that it may be from."""
    groups: dict[tuple[int, ...], str] = {}
    if len(hints.named) > 1:
        groups[hints.named] = "it names " + " and ".join(known.loans[key].reference for key in hints.named)
    for business in {known.loans[key].business for key in hints.by_loan}:
        keys = tuple(sorted(key for key in stands if known.loans[key].business == business))
        if len(keys) > 1:
            groups.setdefault(keys, "")
    return [found for keys, why in groups.items() if (found := _split(line, known, hints, stands, keys, why))]


def _split(
    line: Line,
    known: KnownLoans,
    hints: Hints,
    stands: Mapping[int, LoanStands],
    keys: Sequence[int],
    why: str,
) -> Suggestion | None:
    live = [key for key in keys if key in stands and not stands[key].is_written_off]
    for words, expected in (("what is due and unpaid on", _unpaid), ("the instalments of", _instalment)):
        parts = [Part(LOAN, key, expected(stands[key], line.on)) for key in live]
        parts = [part for part in parts if part.minor]
        if len(parts) > 1 and sum(part.minor for part in parts) == line.minor:
            labels = " and ".join(known.loans[part.subject].label for part in parts)
            by_name = max((one for part in parts for one in hints.by_loan.get(part.subject, ())), key=_weight)
            named = Reason(80, why) if why else by_name
            names = " and ".join(dict.fromkeys(known.loans[part.subject].name for part in parts))
            label = f"Repayments of {labels}, {names}"
            return suggestion(parts, label, [Reason(50, f"it is {words} {labels} together"), named])
    return None


def _weight(reason: Reason) -> int:
    return reason.weight


def _unpaid(at: LoanStands, on: date) -> int:
    return at.unpaid


def _instalment(at: LoanStands, on: date) -> int:
    """The instalment that is due next to a day."""
    nearest = min(at.instalments, key=lambda one: (abs((one[0] - on).days), one[0]), default=None)
    return nearest[1] if nearest else 0


def _core(text: str) -> str:
    return re.sub(r"[\s\-/.]+", "", text).casefold()


_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")


def _as_digits(word: str) -> str:
    """A word with letters that are mistaken for digits behind its first two signs read as digits."""
    return word[:2] + word[2:].translate(_LETTERS_FOR_DIGITS)


def _written_words(text: str) -> set[str]:
    """The words of a text in small letters, and each two that follow one another run together: `hh 0108`."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return {word for word in (*words, *map("".join, itertools.pairwise(words))) if len(word) > 2}
