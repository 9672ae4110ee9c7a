"""Designs with their fits, without a report."""

from __future__ import annotations

from functools import cache
from typing import Any

from mlgui.data.table import Table
from mlgui.design.build import build
from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.spec.formula import parse
from tests.reference.files import load_case
from tests.reference.pipeline import table_of


@cache
def fitted(name: str) -> tuple[Design, Estimates]:
    """Return the design and the fit of a reference case."""
    case = load_case(name)
    return model(case["formula"], table_of(case["data"]), reml=case["reml"], weights=case.get("weights"))


def model(formula: str, table: Table, **choices: Any) -> tuple[Design, Estimates]:
    """Return the design and the fit of a formula."""
    spec = parse(formula, columns=table.names, **choices)
    design = build(spec, table)
    return design, fit(design.problem)
