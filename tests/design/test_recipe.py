from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.table import Table
from mlgui.design.build import build
from mlgui.design.recipe import Recipe, encode
from mlgui.errors import UserError
from mlgui.spec.edits import set_contrast
from mlgui.spec.formula import parse
from tests.spec.tables import labels, numbers, schools, table

TEXT = "math ~ scale(ses) * region + poly(mean_ses, 2) + offset(2 * ses) + (scale(ses) + sex | school) + (1 | sex:region)"


def recipe(text: str = TEXT, found: Table | None = None) -> Recipe:
    made = build(parse(text), schools() if found is None else found).recipe
    assert isinstance(made, Recipe)
    return made


def part(found: Table, rows: list[int]) -> Table:
    columns = (
        numbers(c.name, c.values[rows]) if not c.levels else labels(c.name, [c.levels[k] for k in c.values[rows]])  # type: ignore[call-overload]
        for c in found.columns
    )
    return table(*columns)


def test_the_same_rows_are_encoded_the_same() -> None:
    design = build(set_contrast(parse(TEXT), "region", "sum"), schools())
    assert isinstance(design.recipe, Recipe)
    encoded = encode(design.recipe, schools())
    np.testing.assert_array_equal(encoded.x, design.problem.x)
    np.testing.assert_array_equal(encoded.offset, design.problem.offset)
    for new, old in zip(encoded.groups, design.problem.groupings, strict=True):
        np.testing.assert_array_equal(new.codes, old.codes)
        np.testing.assert_array_equal(new.z, old.z)


def test_some_rows_keep_levels_centres_and_polynomials() -> None:
    design = build(parse(TEXT), schools())
    rows = [7, 3, 28]
    encoded = encode(recipe(), part(schools(), rows))
    np.testing.assert_allclose(encoded.x, design.problem.x[rows], rtol=1e-12, atol=1e-14)  # poly: another order of sums
    assert encoded.groups[1].codes.tolist() == design.problem.groupings[1].codes[rows].tolist()


def test_new_groups_are_told_apart_from_known_ones() -> None:
    new = table(numbers("ses", [0.0, 1.0]), labels("school", ["s1", "elsewhere"]))
    encoded = encode(recipe("math ~ ses + (ses | school)"), new)
    assert encoded.groups[0].codes.tolist() == [1, -1]
    assert encoded.groups[0].labels == ("s1", "elsewhere")
    assert encoded.groups[0].z.tolist() == [[1.0, 0.0], [1.0, 1.0]]


def test_rows_without_values_are_left_out() -> None:
    new = table(numbers("ses", [0.0, np.nan, 2.0]), labels("school", ["s1", "s1", "s2"]))
    encoded = encode(recipe("math ~ ses + (1 | school)"), new)
    assert encoded.rows.tolist() == [0, 2]
    assert encoded.x.tolist() == [[1, 0], [1, 2]]


def test_outcome_and_weights_are_not_needed() -> None:
    found = schools().with_column(numbers("w", np.ones(30)))
    design = build(parse("log(math + 10) ~ ses + (1 | school)", weights="w"), found)
    assert isinstance(design.recipe, Recipe)
    new = schools().without_columns(["math"])
    assert encode(design.recipe, new).x.shape == (30, 2)


def test_a_level_without_a_coefficient_is_refused() -> None:
    new = table(numbers("ses", [0.0]), labels("region", ["east"]), labels("school", ["s1"]))
    with pytest.raises(UserError, match="“east” is a new level of “region”"):
        encode(recipe("math ~ ses + region + (1 | school)"), new)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UserError, match="no column called “school”"):
        encode(recipe("math ~ ses + (1 | school)"), table(numbers("ses", [0.0])))


def test_numbers_that_are_categories_stay_so() -> None:
    found = schools().with_column(numbers("grade", np.arange(30) % 3))
    made = recipe("math ~ factor(grade) + (1 | school)", found)
    new = table(numbers("grade", [2.0, 0.0]), labels("school", ["s0", "s0"]))
    assert encode(made, new).x.tolist() == [[1, 0, 1], [1, 0, 0]]
