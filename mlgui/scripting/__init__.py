"""`mlgui.fit`: the program for scripts, pandas in and out. Every method is described in `resources/docs/scripting.md`.

>>> import mlgui, pandas as pd
>>> data = pd.read_csv("resources/examples/sleepstudy/sleepstudy.csv")
>>> model = mlgui.fit("Reaction ~ Days + (Days | Subject)", data)
>>> model.coefficients.round(2)[["term", "estimate", "se", "df"]]
          term  estimate    se    df
0  (Intercept)    251.41  6.82  17.0
1         Days     10.47  1.55  17.0
>>> model.variance_components.round(2)[["group", "term", "sd"]]
      group         term     sd
0   Subject  (Intercept)  24.74
1   Subject         Days   5.92
2  Residual               25.59
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mlgui.data.frames import frame_names, table_from_frame
from mlgui.scripting.checking import Checking
from mlgui.scripting.comparing import compare, side_by_side
from mlgui.scripting.frames import data_frame, names_of, one_of
from mlgui.scripting.inference import Inference
from mlgui.scripting.predicting import Predicting
from mlgui.scripting.reading import read
from mlgui.scripting.simulating import Simulating

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.spec.model import ModelSpec

PENALTIES = ("", "boundary-avoiding")

__all__ = ["FittedModel", "compare", "fit", "read", "side_by_side"]


class FittedModel(Inference, Predicting, Checking, Simulating):
    """A fitted model with its results as data frames; `report` holds everything the window and the files show."""


def fit(
    formula: str,
    data: pd.DataFrame,
    *,
    reml: bool = True,
    weights: str | None = None,
    residual: str | Sequence[str] = (),
    sum_coded: str | Sequence[str] = (),
    penalty: str = "",
) -> FittedModel:
    """Return the multilevel model `formula` (as lme4 writes them) fitted to a data frame, which is not changed.

    Columns of numbers are numbers; texts, truth values and categoricals are categories: a categorical keeps the order
    of its categories, the first being the reference; texts are sorted. weights: name of a column of prior weights,
    Var(e) = sigma^2 / weight. residual: "ar1:GROUP:TIME", "cs:GROUP", "un:GROUP:OCCASION" or "by:CATEGORY"; the last goes
    with the first two as well. sum_coded: names of categories coded by sum contrasts. penalty: "boundary-avoiding"
    keeps variances off 0 and correlations off +-1. Rows with a missing value in a column used are left out.
    UserError says in words what cannot be fitted; its `position` is the character of the formula that is wrong.
    """
    from mlgui.data.structure import find_structure
    from mlgui.session.jobs import fit_model
    from mlgui.spec.formula import parse

    names = frame_names(data_frame(data))
    plain = parse(formula, columns=names, reml=reml, weights=weights)
    spec = _with_options(plain, names, names_of(residual), names_of(sum_coded))
    spec = replace(spec, boundary_avoiding=one_of(penalty, PENALTIES, "penalty") == "boundary-avoiding")
    table = table_from_frame(data, spec.columns)
    report = fit_model(table, find_structure(table), spec)
    return FittedModel(report, data.index)


def _with_options(spec: ModelSpec, names: Sequence[str], residual: Sequence[str], sum_coded: Sequence[str]) -> ModelSpec:
    """Return the model with a residual structure and codings; UserError for a column that is not among `names`."""
    from mlgui.spec.model import Coding, Contrast
    from mlgui.spec.residual import parse_residual

    structure = parse_residual(residual)
    for name in structure.columns:
        one_of(name, names, "residual")
    codings = tuple(Coding(column=one_of(name, names, "sum_coded"), contrast=Contrast.SUM) for name in sum_coded)
    return replace(spec, codings=codings, residual=structure)
