"""Reading Markdown: tables, links and headings, and parts between marks that are made from something else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = re.split(rf"^#+ {re.escape(heading)}$", page, maxsplit=1, flags=re.MULTILINE)[1]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table, heading
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def links(page: str) -> Iterator[str]:
    """The targets of links and pictures that lead into the project."""
    text = FENCE.sub("", page)
    found = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r"(?:src|srcset|href)=\"([^\"\s]+)\"", text)]
    return (target for target in found if not re.match(r"[a-z]+:", target))


def slugs(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", page), re.MULTILINE):
        plain = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return set(found)


def compare_between_marks(page: Path, name: str, lines: Sequence[str]) -> None:
    """Fail unless these lines stand between the marks of a page; `SNAPSHOT_UPDATE=1` writes them there instead."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, mark, after = rest.partition(end)
    assert mark, f"{page} has lost its marks {begin.strip()} and {end}"
    wanted = "\n".join([f"{before}{begin}", *lines, f"\n{end}{after}"])
    if os.environ.get("SNAPSHOT_UPDATE") and wanted != text:
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted
