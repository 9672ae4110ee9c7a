"""The rows of the Overview, read from a report: average coefficients by what they explain, and what varies."""

from __future__ import annotations

import math

import numpy as np

from mlgui.gui.items.cells import Cell, Interval
from mlgui.gui.painting.ticks import nice_ticks, tick_labels
from mlgui.results import numbers
from mlgui.results.factors import is_category, reference_level
from mlgui.results.fixed import home_of
from mlgui.results.group_model import coefficient_symbol, coefficient_title, model_columns
from mlgui.results.identified_checks import identified
from mlgui.results.inference import df_words, sd_interval
from mlgui.results.nouns import group_noun, joined, row_noun
from mlgui.results.report import FixedEffect, Report, VarianceComponent
from mlgui.spec.inference import DfMethod
from mlgui.spec.model import Contrast
from mlgui.words import tr

Scale = tuple[float, float]
BOUNDARY = "boundary-fit"
_MOST_LEVELS = 2
_NO_AXIS = Cell(axis=((0.0, 1.0), ()))


def fixed_headings(report: Report) -> list[Cell]:
    """Return the headings of the table of average coefficients."""
    statistic = tr("z") if report.inference.df is DfMethod.NORMAL else tr("t")
    names = [tr("Estimate"), tr("SE"), tr("df"), statistic, tr("p"), tr("95 % CI")]
    first = Cell(text=tr("Average coefficients"), colour="ink2")
    return [first, *(Cell(text=name, right=True, colour="ink2") for name in names), Cell()]


def fixed_rows(report: Report) -> list[list[Cell]]:
    """Return the average coefficients in sections, one for each varying coefficient they explain, and their common axis."""
    digits = numbers.decimals_for([e.estimate for e in report.fixed], [e.se for e in report.fixed])
    scale = interval_scale([effect for effect in report.fixed if not is_intercept(effect)])
    rows: list[list[Cell]] = []
    sections = dict.fromkeys(effect.section for effect in sorted_effects(report))
    for section in sections:
        if len(sections) > 1 or section is not None:
            rows.append([_section_heading(report, section)])
        rows += [_fixed_row(report, e, digits, scale) for e in sorted_effects(report) if e.section == section]
    if scale is not None:
        ticks = nice_ticks(*scale, 3)
        rows.append([_NO_AXIS] * 7 + [Cell(axis=(scale, tuple(zip(ticks, tick_labels(ticks)))))])
    return rows


def sorted_effects(report: Report) -> list[FixedEffect]:
    """Return the coefficients by section: varying coefficients in their order, those without a section last."""
    last = (len(report.groups), 0)
    return sorted(report.fixed, key=lambda effect: effect.section or last)


def is_intercept(effect: FixedEffect) -> bool:
    """Return whether a coefficient is the intercept, which would set the scale of the others."""
    return effect.name == "(Intercept)"


def interval_scale(effects: list[FixedEffect]) -> Scale | None:
    """Return a scale on which all intervals and zero fit, None where there is no interval."""
    ends = [end for effect in effects if effect.estimable for end in (effect.low, effect.high) if math.isfinite(end)]
    if not ends:
        return None
    low, high = min(0.0, *ends), max(0.0, *ends)
    margin = 0.06 * (high - low or 1.0)
    return low - margin, high + margin


def _section_heading(report: Report, section: tuple[int, int] | None) -> Cell:
    if section is None:
        return Cell(text=tr("Other predictors"), heading=True, detail=tr("the same in every group"))
    groups = report.groups[section[0]]
    title = coefficient_title(report, groups.grouping, section[1])
    outcome = report.design.outcome_label
    if groups.names[section[1]] == "(Intercept)":
        slopes = [label for name, label in zip(groups.names, groups.labels) if name != "(Intercept)"]
        detail = tr("{outcome} where {names} is 0").format(outcome=outcome, names=joined(slopes)) if slopes else outcome
    else:
        detail = tr("{outcome} per unit of {name}").format(outcome=outcome, name=groups.labels[section[1]])
    if len(report.groups) > 1:
        detail = f"{group_noun(groups.grouping)} · {detail}"
    return Cell(text=title, detail=detail, heading=True)


def _fixed_row(report: Report, effect: FixedEffect, digits: int, scale: Scale | None) -> list[Cell]:
    badge, reference = level_badge(report, effect), reference_text(report, effect)
    tip = f"{effect.label} ({effect.name})"
    name = Cell(text=effect.label, detail=reference, indent=1, badge=badge, tip=tip, key=effect.name)
    if not effect.estimable:
        why = tr("Not estimable: this column follows from the others")
        return [name, Cell(text=tr("not estimable"), right=True, colour="ink3", tip=why)]
    given = tr("{method}, given the zero variance") if effect.given_zero else "{method}"
    interval = None
    if scale is not None and not is_intercept(effect):
        interval = Interval(low=effect.low, middle=effect.estimate, high=effect.high, scale=scale)
    return [
        name,
        Cell(text=numbers.number(effect.estimate, digits), right=True, bold=True),
        Cell(text=numbers.number(effect.se, digits), right=True),
        Cell(text=numbers.degrees_of_freedom(effect.df), right=True, colour="ink2", tip=given.format(method=df_words(report))),
        Cell(text=numbers.number(effect.t, 1), right=True),
        Cell(text=numbers.p_value(effect.p), right=True),
        Cell(text=numbers.interval(effect.low, effect.high, digits), right=True),
        Cell(interval=interval),
    ]


