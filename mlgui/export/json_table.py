"""A file as it was understood, as JSON for other programs. Documented in `resources/docs/json.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlgui import __version__
from mlgui.data.describe import ColumnFacts, cell_values, column_facts, looked_up, storage_of
from mlgui.data.missing import USUAL_MISSING
from mlgui.data.read.reader import Question, Reading
from mlgui.data.structure import GroupingFacts, Pair, Structure
from mlgui.data.table import CODED, Column, Kind
from mlgui.export.json_report import finding_json, number


def reading_json(reading: Reading, structure: Structure, values: bool = False) -> dict[str, Any]:
    """Return a reading and the groups found in it as JSON-ready values. values: with every value of every column."""
    table, options = reading.table, reading.options
    described = zip(table.columns, column_facts(table, structure), strict=True)
    return {
        "program": {"name": "mlgui", "version": __version__},
        "file": table.source.name,
        "format": table.source.format,
        "sheet": options.sheet,
        "sheets": list(reading.sheets),
        "delimiter": options.delimiter,
        "decimal": options.decimal,
        "encoding": options.encoding,
        "header_row": options.header_row,
        "missing": list(options.missing),
        "usual_missing": sorted(USUAL_MISSING),
        "guessed": list(reading.guessed),
        "preamble": list(reading.preamble),
        "n_rows": table.n_rows,
        "n_columns": len(table.columns),
        "warnings": [finding_json(finding) for finding in reading.findings],
        "questions": [_question(question) for question in reading.questions],
        "columns": [_column(column, facts, values) for column, facts in described],
        "groupings": [_grouping(facts) for facts in structure.groupings],
        "relations": [_relation(pair) for pair in structure.pairs],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "about": question.about,
        "text": question.text,
        "choices": list(question.choices),
        "taken": question.taken,
    }


def _column(column: Column, facts: ColumnFacts, values: bool) -> dict[str, Any]:
    """Return one column; levels, codes and moments only where it has them, values only where asked."""
    described: dict[str, Any] = {
        "name": column.name,
        "kind": str(column.kind),
        "storage": storage_of(column),
        "level": facts.level,
        "missing": facts.n_missing,
        "distinct": facts.n_distinct,
        "label": column.label,
    }
    codes = [number(code) for code in column.level_codes]
    if column.kind in CODED:
        described |= {"levels": list(column.levels), "level_counts": list(facts.level_counts)}
    if column.kind is Kind.LABELLED:
        described["level_codes"] = codes
    if column.kind is Kind.NUMBER:
        described |= {"min": facts.minimum, "max": facts.maximum, "mean": facts.mean, "sd": facts.sd}
    if values:
        described["values"] = cell_values(column)
        if column.kind is Kind.LABELLED:
            described["codes"] = looked_up(column, codes)
    return described


def _grouping(facts: GroupingFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "columns": list(facts.columns),
        "likely": facts.likely,
        "groups": facts.n_groups,
        "singletons": facts.singletons,
        "size_min": int(facts.sizes.min()),
        "size_median": float(np.median(facts.sizes)),
        "size_mean": float(facts.sizes.mean()),
        "size_max": int(facts.sizes.max()),
        "levels": list(facts.levels),
        "sizes": facts.sizes.tolist(),
        "constant_columns": list(facts.constant_columns),
    }


def _relation(pair: Pair) -> dict[str, Any]:
    return {
        "inner": pair.inner,
        "outer": pair.outer,
        "relation": str(pair.relation),
        "reused_labels": pair.reused_labels,
    }
