"""How the groupings of a problem lie to each other, read from their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BORDER = 400
"""Most columns of small groupings that ride along with a chain."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """chain: groupings eliminated one in the other, finest first, each nested in the next; others: the rest.

    parents[k, l]: for neighbours in the chain, the group of l of every group of k. Where crossed groupings are too large to
    ride along with a chain, all are `others`.
    """

    chain: tuple[int, ...]
    others: tuple[int, ...]
    parents: dict[tuple[int, int], NDArray[np.intp]]


def structure_of(codes: Sequence[NDArray[np.int32]], n_groups: Sequence[int], sizes: Sequence[int]) -> Structure:
    """The structure of groupings with these codes of rows and so many coefficients each."""
    chain: list[int] = []
    others: list[int] = []
    parents = {}
    for k in sorted(range(len(codes)), key=lambda k: -n_groups[k]):
        found = _parents(codes[chain[-1]], codes[k], n_groups[chain[-1]]) if chain else None
        if found is not None:
            parents[chain[-1], k] = found
        (chain if found is not None or not chain else others).append(k)
    if others and (len(chain) == 1 or sum(sizes[k] * n_groups[k] for k in others) > BORDER):
        return Structure(chain=(), others=tuple(range(len(codes))), parents={})
    return Structure(chain=tuple(chain), others=tuple(sorted(others)), parents=parents)


def _parents(fine: NDArray[np.int32], coarse: NDArray[np.int32], n_fine: int) -> NDArray[np.intp] | None:
    """The coarse group of every fine group, or None where some fine group lies in several."""
    parents = np.zeros(n_fine, dtype=np.intp)
    parents[fine] = coarse
    return parents if bool((parents[fine] == coarse).all()) else None
