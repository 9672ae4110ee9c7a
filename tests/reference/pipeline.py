"""A reference case through the whole program: file -> table -> spec -> design -> fit -> report."""

from __future__ import annotations

from functools import cache

from mlgui.data.kinds import as_category
from mlgui.data.read import read_table
from mlgui.data.table import Table
from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.results.report import Report
from mlgui.results.summarise import summarise
from mlgui.spec.formula import parse
from tests.reference.files import HERE, load_case, load_levels


@cache
def table_of(data: str) -> Table:
    """Return a data file with its factors as categories, levels in the order of the reference fits."""
    table = read_table(HERE / "data" / data)
    for name, levels in load_levels(data).items():
        table = table.with_column(as_category(table[name], levels))
    return table


@cache
def report_of(name: str) -> Report:
    """Return the report of a reference case."""
    case = load_case(name)
    table = table_of(case["data"])
    spec = parse(case["formula"], columns=table.names, reml=case["reml"], weights=case.get("weights"))
    design = build(spec, table)
    return summarise(design, fit(design.problem))
