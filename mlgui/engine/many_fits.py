"""Refits of a model with one grouping to many responses at once: Newton's method on arrays (replicate, ...).

The algebra is that of `single` and `newton` with a replicate axis; only what contains y differs between replicates.
Arrays over replicates and groups are (.., R, J).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.all_groups import own_products
from mlgui.engine.blocks import from_left
from mlgui.engine.newton import FLOOR, LONGEST
from mlgui.engine.objective import LOG_2_PI
from mlgui.engine.problem import Floats
from mlgui.engine.responses import Responses
from mlgui.engine.solution import Solution
from mlgui.engine.theta import Entry

CLOSE = 1e-10
"""Predicted fall at which a replicate counts as converged."""
MAX_STEPS = 30
"""Steps after which a replicate is left to a search of its own."""
LIFT = 0.1
"""Smallest diagonal from which replicates start, in typical SDs."""
CHUNK = 160_000
"""Numbers per array of replicates and groups."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class ManyFits:
    """Refits to R responses, inside. factors: per grouping (R, q, q). criterion (R,), without the change of scale of y.

    beta: (R, r). r2: (R,). converged: (R,); the numbers of others are not to be used.
    """

    factors: tuple[Floats, ...]
    criterion: Floats
    beta: Floats
    r2: Floats
    converged: Bools


class _Value(NamedTuple):
    """What one evaluation gives for every replicate: criterion, gradient and Hessian in theta, beta, r2."""

    criterion: Floats
    gradient: Floats
    hessian: Floats
    beta: Floats
    r2: Floats


