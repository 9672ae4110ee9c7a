import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgui.data import kinds
from mlgui.data.table import Column, Kind
from mlgui.errors import UserError


def category(cells: list[str | None], levels: list[str], kind: Kind = Kind.CATEGORY) -> Column:
    codes = np.array([-1 if cell is None else levels.index(cell) for cell in cells], dtype=np.int32)
    return Column(name="g", kind=kind, values=codes, levels=tuple(levels))


def cells(column: Column) -> list[str | None]:
    return [None if code < 0 else column.levels[code] for code in column.values.tolist()]


def number(values: list[float]) -> Column:
    return Column(name="x", kind=Kind.NUMBER, values=np.array(values, dtype=float))


def test_levels_sort_as_a_reader_expects() -> None:
    assert kinds.sort_levels(["a10", "a2", "B1", "b1", "a1"]) == ("a1", "a2", "a10", "B1", "b1")
    assert kinds.sort_levels(["10", "9", "-1", "2.5"]) == ("-1", "2.5", "9", "10")
    assert kinds.sort_levels(["007", "010", "07"]) == ("007", "07", "010")
    assert kinds.sort_levels([]) == ()


@given(st.lists(st.text(max_size=6), unique=True, max_size=8))
def test_sorting_levels_keeps_every_label_and_forgets_their_order(labels: list[str]) -> None:
    ordered = kinds.sort_levels(labels)
    assert sorted(ordered) == sorted(labels)
    assert kinds.sort_levels(labels[::-1]) == ordered


@pytest.mark.parametrize(
    ("texts", "n", "kind"),
    [
        (["TRUE", "FALSE"], 5, Kind.BOOLEAN),
        (["true"], 5, Kind.BOOLEAN),
        (["yes", "no"], 5, Kind.CATEGORY),
        (["True", "TRUE"], 5, Kind.CATEGORY),
        (["a", "b", "c"], 3, Kind.TEXT),
        (["a", "b", "c"], 4, Kind.CATEGORY),
        ([str(i) for i in range(30)], 40, Kind.TEXT),
        ([str(i) for i in range(30)], 60, Kind.CATEGORY),
    ],
)
def test_kind_of_words(texts: list[str], n: int, kind: Kind) -> None:
    assert kinds.kind_of_texts(texts, n) is kind


def test_numbers_become_labels_in_numeric_order() -> None:
    labels = kinds.as_labels(number([1224, 308, float("nan"), 1224, 0.5]))
    assert labels.levels == ("0.5", "308", "1224")
    assert cells(labels) == ["1224", "308", None, "1224", "0.5"]


def test_dates_become_labels() -> None:
    values = np.array(["2021-03-04", "NaT", "2020-01-01"], dtype="datetime64[D]")
    assert cells(kinds.as_labels(Column(name="d", kind=Kind.DATE, values=values))) == ["2021-03-04", None, "2020-01-01"]


def test_words_that_are_numbers_become_numbers() -> None:
    column = kinds.as_number(category(["007", None, "2.5"], ["007", "2.5"]))
    assert column.kind is Kind.NUMBER
    assert column.values.tolist()[::2] == [7.0, 2.5]
    assert column.n_missing == 1


def test_number_refused_names_the_first_offending_row() -> None:
    with pytest.raises(UserError, match='Row 2 holds "refused"'):
        kinds.as_number(category(["1", "refused", "x"], ["1", "refused", "x"]))


def test_level_that_never_occurs_does_not_stop_a_conversion() -> None:
    assert kinds.as_number(category(["1", "2"], ["1", "2", "unused"])).values.tolist() == [1, 2]


def test_truth_values_and_labelled_codes_become_numbers() -> None:
    assert kinds.as_number(category(["TRUE", "FALSE"], ["FALSE", "TRUE"], Kind.BOOLEAN)).values.tolist() == [1, 0]
    labelled = Column(
        name="t", kind=Kind.LABELLED, values=np.array([1, 0, -1], dtype=np.int32), levels=("no", "yes"), level_codes=(2.0, 5.0)
    )
    assert kinds.as_number(labelled).values.tolist()[:2] == [5, 2]


def test_dates_do_not_become_numbers() -> None:
    column = Column(name="d", kind=Kind.DATE, values=np.array(["2021-03-04"], dtype="datetime64[D]"))
    with pytest.raises(UserError, match="dates"):
        kinds.as_number(column)


def test_category_with_given_levels() -> None:
    column = kinds.as_category(number([1, 2, 3]), ["3", "1", "2"])
    assert column.levels == ("3", "1", "2")
    assert cells(column) == ["1", "2", "3"]
    with pytest.raises(UserError, match='Row 3 holds "3"'):
        kinds.as_category(number([1, 2, 3]), ["1", "2"])
    with pytest.raises(UserError, match="twice"):
        kinds.as_category(number([1]), ["1", "1"])


def test_text_turned_category_is_sorted_and_category_keeps_its_order() -> None:
    assert kinds.as_category(category(["b", "a"], ["b", "a"], Kind.TEXT)).levels == ("a", "b")
    assert kinds.as_category(category(["b", "a"], ["b", "a"])).levels == ("b", "a")


def test_ordered_and_id_kinds() -> None:
    assert kinds.as_ordered(category(["lo", "hi"], ["hi", "lo"]), ["lo", "hi"]).kind is Kind.ORDERED
    assert kinds.as_id(number([3, 1])).levels == ("1", "3")
