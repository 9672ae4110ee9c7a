"""Terms as named columns: which level of a category each column stands for, and what R calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from mlgui.data.table import CODED, Table
from mlgui.errors import UserError
from mlgui.spec.expression import Call, Expression, Number, Variable
from mlgui.spec.model import Coding, Contrast, ModelSpec
from mlgui.spec.render import render_expression
from mlgui.spec.terms import INTERCEPT, RandomTerm, Term
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class Levels:
    """The levels of one category in the model, the reference first, and its contrast."""

    labels: tuple[str, ...]
    contrast: Contrast = Contrast.TREATMENT


def ordered_levels(levels: Sequence[str], coding: Coding) -> Levels:
    """Return the levels as a contrast uses them. UserError if the reference does not occur in the rows used."""
    reference = coding.reference
    if coding.contrast is Contrast.SUM or not reference:
        return Levels(labels=tuple(levels), contrast=coding.contrast)
    if reference not in levels:
        raise UserError(
            tr("“{level}” cannot be the reference of “{column}”.").format(level=reference, column=coding.column),
            tr("No row that is used has this level."),
            tr("Choose another reference."),
        )
    return Levels(labels=(reference, *(level for level in levels if level != reference)), contrast=coding.contrast)


def contrast_names(levels: Levels, *, full: bool) -> tuple[str, ...]:
    """Return what R appends to the column name: the level, or the number of the column for sum contrasts."""
    if full:
        return tuple(map(level_name, levels.labels))
    if levels.contrast is Contrast.SUM:
        return tuple(str(number) for number in range(1, len(levels.labels)))
    return tuple(map(level_name, levels.labels[1:]))


def contrast_labels(levels: Levels, *, full: bool) -> tuple[str, ...]:
    """Return the level each column stands for."""
    if full:
        return levels.labels
    return levels.labels[:-1] if levels.contrast is Contrast.SUM else levels.labels[1:]


def level_name(label: str) -> str:
    """Return a level as R names it: logical values in capitals."""
    return label.upper() if label.lower() in ("true", "false") else label


def full_codings(terms: Sequence[Term], categories: frozenset[Expression]) -> tuple[frozenset[Expression], ...]:
    """Return for each term the categories in it that are coded by all their levels instead of by contrasts.

    The rule is R's (Chambers & Hastie 1992, p. 38, as in stats::model.matrix): a category takes contrasts where its
    margin, the term without it, is contained in an earlier term or is empty; without an intercept the first
    category met takes all its levels.
    """
    found: list[frozenset[Expression]] = []
    first_missing = not any(term.order == 0 for term in terms)
    for position, term in enumerate(terms):
        full = {factor for factor in term.factors if factor in categories and not _margin_present(terms, position, factor)}
        if first_missing:
            first = next((factor for factor in term.factors if factor in categories), None)
            if first is not None:
                full.add(first)
                first_missing = False
        found.append(frozenset(full))
    return tuple(found)


def _margin_present(terms: Sequence[Term], position: int, factor: Expression) -> bool:
    margin = frozenset(terms[position].factors) - {factor}
    return not margin or any(margin <= frozenset(term.factors) for term in terms[:position])


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One factor's part in a column: which of its columns, and whether a category is coded by all its levels.

    name: R's. label: for people. level: the level of a category the column stands for, "" for numbers.
    """

    factor: Expression
    index: int
    full: bool
    name: str
    label: str
    level: str = ""


@dataclass(frozen=True, kw_only=True)
class NamedColumn:
    """One column to be: the product of its pieces. name: lme4's. label: for people."""

    term: Term
    pieces: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """lme4's name of the coefficient."""
        return ":".join(piece.name for piece in self.pieces) or "(Intercept)"

    @property
    def label(self) -> str:
        """The coefficient's name for people."""
        return " × ".join(piece.label for piece in self.pieces) or tr("Intercept")


