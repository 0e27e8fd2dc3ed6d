"""Readable snapshots: a text is compared with its golden file, which is read in review like any other text."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent / "golden"


def compare_with_golden(name: str, found: str) -> None:
    """Fail unless the text is that of the golden file; `SNAPSHOT_UPDATE=1` writes it instead."""
    path = GOLDEN / name
    if os.environ.get("SNAPSHOT_UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8", newline="")
    assert path.exists(), f"{path} is missing: run once with SNAPSHOT_UPDATE=1 and read what it writes"
    assert found == path.read_bytes().decode()
