"""Columns at group level and the group-level model read from them."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.results.group_columns import group_column, group_columns
from mlgui.results.group_model import (
    coefficient_title,
    default_category,
    equation_terms,
    equation_text,
    held_prediction,
    indexed_symbol,
    model_columns,
)
from mlgui.spec.wording import by_level
from tests.results.models import case_report, fitted, hsb, hsb_means, report_of
from tests.results.test_shapes import made_up


def test_columns_of_the_model_come_first() -> None:
    assert [column.name for column in group_columns(hsb_means(), "School")] == [
        "MEANSES", "Sector", "Size", "PRACAD", "DISCLIM", "HIMINTY",
    ]  # fmt: skip


def test_values_are_those_of_the_groups() -> None:
    report = hsb()
    groups, table = report.groups[0], report.design.table
    size, sector = group_column(report, "School", "Size"), group_column(report, "School", "Sector")
    rows = [int(np.flatnonzero(report.design.problem.groupings[0].codes == j)[0]) for j in range(len(groups.levels))]
    np.testing.assert_array_equal(size.values, table["Size"].values[rows])
    assert sector.levels == ("Public", "Catholic")
    np.testing.assert_array_equal(sector.codes, table["Sector"].values[rows])


def test_columns_that_vary_within_groups_are_refused() -> None:
    with pytest.raises(KeyError):
        group_column(hsb(), "School", "SES")


def test_equations_of_the_screen() -> None:
    report = hsb_means()
    assert equation_text(report, "School", 0) == "αⱼ = 12.09 + 1.19 [Sector: Catholic]ⱼ + 3.32 MEANSESⱼ + ηⱼ"
    assert equation_text(report, "School", 1) == "βⱼ = 2.91 − 1.58 [Sector: Catholic]ⱼ + 0.85 MEANSESⱼ + ηⱼ"
    assert [term.coefficient for term in equation_terms(report, "School", 1)] == ["SES", "SES:SectorCatholic", "SES:MEANSES"]
    assert model_columns(report, "School", 1) == ("Sector", "MEANSES")
    assert coefficient_title(report, "School", 1) == "Slopes βⱼ of SES"


def test_held_predictors_stand_at_their_mean() -> None:
    report = hsb_means()
    beta = {effect.name: effect.estimate for effect in report.fixed}
    means = group_column(report, "School", "MEANSES").values.mean()
    sector = group_column(report, "School", "Sector").codes
    wanted = beta["(Intercept)"] + beta["SectorCatholic"] * sector + beta["MEANSES"] * means
    np.testing.assert_allclose(held_prediction(report, "School", 0, frozenset({"Sector"})), wanted)
    everything = held_prediction(report, "School", 0, frozenset({"Sector", "MEANSES"}))
    np.testing.assert_allclose(everything, report.groups[0].prediction[:, 0])


def test_a_product_of_a_kept_and_a_held_predictor_keeps_the_one() -> None:
    report = fitted("MathAch ~ MEANSES * Sector + (1 | School)", "hsb.csv")
    beta = {effect.name: effect.estimate for effect in report.fixed}
    means = group_column(report, "School", "MEANSES").values
    share = group_column(report, "School", "Sector").codes.mean()
    wanted = (
        beta["(Intercept)"] + beta["SectorCatholic"] * share + beta["MEANSES"] * means
        + beta["MEANSES:SectorCatholic"] * means * share
    )  # fmt: skip
    np.testing.assert_allclose(held_prediction(report, "School", 0, frozenset({"MEANSES"})), wanted)


def test_models_without_group_level_columns_have_none() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    assert group_columns(report, "Subject") == ()
    assert default_category(report, "Subject") is None


def test_letters_and_subscripts_are_those_of_the_equations() -> None:
    report = report_of("y ~ x + (x | school) + (1 | teacher)", made_up())
    equations = by_level(report.design.spec, report.design.table)
    written = [line.runs[0].text + line.runs[1].text for line in equations[1:]]
    symbols = [
        indexed_symbol(report, groups.grouping, index) for groups in report.groups for index in range(len(groups.names))
    ]
    assert symbols == ["αⱼ", "βⱼ", "γₖ"] and written == ["αj", "βj", "γk"]
    assert coefficient_title(report, report.groups[1].grouping, 0) == "Intercepts γₖ"
    assert equation_text(report, report.groups[1].grouping, 0).endswith("+ ηₖ")
