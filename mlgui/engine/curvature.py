"""Gradient and Hessian of the criterion with respect to theta, the free entries of the factors inside.

With T_new = T + D the local change is T (I + delta), delta = T^-1 D, Delta = delta + delta' + delta delta'. The factors
must be invertible here: the optimiser keeps their diagonals off zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlgui.engine.objective import Objective, Point
from mlgui.engine.problem import Floats
from mlgui.engine.theta import Layout, canonical


def theta_gradient(layout: Layout, factors: Sequence[Floats], gradient: Sequence[Floats]) -> Floats:
    """D criterion / d theta from the local gradients N_k: the free entries of 2 T^-T N."""
    return layout.pack([np.asarray(2.0 * np.linalg.solve(factor.T, n)) for factor, n in zip(factors, gradient)])


def theta_hessian(layout: Layout, factors: Sequence[Floats], gradient: Sequence[Floats], local: Floats) -> Floats:
    """d^2 criterion / d theta^2 from the local gradients N_k and the local second derivatives `local` (m, m).

    local is over Delta = E_a, symmetric basis matrices in the order of theta.
    """
    change, bend, first = _maps(layout, factors, gradient)
    return np.asarray(change.T @ (local * (first[:, None] * first) + bend) @ change)


def local_hessian(layout: Layout, factors: Sequence[Floats], gradient: Sequence[Floats], hessian: Floats) -> Floats:
    """The local second derivatives from those in theta: the inverse of `theta_hessian`."""
    change, bend, first = _maps(layout, factors, gradient)
    back = np.linalg.inv(change)
    return np.asarray((back.T @ hessian @ back - bend) / (first[:, None] * first))


def _maps(layout: Layout, factors: Sequence[Floats], gradient: Sequence[Floats]) -> tuple[Floats, Floats, Floats]:
    """Slope of delta in theta; second derivatives of 2 <N, delta delta'> in delta; slope of Delta in delta, (m,)."""
    change, bend = np.zeros((layout.size, layout.size)), np.zeros((layout.size, layout.size))
    for factor, n, (i, j, a, c) in zip(factors, gradient, layout.pairs):
        bend[i, j] = 2.0 * n[a, c]
        change[i, j] = np.linalg.inv(factor)[a, c]
    return change, bend, layout.weights


def covariance_step(layout: Layout, factors: Sequence[Floats], gradient: Sequence[Floats], local: Floats) -> list[Floats]:
    """Factors after a Newton step on the covariances G_k = T (I + Delta) T' themselves, kept positive definite.

    Where a coefficient hardly varies, its correlation moves along a curved valley of theta, which is straight in G.
    """
    slope = np.concatenate([[n[a, b] * (1.0 if a == b else 2.0) for a, b in one] for n, one in zip(gradient, layout.entries)])
    # local second derivatives go with the square of G: a coefficient on the floor of the search has 1e-20 of another's
    least = max(1e-20 * float(np.abs(local).max()), 1e-300)
    scale = np.sqrt(np.maximum(np.abs(np.diagonal(local)), least))
    values, vectors = np.linalg.eigh(local / np.outer(scale, scale))
    step = -(vectors @ ((vectors.T @ (slope / scale)) / np.maximum(np.abs(values), 1e-8))) / scale
    moved = []
    for factor, delta, pattern in zip(factors, layout.unpack(step), layout.patterns):
        symmetric = delta + np.tril(delta, -1).T
        size, axes = np.linalg.eigh(np.eye(len(factor)) + symmetric)
        moved.append(canonical(factor @ axes * np.sqrt(np.clip(size, 1e-4, 10.0)), pattern))
    return moved


def differenced_hessian(objective: Objective, layout: Layout, point: Point, sizes: Floats) -> Floats:
    """The Hessian in theta by central differences of the analytic gradient: 2 m gradients.

    sizes: (m,), the scale on which each entry of theta matters.
    """
    theta = layout.pack(point.factors)
    hessian = np.empty((layout.size, layout.size))
    for i, size in enumerate(sizes):
        step = 2e-5 * size
        if abs(abs(theta[i]) - step) < 0.2 * step:
            step *= 1.7
        ends = []
        for sign in (1.0, -1.0):
            moved = theta.copy()
            moved[i] += sign * step
            factors = layout.unpack(moved)
            ends.append(theta_gradient(layout, factors, objective.slope(objective.at(factors)).gradient))
        hessian[i] = (ends[0] - ends[1]) / (2 * step)
    return (hessian + hessian.T) / 2


def entry_sizes(layout: Layout, factors: Sequence[Floats], typical: Sequence[Floats]) -> Floats:
    """The scale on which each entry of theta matters: the SD of its coefficient, or a third of the typical one if larger."""
    sizes: list[float] = []
    for factor, usual, entries in zip(factors, typical, layout.entries):
        spread = np.maximum(np.sqrt((factor * factor).sum(axis=1)), 0.3 * usual).tolist()
        sizes.extend(spread[a] for a, _ in entries)
    return np.array(sizes)
