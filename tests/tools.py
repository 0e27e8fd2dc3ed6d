"""Programs that some tests need: in CI a missing one is a failure, on one's own machine a skip that says what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}


def find_program(name: str, *, package: str, variable: str | None = None) -> str:
    """The path of a program: from the environment variable if it is set, else from PATH."""
    wanted = os.environ.get(variable, "") if variable else ""
    found = shutil.which(wanted or name)
    if found is None:
        refuse_or_skip(f"{wanted or name} is not installed: `make setup`, or install the package {package}")
    return found


def find_file(path: Path, *, remedy: str) -> Path:
    """The path, if the file is there."""
    if not path.exists():
        refuse_or_skip(f"{path} is missing: {remedy}")
    return path


def refuse_or_skip(reason: str) -> NoReturn:
    """Fail where nothing may be skipped; elsewhere skip, in words that pytest's summary shows."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(f"NOT TESTED HERE: {reason}")
