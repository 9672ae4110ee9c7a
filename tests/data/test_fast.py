"""The fast path finds what the careful path finds, or declines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlgui.data.missing import USUAL_MISSING
from mlgui.data.read.cells import careful_columns, level_lines
from mlgui.data.read.fast import fast_columns
from mlgui.data.read.scan import scan
from mlgui.data.read.settle import Context, Settled, settle_numbers, settle_texts

PLAIN = st.sampled_from(
    ["1", "-2", "3.5", "1e3", "007", "0.5", "-0", "+4", " 6", "6 ", "NA", "", ".", "Inf", "-99", "a", " a ", "TRUE", "FALSE",
     "2021-03-04", "12345678901234567890", "1,5", "0x1A", "1_000", "nan", "None", "ü", "#DIV/0!", "00", "9007199254740993"]
)  # fmt: skip
ODD = st.sampled_from(['"x"', '"1,5"', '"a ""b"" c"', '"two\nlines"', 'in"ch', '"open', '"sh"ut', ' "q"', '"3"', '""'])


def settle(raw, context: Context) -> Settled:
    if raw.numbers is not None:
        return settle_numbers("x", raw.numbers, context)
    return settle_texts("x", raw.texts, raw.codes, context)


@pytest.mark.parametrize("decimal", [".", ","])
@settings(max_examples=120, deadline=None)
@given(
    rows=st.integers(1, 3).flatmap(
        lambda width: st.lists(st.lists(PLAIN | ODD, min_size=width, max_size=width), min_size=1, max_size=9)
    )
)
def test_fast_path_agrees_with_careful_path(decimal, rows) -> None:
    width = len(rows[0])
    text = "\n".join(";".join(cells) for cells in rows).rstrip("\n") + "\n"
    context = Context(decimal=decimal, missing=USUAL_MISSING | {"-99"})
    if not text.strip("\n"):
        return
    fast = fast_columns(text, ";", width, context)
    if fast is None:
        return
    careful, _ = careful_columns(text, ";", width, None)
    for quick, slow in zip(fast, careful, strict=True):
        a, b = settle(quick, context), settle(slow, context)
        assert a.column.kind == b.column.kind
        assert a.column.levels == b.column.levels
        assert np.array_equal(a.column.values, b.column.values, equal_nan=a.column.values.dtype.kind != "i")
        assert [finding.code for finding in a.findings] == [finding.code for finding in b.findings]


@settings(max_examples=150, deadline=None)
@given(width=st.integers(2, 3), rows=st.lists(st.lists(PLAIN, max_size=5), min_size=1, max_size=9))
def test_levelled_lines_hold_what_the_careful_path_finds(width: int, rows: list[list[str]]) -> None:
    text = "\n".join(";".join(cells) for cells in rows) + "\n"
    if not text.strip("\n"):
        return
    careful, careful_findings = careful_columns(text, ";", width, None)
    level, findings = level_lines(text, ";", width)
    again, nothing = careful_columns(level, ";", width, None)
    assert findings == careful_findings
    if level.strip("\n;"):
        assert not nothing
        assert [[a.texts[i] for i in a.codes] for a in again] == [[b.texts[i] for i in b.codes] for b in careful]


def test_regular_text_takes_the_fast_path() -> None:
    text = 'a;"x;1";2.5\nb;"two\nlines";3.5\n' * 50
    columns = fast_columns(text, ";", 3, Context())
    assert columns is not None
    assert columns[1].texts == ("x;1", "two\nlines")
    assert columns[2].numbers is not None
    assert columns[2].numbers[:2].tolist() == [2.5, 3.5]


@pytest.mark.parametrize("text", ["1,2\n3\n", "1,2\n3,4,5\n", "1,2\n\n3,4\n", '1,"2\n3,4\n', '1,a"b"\n', '1,"a"b\n'])
def test_irregular_text_is_left_to_the_careful_path(text: str) -> None:
    assert scan(text.encode(), b",", 2) is None


def test_scan_finds_leading_zeros_by_column() -> None:
    found = scan(b'1,"007",0.5\n01,2,-0\n3, +04,0\n', b",", 3)
    assert found is not None
    assert found.n_rows == 3
    assert found.leading_zeros == {0, 1}
    assert scan(b"1,2\n", b",", 2).leading_zeros == frozenset()  # type: ignore[union-attr]


def test_numbers_are_exact_on_the_fast_path() -> None:
    numbers = np.random.default_rng(3).normal(size=2_000)
    text = "".join(f"{value!r},{i}\n" for i, value in enumerate(numbers.tolist()))
    columns = fast_columns(text, ",", 2, Context())
    assert columns is not None
    assert columns[0].numbers is not None
    assert np.array_equal(columns[0].numbers, numbers)
