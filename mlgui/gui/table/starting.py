"""Names and expressions that new columns start from."""

from __future__ import annotations

import numpy as np

from mlgui.data.edits.renaming import quoted_name
from mlgui.data.kinds import label_of_number
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.words import tr

_GLANCE = 5000


def free_name(table: Table, name: str) -> str:
    """Return a name, or the first of "name 2", "name 3", ... that no column bears."""
    n, found = 1, name
    while found in table:
        n += 1
        found = f"{name} {n}"
    return found


def starting_expression(column: Column, how: str) -> tuple[str, str]:
    """Return a name and an expression to begin with: cut at the thirds, reversed within its range, standardized, logged."""
    name, quoted = column.name, quoted_name(column.name)
    if how == "cut":
        limits = ", ".join(label_of_number(limit) for limit in _thirds(column))
        return tr("{name} in categories").format(name=name), f"cut({quoted}, {limits})"
    if how == "reverse":
        low, high = _range(column)
        return tr("{name} reversed").format(name=name), f"{label_of_number(low + high)} - {quoted}"
    if how == "scale":
        return tr("{name} standardized").format(name=name), f"scale({quoted})"
    if how == "log":
        return tr("log {name}").format(name=name), f"log({quoted})"
    return "", quoted


def has_few_values(column: Column, most: int) -> bool:
    """Return whether a column has at least one and at most so many different values; a glance settles most cases."""
    if column.kind in CODED:
        return 0 < len(column.levels) <= most
    if len(np.unique(column.values[:_GLANCE])) > most + 1:
        return False
    return 0 < len(np.unique(column.values[~column.missing])) <= most


def _present(column: Column) -> np.ndarray:  # type: ignore[type-arg]
    values = np.asarray(column.values, dtype=np.float64)
    return values[~np.isnan(values)]


def _range(column: Column) -> tuple[float, float]:
    values = _present(column)
    return (float(values.min()), float(values.max())) if len(values) else (1.0, 5.0)


def _thirds(column: Column) -> list[float]:
    """Return two limits that part the values into thirds, rounded as far as they stay apart; the quartiles of few values."""
    values = _present(column) if column.kind is Kind.NUMBER else np.empty(0)
    if not len(values):
        return [0.0, 1.0]
    limits = [float(limit) for limit in np.quantile(values, (1 / 3, 2 / 3))]
    if limits[0] == limits[1]:
        return [limits[0]]
    digits = int(np.ceil(-np.log10(limits[1] - limits[0]))) + 1
    return [float(round(limit, digits)) for limit in limits]
