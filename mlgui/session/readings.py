"""Labels that can be read in two ways (the same three casks everywhere, or different ones in each batch): how well each fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from mlgui.errors import UserError
from mlgui.findings import Finding
from mlgui.results.numbers import number
from mlgui.spec import edits
from mlgui.spec.model import ModelSpec
from mlgui.words import tr

CODE = "reused-labels"
MOST_ROWS = 50_000
"""Above this many rows the other reading is offered without fitting it first: a click must stay quick."""


def with_both_criteria(
    findings: Iterable[Finding], spec: ModelSpec, criterion: float, criterion_of: Callable[[ModelSpec], float]
) -> tuple[Finding, ...]:
    """Return the findings; those about re-used labels say the criterion of either reading.

    criterion: of the model as it is. criterion_of: fits another specification; a UserError leaves the finding as it was.
    """
    return tuple(_told(f, spec, criterion, criterion_of) if f.code == CODE else f for f in findings)


def _told(finding: Finding, spec: ModelSpec, criterion: float, criterion_of: Callable[[ModelSpec], float]) -> Finding:
    inner, outer = finding.about
    combined = edits.use_combined_grouping(spec, inner, outer)
    other = combined if combined != spec else edits.use_separate_grouping(spec, inner, outer)
    try:
        found = criterion_of(other)
    except UserError:
        return finding
    words = tr("{method} criterion: {this} as it is read now, {other} the other way (the lower fits better).")
    method = tr("REML") if spec.reml else tr("ML")
    words = words.format(method=method, this=number(criterion, 1), other=number(found, 1))
    return replace(finding, text=f"{finding.text} {words}")
