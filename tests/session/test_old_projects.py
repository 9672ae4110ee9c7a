"""Projects of every version that was ever saved open for ever: a file here is never changed or taken away, only added to.

`v1-first` was saved by the first program that could save, before data could be edited; `v1-edited` holds what came later:
a computed column, a filter, a changed cell, groups left out, a penalty.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlgui.data.table import Kind
from mlgui.session.jobs import fit_model
from mlgui.session.project import Opened, open_project

PROJECTS = Path(__file__).parent / "projects"


def opened(name: str) -> Opened:
    return open_project(PROJECTS / f"{name}.mlgui")


@pytest.mark.parametrize("name", ["v1-first", "v1-edited"])
def test_old_projects_open_with_data_labels_and_models(name: str) -> None:
    found = opened(name)
    assert found.table["school"].levels[0] == "school a" and found.table["school"].label == "Schule, „groß“"
    assert found.table["day"].kind is Kind.DATE and found.table["day"].values[1] == np.datetime64("2024-02-29")
    assert found.table["moment"].values[1] == np.datetime64("2024-02-28T10:00:01.000001")
    assert found.table.n_rows == 48 and np.isnan(found.table["x"].values[5])
    first, second = found.models[:2]
    assert found.active == 2 and first.name == "Modell „zwei“" and first.note == "A note.\nIn two lines."
    assert first.figure_edits == (("f", "title", "T"),) and second.spec is None
    assert first.spec is not None
    assert fit_model(found.table, found.structure, first.spec).n > 0


def test_what_was_done_to_the_data_comes_back() -> None:
    found = opened("v1-edited")
    assert "x within" in found.table and found.table["x"].values[3] == 2.5
    assert found.table.filter is not None and found.table.filter.expression == "score > 8"
    spec = found.models[2].spec
    assert spec is not None and spec.boundary_avoiding and spec.excluded[0].levels == ("school h",)


def test_every_project_of_the_corpus_is_tested() -> None:
    assert {path.stem for path in PROJECTS.iterdir()} == {"v1-first", "v1-edited"}
