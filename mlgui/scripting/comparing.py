"""Several fitted models beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlgui.errors import UserError
from mlgui.scripting.fitted import Fitted
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.results.compare import ComparedModel, NestedTest


def compare(*models: Fitted, labels: Sequence[str] = (), replicates: int = 0, seed: int = 1) -> pd.DataFrame:
    """Return criteria on equal terms, one model a row, and the test of each model against the one above, where nested.

    `mlgui.compare(small, large, labels=["no slopes", "slopes"])`: index: labels. formula, method (REML only where all have
    it and the same average terms, else ML), n (rows all use), refitted, parameters, log_likelihood, aic, aicc, bic;
    against (label), chi2, df, p; null: what p is from, as in `random_tests`; upper_bound: the true p is smaller, as a
    variance of 0 lies at the edge of what is possible.
    With replicates, p_bootstrap is by refits of data simulated from the smaller model of each test.
    UserError for different outcomes or weights.
    """
    import pandas as pd

    from mlgui.results.compare import compare as compared_models

    found = compared_models([model.report for model in _models(models)], labels)
    names = [model.label for model in found.models]
    tests = {max(test.smaller, test.larger): test for test in found.tests}
    rows = [
        {"formula": model.formula, "method": found.method, "n": found.n, "refitted": model.refitted, **_criteria(model),
         **_test(tests.get(place), names)}
        for place, model in enumerate(found.models)
    ]  # fmt: skip
    compared = pd.DataFrame(rows, index=pd.Index(names, name="model"))
    if replicates:
        p = {place: test.ratio.simulate(replicates, seed).p for place, test in tests.items()}
        compared["p_bootstrap"] = [p.get(place, float("nan")) for place in range(len(names))]
    return compared


def side_by_side(*models: Fitted, labels: Sequence[str] = ()) -> pd.DataFrame:
    """Return every estimate as reported, one model a column: coefficients, SDs, correlations, shares; NaN where it has none.

    `mlgui.side_by_side(small, large)`: index: part and quantity, in words.
    """
    import pandas as pd

    from mlgui.results.side_by_side import rows

    reports = [model.report for model in _models(models)]
    found = rows(reports)
    names = [*labels, *(tr("Model {n}").format(n=place) for place in range(len(labels) + 1, len(reports) + 1))]
    index = pd.MultiIndex.from_tuples([(str(row.part), row.label) for row in found], names=["part", "quantity"])
    values = [[float("nan") if entry is None else entry.value for entry in row.entries] for row in found]
    return pd.DataFrame(values, index=index, columns=names[: len(reports)])


def _models(models: Sequence[Fitted]) -> Sequence[Fitted]:
    """Return the models; UserError where there are none."""
    if not models:
        raise UserError(tr("There is no model to compare."), "", tr("Fit a model first."))
    return models


def _criteria(model: ComparedModel) -> dict[str, float]:
    estimates = model.estimates
    return {
        "parameters": estimates.n_parameters, "log_likelihood": estimates.log_likelihood, "aic": estimates.aic,
        "aicc": model.aicc, "bic": estimates.bic,
    }  # fmt: skip


def _test(test: NestedTest | None, names: Sequence[str]) -> dict[str, object]:
    """Return the test of a model and the one above it, under the label of the latter."""
    if test is None:
        return {"against": "", "chi2": float("nan"), "df": float("nan"), "p": float("nan"), "null": "", "upper_bound": False}
    above = min(test.smaller, test.larger)
    return {
        "against": names[above], "chi2": test.chi2, "df": test.df, "p": test.p, "null": str(test.ratio.null),
        "upper_bound": test.upper_bound,
    }  # fmt: skip
