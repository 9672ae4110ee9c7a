"""Crossed groupings: the largest is eliminated group by group, the others together as one dense matrix, the core.

In the core everything is in the scale of K: its matrix is I + Lambda'(Z'Z - sum_j A_j'D_jA_j)Lambda. It may be factorised in
single precision, which takes half the time; solutions are refined, so that only log|K| and traces of the inverse are rough.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine import unlocked
from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import both_sides, from_left, identity_plus, inverses, summed_product, times
from mlgui.engine.columns import GroupColumns
from mlgui.engine.coupling import Entries, Squares
from mlgui.engine.gram import Gram
from mlgui.engine.pairs import MOST_PAIRS, Pairs, mirror, number_of_pairs
from mlgui.engine.popular import Popular
from mlgui.engine.problem import Floats
from mlgui.engine.theta import Entry

LARGEST = 8_000
"""Columns of a dense core: its matrices take 0.5 GB each there."""


Index = NDArray[np.intp]

SPARSE = 0.03
"""Share of entries that differ from 0 below which a product is quicker by a sparse matrix."""
HUGE = 3e9
"""Cost above which products of the inverse are in single precision."""


class _Pieces(NamedTuple):
    """inverse, u: K_j^-1 and K_j^-1 L'C_j of the first grouping. chol: lower factor of the core. core_u: its U."""

    inverse: Floats
    u: Floats
    chol: NDArray[np.floating]
    core_u: Floats


