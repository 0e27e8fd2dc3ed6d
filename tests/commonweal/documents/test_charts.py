"""Is a chart the same text for the same values, honest about its axis, and safe whatever its labels say?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from commonweal.documents import charts, svg
from commonweal.documents.scale import brief, ticks

HOSTILE = """<script>alert("x")</script> & 'y' ]]> <image href="file:///etc/passwd"/>"""


def step_line() -> str:
    return charts.step_line(
        "cap",
        title="What is left fell from £35,000.00 to £26,665.48",
        steps=[
            charts.Step(date(2025, 5, 1), Decimal("35000.00")),
            charts.Step(date(2025, 12, 31), Decimal("31435.33")),
            charts.Step(date(2026, 9, 1), Decimal("26665.48")),
        ],
        until=date(2026, 9, 30),
        sign="£",
    )


def step_lines() -> str:
    owed = [charts.Step(date(2027, 1, 1), Decimal("1000.00")), charts.Step(date(2027, 2, 1), Decimal("500.00"))]
    paid = [charts.Step(date(2027, 1, 1), Decimal(0)), charts.Step(date(2027, 2, 1), Decimal("5.00"))]
    return charts.step_lines(
        "both",
        title="What is still owed falls to nothing; the interest adds up to £7.50",
        lines=(
            charts.Line("still owed", [*owed, charts.Step(date(2027, 3, 1), Decimal(0))]),
            charts.Line("interest", [*paid, charts.Step(date(2027, 3, 1), Decimal("7.50"))]),
        ),
        until=date(2027, 3, 1),
        sign="£",
    )


def columns() -> str:
    return charts.stacked_columns(
        "pay",
        title="Each payment is £676.65",
        columns=[
            charts.Column("Jun 2025", (Decimal("501.65"), Decimal("175.00"))),
            charts.Column("Jul 2025", (Decimal("504.16"), Decimal("172.49"))),
            charts.Column("Aug 2025", (Decimal("676.65"), Decimal("0.00"))),
        ],
        names=("Repaid", "Interest"),
        sign="£",
        divider=charts.Divider(1, "fallen due", "to come"),
    )


def bars() -> str:
    rows = [charts.Bar("Energy", Decimal("0.21"), "21%"), charts.Bar("A very long kind of business", Decimal(0), "0%")]
    return charts.bars("sec", title="Energy is the largest kind, 21%", rows=rows)


def share_bar() -> str:
    rows = [
        charts.Bar("Senior", Decimal("60"), "60%"),
        charts.Bar("Subordinated", Decimal("30"), "30%"),
        charts.Bar("First loss", Decimal("10"), "10%"),
    ]
    return charts.share_bar("rank", title="The bank funds 60% as senior", rows=rows)


def progress() -> str:
    return charts.progress(
        "hours",
        title="271 hours in June 2026; the target is 320",
        rows=[charts.Bar("Before", Decimal("180"), "180"), charts.Bar("June 2026", Decimal("271"), "271")],
        target=charts.Bar("target", Decimal("320"), "320"),
        width=330,
        name_room=122,
    )


CHARTS = {f.__name__: f for f in (step_line, step_lines, columns, bars, share_bar, progress)}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_the_text_that_was_reviewed(name: str, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"chart_{name}.svg", CHARTS[name]() + "\n")


@pytest.mark.parametrize("name", CHARTS)
def test_the_title_comes_first_and_ids_carry_the_prefix(name: str) -> None:
    root = ElementTree.fromstring(CHARTS[name]())
    assert root[0].tag.endswith("title")
    assert root[0].text
    assert root.get("aria-labelledby") == root[0].get("id")
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", CHARTS)
def test_colours_are_attributes_with_a_class_so_that_paper_and_screen_agree(name: str) -> None:
    """WeasyPrint reads no page style in SVG; a strict CSP allows no style attribute on the screen."""
    root = ElementTree.fromstring(CHARTS[name]())
    for element in root.iter():
        assert element.get("style") is None
        if element.tag.endswith(("rect", "path", "circle", "line")):
            assert element.get("class"), ElementTree.tostring(element)
            assert element.get("fill") or element.get("stroke")


@pytest.mark.parametrize("name", CHARTS)
def test_coordinates_have_at_most_one_decimal(name: str) -> None:
    numbers = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]+)"', CHARTS[name]())
    assert numbers
    assert all(re.fullmatch(r"-?\d+(\.\d)?", number) for number in numbers)


def test_hostile_labels_are_text_and_nothing_else() -> None:
    chart = charts.bars(HOSTILE, title=HOSTILE, rows=[charts.Bar(HOSTILE, Decimal(1), HOSTILE)], name_room=900)
    root = ElementTree.fromstring(chart)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "rect", "text", "line"}
    assert root[0].text == HOSTILE
    assert [element.text for element in root.iter() if element.tag.endswith("text")] == [HOSTILE, HOSTILE]


def test_a_chart_without_a_finding_is_refused() -> None:
    with pytest.raises(ValueError, match="has no title"):
        charts.bars("sec", title=" ", rows=[])


def test_a_value_below_nought_is_refused_not_drawn_upwards() -> None:
    steps = [charts.Step(date(2026, 1, 1), Decimal("5")), charts.Step(date(2026, 2, 1), Decimal("-1"))]
    with pytest.raises(ValueError, match="start at nought"):
        charts.step_line("b", title="Below", steps=steps, until=date(2026, 3, 1), sign="£")


def test_a_share_bar_with_four_parts_is_refused_not_cut() -> None:
    rows = [charts.Bar(str(n), Decimal(n), str(n)) for n in range(1, 5)]
    with pytest.raises(ValueError, match="at most 3 parts, and 4"):
        charts.share_bar("s", title="Four", rows=rows)


def test_nothing_at_all_still_draws_an_axis() -> None:
    steps = [charts.Step(date(2026, 1, 1), Decimal(0))]
    chart = charts.step_line("b", title="Nothing was lent", steps=steps, until=date(2026, 1, 1), sign="£")
    assert "£0" in chart


def test_the_parts_of_a_share_bar_fill_it() -> None:
    root = ElementTree.fromstring(share_bar())
    rects = [(Decimal(r.get("x", "")), Decimal(r.get("width", ""))) for r in root.iter() if r.tag.endswith("rect")]
    assert [x for x, _ in rects] == [Decimal("0"), Decimal("251.6"), Decimal("378.4")]
    assert rects[-1][0] + rects[-1][1] == 420


def test_a_long_last_name_of_a_share_bar_stands_below_the_one_before_it() -> None:
    rows = [
        charts.Bar("Northmoor Regional Bank", Decimal("60"), "60%"),
        charts.Bar("Tideway Social Trust", Decimal("30"), "30%"),
        charts.Bar("Lottery first-loss grant", Decimal("10"), "10%"),
    ]
    root = ElementTree.fromstring(charts.share_bar("s", title="Who funds it", rows=rows))
    heights = {text.text: text.get("y") for text in root.iter() if text.tag.endswith("text")}
    assert heights["Tideway Social Trust"] == "44"
    assert heights["Lottery first-loss grant"] == "60"
    assert root.get("height") == "64"


def one_reading(value: int, words: str, target: int) -> str:
    aim = charts.Bar("target", Decimal(target), f"{target:,}")
    return charts.progress("p", title="One reading", rows=[charts.Bar("2026", Decimal(value), words)], target=aim)


def one_day(value: int) -> str:
    steps = [charts.Step(date(2026, 9, 30), Decimal(value))]
    lines = [charts.Line("with a pause", steps), charts.Line("without", steps)]
    return charts.step_lines("d", title="Both the same", lines=lines, until=date(2026, 9, 30), sign="£")


def parts(*values: int) -> str:
    names = ("Principal", "Interest", "May be called")
    rows = [charts.Bar(name, Decimal(value), f"£{value:,}") for name, value in zip(names, values, strict=False)]
    return charts.share_bar("s", title="What came back", rows=rows, width=300)


LABELLED = {
    "at its target": one_reading(1_250, "1,250 people", 1_250),
    "just below it": one_reading(1_200, "1,200 people", 1_250),
    "at nothing": one_reading(0, "0 people", 1_250),
    "lines that end together at the top": one_day(100),
    "lines that end together at nought": one_day(0),
    "a narrow first part": parts(1, 900),
    "a narrow last part": parts(900, 1),
    "two narrow parts before a wide one": parts(1, 1, 900),
    "two narrow parts behind a wide one": parts(900, 1, 1),
    "one part alone": parts(5),
}


@pytest.mark.parametrize("chart", LABELLED.values(), ids=LABELLED)
def test_with_one_point_or_a_narrow_part_no_label_is_missing_cut_or_over_another(chart: str) -> None:
    root = ElementTree.fromstring(chart)
    width, tall = int(root.get("width", "")), int(root.get("height", ""))
    found = [text for text in root.iter() if text.tag.endswith("text")]
    boxes = []
    for text in found:
        x, y, long = float(text.get("x", "")), float(text.get("y", "")), 6 * len(text.text or "")
        begins = x - {"start": 0, "middle": long / 2, "end": long}[text.get("text-anchor", "start")]
        boxes.append((begins, begins + long, y))
    assert all(begins >= 0 and ends <= width and 9 <= y <= tall for begins, ends, y in boxes)
    for number, (begins, ends, y) in enumerate(boxes):
        for other_begins, other_ends, other_y in boxes[:number]:
            assert ends <= other_begins or begins >= other_ends or abs(y - other_y) >= 12


def test_every_part_of_a_share_bar_is_named_with_its_words() -> None:
    root = ElementTree.fromstring(parts(1, 900))
    said = {text.text for text in root.iter() if text.tag.endswith("text")}
    assert said == {"Principal £1", "Interest", "£900"}


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        ("269000", "0 100000 200000 300000"),
        ("1924.81", "0 1000 2000"),
        ("95562.91", "0 40000 80000 120000"),
        ("35000.00", "0 20000 40000"),
        ("3", "0 1 2 3"),
        ("0", "0"),
    ],
)
def test_the_axis_starts_at_nought_and_ends_just_above(largest: str, expected: str) -> None:
    assert " ".join(f"{tick:f}" for tick in ticks(Decimal(largest))) == expected


def test_every_axis_holds_its_largest_value_in_three_steps() -> None:
    for largest in (Decimal(n) * Decimal("0.37") for n in range(1, 40_000, 7)):
        axis = ticks(largest)
        assert axis[-2] < largest <= axis[-1]
        assert len(axis) <= 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("676.65", "£677"),
        ("9999.4", "£9,999"),
        ("53860.82", "£54k"),
        ("1240000", "£1.2m"),
        ("3000000", "£3m"),
        ("0", "£0"),
    ],
)
def test_large_amounts_are_said_in_few_letters(value: str, expected: str) -> None:
    assert brief(Decimal(value), "£") == expected


def test_a_coordinate_is_never_minus_nought() -> None:
    assert [svg.coordinate(Decimal(text)) for text in ("-0.01", "44.00", "114.45", "-3.25")] == [
        "0",
        "44",
        "114.4",
        "-3.2",
    ]
