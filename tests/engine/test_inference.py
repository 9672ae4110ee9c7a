"""Degrees of freedom against the dense oracle, t tests and intervals against values of R's pt and qt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.fit import fit
from mlgui.engine.inference import p_value, satterthwaite, satterthwaite_df, small_sample, t_interval, t_quantile
from mlgui.engine.problem import Floats, Groups, Problem
from tests.engine.dense import satterthwaite as dense_satterthwaite
from tests.engine.dense import theta_of


def simulated(seed: int, levels: tuple[int, ...], widths: tuple[int, ...], *, n: int = 120, reml: bool = True) -> Problem:
    """Return data with strong variation in all varying coefficients, weights and a group-level predictor."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    y = x @ [1.0, 2.0, -1.0] + rng.normal(size=n)
    groupings = []
    for count, width in zip(levels, widths):
        codes = np.concatenate([np.arange(count), rng.integers(0, count, n - count)]).astype(np.int32)
        z = np.asfortranarray(x[:, :width])
        y += np.einsum("ia,ia->i", z, 1.5 * rng.normal(size=(count, width))[codes])
        groupings.append(Groups(codes=codes, n_groups=count, z=z, pattern=np.tri(width, dtype=bool)))
    u = rng.normal(size=levels[0])[groupings[0].codes]
    x = np.asfortranarray(np.column_stack([x, u, u * x[:, 1]]))
    return Problem(y=y, x=x, groupings=tuple(groupings), weights=rng.uniform(0.5, 2, n), reml=reml)


def dense_df(problem: Problem, contrasts: Floats) -> Floats:
    estimates = fit(problem)
    theta = theta_of(problem, [effects.factor for effects in estimates.groups])
    return dense_satterthwaite(problem, theta, estimates.sigma, contrasts)


STRUCTURES = [((15,), (1,)), ((15,), (2,)), ((12,), (3,)), ((12, 8), (1, 1)), ((12, 8), (2, 1)), ((8, 12), (2, 2))]


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("levels, widths", STRUCTURES)
def test_degrees_of_freedom_agree_with_a_dense_v(levels: tuple[int, ...], widths: tuple[int, ...], reml: bool) -> None:
    problem = simulated(1, levels, widths, reml=reml)
    estimates = fit(problem)
    assert not estimates.singular
    df, given_zero = satterthwaite(estimates)
    # second differences of the oracle keep about eight digits
    np.testing.assert_allclose(df, dense_df(problem, np.eye(5)), rtol=1e-6)
    assert not given_zero


def test_degrees_of_freedom_of_a_contrast() -> None:
    problem = simulated(2, (15,), (2,))
    estimates = fit(problem)
    contrast = np.array([1.0, 0.5, -2.0, 0.0, 3.0])
    found = satterthwaite_df(contrast, estimates.vcov, small_sample(estimates))
    assert found == pytest.approx(dense_df(problem, contrast[None])[0], rel=1e-6)
    assert satterthwaite_df(-7 * contrast, estimates.vcov, small_sample(estimates)) == pytest.approx(found, rel=1e-12)


def test_uncorrelated_coefficients_have_fewer_parameters() -> None:
    problem = simulated(3, (15,), (2,))
    problem = replace(problem, groupings=(replace(problem.groupings[0], pattern=np.eye(2, dtype=bool)),))
    estimates = fit(problem)
    assert small_sample(estimates).covariance.shape == (3, 3)
    np.testing.assert_allclose(satterthwaite(estimates)[0], dense_df(problem, np.eye(5)), rtol=1e-6)


def test_a_dropped_column_changes_nothing_and_has_no_degrees_of_freedom() -> None:
    problem = simulated(4, (15,), (2,))
    doubled = replace(problem, x=np.asfortranarray(np.insert(problem.x, 2, 3 * problem.x[:, 1], axis=1)))
    df, _ = satterthwaite(fit(doubled))
    np.testing.assert_allclose(np.delete(df, 2), satterthwaite(fit(problem))[0], rtol=1e-7)
    assert np.isnan(df[2])
    mixed = fit(doubled)
    assert np.isnan(satterthwaite_df(np.array([0, 1.0, 1, 0, 0, 0]), mixed.vcov, small_sample(mixed)))


def test_a_balanced_one_way_layout_has_its_classical_degrees_of_freedom() -> None:
    rng = np.random.default_rng(5)
    codes = np.repeat(np.arange(7, dtype=np.int32), 6)
    y = 3 * rng.normal(size=7)[codes] + rng.normal(size=42)
    groups = Groups(codes=codes, n_groups=7, z=np.ones((42, 1)), pattern=np.ones((1, 1), dtype=bool))
    x = np.asfortranarray(np.column_stack([np.ones(42), np.tile(np.arange(6.0), 7)]))
    df, given_zero = satterthwaite(fit(Problem(y=y, x=x, groupings=(groups,))))
    # the slope is tested within groups: 42 - 7 - 1; the test of the intercept mixes both levels
    assert df[1] == pytest.approx(34, rel=1e-6)
    assert 6 < df[0] < 34
    assert not given_zero


