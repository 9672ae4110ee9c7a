"""Tables as they are read and written."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.table import Column, Kind
from mlgui.results.fixed import home_of
from mlgui.results.numbers import text_rows
from mlgui.results.table_builders import facts_table, tables
from mlgui.results.tables import distinct_keys, key_of
from tests.results.models import case_report, hsb, load_table, report_of


def test_the_table_of_coefficients_of_the_screen() -> None:
    table = tables(hsb())[0]
    assert [column.heading for column in table.columns] == [
        "Coefficient", "Term", "Level", "Estimate", "SE", "df", "t", "p", "95 % CI low", "95 % CI high",
    ]  # fmt: skip
    assert text_rows(table)[1] == (
        "SES", "SES", "student", "2.96", "0.14", "1,358", "20.7", "< 0.001", "2.68", "3.24",
    )  # fmt: skip
    assert [row[2] for row in text_rows(table)][-1] == "school", "an interaction that explains slopes is of their groups"
    assert "given the zero variance" in table.note
    assert "J − q − 1 = 158" in table.note


def test_the_table_of_variances_of_the_screen() -> None:
    assert text_rows(tables(hsb())[1]) == [
        ("School", "Intercept", "1.95", "3.82", "–", "correlation +1"),
        ("School", "SES", "0.28", "0.08", "1.00", "correlation +1"),
        ("Residual", "Unexplained", "6.07", "36.79", "–", ""),
    ]


def test_dropped_columns_have_a_row_without_numbers() -> None:
    table = tables(case_report("p17_orthodont_rank_deficient"))[0]
    row = next(row for row in text_rows(table) if row[1] == "age_months")
    assert row[3:] == ("–",) * 7
    assert "not estimable" in table.note


def test_facts_are_numbers_shown_each_by_its_size() -> None:
    table = facts_table(hsb())
    shown = dict(text_rows(table))
    assert (shown["Rows used"], shown["REML criterion"], shown["Boundary fit"]) == ("7,185", "46,569.1", "yes")
    assert shown["R², marginal"].startswith("0.") and len(shown["R², marginal"]) == 5
    values = dict(zip(table.columns[0].cells, table.columns[1].cells, strict=True))
    assert values["REML criterion"] == hsb().criterion


def test_rows_left_out_are_listed() -> None:
    table = tables(case_report("p28_sleepstudy_missing"))[-1]
    assert table.key == "dropped_rows"
    assert table.n_rows == 13


def test_keys_are_file_names_and_distinct() -> None:
    assert key_of("shrinkage", "School", "(Intercept)") == "shrinkage_school_intercept"
    assert distinct_keys(["A", "a", "(a)"]) == ("a", "a_2", "a_3")


@pytest.mark.parametrize(
    "name", ["p01_sleepstudy_slope_reml", "p09_dyestuff2_singular", "p11_pastes_nested_slash", "p35_hsb_sector_slopes"]
)
def test_tables_are_rectangular_with_keys_of_their_own(name: str) -> None:
    found = tables(case_report(name))
    assert len({table.key for table in found}) == len(found)
    for table in found:
        assert len({column.key for column in table.columns}) == len(table.columns)
        assert {len(column.cells) for column in table.columns} == {table.n_rows}
        assert all(text.isascii() for row in text_rows(table, plain=True) for text in row if text.replace(".", "").isdigit())
        assert table.title
        assert table.key.replace("_", "").isalnum()


def test_the_definition_of_shares_stands_where_the_shares_are() -> None:
    found = {table.key: table.note for table in tables(hsb())}
    assert "R² marginal" in found["fit_facts"] and "R²" not in found["variance_components"]


def test_a_predictor_of_schools_stands_at_the_level_of_schools_whatever_is_nested_in_them() -> None:
    table = load_table("pastes.csv")
    climate = Column(name="climate", kind=Kind.NUMBER, values=np.sin(table["batch"].values.astype(float)))
    report = report_of("strength ~ climate + (1 | batch/cask)", table.with_column(climate))
    assert home_of(report, report.fixed[1]) == "batch"
