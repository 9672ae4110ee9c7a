"""A table as text without loss: a CSV of numbers, codes and dates, and a JSON description of the columns.

Categories are written as codes into the `levels` of the description, -1 for missing, so that no label can be mistaken
for another; floating-point numbers with the digits that give back the same bits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import CODED, Column, Kind, Source, Table

ROW_ID = "#row"


def table_csv(table: Table) -> bytes:
    """Return the values as UTF-8 CSV: the row id, then one field a column; "nan" and "NaT" where a number or date is missing.

    The names in the first line are for people (line breaks become spaces); the description holds the true ones.
    """
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow([ROW_ID, *(" ".join(name.split()) for name in table.names)])
    fields = [list(map(str, table.row_ids.tolist())), *(_fields(column) for column in table.columns)]
    lines = map(",".join, zip(*fields, strict=True))
    return (header.getvalue() + "\n".join([*lines, ""])).encode("utf-8", "backslashreplace")


def _fields(column: Column) -> list[str]:
    if _is_date(column.kind):
        return list(np.datetime_as_string(column.values).tolist())  # type: ignore[arg-type]
    return list(map(repr, column.values.tolist()))


def _is_date(kind: Kind) -> bool:
    return kind in (Kind.DATE, Kind.DATETIME)


def table_description(table: Table) -> dict[str, Any]:
    """Return what the CSV does not say, ready for JSON: kinds, levels in order, codes, labels."""
    return {"n_rows": table.n_rows, "columns": [_describe(column) for column in table.columns]}


def _describe(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "kind": str(column.kind)}
    if column.kind in CODED:
        described["levels"] = list(column.levels)
    if column.level_codes:
        described["level_codes"] = [float(code) for code in column.level_codes]
    if column.label:
        described["label"] = column.label
    return described


def table_from_text(content: bytes, description: Mapping[str, Any], source: Source) -> Table:
    """Return the table that `table_csv` and `table_description` wrote. ValueError or KeyError if they do not fit."""
    described = description["columns"]
    kinds = [Kind(entry["kind"]) for entry in described]
    values = _read_columns(content, ["int64", *(_storage(kind) for kind in kinds)], int(description["n_rows"]))
    columns = tuple(_column(entry, kind, array) for entry, kind, array in zip(described, kinds, values[1:], strict=True))
    return Table(columns=columns, row_ids=values[0], source=source)


def _storage(kind: Kind) -> str:
    if kind in CODED:
        return "int32"
    return "U32" if _is_date(kind) else "float64"


def _read_columns(content: bytes, types: Sequence[str], n_rows: int) -> list[NDArray[Any]]:
    """Return the fields of the CSV by column; numpy reads every float to the nearest double, so that repr is undone."""
    kinds = np.dtype([(str(place), kind) for place, kind in enumerate(types)])
    if content.count(b"\n") != n_rows + 1:
        raise ValueError("the number of lines differs")
    if n_rows == 0:
        rows = np.zeros(0, dtype=kinds)
    else:
        rows = _loaded(content, kinds)
    if len(rows) != n_rows:
        raise ValueError("the number of rows differs")
    return [np.ascontiguousarray(rows[str(place)]) for place in range(len(types))]


def _loaded(content: bytes, kinds: np.dtype[Any]) -> NDArray[Any]:
    """Return the rows of the CSV. The first projects left fields of missing numbers and dates empty: they are read with care."""

    def load(converters: Any = None) -> NDArray[Any]:
        rows: NDArray[Any] = np.loadtxt(
            io.BytesIO(content), dtype=kinds, delimiter=",", comments=None, skiprows=1, ndmin=1, encoding="utf-8",
            converters=converters,
        )  # fmt: skip
        return rows

    try:
        return load()
    except ValueError:
        missing = {"f": "nan", "U": "NaT"}
        letters = [kinds[name].kind for name in kinds.names or ()]
        return load({place: partial(_or_else, missing[k]) for place, k in enumerate(letters) if k in missing})


def _or_else(missing: str, field: str) -> str:
    return field or missing


def _column(entry: Mapping[str, Any], kind: Kind, values: NDArray[Any]) -> Column:
    levels = tuple(_text(level) for level in entry.get("levels", ()))
    if kind in CODED and len(values) and not -1 <= values.min() <= values.max() < len(levels):
        raise ValueError("a code stands for no level")
    return Column(
        name=_text(entry["name"]), kind=kind, values=_CONVERT.get(kind, _as_stored)(values), levels=levels,
        level_codes=tuple(float(code) for code in entry.get("level_codes", ())), label=_text(entry.get("label", "")),
    )  # fmt: skip


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value


def _as_stored(values: NDArray[Any]) -> NDArray[Any]:
    return np.array(values)


def _dates(unit: str) -> Callable[[NDArray[Any]], NDArray[Any]]:
    def convert(values: NDArray[Any]) -> NDArray[Any]:
        return np.array(values.tolist(), dtype=f"datetime64[{unit}]")

    return convert


_CONVERT: dict[Kind, Callable[[NDArray[Any]], NDArray[Any]]] = {Kind.DATE: _dates("D"), Kind.DATETIME: _dates("us")}
