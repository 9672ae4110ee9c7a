"""Rows as the engine uses them: weighted, centred and scaled, with the maps back to the user's columns.

The given model is y = offset + X beta + sum_k Z_k b_k + e. Inside, X B + shift replaces X and y, with B chosen so that
columns are centred where a constant lies in the span of X, scaled by powers of 2, and orthogonal where X is nearly
collinear. A block of correlated coefficients that contains a constant is closed under centring: its factor T is that of
the centred columns. Any other block keeps the zero of its columns: Z T_user is computed as Z_c (A T) with Z_c centred.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.degenerate import refuse
from mlgui.engine.problem import DegenerateProblem, Floats, Groups, Problem
from mlgui.engine.theta import blocks, canonical

DEPENDENT = 1e-7
"""A column whose part outside the earlier columns is below this share of its length is dropped (as lme4)."""
DOUBTFUL = 1e-8
"""Squared share below which cross-products no longer decide, and the columns themselves are orthogonalised."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedScale:
    """How inside coefficients map back: beta_kept = y_scale * basis @ inside + shift.

    kept: columns of x in use, (r,). basis: (r, r), the X inside is X_kept @ basis. shift: (r,). log_det: log |det basis|.
    """

    kept: NDArray[np.intp]
    basis: Floats
    shift: Floats
    y_scale: float
    log_det: float


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupScale:
    """How an inside factor T maps. to_rows: A (q, q), Z_c A T is used in place of Z T_user (up to a rotation).

    to_user: (q, q), to_user @ T is a square root of the user's G with the user's pattern. typical: (q,), the size a
    relative SD has when the term varies as much as the residual: 1 / root mean square of the column of Z_c A.
    """

    to_rows: Floats
    to_user: Floats
    typical: Floats
    pattern: NDArray[np.bool_]

    def user_factor(self, factor: Floats) -> Floats:
        """The canonical relative covariance factor on the scale of the given z."""
        return canonical(self.to_user @ factor, self.pattern)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """The rows inside: w (r + 1, n) holds X' and y', z the columns of every grouping; all times sqrt(weight).

    z columns that equal an X column are the same array object. n: rows with positive weight.
    log_weights: sum of log weights over those rows.
    """

    w: Floats
    z: tuple[tuple[Floats, ...], ...]
    codes: tuple[NDArray[np.int32], ...]
    n_groups: tuple[int, ...]
    n: int
    log_weights: float
    fixed: FixedScale
    groups: tuple[GroupScale, ...]


def residualised(problem: Problem, rows: Rows) -> Rows:
    """The rows with y replaced by its least-squares residuals, for a response that X explains nearly in full.

    Cross-products of the residuals keep the digits that those of y lose. Raises DegenerateProblem where nothing is left.
    """
    w, fixed = rows.w.copy(), rows.fixed
    x, inside = w[:-1], np.zeros(len(w) - 1)
    for _ in range(3):  # refinement: each pass removes what rounding left of the one before
        found = np.linalg.solve(x @ x.T, x @ w[-1])
        w[-1] -= found @ x
        inside += found
    y = problem.y if problem.offset is None else problem.y - problem.offset
    if np.abs(w[-1]).max() * fixed.y_scale <= 32 * np.finfo(float).eps * np.abs(y).max():
        raise DegenerateProblem("perfect-fit")
    shift = fixed.shift + fixed.y_scale * (fixed.basis @ inside)
    rest = _power_of_two(_rms(w[-1], None))
    w[-1] /= rest
    return replace(rows, w=w, z=_reused(rows, w), fixed=replace(fixed, shift=shift, y_scale=fixed.y_scale * rest))


def _reused(rows: Rows, w: Floats) -> tuple[tuple[Floats, ...], ...]:
    """The z columns, those shared with X taken from w."""
    return tuple(tuple(_shared(column, w[:-1]) for column in columns) for columns in rows.z)


def scaled_rows(problem: Problem) -> Rows:
    """The rows of a problem, weighted, centred and scaled. Raises DegenerateProblem for input nothing can be made of."""
    root, n, log_weights = _weights(problem)
    refuse(problem, n)
    y = problem.y if problem.offset is None else problem.y - problem.offset
    kept, rotation, centre = _fixed_columns(problem.x, root)
    fixed, w = _fixed_rows(problem.x, y, root, kept, rotation, centre)
    scales, columns = [], []
    for groups in problem.groupings:
        scale, z = _group_rows(groups, w, root)
        scales.append(scale)
        columns.append(z)
    return Rows(
        w=w,
        z=tuple(columns),
        codes=tuple(groups.codes for groups in problem.groupings),
        n_groups=tuple(groups.n_groups for groups in problem.groupings),
        n=n,
        log_weights=log_weights,
        fixed=fixed,
        groups=tuple(scales),
    )


