"""What the tests of the session share: a small table and its groups."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Column, Kind, Source, Table


@pytest.fixture
def table() -> Table:
    """Return score (the outcome), x, u (constant in a school), kind, and school."""
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(8, dtype=np.int32), 6)
    x = rng.normal(size=len(codes))
    u = rng.normal(size=8)[codes]
    score = 10 + 2 * x + u + rng.normal(size=8)[codes] + rng.normal(size=len(codes)) * 0.7
    kinds = (np.arange(len(codes)) % 2).astype(np.int32)
    columns = (
        Column(name="school", kind=Kind.CATEGORY, values=codes, levels=tuple(f"school {letter}" for letter in "abcdefgh")),
        Column(name="score", kind=Kind.NUMBER, values=score),
        Column(name="x", kind=Kind.NUMBER, values=x),
        Column(name="u", kind=Kind.NUMBER, values=u),
        Column(name="kind", kind=Kind.CATEGORY, values=kinds, levels=("no", "yes")),
    )
    source = Source(name="small.csv", format="delimited text", options={"delimiter": ","}, row_noun="student")
    return Table(columns=columns, row_ids=np.arange(1, len(codes) + 1), source=source)


@pytest.fixture
def structure(table: Table) -> Structure:
    """Return the groups of the small table."""
    return find_structure(table)
