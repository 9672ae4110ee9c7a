"""Other ways to the uncertainty of a fit, as tables: Kenward-Roger, profile intervals and bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from mlgui.engine.bootstrap import Bootstrap, bootstrap, correlations, percentile_interval, shortest_interval, standard_deviations
from mlgui.engine.kenward_roger import LARGEST, KenwardRogerRefused
from mlgui.engine.problem import Floats
from mlgui.engine.profile import profile_intervals, targets_of
from mlgui.engine.profile_deviance import Target
from mlgui.engine.residual_parameters import CORRELATION, RATIO, Parameter, natural, parameters_of
from mlgui.engine.residual_profile import structured_intervals
from mlgui.engine.wald import structure_intervals, wald_intervals
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.residual_structure import parameter_label
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.results.tests_of_terms import ContrastEstimate, Denominator, FixedTests
from mlgui.words import ntr, tr

USUAL = 0.95
"""Confidence that headings of columns speak of."""

OnStep = Callable[[int, int], None]
"""Called with (done, wanted); it may raise to stop."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Intervals of one quantity. group, term: as lme4 names them; kind: sd, correlation, sigma or coefficient;

    sd_ratio or residual_correlation of a residual structure.

    estimate: what the interval is around. shortest_low, shortest_high: of a bootstrap, else NaN.
    """

    kind: str
    group: str
    term: str
    estimate: float
    low: float
    high: float
    shortest_low: float = float("nan")
    shortest_high: float = float("nan")


def kenward_roger_effects(report: Report, confidence: float = 0.95) -> tuple[ContrastEstimate, ...]:
    """Return the coefficients with Kenward-Roger's SE, df, t, p and interval; UserError in words where there are none."""
    tests = fixed_tests(report, Denominator.KENWARD_ROGER)
    return tuple(tests.contrast(row, confidence) for row in np.eye(len(report.fixed)))


def fixed_tests(report: Report, denominator: Denominator) -> FixedTests:
    """Return the tests of a report's coefficients; UserError in words where Kenward-Roger is refused."""
    try:
        return FixedTests(report.estimates, denominator)
    except KenwardRogerRefused as refused:
        raise _refusal(refused) from refused


def _refusal(refused: KenwardRogerRefused) -> UserError:
    if refused.code == "maximum-likelihood":
        return UserError(
            tr("Kenward-Roger's method needs a fit by REML."),
            tr("It corrects the restricted likelihood's standard errors; this model was fitted by maximum likelihood."),
            tr("Fit by REML, or use Satterthwaite's method."),
        )
    if refused.code == "residual-structure":
        return UserError(
            tr("Kenward-Roger's method is not available for models with a residual structure."),
            tr("It knows the variances between groups and one residual variance."),
            tr("Use Satterthwaite's method: it counts the parameters of the structure."),
        )
    return UserError(
        tr("Kenward-Roger's method is left out for so many groups."),
        tr("With several groupings it needs every pair of the {n} group coefficients; the limit is {most}.").format(
            n=refused.columns, most=LARGEST
        ),
        tr("Use Satterthwaite's method: with so many groups both agree."),
    )


def kenward_roger_table(report: Report) -> ResultTable:
    """Return the average coefficients with Kenward-Roger's SE and df."""
    rows = kenward_roger_effects(report)
    columns = [ResultColumn(key="term", heading=tr("Term"), cells=[effect.name for effect in report.fixed])]
    for key, heading, format_ in (
        ("estimate", tr("Estimate"), Format.NUMBER), ("se", tr("SE"), Format.NUMBER), ("df", tr("df"), Format.DF),
        ("t", tr("t"), Format.NUMBER), ("p", tr("p"), Format.P), ("low", tr("95 % CI low"), Format.NUMBER),
        ("high", tr("95 % CI high"), Format.NUMBER),
    ):  # fmt: skip
        cells = [getattr(row, key) for row in rows]
        columns.append(ResultColumn(key=key, heading=heading, cells=cells, format=format_, decimals=3))
    return ResultTable(
        key="kenward_roger",
        title=tr("Average coefficients, Kenward-Roger"),
        columns=tuple(columns),
        note=tr("SE and df adjusted for small samples (Kenward & Roger 1997)."),
    )


