"""Slow work as single calls that report their steps and stop when asked: fit a model, open a file. No threads here."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.findings import Finding, Severity
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.session.readings import MOST_ROWS, with_both_criteria
from mlgui.session.refusals import refusal
from mlgui.spec.model import ModelSpec
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.design.design import Design
    from mlgui.engine.estimates import Estimates
    from mlgui.engine.problem import Floats
    from mlgui.results.report import Report

LARGE_FILE = 4_000_000
"""Bytes from which the first rows of a file are shown before all are read."""
PREVIEW_ROWS = 100
SMALL_CORE = 2000
"""Below this size of the dense core, two BLAS threads spend their time waiting for one another (up to 80 times slower)."""


def fit_model(
    table: Table, structure: Structure, spec: ModelSpec, on_step: OnStep = ignore_steps, *, comparators: bool = False
) -> Report:
    """Return the report of one model: check, build, fit, summarise.

    comparators: compute no pooling and separate regressions now, not when they are first shown.
    UserError where the model cannot be fitted to these data, in words. What `on_step` raises passes through.
    """
    from mlgui.design.build import build
    from mlgui.results.inference import with_inference
    from mlgui.results.summarise import summarise
    from mlgui.spec.checks import check

    on_step(Step(text=tr("Preparing the data")))
    before = check(spec, table, structure)
    refuse_errors(before)
    with one_blas_thread(_core_size(spec, structure)):
        started = time.perf_counter()
        design = build(spec, table, structure)
        refuse_errors(design.findings)
        estimates = fit_design(design, on_step)
        seconds = time.perf_counter() - started
        plain = summarise(design, estimates, seconds=seconds, on_step=on_step, comparators=comparators)
        report = with_inference(plain, on_step)
        if report.n <= MOST_ROWS:

            def criterion_of(other: ModelSpec) -> float:
                return fit_design(build(other, table, structure), on_step).criterion

            before = with_both_criteria(before, spec, report.criterion, criterion_of)
    return replace(report, findings=_merged(report.findings, (*before, *design.findings)))


def _merged(after: tuple[Finding, ...], before: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return all findings, warnings first; of two with one code and subject the one made after the fit knows more."""
    known = {(finding.code, finding.about) for finding in after}
    every = (*after, *(finding for finding in before if (finding.code, finding.about) not in known))
    return tuple(sorted(every, key=lambda finding: list(Severity).index(finding.severity)))


def fit_design(design: Design, on_step: OnStep = ignore_steps) -> Estimates:
    """Return the estimates of a design; UserError in words where no estimates exist."""
    from mlgui.engine.fit import fit
    from mlgui.engine.problem import DegenerateProblem

    def show(iteration: int, criterion: float, theta: Floats) -> None:
        text = tr("Step {n}: criterion {value}").format(n=iteration, value=f"{criterion:.4f}")
        on_step(Step(text=text, done=iteration))

    try:
        return fit(design.problem, on_step=show)
    except DegenerateProblem as error:
        raise refusal(error, design) from error


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise the first finding that makes a fit impossible as a UserError."""
    for finding in findings:
        if finding.severity is Severity.ERROR:
            raise UserError(finding.title if finding.title.endswith((".", "?", "!")) else f"{finding.title}.", finding.text)


def open_file(path: Path, options: ReadOptions | None = None, on_step: OnStep = ignore_steps) -> tuple[Reading, Structure]:
    """Return a data file as it was understood, and the groups found in it. UserError where it cannot be read."""
    from mlgui.data.read import read_file
    from mlgui.data.structure import find_structure

    reading = read_file(path, options or ReadOptions(), on_step)
    on_step(Step(text=tr("Finding groups")))
    return reading, find_structure(reading.table)


def preview_file(path: Path, on_step: OnStep = ignore_steps) -> tuple[Reading, Structure] | None:
    """Return the first rows of a large data file, and the groups in them; None where all rows are read as quickly, or must be.

    UserError where the file cannot be read.
    """
    from mlgui.data.read import is_read_in_part, read_file
    from mlgui.data.structure import find_structure

    if not path.is_file() or path.stat().st_size < LARGE_FILE or not is_read_in_part(path):
        return None
    reading = read_file(path, ReadOptions(), on_step, PREVIEW_ROWS)
    return reading, find_structure(reading.table)


def open_text(text: str, options: ReadOptions | None = None, on_step: OnStep = ignore_steps) -> tuple[Reading, Structure]:
    """Return pasted cells as they were understood, and the groups found in them. UserError where they are no table."""
    from mlgui.data.read import read_text
    from mlgui.data.structure import find_structure

    reading = read_text(text, options, on_step)
    on_step(Step(text=tr("Finding groups")))
    return reading, find_structure(reading.table)


def one_blas_thread(core: int) -> AbstractContextManager[object]:
    """Return a context in which matrix routines use one thread, unless the dense core is large."""
    if core >= SMALL_CORE:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits


def _core_size(spec: ModelSpec, structure: Structure) -> int:
    """Return about how many coefficients are left to a dense factorisation: those of all groupings but the largest."""
    sizes = {facts.name: facts.n_groups for facts in structure.groupings}
    counts = sorted(len(random.terms) * sizes.get(random.grouping.name, 0) for random in spec.random)
    return sum(counts[:-1])
