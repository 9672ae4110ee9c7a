"""The pooling dial against the fit, complete pooling, no pooling and a dense covariance matrix."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine.dial import Shape, dial_of
from mlgui.engine.fit import fit
from mlgui.engine.no_pooling import no_pooling
from mlgui.engine.pooling import complete_pooling, own_estimates
from mlgui.engine.problem import Problem
from tests.engine.dense import estimates_at
from tests.engine.problems import STRUCTURES, groups, sleepstudy, structured

KINDS = [(kind, k) for kind in STRUCTURES for k in range(len(structured(kind).groupings))]


def no_variance(seed: int = 3) -> Problem:
    """Return a problem in which groups are more alike than chance, so that their variance is estimated as 0."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(12, 8))
    noise -= noise.mean(axis=1, keepdims=True)
    codes = np.repeat(np.arange(12), 8)
    x = np.column_stack([np.ones(96), rng.normal(size=96)])
    return Problem(y=2 + x[:, 1] + noise.ravel(), x=np.asfortranarray(x), groupings=(groups(codes, x[:, :1]),))


@pytest.mark.parametrize(("kind", "k"), KINDS)
def test_the_middle_is_the_fit(kind: str, k: int) -> None:
    estimates = fit(structured(kind))
    dial = dial_of(estimates, k)
    at = dial.at(dial.optimum)
    assert at.criterion == pytest.approx(estimates.criterion, abs=1e-12) and at.sigma == pytest.approx(estimates.sigma, rel=1e-14)
    np.testing.assert_allclose(at.beta, estimates.beta, rtol=1e-13)
    for found, expected in zip(at.modes, estimates.groups):
        np.testing.assert_allclose(found, expected.mode, rtol=1e-12, atol=1e-13)
    effects, reference = dial.effects(at), own_estimates(estimates, k)
    np.testing.assert_allclose(effects.conditional_covariance, estimates.groups[k].conditional_covariance, rtol=1e-12, atol=1e-14)
    own = dial.own(at, effects.factor)
    # two orders of the same sums of squares: rounding of 1e-16 is enlarged by groups with nearly constant columns
    np.testing.assert_allclose(own.own, reference.own, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(own.own_se, reference.own_se, rtol=1e-8)
    np.testing.assert_allclose(own.pulls, reference.pulls, rtol=1e-8, atol=1e-9)
    if dial.shape is not Shape.OWN:  # without variance there is no share of it
        np.testing.assert_allclose(at.resolved, reference.resolved, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(dial.vcov(at), estimates.vcov, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("kind", "k"), KINDS)
def test_along_the_dial(kind: str, k: int) -> None:
    """The share rises from 0; the criterion is lowest at the fit; pulls and prediction always add up."""
    estimates = fit(structured(kind))
    dial = dial_of(estimates, k)
    places = [dial.at(c) for c in np.concatenate([[0.0], np.geomspace(1e-3, dial.end, 30)])]
    shares = np.array([at.resolved.mean(axis=0) for at in places])
    assert (shares[0] < 1e-15).all() and (np.diff(shares, axis=0) >= -1e-12).all()
    best = dial.at(dial.optimum).criterion
    assert min(at.criterion for at in places) >= best - 1e-9
    for at in places[1::7]:
        effects = dial.effects(at)
        own = dial.own(at, effects.factor)
        np.testing.assert_allclose(own.pulls.sum(axis=2)[own.estimable], at.modes[k][own.estimable], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", ["one", "chain", "crossed slopes"])
def test_the_criterion_is_that_of_the_dense_covariance(kind: str) -> None:
    problem = structured(kind)
    estimates = fit(problem)
    dial = dial_of(estimates, 0)
    at = dial.at(0.37)
    factors = [one.factor.copy() for one in estimates.groups]
    factors[0] *= 0.37
    expected = estimates_at(problem, factors)
    np.testing.assert_allclose(at.beta, expected.beta, rtol=1e-9)
    assert at.criterion == pytest.approx(expected.criterion, abs=1e-8)
    np.testing.assert_allclose(at.modes[0], expected.groups[0].mode, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("reml", [True, False])
def test_the_left_end_is_complete_pooling(reml: bool) -> None:
    problem = sleepstudy(reml=reml)
    estimates = fit(problem)
    at = dial_of(estimates, 0).at(0.0)
    pooled = complete_pooling(problem, range(2))
    np.testing.assert_allclose(at.beta, pooled.beta, rtol=1e-12)
    assert not at.modes[0].any()
    if reml:
        assert at.sigma == pytest.approx(pooled.sigma, rel=1e-12)


@pytest.mark.parametrize("kind", ["one", "crossed", "chain"])
def test_the_right_end_is_no_pooling(kind: str) -> None:
    """Totals tend to the regression with indicators, common slopes kept and other groupings partial."""
    estimates = fit(structured(kind, n=400))
    dial = dial_of(estimates, 0)
    assert dial.shape is Shape.FIT
    at = dial.at(dial.end)
    q = estimates.problem.groupings[0].z.shape[1]
    totals, expected = at.beta[:q] + at.modes[0], no_pooling(estimates, 0).estimates
    # what is left of pooling at the end is about 1 / (n c^2), with groups of 20 rows and c of 300 or more
    np.testing.assert_allclose(totals, expected, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(at.resolved, 1.0, atol=1e-4)
    own = dial.own(at, dial.effects(at).factor)
    np.testing.assert_allclose(own.own, at.modes[0], atol=2e-5)


def test_without_variance_the_dial_runs_along_the_precision_of_own_estimates() -> None:
    estimates = fit(no_variance())
    assert estimates.groups[0].covariance[0, 0] == 0
    dial = dial_of(estimates, 0)
    assert dial.shape is Shape.OWN and dial.optimum == 0.0
    assert dial.at(0.0).criterion == pytest.approx(estimates.criterion, abs=1e-12)
    # groups of 8 rows have own estimates of precision 8: at s = 1 the variance is 1/8, and half of it is resolved
    np.testing.assert_allclose(dial.at(1.0).resolved, 0.5, rtol=1e-9)
    assert dial.at(1.0).criterion > estimates.criterion


def test_a_correlation_of_one_is_never_left() -> None:
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(20), 5)
    x = np.column_stack([np.ones(100), np.tile(np.arange(5.0), 20)])
    noise = rng.normal(size=(5, 20))
    noise -= x[:5] @ np.linalg.lstsq(x[:5], noise, rcond=None)[0]  # so that own estimates lie on a line exactly
    y = (x * np.array([1.0, 0.3])).sum(axis=1) * rng.normal(size=20)[codes] + noise.T.ravel()
    estimates = fit(Problem(y=y, x=np.asfortranarray(x), groupings=(groups(codes, x),)))
    dial = dial_of(estimates, 0)
    assert estimates.boundaries and dial.shape is Shape.SINGULAR
    modes = dial.at(dial.end).modes[0]
    assert abs(np.corrcoef(modes.T)[0, 1]) == pytest.approx(1.0, abs=1e-9)
