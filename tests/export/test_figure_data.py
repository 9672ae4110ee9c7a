from __future__ import annotations

import csv
import io

import numpy as np

from mlgui.export.figure_data import HEADER, figure_csv
from mlgui.results.figure import Band, Figure, Line, Panel, Points, Rule, Segments
from mlgui.results.figures import figures
from mlgui.results.report import Report


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def test_every_kind_of_layer_gives_its_numbers() -> None:
    one, two = np.array([1.0]), np.array([1.0, 2.0])
    panel = Panel(
        layers=(
            Points(x=two, y=two * 2, groups=np.array([0, 1]), label="own"),
            Segments(x0=one, y0=one, x1=one * 3, y1=one * 4),
            Line(x=two, y=two, end_label="Public", group=1),
            Band(x=one, low=one * 5, high=one * 6),
            Rule(value=7.0),
            Rule(value=8.0, vertical=True),
        )
    )
    found = rows(figure_csv(Figure(key="f", title="F", panels=(panel, Panel(layers=(), title="=x")), group_labels=("=a", "b"))))
    assert tuple(found[0]) == HEADER
    assert [row["kind"] for row in found] == ["points", "points", "segments", "line", "line", "band", "rule", "rule"]
    assert (found[0]["group"], found[0]["x"], found[0]["y"], found[0]["label"]) == ("'=a", "1.0", "2.0", "own")
    assert (found[2]["x_end"], found[2]["y_end"], found[2]["group"]) == ("3.0", "4.0", "")
    assert (found[3]["group"], found[3]["label"]) == ("b", "Public")
    assert (found[5]["y"], found[5]["y_end"]) == ("5.0", "6.0")
    assert (found[6]["x"], found[6]["y"], found[7]["x"], found[7]["y"]) == ("", "7.0", "8.0", "")


def test_every_figure_of_a_report_can_be_written(sleepstudy: Report) -> None:
    for figure in figures(sleepstudy):
        assert rows(figure_csv(figure))
