"""Kenward-Roger against pbkrtest, and against the definition with n x n matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine import kenward_roger as module
from mlgui.engine.fit import fit
from mlgui.engine.kenward_roger import KenwardRogerRefused, kenward_roger
from mlgui.engine.problem import Floats, Problem
from tests.engine.dense import indicator_z, marginal_v
from tests.engine.problems import STRUCTURES, sleepstudy, structured
from tests.reference.arrays import case_arrays
from tests.reference.files import CASES, load_case

WITH_KENWARD_ROGER = [name for name in CASES if "vcov_fixed_kenward_roger" in load_case(name)["results"]]


@pytest.mark.parametrize("name", WITH_KENWARD_ROGER)
def test_pbkrtest(name: str) -> None:
    results = load_case(name)["results"]
    rows = [row for row in results["fixed_effects"] if row["estimate"] is not None]
    found = kenward_roger(fit(case_arrays(name).problem))
    kept = list(found.kept)
    expected = np.array(results["vcov_fixed_kenward_roger"]["values"])
    se = np.sqrt(np.diag(expected))
    # theta of the reference is good to 1e-8; nothing here is differentiated numerically
    scaled = found.vcov_adjusted[np.ix_(kept, kept)] / np.outer(se, se)
    np.testing.assert_allclose(scaled, expected / np.outer(se, se), rtol=0, atol=1e-7)
    np.testing.assert_allclose(se, [row["se_kr"] for row in rows], rtol=1e-10)
    df = [found.df(row) for row in np.eye(len(found.beta))[kept]]
    np.testing.assert_allclose(df, [row["df_kr"] for row in rows], rtol=1e-7)


def by_definition(problem: Problem, factors: list[Floats], sigma: float) -> tuple[Floats, Floats]:
    """Return the adjusted covariance and the df of every coefficient from V and its derivatives, all n x n."""
    weights = np.ones(problem.n) if problem.weights is None else problem.weights
    derivatives = [np.diag(1 / weights)]
    for groups in problem.groupings:
        z, q = indicator_z(groups), groups.z.shape[1]
        for a in range(q):
            for b in range(a + 1):
                if groups.pattern[a, b]:
                    left, right = z[:, a::q], z[:, b::q]
                    derivatives.append(left @ right.T if a == b else left @ right.T + right @ left.T)
    x = problem.x
    inverse = np.linalg.inv(np.asarray(sigma**2 * np.real(marginal_v(problem, factors))))
    phi = np.linalg.inv(x.T @ inverse @ x)
    products = [inverse @ d for d in derivatives]
    m = len(derivatives)
    p = [-x.T @ one @ inverse @ x for one in products]
    q_matrices = [[x.T @ one @ other @ inverse @ x for other in products] for one in products]
    information = np.empty((m, m))
    for i in range(m):
        for j in range(m):
            information[i, j] = (
                np.trace(products[i] @ products[j]) - 2 * np.trace(phi @ q_matrices[i][j]) + np.trace(phi @ p[i] @ phi @ p[j])
            )
    w = 2 * np.linalg.inv(information)
    u = sum(w[i, j] * (q_matrices[i][j] - p[i] @ phi @ p[j]) for i in range(m) for j in range(m))
    slopes = np.array([np.diag(phi @ one @ phi) for one in p])
    df = 2 * np.diag(phi) ** 2 / np.einsum("ip,ij,jp->p", slopes, w, slopes)
    return phi + 2 * phi @ u @ phi, df


@pytest.mark.parametrize("kind", STRUCTURES)
@pytest.mark.parametrize("seed", [0, 1])
def test_definition(kind: str, seed: int) -> None:
    problem = structured(kind, seed, n=90)
    estimates = fit(problem)
    vcov, df = by_definition(problem, [one.factor for one in estimates.groups], estimates.sigma)
    found = kenward_roger(estimates)
    # the n x n algebra loses more digits than the cross-products do
    np.testing.assert_allclose(found.vcov_adjusted, vcov, rtol=1e-6, atol=1e-7 * np.diag(vcov).min())
    np.testing.assert_allclose([found.df(row) for row in np.eye(len(df))], df, rtol=1e-6)


@pytest.mark.parametrize("shift", [2000.0, 1e6])
def test_zero_of_the_predictor_does_not_matter(shift: float) -> None:
    plain, moved = kenward_roger(fit(sleepstudy())), kenward_roger(fit(sleepstudy(shift=shift)))
    slope = np.array([0.0, 1.0])
    assert moved.df(slope) == pytest.approx(plain.df(slope), rel=1e-8)
    assert moved.vcov_adjusted[1, 1] == pytest.approx(plain.vcov_adjusted[1, 1], rel=1e-8)


def test_balanced_one_way_has_the_degrees_of_freedom_of_the_analysis_of_variance_even_at_zero() -> None:
    assert kenward_roger(fit(case_arrays("p09_dyestuff2_singular").problem)).df(np.ones(1)) == pytest.approx(5, rel=1e-12)


def test_one_contrast_and_its_test_agree() -> None:
    found = kenward_roger(fit(sleepstudy()))
    test = found.test(np.array([[0.0, 2.0]]))
    t = found.beta[1] / np.sqrt(found.vcov_adjusted[1, 1])
    assert (test.numerator, test.scaling) == (1, 1.0)
    assert test.statistic == pytest.approx(t * t, rel=1e-12)


def test_joint_test_does_not_depend_on_how_it_is_written() -> None:
    found = kenward_roger(fit(structured("one", 2)))
    rows = np.eye(3)[1:]
    one, other = found.test(rows), found.test(np.array([[2.0, 1.0], [0.5, -3.0]]) @ rows)
    assert other.statistic == pytest.approx(one.statistic, rel=1e-9)
    assert other.denominator == pytest.approx(one.denominator, rel=1e-9)


def test_maximum_likelihood_is_refused() -> None:
    with pytest.raises(KenwardRogerRefused) as caught:
        kenward_roger(fit(sleepstudy(reml=False)))
    assert caught.value.code == "maximum-likelihood"


def test_many_groups_of_several_groupings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 20)
    with pytest.raises(KenwardRogerRefused) as caught:
        kenward_roger(fit(structured("crossed")))
    assert (caught.value.code, caught.value.columns) == ("too-many-groups", 25)
    assert kenward_roger(fit(structured("one"))).kept == (0, 1, 2)


def test_dropped_coefficients_have_no_variance() -> None:
    plain = sleepstudy()
    twice = replace(plain, x=np.asfortranarray(np.column_stack([plain.x, 2 * plain.x[:, 1]])))
    found = kenward_roger(fit(twice))
    assert found.kept == (0, 1)
    assert np.isnan(found.vcov_adjusted[2]).all()
