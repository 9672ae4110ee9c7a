"""A short name for a table's contents, so that a report can say which data it was made from."""

from __future__ import annotations

import hashlib

import numpy as np

from mlgui.data.table import CODED, Table


def fingerprint(table: Table) -> str:
    """Return the SHA-256 of names, kinds, levels and values, in hexadecimal: equal for equal tables on every machine."""
    digest = hashlib.sha256()
    for column in table.columns:
        digest.update(repr((column.name, str(column.kind), column.levels)).encode("utf-8", "backslashreplace"))
        values = np.ascontiguousarray(column.values)
        digest.update(values.astype("<i4" if column.kind in CODED else values.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
