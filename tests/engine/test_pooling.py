"""Comparators against R's lm and lmList, and against dense algebra where R has nothing to compare with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlgui.engine.estimates import Estimates
from mlgui.engine.no_pooling import no_pooling
from mlgui.engine.pooling import GroupFits, complete_pooling, own_estimates, separate_regressions
from mlgui.engine.problem import Floats, Groups, Problem
from tests.engine.dense import estimates_at, indicator_z, marginal_v, response
from tests.reference.arrays import Columns
from tests.reference.files import load_comparators

# R prints 15 digits; sums over 7,185 rows and slopes of nearly constant columns lose some of them.
CLOSE = 1e-9

DATA = ("sleepstudy", "orthodont", "hsb", "exam", "radon", "pastes")


def comparator_problem(name: str, varying: int) -> tuple[dict[str, Any], Problem, tuple[str, ...], list[str]]:
    """Return results, problem (columns 1, x, group-level predictors), group labels and names of the columns of x."""
    found = load_comparators(name)
    results, predictors = found["results"], list(found["group_predictors"])
    columns = Columns(found["data"])
    pooled = results.get("complete_pooling_with_group_predictors", results["complete_pooling"])
    names = [coefficient["term"] for coefficient in pooled["coefficients"]]
    codes, labels = columns.groups(found["group"])
    x = np.asfortranarray(np.column_stack([columns.product(term) for term in names]))
    z = np.asfortranarray(x[:, :varying])
    groups = Groups(codes=codes, n_groups=len(labels), z=z, pattern=np.tri(varying, dtype=bool))
    assert predictors or len(names) <= 2
    return results, Problem(y=columns.number(found["outcome"]), x=x, groupings=(groups,)), labels, names


def rough_estimates(problem: Problem) -> Estimates:
    """Return estimates of a problem of any size, of which no pooling reads only the problem and the other factors."""
    small = Problem(y=problem.y[:50], x=problem.x[:50], groupings=())
    fit = estimates_at(small, [])
    return replace(fit, problem=problem)


@pytest.mark.parametrize("name", DATA)
def test_complete_pooling_is_lm(name: str) -> None:
    results, problem, _, names = comparator_problem(name, 1)
    versions = {"complete_pooling": min(2, len(names)), "complete_pooling_with_group_predictors": len(names)}
    for key, width in versions.items():
        if key in results:
            fit, reference = complete_pooling(problem, range(width)), results[key]
            np.testing.assert_allclose(fit.beta, [row["estimate"] for row in reference["coefficients"]], rtol=CLOSE)
            np.testing.assert_allclose(fit.se, [row["se"] for row in reference["coefficients"]], rtol=CLOSE)
            assert fit.sigma == pytest.approx(reference["sigma"], rel=CLOSE)
            assert fit.df_residual == reference["df_residual"]


def check_no_pooling(fit: GroupFits, reference: dict[str, Any], labels: tuple[str, ...], sizes: int) -> None:
    """Compare with lm(y ~ 0 + g [+ g:x]); its name for a coefficient ends with the label or `label:x`."""
    rows = reference["coefficients"]
    assert fit.sigma == pytest.approx(reference["sigma"], rel=CLOSE)
    assert fit.df_residual == reference["df_residual"]
    by_column = [rows[column * len(labels) : (column + 1) * len(labels)] for column in range(sizes)]
    for column, found in enumerate(by_column):
        assert all(row["term"].split(":")[0].endswith(label) for row, label in zip(found, labels))
        known = np.isfinite(fit.estimates[:, column])
        expected = np.array([(row["estimate"], row.get("se", np.nan)) for row in found], dtype=float)
        # lm calls the group mean "intercept" where x is constant; we say that the intercept cannot be told
        aliased = np.isnan(np.array([row["estimate"] for row in by_column[-1]], dtype=float))
        assert np.all(known | aliased)
        np.testing.assert_allclose(fit.estimates[known, column], expected[known, 0], rtol=CLOSE, atol=1e-10)
        np.testing.assert_allclose(fit.ses[known, column], expected[known, 1], rtol=CLOSE)


@pytest.mark.parametrize("name", DATA)
def test_no_pooling_intercepts_is_lm_with_indicators(name: str) -> None:
    results, problem, labels, names = comparator_problem(name, 1)
    fit, reference = no_pooling(rough_estimates(problem), 0), results["no_pooling_intercepts"]
    check_no_pooling(fit, reference, labels, 1)
    assert fit.columns == ((1,) if len(names) > 1 else ())
    if fit.columns:
        assert fit.common[0] == pytest.approx(reference["coefficients"][-1]["estimate"], rel=CLOSE)
        assert fit.common_se[0] == pytest.approx(reference["coefficients"][-1]["se"], rel=CLOSE)


@pytest.mark.parametrize("name", [name for name in DATA if name != "pastes"])
def test_no_pooling_slopes_is_lm_with_slopes_of_indicators(name: str) -> None:
    results, problem, labels, _ = comparator_problem(name, 2)
    fit = no_pooling(rough_estimates(problem), 0)
    check_no_pooling(fit, results["no_pooling_intercepts_and_slopes"], labels, 2)
    assert fit.columns == ()


@pytest.mark.parametrize("name", DATA)
def test_separate_regressions_are_lm_in_each_group(name: str) -> None:
    results, problem, labels, names = comparator_problem(name, 1)
    fit = separate_regressions(problem, 0)
    assert fit.columns == ((1,) if len(names) > 1 else ())
    values, ses = np.hstack([fit.estimates, fit.slopes]), np.hstack([fit.ses, fit.slope_ses])
    groups = results["separate_regressions"]["groups"]
    assert tuple(row["group"] for row in groups) == labels
    expected, expected_se = _columns(groups, "estimate"), _columns(groups, "se")
    known = np.isfinite(values)
    assert np.all(known[~np.isnan(expected).any(axis=1)])
    np.testing.assert_allclose(values[known], expected[known], rtol=CLOSE, atol=1e-10)
    # two points on a line: lm's SE is rounding error or absent
    spread = known & (np.array([row["df_residual"] for row in groups]) > 0)[:, None]
    np.testing.assert_allclose(ses[spread], expected_se[spread], rtol=1e-7, atol=1e-12)
    if "lmList" in results and name != "radon":  # nlme leaves out counties where floor does not vary
        assert fit.sigma == pytest.approx(results["lmList"]["pooled_sd"], rel=CLOSE)


def _columns(groups: list[dict[str, Any]], key: str) -> Floats:
    return np.array([list(row[key].values()) for row in groups], dtype=float)


def test_a_group_where_x_is_constant_has_no_slope_but_may_have_an_intercept() -> None:
    x = np.column_stack([np.ones(7), [0.0, 0, 1, 1, 0, 1, 2]])
    groups = Groups(codes=np.array([0, 0, 1, 1, 2, 2, 2], dtype=np.int32), n_groups=3, z=x, pattern=np.tri(2, dtype=bool))
    problem = Problem(y=np.array([1.0, 3, 5, 7, 1, 2, 4]), x=x, groupings=(groups,))
    fit = separate_regressions(problem, 0)
    np.testing.assert_allclose(fit.estimates[0], [2.0, np.nan], equal_nan=True)
    assert np.isnan(fit.estimates[1]).all()
    assert np.isfinite(fit.estimates[2]).all()


def random_problem(seed: int, levels: tuple[int, ...], widths: tuple[int, ...], n: int = 80, shift: float = 0.0) -> Problem:
    """Return crossed groupings with weights, offset, a group-level predictor and its cross-level interaction."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), *(rng.normal(size=n) + shift for _ in range(2))])
    groupings = []
    for count, width in zip(levels, widths):
        codes = np.concatenate([np.arange(count), rng.integers(0, count, n - count)]).astype(np.int32)
        z = np.asfortranarray(x[:, :width])
        groupings.append(Groups(codes=codes, n_groups=count, z=z, pattern=np.tri(width, dtype=bool)))
    u = rng.normal(size=levels[0])[groupings[0].codes]
    x = np.asfortranarray(np.column_stack([x, u, u * x[:, 1]]))
    return Problem(
        y=x @ rng.normal(size=5) + rng.normal(size=n), x=x, groupings=tuple(groupings),
        weights=rng.uniform(0.5, 2, n), offset=rng.normal(size=n),
    )  # fmt: skip


