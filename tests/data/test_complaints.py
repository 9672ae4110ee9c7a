"""What people complain about in other programs' imports is read right here, or said, or asked; never silently changed."""

from pathlib import Path

import pytest

from mlgui.data.describe import cell_values
from mlgui.data.read import read_file
from mlgui.data.read.alike import look_alikes, may_be_namibia
from mlgui.data.read.reader import ReadOptions
from tests.data.complaints import COMPLAINTS, Complaint


@pytest.mark.parametrize("case", COMPLAINTS, ids=lambda case: case.what)
def test_a_file_people_complain_about(case: Complaint, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    reading = read_file(path, ReadOptions())
    found = {name: (reading.table[name].kind, cell_values(reading.table[name])) for name in case.columns}
    for name, (kind, cells) in case.columns.items():
        assert found[name][0] is kind
        assert found[name][1][-len(cells) :] == cells
    assert tuple(finding.code for finding in reading.findings) == case.told
    assert tuple(question.about for question in reading.questions) == case.asked


def test_there_are_at_least_sixty() -> None:
    assert len({case.what for case in COMPLAINTS}) == len(COMPLAINTS) >= 60


def test_labels_that_look_alike() -> None:
    assert look_alikes(["Yes", "no", "yes", "No"]) == [("Yes", "yes"), ("no", "No")]
    assert look_alikes(["a", "b"]) == [] and look_alikes([str(k) for k in range(6_000)] + ["A", "a"]) == []


def test_namibia_needs_company() -> None:
    assert may_be_namibia(["DE", "FR"]) and not may_be_namibia(["DE"]) and not may_be_namibia(["yes", "no"])
