"""The arrays of the design against arrays made from lme4's names alone, for every reference case."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reference.arrays import case_arrays
from tests.reference.files import CASES
from tests.reference.pipeline import report_of


@pytest.mark.parametrize("name", CASES)
def test_columns_and_groups_are_those_lme4_names(name: str) -> None:
    design, expected = report_of(name).design, case_arrays(name)
    problem, other = design.problem, expected.problem
    np.testing.assert_array_equal(problem.y, other.y)
    assert tuple(coefficient.name for coefficient in design.coefficients) == expected.names
    # squares and products may round differently in the last place
    np.testing.assert_allclose(problem.x, other.x, rtol=1e-15)
    for one, theirs in ((problem.weights, other.weights), (problem.offset, other.offset)):
        assert (one is None) == (theirs is None)
        if one is not None and theirs is not None:
            np.testing.assert_allclose(one, theirs, rtol=1e-15)
    for position, (grouping, levels, blocks) in enumerate(expected.groupings):
        index = [varying.grouping.name for varying in design.groupings].index(grouping)
        varying, groups = design.groupings[index], problem.groupings[index]
        assert varying.names == tuple(name for block in blocks for name in block)
        np.testing.assert_allclose(groups.z, other.groupings[position].z, rtol=1e-15)
        np.testing.assert_array_equal(groups.pattern, other.groupings[position].pattern)
        labels, theirs = np.array(varying.levels), np.array(levels)
        np.testing.assert_array_equal(labels[groups.codes], theirs[other.groupings[position].codes])
        np.testing.assert_array_equal(varying.sizes, np.bincount(groups.codes))


@pytest.mark.parametrize("name", CASES)
def test_levels_of_a_factor_keep_their_order(name: str) -> None:
    for grouping, levels, _ in case_arrays(name).groupings:
        found = {one.grouping: one.levels for one in report_of(name).groups}[grouping]
        assert set(found) == set(levels)
        if ":" not in grouping:
            assert found == levels