def random_factors(problem: Problem, seed: int) -> list[Floats]:
    rng = np.random.default_rng(seed)
    return [np.tril(rng.normal(size=groups.pattern.shape)) for groups in problem.groupings]


STRUCTURES = [
    ((5,), (2,)),
    ((5,), (1,)),
    ((4, 9), (2, 1)),
    ((9, 4), (2, 2)),
    ((4, 9, 6), (2, 1, 2)),
    ((3, 30), (1, 2)),
]


@pytest.mark.parametrize("levels, widths", STRUCTURES)
def test_no_pooling_is_generalised_least_squares_given_the_other_groupings(
    levels: tuple[int, ...], widths: tuple[int, ...]
) -> None:
    problem = random_problem(1, levels, widths)
    factors = random_factors(problem, 2)
    estimates = estimates_at(problem, factors)
    for k, groups in enumerate(problem.groupings):
        fit = no_pooling(estimates, k)
        x = np.hstack([indicator_z(groups), problem.x[:, list(fit.columns)]])
        v_inverse = np.linalg.inv(marginal_v(problem, factors, omit=k))
        covariance = np.linalg.pinv(x.T @ v_inverse @ x)
        beta = covariance @ x.T @ v_inverse @ response(problem)
        rest = response(problem) - x @ beta
        df = problem.n - int(np.linalg.matrix_rank(x))
        sigma = float(np.sqrt(rest @ v_inverse @ rest / df))
        ses, split = sigma * np.sqrt(np.diagonal(covariance)), groups.n_groups * groups.z.shape[1]
        known = np.isfinite(fit.estimates)
        assert fit.df_residual == df and fit.sigma == pytest.approx(sigma, rel=1e-10)
        # a dense inverse of a 80 x 80 V and a pseudo-inverse lose about six digits
        np.testing.assert_allclose(fit.estimates[known], beta[:split].reshape(known.shape)[known], rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(fit.ses[known], ses[:split].reshape(known.shape)[known], rtol=1e-8)
        np.testing.assert_allclose(fit.common, beta[split:], rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(fit.common_se, ses[split:], rtol=1e-8)


def moved(problem: Problem, k: int, by: float) -> Problem:
    """Return the problem with the zero of x moved, where the first grouping has an intercept and a slope of x."""
    x = problem.x.copy(order="F")
    x[:, 1] += by
    x[:, 4] += by * x[:, 3]
    groupings = list(problem.groupings)
    groupings[k] = replace(groupings[k], z=np.asfortranarray(x[:, :2]))
    return replace(problem, x=x, groupings=tuple(groupings))


@pytest.mark.parametrize("levels", [(4, 9), (9, 4)])
def test_no_pooling_without_a_common_slope(levels: tuple[int, int]) -> None:
    problem = random_problem(11, levels, (1, 1))
    problem = replace(problem, x=problem.x[:, :1])
    estimates = estimates_at(problem, random_factors(problem, 12))
    fit = no_pooling(estimates, 0)
    groups = problem.groupings[0]
    v_inverse = np.linalg.inv(marginal_v(problem, [effects.factor for effects in estimates.groups], omit=0))
    z = indicator_z(groups)
    expected = np.linalg.solve(z.T @ v_inverse @ z, z.T @ v_inverse @ response(problem))
    np.testing.assert_allclose(fit.estimates[:, 0], expected, rtol=1e-9)
    assert fit.columns == () and len(fit.common) == 0


def test_too_large_a_core_gives_nothing_rather_than_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(14, (5, 9), (1, 1))
    estimates = estimates_at(problem, random_factors(problem, 15))
    assert no_pooling(estimates, 0).computed
    monkeypatch.setattr("mlgui.engine.no_pooling.LARGEST_CORE", 4)
    fit = no_pooling(estimates, 0)
    assert not fit.computed
    assert fit.estimates.shape == (5, 1) and np.isnan(fit.estimates).all() and np.isnan(fit.common).all()


def test_slopes_do_not_depend_on_the_zero_of_x() -> None:
    near = random_problem(3, (6, 20), (2, 1))
    far = moved(near, 0, 1e5)
    fits = [no_pooling(estimates_at(problem, [np.eye(2), np.eye(1)]), 0) for problem in (near, far)]
    separate = [separate_regressions(problem, 0) for problem in (near, far)]
    # binary64 keeps 1e-16 * 1e5 of an x of size 1; the rest is conditioning
    np.testing.assert_allclose(fits[1].estimates[:, 1], fits[0].estimates[:, 1], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fits[1].ses[:, 1], fits[0].ses[:, 1], rtol=1e-8)
    np.testing.assert_allclose(separate[1].estimates[:, 1], separate[0].estimates[:, 1], rtol=1e-8, atol=1e-8)


def test_own_estimates_and_pulls_add_up_to_the_modes() -> None:
    for levels, widths in STRUCTURES:
        problem = random_problem(4, levels, widths)
        estimates = estimates_at(problem, random_factors(problem, 5))
        for k in range(len(levels)):
            own = own_estimates(estimates, k)
            known = own.estimable
            assert known.any()
            # exact in algebra; weak groups multiply rounding by the condition of their rows
            np.testing.assert_allclose(own.pulls[known].sum(axis=2), estimates.groups[k].mode[known], rtol=1e-8, atol=1e-9)
            assert np.isnan(own.own[~known]).all() and np.isnan(own.pulls[~known]).all()
            assert np.all((own.resolved >= 0) & (own.resolved <= 1))


def test_an_own_estimate_is_the_regression_of_what_the_rest_leaves() -> None:
    problem = random_problem(6, (4, 9), (2, 1))
    estimates = estimates_at(problem, random_factors(problem, 7))
    own = own_estimates(estimates, 0)
    groups, other = problem.groupings
    rest = response(problem) - problem.x @ estimates.beta - other.z[:, 0] * estimates.groups[1].mode[other.codes, 0]
    for j in range(4):
        rows = groups.codes == j
        gram = groups.z[rows].T @ (problem.weights[rows, None] * groups.z[rows])
        expected = np.linalg.solve(gram, groups.z[rows].T @ (problem.weights[rows] * rest[rows]))
        np.testing.assert_allclose(own.own[j], expected, rtol=1e-9)
        np.testing.assert_allclose(own.own_se[j], estimates.sigma * np.sqrt(np.diagonal(np.linalg.inv(gram))), rtol=1e-9)


def test_a_variance_of_zero_pulls_everything_in_and_resolves_nothing() -> None:
    problem = random_problem(8, (5,), (2,))
    factor = np.array([[0.7, 0.0], [0.0, 0.0]])
    estimates = estimates_at(problem, [factor])
    own = own_estimates(estimates, 0)
    assert np.all(own.pulls[:, 1, :] == 0)
    assert np.isnan(own.resolved[:, 1]).all() and np.isfinite(own.resolved[:, 0]).all()
    np.testing.assert_allclose(own.pulls.sum(axis=2), estimates.groups[0].mode, rtol=1e-8, atol=1e-12)


def test_rows_of_weight_zero_are_as_good_as_absent() -> None:
    problem = random_problem(13, (6,), (2,))
    weights = np.asarray(problem.weights).copy()
    weights[::7] = 0
    keep = weights > 0
    groups = problem.groupings[0]
    zeroed = replace(problem, weights=weights)
    fewer = Problem(
        y=problem.y[keep], x=problem.x[keep], weights=weights[keep], offset=np.asarray(problem.offset)[keep],
        groupings=(replace(groups, codes=groups.codes[keep], z=groups.z[keep]),),
    )  # fmt: skip
    with_zeros, without = separate_regressions(zeroed, 0), separate_regressions(fewer, 0)
    np.testing.assert_allclose(with_zeros.ses, without.ses, rtol=1e-9)
    assert with_zeros.df_residual == without.df_residual
    whole, part = complete_pooling(zeroed, range(5)), complete_pooling(fewer, range(5))
    np.testing.assert_allclose(whole.se, part.se, rtol=1e-9)
    assert whole.df_residual == part.df_residual
    assert no_pooling(rough_estimates(zeroed), 0).sigma == pytest.approx(no_pooling(rough_estimates(fewer), 0).sigma)


def test_complete_pooling_names_no_value_for_a_repeated_column() -> None:
    problem = random_problem(9, (5,), (1,))
    x = np.column_stack([problem.x[:, :2], 12 * problem.x[:, 1], problem.x[:, 2]])
    doubled = Problem(y=problem.y, x=x, groupings=(), weights=problem.weights)
    fit, plain = complete_pooling(doubled, range(4)), complete_pooling(doubled, (0, 1, 3))
    np.testing.assert_allclose(fit.beta[[0, 1, 3]], plain.beta, rtol=1e-12)
    np.testing.assert_allclose(fit.se[[0, 1, 3]], plain.se, rtol=1e-12)
    assert np.isnan(fit.beta[2]) and np.isnan(fit.se[2])
    assert fit.df_residual == plain.df_residual


def test_no_pooling_keeps_each_row_of_data_out_of_an_indicator_matrix() -> None:
    """A hundred thousand rows in a thousand groups: an n x J matrix would be 1.6 GB."""
    rng = np.random.default_rng(10)
    n, count = 100_000, 1_000
    x = np.asfortranarray(np.column_stack([np.ones(n), rng.normal(size=(n, 2))]))
    codes = np.sort(rng.integers(0, count, n)).astype(np.int32)
    groups = Groups(codes=codes, n_groups=count, z=x[:, :2], pattern=np.tri(2, dtype=bool))
    fit = no_pooling(rough_estimates(Problem(y=x @ [1.0, 2.0, 3.0] + rng.normal(size=n), x=x, groupings=(groups,))), 0)
    assert fit.df_residual == n - 2 * count - 1
    assert fit.common[0] == pytest.approx(3.0, abs=5 * fit.common_se[0])
