"""The house keeps its shape: sizes, plain domains, which way knowledge points, and what lies at the top."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("ledger", "borrowers", "loans", "investors", "commonweal")
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
TOP_LEVEL = {
    *APPS,
    *("templates", "tests", "docs", "manage.py", "pyproject.toml", "requirements.lock", "Makefile"),
    *("README.md", "CHANGELOG.md", "LICENSE"),
}
MAY_POINT_AT = {
    "ledger": set(),
    "borrowers": set(),
    "loans": {"borrowers", "ledger"},
    "investors": {"loans", "borrowers", "ledger"},
    "access": {"investors", "loans", "borrowers", "ledger"},
    "documents": {"access", "investors", "loans", "borrowers", "ledger"},
    "letters": {"documents", "access", "investors", "loans", "borrowers", "ledger"},
    "open_data": {"documents", "access", "investors", "loans", "borrowers", "ledger"},
    "jobs": {"letters", "open_data", "documents", "access", "investors", "loans", "borrowers", "ledger"},
    "api": {"jobs", "letters", "open_data", "documents", "access", "investors", "loans", "borrowers", "ledger"},
    "commonweal": {"jobs", "letters", "open_data", "documents", "access", "investors", "loans", "borrowers", "ledger"},
}
CLOCK = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "localtime"}
OUTSIDE_WORLD = {
    "asyncio",
    "glob",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
} | {
    *("subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "warnings"),
}
SOURCES = sorted(file for app in APPS for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts)
DOMAINS = [file for file in SOURCES if "domain" in file.relative_to(ROOT).parts]
PRIVATE_PLACES = re.compile(
    r"/(?:root|home|Users)/[\w.]|/wor[k]/(?:main|shared)\b|--(?:extra-)?index-url|pyp[i]\.org|python[h]osted|np[m]js|artifactory"
)
"""Paths of somebody's machine, and addresses where packages come from: neither is anybody else's business."""


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def name_of(file: Path, line: int = 0) -> str:
    return f"{file.relative_to(ROOT)}{f':{line}' if line else ''}"


def tracked_files() -> list[Path]:
    """What git keeps; a copy without git is taken whole."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else [str(file) for file in ROOT.glob("[!.v]*/**/*")]
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_is_too_long() -> None:
    lengths = {name_of(file): len(file.read_text().splitlines()) for file in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    def too_long() -> Iterator[str]:
        for file in SOURCES:
            for node in ast.walk(tree_of(file)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = (node.end_lineno or node.lineno) - node.lineno + 1
                    if length > LONGEST_FUNCTION:
                        yield f"{name_of(file, node.lineno)} {node.name} has {length} lines"

    assert list(too_long()) == []


def test_no_float_in_a_domain() -> None:
    def floats() -> Iterator[str]:
        for file in DOMAINS:
            for node in ast.walk(tree_of(file)):
                literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
                if literal or (isinstance(node, ast.Name) and node.id in {"float", "complex"}):
                    yield name_of(file, node.lineno)

    assert list(floats()) == []


def test_no_clock_in_a_domain() -> None:
    def clocks() -> Iterator[str]:
        for file in DOMAINS:
            for node in ast.walk(tree_of(file)):
                if isinstance(node, ast.Attribute) and node.attr in CLOCK:
                    yield f"{name_of(file, node.lineno)} .{node.attr}"

    assert list(clocks()) == []


def test_a_domain_imports_the_standard_library_moneyed_and_domains_alone() -> None:
    allowed = (set(sys.stdlib_module_names) - OUTSIDE_WORLD) | {"moneyed"}

    def strangers() -> Iterator[str]:
        for file in DOMAINS:
            for node in ast.walk(tree_of(file)):
                if isinstance(node, ast.Import):
                    names = [each.name for each in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or "." * node.level]
                else:
                    continue
                for name in names:
                    if name.split(".")[0] not in allowed and ".domain" not in f"{name}.":
                        yield f"{name_of(file, node.lineno)} imports {name}"

    assert list(strangers()) == []


def test_every_module_says_which_question_it_answers() -> None:
    empty_packages = [file for file in SOURCES if file.name == "__init__.py" and not file.read_text().strip()]
    silent = [file for file in SOURCES if file not in empty_packages and not ast.get_docstring(tree_of(file))]
    assert [name_of(file) for file in silent] == []


def test_every_public_name_of_a_domain_is_explained() -> None:
    def silent() -> Iterator[str]:
        for file in DOMAINS:
            for node in tree_of(file).body:
                explained = isinstance(node, ast.FunctionDef | ast.ClassDef)
                if explained and not node.name.startswith("_") and not ast.get_docstring(node):
                    yield f"{name_of(file, node.lineno)} {node.name}"

    assert list(silent()) == []


def test_foreign_keys_point_the_way_of_the_imports() -> None:
    """Strings included: what is written as "ledger.Book" is knowledge as well. The user model alone stands apart."""
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.app_label
        for field in model._meta.get_fields(include_parents=False):
            if label not in MAY_POINT_AT or field.auto_created or not field.is_relation or not field.related_model:
                continue
            unresolved = isinstance(field.related_model, str)
            target = field.related_model if unresolved else field.related_model._meta.label
            known = {label, "contenttypes", *MAY_POINT_AT[label]}
            if target.split(".")[0] not in known and target != settings.AUTH_USER_MODEL:
                wrong.append(f"{model._meta.label}.{field.name} → {target}")
    assert wrong == []


def test_every_app_of_ours_has_its_place_in_the_table() -> None:
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT / "commonweal")}
    ours |= {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert ours == set(MAY_POINT_AT)


def test_the_top_level_is_what_the_design_names() -> None:
    found = {file.relative_to(ROOT).parts[0] for file in tracked_files()}
    assert {name for name in found if not name.startswith(".")} - TOP_LEVEL == set()


def test_import_contracts_are_kept() -> None:
    line = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    found = []
    for file in set(tracked_files()) - {Path(__file__)}:
        text = file.read_bytes().decode(errors="ignore")
        found += [f"{name_of(file, number)} {line.strip()[:80]}" for number, line in lines_naming_places(text)]
    assert found == []


def lines_naming_places(text: str) -> list[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if PRIVATE_PLACES.search(line)]


@pytest.mark.parametrize(
    "line", ["cd /home/jo/src", "--index-url x", ".".join(("https://pypi", "org/simple")), "/root/.cache"]
)
def test_private_places_are_found(line: str) -> None:
    assert lines_naming_places(f"first\n{line}") == [(2, line)]
