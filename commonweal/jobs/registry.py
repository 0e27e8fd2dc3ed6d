"""Which function does which kind of job.

A run is one module in `commonweal/jobs/runs/`; it is found by itself. A face registers its own when it is ready:

    @job("issue_statements")
    def issue_statements(job: Job) -> dict[str, Any]:
        \"\"\"Issue the statements of one book for one period.\"\"\"
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from commonweal.jobs import runs
from commonweal.jobs.errors import UnknownJobKind
from commonweal.jobs.models import Job

Run = Callable[[Job], dict[str, Any] | None]
"""Does the work of a claimed job; what it returns is kept as the job's result, as JSON."""

_RUNS: dict[str, Run] = {}


def job(kind: str) -> Callable[[Run], Run]:
    """Register the decorated function for jobs of `kind`; a second one for the same kind is refused."""

    def register(function: Run) -> Run:
        if kind in _RUNS:
            raise ValueError(f"two functions are registered for jobs of kind {kind!r}")
        _RUNS[kind] = function
        return function

    return register


def run_of(kind: str) -> Run:
    """The function that does jobs of `kind`. Raises UnknownJobKind."""
    _load_runs()
    try:
        return _RUNS[kind]
    except KeyError:
        known = ", ".join(sorted(_RUNS)) or "none"
        raise UnknownJobKind(
            f"There is no work called {kind!r}; known: {known}. Ask for one of these; nothing was changed."
        ) from None


@cache
def _load_runs() -> None:
    for module in pkgutil.iter_modules(runs.__path__, f"{runs.__name__}."):
        import_module(module.name)
