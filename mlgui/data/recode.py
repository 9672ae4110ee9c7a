"""New values from old ones: means by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def group_means(values: NDArray[np.float64], codes: NDArray[np.integer], n_groups: int) -> NDArray[np.float64]:
    """Return the mean of `values` (n,) in each group, (n_groups,); NaN for a group without rows.

    codes: group of each row, (n,), none missing. Sums are of deviations from the overall mean: numbers far from 0, such as
    years, lose no digits.
    """
    if not len(values):
        return np.full(n_groups, np.nan)
    centre = float(np.mean(values))
    sizes = np.bincount(codes, minlength=n_groups)
    sums = np.bincount(codes, weights=values - centre, minlength=n_groups)
    means = np.full(n_groups, np.nan)
    np.divide(sums, sizes, out=means, where=sizes > 0)
    return np.asarray(means + centre)
