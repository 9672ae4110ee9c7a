"""A smooth curve through a cloud of points, and bins of equally many of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPAN, PLACES, MOST_BINS = 0.4, 60, 300


def lowess(x: Floats, y: Floats, span: float = SPAN) -> tuple[Floats, Floats]:
    """Return a locally linear curve at up to 60 places from the smallest to the largest x, tricube weights over `span` of it.

    Cleveland (1979), J. Am. Stat. Assoc. 74, 829-836, without the robustness steps. Large clouds are first averaged in 300
    bins of equally many points, so that the time hardly grows with their number.
    """
    x, y, n = binned_means(x, y, MOST_BINS)
    places = np.linspace(x[0], x[-1], PLACES) if x[-1] > x[0] else x[:1]
    width = max(2, int(np.ceil(span * len(x))))
    distance = np.abs(x - places[:, None])
    reach = np.partition(distance, min(width, len(x) - 1), axis=1)[:, min(width, len(x) - 1)]
    weight = n * np.clip(1 - (distance / np.maximum(reach * 1.001, 1e-300)[:, None]) ** 3, 0, None) ** 3
    return places, _local_lines(x - places[:, None], y, weight)


def _local_lines(dx: Floats, y: Floats, weight: Floats) -> Floats:
    """Return the value at dx = 0 of a weighted straight line for each row of `dx` and `weight`; the mean where x is one value."""
    s0, s1, s2 = weight.sum(axis=1), (weight * dx).sum(axis=1), (weight * dx * dx).sum(axis=1)
    t0, t1 = weight @ y, (weight * dx) @ y
    determinant = s0 * s2 - s1 * s1
    sloped = determinant > 1e-12 * s0 * s2
    line = (s2 * t0 - s1 * t1) / np.where(sloped, determinant, 1.0)
    return np.asarray(np.where(sloped, line, t0 / s0))


def binned_means(x: Floats, y: Floats, bins: int) -> tuple[Floats, Floats, Floats]:
    """Return the means of x and y and the number of points, in `bins` bins of equally many points, from left to right."""
    parts = equal_bins(x, bins)
    return (
        np.array([x[part].mean() for part in parts]),
        np.array([y[part].mean() for part in parts]),
        np.array([float(len(part)) for part in parts]),
    )


def equal_bins(x: Floats, bins: int) -> list[NDArray[np.intp]]:
    """Return the indices of the points of each bin; equal x keep their order."""
    order = np.argsort(x, kind="stable")
    return [part for part in np.array_split(order, min(bins, len(x))) if len(part)]
