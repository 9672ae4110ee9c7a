"""How models are made comparable, which are nested, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.data.table import Table
from mlgui.engine.problem import Residual
from mlgui.errors import UserError
from mlgui.progress import Step
from mlgui.results.compare import compare, ratio_of
from mlgui.results.compare_tables import criteria_table, side_by_side_table
from mlgui.results.likelihood_ratio import NullDistribution
from mlgui.results.nesting import is_nested
from mlgui.results.numbers import text_rows
from mlgui.results.report import Report
from tests.results.models import fitted, load_table, report_of

SLEEP = "sleepstudy.csv"


def test_same_averages_are_compared_by_reml() -> None:
    small, large = fitted("Reaction ~ Days + (1 | Subject)", SLEEP), fitted("Reaction ~ Days + (Days | Subject)", SLEEP)
    found = compare([small, large], ["plain"])
    assert found.method == "REML" and found.why == "" and not any(model.refitted for model in found.models)
    assert [model.label for model in found.models] == ["plain", "Model 2"]
    (test,) = found.tests
    assert test.ratio.null is NullDistribution.MIXTURE and test.chi2 == pytest.approx(small.criterion - large.criterion)


def test_other_averages_are_compared_by_ml() -> None:
    steps: list[Step] = []
    found = compare(
        [fitted("Reaction ~ 1 + (1 | Subject)", SLEEP), fitted("Reaction ~ Days + (1 | Subject)", SLEEP)], on_step=steps.append
    )
    assert found.method == "ML" and all(model.refitted for model in found.models) and "REML" in found.why
    assert not found.tests[0].upper_bound and len(steps) == 2


def test_a_model_by_ml_among_reml_fits() -> None:
    formula = "Reaction ~ Days + (1 | Subject)"
    found = compare([fitted(formula, SLEEP, reml=False), fitted(formula, SLEEP)])
    assert found.method == "ML" and [model.refitted for model in found.models] == [False, True] and found.tests == ()
    assert "one of them" in found.why


def test_aicc() -> None:
    model = compare([fitted("Reaction ~ Days + (1 | Subject)", SLEEP)]).models[0]
    assert model.aicc == pytest.approx(model.estimates.aic + 2 * 4 * 5 / (180 - 4 - 1))


@pytest.mark.parametrize(
    ("smaller", "larger", "expected"),
    [
        ("Reaction ~ Days + (Days || Subject)", "Reaction ~ Days + (Days | Subject)", True),
        ("Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (Days || Subject)", False),
        ("Reaction ~ 1 + (0 + Days | Subject)", "Reaction ~ I(Days^2) + (0 + Days | Subject)", True),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ I(Days^2) + (1 | Subject)", False),
        ("Reaction ~ I(2 * Days) + (1 | Subject)", "Reaction ~ Days + I(Days^2) + (1 | Subject)", True),
        ("Reaction ~ 1 + offset(10 * Days) + (1 | Subject)", "Reaction ~ Days + (1 | Subject)", False),
        ("Reaction ~ Days", "Reaction ~ Days + (1 | Subject)", True),
        ("Reaction ~ 0 + (1 | Subject)", "Reaction ~ Days + (1 | Subject)", True),
    ],
)
def test_nested(smaller: str, larger: str, expected: bool) -> None:
    assert is_nested(fitted(smaller, SLEEP), fitted(larger, SLEEP)) is expected


def test_residual_structures_are_nested_in_themselves_alone() -> None:
    plain, larger = fitted("Reaction ~ 1 + (1 | Subject)", SLEEP), fitted("Reaction ~ Days + (1 | Subject)", SLEEP)

    def structured(report: Report, kind: str) -> Report:
        problem = replace(report.design.problem, residual=Residual(kind=kind))
        return replace(report, design=replace(report.design, problem=problem))

    assert is_nested(plain, structured(larger, "ar1"))
    assert is_nested(structured(plain, "ar1"), structured(larger, "ar1"))
    assert not is_nested(structured(plain, "cs"), structured(larger, "ar1"))
    assert not is_nested(structured(plain, "ar1"), larger)


def test_a_test_of_any_two() -> None:
    formulas = ("Reaction ~ 1 + (1 | Subject)", "Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)")
    found = compare([fitted(formula, SLEEP) for formula in formulas])
    test = ratio_of(found, 2, 0)
    assert test is not None and test.df == 3 and test.upper_bound


def with_missing(rows: list[int]) -> Table:
    table = load_table(SLEEP)
    extra = np.arange(180.0) % 7
    extra[rows] = np.nan
    return table.with_column(replace(table["Days"], name="extra", values=extra))


def test_different_rows_are_made_the_same() -> None:
    table = with_missing([0, 50, 51])
    small = report_of("Reaction ~ Days + (1 | Subject)", table, comparators=False)
    large = report_of("Reaction ~ Days + extra + (1 | Subject)", table, comparators=False)
    found = compare([small, large])
    assert found.n == 177 and [model.estimates.n for model in found.models] == [177, 177] and "rows" in found.why
    assert found.tests[0].df == 1


def test_what_cannot_be_compared() -> None:
    days = fitted("Reaction ~ Days + (1 | Subject)", SLEEP)
    with pytest.raises(UserError, match="no model"):
        compare([])
    with pytest.raises(UserError, match="outcomes"):
        compare([days, fitted("log(Reaction) ~ Days + (1 | Subject)", SLEEP)])
    with pytest.raises(UserError, match="outcomes"):
        compare([days, fitted("Yield ~ 1 + (1 | Batch)", "dyestuff.csv")])
    table = with_missing([])
    weighted = report_of("Reaction ~ Days + (1 | Subject)", replace_zero(table), weights="extra", comparators=False)
    with pytest.raises(UserError, match="weights"):
        compare([days, weighted])
    other = replace(days, design=replace(days.design, rows=days.design.rows + 1000))
    with pytest.raises(UserError, match="in common"):
        compare([days, other])


def replace_zero(table: Table) -> Table:
    return table.with_column(replace(table["extra"], values=np.asarray(table["extra"].values, dtype=float) + 1))


def test_tables() -> None:
    found = compare([
        fitted("Reaction ~ 1 + (1 | Subject)", SLEEP),
        fitted("Reaction ~ Days + (1 | Subject)", SLEEP),
        fitted("Reaction ~ Days + (Days | Subject)", SLEEP),
    ])  # fmt: skip
    criteria, beside = criteria_table(found), side_by_side_table(found)
    assert "upper bound" not in criteria.note and len(text_rows(criteria)) == 3
    assert list(criteria.columns[5].cells)[2] == 0 and list(criteria.columns[8].cells) == [None, "Model 1", "Model 2"]
    rows = {row[0]: row[1:] for row in text_rows(beside)}
    assert rows["Days"][-1] == "yes" and rows["Intercept"][-1] == "" and rows["Residual SD"][-1] == ""
    assert list(criteria.columns[-1].cells) == [None, "χ²", "½ χ² + ½ χ²"]
    bound = criteria_table(compare([found.models[0].report, found.models[2].report]))
    assert "upper bound" in bound.note and "upper bound" in list(bound.columns[-1].cells)[1]
    assert "Correlation of Intercept and Days by Subject" in rows


def test_simulated_p_in_the_table() -> None:
    found = compare([fitted("Reaction ~ Days + (1 | Subject)", SLEEP), fitted("Reaction ~ Days + (Days | Subject)", SLEEP)])
    assert list(criteria_table(found, {1: 0.02}).columns[-1].cells) == [None, 0.02]
