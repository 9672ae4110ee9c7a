"""A residual structure with one of its parameters held at a value: what a profile of the likelihood fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.problem import Floats
from mlgui.engine.residual_shape import Part, Shape


class Held:
    """The structure `shape` as a function of its other parameters."""

    def __init__(self, shape: Shape, place: int, value: float) -> None:
        self._shape, self._place, self._value = shape, place, value
        self.size = shape.size - 1
        starts = {tuple(np.delete(start, place).tolist()): np.delete(start, place) for start in shape.starts}
        self.starts: tuple[Floats, ...] = tuple(starts.values())

    def full(self, at: Floats) -> Floats:
        """All parameters."""
        return np.insert(at, self._place, self._value)

    def parts(self) -> tuple[Part, ...] | None:
        """Those of the structure."""
        return self._shape.parts()

    def coefficients(self, at: Floats) -> Floats:
        """Those of the structure."""
        return self._shape.coefficients(self.full(at))

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """As the structure does."""
        return self._shape.whiten(self.full(at), rows)

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """As the structure does."""
        return self._shape.colour(self.full(at), rows)

    def log_det(self, at: Floats) -> float:
        """That of the structure."""
        return self._shape.log_det(self.full(at))

    def is_limit(self, at: Floats) -> bool:
        """Whether it is one of the structure."""
        return self._shape.is_limit(self.full(at))

    def at_boundary(self, at: Floats) -> Floats:
        """The boundary near the other parameters."""
        return np.delete(self._shape.at_boundary(self.full(at)), self._place)

    def held(self, at: Floats) -> NDArray[np.bool_]:
        """Which of the other parameters are at a boundary."""
        return np.delete(self._shape.held(self.full(at)), self._place)

    def estimates(self, at: Floats) -> ResidualEstimates:
        """The structure, the held parameter among its own."""
        return self._shape.estimates(self.full(at))
