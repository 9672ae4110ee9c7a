"""Figures as values: what is drawn, in which form, with which words."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest

from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError
from mlgui.results import figures as draw
from mlgui.results.figure import Band, Figure, Line, Points, Rule, Segments
from mlgui.results.figures.caterpillar import MOST_MARKS, drawn_of, envelope, sorted_groups
from mlgui.results.figures.shrinkage import MOST_ARROWS, drawn_groups, shrinkage, shrinkage_plane, spread_sizes
from mlgui.results.report import Report
from tests.results.models import case_report, fitted, hsb, hsb_means, report_of

Drawn = TypeVar("Drawn", Points, Segments, Line, Band, Rule)


def layers(figure: Figure, kind: type[Drawn]) -> list[Drawn]:
    return [layer for panel in figure.panels for layer in panel.layers if isinstance(layer, kind)]


@pytest.mark.parametrize(
    "name",
    [
        "p01_sleepstudy_slope_reml",
        "p04_sleepstudy_slope_only",
        "p06_sleepstudy_quadratic",
        "p09_dyestuff2_singular",
        "p11_pastes_nested_slash",
        "p16_orthodont_no_intercept",
        "p25_contraception_factor_slope",
        "p26_cbpp_weights",
        "p27_sleepstudy_offset",
        "p36_hsb_sector_meanses",
    ],
)
def test_every_figure_says_what_it_shows(name: str) -> None:
    found = draw.figures(case_report(name))
    assert len({figure.key for figure in found}) == len(found)
    for figure in found:
        assert figure.title and figure.subtitle and figure.alt
        assert figure.key.replace("_", "").isalnum() and figure.key == figure.key.lower()
        assert "{" not in figure.title + figure.subtitle + figure.alt
        assert "nan" not in figure.alt
        assert figure.size_mm[0] > 0 and figure.size_mm[1] > 0
        assert all(panel.layers and panel.x.title for panel in figure.panels)
        check_finite(figure)


def check_finite(figure: Figure) -> None:
    for points in layers(figure, Points):
        assert np.isfinite(points.x).all() and np.isfinite(points.y).all()
        assert points.groups is None or len(points.groups) == len(points.x)
    for segments in layers(figure, Segments):
        assert np.isfinite([segments.x0, segments.y0, segments.x1, segments.y1]).all()
    for line in layers(figure, Line):
        assert np.isfinite(line.x).all() and np.isfinite(line.y).all()
    for rule in layers(figure, Rule):
        assert np.isfinite(rule.value)


def test_coefficients_leave_out_the_intercept_and_mark_models() -> None:
    one = draw.coefficients(hsb())
    assert [len(points.x) for points in layers(one, Points)] == [3]
    two = draw.coefficients([("Model 1", hsb()), ("Model 2", hsb_means())])
    assert [(points.colour, points.shape, points.label) for points in layers(two, Points)] == [
        ("green", "circle", "Model 1"), ("purple", "square", "Model 2"),
    ]  # fmt: skip
    ticks = two.panels[0].y.ticks
    assert ticks is not None
    assert [text.strip() for _, text in ticks] == [
        "Intercepts αⱼ", "Sector: Catholic", "MEANSES",
        "Slopes βⱼ of SES", "SES", "SES × Sector: Catholic", "SES × MEANSES",
    ]  # fmt: skip


def test_standardised_coefficients_are_per_sd_of_the_column() -> None:
    report = hsb()
    plain, scaled = draw.coefficients(report), draw.coefficients(report, standardised=True)
    ratio = layers(scaled, Points)[0].x / layers(plain, Points)[0].x
    sds = report.design.problem.x.std(axis=0, ddof=1)[1:]
    np.testing.assert_allclose(ratio, sds)


def test_the_caterpillar_is_sorted_and_has_a_rule_per_sector() -> None:
    figure = draw.caterpillar(hsb(), "School")
    points = layers(figure, Points)
    assert [(each.colour, each.shape, each.label) for each in points] == [
        ("blue", "circle", "Public"), ("vermilion", "triangle", "Catholic"),
    ]  # fmt: skip
    x, y = np.concatenate([each.x for each in points]), np.concatenate([each.y for each in points])
    assert np.all(np.diff(x[np.argsort(y)]) >= 0)
    assert [rule.label for rule in layers(figure, Rule)] == ["Public prediction 11.8", "Catholic prediction 13.9"]
    assert figure.group_labels[int(points[0].groups[np.argmin(points[0].y)])] == "8367"  # type: ignore[index]


@pytest.mark.parametrize(("sort", "first"), [("size", "8367"), ("name", "1224"), ("table", "1224")])
def test_other_orders(sort: str, first: str) -> None:
    figure = draw.caterpillar(hsb(), "School", sort=sort, colour_by="")
    (points,) = layers(figure, Points)
    assert points.groups is not None
    assert figure.group_labels[int(points.groups[np.argmin(points.y)])] == first


def test_names_are_sorted_as_people_count() -> None:
    groups = replace(hsb().groups[0], levels=("school 10", "school 2", "School 1"))
    assert sorted_groups(groups, np.zeros(3), "name").tolist() == [2, 1, 0]


def test_a_table_beside_it_may_set_the_order_and_leave_groups_out() -> None:
    (points,) = layers(draw.caterpillar(hsb(), "School", order=[5, 3, 9], colour_by=""), Points)
    assert points.groups is not None
    np.testing.assert_array_equal(points.groups, [5, 3, 9])
    np.testing.assert_array_equal(points.y, [0, 1, 2])


def test_deviations_use_the_prediction_error() -> None:
    report = hsb()
    (segments,) = layers(draw.caterpillar(report, "School", deviations=True, colour_by="", sort="table"), Segments)
    half = (segments.x1 - segments.x0) / 2
    np.testing.assert_allclose(half, 1.959964 * report.groups[0].pred_error_sd[:, 0], rtol=1e-6)


def test_thousands_of_groups_become_a_band() -> None:
    figure = draw.caterpillar(many_groups(), "g")
    (band,) = layers(figure, Band)
    assert (band.x[0], band.x[-1]) == (1, 2100) and len(band.x) <= 601
    assert not layers(figure, Segments)


def test_a_band_of_few_steps_holds_every_interval() -> None:
    x, low, high = np.arange(5000.0), np.random.default_rng(1).normal(size=5000) - 1, np.arange(5000.0) / 100
    steps, lowest, highest = envelope(x, low, high)
    place = np.searchsorted(steps[:-1], x, side="right") - 1
    assert (lowest[place] <= low).all() and (highest[place] >= high).all()


def test_of_very_many_groups_some_are_marked_and_those_wanted_always() -> None:
    order = np.random.default_rng(2).permutation(20_000)
    shown = drawn_of(order, {order[7], order[8]})
    assert len(shown) <= MOST_MARKS + 2 and {order[0], order[7], order[8], order[-1]} <= set(shown.tolist())


def test_arrows_run_from_own_to_partial_pooling() -> None:
    report = hsb()
    groups = report.groups[0]
    figure = draw.shrinkage(report, "School")
    for segments in layers(figure, Segments):
        assert segments.groups is not None
        np.testing.assert_allclose(segments.y0, groups.own[segments.groups, 0])
        np.testing.assert_allclose(segments.y1, groups.total[segments.groups, 0])
    assert {points.filled for points in layers(figure, Points)} == {True, False}
    rules = layers(figure, Rule)
    assert [rule.label for rule in rules] == ["Public prediction 11.8", "Catholic prediction 13.9", "ignoring schools 12.7"]
    assert [rule.dashed for rule in rules] == [False, False, True]


def test_groups_without_an_own_estimate_have_no_arrow() -> None:
    report = case_report("p29_simcorr1_singular")
    known = int(np.isfinite(report.groups[0].own[:, 1]).sum())
    assert sum(len(segments.x0) for segments in layers(draw.shrinkage(report, "group", 1), Segments)) == known


def test_the_plane_shows_both_coefficients() -> None:
    figure = draw.shrinkage_plane(hsb(), "School")
    groups = hsb().groups[0]
    segments = layers(figure, Segments)[0]
    np.testing.assert_allclose(segments.x1, groups.total[segments.groups, 0])
    np.testing.assert_allclose(segments.y1, groups.total[segments.groups, 1])


def test_equal_sizes_are_spread_by_at_most_the_stated_share_of_a_row() -> None:
    sizes = np.array([10, 12, 10, 10, 12, 5], dtype=np.int64)
    spread = spread_sizes(sizes)
    assert np.all(np.abs(spread - sizes) <= 0.2)
    assert len(np.unique(spread)) == len(sizes)
    assert spread[5] == 5.0


def test_the_group_level_lines_are_the_model() -> None:
    report = hsb_means()
    figure = draw.group_level(report, "School")
    beta = {effect.name: effect.estimate for effect in report.fixed}
    lines = [layer for layer in figure.panels[0].layers if isinstance(layer, Line)]
    assert [line.end_label for line in lines] == ["Public", "Catholic"]
    np.testing.assert_allclose(lines[0].y, beta["(Intercept)"] + beta["MEANSES"] * lines[0].x)
    np.testing.assert_allclose(lines[1].y, beta["(Intercept)"] + beta["SectorCatholic"] + beta["MEANSES"] * lines[1].x)
    assert figure.panels[0].title.startswith("αⱼ = 12.09")


def test_a_column_outside_the_model_is_said_to_be_one() -> None:
    assert "Size is not in the model" in draw.group_level(hsb(), "School", "Size").subtitle
    assert "at the mean of MEANSES" in draw.group_level(hsb_means(), "School", "Size").subtitle


def test_categories_become_strips() -> None:
    figure = draw.group_level(hsb(), "School", "Sector")
    assert figure.panels[0].x.ticks == ((0.0, "Public"), (1.0, "Catholic"))
    assert len(layers(figure, Line)) == 4


def test_fitted_lines_are_the_fitted_values() -> None:
    report = hsb()
    figure = draw.fitted_lines(report, "School", choose=["8367", "1224"])
    assert [panel.title for panel in figure.panels] == ["8367", "1224"]
    codes = report.design.problem.groupings[0].codes
    x = np.asarray(report.design.table["SES"].values[report.design.rows])
    for panel in figure.panels:
        line = next(layer for layer in panel.layers if isinstance(layer, Line) and layer.label != "x" and layer.width == 2.2)
        rows = codes == panel.group
        np.testing.assert_allclose(np.interp(x[rows], line.x, line.y), report.estimates.fitted[rows], atol=1e-9)


def test_unpooled_lines_keep_to_the_range_of_the_group() -> None:
    report = hsb()
    panel = draw.fitted_lines(report, "School", choose=["8367"]).panels[0]
    line = next(layer for layer in panel.layers if isinstance(layer, Line) and layer.colour == "no_pooling")
    points = next(layer for layer in panel.layers if isinstance(layer, Points))
    assert (line.x[0], line.x[-1]) == (points.x.min(), points.x.max())
    own = report.groups[0].own[report.groups[0].levels.index("8367")]
    np.testing.assert_allclose(line.y, own[0] + own[1] * line.x, rtol=1e-6)


def test_curves_are_drawn_as_curves() -> None:
    figure = draw.fitted_lines(case_report("p06_sleepstudy_quadratic"), "Subject")
    assert max(len(line.x) for line in layers(figure, Line)) > 20


def test_other_predictors_are_held_and_said_to_be() -> None:
    report = fitted("normexam ~ standLRT * schavg + sex + (standLRT | school)", "exam.csv")
    figure = draw.fitted_lines(report, "school")
    assert "most frequent level" in figure.subtitle
    assert len(figure.panels) == 12


@pytest.mark.parametrize("choose", ["moved", "largest", "smallest", "random", "all"])
def test_pages_of_groups(choose: str) -> None:
    figure = draw.fitted_lines(hsb(), "School", choose=choose, count=8, sort="name")
    assert len(figure.panels) == 8
    assert [panel.title for panel in figure.panels] == sorted(panel.title for panel in figure.panels)


def test_without_a_number_there_are_no_lines() -> None:
    with pytest.raises(UserError, match="no predictor to draw lines along"):
        draw.fitted_lines(case_report("p09_dyestuff2_singular"), "Batch")


def many_groups() -> Report:
    rng = np.random.default_rng(5)
    codes = np.repeat(np.arange(2100), 2).astype(np.int32)
    y = rng.normal(size=2100)[codes] + rng.normal(size=4200)
    table = Table(
        columns=(
            Column(name="y", kind=Kind.NUMBER, values=y),
            Column(name="g", kind=Kind.CATEGORY, values=codes, levels=tuple(map(str, range(2100)))),
        ),
        row_ids=np.arange(1, 4201),
    )
    return report_of("y ~ 1 + (1 | g)", table, comparators=False)


def test_equal_group_sizes_have_one_tick() -> None:
    axis = draw.shrinkage(case_report("p01_sleepstudy_slope_reml"), "Subject").panels[0].x
    assert axis.ticks == ((10.0, "10"),)
    assert axis.limits == (9.5, 10.5)


def test_named_rows_have_room() -> None:
    figure = draw.caterpillar(case_report("p01_sleepstudy_slope_reml"), "Subject")
    assert figure.size_mm[1] > 4 * 18
    assert figure.panels[0].y.ticks is not None and len(figure.panels[0].y.ticks) == 18


def test_of_very_many_groups_some_are_drawn_and_those_asked_for() -> None:
    sizes = np.random.default_rng(0).integers(1, 50, 10_000)
    shown = drawn_groups(sizes, [7, 11])
    assert MOST_ARROWS <= shown.sum() <= MOST_ARROWS + 2 and shown[7] and shown[11]
    assert sizes[shown].mean() == pytest.approx(sizes.mean(), abs=0.05)
    assert drawn_groups(sizes[:MOST_ARROWS]).all()


def test_the_figure_says_how_many_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[drawn_groups.__module__], "MOST_ARROWS", 50)
    for figure in (shrinkage(hsb(), "School", always=[3]), shrinkage_plane(hsb(), "School", always=[3])):
        marks = [layer.groups for layer in layers(figure, Points) if layer.filled and layer.groups is not None]
        drawn = np.concatenate(marks)
        assert len(drawn) in (50, 51) and 3 in drawn
        assert f"{len(drawn)} of 160 schools are drawn" in figure.subtitle
