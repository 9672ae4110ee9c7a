"""Compared models as tables: criteria and tests, and every estimate side by side with what differs marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from mlgui.results import numbers
from mlgui.results.compare import Compared, ComparedModel
from mlgui.results.random_terms import null_words
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

Texts = dict[str, str]
"""Label of an estimate: its text in one model."""


def criteria_table(compared: Compared, simulated: Mapping[int, float] | None = None) -> ResultTable:
    """Return one row per model: parameters, log likelihood, criteria, and the test against the smaller neighbour.

    simulated: p of the tests by parametric bootstrap, by place of the larger model.
    """
    p_simulated = [(simulated or {}).get(place) for place in range(len(compared.models))]
    bootstrap = ResultColumn(key="p_bootstrap", heading=tr("p, simulated"), cells=p_simulated, format=Format.P)
    models, tests = compared.models, {test.larger: test for test in compared.tests}

    def column(key: str, heading: str, value: Callable[[ComparedModel], float], decimals: int = 1) -> ResultColumn:
        cells = [value(model) for model in models]
        return ResultColumn(key=key, heading=heading, cells=cells, format=Format.NUMBER, decimals=decimals)

    best = min(model.estimates.aic for model in models)
    found = [tests.get(place) for place in range(len(models))]
    return ResultTable(
        key="comparison",
        title=tr("Models compared"),
        columns=(
            ResultColumn(key="model", heading=tr("Model"), cells=[model.label for model in models]),
            ResultColumn(key="formula", heading=tr("Formula"), cells=[model.formula for model in models]),
            column("parameters", tr("Parameters"), lambda model: model.estimates.n_parameters, 0),
            column("log_likelihood", tr("Log likelihood"), lambda model: model.estimates.log_likelihood, 2),
            column("aic", tr("AIC"), lambda model: model.estimates.aic),
            column("aic_difference", tr("AIC less the best"), lambda model: model.estimates.aic - best),
            column("aicc", tr("AICc"), lambda model: model.aicc),
            column("bic", tr("BIC"), lambda model: model.estimates.bic),
            ResultColumn(key="against", heading=tr("Tested against"),
                         cells=[models[test.smaller].label if test else None for test in found]),
            ResultColumn(key="chi2", heading=tr("χ²"), cells=[test.chi2 if test else None for test in found],
                         format=Format.NUMBER),
            ResultColumn(key="df", heading=tr("df"), cells=[test.df if test else None for test in found], format=Format.COUNT),
            ResultColumn(key="p", heading=tr("p"), cells=[test.p if test else None for test in found], format=Format.P),
            ResultColumn(key="null", heading=tr("Compared with"), cells=[null_words(test.ratio.null) if test else None
                                                                         for test in found]),
            *([bootstrap] if simulated else []),
        ),
        note=comparison_note(compared),
    )  # fmt: skip


def side_by_side_table(compared: Compared) -> ResultTable:
    """Return one row per estimate and one column per model, as reported; "differs" marks what not all models have."""
    parts = [_estimates(model) for model in compared.models]
    labels = dict.fromkeys(label for part in parts for label in part)
    return ResultTable(
        key="side_by_side",
        title=tr("Estimates side by side"),
        columns=(
            ResultColumn(key="estimate", heading=tr("Estimate"), cells=list(labels)),
            *(
                ResultColumn(key=f"model_{place}", heading=model.label, cells=[part.get(label) for label in labels])
                for place, (model, part) in enumerate(zip(compared.models, parts, strict=True), start=1)
            ),
            ResultColumn(key="differs", heading=tr("Differs"),
                         cells=["" if all(label in part for part in parts) else tr("yes") for label in labels]),
        ),
        note=tr("Average coefficients with standard errors in brackets; then SDs between groups. As each model was reported."),
    )  # fmt: skip


def comparison_note(compared: Compared) -> str:
    """Return how the criteria were made comparable, and how to read them."""
    sentences = [compared.why] if compared.why else []
    sentences.append(
        tr("Criteria by {method} on {n} rows; smaller is better for AIC, AICc and BIC (n = rows).").format(
            method=compared.method, n=numbers.count(compared.n)
        )
    )
    if any(test.upper_bound for test in compared.tests):
        sentences.append(
            tr("Where an upper bound is named, p is at most that: a variance of 0 lies at the edge of what is possible.")
        )
    return " ".join(sentences)


def _estimates(model: ComparedModel) -> Texts:
    report = model.report
    fixed = [effect for effect in report.fixed if effect.estimable]
    digits = numbers.decimals_for([effect.estimate for effect in fixed], [effect.se for effect in fixed])
    found = {
        effect.label: f"{numbers.number(effect.estimate, digits)} ({numbers.number(effect.se, digits)})" for effect in fixed
    }
    places = numbers.decimals_of_spread([report.sigma, *(float(sd) for one in report.variance for sd in one.sd)])
    for one in report.variance:
        for index, (label, sd) in enumerate(zip(one.labels, one.sd, strict=True)):
            found[tr("SD of {what} by {grouping}").format(what=label, grouping=one.grouping)] = numbers.number(float(sd), places)
            for other in range(index) if one.correlation is not None else ():
                name = tr("Correlation of {first} and {second} by {grouping}").format(
                    first=one.labels[other], second=label, grouping=one.grouping
                )
                correlation = np.nan if one.correlation is None else one.correlation[index, other]
                found[name] = numbers.number(float(correlation))
    return {**found, tr("Residual SD"): numbers.number(report.sigma, places), tr("Rows"): numbers.count(report.n)}
