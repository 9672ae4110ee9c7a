from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.table import Table
from mlgui.design.build import build
from mlgui.design.design import Design
from mlgui.design.predictors import first_rows
from mlgui.spec.formula import parse
from tests.spec.tables import labels, numbers, schools, table


def design(text: str, found: Table | None = None) -> Design:
    return build(parse(text), schools() if found is None else found)


def predictions_agree(built: Design) -> None:
    """The group-level predictions, put into z, give X beta for the columns that belong to groups."""
    beta = np.random.default_rng(4).normal(size=len(built.coefficients))
    for index, (varying, groups) in enumerate(zip(built.groupings, built.problem.groupings, strict=True)):
        total = np.zeros((groups.n_groups, len(varying.names)))
        taken: set[int] = set()
        for coefficient, predictors in enumerate(varying.predictors):
            for predictor in predictors:
                total[:, coefficient] += predictor.values * beta[predictor.column]
                taken.add(predictor.column)
        columns = sorted(taken)
        expected = built.problem.x[:, columns] @ beta[columns]
        np.testing.assert_allclose((total[groups.codes] * groups.z).sum(axis=1), expected, atol=1e-12)
        explained = {c for c, each in enumerate(built.coefficients) if any(k == index for k, _ in each.explains)}
        assert explained == taken


@pytest.mark.parametrize(
    "text",
    [
        "math ~ ses * sector + (ses | school)",
        "math ~ ses * sector + ses * mean_ses + sex + (ses | school)",
        "math ~ ses * region + (ses || school)",
        "math ~ sex * sector + (sex | school)",
        "math ~ sex * mean_ses + (0 + sex | school)",
        "math ~ 0 + sex + sex:mean_ses + (0 + sex | school)",
        "math ~ sex * ses * sector + (sex * ses | school)",
        "math ~ center(ses, school) * mean(ses, school) + (center(ses, school) | school)",
        "math ~ poly(ses, 2) * sector + (poly(ses, 2) | school)",
        "math ~ ses * sector + (1 | school) + (0 + ses | region)",
        "math ~ ses:sector + (0 + ses | school)",
        "math ~ 0 + sector + (1 | school)",
    ],
)
def test_group_level_predictions(text: str) -> None:
    predictions_agree(design(text))


def test_multipliers_of_the_first_model_of_the_screens() -> None:
    built = design("math ~ ses * sector + (ses | school)")
    catholic = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    found = [[(p.column, p.values.tolist()) for p in predictors] for predictors in built.groupings[0].predictors]
    assert found == [[(0, [1.0] * 6), (2, catholic)], [(1, [1.0] * 6), (3, catholic)]]


def test_all_levels_of_a_category_share_their_average() -> None:
    built = design("math ~ sex + (0 + sex | school)")
    assert [[p.column for p in predictors] for predictors in built.groupings[0].predictors] == [[0], [0, 1]]


def test_what_varies_within_groups_is_no_group_level_predictor() -> None:
    built = design("math ~ ses + sex + (1 | school)")
    assert [[p.column for p in predictors] for predictors in built.groupings[0].predictors] == [[0]]


def test_a_large_number_with_small_differences_is_not_constant() -> None:
    found = table(numbers("y", range(6)), numbers("x", 1e10 + np.arange(6) % 2), labels("g", list("aabbcc")))
    built = build(parse("y ~ x + (1 | g)"), found)
    assert [[p.column for p in predictors] for predictors in built.groupings[0].predictors] == [[0]]
    assert built.coefficients[1].level == ""


def test_a_slope_that_is_zero_in_a_group_has_no_multiplier_there() -> None:
    found = table(
        numbers("y", range(6)), numbers("x", [0, 0, 1, 2, 3, 4]), numbers("u", [5, 5, 6, 6, 7, 7]), labels("g", list("aabbcc"))
    )
    built = build(parse("y ~ x * u + (x | g)"), found)
    by_column = {p.column: p.values.tolist() for p in built.groupings[0].predictors[1]}
    assert by_column == {1: [0.0, 1.0, 1.0], 3: [0.0, 6.0, 7.0]}


def test_first_rows() -> None:
    assert first_rows(np.array([2, 0, 0, 1, 2], dtype=np.int32), 3).tolist() == [1, 3, 0]
