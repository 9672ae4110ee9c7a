"""Every change of a table: what becomes of its values, its history and its filter; and what is refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.edits.columns import computed, with_kind, with_levels, with_missing, without_column
from mlgui.data.edits.renaming import quoted_name, quoted_text, renamed, with_name
from mlgui.data.edits.reshape import Repeated, long_table, repeated_columns
from mlgui.data.edits.rows import block_of_text, cell_text, filtered, with_block, with_cell
from mlgui.data.expressions import evaluate, read_expression
from mlgui.data.steps import Action
from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError
from tests.data.small import small_table

NAN = float("nan")
TABLE = small_table()


def shown(table: Table, name: str) -> list[str]:
    return [cell_text(table[name], row) for row in range(table.n_rows)]


def test_a_computed_column_stands_beside_what_it_reads_and_shares_the_rest() -> None:
    table = computed(TABLE, " x2 ", "x * 2")
    assert table.names[:3] == ("x", "x2", "g")
    assert all(table[name] is TABLE[name] for name in TABLE.names)
    assert table.steps[-1].action is Action.COMPUTE
    assert table.steps[-1]["expression"] == "x * 2"
    with pytest.raises(UserError, match="already"):
        computed(table, "x2", "x")
    assert computed(table, "x2", "x", replacing="x2").names == table.names


def test_filtered_rows_are_struck_through_and_not_deleted() -> None:
    table = filtered(TABLE, "x > 1")
    assert table.filter is not None
    assert table.filter.kept.tolist() == [False, True, False, True, True, True]
    assert table.columns is TABLE.columns
    assert filtered(table, "").filter is None
    with pytest.raises(UserError, match="No row"):
        filtered(TABLE, "x > 100")


def test_statistics_leave_out_filtered_rows() -> None:
    table = computed(filtered(TABLE, "x != 9"), "m", "mean(x)")
    assert table["m"].values.tolist() == [3.0] * 6


def test_a_filter_follows_the_values_it_reads() -> None:
    table = filtered(TABLE, "x > 1")
    other = with_cell(table, 0, "two words", "7")
    assert other.filter is table.filter
    edited = with_cell(table, 0, "x", "3")
    assert edited.filter is not None
    assert edited.filter.kept[0]
    with pytest.raises(UserError, match="filter"):
        without_column(table, "x")
    moved = renamed(table, "x", "new name")
    assert moved.filter is not None
    assert moved.filter.expression == "`new name` > 1"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("x", "3,5", "3.5"), ("x", "3.5", "3.5"), ("x", "1,234.5", "1234.5"), ("x", "1.234,5", "1234.5"), ("x", "", ""),
        ("x", "NA", ""), ("x", "\u22122", "-2"), ("g", "b", "b"), ("g", "brand new", "brand new"), ("g", "", ""),
        ("o", "high", "high"), ("b", "yes", "true"), ("b", "0", "false"), ("d", "2024-03-31", "2024-03-31"),
        ("d", "31.3.2024", "2024-03-31"), ("d", "", ""), ("id", "99", "99"),
    ],
)  # fmt: skip
def test_a_cell_takes_what_its_column_can_hold(name: str, text: str, expected: str) -> None:
    table = with_cell(TABLE, 1, name, text)
    assert shown(table, name)[1] == expected
    assert [value for row, value in enumerate(shown(table, name)) if row != 1] == [
        value for row, value in enumerate(shown(TABLE, name)) if row != 1
    ]
    assert table[name].kind is TABLE[name].kind
    assert table.steps[-1]["new"] == expected


@pytest.mark.parametrize(("name", "text"), [("x", "three"), ("o", "huge"), ("b", "maybe"), ("d", "3/4/2021"), ("x", "inf")])
def test_a_wrong_cell_gets_a_sentence(name: str, text: str) -> None:
    with pytest.raises(UserError) as caught:
        with_cell(TABLE, 0, name, text)
    assert name in caught.value.why or name in caught.value.what
    assert caught.value.do


def test_a_block_with_decimal_commas_goes_into_cells_and_new_rows() -> None:
    block = block_of_text("1,5\ta\r\n2,5\t\r\n3,25\tc\r\n")
    table = with_block(TABLE, np.array([4, 5]), 0, block)
    assert table.n_rows == 7
    assert shown(table, "x") == ["1", "2", "", "4", "1.5", "2.5", "3.25"]
    assert shown(table, "g")[4:] == ["a", "", "c"]
    assert shown(table, "d")[6] == ""
    assert table.row_ids.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert shown(with_block(TABLE, np.array([0, 1]), 0, block_of_text("1.5\n2")), "x")[:2] == ["1.5", "2"]


def test_a_block_that_does_not_fit_changes_nothing() -> None:
    with pytest.raises(UserError, match="wider"):
        with_block(TABLE, np.array([0]), 6, block_of_text("1\t2"))
    with pytest.raises(UserError, match="not a number"):
        with_block(TABLE, np.array([0, 1]), 0, block_of_text("1\nword"))


def test_levels_are_ordered_renamed_and_merged() -> None:
    table = with_levels(TABLE, "o", [("high", "top"), ("low", "rest"), ("mid", "rest")], ordered=False)
    assert table["o"].levels == ("top", "rest")
    assert table["o"].kind is Kind.CATEGORY
    assert shown(table, "o") == ["rest", "rest", "top"] * 2
    with pytest.raises(UserError):
        with_levels(TABLE, "o", [("high", "top")], ordered=True)
    labelled = with_levels(TABLE, "two words", [(str(k), f"value {k}") for k in range(6)], ordered=True)
    assert shown(labelled, "two words")[3] == "value 3"


def test_missing_codes_become_missing() -> None:
    table = with_missing(TABLE, "x", ["9", " 4,0 "])
    assert shown(table, "x") == ["1", "2", "", "", "5", ""]
    gone = with_missing(TABLE, "o", ["mid"])
    assert gone["o"].levels == ("low", "high")
    assert shown(gone, "o") == ["low", "", "high"] * 2
    with pytest.raises(UserError, match="None of these"):
        with_missing(TABLE, "x", ["77"])


def test_kinds_names_and_deletion() -> None:
    assert with_kind(TABLE, "x", Kind.CATEGORY)["x"].levels == ("1", "2", "4", "5", "9")
    assert "x" not in without_column(TABLE, "x")
    with pytest.raises(UserError, match="already"):
        renamed(TABLE, "x", "g")


def test_names_and_texts_are_written_as_expressions_read_them() -> None:
    for name in ("x", "two words", "and", "log", "a`b", "1st", ".5", "é", "back\\slash"):
        table = Table(columns=(Column(name=name, kind=Kind.NUMBER, values=np.arange(3.0)),), row_ids=np.arange(1, 4))
        assert evaluate(read_expression(quoted_name(name), table), table, "new").values.tolist() == [0, 1, 2]
    for text in ("plain", 'with "marks"', "back\\slash", "new\nline"):
        assert evaluate(read_expression(quoted_text(text)), TABLE, "new").levels == (text,)
    assert with_name('x + log(x) + "x" + `x`', "x", "y z") == '`y z` + log(`y z`) + "x" + `y z`'
    assert with_name("log(log)", "log", "w") == "log(w)"


def wide() -> Table:
    columns = [Column(name="person", kind=Kind.ID, values=np.arange(2, dtype=np.int32), levels=("p", "q"))]
    for place, name in enumerate(("score_t1", "score_t2", "score_t10")):
        columns.append(Column(name=name, kind=Kind.NUMBER, values=np.array([place + 1.0, place + 11.0])))
    nothing = np.array([0, -1], dtype=np.int32)
    mood = [Column(name=f"mood{k}", kind=Kind.CATEGORY, values=nothing, levels=(f"m{k}",)) for k in (1, 2)]
    age = Column(name="age", kind=Kind.NUMBER, values=np.array([30.0, 40.0]))
    return Table(columns=(*columns, *mood, age), row_ids=np.array([1, 2]))


def test_repeated_columns_are_found_by_their_numbers() -> None:
    sets = repeated_columns(wide())
    assert sets[0] == Repeated(name="score", columns=("score_t1", "score_t2", "score_t10"), occasions=("1", "2", "10"))
    assert sets[1].name == "mood"


def test_wide_becomes_long() -> None:
    table = wide()
    score, mood = repeated_columns(table)
    long = long_table(table, [score], "time", "person")
    assert long.names == ("person", "mood1", "mood2", "age", "time", "score")
    assert shown(long, "person") == ["p", "p", "p", "q", "q", "q"]
    assert shown(long, "time") == ["1", "2", "10"] * 2
    assert shown(long, "score") == ["1", "2", "3", "11", "12", "13"]
    with_new_id = long_table(table, [mood], "time", "row")
    assert shown(with_new_id, "row") == ["1", "1", "2", "2"]
    assert shown(with_new_id, "mood") == ["m1", "m2", "", ""]
    with pytest.raises(UserError, match="columns and"):
        long_table(table, [score, mood], "time", "person")
    with pytest.raises(UserError, match="already"):
        long_table(table, [score], "age", "person")
