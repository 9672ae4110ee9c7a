"""Where the search starts: MINQUE(0), one variance per varying coefficient (Rao 1971), from the cross-products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats

LARGE = 30.0
"""SD, in typical SDs, of the start from which nearly all variation is between groups."""


def minque_start(gram: Gram, n: int, rank: int, typical: Sequence[Floats]) -> list[Floats]:
    """Diagonal factors from |Z_a'e|^2, e the ordinary least-squares residual, ignoring that X was fitted."""
    if not gram.own:
        return []
    v = np.append(-np.linalg.solve(gram.total[:rank, :rank], gram.total[:rank, rank]), 1.0)
    own = [(k, a) for k, one in enumerate(gram.own) for a in range(len(one))]
    m = len(own)
    system, right = np.empty((m + 1, m + 1)), np.empty(m + 1)
    for i, (k, a) in enumerate(own):
        right[i] = float(((v @ gram.with_w[k][a]) ** 2).sum())
        system[i, m] = system[m, i] = float(gram.own[k][a, a].sum())
        for j, (other, b) in enumerate(own[: i + 1]):
            system[i, j] = system[j, i] = gram.squares(other, b, k, a)
    right[m] = float(v @ gram.total @ v)
    system[m, m] = n
    scale = np.sqrt(np.maximum(np.diagonal(system), 1e-300))
    found = np.linalg.lstsq(system / np.outer(scale, scale), right / scale, rcond=1e-10)[0] / scale
    residual = max(float(found[m]), 0.05 * float(right[m]) / n, 1e-300)
    usual = np.concatenate(typical)
    sd = np.sqrt(np.clip(found[:m] / residual, (0.05 * usual) ** 2, (30.0 * usual) ** 2))
    return [np.diag([sd[i] for i, (group, _) in enumerate(own) if group == k]) for k in range(len(gram.own))]


def other_starts(factors: Sequence[Floats], typical: Sequence[Floats], *, large: bool) -> list[list[Floats]]:
    """Diagonal factors far from a minimum: small where it has large SDs, large where it has small ones.

    With several groupings also one for each grouping whose minimum is small: that one large and the others small, as
    variance can move from one grouping to another. large: all LARGE too; this matters most where the zero of x is part of
    the model and lies far from the data: groups may then differ little and leave a large residual, or differ enormously,
    with a worse point between.
    """
    spread = [np.sqrt((factor * factor).sum(axis=1)) / usual for factor, usual in zip(factors, typical)]
    starts = [[np.diag(np.where(one > 0.5, 0.2, 1.5) * usual) for one, usual in zip(spread, typical)]]
    if large:
        starts.append([np.diag(LARGE * usual) for usual in typical])
    if len(factors) > 1:
        for k, one in enumerate(spread):
            if one.min() < 0.1:
                starts.append([np.diag((1.0 if k == other else 0.05) * usual) for other, usual in enumerate(typical)])
    return starts
