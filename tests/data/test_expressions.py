"""What expressions mean, where their mistakes are, and that nothing hostile has any effect."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlgui.data.expressions import columns_of, evaluate, read_expression, truth_of
from mlgui.data.expressions.grammar import FUNCTIONS
from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError
from tests.data.hostile_expressions import CODE, SIZE
from tests.data.small import small_table

NAN = float("nan")
TABLE = small_table()


def made(text: str, table: Table = TABLE) -> Column:
    return evaluate(read_expression(text, table), table, "new")


def values(text: str) -> list[float]:
    return [float(value) for value in made(text).values]


def words(text: str) -> list[str | None]:
    column = made(text)
    return [column.levels[code] if code >= 0 else None for code in column.values.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + 1", [2, 3, NAN, 5, 6, 10]),
        ("-x ^ 2", [-1, -4, NAN, -16, -25, -81]),
        ("2 ^ 3 ^ 2", [512] * 6),
        ("2 ** -1", [0.5] * 6),
        ("(x - 1) / 2", [0, 0.5, NAN, 1.5, 2, 4]),
        ("log(x - 1)", [NAN, 0, NAN, np.log(3), np.log(4), np.log(8)]),
        ("`two words` * 2", [0, 2, 4, 6, 8, 10]),
        ("round(x / 3, 1)", [0.3, 0.7, NAN, 1.3, 1.7, 3]),
        ("mod(x, 2)", [1, 0, NAN, 0, 1, 1]),
        ("max(x, 3)", [3, 3, NAN, 4, 5, 9]),
        ("mean(x, `two words`)", [0.5, 1.5, NAN, 3.5, 4.5, 7]),
        ("mean(x)", [4.2] * 6),
        ("mean(x, by = g)", [1.5, 1.5, 1.5, 4.5, 4.5, NAN]),
        ("center(x, by = g)", [-0.5, 0.5, NAN, -0.5, 0.5, NAN]),
        ("scale(x, by = g)", [-np.sqrt(0.5), np.sqrt(0.5), NAN, -np.sqrt(0.5), np.sqrt(0.5), NAN]),
        ("count(x, by = g)", [2, 2, 2, 2, 2, NAN]),
        ("count(by = g)", [3, 3, 3, 2, 2, NAN]),
        ("count(by = g:b)", [1, 1, NAN, 1, 1, NAN]),
        ("rank(x)", [1, 2, NAN, 3, 4, 5]),
        ("rank(-x, by = g)", [2, 1, NAN, 2, 1, NAN]),
        ("median(x, by = g)", [1.5, 1.5, 1.5, 4.5, 4.5, NAN]),
        ("if(x > 2, x, 0)", [0, 0, NAN, 4, 5, 9]),
        ("coalesce(x, -1)", [1, 2, -1, 4, 5, 9]),
        ("recode(x, 9 = missing, missing = 0)", [1, 2, 0, 4, 5, NAN]),
        ('recode(g, "a" = 1, "b" = 2)', [1, 1, 1, 2, 2, NAN]),
        ("b + 1", [1, 2, NAN, 2, 1, 2]),
        ("number(id)", [11, 12, 13, 14, 15, 16]),
        ("year(d)", [2020, 2021, NAN] * 2),
        ("month(d) + 100 * day(d)", [3101, 102, NAN] * 2),
    ],
)
def test_numbers(text: str, expected: list[float]) -> None:
    assert made(text).kind is Kind.NUMBER
    assert values(text) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > 2", [0, 0, -1, 1, 1, 1]),
        ("g = \"a\"", [1, 1, 1, 0, 0, -1]),
        ("g != 'a'", [0, 0, 0, 1, 1, -1]),
        ("g in (\"a\", \"c\")", [1, 1, 1, 0, 0, -1]),
        ("id = 12", [0, 1, 0, 0, 0, 0]),
        ("x in (1, 4)", [1, 0, -1, 1, 0, 0]),
        ("o >= \"mid\"", [0, 1, 1, 0, 1, 1]),
        ("is_missing(x) or is_missing(g)", [0, 0, 1, 0, 0, 1]),
        ("x > 2 and b", [0, 0, -1, 1, 0, 1]),
        ("x > 2 or b", [0, 1, -1, 1, 1, 1]),
        ("not x > 2 and true", [1, 1, -1, 0, 0, 0]),
        ("false and is_missing(x)", [0] * 6),
        ("contains(o, \"i\")", [0, 1, 1, 0, 1, 1]),
        ("1 < x and x < 5", [0, 1, -1, 1, 0, 0]),
    ],
)  # fmt: skip
def test_conditions(text: str, expected: list[int]) -> None:
    column = made(text)
    assert column.kind is Kind.BOOLEAN
    assert column.values.tolist() == expected
    assert truth_of(read_expression(text, TABLE), TABLE).tolist() == [value == 1 for value in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if(x > 2, \"many\", \"few\")", ["few", "few", None, "many", "many", "many"]),
        ("cut(x, 2, 5)", ["below 2", "2 to below 5", None, "2 to below 5", "5 or more", "5 or more"]),
        ("cut(x, 3, \"little\", \"much\")", ["little", "little", None, "much", "much", "much"]),
        ("recode(g, \"a\" = \"A\")", ["A", "A", "A", "b", "b", None]),
        ("recode(g, \"a\" = \"A\", missing = \"?\")", ["A", "A", "A", "b", "b", "?"]),
        ("recode(x, 1 = \"one\", else = \"more\")", ["one", "more", None, "more", "more", "more"]),
        ("upper(join(g, \"-\", id))", ["A-11", "A-12", "A-13", "B-14", "B-15", None]),
        ("substring(o, 1, 2)", ["lo", "mi", "hi"] * 2),
        ("replace(trim(o), \"i\", \"\")", ["low", "md", "hgh"] * 2),
        ("text(x)", ["1", "2", None, "4", "5", "9"]),
        ("coalesce(g, \"none\")", ["a", "a", "a", "b", "b", "none"]),
    ],
)  # fmt: skip
def test_texts(text: str, expected: list[str | None]) -> None:
    assert words(text) == expected


def test_cut_makes_an_ordered_category_and_recode_keeps_the_order() -> None:
    assert made("cut(x, 2, 5)").kind is Kind.ORDERED
    assert made('cut(x, 2, 5, "l", "m", "h")').levels == ("l", "m", "h")
    assert made('cut(x, 2, 20, "l", "m", "h")').levels == ("l", "m")


def test_every_function_of_the_language_can_be_called() -> None:
    for name, function in FUNCTIONS.items():
        table = TABLE.with_column(Column(name="y", kind=Kind.NUMBER, values=np.arange(6.0)))
        table = table.with_column(Column(name="z", kind=Kind.NUMBER, values=np.arange(6.0)))
        for example in function.example.split(" or "):
            column = {"year": "d", "month": "d", "day": "d", "recode": "g"}.get(name, "x")
            text = example.replace("(x", f"({column}")
            assert len(evaluate(read_expression(text, table), table, "new")) == 6


def test_statistics_by_group_agree_with_pandas() -> None:
    rng = np.random.default_rng(8)
    x = np.where(rng.random(5000) < 0.1, NAN, np.round(rng.normal(size=5000), 1))
    codes = rng.integers(-1, 40, 5000).astype(np.int32)
    columns = (
        Column(name="x", kind=Kind.NUMBER, values=x),
        Column(name="g", kind=Kind.CATEGORY, values=codes, levels=tuple(map(str, range(40)))),
    )
    table = Table(columns=columns, row_ids=np.arange(1, 5001))
    grouped = pd.Series(x).groupby(pd.Series(codes).where(lambda found: found >= 0))
    for name in ("mean", "sd", "median", "min", "max", "count", "sum", "rank"):
        theirs = grouped.rank() if name == "rank" else grouped.transform({"sd": "std"}.get(name, name))
        ours = made(f"{name}(x, by = g)", table).values.astype(float)
        assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-12, equal_nan=True), name  # sums in another order


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "no expression"),
        ("log(x", 5, "stops too early"),
        ("x + ", 4, "stops too early"),
        ("x + yy", 4, "no column called"),
        ("logg(x)", 0, "Did you mean “log”"),
        ("x + g", 4, "number is needed"),
        ("x > 1 and g", 10, "condition is needed"),
        ("log(x, 2)", 0, "wrong number of arguments"),
        ("log(x, by = g)", 7, "not computed by group"),
        ("mean(x, by = 3)", 13, "name of a column"),
        ("cut(x, 3, 1)", 0, "ascend"),
        ("cut(x, 3, \"a\")", 0, "do not fit"),
        ("1 < x < 5", 6, "joined with"),
        ("\"open", 0, "closing"),
        ("x ? 2", 2, "no meaning"),
        ("g < \"a\"", 4, "no order"),
        ("if(x > 1, \"a\", 2)", 15, "mixed"),
        ("year(x)", 5, "dates"),
        ("round(x, y)", 9, "no column"),
        ("log", 0, "is no column"),
        ("recode(x)", 0, "wrong number"),
    ],
)  # fmt: skip
def test_mistakes_have_a_position_in_words(text: str, position: int, says: str) -> None:
    with pytest.raises(UserError) as caught:
        made(text)
    assert caught.value.position == position
    assert says in str(caught.value)


def test_columns_are_named_once() -> None:
    assert columns_of(read_expression("x + x * mean(x, by = g:b)")) == ("x", "g", "b")


@pytest.mark.parametrize("text", [*CODE, *SIZE.values()], ids=[*(f"code{i}" for i in range(len(CODE))), *SIZE])
def test_hostile_expressions_are_refused_at_once(text: str, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    text = text.replace("{}", str(trap))
    seconds = []
    for _ in range(3):  # the memory of a long run of tests may be tidied up in one of them
        began = time.perf_counter()
        with pytest.raises(UserError):
            made(text)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.1
    assert not trap.exists()
    assert not list(tmp_path.iterdir())


def test_a_hundred_hostile_expressions_are_tried() -> None:
    assert len(CODE) + len(SIZE) >= 100