def wald_limits(report: Report, confidence: float = 0.95) -> tuple[Limits, ...]:
    """Return Wald intervals of everything in the model: of variances on the scale of logs, of coefficients by normal theory.

    Around the estimates of the fit; NaN limits for what lies at a boundary.
    """
    estimates, half = report.estimates, float(ndtri((1 + confidence) / 2))
    found = [_limits(report, one.target, one.estimate, (one.low, one.high)) for one in wald_intervals(estimates, confidence)]
    if not estimates.problem.residual.is_homogeneous:
        found += [_structure(report, one, value, limits) for one, value, *limits in structure_intervals(estimates, confidence)]
    for place in estimates.state.fixed.kept:
        value, width = float(estimates.beta[place]), half * float(np.sqrt(estimates.vcov[place, place]))
        target = Target(kind="coefficient", index=(int(place),))
        found.append(_limits(report, target, value, (value - width, value + width)))
    return tuple(found)


def profile_limits(report: Report, confidence: float = 0.95, on_step: OnStep | None = None) -> tuple[Limits, ...]:
    """Return profile-likelihood intervals of everything in the model, around the maximum likelihood estimates.

    With a residual structure: of its parameters (not of correlations between occasions) and of the coefficients.
    """
    if not report.estimates.problem.residual.is_homogeneous:
        return _structured_profiles(report, confidence, on_step)
    found = profile_intervals(report.estimates, None, confidence, on_step)
    return tuple(_limits(report, one.target, one.estimate, (one.low, one.high)) for one in found)


def bootstrap_limits(
    report: Report, replicates: int = 1000, seed: int = 1, confidence: float = 0.95, on_step: OnStep | None = None
) -> tuple[tuple[Limits, ...], Bootstrap]:
    """Return percentile and shortest intervals of everything in the model, and the bootstrap they are from."""
    drawn = bootstrap(report.estimates, replicates, seed, on_step)
    found = []
    for target in targets_of(report.estimates):
        values, estimate = _drawn(report, drawn, target)
        shortest = shortest_interval(values, confidence)
        found.append(_limits(report, target, estimate, percentile_interval(values, confidence), shortest))
    structure = report.estimates.residual
    for one, value, values in zip(parameters_of(structure), natural(structure).tolist(), drawn.structures.T, strict=False):
        shortest = shortest_interval(values, confidence)
        found.append(_structure(report, one, value, percentile_interval(values, confidence), shortest))
    return tuple(found), drawn


def replicates_of(report: Report, drawn: Bootstrap) -> tuple[Floats, ...]:
    """Return the replicates (R,) of everything in the model, in the order of `bootstrap_limits`."""
    known = (_drawn(report, drawn, target)[0] for target in targets_of(report.estimates))
    return (*known, *drawn.structures.T)


def _structured_profiles(report: Report, confidence: float, on_step: OnStep | None) -> tuple[Limits, ...]:
    """Return the profile intervals of a model with a residual structure."""
    found = []
    for one in structured_intervals(report.estimates, confidence, on_step or (lambda done, total: None)):
        if isinstance(one.of, int):
            target = Target(kind="coefficient", index=(one.of,))
            found.append(_limits(report, target, one.estimate, (one.low, one.high)))
        else:
            found.append(_structure(report, one.of, one.estimate, (one.low, one.high)))
    return tuple(found)


def _structure(
    report: Report,
    parameter: Parameter,
    estimate: float,
    limits: Sequence[float],
    shortest: tuple[float, float] = (float("nan"), float("nan")),
) -> Limits:
    """Return the limits of a parameter of the residual structure."""
    return Limits(
        kind=parameter.kind, group="", term=parameter_label(report, parameter), estimate=estimate, low=limits[0],
        high=limits[1], shortest_low=shortest[0], shortest_high=shortest[1],
    )  # fmt: skip


