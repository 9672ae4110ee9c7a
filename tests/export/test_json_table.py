"""The JSON of `mlgui describe`: a file as it was understood, its columns, groups and their relations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mlgui.data.read import read_file
from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.structure import find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.export.json_report import json_text
from mlgui.export.json_table import reading_json

TESTS = Path(__file__).parent.parent
REFUSED = ("empty.csv", "header_only.csv", "png_renamed.csv")
READABLE = sorted(path for path in (TESTS / "import_files").glob("*.csv") if path.name not in REFUSED)


def test_a_description_says_how_the_file_was_understood() -> None:
    reading = read_file(TESTS / "reference" / "data" / "hsb.csv")
    found = json.loads(json_text(reading_json(reading, find_structure(reading.table), values=True)))
    assert (found["file"], found["n_rows"], found["n_columns"], found["delimiter"]) == ("hsb.csv", 7185, 12, ",")
    assert found["guessed"] == ["delimiter", "decimal", "encoding", "header_row"]
    assert found["missing"] == [] and "NA" in found["usual_missing"]
    columns = {column["name"]: column for column in found["columns"]}
    sector = columns["Sector"]
    assert (sector["kind"], sector["storage"], sector["level"], sector["label"]) == ("category", "text", "School", "")
    assert (sector["levels"], sector["level_counts"]) == (["Catholic", "Public"], [70, 90])  # counted by school
    assert columns["School"]["distinct"] == 160
    score = columns["MathAch"]
    # mean and SD of the outcome as published with the data: 12.75, 6.88
    assert (score["mean"], score["sd"]) == pytest.approx((12.75, 6.88), abs=0.005)
    assert score["values"][0] == 5.876 and score["level"] == "" and "levels" not in score


def test_a_description_lists_groups_and_relations() -> None:
    reading = read_file(TESTS / "reference" / "data" / "hsb.csv")
    found = reading_json(reading, find_structure(reading.table))
    school = found["groupings"][0]
    assert (school["name"], school["likely"], school["groups"], school["singletons"]) == ("School", True, 160, 0)
    assert sum(school["sizes"]) == 7185 and len(school["levels"]) == 160
    assert (school["size_min"], school["size_max"]) == (14, 67)
    assert {"inner", "outer", "relation", "reused_labels"} == set(found["relations"][0])
    assert "values" not in found["columns"][0]


def test_labelled_columns_keep_their_codes() -> None:
    codes = np.array([0, 1, -1], dtype=np.int32)
    sex = Column(name="sex", kind=Kind.LABELLED, values=codes, levels=("girl", "boy"), level_codes=(1.0, 2.0), label="Sex")
    table = Table(columns=(sex,), row_ids=np.arange(1, 4))
    column = reading_json(Reading(table=table, options=ReadOptions()), find_structure(table), values=True)["columns"][0]
    assert (column["storage"], column["levels"], column["level_codes"]) == ("number", ["girl", "boy"], [1.0, 2.0])
    assert (column["values"], column["codes"], column["label"]) == (["girl", "boy", None], [1.0, 2.0, None], "Sex")


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_every_file_that_opens_can_be_described(path: Path) -> None:
    reading = read_file(path)
    json_text(reading_json(reading, find_structure(reading.table), values=True))
