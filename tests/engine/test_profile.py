"""Profile intervals against root finding in R with many restarts, and against refits by the engine itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import chdtri

from mlgui.engine.fit import fit
from mlgui.engine.profile import ProfileInterval, limits_of_zeros, profile_intervals, targets_of
from mlgui.engine.profile_deviance import Target
from mlgui.errors import Cancelled
from tests.engine.problems import STRUCTURES, sleepstudy, structured
from tests.reference.arrays import Arrays, case_arrays
from tests.reference.files import CASES, load_case

WITH_PROFILE = [name for name in CASES if "profile_ci_exact" in load_case(name)["results"]]
CUT = float(chdtri(1, 0.05))


def test_limits_of_variances_of_zero() -> None:
    problem = sleepstudy(shift=2000, correlated=False)
    found = fit(problem)
    ((place, limit),) = limits_of_zeros(found).items()
    assert place == (0, 0)
    (interval,) = profile_intervals(found, [Target(kind="sd", index=place)])
    assert limit == interval.high > 0
    assert limits_of_zeros(fit(sleepstudy())) == {}


def name_of(target: Target, arrays: Arrays) -> str:
    """Return the reference's name of a target."""
    if target.kind == "sigma":
        return "sigma"
    if target.kind == "coefficient":
        return arrays.names[target.index[0]]
    grouping, _, blocks = arrays.groupings[target.index[0]]
    names = [name for block in blocks for name in block]
    chosen = [names[a] for a in target.index[1:]]
    return f"{'sd' if target.kind == 'sd' else 'cor'}_{'.'.join(chosen)}|{grouping}"


@pytest.mark.parametrize("name", WITH_PROFILE)
def test_root_finding_in_r(name: str) -> None:
    arrays, expected = case_arrays(name), load_case(name)["results"]["profile_ci_exact"]
    found = profile_intervals(fit(arrays.problem))
    assert {name_of(one.target, arrays) for one in found} == set(expected["limits"])
    for one in found:
        key = name_of(one.target, arrays)
        assert one.estimate == pytest.approx(expected["ml_estimates"][key], rel=1e-5, abs=1e-5)
        # both stop within 1e-7 of the cut-off in deviance; the lower limit 0.00124 of p15 is its hardest
        assert (one.low, one.high) == pytest.approx(tuple(expected["limits"][key]), rel=1e-5, abs=1e-9)


def test_zero_variance_has_an_upper_limit() -> None:
    problem = case_arrays("p09_dyestuff2_singular").problem
    (found,) = profile_intervals(fit(problem), [Target(kind="sd", index=(0, 0))])
    assert (found.estimate, found.low) == (0.0, 0.0)
    # lme4: confint(lmer(Yield ~ 1 + (1 | Batch), Dyestuff2, REML = FALSE)), which interpolates
    assert found.high == pytest.approx(2.08, abs=0.01)


@pytest.mark.parametrize("kind", STRUCTURES)
def test_limits_of_a_coefficient_are_where_refits_say(kind: str) -> None:
    problem = structured(kind, 1)
    best = fit(replace(problem, reml=False)).criterion
    (found,) = profile_intervals(fit(problem), [Target(kind="coefficient", index=(1,))])
    for limit in (found.low, found.high):
        without = replace(problem, x=np.asfortranarray(problem.x[:, [0, 2]]), offset=limit * problem.x[:, 1], reml=False)
        assert fit(without).criterion - best == pytest.approx(CUT, abs=1e-6)


@pytest.mark.parametrize("shift", [2000.0, 1e6])
def test_zero_of_the_predictor_matters_only_where_it_should(shift: float) -> None:
    plain = {one.target: one for one in profile_intervals(fit(sleepstudy()))}
    moved = {one.target: one for one in profile_intervals(fit(sleepstudy(shift=shift)))}
    for target in (Target(kind="sd", index=(0, 1)), Target(kind="sigma"), Target(kind="coefficient", index=(1,))):
        assert (moved[target].low, moved[target].high) == pytest.approx((plain[target].low, plain[target].high), rel=1e-6)
    correlation = moved[Target(kind="correlation", index=(0, 1, 0))]
    assert -1 < correlation.low < correlation.estimate < correlation.high < -0.99


def test_scale_of_the_predictor() -> None:
    plain, scaled = (profile_intervals(fit(sleepstudy(scale=scale))) for scale in (1.0, 1e-8))
    by = {("sd", (0, 1)): 1e8, ("coefficient", (1,)): 1e8}
    for one, other in zip(plain, scaled):
        factor = by.get((one.target.kind, one.target.index), 1.0)
        assert (other.low, other.high) == pytest.approx((one.low * factor, one.high * factor), rel=1e-6)


def test_correlation_at_one_reaches_the_end_of_its_range() -> None:
    (found,) = profile_intervals(fit(case_arrays("p29_simcorr1_singular").problem), [Target(kind="correlation", index=(0, 1, 0))])
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert 0.5 < found.low < 0.6


def test_correlation_of_what_does_not_vary_is_unknown() -> None:
    plain = sleepstudy()
    noise = np.random.default_rng(4).normal(size=plain.n)
    for group in range(18):  # every subject has the same straight line: less than chance leaves between them
        rows = plain.groupings[0].codes == group
        noise[rows] -= plain.x[rows] @ np.linalg.lstsq(plain.x[rows], noise[rows])[0]
    intercept, correlation, slope, *_ = profile_intervals(fit(replace(plain, y=plain.x[:, 1] + noise)))
    assert (intercept.estimate, intercept.low, slope.estimate, slope.low) == (0.0, 0.0, 0.0, 0.0)
    assert intercept.high > 0 and slope.high > 0
    assert np.isnan(correlation.estimate)
    assert (correlation.low, correlation.high) == (-1.0, 1.0)


def test_less_confidence_is_narrower() -> None:
    estimates = fit(sleepstudy())
    for wide, narrow in zip(profile_intervals(estimates, confidence=0.99), profile_intervals(estimates, confidence=0.5)):
        assert wide.low < narrow.low < narrow.estimate < narrow.high < wide.high


def test_targets_of_several_terms() -> None:
    kinds = [(one.kind, one.index) for one in targets_of(fit(structured("two blocks")))]
    assert kinds[:4] == [("sd", (0, 0)), ("correlation", (0, 1, 0)), ("sd", (0, 1)), ("sd", (0, 2))]
    assert kinds[4:] == [("sigma", ()), ("coefficient", (0,)), ("coefficient", (1,)), ("coefficient", (2,))]


def test_it_reports_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []

    def report(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        profile_intervals(fit(sleepstudy()), on_step=report)
    assert seen[0] == (0, 12)
    assert seen[-1] == (3, 12)


def test_a_minimum_that_was_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pastes: with the batch variance at 0 lies a minimum 0.66 higher, from which a search comes back to it
    problem = case_arrays("p11_pastes_nested_slash").problem
    estimates = fit(problem)
    expected = profile_intervals(estimates)
    state = replace(estimates.state, regular=tuple(np.array([[size]]) for size in (2.0, 1e-5)))
    found: list[ProfileInterval] = profile_intervals(replace(estimates, state=state))
    for one, other in zip(found, expected):
        assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-6)
