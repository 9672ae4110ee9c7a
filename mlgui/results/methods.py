"""The methods section of a report: how the model was specified and fitted, in sentences that can be cited and checked."""

from __future__ import annotations

from mlgui import __version__
from mlgui.results import numbers
from mlgui.results.data_history import filter_sentence
from mlgui.results.exclusions import excluded_sentence
from mlgui.results.inference import intervals_words
from mlgui.results.nouns import capital, counted, counted_rows, group_plural, joined
from mlgui.results.references import (
    BATES,
    CHUNG,
    HENDERSON,
    KENWARD,
    LMERTEST,
    MLGUI,
    NAKAGAWA,
    PATTERSON,
    SATTERTHWAITE,
    Reference,
)
from mlgui.results.report import Report, VarianceComponent
from mlgui.results.variance import limit_words
from mlgui.spec.inference import DfMethod
from mlgui.spec.model import Contrast
from mlgui.spec.render import render, render_expression
from mlgui.words import ntr, tr


def methods(report: Report) -> tuple[str, ...]:
    """Return the methods section as paragraphs: the model, the data, the estimation and inference."""
    model = [_model(report), *(_varying(component) for component in report.variance), *_coding(report), *_extras(report)]
    fit = [_estimation(report), _inference(report), *_boundary(report), *_shares(report)]
    return " ".join(model), _rows(report), " ".join(fit)


def references(report: Report) -> tuple[Reference, ...]:
    """Return the works the methods section cites, in alphabetical order of their texts."""
    tests = {DfMethod.SATTERTHWAITE: [SATTERTHWAITE, LMERTEST], DfMethod.KENWARD_ROGER: [KENWARD], DfMethod.NORMAL: []}
    found = [BATES, MLGUI, *tests[report.inference.df]]
    found += [CHUNG] if report.estimates.problem.boundary_avoiding else []
    found += [PATTERSON] if report.method == "REML" else []
    found += [HENDERSON, NAKAGAWA] if report.variance else []
    return tuple(sorted(found, key=lambda reference: reference.text.lower()))


def bibtex(report: Report) -> str:
    """Return the references as a BibTeX file."""
    return "\n\n".join(reference.bibtex for reference in references(report)) + "\n"


def coding_texts(report: Report) -> tuple[str, ...]:
    """Return for each category among the predictors how it became columns."""
    spec, table = report.design.spec, report.design.table
    names = dict.fromkeys(name for term in spec.fixed for name in term.columns)
    found = []
    for name in names:
        if name not in table or not table[name].levels:
            continue
        coding = spec.coding(name)
        if coding.contrast is Contrast.SUM:
            text = tr("{column}: deviations from the mean level").format(column=name)
        else:
            text = tr("{column}: differences from {level}").format(column=name, level=coding.reference or table[name].levels[0])
        found.append(text)
    return tuple(found)


def _model(report: Report) -> str:
    return tr("{outcome} was analysed with a linear multilevel model, in the notation of lme4 ({cited}): {formula}.").format(
        outcome=capital(report.design.outcome_label), cited=BATES.short, formula=render(report.design.spec)
    )


def _varying(component: VarianceComponent) -> str:
    what = joined(list(component.labels))
    groups = group_plural(component.grouping)
    if len(component.labels) == 1:
        return tr("Varying between {groups}: {what}.").format(groups=groups, what=what)
    return tr("Varying between {groups}, with their correlations: {what}.").format(groups=groups, what=what)


def _coding(report: Report) -> list[str]:
    texts = coding_texts(report)
    return [tr("Categories were coded as follows. {list}.").format(list="; ".join(texts))] if texts else []


def _extras(report: Report) -> list[str]:
    spec = report.design.spec
    found = []
    if spec.weights:
        text = tr("Rows were weighted by {column}: the residual variance of a row is σ² / {column}.")
        found.append(text.format(column=spec.weights))
    if spec.offsets:
        text = tr("{offsets} entered as a known part of the outcome.")
        found.append(text.format(offsets=joined([render_expression(offset) for offset in spec.offsets])))
    return found


