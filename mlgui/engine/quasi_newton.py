"""Minimisation by a quasi-Newton method that begins with a Hessian from differences of the gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlgui.engine.problem import Floats

LONGEST = 1.0
"""Longest step in one coordinate; coordinates are scaled so that 1 is a large change."""
CLOSE = 1e-9
"""Predicted fall at which the search ends."""

Gradient = Callable[[Floats], tuple[float, Floats]]
"""The function with its gradient; infinity where it does not exist."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lowest:
    """Where a search ended. hessian: its approximation there, for the next search nearby."""

    at: Floats
    value: float
    hessian: Floats


def lowest(function: Gradient, start: Floats, hessian: Floats | None = None, max_steps: int = 200) -> Lowest:
    """The minimum of `function` near `start` (Broyden-Fletcher-Goldfarb-Shanno; Nocedal & Wright 2006, ch. 6)."""
    at = start
    value, gradient = function(at)
    if not np.isfinite(value):
        return Lowest(at=at, value=value, hessian=np.eye(len(at)))
    if hessian is not None and not (np.diagonal(hessian) > 0.0).all():
        hessian = None  # it tells nothing of some direction
    fresh = hessian is None
    h = _differenced(function, at, gradient) if hessian is None else hessian
    for _ in range(max_steps):
        step = _downhill(h, gradient)
        decrement = -float(gradient @ step)
        if not CLOSE <= decrement < np.inf:
            break
        fraction = min(1.0, LONGEST / float(np.abs(step).max()))
        found = _search(function, at, value, decrement, step, fraction)
        if found is None:
            if fresh:
                break
            h, fresh = _differenced(function, at, gradient), True
            continue
        moved, new_value, new_gradient = found
        h = _updated(h, moved - at, new_gradient - gradient)
        at, value, gradient, fresh = moved, new_value, new_gradient, False
    return Lowest(at=at, value=value, hessian=h)


def _downhill(h: Floats, gradient: Floats) -> Floats:
    """-H^-1 g, with H scaled to a unit diagonal and its eigenvalues kept positive."""
    scale = np.sqrt(np.maximum(np.diagonal(h), 1e-100))  # a step along what is flat must not overflow
    values, vectors = np.linalg.eigh(h / np.outer(scale, scale))
    along = vectors.T @ (gradient / scale)
    return np.asarray(-(vectors @ (along / np.maximum(values, 1e-12))) / scale)


def _search(
    function: Gradient, at: Floats, value: float, decrement: float, step: Floats, fraction: float
) -> tuple[Floats, float, Floats] | None:
    """A point along the step that is lower by a share of what is predicted, or None."""
    slack = 1e-13 * abs(value)
    for _ in range(30):
        moved = at + fraction * step
        new_value, gradient = function(moved)
        if new_value <= value - 1e-4 * fraction * decrement + slack:
            return moved, new_value, gradient
        fraction *= 0.3
    return None


def _differenced(function: Gradient, at: Floats, gradient: Floats, step: float = 1e-4) -> Floats:
    """The Hessian by forward differences of the gradient, its eigenvalues made positive."""
    rows = np.empty((len(at), len(at)))
    for i in range(len(at)):
        moved = at.copy()
        moved[i] += step if moved[i] >= 0 else -step
        rows[i] = (function(moved)[1] - gradient) / (moved[i] - at[i])
    if not np.isfinite(rows).all():
        return np.eye(len(at))
    values, vectors = np.linalg.eigh((rows + rows.T) / 2)
    floor = 1e-6 * max(float(np.abs(values).max(initial=0.0)), 1e-6)
    return np.asarray((vectors * np.maximum(np.abs(values), floor)) @ vectors.T)


def _updated(h: Floats, step: Floats, change: Floats) -> Floats:
    """The BFGS update, damped where the curvature along the step is not positive (Nocedal & Wright 2006, eq. 18.16)."""
    along = h @ step
    curvature, expected = float(step @ change), float(step @ along)
    if curvature < 0.2 * expected:
        share = 0.8 * expected / (expected - curvature)
        change = share * change + (1 - share) * along
        curvature = float(step @ change)
    if curvature <= 0.0 or expected <= 0.0:
        return h
    return np.asarray(h + np.outer(change, change) / curvature - np.outer(along, along) / expected)
