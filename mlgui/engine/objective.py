"""The profiled criterion, its gradient and second derivatives at given factors.

With L_k = A_k T_k the factor of grouping k in the rows inside, K = I + L'Z'ZL over all groupings, U = K^-1 L'Z'w
(w = [X y]) and S = w'w - (L'Z'w)'U, the criterion is log|K| + log|S_xx| + d (1 + log(2 pi r2 / d)), where r2 is the
residual of y given X in S and d = n - rank (REML; ML: d = n and no log|S_xx|). Bates et al. (2015), J. Stat. Softw. 67(1),
equations 39 and 42, with G eliminated by groups. Derivatives are with respect to a symmetric Delta_k in
G_k = T_k (I + Delta_k) T_k', which is free of scale.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg as sl

from mlgui.engine.backend import Backend, Eliminated
from mlgui.engine.backend import Effects as Effects
from mlgui.engine.core import Core
from mlgui.engine.nested_core import NestedCore
from mlgui.engine.problem import Floats
from mlgui.engine.single import ExactSecond, Single

LOG_2_PI = math.log(2 * math.pi)


class NotPositive(ArithmeticError):
    """The residual sum of squares or X'V^-1X is not positive at these factors, within rounding."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """The criterion at given factors. criterion leaves out the constants of scaling and weights (see `Objective`).

    root_inverse: R^-1 with S_xx = R R', so that M = root_inverse' root_inverse. beta: inside scale. r2: y'Py.
    rough: whether log|K| is in single precision (see `Core`).
    """

    factors: tuple[Floats, ...]
    criterion: float
    r2: float
    beta: Floats
    root_inverse: Floats
    eliminated: Eliminated
    rough: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Slope:
    """Derivatives at a point: gradient[k] = N_k (q, q), d criterion = sum_k <N_k, Delta_k>.

    exact: second derivatives too, for one grouping (None otherwise).
    """

    gradient: tuple[Floats, ...]
    exact: ExactSecond | None
    make_effects: Callable[[], Effects]

    @cached_property
    def effects(self) -> Effects:
        """U and the diagonal blocks of K^-1."""
        return self.make_effects()


@dataclass(frozen=True, kw_only=True, eq=False)
class Objective:
    """The criterion of one problem as a function of the factors; it does not depend on the number of rows.

    n: rows. rank: columns of X inside. constant: added to make the criterion that of the user's scales.
    to_rows: A_k per grouping.
    """

    backend: Backend
    n: int
    rank: int
    reml: bool
    constant: float
    to_rows: tuple[Floats, ...]

    @property
    def is_exact(self) -> bool:
        """Whether exact second derivatives come with the gradient."""
        return isinstance(self.backend, Single)

    @property
    def degrees(self) -> int:
        """d: n - rank for REML, n for ML."""
        return self.n - self.rank if self.reml else self.n

    def at(self, factors: Sequence[Floats], *, rough: bool = False) -> Point:
        """The criterion at T_1, T_2, ...; raises NotPositive where it does not exist numerically.

        rough: where the core of crossed groupings may be factorised in single precision (see `Core`).
        """
        inside = self.inside(factors)
        try:
            if rough and isinstance(self.backend, Core):
                eliminated = self.backend.eliminate(inside, rough=True)
            else:
                eliminated, rough = self.backend.eliminate(inside), False
        except np.linalg.LinAlgError as error:
            raise NotPositive("K") from error
        r, schur = self.rank, eliminated.schur
        root_inverse = _root_inverse(schur[:r, :r])
        part = root_inverse @ schur[:r, r]
        r2 = float(schur[r, r] - part @ part)
        if not r2 > 0.0:
            raise NotPositive("y'Py")
        d = self.degrees
        criterion = eliminated.log_det + d * (1 + LOG_2_PI + math.log(r2 / d)) + self.constant
        if self.reml:
            criterion -= 2 * float(np.log(np.diagonal(root_inverse)).sum())
        return Point(
            factors=tuple(factors),
            criterion=criterion,
            r2=r2,
            beta=part @ root_inverse,
            root_inverse=root_inverse,
            eliminated=eliminated,
            rough=rough,
        )

    def inside(self, factors: Sequence[Floats]) -> list[Floats]:
        """L_k = A_k T_k, the factors of the columns inside."""
        return [a @ t for a, t in zip(self.to_rows, factors)]

    def effects(self, point: Point) -> Effects:
        """U and the diagonal blocks of K^-1 at a point."""
        return self.backend.effects(self.inside(point.factors), point.eliminated)

    def slope(self, point: Point) -> Slope:
        """The gradient at a point: N_k = sum_j [I - (K^-1)_jj - F_j M F_j' - c g_j g_j'], F M F' only for REML."""
        if isinstance(self.backend, Single):
            exact = self.exact_second(point)
            return Slope(gradient=(exact.gradient,), exact=exact, make_effects=lambda: self.effects(point))
        effects = self.effects(point)
        projection = self._projection(point)
        gradient = []
        for u, inverse in zip(effects.u, effects.sums):
            q, _, groups = u.shape
            turned = (projection @ u).reshape(q, -1)
            gradient.append(groups * np.eye(q) - inverse - turned @ turned.T)
        return Slope(gradient=tuple(gradient), exact=None, make_effects=lambda: effects)

    def exact_second(self, point: Point) -> ExactSecond:
        """Gradient and exact second derivatives of a problem with one grouping (ValueError for others)."""
        if not isinstance(self.backend, Single):
            raise ValueError("exact second derivatives are for one grouping")
        v = np.append(-point.beta, 1.0)
        c = self.degrees / point.r2
        return self.backend.second_derivatives(point.eliminated, point.root_inverse, v, c, self.degrees, reml=self.reml)

    def _projection(self, point: Point) -> Floats:
        """Rows whose cross-product is M (REML only) plus c v v', v = [-beta; 1], c = d / r2."""
        r = self.rank
        v = np.append(-point.beta, 1.0) * math.sqrt(self.degrees / point.r2)
        if not self.reml:
            return v[None]
        rows = np.zeros((r + 1, r + 1))
        rows[:r, :r] = point.root_inverse
        rows[r] = v
        return rows

    def modes(self, point: Point, effects: Effects) -> list[Floats]:
        """g_j = U_j [-beta; 1], the scaled conditional modes, per grouping (q, J)."""
        v = np.append(-point.beta, 1.0)
        return [np.asarray(v @ u) for u in effects.u]

    def second_derivatives(
        self, point: Point, slope: Slope, entries: Sequence[Sequence[tuple[int, int]]], *, far: bool = False
    ) -> tuple[Floats, bool]:
        """Second derivatives over the free entries of all Delta_k (m, m), and whether they are exact.

        far: ask for average information, which is positive definite more often far from the minimum.
        """
        if slope.exact is None:
            return self.average_information(point, slope, entries), False
        every = slope.exact.average if far else slope.exact.hessian
        if len(entries[0]) == len(every):
            return every, not far
        q = self.backend.sizes[0]
        order = [(a, b) for b in range(q) for a in range(b, q)]
        free = [order.index(one) for one in entries[0]]
        return every[np.ix_(free, free)], not far

    def average_information(self, point: Point, slope: Slope, entries: Sequence[Sequence[tuple[int, int]]]) -> Floats:
        """Average information (Gilmour, Thompson & Cullis 1995) over the free entries of all Delta_k: (m, m).

        AI_ab = c [s_a'(I - K^-1)s_b - (F's_a)'M(F's_b)] - (c / r2) t_a t_b, s_a = E_a g, t_a = g'E_a g.
        """
        effects = slope.effects
        columns, t, fixed = self._working_columns(self.modes(point, effects), effects, entries)
        c = self.degrees / point.r2
        own = -self.backend.quadratic(self.inside(point.factors), point.eliminated, columns)
        for s in columns:
            own += sum(row @ row.T for row in s)
        turned = point.root_inverse @ fixed
        return np.asarray(c * (own - turned.T @ turned) - (c / point.r2) * np.outer(t, t))

    def exact_hessian(self, point: Point, slope: Slope, entries: Sequence[Sequence[tuple[int, int]]]) -> Floats | None:
        """Exact second derivatives over the free entries of all Delta_k (m, m); None where they take differences."""
        if isinstance(self.backend, Core) or (isinstance(self.backend, NestedCore) and self.backend.is_small):
            return self._exact_crossed(self.backend, point, slope, entries)
        return self.second_derivatives(point, slope, entries)[0] if slope.exact is not None else None

    def _exact_crossed(
        self, backend: Core | NestedCore, point: Point, slope: Slope, entries: Sequence[Sequence[tuple[int, int]]]
    ) -> Floats:
        """Exact second derivatives of crossed groupings over the free entries of all Delta_k: (m, m).

        D_ab = -tr(H E_a H E_b) + 2 tr(H E_a F M F'E_b) - tr(M Q_a M Q_b) + 2 AI_ab + (c / r2) t_a t_b, H = I - K^-1,
        Q_a = F'E_aF; the terms with M are of REML only.
        """
        effects, inside = slope.effects, self.inside(point.factors)
        modes = self.modes(point, effects)
        _, t, _ = self._working_columns(modes, effects, entries)
        found = 2 * self.average_information(point, slope, entries) + (self.degrees / point.r2**2) * np.outer(t, t)
        found -= backend.trace_products(inside, point.eliminated, entries)
        found -= _identity_traces(backend.n_groups, effects.sums, entries)
        if not self.reml:
            return found
        fixed = [np.matmul(point.root_inverse, u[:, : self.rank]) for u in effects.u]
        turned = np.zeros((self.rank, self.rank, len(t)))
        for one in range(self.rank):
            columns, _, _ = self._working_columns([f[:, one] for f in fixed], effects, entries)
            found -= 2 * backend.quadratic(inside, point.eliminated, columns)
            for s, f in zip(columns, fixed):
                found += 2 * sum(row @ row.T for row in s)
                turned[one] += np.tensordot(f, s, axes=((0, 2), (0, 2)))
        q_matrices = turned.reshape(-1, len(t))
        return np.asarray(found - q_matrices.T @ turned.transpose(1, 0, 2).reshape(-1, len(t)))

    def _working_columns(
        self, modes: Sequence[Floats], effects: Effects, entries: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[list[Floats], Floats, Floats]:
        """s_a = E_a g per grouping (q, m, J), t_a = g'E_a g (m,), and F's_a (r, m)."""
        m = sum(len(one) for one in entries)
        columns, t, fixed = [], np.zeros(m), np.zeros((self.rank, m))
        position = 0
        for g, u, one in zip(modes, effects.u, entries):
            s = np.zeros((g.shape[0], m, g.shape[1]))
            for a, b in one:
                s[a, position] += g[b]
                if a != b:
                    s[b, position] += g[a]
                t[position] = (1.0 if a == b else 2.0) * float(g[a] @ g[b])
                position += 1
            for a in range(len(g)):
                fixed += u[a, : self.rank] @ s[a].T
            columns.append(s)
        return columns, t, fixed


def _identity_traces(n_groups: Sequence[int], sums: Sequence[Floats], entries: Sequence[Sequence[tuple[int, int]]]) -> Floats:
    """tr(E_a E_b) - 2 tr(E_a K^-1 E_b): what tr(H E_a H E_b) has beside tr(E_a K^-1 E_b K^-1)."""
    blocks = []
    for groups, total, mine in zip(n_groups, sums, entries):
        basis = np.zeros((len(mine), *total.shape))
        for i, (a, b) in enumerate(mine):
            basis[i, a, b] = basis[i, b, a] = 1.0
        weight = groups * np.eye(len(total)) - 2 * total
        blocks.append(np.einsum("iab,jbc,ca->ij", basis, basis, weight, optimize=True))
    return np.asarray(sl.block_diag(*blocks))


def _root_inverse(xx: Floats) -> Floats:
    """R^-1 with S_xx = R R', R lower triangular; NotPositive where there is none. LAPACK itself: the matrix is small."""
    if not len(xx):
        return np.zeros((0, 0))
    root, failed = sl.lapack.dpotrf(xx, lower=1, clean=1)
    inverse, singular = sl.lapack.dtrtri(root, lower=1)
    if failed or singular:
        raise NotPositive("X'V^-1X")
    return np.ascontiguousarray(inverse)