def reference_text(report: Report, effect: FixedEffect) -> str:
    """Return the reference levels an average stands for ("sector: Public"), "" for other coefficients and codings."""
    if effect.section is None:
        return ""
    groups = report.groups[effect.section[0]]
    if effect.name != groups.names[effect.section[1]]:
        return ""
    spec, table = report.design.spec, report.design.table
    own = [name for term in spec.fixed if term.order == 1 for name in term.columns] if is_intercept(effect) else []
    names = dict.fromkeys([*own, *model_columns(report, groups.grouping, effect.section[1])])
    levels = [
        f"{name}: {reference_level(report.design, name)}"
        for name in names
        if is_category(table, name) and spec.coding(name).contrast is Contrast.TREATMENT
    ]
    return ", ".join(levels) if len(levels) <= _MOST_LEVELS else tr("at the reference levels")


def level_badge(report: Report, effect: FixedEffect) -> tuple[str, bool] | None:
    """Return (level, filled) of the predictor behind a coefficient: filled for groups; None for the intercept."""
    grouping = home_of(report, effect)
    if is_intercept(effect):
        return None
    return (group_noun(grouping), True) if grouping else (row_noun(report.design), False)


def variance_headings(report: Report) -> list[Cell]:
    """Return the headings of the table of standard deviations."""
    grey = "ink2"
    return [
        Cell(text=tr("Level"), colour=grey),
        Cell(text=tr("Term"), colour=grey),
        Cell(text=tr("SD"), right=True, colour=grey),
        Cell(),
        Cell(text=tr("Variance"), right=True, colour=grey),
        Cell(text=tr("Correlation"), right=True, colour=grey),
        *([Cell(text=tr("95 % CI of SD"), right=True, colour=grey)] if report.interval_table is not None else []),
    ]


def variance_rows(report: Report) -> list[list[Cell]]:
    """Return what varies: each varying coefficient of each random term, and the residual; bars share one scale."""
    told = [(sd, known) for one in report.variance for sd, known in zip(one.sd, identified(report, one), strict=True)]
    sds = [*(float(sd) for sd, known in told if known), report.sigma]
    digits, longest = numbers.decimals_of_spread(sds), max(sds) or 1.0
    rows = [
        _variance_row(report, component, position, digits, longest)
        for component in report.variance
        for position in range(len(component.names))
    ]
    residual = [
        Cell(text=row_noun(report.design), badge=(numbers.count(report.n), False)),
        Cell(text=tr("Unexplained ε_i")),
        *_spread_cells(report.sigma, digits, longest, "ctrl"),
        *([Cell()] if report.interval_table is not None else []),
        *_sd_interval(report, "", "", digits),
    ]
    return [*rows, residual]


def _variance_row(report: Report, component: VarianceComponent, position: int, digits: int, longest: float) -> list[Cell]:
    level = Cell()
    if position == 0:
        level = Cell(text=group_noun(component.grouping), badge=(numbers.count(component.n_groups), True))
    term = Cell(text=coefficient_title(report, component.grouping, component.indices[position]))
    if not identified(report, component)[position]:
        dash = Cell(text=numbers.MISSING, right=True, tip=tr("The data cannot tell: many values fit equally well."))
        return [level, term, dash, Cell(), dash, Cell()]
    sd = float(component.sd[position])
    correlation = _correlation(report, component, position, sd)
    interval = _sd_interval(report, component.grouping, component.names[position], digits)
    return [level, term, *_spread_cells(sd, digits, longest, "ink2"), correlation, *interval]


def _sd_interval(report: Report, grouping: str, name: str, digits: int) -> list[Cell]:
    """Return a cell with the interval of an SD, no cell where intervals of SDs were not asked for."""
    if report.interval_table is None:
        return []
    limits = sd_interval(report, grouping, name)
    return [Cell(text=numbers.interval(*limits, digits), right=True) if limits is not None else Cell()]


def _spread_cells(sd: float, digits: int, longest: float, colour: str) -> list[Cell]:
    variance_digits = digits if sd**2 >= 0.5 * 10**-digits or sd == 0 else numbers.decimals_for([sd**2])
    return [
        Cell(text=numbers.number(sd, digits), right=True, bold=True),
        Cell(bar=sd / longest, bar_colour=colour),
        Cell(text=numbers.number(sd**2, variance_digits), right=True),
    ]


def _correlation(report: Report, component: VarianceComponent, position: int, sd: float) -> Cell:
    """Return the correlations with the coefficients above, with a warning where the fit is at a boundary."""
    if sd == 0:
        return Cell(text=tr("variance 0"), right=True, colour="warn", icon="warning", link=BOUNDARY, tip=_boundary_tip(component))
    if component.correlation is None or position == 0:
        return Cell()
    above = np.where(identified(report, component)[:position], component.correlation[position, :position], np.nan)
    symbols = [coefficient_symbol(report, component.grouping, index) for index in component.indices]
    tip = ", ".join(f"{symbols[k]} and {symbols[position]}: {numbers.number(float(r), 3)}" for k, r in enumerate(above))
    text = ", ".join(numbers.number(float(r), 2) for r in above)
    if component.boundary:
        return Cell(text=text, right=True, colour="warn", icon="warning", link=BOUNDARY, tip=f"{_boundary_tip(component)} {tip}")
    return Cell(text=text, right=True, tip=tip)


def _boundary_tip(component: VarianceComponent) -> str:
    return tr("Boundary fit: {words}. Click for what it means.").format(words=component.boundary)
