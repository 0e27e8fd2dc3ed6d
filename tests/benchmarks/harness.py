"""What the parts of `make bench` share: how a part is run by itself, goals, and tables between marks of a page."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from commonweal.database import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PEERS = ROOT / "var" / "bench-peers"
PAGE = ROOT / "docs" / "benchmarks.md"

Row = tuple[str, str, str, bool]
"""What was measured, how much, the goal, and whether it is met."""


def part(command: Sequence[object], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The line of JSON that a part prints, as the last thing it says."""
    done = subprocess.run(
        [str(word) for word in command], env=environment, check=True, capture_output=True, text=True, cwd=ROOT
    )
    line = done.stdout.strip().splitlines()[-1]
    print(line, flush=True)
    return json.loads(line)


@dataclass(frozen=True, slots=True)
class Bench:
    """A PostgreSQL of a benchmark's own with the tables in place, and the environment of the parts that work on it."""

    server: EmbeddedServer
    environment: dict[str, str]

    def part(self, file: str, *words: object) -> dict[str, Any]:
        """A part of a file of this folder, in a process of its own."""
        return part([sys.executable, HERE / file, *words], self.environment)

    @property
    def postgresql(self) -> str:
        """The server's version."""
        with psycopg.connect(self.server.url("commonweal_owner", "commonweal")) as connection:
            return str(connection.info.parameter_status("server_version"))


@contextmanager
def bench(name: str) -> Iterator[Bench]:
    """A server that is made for a benchmark, and gone afterwards."""
    var = ROOT / "var" / f"bench-{name}"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    server = EmbeddedServer(var)
    server.start()
    settings = {"VAR_DIR": str(var), "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "commonweal.settings.local"}
    environment = {name: value for name, value in (os.environ | settings).items() if name != "DATABASE_URL"}
    try:
        subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True, cwd=ROOT)
        yield Bench(server, environment)
    finally:
        server.stop()
        shutil.rmtree(var, ignore_errors=True)


def peers_python() -> Path:
    """The Python that has the peers, in an environment of its own; made again when the lock changes."""
    python, lock, stamp = PEERS / "bin" / "python", HERE / "peers.lock", PEERS / "lock.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
        subprocess.run([PEERS / "bin" / "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
        stamp.write_text(wanted)
    return python


def goal(what: str, value: float, wanted: float, *, most: bool = False) -> Row:
    """A row of the table of goals: at least what is wanted, or at most."""
    met = value <= wanted if most else value >= wanted
    return what, f"{value:,.2f}", f"{'≤' if most else '≥'} {wanted:g}", met


def goals_table(rows: Sequence[Row]) -> list[str]:
    """The table of goals in Markdown."""
    head = ["| goal | measured | wanted | |", "|---|---:|---:|---|"]
    return head + [
        f"| {what} | {value} | {wanted} | {'met' if met else '**missed**'} |" for what, value, wanted, met in rows
    ]


def measured_on(more: str = "") -> str:
    """The day, the machine and the versions, as a sentence."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {gib:.0f} GiB, {platform.machine()}"
    day = time.strftime("%-d %B %Y")
    return f"Measured on {day}: {machine}{more}, Python {platform.python_version()}."


def keep(name: str, lines: Sequence[str]) -> None:
    """Write the lines between the marks of that name in docs/benchmarks.md."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(begin)
    _, mark, tail = rest.partition(end)
    assert mark, f"{PAGE} has lost its marks {begin} and {end}"
    written = "\n".join(lines)
    PAGE.write_text(f"{head}{begin}\n{written}\n{end}{tail}", encoding="utf-8")


def verdict(rows: Sequence[Row]) -> int:
    """Print every goal; 1 where one is missed."""
    for what, value, wanted, met in rows:
        print(f"{'met   ' if met else 'MISSED'} {what}: {value} (goal {wanted})")
    return 0 if all(met for *_, met in rows) else 1
