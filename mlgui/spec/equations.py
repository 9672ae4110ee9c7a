"""A model as equations: level by level, or all in one.

math_i = alpha_j[i] + beta_j[i] ses_i + epsilon_i
alpha_j = a_0 + b_0 sector_j + eta_alpha,j
beta_j  = a_1 + b_1 sector_j + eta_beta,j
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.spec.coding import Levels, Piece, category_levels, degree, factor_label
from mlgui.spec.equation import EquationLine, Run, Style
from mlgui.spec.expression import Call, Expression, Variable
from mlgui.spec.model import ModelSpec
from mlgui.spec.nouns import capital, group_plural, plural, row_noun
from mlgui.spec.symbols import (
    Batch,
    batches,
    data_level_letters,
    index_of,
    key_of,
    line_number,
    predictor_letters,
    varying_letters,
)
from mlgui.spec.two_level import Explaining, TwoLevel, VaryingColumn, two_level

Runs = tuple[Run, ...]


def by_level(
    spec: ModelSpec, table: Table | None = None, structure: Structure | None = None, *, distributions: bool = False
) -> tuple[EquationLine, ...]:
    """Return one line for the data level, and one for each varying coefficient, finest groups first.

    distributions: add how the residuals and the group-level errors are distributed.
    """
    writer = _Writer(spec, table, structure)
    lines = [EquationLine(level=writer.data_name, runs=writer.data_line())]
    lines.extend(EquationLine(level=writer.group_name(item), runs=writer.group_line(item)) for item in writer.view.varying)
    if distributions:
        lines.extend(writer.distributions())
    return tuple(lines)


def combined(spec: ModelSpec, table: Table | None = None, structure: Structure | None = None) -> tuple[EquationLine, ...]:
    """Return the model as one equation."""
    writer = _Writer(spec, table, structure)
    return (EquationLine(level="", runs=writer.combined_line()),)


class _Writer:
    """The letters of one model, and its lines."""

    def __init__(self, spec: ModelSpec, table: Table | None, structure: Structure | None) -> None:
        self.spec = spec
        self.view: TwoLevel = two_level(spec, table, structure)
        self.data_name = capital(plural(row_noun(table)))
        self._levels = category_levels(spec, table)
        self._letters = dict(zip(self.view.varying, varying_letters(self.view), strict=True))
        self._predictors = predictor_letters(self.view)

    def group_name(self, item: VaryingColumn) -> str:
        """Return the name of the level a varying coefficient belongs to."""
        return capital(group_plural(item.grouping))

    def data_line(self) -> Runs:
        """Return y_i = alpha_j[i] + beta_j[i] x_i + ... + epsilon_i."""
        parts: list[tuple[int, Runs]] = []
        for item in self.view.varying:
            letter = _sub(self._letters[item], f"{self._index(item)}[i]")
            parts.append((len(item.column.pieces), letter + self._variables(item.column.pieces, "i")))
        for batch, greek in zip(batches(self.view.data_level), data_level_letters(self.view), strict=True):
            parts.append((len(batch[0].pieces), self._estimated(batch, greek, "", "i", batch[0].pieces)))
        intercepts_first = sorted(parts, key=lambda part: part[0] > 0)
        terms = [*(runs for _, runs in intercepts_first), *self._offsets(), _sub("ε", "i")]
        return (*self._outcome(), _upright(" = "), *_sum(terms))

    def group_line(self, item: VaryingColumn) -> Runs:
        """Return alpha_j = a_0 + b_0 u_j + eta."""
        index = self._index(item)
        terms = [*self._group_terms(item, index), self._error(item, index)]
        return (*_sub(self._letters[item], index), _upright(" = "), *_sum(terms))

    def combined_line(self) -> Runs:
        """Return the equation in which the group-level models are put into the data level."""
        averages: list[Runs] = []
        errors: list[Runs] = []
        for item in sorted(self.view.varying, key=lambda item: len(item.column.pieces) > 0):
            index = f"{self._index(item)}[i]"
            variables = self._variables(item.column.pieces, "i")
            averages.extend(runs + variables for runs in self._group_terms(item, index))
            errors.append(self._error(item, index) + variables)
        for batch, greek in zip(batches(self.view.data_level), data_level_letters(self.view), strict=True):
            averages.append(self._estimated(batch, greek, "", "i", batch[0].pieces))
        terms = [*averages, *self._offsets(), *errors, _sub("ε", "i")]
        return (*self._outcome(), _upright(" = "), *_sum(terms))

    def distributions(self) -> Iterable[EquationLine]:
        """Yield the distribution of the residual and of each set of correlated group-level errors."""
        weight = (_upright(" / "), *_sub(self.spec.weights, "i")) if self.spec.weights else ()
        variance = (Run(text="σ"), Run(text="2", script="sup", style=Style.UPRIGHT))
        yield EquationLine(level=self.data_name, runs=(*_sub("ε", "i"), *_normal((*variance, *weight))))
        for (_, _), together in groupby(self.view.varying, key=lambda item: (item.grouping, item.block)):
            yield self._distribution(tuple(together))

    def _distribution(self, together: Sequence[VaryingColumn]) -> EquationLine:
        first = together[0]
        index = self._index(first)
        errors = [self._error(item, index) for item in together]
        if len(together) == 1:
            name = self._letters[first] if len(self.view.varying) > 1 else "η"
            variance: Runs = (Run(text="σ"), Run(text=name, script="sub"), Run(text="2", script="sup", style=Style.UPRIGHT))
            return EquationLine(level=self.group_name(first), runs=(*errors[0], *_normal(variance)))
        names = "".join(self._letters[item] for item in together)
        vector = (_upright("("), *_joined(errors, ", "), _upright(")"))
        return EquationLine(level=self.group_name(first), runs=(*vector, *_normal(_sub("Σ", names))))

    def _group_terms(self, item: VaryingColumn, index: str) -> list[Runs]:
        """Return the estimated terms in the model of one varying coefficient."""
        number = line_number(item, self.view)
        by_column = {part.column: part for part in item.explained_by}
        runs: list[Runs] = []
        for batch in batches(tuple(by_column)):
            part: Explaining = by_column[batch[0]]
            letter = self._predictors[key_of(part.multiplier)]
            runs.append(self._estimated(batch, letter, number, index, part.multiplier))
        return runs

    def _estimated(self, batch: Batch, letter: str, number: str, index: str, pieces: Sequence[Piece]) -> Runs:
        """Return an estimated letter and its variables; a category of many levels is an index of its letter."""
        if len(batch) == 1:
            return _letter(letter, number, batch[0].name) + self._variables(pieces, index)
        many = [piece for piece in pieces if piece.factor in self._levels]
        subscript = ",".join([*([number] if number else []), *(f"{factor_label(piece.factor)}[{index}]" for piece in many)])
        return _letter(letter, subscript, "") + self._variables([piece for piece in pieces if piece not in many], index)

    def _variables(self, pieces: Sequence[Piece], index: str) -> Runs:
        runs: list[Run] = []
        for piece in pieces:
            runs.extend((_upright(" "), *_sub(_symbol(piece, self._levels.get(piece.factor)), index)))
        return tuple(runs)

    def _outcome(self) -> Runs:
        return _sub(_expression_symbol(self.spec.outcome), "i")

    def _offsets(self) -> list[Runs]:
        return [(_upright("("), *_sub(_expression_symbol(offset), "i"), _upright(")")) for offset in self.spec.offsets]

    def _error(self, item: VaryingColumn, index: str) -> Runs:
        several = len(self.view.varying) > 1
        return _sub("η", f"{self._letters[item]}{index}" if several else index)

    def _index(self, item: VaryingColumn) -> str:
        return index_of(item.grouping, self.view)


def _symbol(piece: Piece, levels: Levels | None) -> str:
    """Return how a column is written: a category of two levels by its name, others with the level."""
    name = _expression_symbol(piece.factor)
    if levels is None:
        return f"{name}[{piece.index + 1}]" if degree(piece.factor) > 1 else name
    return name if len(levels.labels) <= 2 and not piece.full else f"{name}[{piece.level}]"


def _expression_symbol(expression: Expression) -> str:
    if isinstance(expression, Variable):
        return expression.name
    if isinstance(expression, Call) and expression.function == "mean":
        return f"mean({factor_label(expression.arguments[0])})"
    return factor_label(expression)


def _letter(letter: str, subscript: str, coefficient: str) -> Runs:
    run = Run(text=letter, style=Style.ESTIMATED, coefficient=coefficient)
    if not subscript:
        return (run,)
    return (run, Run(text=subscript, style=Style.ESTIMATED, script="sub", coefficient=coefficient))


def _sub(text: str, subscript: str) -> Runs:
    return (Run(text=text), Run(text=subscript, script="sub"))


def _upright(text: str) -> Run:
    return Run(text=text, style=Style.UPRIGHT)


def _normal(variance: Runs) -> Runs:
    return (_upright(" ~ N(0, "), *variance, _upright(")"))


def _sum(terms: Iterable[Runs]) -> Runs:
    return _joined(terms, " + ")


def _joined(terms: Iterable[Runs], between: str) -> Runs:
    runs: list[Run] = []
    for term in terms:
        runs.extend((_upright(between),) if runs else ())
        runs.extend(term)
    return tuple(runs)
