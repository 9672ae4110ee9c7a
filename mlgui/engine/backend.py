"""What every way of eliminating the group effects offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from mlgui.engine.problem import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Eliminated:
    """What is left when all group effects are eliminated: log|K|, and S (r + 1, r + 1). pieces: the backend's own."""

    log_det: float
    schur: Floats
    pieces: Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Effects:
    """U and the diagonal blocks of K^-1: per grouping u (q, r + 1, J) and inverse (q, q, J), computed when asked for.

    make_sums: returns the sums of the blocks over groups, where they come cheaper than the blocks.
    """

    u: tuple[Floats, ...]
    make_inverse: Callable[[], tuple[Floats, ...]]
    make_sums: Callable[[], tuple[Floats, ...]] | None = None

    @cached_property
    def inverse(self) -> tuple[Floats, ...]:
        """The diagonal blocks of K^-1, (q, q, J) per grouping."""
        return self.make_inverse()

    @cached_property
    def sums(self) -> tuple[Floats, ...]:
        """The diagonal blocks of K^-1 summed over groups, (q, q) per grouping."""
        return self.make_sums() if self.make_sums else tuple(one.sum(axis=2) for one in self.inverse)


class Backend(Protocol):
    """Elimination of the group effects for one structure of groupings; lists are in the order of the problem's groupings.

    cost: multiplications of one value, about.
    """

    n_groups: tuple[int, ...]
    sizes: tuple[int, ...]
    cost: float

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Eliminate all group effects at L_1, L_2, ..."""

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s for columns s, given per grouping as (q, m, J): (m, m)."""


class NoGroups:
    """No grouping: ordinary least squares."""

    def __init__(self, total: Floats) -> None:
        self.n_groups: tuple[int, ...] = ()
        self.sizes: tuple[int, ...] = ()
        self.cost = 0.0
        self._total = total

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Nothing to eliminate: S is w'w."""
        return Eliminated(log_det=0.0, schur=self._total, pieces=None)

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """None."""
        return Effects(u=(), make_inverse=tuple)

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """None."""
        return np.zeros((0, 0))
