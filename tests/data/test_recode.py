import numpy as np
import pytest

from mlgui.data import recode
from mlgui.data.missing import rows_complete, rows_dropped
from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError

NAN = float("nan")


@pytest.fixture
def table() -> Table:
    school = Column(name="school", kind=Kind.CATEGORY, values=np.array([0, 0, 1, 1, -1], dtype=np.int32), levels=("a", "b", "c"))
    x = Column(name="x", kind=Kind.NUMBER, values=np.array([1.0, 3.0, 5.0, NAN, 11.0]))
    return Table(columns=(school, x), row_ids=np.arange(1, 6))


def test_centring_and_standardising(table: Table) -> None:
    assert recode.centred(table, "x")["x centred"].values[:3].tolist() == [-4, -2, 0]
    z = recode.standardised(table, "x")["z of x"].values
    assert np.nanmean(z) == pytest.approx(0, abs=1e-15)  # a sum of four numbers near 1
    assert np.nanstd(z, ddof=1) == pytest.approx(1, rel=1e-15)
    rows = np.array([True, True, False, False, False])
    assert recode.centred(table, "x", rows)["x centred"].values[:2].tolist() == [-1, 1]


def test_group_means_are_over_the_rows_used(table: Table) -> None:
    means = recode.group_mean(table, "x", "school")["mean of x by school"].values
    assert np.array_equal(means, [2, 2, 5, 5, NAN], equal_nan=True)
    rows = np.array([False, True, True, True, True])
    assert np.array_equal(recode.group_means(table, "x", "school", rows), [3, 3, 5, 5, NAN], equal_nan=True)
    within = recode.within_group(table, "x", "school")["x within school"].values
    assert np.array_equal(within, [-1, 1, 0, NAN, NAN], equal_nan=True)


def test_group_means_keep_digits_far_from_zero() -> None:
    x = 1e9 + np.array([0.25, 0.75, 0.5, 1.5])
    table = Table(
        columns=(
            Column(name="g", kind=Kind.NUMBER, values=np.array([1.0, 1.0, 2.0, 2.0])),
            Column(name="x", kind=Kind.NUMBER, values=x),
        ),
        row_ids=np.arange(1, 5),
    )
    assert recode.group_means(table, "x", "g").tolist() == [1e9 + 0.5, 1e9 + 0.5, 1e9 + 1, 1e9 + 1]


def test_what_has_no_mean_is_refused_in_words(table: Table) -> None:
    with pytest.raises(UserError, match="no number column"):
        recode.centred(table, "school")
    constant = table.with_column(Column(name="k", kind=Kind.NUMBER, values=np.full(5, 2.0)))
    with pytest.raises(UserError, match="the same"):
        recode.standardised(constant, "k")
    empty = table.with_column(Column(name="e", kind=Kind.EMPTY, values=np.full(5, NAN)))
    with pytest.raises(UserError, match="no values"):
        recode.centred(empty, "e")


def test_filter_keeps_row_numbers_and_levels(table: Table) -> None:
    kept = recode.without_groups(table, "school", ["a"])
    assert kept.row_ids.tolist() == [3, 4, 5]
    assert kept["school"].levels == ("a", "b", "c")
    assert table.n_rows == 5


def test_levels_and_reference(table: Table) -> None:
    assert recode.with_reference(table, "school", "b")["school"].levels == ("b", "a", "c")
    assert recode.with_levels(table, "school", ["c", "b", "a"])["school"].values.tolist() == [2, 2, 1, 1, -1]


def test_complete_rows_and_reasons(table: Table) -> None:
    assert rows_complete(table, ["school", "x"]).tolist() == [True, True, True, False, False]
    assert rows_complete(table, []).all()
    dropped = rows_dropped(table, ["school", "x"])
    assert dropped.row_ids.tolist() == [4, 5]
    assert [dropped.reason(i) for i in range(len(dropped))] == [("x",), ("school",)]
    assert dropped.counts() == {"school": 1, "x": 1}
    assert len(rows_dropped(table, [])) == 0
