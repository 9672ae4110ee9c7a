"""What a study of another size would tell, in a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlgui.engine.assumed import assumed
from mlgui.engine.power import Plan, PlanRefused, Power, expected_precision, simulate_power
from mlgui.engine.robust import RobustRefused, cluster_grouping
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step
from mlgui.results import numbers
from mlgui.results.assumptions import assumed_values
from mlgui.results.nouns import group_plural
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class PlannedStudy:
    """A plan and what it gives. grouping: whose groups are planned. simulated: by refitting, else by theory.

    assumed: values set by the user, by name.
    """

    grouping: str
    plan: Plan
    power: Power
    simulated: bool
    assumed: tuple[tuple[str, float], ...] = ()


def plan_study(
    report: Report,
    *,
    groups: int | None = None,
    rows: int | None = None,
    replicates: int = 200,
    seed: int = 1,
    level: float = 0.05,
    assume: Mapping[str, float] | None = None,
    on_step: OnStep | None = None,
) -> PlannedStudy:
    """Return standard errors and power of a study with so many groups, and rows in each; None: as in the data.

    replicates: data sets simulated and fitted; 0 for theory alone, which is immediate. The fit is taken for the truth, but for
    what `assume` sets (`mlgui.results.assumptions`).
    UserError for crossed groupings, and for sizes below 2 groups or 1 row.
    """
    if (groups is not None and groups < 2) or (rows is not None and rows < 1):
        raise UserError(tr("A study needs at least 2 groups, and a row in each."), "", tr("Plan a larger one."))
    try:
        index = cluster_grouping(report.estimates.problem)
    except RobustRefused as refused:
        raise UserError(
            tr("A study of another size cannot be planned from this model."),
            tr("Its groupings are crossed, or it has none.") if refused.code != "one-cluster" else tr("It has one group."),
            tr("Plan with a model whose groupings are nested."),
        ) from refused
    plan = Plan(groups=groups, rows=rows)
    truth = assumed(report.estimates, assumed_values(report, assume)) if assume else report.estimates

    def told(done: int, total: int) -> None:
        if on_step is not None:
            on_step(Step(text=tr("Simulating studies"), done=done, total=total))

    try:
        found = (
            simulate_power(truth, plan, replicates, seed, level, told)
            if replicates
            else expected_precision(truth, plan, seed=seed, level=level)
        )
    except PlanRefused as refused:
        raise UserError(
            tr("There are fewer than {n} rows in some groups.").format(n=rows),
            tr("Residuals depend on the places of rows in an order, and no two rows of a group can stand at the same."),
            tr("Plan with fewer rows in each group, or with more groups."),
        ) from refused
    name = report.design.groupings[index].grouping.name
    return PlannedStudy(
        grouping=name, plan=plan, power=found, simulated=replicates > 0, assumed=tuple((assume or {}).items())
    )


def power_table(report: Report, study: PlannedStudy) -> ResultTable:
    """Return the standard error and the power of every coefficient in a planned study."""
    power, kept = study.power, [i for i, effect in enumerate(report.fixed) if effect.estimable]
    digits = numbers.decimals_for(power.truth[kept], power.se[kept])
    simulated = (
        ResultColumn(key="power_se", heading=tr("± simulation"), cells=power.power_se[kept].tolist(), format=Format.PERCENT,
                     decimals=1),
        ResultColumn(key="coverage", heading=tr("Intervals right"), cells=power.coverage[kept].tolist(), format=Format.PERCENT),
        ResultColumn(key="bias", heading=tr("Bias"), cells=power.bias[kept].tolist(), format=Format.NUMBER, decimals=digits),
    )  # fmt: skip
    return ResultTable(
        key="power",
        title=tr("A study of another size"),
        columns=(
            ResultColumn(key="coefficient", heading=tr("Coefficient"), cells=[report.fixed[i].label for i in kept]),
            ResultColumn(key="truth", heading=tr("Taken as true"), cells=power.truth[kept].tolist(), format=Format.NUMBER,
                         decimals=digits),
            ResultColumn(key="se_now", heading=tr("SE now"), cells=[report.fixed[i].se for i in kept], format=Format.NUMBER,
                         decimals=digits),
            ResultColumn(key="se", heading=tr("SE then"), cells=power.se[kept].tolist(), format=Format.NUMBER, decimals=digits),
            ResultColumn(key="power", heading=tr("Power"), cells=power.power[kept].tolist(), format=Format.PERCENT),
            *(simulated if study.simulated else ()),
        ),
        note=_note(study),
    )  # fmt: skip


def _note(study: PlannedStudy) -> str:
    groups = group_plural(study.grouping)
    size = tr("{groups}: {n}; rows in each: {rows}; {total} rows in all.").format(
        groups=groups,
        n=numbers.count(study.plan.groups) if study.plan.groups else tr("as now"),
        rows=numbers.count(study.plan.rows) if study.plan.rows else tr("as now"),
        total=numbers.number(study.power.n, 0),
    )
    how = (
        tr("{n} data sets simulated from the fit and fitted again (seed {seed}); {share} were boundary fits.").format(
            n=numbers.count(study.power.fitted), seed=study.power.seed, share=numbers.percent(study.power.boundary)
        )
        if study.simulated
        else tr("By theory, the variances known: optimistic with few {groups}.").format(groups=groups)
    )
    caution = tr(
        "Power is for tests at the {level} level if the estimates were the truth; one picked for its size is likely too large."
    ).format(level=numbers.percent(study.power.level))
    values = ", ".join(f"{name} = {numbers.given(value)}" for name, value in study.assumed)
    assumption = tr("Assumed: {values}.").format(values=values) if values else ""
    return " ".join(part for part in (size, assumption, how, caution) if part)
