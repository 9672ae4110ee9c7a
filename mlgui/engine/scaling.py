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

from mlgui.engine.blocks import row_products
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
    closed: whether all coefficients stand in one block that a shift of its columns leaves the same model.
    """

    to_rows: Floats
    to_user: Floats
    typical: Floats
    pattern: NDArray[np.bool_]
    closed: bool

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
    rest = _power_of_two(_rms(w[-1]))
    w[-1] /= rest
    z = tuple(tuple(_shared(column, w[:-1]) for column in columns) for columns in rows.z)
    return replace(rows, w=w, z=z, fixed=replace(fixed, shift=shift, y_scale=fixed.y_scale * rest))


def scaled_rows(problem: Problem) -> Rows:
    """The rows of a problem, weighted, centred and scaled. Raises DegenerateProblem for input nothing can be made of."""
    root, n, log_weights = _weights(problem)
    refuse(problem, n)
    y = problem.y if problem.offset is None else problem.y - problem.offset
    fixed, w, known = _fixed_rows(y, root, _fixed_columns(problem.x, root))
    scales, columns = [], []
    for groups in problem.groupings:
        scale, z = _group_rows(groups, w, root, known)
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


def _centre(column: Floats, root: Floats | None, out: Floats) -> float:
    """Write the column less its weighted mean, and return that; the second pass removes the rounding of the first."""
    weights = None if root is None else root * root
    total = float(len(column)) if weights is None else float(weights.sum())
    first = float(column.sum() if weights is None else weights @ column) / total
    np.subtract(column, first, out=out)
    mean = first + float(out.sum() if weights is None else weights @ out) / total if first else first
    if mean != first:
        np.subtract(column, mean, out=out)
    return mean


def _power_of_two(size: float) -> float:
    """The power of 2 nearest to a positive size, so that scaling does not round."""
    return float(2.0 ** np.round(np.log2(size))) if np.isfinite(size) and size > 0 else 1.0


def _is_constant(column: Floats) -> bool:
    """Whether a column holds one non-zero value."""
    return len(column) > 0 and column[0] != 0.0 and bool(column[0] == column[-1]) and bool((column == column[0]).all())


def _rms(row: Floats) -> float:
    return float(np.sqrt(row @ row / max(len(row), 1)))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Column:
    """A column with its weighted row inside, (given - mean) / scale. scale is a power of 2, so that it does not round."""

    given: Floats
    row: Floats
    mean: float
    scale: float
    centred: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class _FixedColumns:
    """The columns of x in use and their numbers. w: (p + 1, n), the rows of all columns and room for y.

    constant: a with x_kept a = 1, None where there is none; pivot: the column that stands for the constant (-1: none).
    near: whether the columns are nearly collinear.
    """

    kept: NDArray[np.intp]
    columns: list[_Column]
    w: Floats
    constant: Floats | None
    pivot: int
    near: bool


def _fixed_columns(x: Floats, root: Floats | None) -> _FixedColumns:
    """Independent columns of x, centred if a constant is in their span."""
    n, p = x.shape
    constant = next((j for j in range(p) if _is_constant(x[:, j])), None)
    w = np.empty((p + 1, n))
    columns = [_standardised(x[:, j], root, w[j], centred=constant == 0 and j > 0) for j in range(p)]
    kept, near = _independent(w[:p])
    index = np.array(kept, dtype=np.intp)
    columns = [columns[j] for j in kept]
    if len(kept) < p:
        w = w[[*kept, p]]
    if constant is not None and constant in kept:
        direction: Floats | None = np.zeros(len(kept))
        assert direction is not None
        direction[kept.index(constant)] = 1.0 / x[0, constant]
    else:
        direction = _constant_direction(x[:, index], root)
    pivot = -1 if direction is None else int(np.argmax(np.abs(direction)))
    if direction is not None and constant != 0:
        columns = [_standardised(one.given, root, row, centred=True) for one, row in zip(columns, w)]
    columns = [replace(one, row=row) for one, row in zip(columns, w)]
    if pivot >= 0:
        w[pivot] = 1.0 if root is None else root
    return _FixedColumns(kept=index, columns=columns, w=w, constant=direction, pivot=pivot, near=near)


def _standardised(column: Floats, root: Floats | None, out: Floats, *, centred: bool) -> _Column:
    """Write the weighted column, centred where asked, with length about sqrt(n); a column that vanishes becomes 0."""
    mean, scale = 0.0, 1.0
    if centred:
        mean = _centre(column, root, out)
    else:
        out[:] = column
    if root is not None:
        out *= root
    rms = _rms(out)
    if _vanishes(column, rms, mean, root):
        out[:] = 0.0
    else:
        scale = _power_of_two(rms)
        out *= 1.0 / scale
    return _Column(given=column, row=out, mean=mean, scale=scale, centred=centred)


def _vanishes(column: Floats, rms: float, mean: float, root: Floats | None) -> bool:
    """Whether nothing but rounding is left of a column with this mean and root mean square around it."""
    noise = 16 * float(np.finfo(float).eps)
    if root is None and rms > noise * (abs(mean) + rms * len(column) ** 0.5):  # no value can be larger
        return False
    return rms <= noise * float(np.abs(column).max(initial=0.0))


def _independent(rows: Floats) -> tuple[list[int], bool]:
    """Rows that are not linear combinations of earlier ones, and whether any of them nearly is."""
    p, n = rows.shape
    gram = row_products(rows) / max(n, 1)
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


def _fixed_rows(y: Floats, root: Floats | None, found: _FixedColumns) -> tuple[FixedScale, Floats, tuple[_Column, ...]]:
    """The basis of X, the weighted rows [X basis, y - X shift, scaled]', and the columns of X that grouping columns may share."""
    w, constant, r = found.w, found.constant, len(found.kept)
    basis, mean_y = np.zeros((r, r)), 0.0
    for j, column in enumerate(found.columns):
        if constant is not None and j == found.pivot:
            basis[:, j] = constant
            continue
        basis[j, j] += 1.0 / column.scale
        if constant is not None:
            basis[:, j] -= constant * (column.mean / column.scale)
    if constant is None:
        w[r] = y
    else:
        mean_y = _centre(y, root, w[r])
        noise = 8 * float(np.finfo(float).eps) * abs(mean_y)
        if _rms(w[r]) <= noise and bool((np.abs(w[r]) <= noise).all()):
            raise DegenerateProblem("constant-response")
    if root is not None:
        w[r] *= root
    y_scale = _power_of_two(_rms(w[r]))
    w[r] *= 1.0 / y_scale
    if found.near:
        basis = _orthogonalise(w[:r], basis)
    shift = mean_y * constant if constant is not None else np.zeros(r)
    log_det = float(np.linalg.slogdet(basis)[1]) if r else 0.0
    known = () if found.near else tuple(one for j, one in enumerate(found.columns) if j != found.pivot)
    return FixedScale(kept=found.kept, basis=basis, shift=shift, y_scale=y_scale, log_det=log_det), w, known


