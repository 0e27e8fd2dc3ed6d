"""`make bench`: the ledger beside its peers on one server in one run; writes its table into docs/benchmarks.md."""

from __future__ import annotations

import os
import statistics
import sys
from typing import Any

import psycopg

from commonweal.database import EmbeddedServer
from tests.benchmarks.harness import (
    HERE,
    Bench,
    Row,
    bench,
    goal,
    goals_table,
    keep,
    measured_on,
    part,
    peers_python,
    verdict,
)


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    with bench("ledger") as on:
        measured = _measure(on)
    rows = _rows(measured)
    keep("ledger", _table(rows, measured))
    return verdict(rows)


def _measure(on: Bench) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for each in ("batch", "raw_copy", "single", "hot_account", "million"):
        measured[each] = on.part("ledger_bench.py", each)
    python = peers_python()
    for peer in ("hordak", "django_ledger"):
        measured[peer] = part([python, HERE / "peers_bench.py", peer], _peer_environment(on.server, peer))
    measured["postgresql"] = on.postgresql
    return measured


def _peer_environment(server: EmbeddedServer, peer: str) -> dict[str, str]:
    address = server.url("commonweal_owner", "commonweal")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "peer_{peer}"')
        info = connection.info
        return os.environ | {"PEER_DATABASE": f"peer_{peer}", "PEER_USER": info.user, "PEER_HOST": info.host}


def _rows(m: dict[str, Any]) -> list[Row]:
    batch, raw = (statistics.median(m[each]["rates"]) for each in ("batch", "raw_copy"))
    single, transfer = m["single"]["rates"][0], m["hordak"]["transfer_to"]
    hot = m["hot_account"]["writers_8"] / m["hot_account"]["writers_1"]
    as_of = m["million"]["large_ms"] / m["million"]["small_ms"]
    return [
        goal("batch of 5,000 ÷ django-hordak transfer_to", batch / transfer, 30),
        goal("batch of 5,000 ÷ unguarded COPY", batch / raw, 0.3),
        goal("single ÷ django-hordak transfer_to", single / transfer, 1.5),
        goal("eight writers on one account ÷ one writer", hot, 1),
        goal("peak memory, posting a million entries, MB", m["million"]["peak_mb"], 300, most=True),
        goal("balance as of: million postings ÷ ten thousand", as_of, 3, most=True),
    ]


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
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
    lines = [measured_on(f", PostgreSQL {m['postgresql']}"), "", *goals_table(rows)]
    lines += ["", "| entries of two postings a second | |", "|---|---:|"]
    lines += [f"| {what} | {rate:,.0f} |" for what, rate in rates.items()]
    lines += [
        "",
        f"A balance as of a date: {m['million']['large_ms']:.2f} ms on the account with a million postings, "
        f"{m['million']['small_ms']:.2f} ms on the one with ten thousand (medians of 300 dates, months closed). "
        f"Sealing: {m['million']['sealed_per_second']:,.0f} entries a second.",
    ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