def _drawn(report: Report, drawn: Bootstrap, target: Target) -> tuple[Floats, float]:
    """Return the replicates of a target and its estimate."""
    estimates, index = report.estimates, target.index
    if target.kind == "sigma":
        return drawn.sigma, estimates.sigma
    if target.kind == "coefficient":
        return drawn.beta[:, index[0]], float(estimates.beta[index[0]])
    covariance, own = drawn.covariances[index[0]], estimates.groups[index[0]].covariance[None]
    if target.kind == "sd":
        return standard_deviations(covariance)[:, index[1]], float(standard_deviations(own)[0, index[1]])
    return correlations(covariance, *index[1:]), float(correlations(own, *index[1:])[0])


def _limits(
    report: Report,
    target: Target,
    estimate: float,
    limits: tuple[float, float],
    shortest: tuple[float, float] = (float("nan"), float("nan")),
) -> Limits:
    group, term = "", ""
    if target.kind == "coefficient":
        term = report.fixed[target.index[0]].name
    elif target.kind != "sigma":
        varying = report.design.groupings[target.index[0]]
        group, term = varying.grouping.name, ", ".join(varying.names[a] for a in reversed(target.index[1:]))
    return Limits(
        kind=target.kind, group=group, term=term, estimate=estimate, low=limits[0], high=limits[1],
        shortest_low=shortest[0], shortest_high=shortest[1],
    )  # fmt: skip


def wald_table(limits: Sequence[Limits], confidence: float = 0.95) -> ResultTable:
    """Return Wald intervals as a table."""
    return ResultTable(
        key="wald_intervals",
        title=tr("Wald intervals"),
        columns=_columns(limits),
        note=tr("Normal theory, variances on the scale of logs: rough for small variances, none at 0.")
        + (" " + tr("Intervals of {percent}.").format(percent=numbers.percent(confidence)) if confidence != USUAL else ""),
    )


def profile_table(limits: Sequence[Limits]) -> ResultTable:
    """Return profile intervals as a table."""
    left_out = any(one.kind in (RATIO, CORRELATION) for one in limits)
    more = tr("SDs of a model with a residual structure have Wald and bootstrap intervals.") if left_out else ""
    return ResultTable(
        key="profile_intervals",
        title=tr("Profile intervals"),
        columns=_columns(limits),
        note=tr("95 % profile-likelihood intervals, by maximum likelihood; estimates are those of maximum likelihood.")
        + (f" {more}" if more else ""),
    )


def bootstrap_table(limits: Sequence[Limits], drawn: Bootstrap) -> ResultTable:
    """Return bootstrap intervals as a table."""
    count = len(drawn.sigma)
    note = ntr("Parametric bootstrap, {n} refit, seed {seed}.", "Parametric bootstrap, {n} refits, seed {seed}.", count)
    note = note.format(n=count, seed=drawn.seed)
    if drawn.failed:
        note += " " + ntr("{n} refit found no minimum.", "{n} refits found no minimum.", drawn.failed).format(n=drawn.failed)
    columns = _columns(limits)
    for key, heading in (("shortest_low", tr("Shortest low")), ("shortest_high", tr("Shortest high"))):
        columns += (_number(key, heading, [getattr(one, key) for one in limits]),)
    return ResultTable(key="bootstrap_intervals", title=tr("Bootstrap intervals"), columns=columns, note=note)


def _columns(limits: Sequence[Limits]) -> tuple[ResultColumn, ...]:
    words = {
        "sd": tr("SD"), "correlation": tr("Correlation"), "sigma": tr("Residual SD"), "coefficient": tr("Average"),
        RATIO: tr("Ratio of SDs"), CORRELATION: tr("Correlation of residuals"),
    }  # fmt: skip
    return (
        ResultColumn(key="quantity", heading=tr("Quantity"), cells=[words[one.kind] for one in limits]),
        ResultColumn(key="group", heading=tr("Level"), cells=[one.group for one in limits]),
        ResultColumn(key="term", heading=tr("Term"), cells=[one.term for one in limits]),
        _number("estimate", tr("Estimate"), [one.estimate for one in limits]),
        _number("low", tr("95 % CI low"), [one.low for one in limits]),
        _number("high", tr("95 % CI high"), [one.high for one in limits]),
    )


def _number(key: str, heading: str, cells: list[float]) -> ResultColumn:
    return ResultColumn(key=key, heading=heading, cells=cells, format=Format.NUMBER, decimals=3)