def _rows(report: Report) -> str:
    groups = joined([counted(component.n_groups, component.grouping) for component in _one_each(report)])
    used = counted_rows(report.n, report.design)
    text = tr("The analysis used {rows} in {groups}.") if groups else tr("The analysis used {rows}.")
    chosen = (filter_sentence(report.design.table), excluded_sentence(report.design))
    sentence = " ".join(filter(None, [text.format(rows=used, groups=groups), *chosen]))
    left_out = len(report.design.dropped_rows)
    if not left_out:
        return sentence if any(chosen) else sentence + " " + tr("No row was left out.")
    columns = joined(sorted({name for names in report.design.dropped_because for name in names}))
    out = ntr(
        "{n} row was left out, as a value was missing in {columns} (complete cases).",
        "{n} rows were left out, as a value was missing in {columns} (complete cases).",
        left_out,
    )
    return sentence + " " + out.format(n=numbers.count(left_out), columns=columns)


def _one_each(report: Report) -> list[VarianceComponent]:
    return list({component.grouping: component for component in report.variance}.values())


def _estimation(report: Report) -> str:
    if report.method == "REML":
        method = tr("restricted maximum likelihood ({cited})").format(cited=PATTERSON.short)
    else:
        method = tr("maximum likelihood")
    text = tr("Parameters were estimated by {method} in mlgui {version}.").format(method=method, version=__version__)
    if report.estimates.problem.boundary_avoiding:
        text += " " + tr(
            "A penalty kept variances off 0 and correlations off ±1: the mode under Gamma(2, 0) densities of standard "
            "deviations, Wishart densities of covariances, relative to the residual ({cited}). Criteria are without it."
        ).format(cited=CHUNG.short)
    if report.certificate.passed:
        text += " " + tr("That the criterion is at a minimum was checked by its first and second derivatives.")
    return text


def _inference(report: Report) -> str:
    if report.inference.is_plain:
        return _plain_inference()
    text = tr("Standard errors of the average coefficients take the estimated variances as known; {tests}; 95 % CI {intervals}.")
    tests = {
        DfMethod.SATTERTHWAITE: tr("t tests use degrees of freedom by Satterthwaite's approximation ({cited})"),
        DfMethod.KENWARD_ROGER: tr("t tests use Kenward and Roger's standard errors and degrees of freedom ({cited})"),
        DfMethod.NORMAL: tr("z tests compare them with the normal distribution"),
    }[report.inference.df]
    cited = KENWARD if report.inference.df is DfMethod.KENWARD_ROGER else SATTERTHWAITE
    return text.format(tests=tests.format(cited=cited.short), intervals=intervals_words(report))


def _plain_inference() -> str:
    return tr(
        "Standard errors of the average coefficients take the estimated variances as known; t tests and 95 % confidence "
        "intervals use degrees of freedom by Satterthwaite's approximation ({first}; {second})."
    ).format(first=SATTERTHWAITE.short, second=LMERTEST.short)


def _boundary(report: Report) -> list[str]:
    words = [
        tr("{groups}: {what}").format(groups=group_plural(component.grouping), what=_at_boundary(component))
        for component in report.variance
        if component.boundary
    ]
    if not words:
        return []
    text = tr(
        "The estimates lie on the boundary of what is possible ({list}); tests and intervals take this as given and may be too "
        "narrow."
    )
    return [text.format(list="; ".join(words))]


def _at_boundary(component: VarianceComponent) -> str:
    """Return what is at the boundary, with the upper limits of SDs of 0."""
    limits = [limit_words(component, position) for position in range(len(component.names))]
    return ", ".join([component.boundary, *filter(None, limits)])


def _shares(report: Report) -> list[str]:
    if not report.variance:
        return []
    return [
        tr(
            "Estimates of groups are empirical best linear unbiased predictions ({first}). R² and ICC are shares of variance "
            "({second})."
        ).format(first=HENDERSON.short, second=NAKAGAWA.short)
    ]