def _weights(problem: Problem) -> tuple[Floats | None, int, float]:
    """sqrt(weights) (None for equal weights 1), rows with positive weight, sum of their log weights."""
    if problem.weights is None:
        if problem.n == 0:
            raise DegenerateProblem("no-rows")
        return None, problem.n, 0.0
    used = problem.weights > 0
    n = int(np.count_nonzero(used))
    if n == 0:
        raise DegenerateProblem("no-rows")
    return np.sqrt(np.where(used, problem.weights, 0.0)), n, float(np.log(problem.weights[used]).sum())


def _mean(column: Floats, root: Floats | None) -> float:
    """Weighted mean of a column; the second pass removes the rounding of the first."""
    if root is None:
        first = float(column.mean())
        return first + float((column - first).mean()) if abs(first) > 0 else first
    weights = root * root
    total = float(weights.sum())
    first = float(weights @ column) / total
    return first + float(weights @ (column - first)) / total


def _power_of_two(size: float) -> float:
    """The power of 2 nearest to a positive size, so that scaling does not round."""
    return float(2.0 ** np.round(np.log2(size))) if np.isfinite(size) and size > 0 else 1.0


def _is_constant(column: Floats) -> bool:
    """Whether a column holds one non-zero value."""
    return len(column) > 0 and column[0] != 0.0 and bool(column[0] == column[-1]) and bool((column == column[0]).all())


def _rms(column: Floats, root: Floats | None) -> float:
    weighted = column if root is None else column * root
    return float(np.sqrt(weighted @ weighted / len(column)))


def _fixed_columns(x: Floats, root: Floats | None) -> tuple[NDArray[np.intp], Floats | None, Floats | None]:
    """Independent columns of x; R of their QR where they are nearly collinear; a with x_kept a = 1 where there is one."""
    p = x.shape[1]
    constant = next((j for j in range(p) if _is_constant(x[:, j])), None)
    rows = np.empty((p, len(x)))
    for j in range(p):
        _standardise(x[:, j], root, rows[j], centred=constant == 0 and j > 0)
    kept, doubtful = _independent(rows)
    index = np.array(kept, dtype=np.intp)
    if constant is not None and constant in kept:
        direction = np.zeros(len(kept))
        direction[kept.index(constant)] = 1.0 / x[0, constant]
        return index, rows[index] if doubtful else None, direction
    return index, rows[index] if doubtful else None, _constant_direction(x[:, index], root)


def _standardise(column: Floats, root: Floats | None, out: Floats, *, centred: bool) -> None:
    """Write the weighted column, centred where asked, with length about sqrt(n); a column that vanishes becomes 0."""
    size = float(np.abs(column).max(initial=0.0))
    mean = _mean(column, root) if centred else 0.0
    np.subtract(column, mean, out=out)
    if root is not None:
        out *= root
    rms = float(np.sqrt(out @ out / max(len(out), 1)))
    if rms <= 16 * np.finfo(float).eps * size:
        out[:] = 0.0
    else:
        out /= rms


def _independent(rows: Floats) -> tuple[list[int], bool]:
    """Rows that are not linear combinations of earlier ones, and whether any of them nearly is."""
    p, n = rows.shape
    gram = rows @ rows.T / max(n, 1)
    kept: list[int] = []
    doubtful = False
    chol = np.zeros((p, p))
    for j in range(p):
        k = len(kept)
        if gram[j, j] == 0.0:
            continue
        part = np.zeros(0)
        if k:
            part = np.linalg.solve(chol[:k, :k], gram[kept, j])
        pivot = float(gram[j, j] - part @ part)
        if pivot < DOUBTFUL * gram[j, j]:
            share = _share_outside(rows[kept], rows[j])
            if share < DEPENDENT:
                continue
            doubtful = True
            pivot = max(pivot, share * share * float(gram[j, j]))
        chol[k, :k] = part
        chol[k, k] = np.sqrt(pivot)
        kept.append(j)
    return kept, doubtful


def _share_outside(earlier: Floats, row: Floats) -> float:
    """Length of the part of a row outside the span of the earlier ones, relative to its own length (by QR)."""
    if not len(earlier):
        return 1.0
    q, _ = np.linalg.qr(earlier.T)
    rest = row - q @ (q.T @ row)
    rest -= q @ (q.T @ rest)
    return float(np.sqrt((rest @ rest) / (row @ row)))


def _constant_direction(x: Floats, root: Floats | None) -> Floats | None:
    """A with x a = 1 on all rows of positive weight, or None where the constant is not in the span of x."""
    if x.shape[1] < 2:
        return None
    ones = np.ones(len(x)) if root is None else root
    weighted = x if root is None else x * root[:, None]
    size = np.sqrt((weighted * weighted).sum(axis=0))
    size[size == 0.0] = 1.0
    weighted = weighted / size
    rough, *_ = np.linalg.lstsq(weighted.T @ weighted, weighted.T @ ones, rcond=1e-14)
    if np.abs(ones - weighted @ rough).max() > 1e-3 * ones.max():
        return None
    direction, *_ = np.linalg.lstsq(weighted, ones, rcond=None)
    direction[np.abs(direction) < 1e-9 * np.abs(direction).max()] = 0.0
    return np.asarray(direction / size) if np.abs(ones - weighted @ direction).max() < 1e-9 * ones.max() else None


