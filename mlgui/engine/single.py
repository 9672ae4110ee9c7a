"""One grouping: every group is eliminated by itself, and the second derivatives are exact.

Arrays are cut into chunks of groups that stay in the cache: whole arrays of 100,000 groups take four times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import from_left, identity_plus, inverses, summed_product, times
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats

CHUNK = 160_000
"""Numbers per array in a chunk."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ExactSecond:
    """Exact second derivatives over all entries of the symmetric Delta, column by column of its lower triangle (m).

    gradient: N (q, q). hessian: (m, m). average: average information (m, m), which is better far from the minimum.
    t: t_a = sum_j g_j'E_a g_j (m,).
    q_matrices: R^-1 Q_a R^-T (m, r, r) with Q_a = sum_j U_j'E_a U_j over the X columns, so that
    d M / d Delta_a = R^-T q_matrices_a R^-1.
    """

    gradient: Floats
    hessian: Floats
    average: Floats
    t: Floats
    q_matrices: Floats


class Single:
    """Elimination of one grouping."""

    def __init__(self, gram: Gram) -> None:
        own, with_w = gram.own[0], gram.with_w[0]
        q, r, groups = with_w.shape
        self.n_groups: tuple[int, ...] = (groups,)
        self.sizes: tuple[int, ...] = (q,)
        self.cost = float(groups * q * (q + r) * (q + r))
        self._total = gram.total
        width = max(1500, CHUNK // (q * (q + r)))
        cuts = [0, groups] if groups <= 1.5 * width else [*range(0, groups, width), groups]
        self._chunks = [
            (np.ascontiguousarray(own[:, :, a:b]), np.ascontiguousarray(with_w[:, :, a:b])) for a, b in pairwise(cuts)
        ]
        self._pairs = _pairs(q)

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """K_j^-1 and U_j of every group, in chunks, and S."""
        (factor,) = factors
        schur = self._total.copy()
        log_det, pieces = 0.0, []
        for own, with_w in self._chunks:
            c = from_left(factor.T, with_w)
            part, inverse, u = inverses(identity_plus(factor, own), c)
            log_det += part
            schur -= summed_product(c, u)
            pieces.append((inverse, u))
        return Eliminated(log_det=log_det, schur=(schur + schur.T) / 2, pieces=pieces)

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and K^-1 of all groups."""
        pieces = eliminated.pieces
        if len(pieces) == 1:
            return Effects(u=(pieces[0][1],), make_inverse=lambda: (pieces[0][0],))
        return Effects(
            u=(np.concatenate([u for _, u in pieces], axis=2),),
            make_inverse=lambda: (np.concatenate([inverse for inverse, _ in pieces], axis=2),),
        )

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s."""
        (columns,) = s
        inverse = self.effects(factors, eliminated).inverse[0]
        return summed_product(columns, times(inverse, columns))

    def second_derivatives(
        self, eliminated: Eliminated, root_inverse: Floats, v: Floats, c: float, degrees: int, *, reml: bool
    ) -> ExactSecond:
        """Gradient and exact Hessian; v = [-beta; 1], c = degrees / r2."""
        found = [_sums(self._pairs, inverse, u, root_inverse, v, c, reml=reml) for inverse, u in eliminated.pieces]
        return _assemble(self._pairs, _added(found), c, degrees, reml=reml)


class _Pairs:
    """Pairs (a, b), a <= b, of q coefficients as one index, m of them, row by row of the upper triangle.

    place: (q, q), the index of every pair. basis: E_a flattened (m, q q), symmetric matrices with ones at (a, b) and (b, a),
    column by column of the lower triangle. traces: places (4, m, m) in the products over pairs of vec(H) vec(X)', and weights,
    of tr(E_a H E_b X).
    """

    def __init__(self, q: int) -> None:
        self.q = q
        self.every = [(a, b) for a in range(q) for b in range(a, q)]
        self.place = np.zeros((q, q), dtype=np.intp)
        for i, (a, b) in enumerate(self.every):
            self.place[a, b] = self.place[b, a] = i
        entries = [(a, b) for b in range(q) for a in range(b, q)]
        m = len(entries)
        basis = np.zeros((m, q, q))
        for i, (a, b) in enumerate(entries):
            basis[i, a, b] = basis[i, b, a] = 1.0
        self.basis = basis.reshape(m, q * q)
        a, b = np.array(entries).T
        weight = np.where(a == b, 0.5, 1.0)  # an entry on the diagonal is met twice
        self.weights = weight[:, None] * weight
        places = []
        for i, j in ((a, b), (b, a)):
            for first, second in ((a, b), (b, a)):
                places.append(self.place[j[:, None], first] * m + self.place[second, i[:, None]])
        self.traces = np.array(places)

    def trace(self, products: Floats) -> Floats:
        """tr(E_a H E_b X) summed over groups, (m, m), from the sums of vec(H) vec(X)' over pairs (m, m)."""
        return np.asarray(products.ravel()[self.traces].sum(axis=0) * self.weights)


@cache
def _pairs(q: int) -> _Pairs:
    """The pairs of q coefficients, made once."""
    return _Pairs(q)


class _Sums(NamedTuple):
    """Sums over groups of products of H_j = I - K_j^-1, F_j = U_j[X] R^-T and g_j; symmetric pairs (a, b) as one index.

    h, f, gg: (m,). hx: vec(H) vec(2 F F' + 2 c g g' - H)', hg: vec(H) vec(g g')' (m, m). ff, fg: of vec(F) and g.
    """

    h: Floats
    f: Floats
    gg: Floats
    hx: Floats
    hg: Floats
    ff: Floats
    fg: Floats


def _added(parts: Sequence[_Sums]) -> _Sums:
    """The sums over several chunks of groups."""
    return parts[0] if len(parts) == 1 else _Sums(*(sum(one[1:], start=one[0]) for one in zip(*parts)))


def _sums(pairs: _Pairs, inverse: Floats, u: Floats, root_inverse: Floats, v: Floats, c: float, *, reml: bool) -> _Sums:
    """The sums over the groups of one chunk."""
    q, _, groups = u.shape
    r, m = len(root_inverse), len(pairs.every)
    g = v @ u
    f = np.matmul(root_inverse, u[:, :r]) if r else np.zeros((q, 0, groups))
    h, ff, gg = np.empty((m, groups)), np.zeros((m, groups)), np.empty((m, groups))
    term = np.empty((r, groups))
    for i, (a, b) in enumerate(pairs.every):
        np.subtract(float(a == b), inverse[a, b], out=h[i])
        if reml:
            np.multiply(f[a], f[b], out=term)
            np.add.reduce(term, axis=0, out=ff[i])
        np.multiply(g[a], g[b], out=gg[i])
    f_sum = np.add.reduce(ff, axis=1)
    ff += c * gg
    ff *= 2.0
    ff -= h
    flat = f.reshape(q * r, groups)
    return _Sums(
        h=np.add.reduce(h, axis=1),
        f=f_sum,
        gg=np.add.reduce(gg, axis=1),
        hx=h @ ff.T,
        hg=h @ gg.T,
        ff=flat @ flat.T,
        fg=flat @ g.T,
    )


def _assemble(pairs: _Pairs, sums: _Sums, c: float, degrees: int, *, reml: bool) -> ExactSecond:
    """Derivatives over the symmetric basis from the sums over groups (see `Single`)."""
    q, basis, place = pairs.q, pairs.basis, pairs.place
    r, m = len(sums.ff) // q, len(basis)

    ff = sums.ff.reshape(q, r, q, r)
    q_matrices = (basis @ ff.transpose(0, 2, 1, 3).reshape(q * q, r * r)).reshape(m, r, r)
    h_a = basis @ sums.fg.reshape(q, r, q).transpose(0, 2, 1).reshape(q * q, r)
    t = basis @ sums.gg[place].ravel()
    mixed, modes = pairs.trace(sums.hx), pairs.trace(sums.hg)
    fixed = c * (h_a @ h_a.T)
    by_sigma = (c * c / degrees) * (t[:, None] * t)
    hessian = (mixed + mixed.T) / 2 - 2 * fixed - by_sigma
    if reml:
        hessian -= q_matrices.reshape(m, -1) @ q_matrices.transpose(0, 2, 1).reshape(m, -1).T
    average = c * (modes + modes.T) / 2 - fixed - by_sigma
    gradient = (sums.h - sums.f - c * sums.gg)[place]
    return ExactSecond(gradient=gradient, hessian=hessian, average=average, t=t, q_matrices=q_matrices)
