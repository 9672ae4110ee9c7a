"""A question and a table as arrays with names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Table
from mlgui.engine.late import Late
from mlgui.engine.problem import Floats, Problem
from mlgui.findings import Finding
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import Grouping, Term


@dataclass(frozen=True, kw_only=True)
class Coefficient:
    """One column of X. name: lme4's (`SectorCatholic`, `CSES:SectorCatholic`). label: for people (`sector: Catholic`).

    term: the term it belongs to. level: name of the coarsest grouping of the model within which the column is
    constant, "" for the data level. explains: index pairs (grouping, varying coefficient) that it is a group-level
    predictor of, or the average of: (0, 0) and column 1 for the intercept itself.
    """

    name: str
    label: str
    term: Term
    level: str
    explains: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupPredictor:
    """A fixed coefficient's part in the group-level model of one varying coefficient.

    column: index in X. values: (J,) its multiplier in each group (1 for the average itself): the group-level
    prediction of coefficient a in group j is the sum over predictors of values[j] * beta[column].
    """

    column: int
    values: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class VaryingCoefficients:
    """One grouping of the problem, with names. Several random terms on one grouping are merged here.

    names: lme4 names of the q varying coefficients; labels: for people. blocks: coefficient indices of each random
    term as lme4 would list it (`||` makes one block per term). levels: group labels. sizes: rows per group, (J,).
    predictors: for each coefficient, its group-level model.
    """

    grouping: Grouping
    names: tuple[str, ...]
    labels: tuple[str, ...]
    terms: tuple[Term, ...]
    blocks: tuple[tuple[int, ...], ...]
    levels: Late[tuple[str, ...]] = Late()  # noqa: RUF009
    sizes: Late[NDArray[np.int64]] = Late()  # noqa: RUF009
    predictors: Late[tuple[tuple[GroupPredictor, ...], ...]] = Late()  # noqa: RUF009


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """Arrays and names. rows: indices into the table of the rows used; dropped_rows: of those left out, with reasons

    in `dropped_because` (column names with a missing value, per dropped row); excluded_rows: of groups left out on purpose.
    outcome_label: for axis titles.
    residual_levels: labels of the strata or occasions of the residual structure.
    recipe: what is needed to encode new data the same way (`mlgui.design.recipe`).
    """

    spec: ModelSpec
    table: Table
    problem: Problem
    coefficients: Late[tuple[Coefficient, ...]] = Late()  # noqa: RUF009
    groupings: tuple[VaryingCoefficients, ...]
    rows: NDArray[np.int64]
    dropped_rows: NDArray[np.int64]
    dropped_because: tuple[tuple[str, ...], ...]
    outcome_label: str
    recipe: object
    findings: tuple[Finding, ...] = ()
    residual_levels: tuple[str, ...] = ()
    excluded_rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
