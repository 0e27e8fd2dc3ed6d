"""What the catalogue quotes is what is said: each scene is played, and its last words are those that are kept.

`SNAPSHOT_UPDATE=1` keeps what is said now, to be read in review like any other text.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from commonweal.management.refusals import EXAMPLES, find_refusals, read_examples
from tests.refusals.scenes import SCENES, as_kept, key_of

for module in sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("test_")):
    import_module(f"tests.refusals.{module}")

HEAD = "# What was said in a real run, for docs/errors.md. Written by tests/refusals with SNAPSHOT_UPDATE=1.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", SCENES, ids=key_of)
def test_what_is_said_is_what_is_kept(refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as caught:
        SCENES[refusal]()
    assert type(caught.value) is refusal, caught.value
    said = as_kept(" ".join(str(caught.value).split()))
    if os.environ.get("SNAPSHOT_UPDATE"):
        keep(key_of(refusal), said)
    assert read_examples().get(key_of(refusal)) == said


def keep(key: str, said: str) -> None:
    """Write one example; a string of JSON is one of TOML as well."""
    kept = read_examples() | {key: said}
    lines = [f'"{name}" = {json.dumps(kept[name], ensure_ascii=False)}\n' for name in sorted(kept)]
    EXAMPLES.write_text(HEAD + "".join(lines), encoding="utf-8")


def test_every_example_is_of_a_refusal_that_there_is_and_is_played() -> None:
    kept = set(read_examples())
    assert kept <= {refusal.key for refusal in find_refusals(settings.BASE_DIR)}
    assert kept == {key_of(refusal) for refusal in SCENES}
