"""What a fit can be asked beyond its report: other degrees of freedom, other intervals, tests of terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.session.jobs import one_blas_thread
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.results.report import Report
    from mlgui.results.tables import ResultTable


@dataclass(frozen=True, kw_only=True)
class Further:
    """What is wanted. kenward_roger: SE and df of the coefficients. intervals: "", "wald", "profile" or "bootstrap".

    tests: F tests of terms and likelihood ratios of what varies. replicates, seed: of the bootstrap.
    """

    kenward_roger: bool = False
    intervals: str = ""
    tests: bool = False
    replicates: int = 1000
    seed: int = 1


def further_tables(report: Report, wanted: Further, on_step: OnStep = ignore_steps) -> tuple[ResultTable, ...]:
    """Return a table for each thing that is wanted; UserError in words where one cannot be had."""
    widths = sorted(groups.n_groups * groups.z.shape[1] for groups in report.design.problem.groupings)
    with one_blas_thread(sum(widths[:-1])):
        return tuple(table for make in (_kenward_roger, _tests, _intervals) for table in make(report, wanted, on_step))


def _kenward_roger(report: Report, wanted: Further, on_step: OnStep) -> list[ResultTable]:
    from mlgui.results.intervals import kenward_roger_table

    return [kenward_roger_table(report)] if wanted.kenward_roger else []


def _tests(report: Report, wanted: Further, on_step: OnStep) -> list[ResultTable]:
    if not wanted.tests:
        return []
    from mlgui.results.random_terms import random_term_tests, random_terms_table
    from mlgui.results.term_contrasts import tested_terms
    from mlgui.results.tests_of_terms import Denominator, f_table

    denominator = Denominator.KENWARD_ROGER if wanted.kenward_roger else Denominator.SATTERTHWAITE
    found = []
    if tested_terms(report.design):
        found += [f_table(report.design, report.estimates, kind=kind, denominator=denominator) for kind in (3, 2)]
    if report.design.groupings:
        report_step = _counted(on_step, tr("Leaving out what varies"))
        found.append(random_terms_table(random_term_tests(report.design, report.estimates, report_step)))
    return found


def _intervals(report: Report, wanted: Further, on_step: OnStep) -> list[ResultTable]:
    from mlgui.results.intervals import (
        bootstrap_limits,
        bootstrap_table,
        profile_limits,
        profile_table,
        wald_limits,
        wald_table,
    )

    if wanted.intervals == "wald":
        return [wald_table(wald_limits(report))]
    if wanted.intervals == "profile":
        return [profile_table(profile_limits(report, on_step=_counted(on_step, tr("Profiling the likelihood"))))]
    if wanted.intervals == "bootstrap":
        count = _counted(on_step, tr("Refitting simulated data"))
        return [bootstrap_table(*bootstrap_limits(report, wanted.replicates, wanted.seed, on_step=count))]
    return []


def _counted(on_step: OnStep, text: str) -> Callable[[int, int], None]:
    """Return a function of (done, total) that reports a step."""
    return partial(_report, on_step, text)


def _report(on_step: OnStep, text: str, done: int, total: int) -> None:
    on_step(Step(text=text, done=done, total=total))