class _Model:
    """What all replicates share."""

    def __init__(self, solution: Solution) -> None:
        objective = solution.objective
        own, with_w = own_products(solution.gram, solution.groups, 0)
        self.rank = objective.rank
        self.own, self.with_x = own, np.ascontiguousarray(with_w[:, : self.rank])
        self.total = solution.gram.total[: self.rank, : self.rank]
        self.degrees, self.reml, self.constant = objective.degrees, objective.reml, objective.constant
        self.typical = solution.groups[0].typical
        self.entries: tuple[Entry, ...] = solution.layout.entries[0]
        self.q, _, self.groups = with_w.shape
        self.rows = np.array([a for a, _ in self.entries])
        self.columns = np.array([b for _, b in self.entries])
        self.floor = np.where(self.rows == self.columns, FLOOR * self.typical[self.rows], -np.inf)
        self.first = np.where(self.rows == self.columns, 2.0, 1.0)
        self.basis = np.zeros((len(self.entries), self.q, self.q))
        for i, (a, b) in enumerate(self.entries):
            self.basis[i, a, b] = self.basis[i, b, a] = 1.0
        self.pairs = [(a, b) for a in range(self.q) for b in range(a, self.q)]
        self.place = np.zeros((self.q, self.q), dtype=np.intp)
        for i, (a, b) in enumerate(self.pairs):
            self.place[a, b] = self.place[b, a] = i

    def factors(self, theta: Floats) -> Floats:
        """T of every replicate (R, q, q) from theta (R, m)."""
        t = np.zeros((len(theta), self.q, self.q))
        t[:, self.rows, self.columns] = theta
        return t

    def eliminated(self, t: Floats, responses: Responses) -> tuple[Floats, Floats, Floats, Floats]:
        """Log|K| (R,), K^-1 (q, q, R, J), U (R, r + 1, q, J) and S (R, r + 1, r + 1)."""
        q, rank, groups, count = self.q, self.rank, self.groups, len(t)
        m = np.empty((q, q + rank + 1, count, groups))
        with_y = responses.with_z[0]
        for a in range(q):
            column = np.ascontiguousarray(t[:, :, a])
            half = (column @ self.own.reshape(q, -1)).reshape(count, q, groups)
            for c in range(q):
                np.multiply(half[:, c], t[:, c, c, None], out=m[a, c])
                for d in range(c + 1, q):
                    m[a, c] += half[:, d] * t[:, d, c, None]
            m[a, a] += 1.0
            m[a, q : q + rank] = (column @ self.with_x.reshape(q, -1)).reshape(count, rank, groups).transpose(1, 0, 2)
            np.multiply(with_y[a], column[:, a, None], out=m[a, -1])
            for b in range(a + 1, q):
                m[a, -1] += with_y[b] * column[:, b, None]
        right = m[:, q:].transpose(2, 1, 0, 3).copy().reshape(count, rank + 1, q * groups)  # the sweep overwrites m
        log_det = _sweep(m)
        u = m[:, q:].transpose(2, 1, 0, 3).reshape(count, rank + 1, q * groups)
        schur = -np.matmul(right, u.transpose(0, 2, 1))
        schur = (schur + schur.transpose(0, 2, 1)) / 2
        schur[:, :rank, :rank] += self.total
        schur[:, :rank, rank] += responses.with_x
        schur[:, rank, :rank] += responses.with_x
        schur[:, rank, rank] += responses.squares
        return log_det, m[:, :q], u.reshape(count, rank + 1, q, groups), schur

    def value(self, theta: Floats, responses: Responses) -> _Value:
        """Criterion and derivatives of every replicate."""
        rank, d = self.rank, self.degrees
        t = self.factors(theta)
        log_det, inverse, u, schur = self.eliminated(t, responses)
        root_inverse = np.linalg.inv(np.linalg.cholesky(schur[:, :rank, :rank]))
        part = np.matmul(root_inverse, schur[:, :rank, rank, None])[..., 0]
        r2 = np.maximum(schur[:, rank, rank] - (part * part).sum(axis=1), 1e-300)
        beta = np.matmul(part[:, None, :], root_inverse)[:, 0]
        criterion = log_det + d * (1 + LOG_2_PI + np.log(r2 / d)) + self.constant
        if self.reml:
            criterion = criterion - 2 * np.log(np.diagonal(root_inverse, axis1=1, axis2=2)).sum(axis=1)
        g = u[:, rank] - np.einsum("ri,riaj->raj", beta, u[:, :rank])
        f = np.matmul(root_inverse, u[:, :rank].reshape(len(t), rank, -1)).reshape(u[:, :rank].shape)
        gradient, hessian = self.local(inverse, f, g, d / r2)
        return _Value(criterion, *self.in_theta(t, gradient, hessian), beta, r2)

    def local(self, inverse: Floats, f: Floats, g: Floats, c: Floats) -> tuple[Floats, Floats]:
        """N (R, q, q) and the Hessian in Delta over the free entries (R, m, m); see `single`."""
        count, rank, q, groups = f.shape
        h, x, gg = (np.empty((count, len(self.pairs), groups)) for _ in range(3))
        both = np.empty((count, len(self.pairs)))
        for i, (a, b) in enumerate(self.pairs):
            h[:, i] = float(a == b) - inverse[a, b]
            gg[:, i] = g[:, a] * g[:, b]
            x[:, i] = c[:, None] * gg[:, i]
            if self.reml:
                x[:, i] += (f[:, :, a] * f[:, :, b]).sum(axis=1)
            both[:, i] = h[:, i].sum(axis=1) - x[:, i].sum(axis=1)
            x[:, i] *= 2.0
            x[:, i] -= h[:, i]
        basis, place = self.basis.reshape(len(self.basis), -1), self.place
        hx = np.matmul(h, x.transpose(0, 2, 1))[:, place][:, :, :, place].transpose(0, 4, 1, 2, 3).reshape(count, q * q, q * q)
        mixed = basis @ hx @ basis.T
        flat = f.reshape(count, rank * q, groups)
        fg = np.matmul(flat, g.transpose(0, 2, 1)).reshape(count, rank, q, q)
        along = np.matmul(fg.reshape(count, rank, q * q), basis.T)
        t = gg.sum(axis=2)[:, place].reshape(count, -1) @ basis.T
        hessian = (mixed + mixed.transpose(0, 2, 1)) / 2 - 2 * c[:, None, None] * np.matmul(along.transpose(0, 2, 1), along)
        hessian -= (c * c / self.degrees)[:, None, None] * t[:, :, None] * t[:, None, :]
        if self.reml:
            ff = np.matmul(flat, flat.transpose(0, 2, 1)).reshape(count, rank, q, rank, q).transpose(0, 2, 4, 1, 3)
            turned = np.matmul(basis, ff.reshape(count, q * q, rank * rank)).reshape(count, -1, rank, rank)
            hessian -= np.einsum("miab,mjba->mij", turned, turned, optimize=True)
        return both[:, place], hessian

    def in_theta(self, t: Floats, n: Floats, local: Floats) -> tuple[Floats, Floats]:
        """Gradient (R, m) and Hessian (R, m, m) in theta; see `curvature`."""
        inverse = np.linalg.inv(t)
        gradient = 2 * np.matmul(inverse.transpose(0, 2, 1), n)[:, self.rows, self.columns]
        same = self.columns[:, None] == self.columns
        moved = local * np.outer(self.first, self.first) + 2 * same * n[:, self.rows[:, None], self.rows]
        change = same * inverse[:, self.rows[:, None], self.rows]
        return gradient, np.matmul(np.matmul(change.transpose(0, 2, 1), moved), change)

    def step(self, theta: Floats, value: _Value) -> tuple[Floats, Floats]:
        """The Newton step (R, m) with the eigenvalues of the Hessian made positive, and the predicted fall (R,)."""
        held = (theta <= self.floor * 1.001) & (value.gradient >= 0)
        t = self.factors(theta)
        spread = np.sqrt((t * t).sum(axis=2))
        sizes = np.maximum(spread, 0.3 * self.typical)[:, self.rows]
        gradient = np.where(held, 0.0, value.gradient * sizes)
        hessian = value.hessian * sizes[:, :, None] * sizes[:, None, :]
        hessian = np.where(held[:, :, None] | held[:, None, :], np.eye(len(self.rows)), hessian)
        scale = np.sqrt(np.maximum(np.abs(np.diagonal(hessian, axis1=1, axis2=2)), 1e-12))
        values, vectors = np.linalg.eigh(hessian / (scale[:, :, None] * scale[:, None, :]))
        along = np.matmul(vectors.transpose(0, 2, 1), (gradient / scale)[..., None])[..., 0]
        weighted = along / np.maximum(np.abs(values), 1e-10)
        move = -np.matmul(vectors, weighted[..., None])[..., 0] / scale
        longest = np.abs(move).max(axis=1, keepdims=True)
        move *= np.minimum(1.0, LONGEST / np.maximum(longest, 1e-300))
        return move * sizes, (along * weighted).sum(axis=1)

    def floored(self, theta: Floats) -> Floats:
        """Theta with the signs of its columns flipped to a positive diagonal, kept off zero."""
        signs = np.where(np.diagonal(self.factors(theta), axis1=1, axis2=2) < 0, -1.0, 1.0)
        return np.maximum(theta * signs[:, self.columns], self.floor)


