from pathlib import Path

import numpy as np
import pytest

from mlgui.data.describe import N_BINS, cell_values, column_facts, facts_of, storage_of
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


def test_cells_as_json_holds_them() -> None:
    columns = read_file(TESTS / "import_files" / "dates.csv").table
    assert cell_values(columns["iso"]) == ["2021-03-04", "2021-12-31", None]
    truth = Column(name="t", kind=Kind.BOOLEAN, values=np.array([1, 0, -1], dtype=np.int32), levels=("FALSE", "TRUE"))
    assert (cell_values(truth), storage_of(truth)) == ([True, False, None], "boolean")
    infinite = Column(name="x", kind=Kind.NUMBER, values=np.array([1.5, np.inf, -np.inf, np.nan]))
    assert cell_values(infinite) == [1.5, "Infinity", "-Infinity", None]
