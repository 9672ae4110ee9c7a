"""The deviance with one quantity held at a value, as a function of the other parameters, with its gradient.

A block of effects b is written as b = turn F u with u standard normal (times sigma) and F lower triangular. Where the SD of c'b
is held, the first coordinate is c'b, so that its SD is sigma F_00; where a correlation is held, the first two are the
effects it is between. Coordinates are in typical SDs, so that all entries of F are of the order of 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.objective import NotPositive, Objective, Point
from mlgui.engine.problem import Floats
from mlgui.engine.solution import Solution
from mlgui.engine.theta import blocks, canonical

SMALLEST = 1e-7
"""Size, in typical SDs, to which diagonal entries are raised where the gradient needs an inverse; d is even in a column."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is held. kind: coefficient, sd, correlation or sigma.

    index: (column of x,) for a coefficient, (grouping, a) for an SD, (grouping, a, b) for a correlation, () for sigma.
    """

    kind: str
    index: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """Coefficients of one grouping that are correlated. turn: (q, q), inside effects are turn @ F u."""

    grouping: int
    members: list[int]
    turn: Floats

    def factor(self, inside: Floats) -> Floats:
        """F of an inside factor of the whole grouping."""
        rows = np.asarray(np.linalg.solve(self.turn, inside[self.members]))
        return canonical(rows, np.tri(len(rows), dtype=np.bool_))


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """Deviance and gradient. slope: its derivative in the value that is held. sigma: residual SD inside."""

    deviance: float
    gradient: Floats
    slope: float
    sigma: float


class Deviance:
    """The maximum-likelihood deviance of a problem with `target` held; psi are the free entries of all F, then log sigma.

    log sigma is a coordinate only where an SD is held: elsewhere sigma is profiled out, or held itself. Where a correlation
    is held, its two effects have the square roots of their lengths as coordinates: a zero length is then a smooth minimum.
    The value held is that of the target, or the inverse hyperbolic tangent of a correlation: near +-1 that keeps digits.
    """

    def __init__(self, solution: Solution, objective: Objective, target: Target) -> None:
        self.solution = solution
        self.objective = objective
        self.target = target
        self.blocks = _blocks(solution, target)
        self.entries = [
            (i, a, b) for i, one in enumerate(self.blocks) for b in range(len(one.members)) for a in range(b, len(one.members))
        ]
        self.held = self._held_entries()
        self.free = [entry for entry in self.entries if entry not in self.held]
        self.size = len(self.free) + (target.kind == "sd")

    def _held_entries(self) -> set[tuple[int, int, int]]:
        """Entries of F that follow from the held value: those of the first block."""
        if self.target.kind == "sd":
            return {(0, 0, 0)}
        return {(0, 1, 0)} if self.target.kind == "correlation" else set()

    @property
    def unit(self) -> float:
        """The user's SD of the held effect where F_00 sigma is 1."""
        k, a = self.target.index
        return float(np.linalg.norm(_row(self.solution, k, a))) * self.solution.fixed.y_scale

    def coordinates(self, factors: Sequence[Floats], sigma: float) -> Floats:
        """Psi of inside factors and residual SD."""
        shapes = [one.factor(factors[one.grouping]) for one in self.blocks]
        if self.target.kind == "correlation":
            for a in range(2):
                shapes[0][a, a] = np.sqrt(np.linalg.norm(shapes[0][a, : a + 1]))
        values = [shapes[i][a, b] for i, a, b in self.free]
        return np.array([*values, np.log(sigma)] if self.target.kind == "sd" else values)

    @property
    def lengths(self) -> NDArray[np.bool_]:
        """Which coordinates are diagonal entries of an F, (size,)."""
        diagonal = [a == b for _, a, b in self.free]
        return np.array([*diagonal, False] if self.target.kind == "sd" else diagonal, dtype=np.bool_)

    def correlation(self, factors: Sequence[Floats]) -> float:
        """The inverse hyperbolic tangent of the target's correlation at inside factors; NaN where an effect does not vary."""
        shape = self.blocks[0].factor(factors[self.blocks[0].grouping])
        lean, rest = float(shape[1, 0]), float(shape[1, 1])
        if shape[0, 0] == 0.0 or (lean == 0.0 and rest == 0.0):
            return float("nan")
        return float(np.arcsinh(lean / rest)) if rest > 0.0 else float(np.copysign(np.inf, lean))

    def shapes(self, psi: Floats, value: float) -> list[Floats]:
        """F of every block."""
        found = [np.zeros((len(one.members), len(one.members))) for one in self.blocks]
        for place, (i, a, b) in enumerate(self.free):
            found[i][a, b] = psi[place]
        if self.target.kind == "sd":
            found[0][0, 0] = value / (self.unit * np.exp(psi[-1]))
            if value == 0.0:
                found[0][:, 0] = 0.0
        elif self.target.kind == "correlation":
            found[0][0, 0] **= 2
            found[0][1, :2] = np.array([np.tanh(value), 1 / np.cosh(value)]) * found[0][1, 1] ** 2
        for one in found:
            at = np.arange(len(one))
            diagonal = one[at, at]
            one[at, at] = np.where(np.abs(diagonal) < SMALLEST, np.where(diagonal < 0, -SMALLEST, SMALLEST), diagonal)
        return found

    def factors(self, shapes: Sequence[Floats]) -> list[Floats]:
        """Inside factors (not triangular) of these F."""
        out = [np.zeros((q, q)) for q in self.objective.backend.sizes]
        for block, shape in zip(self.blocks, shapes):
            out[block.grouping][np.ix_(block.members, block.members)] = block.turn @ shape
        return out

    def at(self, psi: Floats, value: float) -> Held:
        """The deviance at psi with the target held at `value`."""
        shapes = self.shapes(psi, value)
        try:
            point = self.objective.at(self.factors(shapes))
        except NotPositive:
            return Held(deviance=np.inf, gradient=np.full(len(psi), np.nan), slope=np.nan, sigma=np.nan)
        beta, r2, sigma2, slope = self._residual(point, psi, value)
        n = self.objective.n
        deviance = point.criterion + n * (np.log(sigma2 / point.r2 * n) - 1) + r2 / sigma2
        by_shape = self._by_shape(point, shapes, beta, 1 / sigma2)
        gradient = np.array([by_shape[i][a, b] for i, a, b in self.free])
        if self.target.kind == "sd":
            by_sd, held = by_shape[0][0, 0], shapes[0][0, 0]
            if value == 0.0:
                gradient[[i == 0 and b == 0 for i, _, b in self.free]] = 0.0
            gradient = np.append(gradient, 2 * n - 2 * r2 / sigma2 - by_sd * held)
            slope = float(by_sd / (self.unit * np.sqrt(sigma2)))
        elif self.target.kind == "correlation":
            slope = self._by_correlation(gradient, by_shape[0], psi, value)
        return Held(deviance=float(deviance), gradient=gradient, slope=slope, sigma=float(np.sqrt(sigma2)))

    def _by_correlation(self, gradient: Floats, by_shape: Floats, psi: Floats, value: float) -> float:
        """Put the derivatives in the roots of both lengths in place, and return the derivative in the value held."""
        first, second = self.free.index((0, 0, 0)), self.free.index((0, 1, 1))
        correlation, root = np.tanh(value), 1 / np.cosh(value)
        gradient[first] *= 2 * psi[first]
        gradient[second] = 2 * psi[second] * (correlation * by_shape[1, 0] + root * by_shape[1, 1])
        return float(psi[second] ** 2 * root * (root * by_shape[1, 0] - correlation * by_shape[1, 1]))

    def _residual(self, point: Point, psi: Floats, value: float) -> tuple[Floats, float, float, float]:
        """Beta inside, r'V^-1 r, sigma^2, and the derivative of the deviance in the value where this decides it."""
        n, scale = self.objective.n, self.solution.fixed.y_scale
        if self.target.kind == "sd":
            return point.beta, point.r2, float(np.exp(2 * psi[-1])), np.nan
        if self.target.kind == "sigma":
            sigma2 = (value / scale) ** 2
            return point.beta, point.r2, sigma2, float(2 * (n - point.r2 / sigma2) / value)
        if self.target.kind == "correlation":
            return point.beta, point.r2, point.r2 / n, np.nan
        fixed = self.solution.fixed
        place = int(np.flatnonzero(fixed.kept == self.target.index[0])[0])
        row = scale * fixed.basis[place]
        turned = point.root_inverse.T @ (point.root_inverse @ row)
        variance, gap = float(row @ turned), float(value - fixed.shift[place] - row @ point.beta)
        r2 = point.r2 + gap * gap / variance
        return point.beta + turned * (gap / variance), r2, r2 / n, 2 * n / r2 * gap / variance

    def _by_shape(self, point: Point, shapes: Sequence[Floats], beta: Floats, c: float) -> list[Floats]:
        """Derivatives in the entries of every F: 2 F^-T N, N = sum_j [I - (K^-1)_jj - c g_j g_j']."""
        effects = self.objective.effects(point)
        v = np.append(-beta, 1.0)
        gradients = []
        for u, inverse in zip(effects.u, effects.inverse):
            g = v @ u
            gradients.append(g.shape[1] * np.eye(len(g)) - inverse.sum(axis=2) - c * (g @ g.T))
        return [
            2.0 * np.linalg.solve(shape.T, gradients[block.grouping][np.ix_(block.members, block.members)])
            for block, shape in zip(self.blocks, shapes)
        ]


