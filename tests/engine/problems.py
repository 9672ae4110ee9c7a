"""Problems the engine's tests share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.problem import Floats, Groups, Problem

SLEEPSTUDY = Path(__file__).parents[2] / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv"


def groups(codes: NDArray[np.integer], z: Floats, pattern: NDArray[np.bool_] | None = None) -> Groups:
    """A grouping with these codes; a full lower triangle where no pattern is given."""
    labels, dense = np.unique(codes, return_inverse=True)
    free = np.tri(z.shape[1], dtype=np.bool_) if pattern is None else pattern
    return Groups(codes=dense.astype(np.int32), n_groups=len(labels), z=np.asfortranarray(z), pattern=free)


def sleepstudy(
    *, shift: float = 0.0, scale: float = 1.0, correlated: bool = True, reml: bool = True, days_vary: bool = True
) -> Problem:
    """Reaction ~ x + (x | Subject) with x = (Days + shift) * scale (Belenky et al. 2003)."""
    table = np.genfromtxt(SLEEPSTUDY, delimiter=",", names=True)
    x = np.asfortranarray(np.column_stack([np.ones(len(table)), (table["Days"] + shift) * scale]))
    z = x if days_vary else x[:, :1]
    pattern = np.tri(z.shape[1], dtype=np.bool_) if correlated else np.eye(z.shape[1], dtype=np.bool_)
    grouping = groups(table["Subject"].astype(int), z, pattern)
    return Problem(y=np.ascontiguousarray(table["Reaction"]), x=x, groupings=(grouping,), reml=reml)


STRUCTURES = ("one", "one uncorrelated", "two blocks", "chain", "chain of three", "crossed", "crossed slopes", "mixed")


def structured(kind: str, seed: int = 0, *, reml: bool = True, n: int = 150) -> Problem:
    """A simulated problem with groupings of this kind, on which all coefficients vary."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=n) + 3, rng.normal(size=n)])
    fine = np.concatenate([np.arange(18), rng.integers(0, 18, n - 18)])
    middle, other = rng.permutation(np.arange(18) % 6)[fine], np.concatenate([np.arange(7), rng.integers(0, 7, n - 7)])
    two_blocks = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], dtype=bool)
    plans = {
        "one": [groups(fine, x[:, :2])],
        "one uncorrelated": [groups(fine, x[:, :2], np.eye(2, dtype=bool))],
        "two blocks": [groups(fine, x, two_blocks)],
        "chain": [groups(fine, x[:, :2]), groups(middle, x[:, :1])],
        "chain of three": [groups(middle % 3, x[:, :1]), groups(fine, x[:, :1]), groups(middle, x[:, :2])],
        "crossed": [groups(fine, x[:, :1]), groups(other, x[:, :1])],
        "crossed slopes": [groups(other, x[:, 1:]), groups(fine, x[:, :2], np.eye(2, dtype=bool))],
        "mixed": [groups(middle, x[:, :1]), groups(other, x[:, :2]), groups(fine, x[:, :2])],
    }
    y = x @ np.array([1.0, 0.5, -0.5]) + rng.normal(size=n)
    for one in plans[kind]:
        y += (one.z * rng.normal(size=(one.n_groups, one.z.shape[1]))[one.codes]).sum(axis=1)
    weights = rng.uniform(0.5, 2.0, n) if seed % 2 else None
    return Problem(y=y, x=np.asfortranarray(x), groupings=tuple(plans[kind]), weights=weights, reml=reml)
