"""Too many points to tell apart: counts in cells instead, darker where more points lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DENSE = 50_000
"""Above this many points a layer is drawn as counts in cells."""

_CELLS = (140, 90)
_FAINTEST = 0.10


def cells(x: Floats, y: Floats, x_range: tuple[float, float], y_range: tuple[float, float]) -> tuple[Floats, Floats, Floats]:
    """Return (counts, x edges, y edges) over a grid of the ranges; points that are missing or outside are not counted."""
    keep = np.isfinite(x) & np.isfinite(y)
    counts, x_edges, y_edges = np.histogram2d(x[keep], y[keep], bins=_CELLS, range=(x_range, y_range))
    return counts, x_edges, y_edges


def cell_opacities(counts: Floats) -> Floats:
    """Return 0 for empty cells, and from faint to 1 by the square root of the count, so that thin regions stay visible."""
    most = float(counts.max()) or 1.0
    opacities: Floats = np.where(counts > 0, _FAINTEST + (1 - _FAINTEST) * np.sqrt(counts / most), 0.0)
    return opacities
