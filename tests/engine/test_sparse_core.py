"""A sparse core whose entries cancel: derivatives read its inverse there all the same."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose

from mlgui.engine import fit as fitting
from mlgui.engine import structure
from mlgui.engine.fit import fit
from mlgui.engine.problem import Problem
from mlgui.engine.selected_inverse import SparseFactor
from mlgui.engine.sparse_core import SparseCore
from tests.engine.problems import groups

SETS = ((0, 1), (2, 3), (4, 5), (6, 7))


def paired(seed: int) -> Problem:
    """Persons who see two items each, intercepts and slopes of items uncorrelated, under a condition of -1/2 or 1/2.

    Pairs of SETS are seen once under each, so that what they say of the intercept of one item with the slope of the other
    cancels to the last bit; other persons link the items.
    """
    rng = np.random.default_rng(seed)
    rows = [
        (2 * pair + place, item, half)
        for pair, items in enumerate(SETS)
        for place, half in enumerate((0.5, -0.5))
        for item in items
    ]
    while len(rows) < 44:
        pair = rng.choice(9, 2, replace=False)
        if tuple(sorted(pair.tolist())) not in SETS:
            rows += [(len(rows) // 2, item, rng.choice([-0.5, 0.5])) for item in pair]
    person, item = (np.array([row[place] for row in rows]) for place in (0, 1))
    x = np.array([row[2] for row in rows])
    z = np.asfortranarray(np.column_stack([np.ones(44), x]))
    y = z.sum(axis=1) + rng.normal(size=22)[person]
    for column in z.T:
        y += rng.normal(size=9)[item] * column
    return Problem(
        y=y + 0.7 * rng.normal(size=44), x=z, groupings=(groups(person, z[:, :1]), groups(item, z, np.eye(2, dtype=bool)))
    )


@pytest.mark.parametrize("seed", [5, 7, 11, 14])
def test_entries_that_cancel_are_read(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = paired(seed)
    monkeypatch.setattr(structure, "BORDER", 0)
    dense = fit(problem)
    monkeypatch.setattr(fitting, "LARGEST", 2)
    sparse = fit(problem)
    assert isinstance(sparse.state.objective.backend, SparseCore)
    assert sparse.criterion == pytest.approx(dense.criterion, abs=1e-8)
    factors = [factor + 0.1 * np.eye(len(factor)) for factor in dense.state.regular]
    slopes = [one.state.objective.slope(one.state.objective.at(factors)) for one in (sparse, dense)]
    for mine, yours in zip(slopes[0].gradient, slopes[1].gradient):
        assert_allclose(mine, yours, atol=1e-10)


def test_zeros_that_are_stored_are_entries() -> None:
    # A_02 is 0 but stored, and L_21 is 0 although it fills: both cancel
    values = np.array([[2.0, 1.0, 1.0, 0.0], [1.0, 3.0, 0.5, 0.0], [1.0, 0.5, 3.0, 1.0], [0.0, 0.0, 1.0, 4.0]])
    matrix = sp.csc_array(values)
    rows, columns = np.nonzero(np.ones((4, 4)))
    stored = sp.csc_array((values[rows, columns], (rows, columns)), shape=(4, 4))
    assert stored.nnz == 16 > matrix.nnz
    assert_allclose(SparseFactor(stored).inverse().toarray(), np.linalg.inv(values), atol=1e-15)
    found = SparseFactor(matrix).inverse().toarray()
    known = matrix.toarray() != 0
    assert_allclose(found[known], np.linalg.inv(values)[known], atol=1e-15)
