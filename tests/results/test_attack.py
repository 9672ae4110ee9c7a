"""Warnings where a design leaves a variance open, found by fitting models that no data can tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.data.table import Column, Kind, Table
from mlgui.results.identified_checks import identified
from mlgui.results.report import Report
from mlgui.results.table_builders import variance_table
from tests.results.models import hsb_means, load_table, report_of


def open_variances(report: Report) -> list[tuple[str, ...]]:
    return [found.about for found in report.findings if found.code == "variance-not-identified"]


def sleepstudy(**columns: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Table:
    """Return the sleep study with more columns of numbers."""
    table = load_table("sleepstudy.csv")
    for name, values in columns.items():
        table = table.with_column(Column(name=name, kind=Kind.NUMBER, values=values))
    return table


def days() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(load_table("sleepstudy.csv")["Days"].values, dtype=float)


@pytest.mark.parametrize("reml", [True, False])
def test_groups_that_are_also_a_predictor_leave_no_variance(reml: bool) -> None:
    report = report_of("Reaction ~ Days + Subject + (1 | Subject)", sleepstudy(), reml=reml, comparators=False)
    assert open_variances(report) == [("Subject", "(Intercept)")]
    # the data cannot say that there is no variation, so no finding may say so
    assert not [found for found in report.findings if found.code in ("boundary-fit", "certificate-not-passed")]


def test_as_many_group_level_predictors_as_groups_leave_no_variance() -> None:
    table = load_table("sleepstudy.csv")
    subject = np.asarray(table["Subject"].values)
    few = replace(
        table,
        columns=tuple(replace(column, values=column.values[subject < 3]) for column in table.columns),
        row_ids=table.row_ids[subject < 3],
    )
    codes = subject[subject < 3]
    for name, value in (("u", np.array([0.3, -1.0, 2.0])), ("v", np.array([1.0, 0.5, -1.0]))):
        few = few.with_column(Column(name=name, kind=Kind.NUMBER, values=value[codes]))
    report = report_of("Reaction ~ Days + u + v + (Days | Subject)", few, comparators=False)
    assert open_variances(report) == [("Subject", "(Intercept)")]
    assert open_variances(report_of("Reaction ~ Days + u + (Days | Subject)", few, comparators=False)) == []


@pytest.mark.parametrize(
    ("term", "about"),
    [("Days + twice", "twice"), ("constant", "constant"), ("0 + nothing", "nothing"), ("Days + shifted", "shifted")],
)
def test_a_varying_column_that_repeats_others_is_named(term: str, about: str) -> None:
    table = sleepstudy(twice=2 * days(), constant=np.full(180, 7.0), nothing=np.zeros(180), shifted=2 * days() + 1)
    report = report_of(f"Reaction ~ Days + ({term} | Subject)", table, comparators=False)
    assert open_variances(report) == [("Subject", about)]


def test_the_same_groups_under_two_names_are_named() -> None:
    table = load_table("sleepstudy.csv")
    table = table.with_column(replace(table["Subject"], name="Person"))
    report = report_of("Reaction ~ Days + (1 | Subject) + (1 | Person)", table, comparators=False)
    assert len(open_variances(report)) == 1
    apart = report_of("Reaction ~ Days + (1 | Subject) + (0 + Days | Person)", table, comparators=False)
    assert open_variances(apart) == []


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("Reaction ~ Days + Subject + (1 | Subject)", [False]),
        ("Reaction ~ Days + (Days + twice | Subject)", [True, False, False]),
        ("Reaction ~ Days + (shifted + Days | Subject)", [False, False, False]),
        ("Reaction ~ Days + (0 + nothing | Subject)", [False]),
        ("Reaction ~ Days + (Days | Subject)", [True, True]),
    ],
)
def test_tables_show_no_sd_that_the_data_cannot_tell(formula: str, told: list[bool]) -> None:
    table = sleepstudy(twice=2 * days(), nothing=np.zeros(180), shifted=2 * days() + 1)
    report = report_of(formula, table, comparators=False)
    assert list(identified(report, report.variance[0])) == told
    shown = variance_table(report)
    sds = np.array(next(column for column in shown.columns if column.key == "sd").cells, dtype=float)
    assert np.isfinite(sds).tolist() == [*told, True]
    assert ("cannot tell" in shown.note) == (not all(told))
    said = [sentence for sentence in report.sentences if "ubjects differ by" in sentence or "show no difference" in sentence]
    assert len(said) == any(told) and " ".join(said).count("±") == sum(told)


def test_a_predictor_far_from_zero_is_not_taken_for_a_constant() -> None:
    report = report_of("Reaction ~ far + (far | Subject)", sleepstudy(far=days() + 1e6), comparators=False)
    assert open_variances(report) == []
    assert open_variances(hsb_means()) == []
