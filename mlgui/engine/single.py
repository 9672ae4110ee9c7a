"""One grouping: every group is eliminated by itself, and the second derivatives are exact.

Arrays are cut into chunks of groups that stay in the cache: whole arrays of 100,000 groups take four times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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
        self._basis = _symmetric_basis(q)

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
        q, r = self.sizes[0], len(root_inverse)
        sums = _Sums(q, r)
        for inverse, u in eliminated.pieces:
            sums.add(inverse, u, root_inverse, v, c, reml=reml)
        return _assemble(sums, self._basis, c, degrees, reml=reml)


class _Sums:
    """Sums over groups of products of H_j = I - K_j^-1, F_j = U_j[X] R^-T and g_j; symmetric pairs (a, b) as one index."""

    def __init__(self, q: int, r: int) -> None:
        self.pairs = [(a, b) for a in range(q) for b in range(a, q)]
        m = len(self.pairs)
        self.place = np.zeros((q, q), dtype=np.intp)
        for i, (a, b) in enumerate(self.pairs):
            self.place[a, b] = self.place[b, a] = i
        self.h, self.f, self.gg = np.zeros(m), np.zeros(m), np.zeros(m)
        self.hx, self.hg = np.zeros((m, m)), np.zeros((m, m))
        self.ff, self.fg = np.zeros((q * r, q * r)), np.zeros((q * r, q))

    def add(self, inverse: Floats, u: Floats, root_inverse: Floats, v: Floats, c: float, *, reml: bool) -> None:
        """Add the groups of one chunk. hx: sum of vec(H) vec(2 F F' + 2 c g g' - H)' over symmetric pairs."""
        q, _, groups = u.shape
        r, m = len(root_inverse), len(self.pairs)
        g = v @ u
        f = np.matmul(root_inverse, u[:, :r]) if r else np.zeros((q, 0, groups))
        h, ff, gg = np.empty((m, groups)), np.zeros((m, groups)), np.empty((m, groups))
        term = np.empty((r, groups))
        for i, (a, b) in enumerate(self.pairs):
            np.negative(inverse[a, b], out=h[i])
            if a == b:
                h[i] += 1.0
            if reml:
                np.multiply(f[a], f[b], out=term)
                term.sum(axis=0, out=ff[i])
            np.multiply(g[a], g[b], out=gg[i])
        self.h += h.sum(axis=1)
        self.f += ff.sum(axis=1)
        self.gg += gg.sum(axis=1)
        self.hg += h @ gg.T
        ff += c * gg
        ff *= 2.0
        ff -= h
        self.hx += h @ ff.T
        flat = f.reshape(q * r, groups)
        self.ff += flat @ flat.T
        self.fg += flat @ g.T


def _assemble(sums: _Sums, basis: Floats, c: float, degrees: int, *, reml: bool) -> ExactSecond:
    """Derivatives over the symmetric basis from the sums over groups (see `Single`)."""
    q = sums.place.shape[0]
    r = sums.ff.shape[0] // q
    m = len(basis)
    place = sums.place

    ff = sums.ff.reshape(q, r, q, r)
    q_matrices = (basis @ ff.transpose(0, 2, 1, 3).reshape(q * q, r * r)).reshape(m, r, r)
    q_products = np.zeros((m, m))
    if reml:
        q_products = q_matrices.reshape(m, -1) @ q_matrices.transpose(0, 2, 1).reshape(m, -1).T
    h_a = basis @ sums.fg.reshape(q, r, q).transpose(0, 2, 1).reshape(q * q, r)
    t = basis @ sums.gg[place].ravel()
    # tr(E_a H E_b X) summed over groups, from the sums of vec(H) vec(X)', for X = 2 F F' + 2 c g g' - H and X = g g'
    both = np.stack([sums.hx, sums.hg])[:, place][:, :, :, place].transpose(0, 4, 1, 2, 3).reshape(2, q * q, q * q)
    mixed, modes = basis @ both @ basis.T
    by_sigma = (c * c / degrees) * (t[:, None] * t)
    fixed = c * (h_a @ h_a.T)
    hessian = (mixed + mixed.T) / 2 - q_products - 2 * fixed - by_sigma
    average = c * (modes + modes.T) / 2 - fixed - by_sigma
    gradient = (sums.h - sums.f - c * sums.gg)[place]
    return ExactSecond(gradient=gradient, hessian=hessian, average=average, t=t, q_matrices=q_matrices)


def _symmetric_basis(q: int) -> NDArray[np.float64]:
    """E_a flattened: (m, q q), symmetric matrices with ones at (a, b) and (b, a), column by column of the lower triangle."""
    entries = [(a, b) for b in range(q) for a in range(b, q)]
    basis = np.zeros((len(entries), q, q))
    for i, (a, b) in enumerate(entries):
        basis[i, a, b] = basis[i, b, a] = 1.0
    return basis.reshape(len(entries), q * q)
