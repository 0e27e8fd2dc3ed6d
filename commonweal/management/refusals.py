"""Which refusals can somebody meet, when, and what is there to do? Read from the exception classes' own docstrings.

The source is read and not imported, so that a class nobody imports is found as well. What a refusal says in a real run
is kept in `refusal_examples.toml`, which `tests/refusals/` compares with what is said now.
"""

from __future__ import annotations

import ast
import builtins
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path

APPS = ("ledger", "loans", "borrowers", "investors", "commonweal")
ROOTS = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)} | {
    "APIException"
}
EXAMPLES = Path(__file__).with_name("refusal_examples.toml")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the catalogue, what holds for all of it, and the class at the root of the refusals under it.

    A refusal stands under the first section that fits.
    """

    heading: str
    root: str
    intro: str
    is_answered_by_api: bool = True


AS_A_JOB = "a program reads the message as `error` of the job, whose `state` is `failed`"
SECTIONS = (
    Section(
        "Bank files",
        "BankFileError",
        f"A file is taken whole or not at all, as long work: {AS_A_JOB}. The references are those of the file itself.",
        is_answered_by_api=False,
    ),
    Section(
        "Files",
        "FileRefused",
        "What somebody attaches or sends, and spreadsheets that are read: judged by content before anything is kept.",
    ),
    Section("The ledger", "LedgerError", "Whoever posts meets these: people, programs, and Commonweal itself."),
    Section("Lending", "LoanError", "Applications, approvals, drawdowns, repayments and what is promised with a loan."),
    Section("Community businesses and what they report", "BorrowerError", "Registration, indicators and readings."),
    Section("Investors and their parts", "InvestorError", "Who shares a loan, and money that investors pay in."),
    Section("Who may log in", "AccessError", "Inviting people, letting them in, and ending what they may see."),
    Section("Letters, messages and contacts", "LetterError", "What is said to people, and recorded of what they say."),
    Section("Open data", "OpenDataError", "What a fund publishes, and what it brings in from what others published."),
    Section(
        "Documents",
        "DocumentError",
        f"Statements are made as long work: {AS_A_JOB}.",
        is_answered_by_api=False,
    ),
    Section("Long work, statements and the month’s end", "JobError", "Asking for work, and closing what is over."),
    Section(
        "Backup and restore",
        "BackupError",
        "The commands `backup` and `restore` say these and end with exit code 1.",
        is_answered_by_api=False,
    ),
    Section("Requests of programs", "APIException", "Before anything is looked at, a request itself has to be right."),
    Section(
        "Starting, logging in and developing",
        "Exception",
        "On the way in; some of these are met only by whoever installs or changes Commonweal.",
        is_answered_by_api=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One class: where it stands, its bases by name, what its docstring says, and what it answers a program."""

    app: str
    name: str
    bases: tuple[str, ...]
    docstring: str
    status: int | None = None
    says: str = ""

    @property
    def key(self) -> str:
        """Its name in `refusal_examples.toml`."""
        return f"{self.app}.{self.name}"

    @property
    def code(self) -> str:
        """The word for programs in the API's envelope."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name).lower()

    @property
    def when(self) -> str:
        """The first sentence: when it is raised."""
        return _in_two(self.docstring)[0]

    @property
    def remedy(self) -> str:
        """The rest: what to do. Empty where the docstring does not say."""
        return _in_two(self.docstring)[1]


def find_refusals(root: Path) -> list[Refusal]:
    """Every public exception class of the project, in the order of the source."""
    found = [refusal for app in APPS for refusal in _classes(root, app)]
    bases = {refusal.name: refusal.bases for refusal in found}
    return [refusal for refusal in found if ROOTS & ancestors(refusal, bases)]


def ancestors(refusal: Refusal, bases: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The names of all classes that a class of the project stands under."""
    above, waiting = set(refusal.bases), list(refusal.bases)
    while waiting:
        new = set(bases.get(waiting.pop(), ())) - above
        above |= new
        waiting += new
    return above


def read_examples() -> dict[str, str]:
    """What was said in a real run, by the key of the class."""
    return tomllib.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}


def catalogue(refusals: list[Refusal], examples: Mapping[str, str]) -> str:
    """The generated part of docs/errors.md."""
    bases = {refusal.name: refusal.bases for refusal in refusals}
    parents = {name for names in bases.values() for name in names}
    placed: dict[str, list[Refusal]] = {section.heading: [] for section in SECTIONS}
    for refusal in refusals:
        line = {refusal.name} | ancestors(refusal, bases)
        section = next(section for section in SECTIONS if section.root in line or section.root == "Exception")
        if refusal.name not in parents or refusal.key in examples:
            placed[section.heading].append(refusal)
    return "\n".join(line for section in SECTIONS for line in _section(section, placed[section.heading], examples))


def _section(section: Section, refusals: list[Refusal], examples: Mapping[str, str]) -> Iterator[str]:
    yield f"## {section.heading}\n"
    yield f"{section.intro}\n"
    for refusal in refusals:
        yield f"### {refusal.name}\n"
        yield f"{refusal.when} **What to do:** {refusal.remedy}\n"
        if example := examples.get(refusal.key) or refusal.says:
            yield f"> {example}\n"
        if section.is_answered_by_api:
            yield f"A program gets {refusal.status or 409} `{refusal.code}`.\n"


def _classes(root: Path, app: str) -> Iterator[Refusal]:
    for file in sorted((root / app).rglob("*.py")):
        if "migrations" in file.parts:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bases = tuple(ast.unparse(base).rpartition(".")[2] for base in node.bases)
                values = dict(_assigned(node))
                status = re.search(r"HTTP_(\d+)", values.get("status_code", ""))
                says = ast.literal_eval(values["default_detail"]) if "default_detail" in values else ""
                docstring = ast.get_docstring(node) or ""
                yield Refusal(app, node.name, bases, docstring, int(status[1]) if status else None, says)


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, ast.unparse(statement.value)


def _in_two(docstring: str) -> tuple[str, str]:
    """When it is raised and what to do: parted by the first full stop, else by a semicolon."""
    text = re.sub(r"\s+", " ", cleandoc(docstring)).removeprefix("Raised when ")
    when, _, remedy = text.partition(". ")
    if not remedy:
        when, _, remedy = text.rstrip(".").partition("; ")
        remedy = f"{remedy}." if remedy else ""
    return _sentence(f"{when.rstrip('.')}."), _sentence(remedy)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
