"""The numbers of a category's columns."""

from __future__ import annotations

import numpy as np

from mlgui.design.frame import Codes
from mlgui.engine.problem import Floats
from mlgui.spec.coding import Levels
from mlgui.spec.model import Contrast


def contrast_column(codes: Codes, levels: Levels, index: int, *, full: bool) -> Floats:
    """Return one column of a category, (n,): an indicator, or for sum contrasts 1, 0 and -1 for the last level."""
    if full:
        return _indicator(codes, index)
    if levels.contrast is Contrast.SUM:
        return _indicator(codes, index) - _indicator(codes, len(levels.labels) - 1)
    return _indicator(codes, index + 1)


def _indicator(codes: Codes, index: int) -> Floats:
    return np.asarray(codes == index, dtype=np.float64)