def _fixed_rows(
    x: Floats, y: Floats, root: Floats | None, kept: NDArray[np.intp], near: Floats | None, constant: Floats | None
) -> tuple[FixedScale, Floats]:
    """The basis of X, and the weighted rows [X basis, y - X shift, scaled]'."""
    r = len(kept)
    w = np.empty((r + 1, len(y)))
    basis = np.zeros((r, r))
    mean_y = _mean(y, root) if constant is not None else 0.0
    if constant is not None and bool((np.abs(y - mean_y) <= 8 * np.finfo(float).eps * np.abs(mean_y)).all()):
        raise DegenerateProblem("constant-response")
    pivot = -1
    if constant is not None:
        pivot = int(np.argmax(np.abs(constant)))
        basis[:, pivot] = constant
    for j in range(r):
        column = x[:, kept[j]]
        if j == pivot:
            w[j] = 1.0
            continue
        mean = _mean(column, root) if constant is not None else 0.0
        np.subtract(column, mean, out=w[j])
        scale = _power_of_two(_rms(w[j], root))
        w[j] /= scale
        basis[j, j] += 1.0 / scale
        if constant is not None:
            basis[:, j] -= constant * (mean / scale)
    np.subtract(y, mean_y, out=w[r])
    y_scale = _power_of_two(_rms(w[r], root))
    w[r] /= y_scale
    if root is not None:
        w *= root
    if near is not None:
        basis = _orthogonalise(w[:r], basis)
    shift = mean_y * constant if constant is not None else np.zeros(r)
    log_det = float(np.linalg.slogdet(basis)[1]) if r else 0.0
    return FixedScale(kept=kept, basis=basis, shift=shift, y_scale=y_scale, log_det=log_det), w


def _orthogonalise(x: Floats, basis: Floats) -> Floats:
    """Replace the rows of x, in place, by orthogonal ones of length sqrt(n), and return the basis that does it."""
    size = np.sqrt(x.shape[1])
    q, upper = np.linalg.qr(x.T)
    x[:] = q.T * size
    return np.asarray(np.linalg.solve(upper.T / size, basis.T).T)


def _group_rows(groups: Groups, w: Floats, root: Floats | None) -> tuple[GroupScale, tuple[Floats, ...]]:
    """Scale and weighted inside columns of one grouping; columns found in X are shared with it."""
    q = groups.z.shape[1]
    block, constant = _closed_block(groups, root)
    pivot = block[int(np.argmax(np.abs(constant)))] if block else -1
    to_rows, to_user = np.eye(q), np.zeros((q, q))
    columns: list[Floats] = []
    for a in range(q):
        if a == pivot:
            columns.append(_shared(np.ones(len(groups.z)) if root is None else root, w[:-1]))
            to_user[block, a] = constant
            continue
        row, mean, scale = _centred(groups.z[:, a], root, centred=bool(block))
        columns.append(_shared(row, w[:-1]))
        to_user[a, a] = 1.0 / scale
        if a in block:
            to_user[block, a] -= constant * (mean / scale)
        elif block:
            to_rows[pivot, a] = mean / scale
    squares = np.array([float(row @ row) / len(row) for row in columns]) @ to_rows**2
    typical = 1.0 / np.sqrt(np.where(squares > 0, squares, 1.0))
    return GroupScale(to_rows=to_rows, to_user=to_user, typical=typical, pattern=groups.pattern), tuple(columns)


def _closed_block(groups: Groups, root: Floats | None) -> tuple[list[int], Floats]:
    """The block of correlated coefficients whose columns span a constant, and a with z_block a = 1; [] where there is none."""
    every = blocks(groups.pattern)
    for block in every:
        for a in block:
            if _is_constant(groups.z[:, a]):
                direction = np.zeros(len(block))
                direction[block.index(a)] = 1.0 / groups.z[0, a]
                return block, direction
    for block in every:
        if len(block) > 1:
            found = _constant_direction(groups.z[:, block], root)
            if found is not None:
                return block, found
    return [], np.zeros(0)


def _centred(z: Floats, root: Floats | None, *, centred: bool) -> tuple[Floats, float, float]:
    """A weighted column (z - mean) / scale with its mean and scale; a column that does not vary is not centred."""
    mean = _mean(z, root) if centred else 0.0
    row = z - mean
    rms = _rms(row, root)
    if rms <= 16 * np.finfo(float).eps * float(np.abs(z).max(initial=0.0)):
        mean, row = 0.0, z.copy()
        rms = _rms(row, root)
    scale = _power_of_two(rms)
    row /= scale
    if root is not None:
        row *= root
    return row, mean, scale


def _shared(row: Floats, rows: Floats) -> Floats:
    """The row of `rows` equal to this one, or this one."""
    middle = len(row) // 2
    for other in rows:
        if row[0] == other[0] and row[middle] == other[middle] and np.array_equal(row, other):
            return np.asarray(other)
    return row
