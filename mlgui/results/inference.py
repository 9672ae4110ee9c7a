"""The tests and intervals a model asks for, put into its report; and their names."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from mlgui.engine.inference import p_value, t_interval
from mlgui.errors import UserError
from mlgui.findings import Finding, Remedy, Severity
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.results import numbers
from mlgui.results.intervals import (
    Limits,
    bootstrap_limits,
    bootstrap_table,
    kenward_roger_effects,
    profile_limits,
    profile_table,
)
from mlgui.results.report import FixedEffect, Report
from mlgui.results.summarise import reworded
from mlgui.spec.inference import DfMethod, Inference, IntervalMethod
from mlgui.words import tr

REFUSED = "inference-refused"


def with_inference(report: Report, on_step: OnStep = ignore_steps) -> Report:
    """Return the report with the tests and intervals its model asks for.

    What cannot be had is left as it is, and a finding says why. What `on_step` raises passes through.
    """
    wanted = report.design.spec.inference
    if wanted.is_plain:
        return report
    return _with_intervals(_with_df(report, wanted), wanted, on_step)


def df_words(report: Report) -> str:
    """Return the name of the degrees of freedom shown: "Satterthwaite"."""
    return {
        DfMethod.SATTERTHWAITE: tr("Satterthwaite"),
        DfMethod.KENWARD_ROGER: tr("Kenward-Roger"),
        DfMethod.NORMAL: tr("none: z tests"),
    }[report.inference.df]


def inference_note(report: Report) -> str:
    """Return how p and intervals of a report were made, as a sentence for below a table."""
    wanted = report.inference
    df = {
        DfMethod.SATTERTHWAITE: tr("df and p by Satterthwaite's method"),
        DfMethod.KENWARD_ROGER: tr("SE, df and p by Kenward and Roger's method"),
        DfMethod.NORMAL: tr("p by z tests"),
    }[wanted.df]
    return tr("{tests}; 95 % CI {intervals}.").format(tests=df, intervals=intervals_words(report))


def intervals_words(report: Report) -> str:
    """Return where the intervals shown are from: "from the t distribution"."""
    wanted = report.inference
    if wanted.intervals is IntervalMethod.PROFILE:
        return tr("from the profile of the likelihood, by maximum likelihood")
    if wanted.intervals is IntervalMethod.BOOTSTRAP:
        text = tr("from a parametric bootstrap with {n} replicates, seed {seed}")
        return text.format(n=numbers.count(wanted.replicates), seed=wanted.seed)
    return tr("from the normal distribution") if wanted.df is DfMethod.NORMAL else tr("from the t distribution")


def _with_df(report: Report, wanted: Inference) -> Report:
    if wanted.df is DfMethod.SATTERTHWAITE:
        return report
    if wanted.df is DfMethod.NORMAL:
        fixed = tuple(_as_z(effect) for effect in report.fixed)
        return replace(reworded(report, fixed), inference=replace(report.inference, df=wanted.df))
    try:
        rows = kenward_roger_effects(report)
    except UserError as error:
        plain = Remedy(label=tr("Use Satterthwaite's method"), edit="set_df", arguments=(("method", "satterthwaite"),))
        return _refused(report, error, plain)
    fixed = tuple(
        replace(effect, se=row.se, df=row.df, t=row.t, p=row.p, low=row.low, high=row.high, given_zero=False)
        if effect.estimable
        else effect
        for effect, row in zip(report.fixed, rows, strict=True)
    )
    return replace(reworded(report, fixed), inference=replace(report.inference, df=wanted.df))


def _as_z(effect: FixedEffect) -> FixedEffect:
    low, high = t_interval(effect.estimate, effect.se, math.inf, 0.95)
    p = p_value(effect.t, math.inf)
    return replace(effect, df=math.inf, p=float(p), low=float(low), high=float(high), given_zero=False)


def _with_intervals(report: Report, wanted: Inference, on_step: OnStep) -> Report:
    if wanted.intervals is IntervalMethod.T:
        return report
    try:
        if wanted.intervals is IntervalMethod.PROFILE:
            limits = profile_limits(report, on_step=_counted(on_step, tr("Profiling the likelihood")))
            table = profile_table(limits)
        else:
            count = _counted(on_step, tr("Refitting simulated data"))
            limits, drawn = bootstrap_limits(report, wanted.replicates, wanted.seed, on_step=count)
            table = bootstrap_table(limits, drawn)
    except UserError as error:
        plain = Remedy(label=tr("Use t intervals"), edit="set_intervals", arguments=(("method", "t"),))
        return _refused(report, error, plain)
    applied = replace(wanted, df=report.inference.df)
    return replace(reworded(report, _limited(report, limits)), inference=applied, interval_table=table)


def _limited(report: Report, limits: Sequence[Limits]) -> tuple[FixedEffect, ...]:
    known = {one.term: one for one in limits if one.kind == "coefficient"}
    return tuple(
        replace(effect, low=known[effect.name].low, high=known[effect.name].high) if effect.name in known else effect
        for effect in report.fixed
    )


def _refused(report: Report, error: UserError, remedy: Remedy) -> Report:
    text = " ".join(part for part in (error.why, error.do) if part)
    finding = Finding(code=REFUSED, severity=Severity.WARNING, title=error.what, text=text, remedies=(remedy,))
    return replace(report, findings=(finding, *report.findings))


def _counted(on_step: OnStep, text: str) -> Callable[[int, int], None]:
    return lambda done, total: on_step(Step(text=text, done=done, total=total))


def sd_interval(report: Report, grouping: str, name: str) -> tuple[float, float] | None:
    """Return the interval of the SD of one varying coefficient (lme4 name), of the residual for "" and ""; None without one."""
    table = report.interval_table
    if table is None:
        return None
    cells = {column.key: column.cells for column in table.columns}
    for place, (group, term) in enumerate(zip(cells["group"], cells["term"], strict=True)):
        wanted = tr("SD") if grouping else tr("Residual SD")
        if cells["quantity"][place] == wanted and group == grouping and term == name:
            return float(cells["low"][place]), float(cells["high"][place])  # type: ignore[arg-type]
    return None