def test_a_variance_of_zero_leaves_the_degrees_of_freedom_of_the_regression_and_says_so() -> None:
    codes = np.repeat(np.arange(5, dtype=np.int32), 6)
    y = np.tile([-2.0, -1.0, 0.5, 0.7, 1.0, 2.2], 5)
    groups = Groups(codes=codes, n_groups=5, z=np.ones((30, 1)), pattern=np.ones((1, 1), dtype=bool))
    estimates = fit(Problem(y=y, x=np.ones((30, 1), order="F"), groupings=(groups,)))
    df, given_zero = satterthwaite(estimates)
    assert estimates.singular and given_zero
    assert df[0] == pytest.approx(29, rel=1e-9)


def test_units_and_the_zero_of_x_do_not_matter() -> None:
    problem = simulated(6, (15,), (2,))
    x = problem.x.copy(order="F")
    x[:, 1] = 1000 * x[:, 1] + 3e5
    x[:, 4] = 1000 * x[:, 4] + 3e5 * x[:, 3]
    z = np.asfortranarray(x[:, :2])
    moved = replace(problem, x=x, y=problem.y / 7 + 3, groupings=(replace(problem.groupings[0], z=z),))
    before, after = satterthwaite(fit(problem))[0], satterthwaite(fit(moved))[0]
    # coefficients of columns whose meaning did not change: x 3e5 / 1000 = 300 SDs from zero costs five digits
    np.testing.assert_allclose(after[[1, 2, 4]], before[[1, 2, 4]], rtol=1e-6)


# R 4.2.2: exp(log(2) + pt(-t, df, log.p = TRUE))
P_VALUES = [
    (17.0, 36.838306, 1.17088777611334e-17),
    (7000.0, 38.0, 1.9360640389283e-287),
    (1000.5, 50.0, 2.41086048217606e-274),
    (3.0, 1e60, 2.20531558168711e-180),
    (54302.5, 36.0, 1.7114552300762e-280),
    (np.inf, 37.0, 1.14511424450479e-299),
    (0.5, 3.0, 0.367308155985944),
]


@pytest.mark.parametrize("df, t, p", P_VALUES)
def test_p_values_keep_their_digits_far_in_the_tails(df: float, t: float, p: float) -> None:
    # R's own 14 digits, times the condition of the tail (t^2 = 1400)
    assert float(p_value(t, df)) == pytest.approx(p, rel=1e-11)
    assert float(p_value(-t, df)) == float(p_value(t, df))


# R 4.2.2: qt(0.975, df)
QUANTILES = [(0.3, 6582.03569940079615), (1.0, 12.706204736174694), (2.5, 3.57465484200369), (17.0, 2.10981557783332)]
QUANTILES += [(1e3, 1.96233908082641), (1e6, 1.95996635681411), (np.inf, 1.95996398454005)]


@pytest.mark.parametrize("df, quantile", QUANTILES)
def test_quantiles_are_those_of_r(df: float, quantile: float) -> None:
    assert float(t_quantile(df)) == pytest.approx(quantile, rel=1e-12)
    low, high = t_interval(1.0, 2.0, df)
    assert (float(low), float(high)) == pytest.approx((1 - 2 * quantile, 1 + 2 * quantile), rel=1e-12)


def test_what_is_not_known_stays_unknown() -> None:
    assert np.isnan(p_value(2.0, np.nan)) and np.isnan(t_quantile(np.nan))
    np.testing.assert_array_equal(np.isnan(t_interval(np.array([1.0, np.nan]), 1.0, np.array([3.0, 3.0]))[0]), [False, True])


def test_a_model_without_groups_has_the_degrees_of_freedom_of_a_regression() -> None:
    problem = replace(simulated(7, (15,), (1,)), groupings=())
    df, given_zero = satterthwaite(fit(problem))
    np.testing.assert_allclose(df, 115, rtol=1e-9)
    assert not given_zero


@pytest.mark.parametrize("seed", range(6))
def test_at_a_correlation_of_one_the_vanished_direction_would_not_matter(seed: int) -> None:
    """The oracle differentiates in all three entries of the factor, as lmerTest does; ours leaves the zero out."""
    rng = np.random.default_rng(seed)
    n, count = 90, 10
    codes = np.repeat(np.arange(count, dtype=np.int32), n // count)
    x = np.asfortranarray(np.column_stack([np.ones(n), rng.normal(size=n)]))
    deviation = 2 * rng.normal(size=count)[codes]
    y = deviation * (1 - 0.7 * x[:, 1]) + rng.normal(size=n)
    groups = Groups(codes=codes, n_groups=count, z=x, pattern=np.tri(2, dtype=bool))
    problem = Problem(y=y, x=x, groupings=(groups,))
    estimates = fit(problem)
    df, given_zero = satterthwaite(estimates)
    assert given_zero == estimates.singular
    # the factor is moved off the boundary by 1e-4 typical SDs, which changes even functions by its square times rows
    np.testing.assert_allclose(df, dense_df(problem, np.eye(2)), rtol=1e-5)
