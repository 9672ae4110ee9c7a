"""Terms as named columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mlgui.data.table import CODED
from mlgui.design.contrasts import contrast_column
from mlgui.design.evaluate import Memory, evaluate
from mlgui.design.frame import Codes, Frame
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.spec.coding import Levels, NamedColumn, Piece, count_columns, ordered_levels, plan
from mlgui.spec.expression import Call, Expression, Variable
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import Term
from mlgui.words import tr

MAX_COLUMNS = 3000
MAX_CELLS = 400_000_000
"""Most columns, and most numbers in all columns together, that a model may need."""


@dataclass(kw_only=True, eq=False)
class Knowledge:
    """What an encoding learns from the rows used and needs again for new data. Filled once, while a design is built."""

    memory: Memory = field(default_factory=dict)
    levels: dict[Expression, Levels] = field(default_factory=dict)


class Encoder:
    """Factors of terms as values, each computed once while the encoder lives."""

    def __init__(self, spec: ModelSpec, frame: Frame, knowledge: Knowledge) -> None:
        self._spec = spec
        self._frame = frame
        self._knowledge = knowledge
        self._numbers: dict[Expression, Floats] = {}
        self._codes: dict[Expression, Codes] = {}
        self._columns: dict[tuple[Expression, int, bool], Floats] = {}

    def plan(self, terms: Sequence[Term]) -> tuple[NamedColumn, ...]:
        """Return the columns of one list of terms, in R's order. UserError if there are too many."""
        factors = dict.fromkeys(factor for term in terms for factor in term.factors)
        categories = [factor for factor in factors if self._is_category(factor)]
        levels = {factor: self._knowledge.levels[factor] for factor in categories}
        self._check_size(count_columns(terms, levels), terms)
        return plan(terms, levels)

    def fill(self, columns: Sequence[NamedColumn]) -> Floats:
        """Return the columns as a matrix, (n, len(columns)), Fortran order."""
        matrix = np.empty((self._frame.n, len(columns)), order="F")
        for index, column in enumerate(columns):
            if not column.pieces:
                matrix[:, index] = 1.0
                continue
            matrix[:, index] = self._piece(column.pieces[0])
            for piece in column.pieces[1:]:
                matrix[:, index] *= self._piece(piece)
        return matrix

    def _piece(self, piece: Piece) -> Floats:
        if piece.factor not in self._codes:
            numbers = self._number(piece.factor)
            return numbers if numbers.ndim == 1 else numbers[:, piece.index]
        key = (piece.factor, piece.index, piece.full)
        if key not in self._columns:
            levels = self._knowledge.levels[piece.factor]
            self._columns[key] = contrast_column(self._codes[piece.factor], levels, piece.index, full=piece.full)
        return self._columns[key]

    def _number(self, factor: Expression) -> Floats:
        if factor not in self._numbers:
            self._numbers[factor] = evaluate(factor, self._frame, self._knowledge.memory)
        return self._numbers[factor]

    def _is_category(self, factor: Expression) -> bool:
        """Whether a factor is a category; its codes are made at the same time."""
        if factor in self._codes:
            return True
        column = _category_column(factor, self._frame, self._knowledge)
        if column is None:
            return False
        codes, present = self._frame.codes(column)
        known = self._knowledge.levels.setdefault(factor, ordered_levels(present, self._spec.coding(column)))
        self._codes[factor] = codes if known.labels == present else self._recoded(codes, present, known, column)
        return True

    def _recoded(self, codes: Codes, present: tuple[str, ...], known: Levels, column: str) -> Codes:
        place = {label: index for index, label in enumerate(known.labels)}
        unknown = [label for label in present if label not in place]
        if unknown:
            raise UserError(
                tr("“{level}” is a new level of “{column}”.").format(level=unknown[0], column=column),
                tr("The model has no coefficient for it."),
                tr("Use the levels the model was fitted with: {levels}.").format(levels=", ".join(known.labels[:20])),
            )
        return np.array([place[label] for label in present], dtype=np.int32)[codes]

    def _check_size(self, count: int, terms: Sequence[Term]) -> None:
        if count <= MAX_COLUMNS and count * self._frame.n <= MAX_CELLS:
            return
        names = dict.fromkeys(name for term in terms for name in term.columns)
        counts = {name: len(self._frame.codes(name)[1]) for name in names if self._frame.is_category(name)}
        largest = max(counts, key=lambda name: counts[name], default="")
        why = tr("“{column}” has {n} levels, and each needs a coefficient of its own.")
        do = tr("Let the coefficients vary by “{column}” instead, or leave it out.")
        raise UserError(
            tr("The model has too many coefficients: {n}.").format(n=count),
            why.format(column=largest, n=counts[largest]) if counts else "",
            do.format(column=largest) if counts else tr("Leave out interactions."),
        )


def _category_column(factor: Expression, frame: Frame, knowledge: Knowledge) -> str | None:
    """Return the column whose levels a factor stands for, None for numbers."""
    if isinstance(factor, Call) and factor.function == "factor":
        argument = factor.arguments[0]
        return argument.name if isinstance(argument, Variable) else None
    if isinstance(factor, Variable) and (factor in knowledge.levels or frame.column(factor.name).kind in CODED):
        return factor.name
    return None
