"""How the groupings of a problem lie to each other, read from their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """order: groupings from most to fewest groups. parents[k, l]: for consecutive groupings of `order` where k is nested in
    l, the group of l of every group of k. chain: whether all groupings are nested in this order.
    """

    order: tuple[int, ...]
    parents: dict[tuple[int, int], NDArray[np.intp]]
    chain: bool


def structure_of(codes: Sequence[NDArray[np.int32]], n_groups: Sequence[int]) -> Structure:
    """The structure of groupings with these codes of rows."""
    order = tuple(sorted(range(len(codes)), key=lambda k: -n_groups[k]))
    parents = {}
    for fine, coarse in pairwise(order):
        found = _parents(codes[fine], codes[coarse], n_groups[fine])
        if found is None:
            break
        parents[fine, coarse] = found
    return Structure(order=order, parents=parents, chain=len(parents) == len(order) - 1)


def _parents(fine: NDArray[np.int32], coarse: NDArray[np.int32], n_fine: int) -> NDArray[np.intp] | None:
    """The coarse group of every fine group, or None where some fine group lies in several."""
    parents = np.zeros(n_fine, dtype=np.intp)
    parents[fine] = coarse
    return parents if bool((parents[fine] == coarse).all()) else None