class Core:
    """Elimination of crossed groupings."""

    def __init__(self, gram: Gram) -> None:
        self.n_groups: tuple[int, ...] = tuple(own.shape[2] for own in gram.own)
        self.sizes: tuple[int, ...] = tuple(own.shape[0] for own in gram.own)
        widths = [q * groups for q, groups in zip(self.sizes, self.n_groups)]
        self.first = int(np.argmax(widths))
        self._columns = GroupColumns(gram, [k for k in range(len(widths)) if k != self.first])
        self._total = gram.total
        self._own, self._with_w = gram.own[self.first], gram.with_w[self.first]
        self._core_w = self._columns.with_w(gram)
        self._products = self._columns.products(gram)
        self._entries = Entries(gram, self.first, self._columns)
        few = number_of_pairs(self._entries) <= MOST_PAIRS
        self._squares: Squares = Pairs(self._entries) if few else Popular(self._entries)
        self.cost = float(self._columns.width) ** 3 / 20 + 5 * self._squares.cost

    def eliminate(self, factors: Sequence[Floats], *, rough: bool = False) -> Eliminated:
        """Eliminate the first grouping, then factorise the core; in single precision if a rough log|K| will do."""
        factor = factors[self.first]
        c = from_left(factor.T, self._with_w)
        log_det, inverse, u = inverses(identity_plus(factor, self._own), c)
        chol = self._factorised(factors, inverse, np.dtype(np.float32 if rough else np.float64))
        right = self._columns.by_factor(factors, self._core_w - self._entries.to_core(from_left(factor, u)), transposed=True)
        if rough:
            core_u = self._refined(factors, inverse, chol, right)
            explained = right.T @ core_u
        else:
            y = _solved(chol, right)
            explained = y.T @ y
            core_u = _solved(chol, y, transposed=True)
        schur = self._total - summed_product(c, u) - explained
        log_det += 2 * float(np.log(np.diagonal(chol).astype(np.float64)).sum())
        return Eliminated(log_det=log_det, schur=(schur + schur.T) / 2, pieces=_Pieces(inverse, u, chol, core_u))

    def _factorised(self, factors: Sequence[Floats], inverse: Floats, dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
        """The Cholesky factor of the core (Fortran order, zeros above)."""
        core = np.zeros((self._columns.width, self._columns.width), dtype)
        self._squares.add(core, factors, roots_of(both_sides(factors[self.first], inverse)), -1.0)
        own = self._columns.sparse_both_sides(factors, self._products)
        core[own.row, own.col] += own.data.astype(dtype, copy=False)
        core.ravel()[:: len(core) + 1] += 1.0
        chol: NDArray[np.floating] = core.T
        if not unlocked.cholesky(chol):
            raise np.linalg.LinAlgError("the core is not positive definite")
        return chol

    def _refined(self, factors: Sequence[Floats], inverse: Floats, chol: NDArray[np.floating], right: Floats) -> Floats:
        """The solution of the core for these right-hand sides, corrected by the residual of the rough one."""
        rough = _solved(chol, _solved(chol, right), transposed=True)
        outside = self._columns.by_factor(factors, rough, transposed=False)
        factor = factors[self.first]
        met = times(inverse, from_left(factor.T, self._entries.from_core(outside)))
        back = self._products @ outside - self._entries.to_core(from_left(factor, met))
        left = right - rough - self._columns.by_factor(factors, back, transposed=True)
        return rough + _solved(chol, _solved(chol, left), transposed=True)

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""
        pieces: _Pieces = eliminated.pieces
        return Effects(
            u=effects_of(self._entries, self.first, factors, pieces.inverse, pieces.u, pieces.core_u),
            make_inverse=lambda: self._blocks(factors, pieces),
            make_sums=lambda: self._sums(factors, pieces),
        )

    def _sums(self, factors: Sequence[Floats], pieces: _Pieces) -> tuple[Floats, ...]:
        """The diagonal blocks of K^-1 summed over groups, (q, q) per grouping."""
        links = links_of(factors[self.first], pieces.inverse)
        if self._squares.is_dense:
            root = unlocked.triangular_inverse(pieces.chol)
            sums = self._columns.summed_blocks(root)
            mine = self._rooted_sums(factors, links, root)
        else:
            inverse = unlocked.inverse_from_cholesky(pieces.chol).T
            sums = self._columns.summed_diagonals(inverse)
            mine = self._traced(factors, links, inverse)
        sums[self.first] = pieces.inverse.sum(axis=2) + mine
        return tuple(sums[k] for k in range(len(self.sizes)))

    def _rooted_sums(self, factors: Sequence[Floats], links: Sequence[Floats], root: NDArray[np.floating]) -> Floats:
        """sum_j R_j S R_j', S = root'root the inverse of the core, by dense rows: (q, q)."""
        total = np.zeros((len(links), len(links)))
        for _, turned in self._entries.dense_rows(factors, links, root.dtype):
            for one in turned:
                unlocked.triangular_times(root, one.T)
            for a, b in _below(len(links)):
                total[a, b] += float(np.vecdot(turned[a], turned[b]).sum(dtype=np.float64))
                total[b, a] = total[a, b]
        return total

    def _traced(self, factors: Sequence[Floats], links: Sequence[Floats], inverse: NDArray[np.floating]) -> Floats:
        """The same from sums of R_j'R_j; of the inverse of the core only the upper triangle may differ from 0."""
        total = np.zeros((len(links), len(links)))
        for a, b in _below(len(links)):
            link = links[a] if a == b else links[a] + links[b]
            total[a, b] = self._squares.trace(inverse, factors, link, overwrite=len(links) == 1)
        for a, b in _below(len(links)):
            if a != b:  # from the sum of the two
                total[a, b] = total[b, a] = (total[a, b] - total[a, a] - total[b, b]) / 2
        return total

    def _blocks(self, factors: Sequence[Floats], pieces: _Pieces) -> tuple[Floats, ...]:
        """The diagonal blocks of K^-1, (q, q, J) per grouping."""
        root = unlocked.triangular_inverse(pieces.chol)
        found = self._columns.diagonal_blocks(root)
        links = links_of(factors[self.first], pieces.inverse)
        found[self.first] = pieces.inverse.copy()
        for groups, turned in self._entries.dense_rows(factors, links, root.dtype):
            for one in turned:
                unlocked.triangular_times(root, one.T)
            for a, b in _below(len(links)):
                form = np.vecdot(turned[a], turned[b])
                found[self.first][a, b, groups] += form
                if a != b:
                    found[self.first][b, a, groups] += form
        return tuple(found[k] for k in range(len(self.sizes)))

    def blocks_and_pairs(
        self, factors: Sequence[Floats], eliminated: Eliminated, wanted: Sequence[tuple[int, int, Index, Index]]
    ) -> tuple[tuple[Floats, ...], list[Floats]]:
        """The diagonal blocks of K^-1, and those of pairs of groups of two groupings: (q_k, q_l, pairs).

        wanted: (k, l, groups of k, groups of l). By sparse rows, for a coupling with few entries.
        """
        pieces: _Pieces = eliminated.pieces
        inverse = self._inverse(pieces.chol)
        rows = [self._entries.sparse_rows(factors, one) for one in links_of(factors[self.first], pieces.inverse)]
        beside = [one @ inverse for one in rows]
        found = self._columns.blocks_of(inverse)
        found[self.first] = pieces.inverse.copy()
        at = np.repeat(np.arange(len(beside[0])), np.diff(rows[0].indptr))
        for a, b in _below(len(rows)):
            form = np.bincount(at, beside[a][at, rows[b].indices] * rows[b].data, len(beside[0]))
            found[self.first][a, b] += form
            if a != b:
                found[self.first][b, a] += form
        pairs = [self._pair_blocks(inverse, beside, *one) for one in wanted]
        return tuple(found[k] for k in range(len(self.sizes))), pairs

    def _pair_blocks(
        self, inverse: NDArray[np.floating], beside: Sequence[NDArray[np.floating]], k: int, other: int, mine: Index, yours: Index
    ) -> Floats:
        """The blocks of K^-1 of these groups of two groupings; beside: R S."""
        if other == self.first:
            return np.ascontiguousarray(self._pair_blocks(inverse, beside, other, k, yours, mine).transpose(1, 0, 2))
        block = np.empty((self.sizes[k], self.sizes[other], len(mine)))
        for a, b in np.ndindex(block.shape[:2]):
            column = self._columns.slab(other, b).start + yours
            if k == self.first:
                np.negative(beside[a][mine, column], out=block[a, b])
            else:
                block[a, b] = inverse[self._columns.slab(k, a).start + mine, column]
        return block

    def _inverse(self, chol: NDArray[np.floating]) -> NDArray[np.floating]:
        """The inverse of the core, both triangles."""
        inverse: NDArray[np.floating] = unlocked.inverse_from_cholesky(chol).T
        mirror(inverse)
        return inverse

    def trace_products(
        self, factors: Sequence[Floats], eliminated: Eliminated, entries: Sequence[Sequence[Entry]]
    ) -> NDArray[np.float64]:
        """tr(E_a K^-1 E_b K^-1) for the symmetric basis matrices E_a of these entries of all groupings, (m, m).

        Of the inverse, the blocks are S in the core, -R S beside it and K_j^-1 + R_j S R_i' of the first grouping with itself,
        R_j = K_j^-1 L'A_j Lambda. With W_a = sum_j R_j'E_aR_j all traces are sums of products of entries of S and W_a S.
        """
        pieces: _Pieces = eliminated.pieces
        inverse = self._inverse(pieces.chol.astype(np.float32) if self.cost > HUGE else pieces.chol)
        starts = np.concatenate(([0], np.cumsum([len(one) for one in entries])))
        found = np.zeros((int(starts[-1]),) * 2)
        places = {k: slice(int(starts[k]), int(starts[k + 1])) for k in range(len(entries))}
        for k, other in product(self._columns.groupings, repeat=2):
            found[places[k], places[other]] = self._columns.block_products(inverse, k, entries[k], other, entries[other])
        beside = self._beside(factors, pieces, inverse, entries[self.first])
        found[places[self.first], places[self.first]] = self._of_first(factors, eliminated, inverse, beside, entries[self.first])
        for i, one in enumerate(beside):
            for k in self._columns.groupings:
                blocks = self._columns.product_diagonals(inverse, one, k)
                row = [sum(blocks[a, b] for a, b in _both(entry)) for entry in entries[k]]
                found[places[self.first].start + i, places[k]] = found[places[k], places[self.first].start + i] = row
        return found

    def _beside(
        self, factors: Sequence[Floats], pieces: _Pieces, inverse: NDArray[np.floating], entries: Sequence[Entry]
    ) -> list[NDArray[np.floating]]:
        """S W_a for the entries of the first grouping."""
        links = links_of(factors[self.first], pieces.inverse)
        found = []
        for a, b in entries:
            squares = np.zeros_like(inverse)
            if a == b:
                self._squares.add(squares, factors, [links[a]], 1.0)
            else:
                self._squares.add(squares, factors, [links[a] + links[b]], 0.5)
                self._squares.add(squares, factors, [links[a] - links[b]], -0.5)
            mirror(squares)
            few = np.count_nonzero(squares) < SPARSE * squares.size
            found.append((sp.csr_array(squares) @ inverse).T if few else inverse @ squares)
        return found

    def _of_first(
        self,
        factors: Sequence[Floats],
        eliminated: Eliminated,
        inverse: NDArray[np.floating],
        beside: Sequence[NDArray[np.floating]],
        entries: Sequence[Entry],
    ) -> Floats:
        """tr(E_a K^-1 E_b K^-1) within the first grouping."""
        pieces: _Pieces = eliminated.pieces
        alone = pieces.inverse
        if len(alone) == 1:
            link = links_of(factors[self.first], alone)[0] * np.sqrt(alone[0, 0])
            mixed = np.array([[[[self._squares.trace(np.triu(inverse), factors, link, overwrite=True)]]]])
        else:
            mixed = np.einsum("abj,cdj->abcd", alone, self._blocks(factors, pieces)[self.first] - alone, optimize=True)
        both = np.einsum("abj,cdj->abcd", alone, alone, optimize=True) + mixed + mixed.transpose(2, 3, 0, 1)
        found = np.empty((len(entries), len(entries)))
        for i, one in enumerate(entries):
            for j, other in enumerate(entries):
                found[i, j] = sum(both[b, c, d, a] for a, b in _both(one) for c, d in _both(other))
                found[i, j] += float(np.vecdot(beside[i], beside[j].T).sum(dtype=np.float64))
        return found

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s, by forward elimination of the columns s."""
        pieces: _Pieces = eliminated.pieces
        solved = times(pieces.inverse, s[self.first])
        down = self._entries.to_core(from_left(factors[self.first], solved))
        right = self._columns.joined([s[k] for k in self._columns.groupings])
        right -= self._columns.by_factor(factors, down, transposed=True)
        half = _solved(pieces.chol, right)
        return np.asarray(summed_product(s[self.first], solved) + half.T @ half)


def _both(entry: Entry) -> list[Entry]:
    """The places of the ones of a symmetric basis matrix."""
    a, b = entry
    return [(a, b)] if a == b else [(a, b), (b, a)]


def _below(q: int) -> list[tuple[int, int]]:
    """The entries of the lower triangle of a (q, q) matrix."""
    return [(a, b) for a in range(q) for b in range(a + 1)]


def _solved(chol: NDArray[np.floating], right: Floats, *, transposed: bool = False) -> Floats:
    """chol^-1 right, or chol'^-1 right, in the precision of chol."""
    return unlocked.triangular_solution(chol, right, transposed=transposed).astype(np.float64, copy=False)


def effects_of(
    entries: Entries, first: int, factors: Sequence[Floats], inverse: Floats, u: Floats, core_u: Floats
) -> tuple[Floats, ...]:
    """U (q, r, J) of every grouping: those of the core split, and `u`, K_j^-1 L'C_j of the first, less what they explain."""
    found = entries.columns.split(core_u)
    from_core = entries.from_core(entries.columns.by_factor(factors, core_u, transposed=False))
    found[first] = u - times(inverse, from_left(factors[first].T, from_core))
    return tuple(found[k] for k in range(len(factors)))


def links_of(factor: Floats, inverse: Floats) -> list[Floats]:
    """Vectors (q, J): c_a'A_j Lambda are the rows K_j^-1 L'A_j Lambda, one for each coefficient a of the first grouping."""
    q, _, groups = inverse.shape
    linked = np.matmul(factor, inverse.reshape(q, -1)).reshape(q, q, groups)
    return [linked[:, a] for a in range(q)]


def roots_of(d: Floats) -> list[Floats]:
    """Vectors c_a (q, J) with sum_a c_a c_a' = D_j: the columns of its lower triangular root."""
    roots = _roots(d)
    return [roots[:, a] for a in range(len(roots))]


def _roots(d: Floats) -> Floats:
    """Lower triangular F_j with F_j F_j' = D_j: (q, q, J)."""
    q = len(d)
    root = np.zeros_like(d)
    for b in range(q):
        rest = d[b, b] - (root[b, :b] ** 2).sum(axis=0)
        root[b, b] = np.sqrt(np.maximum(rest, 0.0))
        safe = np.where(root[b, b] > 0, root[b, b], 1.0)
        for a in range(b + 1, q):
            root[a, b] = np.where(root[b, b] > 0, (d[a, b] - (root[a, :b] * root[b, :b]).sum(axis=0)) / safe, 0.0)
    return root
