from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.engine.problem import DegenerateProblem
from mlgui.errors import Cancelled, UserError
from mlgui.progress import Latest, Step
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model, one_blas_thread, open_file
from mlgui.session.refusals import _WORDS, refusal
from mlgui.spec.formula import parse


def test_a_fit_is_one_call_and_reports_its_steps(table: Table, structure: Structure) -> None:
    steps: list[Step] = []
    report = fit_model(table, structure, parse("score ~ x * u + (x | school)"), steps.append)
    assert report.n == 48 and report.method == "REML" and report.seconds > 0
    assert any("criterion" in step.text for step in steps)


def test_a_fit_stops_at_its_next_step(table: Table, structure: Structure) -> None:
    latest = Latest()
    latest.stop()
    with pytest.raises(Cancelled):
        fit_model(table, structure, parse("score ~ x + (1 | school)"), latest)


def test_a_fit_can_be_stopped_inside_the_engine(table: Table, structure: Structure) -> None:
    latest = Latest()

    def stop_late(step: Step) -> None:
        if "criterion" in step.text:
            latest.stop()
        latest(step)

    with pytest.raises(Cancelled):
        fit_model(table, structure, parse("score ~ x + (x | school)"), stop_late)


@pytest.mark.parametrize("formula", ["nowhere ~ 1 + (1 | school)", "score ~ absent + (1 | school)", "kind ~ x + (1 | school)"])
def test_what_cannot_be_asked_is_refused_in_words(table: Table, structure: Structure, formula: str) -> None:
    with pytest.raises(UserError):
        fit_model(table, structure, parse(formula))


@pytest.mark.parametrize("values", [np.full(48, 3.0), np.full(48, np.nan)])
def test_an_outcome_without_variation_or_values_is_refused(table: Table, values: np.ndarray) -> None:
    flat = table.with_column(Column(name="score", kind=Kind.NUMBER, values=values))
    with pytest.raises(UserError):
        fit_model(flat, find_structure(flat), parse("score ~ x + (1 | school)"))


def test_one_row_in_every_group_is_refused(table: Table) -> None:
    codes = np.arange(48, dtype=np.int32)
    alone = table.with_column(Column(name="school", kind=Kind.CATEGORY, values=codes, levels=tuple(map(str, codes))))
    with pytest.raises(UserError):
        fit_model(alone, find_structure(alone), parse("score ~ x + (1 | school)"))


def test_too_many_coefficients_are_told_to_be_averages_or_to_vary(table: Table, structure: Structure) -> None:
    design = fit_model(table, structure, parse("score ~ x + (1 | school)")).design
    assert "average coefficients" in refusal(DegenerateProblem("too-many-coefficients"), design).why
    assert "vary by school" in refusal(DegenerateProblem("too-many-coefficients", 0), design).why


def test_every_refusal_of_the_engine_has_words(table: Table, structure: Structure) -> None:
    design = fit_model(table, structure, parse("score ~ x + (1 | school)")).design
    for code in (*_WORDS, "something new"):
        for index in (None, 0, 9):
            error = refusal(DegenerateProblem(code, index), design)
            assert error.what and error.why and error.do and "{" not in str(error)


def test_the_codes_with_words_are_those_of_the_engine() -> None:
    assert set(_WORDS) == {code for code in _WORDS if f"{code}:" in (DegenerateProblem.__doc__ or "")}


def test_fitting_changes_no_data(table: Table, structure: Structure) -> None:
    before = [column.values.copy() for column in table.columns]
    fit_model(table, structure, replace(parse("score ~ x + kind + (x | school)"), reml=False))
    for column, values in zip(table.columns, before, strict=True):
        np.testing.assert_array_equal(column.values, values)


def test_small_problems_use_one_thread() -> None:
    from threadpoolctl import threadpool_info

    with one_blas_thread(10):
        assert all(pool["num_threads"] == 1 for pool in threadpool_info() if pool["user_api"] == "blas")
    with one_blas_thread(10**6):
        pass


def test_a_file_opens_with_its_groups(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("g,y\n" + "".join(f"{'abc'[n % 3]},{n * 1.25}\n" for n in range(12)))
    reading, structure = open_file(path)
    assert reading.table.n_rows == 12 and [facts.name for facts in structure.groupings] == ["g"]
    with pytest.raises(UserError):
        open_file(tmp_path / "none.csv")


def test_both_readings_of_reused_labels_are_told_with_their_criterion() -> None:
    """Pastes: REML criteria of `(1 | batch/cask)` (reference p11) and of casks crossed with batches (lme4 1.1-31: 301.47)."""
    table, structure, _ = open_example("pastes")
    told = {
        text: next(f for f in fit_model(table, structure, parse(text)).findings if f.code == "reused-labels").text
        for text in ("strength ~ 1 + (1 | batch) + (1 | cask)", "strength ~ 1 + (1 | batch/cask)")
    }
    crossed, nested = told.values()
    assert "301.5 as it is read now, 247.0 the other way" in crossed
    assert "247.0 as it is read now, 301.5 the other way" in nested
