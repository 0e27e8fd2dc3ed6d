"""Production starts on safe values alone, and names each unsafe one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from commonweal.settings.safety import LOCAL_SECRET_KEY, refusals

SAFE = {
    "SECRET_KEY": "k3Qz8wVn1Lr5Tb7Yc0Xm2Jd4Hf6Gs9Pa-Qe_Wu.Io,Zx;Cv:Bn!Mk",
    "ALLOWED_HOSTS": "fund.example.org",
    "DATABASE_URL": "postgresql://commonweal_app:secret@db.example.org/commonweal",
    "DATABASE_OWNER_URL": "postgresql://commonweal_owner:secret@db.example.org/commonweal",
}
UNSAFE = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": LOCAL_SECRET_KEY}, "SECRET_KEY is the published local one"),
    ({"SECRET_KEY": "abcdefghij" * 4}, "SECRET_KEY is too weak: 40 characters"),
    ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too weak"),
    ({"DEBUG": "True"}, "DEBUG is on"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
    ({"ALLOWED_HOSTS": "fund.example.org, *"}, "ALLOWED_HOSTS contains '*'"),
    ({"CSRF_TRUSTED_ORIGINS": "http://fund.example.org"}, "CSRF_TRUSTED_ORIGINS contains 'http://fund.example.org'"),
    ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
    ({"DATABASE_URL": SAFE["DATABASE_OWNER_URL"]}, "DATABASE_URL logs in as commonweal_owner, who owns the tables"),
    ({"DATABASE_URL": "postgresql://postgres@db/commonweal"}, "DATABASE_URL logs in as postgres"),
    ({"DATABASE_URL": "postgresql://commonweal_auditor@db/commonweal"}, "DATABASE_URL logs in as commonweal_auditor"),
]


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A management command under production settings, in an environment of nothing else."""
    settings_module = {"DJANGO_SETTINGS_MODULE": "commonweal.settings.production", "PATH": os.environ["PATH"]}
    line = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        line, env=settings_module | environment, capture_output=True, text=True, cwd=settings.BASE_DIR
    )


def test_safe_values_are_not_refused() -> None:
    assert refusals(SAFE) == []


@pytest.mark.parametrize(("change", "refusal"), UNSAFE)
def test_an_unsafe_value_is_refused_by_name(change: dict[str, str], refusal: str) -> None:
    found = refusals(SAFE | change)
    assert len(found) == 1
    assert found[0].startswith(refusal)


def test_production_does_not_start_and_names_them_all() -> None:
    done = manage("check", environment={"DEBUG": "1"})
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL"):
        assert f"{name} is" in done.stderr


def test_production_starts_on_safe_values_and_djangos_own_deployment_check_is_content() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=SAFE)
    assert done.returncode == 0, done.stderr
