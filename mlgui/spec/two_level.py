"""A model seen at its levels: what varies by which groups, what explains that, and what is left at the data level.

Every fixed coefficient has one home: the model of the varying coefficient it is the average of, or that it explains
(its column is that coefficient's column times something constant in every group); else the data level.
"""

from __future__ import annotations

from dataclasses import dataclass

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.spec.coding import NamedColumn, Piece, category_levels, factor_label, lme4_blocks, plan
from mlgui.spec.constancy import coarseness, constant_within
from mlgui.spec.expression import Expression
from mlgui.spec.model import ModelSpec
from mlgui.spec.nouns import group_noun
from mlgui.spec.order import contains
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class Explaining:
    """A fixed coefficient in the model of a varying one. multiplier: the group-level part of its column, () for the average."""

    column: NamedColumn
    multiplier: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class VaryingColumn:
    """One varying coefficient. block: coefficients with the same number are correlated (within a grouping)."""

    grouping: Grouping
    column: NamedColumn
    block: int
    explained_by: tuple[Explaining, ...]


@dataclass(frozen=True, kw_only=True)
class TwoLevel:
    """The view. groupings: finest first. varying: in the order of groupings. data_level: the other fixed coefficients."""

    groupings: tuple[Grouping, ...]
    varying: tuple[VaryingColumn, ...]
    data_level: tuple[NamedColumn, ...]


@dataclass(frozen=True, kw_only=True)
class GroupModel:
    """One line of the group-level model: what explains the coefficients of one term. explained_by: group-level terms."""

    grouping: Grouping
    coefficient: Term
    explained_by: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Whether a coefficient varies by a grouping. reason: why it cannot, "" if it can."""

    varies: bool
    reason: str = ""

    @property
    def possible(self) -> bool:
        """Whether the cell can be ticked."""
        return not self.reason


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """One coefficient of the model. average: whether its average is estimated. cells: one per grouping, in the model's order."""

    term: Term
    label: str
    average: bool
    cells: tuple[Cell, ...]


def groupings_of(spec: ModelSpec) -> tuple[Grouping, ...]:
    """Return the groupings of a model in the order written, each once."""
    found: dict[frozenset[str], Grouping] = {}
    for random in spec.random:
        found.setdefault(frozenset(random.grouping.columns), random.grouping)
    return tuple(found.values())


def two_level(spec: ModelSpec, table: Table | None = None, structure: Structure | None = None) -> TwoLevel:
    """Return a model at its levels. Without a table every column counts as a number that varies between rows."""
    levels = category_levels(spec, table)
    groupings = sorted(groupings_of(spec), key=lambda grouping: coarseness(grouping, structure), reverse=True)
    slots = [
        (grouping, block, column)
        for grouping in groupings
        for block, terms in enumerate(lme4_blocks(_random_of(spec, grouping)))
        for column in plan(terms, levels)
    ]
    homes: list[list[Explaining]] = [[] for _ in slots]
    data_level: list[NamedColumn] = []
    for column in plan(spec.fixed, levels):
        fitting = [
            (len(slot.pieces), -index, index)
            for index, (grouping, _, slot) in enumerate(slots)
            if _explains(column, slot, grouping, structure, table)
        ]
        if not fitting:
            data_level.append(column)
            continue
        most = max(fitting)[0]  # the most specific coefficient, then the coarsest grouping
        index = max(index for pieces, _, index in fitting if pieces == most)
        rest = tuple(piece for piece in column.pieces if piece not in slots[index][2].pieces)
        homes[index].append(Explaining(column=column, multiplier=rest))
    varying = tuple(
        VaryingColumn(grouping=grouping, block=block, column=column, explained_by=tuple(home))
        for (grouping, block, column), home in zip(slots, homes, strict=True)
    )
    return TwoLevel(groupings=tuple(groupings), varying=varying, data_level=tuple(data_level))


def group_models(spec: ModelSpec, table: Table | None = None, structure: Structure | None = None) -> tuple[GroupModel, ...]:
    """Return the lines "intercepts explained by ...", "slopes of x explained by ...", grouping by grouping as written."""
    view = two_level(spec, table, structure)
    models: list[GroupModel] = []
    for grouping in groupings_of(spec):
        terms = dict.fromkeys(item.column.term for item in view.varying if item.grouping == grouping)
        for term in terms:
            explained = dict.fromkeys(
                Term(tuple(piece.factor for piece in part.multiplier))
                for item in view.varying
                if item.grouping == grouping and item.column.term == term
                for part in item.explained_by
                if part.multiplier
            )
            models.append(GroupModel(grouping=grouping, coefficient=term, explained_by=tuple(explained)))
    return tuple(models)


def coefficient_matrix(spec: ModelSpec, table: Table | None = None, structure: Structure | None = None) -> tuple[MatrixRow, ...]:
    """Return one row per coefficient term, the intercept first, with one cell per grouping of the model."""
    varying = (term for random in spec.random for term in random.terms)
    terms = dict.fromkeys((INTERCEPT, *spec.fixed, *varying))
    unique: list[Term] = []
    for term in terms:
        if not contains(unique, term):
            unique.append(term)
    groupings = groupings_of(spec)
    return tuple(
        MatrixRow(
            term=term,
            label=term_label(term),
            average=contains(spec.fixed, term),
            cells=tuple(_cell(spec, term, grouping, structure, table) for grouping in groupings),
        )
        for term in unique
    )


def term_label(term: Term) -> str:
    """Return a term for people: "ses × sector", "Intercept"."""
    return " × ".join(map(factor_label, term.factors)) or tr("Intercept")


def reason_constant(term: Term, grouping: Grouping, structure: Structure | None = None, table: Table | None = None) -> str:
    """Return why the coefficient of a term cannot vary by a grouping, "" if it can.

    A predictor that is constant in a group has no slope there; an interaction with one cannot be told from the rest.
    """
    constant = [factor for factor in term.factors if constant_within(factor, grouping, structure, table)]
    if not constant:
        return ""
    rest = tuple(factor for factor in term.factors if factor not in constant)
    if rest:
        return tr("covered by {term}").format(term=term_label(Term(rest)))
    noun = group_noun(grouping)
    return (tr("constant in an {group}") if noun[:1] in "aeio" else tr("constant in a {group}")).format(group=noun)


def _cell(spec: ModelSpec, term: Term, grouping: Grouping, structure: Structure | None, table: Table | None) -> Cell:
    if any(contains(random.terms, term) for random in _random_of(spec, grouping)):
        return Cell(varies=True)
    return Cell(varies=False, reason=reason_constant(term, grouping, structure, table))


def _random_of(spec: ModelSpec, grouping: Grouping) -> list[RandomTerm]:
    own = frozenset(grouping.columns)
    return [random for random in spec.random if frozenset(random.grouping.columns) == own]


def _explains(
    column: NamedColumn, slot: NamedColumn, grouping: Grouping, structure: Structure | None, table: Table | None
) -> bool:
    if not set(slot.pieces) <= set(column.pieces):
        return False
    rest: list[Expression] = [piece.factor for piece in column.pieces if piece not in slot.pieces]
    return all(constant_within(factor, grouping, structure, table) for factor in rest)
