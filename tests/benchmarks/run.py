"""`make bench`: the ledger beside its peers on one server in one run; writes its table into docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from commonweal.database import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
BENCH_VAR = ROOT / "var" / "bench"
PEERS = ROOT / "var" / "bench-peers"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- ledger: begin -->", "<!-- ledger: end -->"


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    shutil.rmtree(BENCH_VAR, ignore_errors=True)
    BENCH_VAR.mkdir(parents=True)
    server = EmbeddedServer(BENCH_VAR)
    server.start()
    try:
        measured = _measure(server)
    finally:
        server.stop()
        shutil.rmtree(BENCH_VAR, ignore_errors=True)
    rows = _rows(measured)
    _keep(_table(rows, measured, version=measured["postgresql"]))
    for what, value, goal, met in rows:
        print(f"{'met   ' if met else 'MISSED'} {what}: {value} (goal {goal})")
    return 0 if all(met for *_, met in rows) else 1


def _measure(server: EmbeddedServer) -> dict[str, Any]:
    environment = os.environ | {
        "VAR_DIR": str(BENCH_VAR),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "commonweal.settings.local",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True, cwd=ROOT)
    measured: dict[str, Any] = {}
    for part in ("batch", "raw_copy", "single", "hot_account", "million"):
        measured[part] = _part([sys.executable, HERE / "ledger_bench.py", part], environment)
    python = _peers_python()
    for peer in ("hordak", "django_ledger"):
        measured[peer] = _part([python, HERE / "peers_bench.py", peer], _peer_environment(server, peer))
    with psycopg.connect(server.url("commonweal_owner", "commonweal")) as connection:
        measured["postgresql"] = connection.info.parameter_status("server_version")
    return measured


def _part(command: list[Any], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT)
    line = done.stdout.strip().splitlines()[-1]
    print(line, flush=True)
    return json.loads(line)


def _peer_environment(server: EmbeddedServer, peer: str) -> dict[str, str]:
    address = server.url("commonweal_owner", "commonweal")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "peer_{peer}"')
        info = connection.info
        return os.environ | {"PEER_DATABASE": f"peer_{peer}", "PEER_USER": info.user, "PEER_HOST": info.host}


def _peers_python() -> Path:
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        lock = HERE / "peers.lock"
        subprocess.run([PEERS / "bin" / "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
    return python


def _rows(m: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    batch, raw = (statistics.median(m[part]["rates"]) for part in ("batch", "raw_copy"))
    single, transfer = m["single"]["rates"][0], m["hordak"]["transfer_to"]
    hot = m["hot_account"]["writers_8"] / m["hot_account"]["writers_1"]
    as_of = m["million"]["large_ms"] / m["million"]["small_ms"]
    return [
        _goal("batch of 5,000 ÷ django-hordak transfer_to", batch / transfer, 30),
        _goal("batch of 5,000 ÷ unguarded COPY", batch / raw, 0.3),
        _goal("single ÷ django-hordak transfer_to", single / transfer, 1.5),
        _goal("eight writers on one account ÷ one writer", hot, 1),
        _goal("peak memory, posting a million entries, MB", m["million"]["peak_mb"], 300, most=True),
        _goal("balance as of: million postings ÷ ten thousand", as_of, 3, most=True),
    ]


def _goal(what: str, value: float, goal: float, *, most: bool = False) -> tuple[str, str, str, bool]:
    return what, f"{value:,.2f}", f"{'≤' if most else '≥'} {goal:g}", value <= goal if most else value >= goal


def _table(rows: list[tuple[str, str, str, bool]], m: dict[str, Any], *, version: str) -> str:
    rates = {
        "Commonweal, `post`, 5,000 entries a call": statistics.median(m["batch"]["rates"]),
        "Commonweal, `post`, a million in batches of 5,000": m["million"]["rate"],
        "Commonweal, `post`, one entry a call": m["single"]["rates"][0],
        "Commonweal, one entry a call, eight writers on one account": m["hot_account"]["writers_8"],
        "COPY of the same rows, same indexes, no guards": statistics.median(m["raw_copy"]["rates"]),
        "django-hordak 2.0.0, `transfer_to`": m["hordak"]["transfer_to"],
        "django-hordak 2.0.0, rows by bulk_create, 5,000 in one block": m["hordak"]["bulk_create"],
        "django-ledger 0.8.5, `commit_txs`": m["django_ledger"]["commit_txs"],
    }
    lines = [
        f"Measured on {time.strftime('%-d %B %Y')}: {_machine()}, PostgreSQL {version}, "
        f"Python {platform.python_version()}.",
        "",
    ]
    lines += ["| goal | measured | wanted | |", "|---|---:|---:|---|"]
    lines += [f"| {what} | {value} | {goal} | {'met' if met else '**missed**'} |" for what, value, goal, met in rows]
    lines += ["", "| entries of two postings a second | |", "|---|---:|"]
    lines += [f"| {what} | {rate:,.0f} |" for what, rate in rates.items()]
    lines += [
        "",
        f"A balance as of a date: {m['million']['large_ms']:.2f} ms on the account with a million postings, "
        f"{m['million']['small_ms']:.2f} ms on the one with ten thousand (medians of 300 dates, months closed). "
        f"Sealing: {m['million']['sealed_per_second']:,.0f} entries a second.",
    ]
    return "\n".join(lines)


def _machine() -> str:
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {gib:.0f} GiB, {platform.machine()}"


def _keep(table: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
