"""Small tables for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlgui.data.table import Column, Kind, Source, Table


def numbers(name: str, values: Sequence[float]) -> Column:
    """Return a number column; NaN is missing."""
    return Column(name=name, kind=Kind.NUMBER, values=np.asarray(values, dtype=np.float64))


def labels(name: str, values: Sequence[str], levels: Sequence[str] | None = None, kind: Kind = Kind.CATEGORY) -> Column:
    """Return a coded column; "" is missing; levels in order of first appearance where not given."""
    order = list(levels) if levels is not None else [value for value in dict.fromkeys(values) if value]
    codes = np.array([order.index(value) if value else -1 for value in values], dtype=np.int32)
    return Column(name=name, kind=kind, values=codes, levels=tuple(order))


def table(*columns: Column, row_noun: str = "") -> Table:
    """Return a table of these columns, rows numbered from 1."""
    n = len(columns[0]) if columns else 0
    return Table(columns=columns, row_ids=np.arange(1, n + 1), source=Source(row_noun=row_noun))


def schools(n_schools: int = 6, per_school: int = 5) -> Table:
    """Return students in schools: math, ses, sex, sector (Public, Catholic), region (3 levels), mean_ses, school."""
    rng = np.random.default_rng(20)
    school = np.repeat(np.arange(n_schools), per_school)
    n = len(school)
    sector = np.array(["Public", "Catholic"])[school % 2]
    region = np.array(["north", "south", "west"])[school % 3]
    return table(
        labels("school", [f"s{k}" for k in school]),
        numbers("math", rng.normal(size=n)),
        numbers("ses", rng.normal(size=n)),
        labels("sex", list(rng.permutation(["f", "m"] * n)[:n]), ["f", "m"]),
        labels("sector", list(sector)),
        labels("region", list(region)),
        numbers("mean_ses", rng.normal(size=n_schools)[school]),
        row_noun="student",
    )
