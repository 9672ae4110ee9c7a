"""Algebra on many small matrices at once; the group index is last and contiguous."""

from __future__ import annotations

import numpy as np

from mlgui.engine.problem import Floats

FEW = 10_000
"""Products below which one array of all of them is quicker than a loop over the columns."""


def identity_plus(factor: Floats, own: Floats) -> Floats:
    """L'A_jL + I for every group: factor (q, q), own (q, q, J)."""
    q = len(factor)
    if q == 1:
        return np.asarray(factor[0, 0] ** 2 * own + 1.0)
    if q == 2:  # as many multiplications as from both sides in turn, in one product
        both = (factor.T[:, None, :, None] * factor.T[:, None]).reshape(4, 4)
        k = both @ own.reshape(4, -1)
    else:
        k = both_sides(factor.T, own).reshape(q * q, -1)
    k[:: q + 1] += 1.0
    return np.asarray(k.reshape(own.shape))


def both_sides(left: Floats, middle: Floats) -> Floats:
    """Left M_j left' for every symmetric M_j: left (s, q), middle (q, q, J); the result (s, s, J)."""
    s, q = left.shape
    half = (left @ middle.reshape(q, -1)).reshape(s, q, -1)
    turned = np.ascontiguousarray(half.transpose(1, 0, 2))
    return np.asarray((left @ turned.reshape(q, -1)).reshape(s, s, -1))


def from_left(left: Floats, right: Floats) -> Floats:
    """Left C_j for every group: left (s, q), right (q, r, J); the result (s, r, J)."""
    if left.shape == (1, 1):
        return np.asarray(left[0, 0] * right)
    return np.asarray((left @ right.reshape(right.shape[0], -1)).reshape(len(left), *right.shape[1:]))


def times(matrices: Floats, right: Floats) -> Floats:
    """M_j C_j for every group: matrices (s, q, J), right (q, r, J); the result (s, r, J)."""
    s, q, groups = matrices.shape
    if s * q * right.shape[1] * groups < FEW:
        return np.asarray(np.add.reduce(matrices[:, :, None] * right, axis=1))
    out = np.empty((s, right.shape[1], groups))
    term = np.empty_like(out[0])
    for a in range(s):
        np.multiply(matrices[a, 0], right[0], out=out[a])
        for b in range(1, q):
            np.multiply(matrices[a, b], right[b], out=term)
            out[a] += term
    return out


def inverses(k: Floats, c: Floats) -> tuple[float, Floats, Floats]:
    """Sum log|K_j|, K_j^-1 (q, q, J) and K_j^-1 C_j (q, r, J) of positive definite K_j."""
    q = len(k)
    if q == 1:
        inverse = 1.0 / k
        return float(np.log(k).sum()), inverse, inverse * c
    if q == 2:
        return _two_by_two(k, c)
    return _sweeps(k, c)


def _two_by_two(k: Floats, c: Floats) -> tuple[float, Floats, Floats]:
    determinant = np.maximum(k[0, 0] * k[1, 1] - k[0, 1] * k[1, 0], k[0, 0] + k[1, 1] - 1.0)
    log_det = float(np.log(determinant).sum())
    np.reciprocal(determinant, out=determinant)
    inverse = np.empty_like(k)
    np.multiply(k[1, 1], determinant, out=inverse[0, 0])
    np.multiply(k[0, 0], determinant, out=inverse[1, 1])
    np.multiply(k[0, 1], determinant, out=inverse[0, 1])
    np.negative(inverse[0, 1], out=inverse[0, 1])
    inverse[1, 0] = inverse[0, 1]
    return log_det, inverse, times(inverse, c)


def _sweeps(k: Floats, c: Floats) -> tuple[float, Floats, Floats]:
    """Gauss-Jordan sweeps on all groups at once; positive definite matrices need no pivoting."""
    q = len(k)
    m = np.concatenate([k, c], axis=1)
    term = np.empty_like(m)
    log_det = 0.0
    for pivot in range(q):
        d = np.maximum(m[pivot, pivot], 1.0)
        log_det += float(np.log(d).sum())
        m[pivot, pivot] = 1.0
        m[pivot] /= d
        row = m[pivot].copy()
        column = m[:, pivot].copy()
        column[pivot] = 0.0
        m[:, pivot] = 0.0
        m[pivot] = row
        np.multiply(column[:, None, :], row[None], out=term)
        m -= term
    return log_det, np.ascontiguousarray(m[:, :q]), np.ascontiguousarray(m[:, q:])


def summed_product(left: Floats, right: Floats) -> Floats:
    """sum_j C_j'D_j over groups: left (q, r, J), right (q, s, J); the result (r, s)."""
    out = left[0] @ right[0].T
    for a in range(1, len(left)):
        out += left[a] @ right[a].T
    return np.asarray(out)


def row_products(rows: Floats) -> Floats:
    """Rows rows' for few long rows (r, n): the symmetric product of BLAS is slow where one side is this short."""
    if len(rows) > 12:
        return np.asarray(rows @ rows.T)
    out = np.empty((len(rows), len(rows)))
    for i, row in enumerate(rows):
        out[i, : i + 1] = out[: i + 1, i] = rows[: i + 1] @ row
    return out
