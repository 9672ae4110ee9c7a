"""Least squares inside every group of one grouping at once, without a matrix of indicators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.problem import Floats

RANK_TOLERANCE = 1e-9
"""A column whose part not explained by the columns before it is smaller than this share of it counts as explained.

Binary64 leaves about 1e-15 of a column after orthogonalising twice; real predictors leave more than 1e-7 even where
their mean is a million times their spread.
"""


@dataclass(frozen=True, kw_only=True, eq=False)
class WithinGroups:
    """A QR decomposition within each group: columns = q R_j on the rows of group j.

    codes: group of each row, intp (n,). q: (n, c), orthonormal within every group, 0 for a column the ones before it
    explain. r: (J, c, c) upper triangular, its diagonal 0 there.
    """

    codes: NDArray[np.intp]
    n_groups: int
    q: Floats
    r: Floats

    @property
    def rank(self) -> NDArray[np.int64]:
        """Number of linearly independent columns in each group, (J,)."""
        return np.asarray(np.count_nonzero(np.diagonal(self.r, axis1=1, axis2=2), axis=1), dtype=np.int64)

    def coordinates(self, values: Floats) -> Floats:
        """Return q'values by group, (J, c) for values (n,)."""
        return group_sums(self.codes, self.n_groups, self.q * values[:, None])

    def expand(self, coordinates: Floats) -> Floats:
        """Return q times each group's coordinates (J, c): (n,)."""
        return np.asarray(np.einsum("ic,ic->i", self.q, coordinates[self.codes]))

    def residual(self, values: Floats) -> Floats:
        """Return `values` (n,) less their projection on each group's columns. Twice: once loses digits to cancellation."""
        for _ in range(2):
            values = values - self.expand(self.coordinates(values))
        return values

    def inverse(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Return R^-1 by group, (J, c, c), and which coefficients each group can estimate, (J, c).

        Where a group's columns are dependent it is the pseudo-inverse; a coefficient is estimable if its unit vector
        lies in the row space of R_j (Searle 1971, sec. 5.4), whatever the order of the columns.
        """
        c = self.r.shape[2]
        full = self.rank == c
        inverse, estimable = np.zeros_like(self.r), np.ones((self.n_groups, c), dtype=bool)
        inverse[full] = np.linalg.inv(self.r[full])
        if not full.all():
            inverse[~full], estimable[~full] = _pseudo_inverse(self.r[~full])
        return inverse, estimable


def within_groups(codes: NDArray[np.int32], n_groups: int, columns: Floats) -> WithinGroups:
    """Return the decomposition of `columns` (n, c) by modified Gram-Schmidt with re-orthogonalisation."""
    places = codes.astype(np.intp)
    n, c = columns.shape
    q, r = np.zeros((n, c), order="F"), np.zeros((n_groups, c, c))
    for index in range(c):
        column = columns[:, index]
        size = np.sqrt(group_sums(places, n_groups, column * column))
        for _ in range(2):
            for before in range(index):
                along = group_sums(places, n_groups, q[:, before] * column)
                r[:, before, index] += along
                column = column - along[places] * q[:, before]
        rest = np.sqrt(group_sums(places, n_groups, column * column))
        alive = rest > RANK_TOLERANCE * size
        r[:, index, index] = np.where(alive, rest, 0.0)
        q[:, index] = column * np.divide(1.0, rest, out=np.zeros(n_groups), where=alive)[places]
    return WithinGroups(codes=places, n_groups=n_groups, q=q, r=r)


def group_sums(codes: NDArray[np.intp], n_groups: int, values: Floats) -> Floats:
    """Return sums over each group's rows: (J,) for values (n,), (J, c) for (n, c)."""
    if values.ndim == 1:
        return np.asarray(np.bincount(codes, weights=values, minlength=n_groups), dtype=np.float64)
    sums = np.empty((n_groups, values.shape[1]))
    for index in range(values.shape[1]):
        sums[:, index] = np.bincount(codes, weights=values[:, index], minlength=n_groups)
    return sums


def independent_columns(r: Floats) -> list[int]:
    """Return the first independent columns of an upper triangle `r` (from a QR decomposition), from the left.

    The columns of r have the geometry of those it was made from, so this costs nothing in the number of rows.
    """
    kept: list[int] = []
    basis = np.zeros((len(r), 0))
    for index in range(r.shape[1]):
        column = r[:, index]
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > RANK_TOLERANCE * float(np.linalg.norm(column)):
            kept.append(index)
            basis = np.column_stack([basis, rest / size])
    return kept


def _pseudo_inverse(r: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return pseudo-inverses of dependent triangles (m, c, c) and which coefficients are estimable (m, c)."""
    scale = np.linalg.norm(r, axis=1)
    scale[scale == 0] = 1.0
    left, values, right = np.linalg.svd(r / scale[:, None, :])
    alive = values > 1e-12 * np.maximum(values[:, :1], 1e-300)
    inverse_values = np.divide(1.0, values, out=np.zeros_like(values), where=alive)
    inverse = np.einsum("mka,mk,mbk->mab", right, inverse_values, left) / scale[:, :, None]
    outside = np.einsum("mka,mk->ma", right**2, (~alive).astype(np.float64))
    return inverse, outside < 1e-12
