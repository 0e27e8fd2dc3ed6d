"""`manage.py calculate` as a process: its streams, its exit statuses, no database and little memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings

LINE = '{"id": %d, "flows": [[0, "-100"], [1, "110"]], "kind": "irr"}\n'
NO_DATABASE = "postgresql://commonweal_app@127.0.0.1:9/none"


def calculate(kind: str, lines: str, limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "calculate", kind],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": NO_DATABASE},
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


def test_all_lines_answered() -> None:
    done = calculate("irr", "".join(LINE % no for no in range(50)))
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == list(range(50))


def test_a_hundred_megabytes_in_one_line_are_refused_in_little_memory() -> None:
    def little_memory() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (300_000_000, 300_000_000))

    done = calculate("irr", f"{LINE % 1}{'x' * 100_000_000}\n{LINE % 2}", little_memory)
    codes = [json.loads(line).get("error", {}).get("code") for line in done.stdout.splitlines()]
    assert (done.returncode, codes) == (1, [None, "too_long", None])


@pytest.mark.parametrize("arguments", [["tea"], []])
def test_what_cannot_run_ends_with_two(arguments: list[str]) -> None:
    line = [sys.executable, "manage.py", "calculate", *arguments]
    done = subprocess.run(line, cwd=settings.BASE_DIR, input="", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "kind" in done.stderr


def test_a_reader_that_goes_away_is_no_fault() -> None:
    line = [sys.executable, "manage.py", "calculate", "irr"]
    with subprocess.Popen(
        line, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(LINE % 1)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1  # answered before the next line is read
        process.stdout.close()
        _, said = process.communicate("".join(LINE % no for no in range(2000)))
    assert process.returncode == 2
    assert said == "CommandError: Nobody reads the answers any more. The lines after that were not answered.\n"


def test_a_full_disk_ends_with_two() -> None:
    line = [sys.executable, "manage.py", "calculate", "irr"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            line, cwd=settings.BASE_DIR, input=LINE % 1, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    said = "CommandError: No space left on device. The lines after that were not answered.\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_settings_that_are_refused_end_with_two() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "commonweal.settings.production", "DEBUG": "1"}
    line = [sys.executable, "manage.py", "calculate", "irr"]
    done = subprocess.run(line, cwd=settings.BASE_DIR, env=environment, input="", capture_output=True, check=False)
    assert done.returncode == 2
