"""Is everything that a page uses our own or vendored unchanged, and does no page need inline code or another host?"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "commonweal" / "static"
VENDORED = sorted((STATIC / "vendor").iterdir())
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ON_SCREEN = [path for path in TEMPLATES if not {"documents", "emails"} & set(path.relative_to(ROOT).parts)]
OWN = sorted(path for path in (STATIC / "commonweal").iterdir() if path.is_file())

ELSEWHERE = re.compile(r"""(?:src|href|url|action|import)\s*[=(]?\s*["']?(?:https?:)?//""", re.IGNORECASE)
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\ssrc=)""", re.IGNORECASE
)


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_what_is_vendored_is_unchanged_and_licensed(folder: Path) -> None:
    notice = tomllib.loads((folder / "VENDOR.toml").read_text())
    kept = {path.name for path in folder.iterdir()} - {"VENDOR.toml"}
    assert kept == set(notice["sha256"])
    assert "LICENSE" in kept
    assert folder.name == f"{notice['name']}-{notice['version']}"
    for name, expected in notice["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name


@pytest.mark.parametrize("path", ON_SCREEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_has_inline_code_or_needs_another_host(path: Path) -> None:
    text = path.read_text()
    assert INLINE.findall(text) == []
    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_of_ours_calls_another_host(path: Path) -> None:
    assert ELSEWHERE.findall(path.read_text()) == []


def test_every_font_has_its_licence() -> None:
    fonts = STATIC / "commonweal" / "fonts"
    families = {re.sub(r"-latin.*", "", path.name) for path in fonts.glob("*.woff2")}
    assert families == {"besley", "source-sans-3"}
    for family in families:
        assert "SIL Open Font License" in (fonts / f"OFL-{family}.txt").read_text().title().replace("Sil", "SIL")


def test_every_static_file_that_a_template_names_exists() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r"""{% static ["']([^"']+)["'] %}""", path.read_text())}
    assert "commonweal/tokens.css" in named
    assert [name for name in sorted(named) if finders.find(name) is None] == []


def test_production_can_name_every_file_by_its_content(tmp_path: Path) -> None:
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert re.search(r"fonts/besley-latin-600-normal\.[0-9a-f]{12}\.woff2", _collected(tmp_path, "tokens.*.css"))
    assert re.search(r"motif\.[0-9a-f]{12}\.svg", _collected(tmp_path, "components.*.css"))


def _collected(root: Path, pattern: str) -> str:
    (found,) = (path for path in (root / "commonweal").glob(pattern) if re.search(r"\.[0-9a-f]{12}\.css$", path.name))
    return found.read_text()
