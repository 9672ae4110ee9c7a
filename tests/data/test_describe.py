import json
from pathlib import Path

import numpy as np
import pytest

from mlgui.data.describe import N_BINS, column_facts, describe, facts_of
from mlgui.data.read import read_file
from mlgui.data.structure import find_structure
from mlgui.data.table import Column, Kind

TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def hsb():
    reading = read_file(TESTS / "reference" / "data" / "hsb.csv")
    return reading, find_structure(reading.table)


def test_group_level_columns_are_counted_by_group(hsb) -> None:
    reading, structure = hsb
    facts = {fact.name: fact for fact in column_facts(reading.table, structure)}
    assert facts["Sector"].levels == ("Catholic", "Public")
    assert facts["Sector"].level_counts == (70, 90)
    assert facts["MEANSES"].histogram.sum() == facts["MEANSES"].n_units == 160
    assert facts["MathAch"].histogram.sum() == 7185
    assert len(facts["MathAch"].histogram) == N_BINS
    # mean and SD of the outcome as published with the data: 12.75, 6.88
    assert facts["MathAch"].mean == pytest.approx(12.75, abs=0.005)
    assert facts["MathAch"].sd == pytest.approx(6.88, abs=0.005)


def test_description_is_json_with_every_cell(hsb) -> None:
    reading, structure = hsb
    found = json.loads(json.dumps(describe(reading, structure, values=True), allow_nan=False))
    assert (found["n_rows"], found["n_columns"]) == (7185, 12)
    assert found["file"]["delimiter"] == ","
    assert found["file"]["guessed"] == ["delimiter", "decimal", "encoding", "header_row"]
    columns = {column["name"]: column for column in found["columns"]}
    assert columns["Sector"]["kind"] == "category"
    assert columns["Sector"]["storage"] == "text"
    assert columns["Sector"]["level"] == "School"
    assert columns["Sector"]["levels"] == ["Catholic", "Public"]
    assert columns["School"]["distinct"] == 160
    assert columns["MathAch"]["values"][0] == 5.876
    school = found["groupings"][0]
    assert (school["name"], school["groups"], school["singletons"]) == ("School", 160, 0)
    assert sum(school["sizes"].values()) == 7185
    assert {"inner", "outer", "relation", "reused_labels"} == set(found["relations"][0])
    assert "values" not in describe(reading, structure)["columns"][0]  # type: ignore[index]


@pytest.mark.parametrize("path", sorted((TESTS / "import_files").glob("*.csv")), ids=lambda path: path.name)
def test_every_file_that_opens_can_be_described(path: Path) -> None:
    if path.name in ("empty.csv", "header_only.csv", "png_renamed.csv"):
        return
    reading = read_file(path)
    json.dumps(describe(reading, find_structure(reading.table), values=True), allow_nan=False)


def test_dates_and_truth_values_in_json() -> None:
    reading = read_file(TESTS / "import_files" / "dates.csv")
    columns = describe(reading, find_structure(reading.table), values=True)["columns"]
    assert columns[1]["values"] == ["2021-03-04", "2021-12-31", None]  # type: ignore[index]


def test_histogram_of_extreme_and_constant_numbers() -> None:
    def facts(values: list[float]):
        return facts_of(Column(name="x", kind=Kind.NUMBER, values=np.array(values)))

    assert facts([1e308, -1e308, 0.0]).histogram.sum() == 3
    assert facts([1e308, -1e308]).sd is None
    assert facts([2.0, 2.0]).histogram.tolist() == [2]
    assert facts([2.0]).sd is None
    assert facts([5e-324, 0.0]).histogram.sum() == 2


def test_many_levels_share_bars() -> None:
    codes = np.repeat(np.arange(30), 2).astype(np.int32)
    column = Column(name="g", kind=Kind.CATEGORY, values=codes, levels=tuple(f"g{i}" for i in range(30)))
    histogram = facts_of(column).histogram
    assert len(histogram) == N_BINS
    assert histogram.sum() == 60
