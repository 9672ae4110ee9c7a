"""Grids, slopes and regions by what they are: combinations of coefficients one can write down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

import mlgui
from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.errors import UserError
from mlgui.results.johnson_neyman import johnson_neyman
from mlgui.results.marginal_means import comparison_table, marginal_means, pairwise, simple_slopes
from mlgui.results.numbers import text_rows
from mlgui.results.reference_grid import axes_of, grid
from mlgui.results.report import Report
from mlgui.results.summarise import summarise
from mlgui.spec.model import Coding, Contrast
from tests.results.models import case_report, fitted, report_of, table_of_columns

CROSS = "p21_hsb_cross_level"


def beta(report: Report) -> dict[str, float]:
    return {effect.name: effect.estimate for effect in report.fixed}


def test_means_at_values_of_a_number() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = marginal_means(report, ["Days"], at={"Days": (0.0, 9.0)})
    b = beta(report)
    assert [row.estimate for row in found.rows] == pytest.approx([b["(Intercept)"], b["(Intercept)"] + 9 * b["Days"]])
    assert [row.label for row in found.rows] == ["0", "9"]


def test_a_category_held_at_a_level_is_not_averaged() -> None:
    report = case_report("p15_orthodont_interaction")
    both = marginal_means(report, ["Sex"])
    held = marginal_means(report, [], at={"Sex": ("Female",)})
    assert held.rows[0].estimate == pytest.approx(both.rows[1].estimate)


def test_simple_slopes_of_a_cross_level_interaction() -> None:
    report = case_report(CROSS)
    b = beta(report)
    found = simple_slopes(report, "CSES", ["Sector"], at={"MEANSES": (0.5,)})
    base = b["CSES"] + 0.5 * b["MEANSES:CSES"]
    names = {row.label: row.estimate for row in found.rows}
    # a difference quotient of a line: rounding only
    assert names == pytest.approx({"Public": base, "Catholic": base + b["CSES:SectorCatholic"]}, rel=1e-9)
    reference = next(effect for effect in report.fixed if effect.name == "CSES")
    zero = simple_slopes(report, "CSES", ["Sector"], at={"MEANSES": (0.0,)}).rows[0]
    assert (zero.se, zero.df, zero.low) == pytest.approx((reference.se, reference.df, reference.low), rel=1e-7)


def test_numbers_stand_at_their_mean_and_one_sd_around_it() -> None:
    report = case_report(CROSS)
    found = simple_slopes(report, "CSES", ["MEANSES"])
    values = np.asarray(report.design.table["MEANSES"].values, dtype=float)
    expected = values.mean() + values.std(ddof=1) * np.array([-1, 0, 1])
    assert [row.values[0] for row in found.rows] == pytest.approx(expected)


def test_the_slope_of_a_curve() -> None:
    report = case_report("p06_sleepstudy_quadratic")
    b = beta(report)
    found = simple_slopes(report, "Days", at={"Days": (2.0,)})
    assert found.rows[0].estimate == pytest.approx(b["Days"] + 4 * b["I(Days^2)"], rel=1e-9)


def test_group_means_are_axes_of_their_own() -> None:
    report = fitted("MathAch ~ center(SES, School) + mean(SES, School) + (1 | School)", "hsb.csv")
    assert list(axes_of(report)) == ["center(SES, School)", "mean(SES, School)"]
    b = beta(report)
    slopes = [simple_slopes(report, name).rows[0].estimate for name in axes_of(report)]
    assert slopes == pytest.approx([b["center(SES, School)"], b["mean(SES, School)"]], rel=1e-9)
    mean = marginal_means(report, []).rows[0].estimate
    assert mean == pytest.approx(float(report.estimates.fixed_part.mean()), rel=1e-9)


def test_offsets_are_part_of_a_mean_but_not_of_a_comparison_of_nothing() -> None:
    report = case_report("p27_sleepstudy_offset")
    found = marginal_means(report, ["Days"], at={"Days": (0.0, 3.0)})
    assert found.rows[1].estimate - found.rows[0].estimate == pytest.approx(30.0)
    difference = pairwise(report, ["Days"], at={"Days": (0.0, 3.0)}, adjustment="none").rows[0]
    assert difference.estimate == pytest.approx(-30.0) and difference.se == 0.0


def test_factor_of_a_number_has_levels() -> None:
    report = fitted("Reaction ~ factor(Days) + (1 | Subject)", "sleepstudy.csv")
    found = marginal_means(report, ["Days"])
    assert [row.label for row in found.rows] == [str(day) for day in range(10)]
    y, days = report.design.problem.y, np.asarray(report.design.table["Days"].values, dtype=float)
    # balanced data: marginal means are the means
    assert [row.estimate for row in found.rows] == pytest.approx([y[days == day].mean() for day in range(10)])


def test_other_codings_and_references_say_the_same() -> None:
    report = fitted("angle ~ recipe * temp + (1 | recipe:replicate)", "cake.csv")
    expected = [(row.label, row.estimate, row.se) for row in marginal_means(report, ["recipe"]).rows]
    for coding in (Coding(column="recipe", contrast=Contrast.SUM), Coding(column="recipe", reference="C")):
        design = build(replace(report.design.spec, codings=(coding,)), report.design.table)
        other = summarise(design, fit(design.problem), comparators=False)
        for row, (label, estimate, se) in zip(marginal_means(other, ["recipe"]).rows, expected, strict=True):
            assert row.label == label  # levels stay in the order of the column
            # the same model by another fit: a millionth of the SE
            assert row.estimate == pytest.approx(estimate, abs=1e-6 * se) and row.se == pytest.approx(se, rel=1e-6)


def test_a_cell_without_data_is_unknown() -> None:
    a = ["u", "u", "v", "v"] * 12
    b = ["s", "t", "s", "s"] * 12
    g = [str(i // 6) for i in range(48)]
    y = np.random.default_rng(5).normal(size=48)
    report = report_of("y ~ a * b + (1 | g)", table_of_columns(a=a, b=b, g=g, y=y.tolist()), comparators=False)
    found = {row.values: row.estimate for row in marginal_means(report, ["a", "b"]).rows}
    assert np.isnan(found["v", "t"]) and np.isfinite([found[cell] for cell in found if cell != ("v", "t")]).all()
    assert np.isnan(marginal_means(report, ["a"]).rows[1].estimate)
    assert text_rows(comparison_table(marginal_means(report, ["a", "b"])))


def test_corrections_order_p() -> None:
    report = fitted("angle ~ recipe * temperature + (1 | recipe:replicate)", "cake.csv")
    p = {
        adjustment: np.array([row.p for row in pairwise(report, ["temperature"], adjustment=adjustment).rows])
        for adjustment in ("none", "tukey", "holm", "bonferroni", "sidak")
    }
    assert (p["none"] <= p["tukey"] + 1e-12).all() and (p["tukey"] <= p["bonferroni"] + 1e-12).all()
    assert (p["holm"] <= p["bonferroni"]).all() and (p["sidak"] <= p["bonferroni"]).all()


def test_one_mean_has_no_pairs() -> None:
    assert pairwise(case_report("p01_sleepstudy_slope_reml"), []).rows == ()


@pytest.mark.parametrize(
    ("over", "at", "word"),
    [
        (["Nothing"], None, "Nothing"),
        (["Sex"], {"Sex": ("Unknown",)}, "Unknown"),
        (["age"], {"age": ("ten",)}, "ten"),
        (["age"], {"age": ()}, "age"),
        (["age"], {"age": tuple(map(float, range(60_000)))}, "120,?000"),
    ],
)
def test_what_cannot_be_asked(over: list[str], at: dict[str, tuple[float | str, ...]] | None, word: str) -> None:
    with pytest.raises(UserError, match=word):
        grid(case_report("p15_orthodont_interaction"), over, at)


def test_slopes_are_of_numbers_at_one_value() -> None:
    report = case_report("p15_orthodont_interaction")
    with pytest.raises(UserError, match="Sex"):
        simple_slopes(report, "Sex")
    with pytest.raises(UserError, match="age"):
        simple_slopes(report, "age", at={"age": (8.0, 9.0)})


def test_no_kenward_roger_for_maximum_likelihood() -> None:
    with pytest.raises(UserError, match="REML"):
        marginal_means(case_report("p02_sleepstudy_slope_ml"), [], method="kenward-roger")


def test_tables_have_notes_and_cells() -> None:
    report = case_report("p15_orthodont_interaction")
    for shown in (
        comparison_table(marginal_means(report, ["Sex"])),
        comparison_table(pairwise(report, ["Sex"], by=[])),
        comparison_table(simple_slopes(report, "age", ["Sex"], method="kenward-roger")),
    ):
        assert shown.n_rows and shown.note and text_rows(shown)


def test_johnson_neyman_borders_are_where_the_interval_touches_zero() -> None:
    report = case_report(CROSS)
    found = johnson_neyman(report, "CSES", "MEANSES", at={"Sector": ("Catholic",)}, method="asymptotic")
    b, vcov = report.estimates.beta, report.estimates.vcov
    names = [effect.name for effect in report.fixed]
    first = np.isin(names, ["CSES", "CSES:SectorCatholic"]).astype(float)
    second = np.isin(names, ["MEANSES:CSES"]).astype(float)
    z2 = 1.959963984540054**2
    # (f + m s)'b = +-z SE is a quadratic in m: Bauer & Curran (2005), equation 14
    roots = np.roots([
        (second @ b) ** 2 - z2 * second @ vcov @ second,
        2 * (first @ b) * (second @ b) - 2 * z2 * first @ vcov @ second,
        (first @ b) ** 2 - z2 * first @ vcov @ first,
    ])  # fmt: skip
    within = sorted(root for root in roots.real if found.values[0] < root < found.values[-1])
    assert list(found.borders) == pytest.approx(within, rel=1e-6)
    for low, high in found.regions:
        middle = simple_slopes(report, "CSES", at={"MEANSES": ((low + high) / 2,), "Sector": ("Catholic",)}, method="asymptotic")
        assert middle.rows[0].p < 0.05
    assert 0 < found.share <= 1 and (found.low <= found.high).all()


def test_a_region_narrower_than_the_curve_is_drawn_is_found() -> None:
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(12), 8)
    x, m = rng.normal(size=(2, 96))
    data = pd.DataFrame(
        {"y": 0.12 * x + rng.normal(size=12)[group] + rng.normal(size=96), "x": x, "m": m, "g": group.astype(str)}
    )
    report = mlgui.fit("y ~ x * m + (1 | g)", data).report
    wide = johnson_neyman(report, "x", "m", method="asymptotic")
    z = 1.959963984540054 * np.abs(wide.slope) / (wide.high - wide.slope)
    top = int(z.argmax())
    assert 0 < top < len(z) - 1
    # z is a parabola near its top; a limit just above its largest value on the grid is met between two points
    a, b, _ = np.polyfit(wide.values[top - 1 : top + 2] - wide.values[top], z[top - 1 : top + 2], 2)
    peak = z[top] - b * b / (4 * a)
    assert peak > z[top]
    found = johnson_neyman(report, "x", "m", method="asymptotic", confidence=float(2 * ndtr((peak + z[top]) / 2) - 1))
    (region,) = found.regions
    assert region[0] < wide.values[top] - b / (2 * a) < region[1]
    assert region[1] - region[0] < np.diff(wide.values)[0]


def test_a_moderator_is_another_number() -> None:
    for moderator in ("CSES", "Sector", "Nothing"):
        with pytest.raises(UserError, match=moderator):
            johnson_neyman(case_report(CROSS), "CSES", moderator)