def count_columns(terms: Sequence[Term], levels: Mapping[Expression, Levels]) -> int:
    """Return how many columns the terms have at most; cheap, so that a plan too large to make is known beforehand."""
    widths = {factor: len(levels[factor].labels) if factor in levels else degree(factor) for t in terms for factor in t.factors}
    return sum(prod(widths[factor] for factor in term.factors) for term in terms)


def plan(terms: Sequence[Term], levels: Mapping[Expression, Levels]) -> tuple[NamedColumn, ...]:
    """Return the columns of one list of terms, in R's order: within an interaction the first factor runs fastest.

    levels: of every factor that is a category; all others are numbers.
    """
    columns: list[NamedColumn] = []
    for term, full in zip(terms, full_codings(terms, frozenset(levels)), strict=True):
        pieces = [_pieces(factor, levels.get(factor), factor in full) for factor in term.factors]
        columns.extend(NamedColumn(term=term, pieces=tuple(reversed(choice))) for choice in product(*reversed(pieces)))
    return tuple(columns)


def degree(factor: Expression) -> int:
    """Return how many columns a factor that holds numbers has: the degree of poly, else 1."""
    if isinstance(factor, Call) and factor.function == "poly" and isinstance(factor.arguments[1], Number):
        return int(factor.arguments[1].value)
    return 1


def factor_label(factor: Expression) -> str:
    """Return a factor's name for people: a column without backticks, a group mean in words."""
    if isinstance(factor, Variable):
        return factor.name
    if isinstance(factor, Call) and factor.function == "mean":
        return tr("mean of {x} by {group}").format(x=factor_label(factor.arguments[0]), group=factor_label(factor.arguments[1]))
    if isinstance(factor, Call) and factor.function == "factor":
        return factor_label(factor.arguments[0])
    return render_expression(factor)


def _pieces(factor: Expression, levels: Levels | None, full: bool) -> list[Piece]:
    name, label = render_expression(factor), factor_label(factor)
    if levels is not None:
        named = zip(contrast_names(levels, full=full), contrast_labels(levels, full=full), strict=True)
        return [
            Piece(factor=factor, index=index, full=full, name=name + suffix, label=f"{label}: {level}", level=level)
            for index, (suffix, level) in enumerate(named)
        ]
    if not (isinstance(factor, Call) and factor.function == "poly"):
        return [Piece(factor=factor, index=0, full=False, name=name, label=label)]
    numbers = range(1, degree(factor) + 1)
    return [Piece(factor=factor, index=k - 1, full=False, name=f"{name}{k}", label=f"{label} {k}") for k in numbers]


def lme4_blocks(random: Sequence[RandomTerm]) -> list[tuple[Term, ...]]:
    """Return the lists of terms that are correlated: one per `|` term, one per coefficient term of a `||` term.

    As in lme4, `(x || g)` is `(1 | g) + (0 + x | g)`, so that a category after `||` is coded by all its levels.
    """
    blocks: list[tuple[Term, ...]] = []
    for term in random:
        if term.correlated:
            blocks.append(term.terms)
        else:
            blocks.extend((INTERCEPT,) if each.order == 0 else (each,) for each in term.terms)
    return blocks


def category_levels(spec: ModelSpec, table: Table | None) -> dict[Expression, Levels]:
    """Return the levels of every factor of the model that is a category; none without a table."""
    terms = (*spec.fixed, *(term for random in spec.random for term in random.terms))
    factors = dict.fromkeys(factor for term in terms for factor in term.factors)
    found: dict[Expression, Levels] = {}
    for factor in factors if table is not None else ():
        name = factor.name if isinstance(factor, Variable) else ""
        if table is not None and name in table and table[name].kind in CODED:
            coding = spec.coding(name)
            known = coding if coding.reference in table[name].levels else replace(coding, reference="")
            found[factor] = ordered_levels(table[name].levels, known)
    return found
