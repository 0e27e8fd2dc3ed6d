"""A scene is a short story that ends in a refusal; the registry knows which one."""

from __future__ import annotations

import re
from collections.abc import Callable

Scene = Callable[[], object]
SCENES: dict[type[Exception], Scene] = {}


def ends_in(refusal: type[Exception]) -> Callable[[Scene], Scene]:
    """Register a scene under the class with which it ends."""

    def register(scene: Scene) -> Scene:
        assert refusal not in SCENES, refusal
        SCENES[refusal] = scene
        return scene

    return register


def key_of(refusal: type[Exception]) -> str:
    """The name of a class in `refusal_examples.toml`."""
    return f"{refusal.__module__.partition('.')[0]}.{refusal.__name__}"


def as_kept(message: str) -> str:
    """A message with the numbers of entries, journals, jobs and the like, which differ by run, told from 101 on."""
    seen: dict[str, str] = {}

    def renumbered(found: re.Match[str]) -> str:
        return seen.setdefault(found[0], f"{found[1]}-{101 + len(seen)}")

    return re.sub(r"\b([CEJPSW]|CITR)-\d+", renumbered, message)