def _row(solution: Solution, k: int, a: int) -> Floats:
    """The user's effect a in terms of inside effects in typical SDs."""
    scale = solution.groups[k]
    return np.asarray(scale.to_user[a] * scale.typical)


def _blocks(solution: Solution, target: Target) -> list[Block]:
    """The blocks of all groupings, that of the target first and turned towards it."""
    found: list[Block] = []
    for k, scale in enumerate(solution.groups):
        for members in blocks(scale.pattern):
            turn = np.diag(scale.typical[members])
            wanted = target.index[1:] if target.kind in ("sd", "correlation") and target.index[0] == k else ()
            if wanted and wanted[0] in members:
                rows = [_row(solution, k, a)[members] for a in wanted]
                found.insert(0, Block(grouping=k, members=members, turn=turn @ np.linalg.inv(_completed(rows))))
            else:
                found.append(Block(grouping=k, members=members, turn=turn))
    return found


def _completed(rows: Sequence[Floats]) -> Floats:
    """A well conditioned square matrix with these directions, scaled to length 1, as first rows, and unit vectors below."""
    q = len(rows[0])
    unit = [row / np.linalg.norm(row) for row in rows]
    basis = np.array(unit)
    left = list(range(q))
    rest = basis.copy()
    for i in range(len(rows)):
        pivot = left[int(np.argmax(np.abs(rest[i, left])))]
        left.remove(pivot)
        for later in range(i + 1, len(rows)):
            rest[later] -= rest[i] * (rest[later, pivot] / rest[i, pivot])
    return np.concatenate([basis, np.eye(q)[left]])
