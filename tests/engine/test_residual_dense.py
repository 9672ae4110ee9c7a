"""Residual structures against a dense V, written in the plainest algebra: criterion, minimum, effects, degrees of freedom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.fit import fit
from mlgui.engine.inference import satterthwaite
from mlgui.engine.problem import Floats, Groups, Problem, Residual
from mlgui.engine.residual_gram import shape_of
from tests.engine.dense import factors_of, hessian, indicator_z, theta_of


def simulated(kind: str, *, seed: int = 0, reml: bool = True, weights: bool = False) -> Problem:
    """24 groups of 2 to 6 rows in 8 classes, in random order; residuals with the structure of `kind`."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 7, 24)
    codes = np.repeat(np.arange(24), sizes).astype(np.int32)
    n = len(codes)
    occasions = np.concatenate([np.sort(rng.permutation(6)[:size]) for size in sizes]).astype(np.int32)
    few = np.concatenate([np.sort(rng.permutation(3)[: min(size, 3)]) for size in sizes]).astype(np.int32)
    x = np.column_stack([np.ones(n), rng.normal(size=n), rng.normal(size=24)[codes]])
    strata = (rng.permutation(n) % 2).astype(np.int32)
    residual = {
        "strata": Residual(kind="strata", strata=strata),
        "ar1": Residual(kind="ar1", groups=codes, order=2.0 * occasions),
        "ar1 without a step": Residual(kind="ar1", groups=codes, order=occasions + 0.3 * rng.uniform(size=n)),
        "ar1 with strata": Residual(kind="ar1", groups=codes, order=occasions * 1.0, strata=strata),
        "cs": Residual(kind="cs", groups=codes),
        "cs with strata": Residual(kind="cs", groups=codes, strata=strata),
        "un": Residual(kind="un", groups=codes, occasions=few),
    }[kind]
    if kind == "un":
        keep = np.concatenate([np.arange(size) < 3 for size in sizes])
        x, codes, n = x[keep], codes[keep], int(keep.sum())
        residual = Residual(kind="un", groups=codes, occasions=few)
    classes = (codes // 3).astype(np.int32)
    scale = np.where(strata[:n] == 1, 1.6, 1.0) if residual.strata is not None else np.ones(n)
    shared = rng.normal(size=24)[codes]
    e = scale * (0.8 * rng.normal(size=n) + (0.6 * shared if kind != "strata" else 0.0))
    u = rng.normal(size=(8, 2))[classes]
    y = x @ [1.0, 0.5, -0.3] + u[:, 0] + u[:, 1] * x[:, 1] + e
    order = rng.permutation(n)
    z = np.asfortranarray(x[order, :2])
    return Problem(
        y=y[order],
        x=np.asfortranarray(x[order]),
        groupings=(Groups(codes=classes[order], n_groups=8, z=z, pattern=np.tri(2, dtype=bool)),),
        weights=rng.uniform(0.5, 2.0, n) if weights else None,
        reml=reml,
        residual=ordered(residual, order),
    )


def ordered(residual: Residual, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Residual:
    """The structure of rows in another order."""
    names = ("strata", "groups", "order", "occasions")
    found = {name: getattr(residual, name) for name in names}
    return replace(residual, **{name: None if one is None else one[order] for name, one in found.items()})


KINDS = ("strata", "ar1", "ar1 without a step", "ar1 with strata", "cs", "cs with strata", "un")


def natural(residual: ResidualEstimates) -> Floats:
    """The parameters of a structure: ratios of SDs but the first, then the correlation or those below the diagonal."""
    parts = [residual.sd_ratios[1:]]
    if residual.correlation is not None:
        parts.append(np.array([residual.correlation]))
    parts.append(residual.correlations[np.tril_indices(len(residual.correlations), -1)])
    return np.concatenate(parts)


def error_covariance(problem: Problem, unit: float | None, at: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """D R D over the weights, at natural parameters (real or complex)."""
    residual, n = problem.residual, problem.n
    r = np.eye(n, dtype=at.dtype)
    levels = residual.occasions if residual.kind == "un" else residual.strata
    count = 0 if levels is None else int(levels.max())
    sd = np.ones(n, dtype=at.dtype) if levels is None else np.append(1.0, at[:count])[levels]
    rest = at[count:]
    for i in range(n):
        for j in range(i):
            if residual.groups is None or residual.groups[i] != residual.groups[j]:
                continue
            if residual.kind == "ar1":
                assert residual.order is not None
                r[i, j] = rest[0] ** (abs(residual.order[i] - residual.order[j]) / unit)
            elif residual.kind == "cs":
                r[i, j] = rest[0]
            elif residual.kind == "un":
                assert residual.occasions is not None
                a, b = max(residual.occasions[i], residual.occasions[j]), min(residual.occasions[i], residual.occasions[j])
                r[i, j] = rest[a * (a - 1) // 2 + b]
            r[j, i] = r[i, j]
    root = 1.0 if problem.weights is None else np.sqrt(problem.weights)
    return r * np.outer(sd / root, sd / root)


def marginal(problem: Problem, unit: float | None, phi: np.ndarray, size: int) -> np.ndarray:  # type: ignore[type-arg]
    """V over sigma^2 at phi = (theta, natural parameters, ...); size: of theta."""
    v = error_covariance(problem, unit, phi[size:])
    for groups, factor in zip(problem.groupings, factors_of(problem, phi[:size])):
        v = v + (groups.codes[:, None] == groups.codes) * (groups.z @ factor @ factor.T @ groups.z.T)
    return v


def unprofiled(problem: Problem, unit: float | None, size: int) -> Callable[[np.ndarray], np.ndarray]:  # type: ignore[type-arg]
    """-2 log (restricted) likelihood of (theta, natural parameters, log sigma)."""

    def value(phi: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        sigma2 = np.exp(2 * phi[-1])
        v = marginal(problem, unit, phi[:-1], size)
        solved = np.linalg.solve(v, np.column_stack([problem.x, problem.y]))
        cross = problem.x.T @ solved[:, :-1]
        r = problem.y - problem.x @ np.linalg.solve(cross, problem.x.T @ solved[:, -1])
        df = problem.n - len(cross) if problem.reml else problem.n
        logs = log_det(v) + (log_det(cross) if problem.reml else 0)
        return np.asarray(logs + df * np.log(2 * np.pi * sigma2) + r @ np.linalg.solve(v, r) / sigma2)

    return value


def log_det(matrix: np.ndarray) -> complex:  # type: ignore[type-arg]
    """Log determinant of a symmetric matrix, real or complex."""
    sign, log = np.linalg.slogdet(matrix)
    return complex(np.log(sign) + log)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reml", [True, False])
def test_criterion_is_that_of_a_dense_v_and_lowest(kind: str, reml: bool) -> None:
    problem = simulated(kind, reml=reml, weights=kind in ("ar1", "un"))
    found = fit(problem)
    assert found.certificate.passed
    assert not found.boundaries
    theta = theta_of(problem, [one.factor for one in found.groups])
    phi = np.concatenate([theta, natural(found.residual), [np.log(found.sigma)]])
    value = unprofiled(problem, found.residual.unit, len(theta))
    at = float(np.real(value(phi)))
    assert found.criterion == pytest.approx(at, abs=1e-8)
    slope = np.array([np.imag(value(phi + 1e-30j * step)) / 1e-30 for step in np.eye(len(phi))])
    # the search ends where the predicted fall is below 1e-8: slopes of about 1e-4 of the curvature, which is about 10 to 1000
    np.testing.assert_allclose(slope, 0.0, atol=5e-3)
    rng = np.random.default_rng(1)
    for _ in range(20):
        assert np.real(value(phi + 0.03 * rng.normal(size=len(phi)))) > at


@pytest.mark.parametrize("kind", KINDS)
def test_effects_are_those_of_a_dense_v(kind: str) -> None:
    problem = simulated(kind, seed=1, weights=True)
    found = fit(problem)
    phi = np.concatenate([theta_of(problem, [one.factor for one in found.groups]), natural(found.residual)])
    v = marginal(problem, found.residual.unit, phi, len(found.theta))
    vcov = np.linalg.inv(problem.x.T @ np.linalg.solve(v, problem.x))
    beta = vcov @ problem.x.T @ np.linalg.solve(v, problem.y)
    factor, z = found.groups[0].factor, indicator_z(problem.groupings[0])
    g = np.kron(np.eye(8), factor @ factor.T)
    gain = g @ z.T @ np.linalg.inv(v)
    mode = (gain @ (problem.y - problem.x @ beta)).reshape(8, 2)
    conditional = found.sigma**2 * (g - gain @ z @ g).reshape(8, 2, 8, 2)
    np.testing.assert_allclose(found.beta, beta, rtol=1e-8)
    np.testing.assert_allclose(found.vcov, found.sigma**2 * vcov, rtol=1e-7)
    np.testing.assert_allclose(found.groups[0].mode, mode, atol=1e-8)
    np.testing.assert_allclose(
        found.groups[0].conditional_covariance, np.einsum("jajb->jab", conditional), rtol=1e-7, atol=1e-12
    )
    np.testing.assert_allclose(found.fitted, problem.x @ beta + z @ mode.ravel(), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reml", [True, False])
def test_degrees_of_freedom_know_the_parameters_of_the_structure(kind: str, reml: bool) -> None:
    problem = simulated(kind, seed=3 if kind == "un" else 2, reml=reml)  # both have all variances above 0
    found = fit(problem)
    size = len(found.theta)
    phi = np.concatenate([found.theta, natural(found.residual), [np.log(found.sigma)]])
    unit = found.residual.unit
    covariance = 2 * np.linalg.inv(hessian(unprofiled(problem, unit, size), phi))

    def variances(at: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        v = marginal(problem, unit, at[:-1], size)
        return np.diagonal(np.exp(2 * at[-1]) * np.linalg.inv(problem.x.T @ np.linalg.solve(v, problem.x)))

    slopes = np.array([np.imag(variances(phi + 1e-30j * step)) / 1e-30 for step in np.eye(len(phi))])
    expected = 2 * variances(phi) ** 2 / np.einsum("am,ab,bm->m", slopes, covariance, slopes)
    df, given_zero = satterthwaite(found)
    assert not given_zero
    # both Hessians are differences; at an end of the search 1e-4 SD from the minimum, their parametrisations differ a little
    np.testing.assert_allclose(df, np.real(expected), rtol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_parts_and_whitened_rows_give_the_same_cross_products_as_r_inverse(kind: str) -> None:
    problem = simulated(kind, seed=3)
    shape, used = shape_of(problem)
    assert len(used) == problem.n
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(3, problem.n))
    for start in shape.starts:
        at = start + 0.2 * rng.normal(size=shape.size)
        found = shape.estimates(at)
        r = error_covariance(problem, found.unit, natural(found))
        expected = rows @ np.linalg.solve(r, rows.T)
        white = shape.whiten(at, rows)
        np.testing.assert_allclose(white @ white.T, expected, rtol=1e-9, atol=1e-9)
        assert shape.log_det(at) == pytest.approx(np.linalg.slogdet(r)[1], abs=1e-9)
        parts = shape.parts()
        if parts is not None:
            products = [part.rows(rows) @ part.rows(rows).T for part in parts]
            together = sum(c * one for c, one in zip(shape.coefficients(at), products, strict=True))
            np.testing.assert_allclose(together, expected, rtol=1e-9, atol=1e-9)
