"""Fitted models for the tests of `results`: tables made from the reference data, reports made by the whole pipeline."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np

from mlgui.data.table import Column, Kind, Source, Table
from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.results.report import Report
from mlgui.results.summarise import summarise
from mlgui.spec.formula import parse
from tests.reference.files import load_case, load_levels, load_rows

HSB = "MathAch ~ SES * Sector + (SES | School)"
HSB_MEANS = "MathAch ~ SES * Sector + SES * MEANSES + (SES | School)"


@cache
def load_table(data: str, row_noun: str = "") -> Table:
    """Return a reference data file as a table: factors as its level file says, everything else that is a number as one."""
    levels, cells = load_levels(data), load_rows(data)
    columns = tuple(_column(name, texts, levels.get(name)) for name, texts in cells.items())
    n = len(next(iter(cells.values())))
    return Table(columns=columns, row_ids=np.arange(1, n + 1), source=Source(name=data, row_noun=row_noun))


def _column(name: str, texts: tuple[str, ...], levels: tuple[str, ...] | None) -> Column:
    if levels is None:
        try:
            return Column(name=name, kind=Kind.NUMBER, values=np.array([_number(text) for text in texts]))
        except ValueError:
            levels = tuple(dict.fromkeys(texts))
    places = {level: code for code, level in enumerate(levels)}
    codes = np.array([places.get(text, -1) for text in texts], dtype=np.int32)
    return Column(name=name, kind=Kind.CATEGORY, values=codes, levels=levels)


def _number(text: str) -> float:
    return math.nan if text in ("", "NA") else float(text)


def report_of(formula: str, table: Table, *, reml: bool = True, weights: str | None = None, comparators: bool = True) -> Report:
    """Return the report of a formula fitted to a table."""
    design = build(parse(formula, columns=table.names, reml=reml, weights=weights), table)
    return summarise(design, fit(design.problem), seconds=0.014, comparators=comparators)


@cache
def fitted(formula: str, data: str, *, reml: bool = True, weights: str | None = None, row_noun: str = "") -> Report:
    """Return the report of a formula fitted to a reference data file; each once."""
    return report_of(formula, load_table(data, row_noun), reml=reml, weights=weights)


@cache
def case_report(name: str) -> Report:
    """Return the report of a reference case."""
    case = load_case(name)
    return fitted(case["formula"], case["data"], reml=case["reml"], weights=case.get("weights"))


def hsb() -> Report:
    """Return model 1 of the screens."""
    return fitted(HSB, "hsb.csv", row_noun="student")


def hsb_means() -> Report:
    """Return model 2 of the screens."""
    return fitted(HSB_MEANS, "hsb.csv", row_noun="student")


def with_row_noun(table: Table, noun: str) -> Table:
    """Return a table whose rows have a name."""
    return replace(table, source=replace(table.source, row_noun=noun))


def table_of_columns(**columns: list[str] | list[float]) -> Table:
    """Return a table made in a test: texts are categories in order of appearance."""
    found = tuple(
        _column(name, tuple(map(str, values)), tuple(dict.fromkeys(map(str, values))) if isinstance(values[0], str) else None)
        for name, values in columns.items()
    )
    return Table(columns=found, row_ids=np.arange(1, len(found[0]) + 1))
