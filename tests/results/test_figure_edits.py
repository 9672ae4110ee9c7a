"""Edits of figures change looks and words, never numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgui.export.figure_data import figure_csv
from mlgui.results.figure import Axis, Figure, Line, Panel, Points, Rule, Segments
from mlgui.results.figure_edits import OwnLine, edited, edits_of, lines_text, own_lines, range_of
from mlgui.results.figure_parts import all_texts, axis_parts, original_text, parts, parts_at, present_order


def figure() -> Figure:
    x, rows = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0])
    layers = (
        Points(x=x, y=rows, groups=np.arange(3), label="Public", colour="blue"),
        Segments(x0=x - 1, y0=rows, x1=x + 1, y1=rows + 0.1, label="Public"),
        Line(x=x, y=rows, colour="vermilion", end_label="Catholic"),
        Rule(value=2.0, vertical=True, label="mean 2"),
    )
    names = ((0.0, "low"), (1.0, "middle"), (2.0, "high"))
    panel = Panel(layers=layers, x=Axis(title="Score"), y=Axis(title="", ticks=names), title="Schools")
    return Figure(key="f", title="t", panels=(panel,), group_labels=("a", "b", "c"), grouping="school")


def one(edits: Mapping[str, str]) -> Panel:
    return edited(figure(), edits).panels[0]


def test_without_edits_a_figure_is_itself() -> None:
    plain = figure()
    assert edited(plain, {}) is plain


def test_a_text_reads_otherwise_wherever_it_stands() -> None:
    panel = one({"text:Public": "State", "text:Score": "Points", "text:middle": "mid", "text:Catholic": " "})
    points, intervals, line, _ = panel.layers
    assert isinstance(line, Line)
    assert (points.label, intervals.label, line.end_label) == ("State", "State", "")
    assert panel.x.title == "Points"
    assert [text for _, text in panel.y.ticks or ()] == ["low", "mid", "high"]


def test_categories_change_places_with_what_is_drawn_at_them() -> None:
    panel = one({"order:y:0": '["high", "low"]'})
    points, intervals = panel.layers[:2]
    assert isinstance(points, Points) and isinstance(intervals, Segments)
    assert panel.y.ticks == ((0.0, "high"), (1.0, "low"), (2.0, "middle"))
    assert points.y.tolist() == [1.0, 2.0, 0.0]
    assert intervals.y1.tolist() == pytest.approx([1.1, 2.1, 0.1])
    assert points.x.tolist() == [1.0, 2.0, 3.0]


def test_ranges_colours_sizes_and_lines() -> None:
    shown = edited(
        figure(),
        {
            "range:x:0": "-1,5", "colour:blue": "#123456", "points": "200", "size_mm": "85,60", "text_pt": "7", "rule:0:0": "off",
            "heading": "Pupils", "lines:0": lines_text([OwnLine(at=1.5, label="cut")]),
        },
    )  # fmt: skip
    panel = shown.panels[0]
    points = panel.layers[0]
    assert isinstance(points, Points)
    assert (panel.x.limits, points.colour, points.size) == ((-1.0, 5.0), "#123456", 6.0)
    assert (shown.size_mm, shown.text_pt, shown.heading) == ((85.0, 60.0), 7.0, "Pupils")
    rules = [layer for layer in panel.layers if isinstance(layer, Rule)]
    assert [(rule.value, rule.vertical, rule.label) for rule in rules] == [(1.5, False, "cut")]


def test_the_exported_numbers_are_those_that_were_computed() -> None:
    edits = {"order:y:0": '["high"]', "text:Public": "State", "rule:0:0": "off", "lines:0": '[{"at": 1}]', "range:x:0": "0,1"}
    assert figure_csv(edited(figure(), edits)) == figure_csv(figure())


def test_every_part_is_listed_and_found_again() -> None:
    found = {part.property: part for part in parts(figure(), {"text:Public": "State"})}
    texts = {f"text:{text}" for text in all_texts(figure())}
    others = {"heading", "range:x:0", "order:y:0", "colour:blue", "colour:vermilion", "colour:ink3", "points", "rule:0:0",
              "lines:0", "size_mm", "text_pt"}  # fmt: skip
    assert set(found) == texts | others
    assert found["text:Public"].value == "State" and found["text:Public"].changed
    assert original_text(figure(), {"text:Public": "State"}, "State") == "Public"
    assert original_text(figure(), {}, "nowhere") is None
    assert {part.property for part in parts_at(figure(), {}, "Public")} == {"text:Public", "colour:blue", "points"}
    assert {part.property for part in parts_at(figure(), {}, "mean 2")} == {"text:mean 2", "rule:0:0", "colour:ink3"}
    assert {part.property for part in axis_parts(figure(), {}, "x", 0)} == {"text:Score", "range:x:0"}
    assert present_order(found["order:y:0"]) == ["low", "middle", "high"]


def test_edits_of_one_figure_are_picked_out() -> None:
    assert edits_of((("f", "points", "50"), ("g", "points", "70")), "f") == {"points": "50"}


NAMES = st.sampled_from(
    (
        "heading",
        "text:Public",
        "range:x:0",
        "range:y:0",
        "order:y:0",
        "legend",
        "colour:blue",
        "points",
        "text_pt",
        "size_mm",
        "rule:0:0",
        "lines:0",
        "unknown",
    )
)
ODD = st.sampled_from(
    ("", "nan,1", "1,inf", "[", '["x", 1]', '[{"at": "x"}]', "[[[", "null", '{"a": 1}', "-5", "1e999", "#12", "3,2")
)


# the first text in a fresh checkout waits some seconds for Hypothesis's table of characters
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(edits=st.dictionaries(NAMES, st.one_of(ODD, st.text(max_size=20))))
def test_no_value_of_a_damaged_file_stops_a_figure(edits: dict[str, str]) -> None:
    shown = edited(figure(), edits)
    assert figure_csv(shown) == figure_csv(figure())
    assert all(part.value is not None for part in parts(figure(), edits))
    limits = shown.panels[0].x.limits
    assert limits is None or limits[0] < limits[1]


def test_damaged_lines_are_passed_over() -> None:
    assert own_lines('[{"at": 1}, {"at": true}, 3]') == (OwnLine(at=1.0), OwnLine(at=1.0))
    assert range_of("2,1") is None