def _orthogonalise(x: Floats, basis: Floats) -> Floats:
    """Replace the rows of x, in place, by orthogonal ones of length sqrt(n), and return the basis that does it."""
    size = np.sqrt(x.shape[1])
    q, upper = np.linalg.qr(x.T)
    x[:] = q.T * size
    return np.asarray(np.linalg.solve(upper.T / size, basis.T).T)


def _group_rows(
    groups: Groups, w: Floats, root: Floats | None, known: tuple[_Column, ...]
) -> tuple[GroupScale, tuple[Floats, ...]]:
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
        row, mean, scale = _centred(groups.z[:, a], root, known, centred=bool(block))
        columns.append(_shared(row, w[:-1]))
        to_user[a, a] = 1.0 / scale
        if a in block:
            to_user[block, a] -= constant * (mean / scale)
        elif block:
            to_rows[pivot, a] = mean / scale
    squares = np.array([float(row @ row) / len(row) for row in columns]) @ to_rows**2
    typical = 1.0 / np.sqrt(np.where(squares > 0, squares, 1.0))
    closed = len(block) == q
    mapped = GroupScale(to_rows=to_rows, to_user=to_user, typical=typical, pattern=groups.pattern, closed=closed)
    return mapped, tuple(columns)


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


def _centred(z: Floats, root: Floats | None, known: tuple[_Column, ...], *, centred: bool) -> tuple[Floats, float, float]:
    """A weighted column (z - mean) / scale with its mean and scale; a column that does not vary is not centred."""
    for one in known:
        if one.centred == centred and _equal(one.given, z):
            return one.row, one.mean, one.scale
    row = np.empty(len(z))
    made = _standardised(z, root, row, centred=centred)
    if not row.any():
        made = replace(_standardised(z, root, row, centred=False), centred=False)
    return made.row, made.mean, made.scale


def _equal(one: Floats, other: Floats) -> bool:
    middle = len(one) // 2
    return bool(one[0] == other[0] and one[middle] == other[middle]) and np.array_equal(one, other)


def _shared(row: Floats, rows: Floats) -> Floats:
    """The row of `rows` equal to this one, or this one."""
    for other in rows:
        if other is row or _equal(other, row):
            return np.asarray(other)
    return row
