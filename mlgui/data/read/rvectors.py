"""Vectors of R, parsed but never run, to columns: numbers, factors, dates, times, truth values, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlgui.data.frames import coded_column, without_time
from mlgui.data.kinds import label_of_number
from mlgui.data.read.settle import Context, Settled, settle_numbers, settle_words
from mlgui.data.read.typed import without_levels
from mlgui.data.table import Column, Kind

_LATIN1 = 4
_MOST_SECONDS = 9e12
"""Dates and times beyond some 285,000 years do not fit; they are no data."""


def type_of(value: Any) -> str:
    """Return the type of a parsed R object: INT, REAL, STR, VEC, LIST, CLO, ..."""
    return str(value.info.type.name)


def text_of(value: Any) -> str:
    """Return the text of a parsed symbol or string, "" for a missing one."""
    while type_of(value) == "REF":
        value = value.referenced_object
    if type_of(value) == "SYM":
        return text_of(value.value)
    if value.value is None:
        return ""
    return bytes(value.value).decode("latin-1" if int(value.info.gp) & _LATIN1 else "utf-8", errors="replace")


def attributes_of(value: Any) -> dict[str, Any]:
    """Return the attributes of a parsed R object by name."""
    found = {}
    at = value.attributes
    while at is not None and type_of(at) == "LIST":
        if at.tag is not None:
            found[text_of(at.tag)] = at.value[0]
        at = at.value[1]
    return found


def texts_of(value: Any) -> list[str]:
    """Return the strings of a character vector, none for any other object."""
    return [text_of(item) for item in value.value] if value is not None and type_of(value) == "STR" else []


def classes_of(attributes: Mapping[str, Any]) -> list[str]:
    """Return the classes of an object, the most special first."""
    return texts_of(attributes.get("class"))


def is_vector(value: Any) -> bool:
    """Return whether an object can be a column: a vector of numbers, words or truth values."""
    return type_of(value) in ("LGL", "INT", "REAL", "STR")


def numbers_of(value: Any) -> NDArray[np.float64]:
    """Return the numbers of a parsed vector, NaN where R has NA; bare numbers are vectors of one."""
    return np.ma.filled(np.ma.atleast_1d(np.ma.asarray(value.value, dtype=np.float64)), np.nan)


def settle_vector(name: str, value: Any, context: Context) -> Settled:
    """Return a parsed vector as a column under its R class; its attribute `label` becomes the label."""
    attributes = attributes_of(value)
    settled = _settle(name, value, attributes, context)
    label = " ".join(" ".join(texts_of(attributes.get("label"))).split())
    return replace(settled, column=replace(settled.column, label=label))


def _settle(name: str, value: Any, attributes: Mapping[str, Any], context: Context) -> Settled:
    classes = classes_of(attributes)
    if type_of(value) == "STR":
        return _words(name, value, context)
    numbers = numbers_of(value)
    if "factor" in classes:
        return Settled(column=_factor(name, numbers, attributes, context, ordered="ordered" in classes))
    if "Date" in classes or "POSIXct" in classes:
        return Settled(column=_instants(name, numbers, "D" if "Date" in classes else "us"))
    if type_of(value) == "LGL":
        return Settled(column=_truth(name, numbers))
    if "integer64" in classes:
        return settle_numbers(name, _long_integers(numbers), context)
    if attributes.get("labels") is not None:
        return _labelled(name, numbers, attributes["labels"], context)
    return settle_numbers(name, numbers, context)


def _words(name: str, value: Any, context: Context) -> Settled:
    """Return a character vector as words; NA is missing, "NA" is not."""
    seen: dict[str, int] = {}
    codes = [-1 if item.value is None else seen.setdefault(text_of(item), len(seen)) for item in value.value]
    return settle_words(name, tuple(seen), np.array(codes, dtype=np.int32), context)


def _factor(name: str, numbers: NDArray[np.float64], attributes: Mapping[str, Any], context: Context, *, ordered: bool) -> Column:
    """Return a factor as a category; its levels keep their order. Codes without a level are missing."""
    levels = tuple(dict.fromkeys(texts_of(attributes.get("levels"))))
    inside = (numbers >= 1) & (numbers <= len(levels))
    codes = np.where(inside, np.nan_to_num(numbers) - 1, -1).astype(np.int32)
    kind = Kind.ORDERED if ordered else Kind.CATEGORY
    return without_levels(Column(name=name, kind=kind, values=codes, levels=levels), context.missing)


def _instants(name: str, numbers: NDArray[np.float64], unit: str) -> Column:
    """Return days or seconds since 1970 as dates or times (UTC)."""
    scale = 1 if unit == "D" else 1_000_000
    sound = np.isfinite(numbers) & (np.abs(numbers) < _MOST_SECONDS / (86_400 if unit == "D" else 1))
    whole = np.floor(np.where(sound, numbers, 0.0) * scale + (0 if unit == "D" else 0.5)).astype(np.int64)
    values = whole.astype(f"datetime64[{unit}]")
    values[~sound] = np.datetime64("NaT")
    return without_time(Column(name=name, kind=Kind.DATE if unit == "D" else Kind.DATETIME, values=values))


def _truth(name: str, numbers: NDArray[np.float64]) -> Column:
    if np.isnan(numbers).all():
        return Column(name=name, kind=Kind.EMPTY, values=numbers)
    codes = np.where(np.isnan(numbers), -1, np.nan_to_num(numbers) != 0).astype(np.int32)
    return coded_column(name, Kind.BOOLEAN, ("false", "true"), codes)


def _long_integers(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of class integer64: whole numbers that R keeps in the bits of doubles."""
    whole = numbers.view(np.int64)
    return np.where(whole == np.iinfo(np.int64).min, np.nan, whole.astype(np.float64))


def _labelled(name: str, numbers: NDArray[np.float64], labels: Any, context: Context) -> Settled:
    """Return a vector of class haven_labelled as the statistics program would have given it."""
    from mlgui.data.read.labelled import Variable, settle_coded

    if not is_vector(labels) or type_of(labels) == "STR":
        return settle_numbers(name, numbers, context)
    words = texts_of(attributes_of(labels).get("names"))
    pairs = dict(zip(numbers_of(labels).tolist(), words))
    return settle_coded(Variable(name=name, labels=pairs), numbers, context)


def row_names_of(attributes: Mapping[str, Any], n_rows: int) -> Any | None:
    """Return the row names of a data frame if they are words of its author, not numbers in sequence."""
    names = attributes.get("row.names")
    words = texts_of(names)
    if len(words) != n_rows or words == [label_of_number(i) for i in range(1, n_rows + 1)]:
        return None
    return names