def _sweep(m: Floats) -> Floats:
    """Gauss-Jordan sweeps in place over [K C] (q, q + r, R, J): K becomes K^-1 and C becomes K^-1 C; log|K| (R,)."""
    log_det: Floats = np.zeros(m.shape[2])
    for pivot in range(len(m)):
        d = np.maximum(m[pivot, pivot], 1.0)
        log_det += np.log(d).sum(axis=1)
        m[pivot, pivot] = 1.0
        m[pivot] /= d
        for other in range(len(m)):
            if other != pivot:
                share = m[other, pivot].copy()
                m[other, pivot] = 0.0
                m[other] -= share * m[pivot]
    return log_det


def fit_many(solution: Solution, responses: Responses) -> ManyFits:
    """Refits of a model with one grouping to all responses, each begun at the solution."""
    model = _Model(solution)
    turned = replace(responses, with_z=(from_left(solution.groups[0].to_rows.T, responses.with_z[0]),))
    width = max(1, CHUNK // (model.groups * model.q * (model.q + model.rank + 1)))
    # a replicate cannot leave a zero variance quickly, but can fall to it in one step
    start = np.maximum(solution.layout.pack(solution.regular), model.floor * (LIFT / FLOOR))
    parts = [_fit_some(model, _some(turned, slice(a, a + width)), start) for a in range(0, len(responses), width)]
    return ManyFits(
        factors=(np.concatenate([part.factors[0] for part in parts]),),
        criterion=np.concatenate([part.criterion for part in parts]),
        beta=np.concatenate([part.beta for part in parts]),
        r2=np.concatenate([part.r2 for part in parts]),
        converged=np.concatenate([part.converged for part in parts]),
    )


def _some(responses: Responses, which: slice | Bools) -> Responses:
    """Some of the responses."""
    return Responses(
        with_z=tuple(one[:, which] for one in responses.with_z), with_x=responses.with_x[which], squares=responses.squares[which]
    )


def _fit_some(model: _Model, responses: Responses, start: Floats) -> ManyFits:
    """Newton's method for one chunk of replicates; those that have converged are left out of further steps."""
    count, m = len(responses), len(start)
    theta = model.floored(np.broadcast_to(start, (count, m)))
    value = model.value(theta, responses)
    best, where = value, theta
    step, fall = model.step(theta, value)
    active, left, fraction = np.arange(count), responses, np.ones(count)
    theta, beta, r2, criterion = theta.copy(), value.beta.copy(), value.r2.copy(), value.criterion.copy()
    converged = np.zeros(count, dtype=np.bool_)
    for _ in range(MAX_STEPS):
        done = fall < CLOSE
        converged[active[done]] = True
        going = ~done & (fraction > 1e-8)
        if not going.all():
            active, left, fraction, fall = active[going], _some(left, going), fraction[going], fall[going]
            step, where, best = step[going], where[going], _Value(*(part[going] for part in best))
        if not len(active):
            break
        moved = model.floored(where + fraction[:, None] * step)
        found = model.value(moved, left)
        better = found.criterion <= best.criterion + 1e-12 * np.abs(best.criterion) + 1e-13
        where = np.where(better[:, None], moved, where)
        best = _Value(*(np.where(better.reshape(-1, *[1] * (new.ndim - 1)), new, old) for new, old in zip(found, best)))
        new_step, new_fall = model.step(where, best)
        step, fall = np.where(better[:, None], new_step, step), np.where(better, new_fall, fall)
        fraction = np.where(better, 1.0, 0.3 * fraction)
        theta[active], beta[active], r2[active], criterion[active] = where, best.beta, best.r2, best.criterion
    theta[theta <= model.floor * 1.001] = 0.0
    return ManyFits(factors=(model.factors(theta),), criterion=criterion, beta=beta, r2=r2, converged=converged)
