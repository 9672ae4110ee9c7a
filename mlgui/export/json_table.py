"""A file as it was understood, as JSON for other programs. Documented in `resources/docs/json.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlgui import __version__
from mlgui.data.read.reader import Question, Reading
from mlgui.data.structure import GroupingFacts, Pair, Structure
from mlgui.data.table import CODED, Column, Kind
from mlgui.export.json_report import finding_json, number, numbers


def reading_json(reading: Reading, structure: Structure, values: bool = False) -> dict[str, Any]:
    """Return a reading and the groups found in it as JSON-ready values. values: with every value of every column."""
    table, options = reading.table, reading.options
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
        "guessed": list(reading.guessed),
        "preamble": list(reading.preamble),
        "n_rows": table.n_rows,
        "n_columns": len(table.columns),
        "warnings": [finding_json(finding) for finding in reading.findings],
        "questions": [_question(question) for question in reading.questions],
        "columns": [_column(column, structure, values) for column in table.columns],
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


def _column(column: Column, structure: Structure, values: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "kind": str(column.kind),
        "level": structure.levels.get(column.name, ""),
        "missing": column.n_missing,
        "distinct": len(np.unique(column.values[~column.missing])),
        "label": column.label,
    }
    if column.kind in CODED:
        described["levels"] = list(column.levels)
    if column.kind is Kind.LABELLED:
        described["level_codes"] = [number(code) for code in column.level_codes]
    if values:
        described["values"] = column_values(column)
        if column.kind is Kind.LABELLED:
            described["codes"] = _looked_up(column, [number(code) for code in column.level_codes])
    return described


def column_values(column: Column) -> list[Any]:
    """Return the values of a column: numbers, labels, truth values, ISO dates; None where missing.

    JSON has no infinity: infinite values are the texts "Infinity" and "-Infinity".
    """
    if column.kind is Kind.BOOLEAN:
        return _looked_up(column, [level.casefold() in ("true", "yes", "1") for level in column.levels])
    if column.kind in CODED:
        return _looked_up(column, list(column.levels))
    if column.kind in (Kind.DATE, Kind.DATETIME):
        texts = np.datetime_as_string(column.values).tolist()  # type: ignore[arg-type]
        return [None if missing else text for text, missing in zip(texts, column.missing.tolist(), strict=True)]
    found: list[Any] = numbers(column.values)
    for row in np.flatnonzero(np.isinf(column.values.astype(np.float64))).tolist():
        found[row] = "Infinity" if float(column.values[row]) > 0 else "-Infinity"
    return found


def _looked_up(column: Column, of_levels: list[Any]) -> list[Any]:
    known = [*of_levels, None]
    return [known[code] for code in column.values.tolist()]


def _grouping(facts: GroupingFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "columns": list(facts.columns),
        "groups": facts.n_groups,
        "singletons": facts.singletons,
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
