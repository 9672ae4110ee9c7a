"""The question asked of a table. Immutable; `dataclasses.replace` and `mlgui.spec.edits` are the only ways to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from mlgui.spec.exclusion import Exclusion
from mlgui.spec.expression import Expression, columns_of
from mlgui.spec.inference import Inference
from mlgui.spec.residual import ResidualTerm
from mlgui.spec.terms import RandomTerm, Term


class Contrast(StrEnum):
    """How a category becomes columns. TREATMENT: differences from the reference. SUM: deviations from the mean level."""

    TREATMENT = "treatment"
    SUM = "sum"


@dataclass(frozen=True, kw_only=True)
class Coding:
    """The coding of one category. reference: the level the others are compared with; "" is the column's first level."""

    column: str
    contrast: Contrast = Contrast.TREATMENT
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """One multilevel model.

    outcome: an expression, nearly always a Variable. fixed: average terms in the order written, INTERCEPT first where
    there is one. random: what varies by group. offsets: known parts of the outcome, coefficient 1. weights: column of
    prior weights, Var(e_i) = sigma^2 / w_i. reml: REML, or ML. codings: only where they differ from the default.
    residual: how residuals are related. excluded: groups whose rows are left out. inference: how it is tested.
    boundary_avoiding: keep variances off 0 by a penalty.
    """

    outcome: Expression
    fixed: tuple[Term, ...]
    random: tuple[RandomTerm, ...] = ()
    offsets: tuple[Expression, ...] = ()
    weights: str | None = None
    reml: bool = True
    codings: tuple[Coding, ...] = ()
    residual: ResidualTerm = field(default_factory=ResidualTerm)
    excluded: tuple[Exclusion, ...] = ()
    inference: Inference = field(default_factory=Inference)
    boundary_avoiding: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the model reads, outcome first, each once."""
        names = [*columns_of(self.outcome)]
        for term in (*self.fixed, *(term for random in self.random for term in random.terms)):
            names.extend(term.columns)
        for random in self.random:
            names.extend(random.grouping.columns)
        for offset in self.offsets:
            names.extend(columns_of(offset))
        if self.weights:
            names.append(self.weights)
        names.extend(self.residual.columns)
        for exclusion in self.excluded:
            names.extend(exclusion.grouping.columns)
        return tuple(dict.fromkeys(names))

    def coding(self, column: str) -> Coding:
        """Return how `column` is coded."""
        for coding in self.codings:
            if coding.column == column:
                return coding
        return Coding(column=column)
