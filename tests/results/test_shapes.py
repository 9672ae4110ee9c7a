"""Models of every shape on a made-up table: every table, figure, card and sentence can be made of each of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from mlgui.data.table import Column, Kind, Table
from mlgui.results import figures as draw
from mlgui.results.card import group_card
from mlgui.results.explained import explained
from mlgui.results.group_columns import group_columns
from mlgui.results.numbers import text_rows
from mlgui.results.report import Report
from mlgui.results.table_builders import tables
from tests.results.models import report_of

FORMULAS = (
    "y ~ 1 + (1 | school)",
    "y ~ x",
    "y ~ x + (x | school) + (1 | teacher)",
    "y ~ treat * x + (treat | school)",
    "y ~ 0 + treat + (0 + treat | school)",
    "y ~ treat + (treat || school)",
    "y ~ x * treat + (x || school)",
    "y ~ x * u + sector + (x | school/class)",
    "y ~ holes * gaps + part + (holes | school)",
    "y ~ flag * x + (x | school)",
    "y ~ sector * x + (x | school)",
    "y ~ x + I(x^2) + (x + I(x^2) | school)",
    "y ~ scale(x) + center(u) + (scale(x) | school)",
    "y ~ x + mean(x, school) + offset(z) + (x | school)",
    "y ~ x:u + (x | school)",
    "log(y + 50) ~ x + u:sector + (1 | teacher)",
)


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_everything_can_be_made(formula: str, weights: str | None) -> None:
    report = report_of(formula, made_up(), weights=weights)
    assert report.sentences and all("{" not in sentence and "nan" not in sentence for sentence in report.sentences)
    for table in tables(report):
        assert all("nan" not in text for row in text_rows(table) for text in row)
    assert draw.figures(report)
    for groups in report.groups:
        explained(report, groups.grouping)
        look_at(report, groups.grouping, len(groups.names))


def look_at(report: Report, grouping: str, n_coefficients: int) -> None:
    """Make the cards of one group and every view across each group-level column."""
    level = report.groups[[groups.grouping for groups in report.groups].index(grouping)].levels[0]
    for coefficient in range(n_coefficients):
        card = group_card(report, grouping, level, coefficient)
        assert card.prediction + sum(pull.value for pull in card.pulls) == pytest.approx(card.total)
    for column in group_columns(report, grouping):
        assert draw.group_level(report, grouping, column.name).panels
        if column.is_category:
            assert draw.caterpillar(report, grouping, colour_by=column.name).panels
            assert draw.shrinkage(report, grouping, colour_by=column.name).panels


@cache
def made_up() -> Table:
    """Return 600 rows in 30 schools, with crossed teachers, a seven-level sector, holes at both levels and odd level names."""
    rng = np.random.default_rng(2)
    n = 600
    school, teacher = rng.integers(0, 30, n), rng.integers(0, 15, n)
    x, z, u = rng.normal(5, 2, n), rng.normal(size=n), rng.normal(size=30)[school]
    sector = (np.arange(30) % 7)[school]
    sectors = tuple(f"s{i}" for i in range(7))
    return Table(
        columns=(
            number("y", x + rng.normal(size=30)[school] + rng.normal(size=15)[teacher] + rng.normal(size=n)),
            number("x", x),
            number("z", z),
            number("u", u),
            number("w", rng.uniform(0.5, 2, n)),
            number("holes", np.where(np.arange(n) < 20, np.nan, x)),
            number("gaps", np.where(school < 3, np.nan, u)),
            number("teacher", teacher),
            category("school", school, tuple(map(str, range(30))), Kind.ID),
            category("class", rng.integers(0, 4, n), tuple("abcd")),
            category("sector", sector, sectors),
            category("part", np.where(school < 2, -1, sector), sectors),
            category("treat", rng.integers(0, 3, n), ("none", "A:1", "b c")),
            category("flag", school % 2, ("false", "true"), Kind.BOOLEAN),
        ),
        row_ids=np.arange(1, n + 1),
    )


def number(name: str, values: np.ndarray) -> Column:
    return Column(name=name, kind=Kind.NUMBER, values=np.asarray(values, dtype=float))


def category(name: str, codes: np.ndarray, levels: tuple[str, ...], kind: Kind = Kind.CATEGORY) -> Column:
    return Column(name=name, kind=kind, values=codes.astype(np.int32), levels=levels)
