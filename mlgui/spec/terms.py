"""The parts of a model: average terms, groupings, and what varies by them."""

from __future__ import annotations

from dataclasses import dataclass

from mlgui.spec.expression import Expression, columns_of


@dataclass(frozen=True)
class Term:
    """A product of expressions: one factor is a main effect, more are an interaction. `Term(())` is the intercept."""

    factors: tuple[Expression, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the term reads, each once."""
        return tuple(dict.fromkeys(name for factor in self.factors for name in columns_of(factor)))

    @property
    def order(self) -> int:
        """Number of factors: 0 for the intercept."""
        return len(self.factors)

    def same_as(self, other: Term) -> bool:
        """Whether both are products of the same factors, in whatever order."""
        return frozenset(self.factors) == frozenset(other.factors)


INTERCEPT = Term(())


@dataclass(frozen=True)
class Grouping:
    """The groups of one random term: a column, or the combinations of several ("school", "class" inside it).

    columns are written inner first, as lme4 names them: `class:school`.
    """

    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """lme4's name: columns joined with a colon."""
        return ":".join(self.columns)


@dataclass(frozen=True)
class RandomTerm:
    """`(terms | grouping)`: the coefficients of `terms` vary by group. correlated=False is lme4's `||`.

    The intercept, where it varies, is `INTERCEPT` in `terms` (first).
    """

    terms: tuple[Term, ...]
    grouping: Grouping
    correlated: bool = True
