"""`mlgui describe`: a file as it was understood, on screen and as JSON."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np

from mlgui.cli.opening import open_data, write_json
from mlgui.words import ntr, tr

if TYPE_CHECKING:
    from mlgui.data.read.reader import Reading
    from mlgui.data.structure import GroupingFacts, Pair, Structure
    from mlgui.data.table import Column

_SHOWN_LEVELS = 6
_SHOWN_OTHERS = 12


def run_describe(chosen: argparse.Namespace) -> int:
    """Describe the file that was named."""
    from mlgui.export.json_table import reading_json

    reading, structure = open_data(chosen)
    if chosen.json:
        write_json(reading_json(reading, structure, values=chosen.values), chosen.json)
    if chosen.json != "-":
        print("\n".join(_lines(reading, structure)))
    return 0


def _lines(reading: Reading, structure: Structure) -> list[str]:
    table = reading.table
    return [
        f"{table.source.name}: {_counted_rows(table.n_rows)}, {_counted_columns(len(table.columns))}",
        _how(reading),
        "",
        *(_column_line(column, structure) for column in table.columns),
        "",
        *_groups(structure),
        *(f"! {finding.title}: {finding.text}" for finding in reading.findings),
        *(_question_line(question.about, question.text, question.choices, question.taken) for question in reading.questions),
    ]


def _counted_rows(n: int) -> str:
    return ntr("{n} row", "{n} rows", n).format(n=n)


def _counted_columns(n: int) -> str:
    return ntr("{n} column", "{n} columns", n).format(n=n)


def _how(reading: Reading) -> str:
    options, guessed = reading.options, set(reading.guessed)
    facts = {
        "sheet": options.sheet,
        "delimiter": None if options.delimiter is None else repr(options.delimiter),
        "decimal": None if options.decimal is None else repr(options.decimal),
        "encoding": options.encoding,
        "header_row": options.header_row,
        "missing": ", ".join(options.missing) or None,
    }
    texts = (
        f"{name} {value}{' (' + tr('found') + ')' if name in guessed else ''}"
        for name, value in facts.items()
        if value is not None
    )
    return f"{reading.table.source.format}; " + ", ".join(texts)


def _column_line(column: Column, structure: Structure) -> str:
    levels = ", ".join(" ".join(level.split()) for level in column.levels[:_SHOWN_LEVELS])
    levels += ", …" if len(column.levels) > _SHOWN_LEVELS else ""
    level = structure.levels.get(column.name, "")
    parts = [
        f"  {column.name}: {column.kind}",
        tr("{n} missing").format(n=column.n_missing) if column.n_missing else "",
        tr("constant within {grouping}").format(grouping=level) if level not in ("", column.name) else "",
        f"[{levels}]" if levels else "",
    ]
    return ", ".join(part for part in parts if part)


def _groups(structure: Structure) -> list[str]:
    """Return what looks like groupings and how they relate, the other candidates by name only; the first where nothing does."""
    shown = structure.likely or structure.groupings[:1]
    names = {facts.name for facts in shown}
    others = [facts.name for facts in structure.groupings if facts.name not in names]
    lines = [_grouping_line(facts) for facts in shown]
    lines += [_pair_line(pair) for pair in structure.pairs if pair.inner in names and pair.outer in names]
    if others:
        more = ", …" if len(others) > _SHOWN_OTHERS else ""
        lines.append(tr("  could be groupings too: {names}").format(names=", ".join(others[:_SHOWN_OTHERS]) + more))
    return lines


def _grouping_line(facts: GroupingFacts) -> str:
    low, middle, high = (f"{value:g}" for value in np.quantile(facts.sizes, [0, 0.5, 1]))
    text = tr("  grouping {name}: {n} groups of {low} to {high} rows (median {middle})").format(
        name=facts.name, n=facts.n_groups, low=low, high=high, middle=middle
    )
    return text + (
        ", " + ntr("{n} singleton", "{n} singletons", facts.singletons).format(n=facts.singletons) if facts.singletons else ""
    )


def _pair_line(pair: Pair) -> str:
    text = tr("  {inner} and {outer}: {relation}").format(inner=pair.inner, outer=pair.outer, relation=pair.relation)
    if not pair.reused_labels:
        return text
    return text + tr("; the same labels recur in every {outer}: if they mean different ones, write (1 | {outer}/{inner})").format(
        inner=pair.inner, outer=pair.outer
    )


def _question_line(about: str, text: str, choices: tuple[str, ...], taken: str) -> str:
    return tr("? {about}: {text} ({choices}; taken: {taken})").format(
        about=about, text=text, choices=", ".join(choices), taken=taken
    )
