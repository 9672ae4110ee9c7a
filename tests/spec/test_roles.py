from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.table import Column, Kind
from mlgui.spec.roles import reason_not_grouping, reason_not_outcome, reason_not_weight


def column(kind: Kind) -> Column:
    if kind in (Kind.NUMBER, Kind.EMPTY):
        return Column(name="x", kind=kind, values=np.array([1.0, np.nan]))
    if kind in (Kind.DATE, Kind.DATETIME):
        return Column(name="x", kind=kind, values=np.array(["2020-01-01", "NaT"], dtype="datetime64[D]"))
    return Column(name="x", kind=kind, values=np.array([0, -1], dtype=np.int32), levels=("a",), level_codes=(1.0,))


@pytest.mark.parametrize("kind", Kind)
def test_what_a_kind_may_be(kind: Kind) -> None:
    outcome = {Kind.NUMBER, Kind.BOOLEAN, Kind.LABELLED, Kind.DATE, Kind.DATETIME}
    assert (reason_not_outcome(column(kind)) == "") is (kind in outcome)
    assert (reason_not_grouping(column(kind)) == "") is (kind not in (Kind.DATE, Kind.DATETIME, Kind.EMPTY))
    assert (reason_not_weight(column(kind)) == "") is (kind is Kind.NUMBER)


def test_labels_without_codes_are_no_numbers() -> None:
    plain = Column(name="x", kind=Kind.LABELLED, values=np.array([0], dtype=np.int32), levels=("a",))
    assert "must be a number" in reason_not_outcome(plain)
