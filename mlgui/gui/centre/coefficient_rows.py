"""The rows of the table below the coefficient plot: models in columns."""

from __future__ import annotations

from collections.abc import Sequence

from mlgui.gui.items.cells import Cell
from mlgui.results import numbers
from mlgui.results.fixed import with_confidence
from mlgui.results.group_model import indexed_symbol
from mlgui.results.inference import inference_note
from mlgui.results.report import FixedEffect, Report
from mlgui.words import tr

NamedModel = tuple[str, tuple[str, str], Report]


def comparison_headings(models: Sequence[NamedModel], confidence: float) -> list[Cell]:
    """Return the headings: a name, then estimate, interval and p of each model."""
    found = [Cell(text=tr("Coefficient"), colour="ink2")]
    interval = tr("{n} CI").format(n=numbers.percent(confidence))
    for name, mark, _ in models:
        found.append(Cell(text=name, right=True, colour="ink2", mark=mark if len(models) > 1 else None))
        found.append(Cell(text=interval, right=True, colour="ink2"))
        found.append(Cell(text=tr("p"), right=True, colour="ink2"))
    return found


def comparison_rows(models: Sequence[NamedModel], confidence: float, *, standardised: bool) -> list[list[Cell]]:
    """Return a row per coefficient of any model, then the standard deviations and AIC."""
    reports = [report for _, _, report in models]
    labels = dict.fromkeys((effect.name, effect.label) for report in reports for effect in report.fixed)
    scales = [_scales(report, standardised=standardised) for report in reports]
    digits = numbers.decimals_for((), [e.se * s[e.name] for r, s in zip(reports, scales) for e in r.fixed])
    rows = []
    for name, text in labels:
        row = [Cell(text=text, tip=name, key=name)]
        for report, scale in zip(reports, scales):
            effect = next((effect for effect in report.fixed if effect.name == name), None)
            row += _effect_cells(effect, scale.get(name, 1.0), confidence, digits)
        rows.append(row)
    return rows + _spread_rows(reports) + _criterion_rows(reports)


def comparison_note(reports: Sequence[Report]) -> str:
    """Return what the last rows mean and where models cannot be compared by them."""
    if len(reports) > 1 and not comparable(reports):
        return tr("AIC is left out: it does not compare REML fits with other average coefficients, or fits of other rows.")
    return " ".join(dict.fromkeys(inference_note(report) for report in reports))


def comparable(reports: Sequence[Report]) -> bool:
    """Return whether AIC compares these fits: same rows and method, and for REML the same average coefficients."""
    first = reports[0]
    names = {effect.name for effect in first.fixed}
    return all(
        report.method == first.method
        and report.n == first.n
        and (report.method == "ML" or {effect.name for effect in report.fixed} == names)
        for report in reports
    )


def _scales(report: Report, *, standardised: bool) -> dict[str, float]:
    """Return the multiplier of each coefficient: the SD of its column of X, or 1."""
    x = report.design.problem.x
    return {e.name: float(x[:, k].std(ddof=1)) if standardised else 1.0 for k, e in enumerate(report.fixed)}


def _effect_cells(effect: FixedEffect | None, scale: float, confidence: float, digits: int) -> list[Cell]:
    if effect is None or not effect.estimable:
        tip = "" if effect is None else tr("Not estimable: this column follows from the others")
        return [Cell(text=numbers.MISSING, right=True, colour="ink3", tip=tip), Cell(), Cell()]
    shown = with_confidence(effect, confidence)
    return [
        Cell(text=numbers.number(shown.estimate * scale, digits), right=True, bold=True),
        Cell(text=numbers.interval(shown.low * scale, shown.high * scale, digits), right=True, colour="ink2"),
        Cell(text=numbers.p_value(shown.p), right=True),
    ]


def _spread_rows(reports: Sequence[Report]) -> list[list[Cell]]:
    """Return the SD of each varying coefficient and the residual SD."""
    spreads = [_spreads(report) for report in reports]
    digits = numbers.decimals_of_spread([sd for found in spreads for sd in found.values()])
    rows = []
    for name in dict.fromkeys(name for found in spreads for name in found):
        row = [Cell(text=name, colour="ink2")]
        for found in spreads:
            text = numbers.number(found[name], digits) if name in found else numbers.MISSING
            row += [Cell(text=text, right=True), Cell(), Cell()]
        rows.append(row)
    return rows


def _spreads(report: Report) -> dict[str, float]:
    several = len(report.groups) > 1
    found = {}
    for component in report.variance:
        for position, index in enumerate(component.indices):
            name = tr("SD of {symbol}").format(symbol=indexed_symbol(report, component.grouping, index))
            found[f"{name} ({component.grouping})" if several else name] = float(component.sd[position])
    return found | {tr("Residual SD"): report.sigma}


def _criterion_rows(reports: Sequence[Report]) -> list[list[Cell]]:
    if not comparable(reports):
        return []
    best = min(report.aic for report in reports)
    row = [Cell(text=tr("AIC ({method})").format(method=reports[0].method), colour="ink2")]
    for report in reports:
        bold = len(reports) > 1 and report.aic == best
        row += [Cell(text=numbers.number(report.aic, 1), right=True, bold=bold), Cell(), Cell()]
    return [row]
