"""Fits that once broke: found by trying extreme data, kept so that they stay whole."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine.fit import fit
from mlgui.engine.inference import satterthwaite
from mlgui.engine.problem import DegenerateProblem, Floats, Groups, Problem


def grouped(y: Floats, x: Floats, z: Floats, codes: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> Problem:
    """Return a problem with one grouping whose coefficients are all correlated."""
    pattern = np.tril(np.ones((z.shape[1], z.shape[1]), dtype=bool))
    groups = Groups(codes=codes, n_groups=int(codes.max()) + 1, z=np.asfortranarray(z), pattern=pattern)
    return Problem(y=y, x=np.asfortranarray(x), groupings=(groups,))


def lines(noise: float, seed: int = 3) -> Problem:
    """Return 18 groups of 10 rows with intercepts and slopes that vary, and residuals of the given SD."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(18, dtype=np.int32), 10)
    x = np.column_stack([np.ones(180), np.tile(np.arange(10.0), 18)])
    effects = rng.normal(size=(18, 2))
    y = x @ [5.0, 2.0] + (x * effects[codes]).sum(axis=1) + noise * rng.normal(size=180)
    return grouped(y, x, x, codes)


@pytest.mark.parametrize("size", [1e-120, 1e100, 1e150])
def test_degrees_of_freedom_know_no_unit_of_the_response(size: float) -> None:
    problem = lines(1.0)
    large = Problem(y=problem.y * size, x=problem.x, groupings=problem.groupings)
    df, _ = satterthwaite(fit(large))
    # the same numbers but for the rounding of the scaled response
    np.testing.assert_allclose(df, satterthwaite(fit(problem))[0], rtol=1e-8)


def test_a_model_without_averages_has_no_degrees_of_freedom() -> None:
    problem = lines(1.0)
    found = fit(Problem(y=problem.y, x=np.empty((180, 0), order="F"), groupings=problem.groupings))
    df, given_zero = satterthwaite(found)
    assert df.shape == (0,)
    assert not given_zero
    assert found.certificate.passed


@pytest.mark.parametrize("seed", range(5))
def test_groups_that_leave_no_residual_are_refused(seed: int) -> None:
    with pytest.raises(DegenerateProblem, match="perfect-fit"):
        fit(lines(0.0, seed))


def test_a_tiny_residual_is_not_none() -> None:
    found = fit(lines(1e-5))
    # chi-square on 180 - 36 residual degrees of freedom: within 4 of its SDs
    assert found.sigma == pytest.approx(1e-5, rel=4 / np.sqrt(2 * 144))


def test_two_groups_with_four_coefficients_end_at_a_minimum() -> None:
    """Two groups tell one direction of four: the others end on the floor, where second derivatives are exactly 0."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        codes = np.repeat(np.arange(2, dtype=np.int32), 30)
        z = rng.integers(0, 4, 60).astype(float)
        columns = np.column_stack([np.ones(60), rng.normal(size=60), z, z**2])
        x = np.column_stack([columns[:, :3], codes, codes * columns[:, 1]])
        y = columns @ [1.0, 0.5, 0.3, 0.0] + (columns * rng.normal(size=(2, 4))[codes]).sum(axis=1) + rng.normal(size=60)
        assert np.isfinite(fit(grouped(y, x, columns, codes)).criterion)
