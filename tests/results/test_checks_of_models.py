"""Model checks on simulated data whose faults are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mlgui.data.table import Column, Kind, Source, Table
from mlgui.results.check_measures import along_fitted, bounds_of, equal_spread, shape_of
from mlgui.results.figure import Band, Figure, Line, Points
from mlgui.results.figures.check_panels import MOST_POINTS, drawn
from mlgui.results.figures.checks import Check, Verdict, model_checks, standardised_effects, verdict_words
from mlgui.results.figures.influence import change_limit, influence_checks
from mlgui.results.group_spread import group_spread
from mlgui.results.influence import influence_of_groups
from mlgui.results.report import Report
from mlgui.results.smooth import lowess
from tests.results.models import case_report, fitted, hsb, report_of

GROUPS, ROWS = 60, 40


def simulated(fault: str = "", seed: int = 1) -> Report:
    """Return y ~ x + (1 | school) fitted to 60 schools of 40 rows, with one fault."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(GROUPS), ROWS)
    x = rng.normal(size=GROUPS * ROWS)
    noise, effect = rng.normal(size=len(x)), rng.normal(size=GROUPS)
    if fault == "heavy tails":
        noise = rng.standard_t(3, size=len(x))
    if fault == "skewed":
        noise = rng.exponential(size=len(x)) - 1
    if fault == "uneven":
        noise = noise * np.exp(0.4 * x)
    if fault == "odd school":
        effect[7] = 9.0
    if fault == "spread":
        noise = noise * np.exp(rng.normal(scale=0.4, size=GROUPS))[codes]
    y = 1 + 2 * x + effect[codes] + noise
    if fault == "bend":
        y = y + x**2
    if fault == "ceiling":
        y = np.minimum(y, np.quantile(y, 0.9))
    levels = tuple(f"s{k}" for k in range(GROUPS))
    columns = (
        Column(name="y", kind=Kind.NUMBER, values=y),
        Column(name="x", kind=Kind.NUMBER, values=x),
        Column(name="school", kind=Kind.CATEGORY, values=codes.astype(np.int32), levels=levels),
    )
    table = Table(columns=columns, row_ids=np.arange(1, len(x) + 1), source=Source(name="simulated", row_noun="student"))
    return report_of("y ~ x + (1 | school)", table, comparators=False)


def by_key(report: Report, grouping: str = "school") -> dict[str, Check]:
    return {check.key.removeprefix("check_").split("_")[0]: check for check in model_checks(report, grouping)}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_good_data_are_fine(seed: int) -> None:
    checks = by_key(simulated(seed=seed))
    assert list(checks) == ["fitted", "residuals", "effects", "spread", "scale"]
    assert {check.verdict for check in checks.values()} == {Verdict.FINE}


@pytest.mark.parametrize(
    ("fault", "key", "words"),
    [
        ("bend", "fitted", "bends"),
        ("uneven", "fitted", "times as wide"),
        ("uneven", "scale", "times as large"),
        ("ceiling", "fitted", "y stops at"),
        ("heavy tails", "residuals", "Tails are long"),
        ("skewed", "residuals", "skewed to the right"),
        ("odd school", "effects", "The highest school, s7, deserves a look"),
        ("spread", "spread", "Spread differs (p < 0.001)"),
    ],
)
def test_each_fault_is_seen_where_it_shows(fault: str, key: str, words: str) -> None:
    check = by_key(simulated(fault))[key]
    assert check.verdict is Verdict.LOOK and verdict_words(check.verdict) == "Look closer"
    assert words in check.reading and check.why.startswith("Look closer if")
    assert check.reading in check.figure.alt


def test_hsb_is_read_as_in_the_screens() -> None:
    checks = {check.key: check for check in model_checks(hsb(), "School")}
    assert [check.verdict.value for check in checks.values()] == ["look", "fine", "fine", "fine", "look", "fine"]
    assert "13 schools lie outside the grey band; about 7 would by chance" in checks["check_spread_school"].reading
    assert "Tails are slightly short" in checks["check_residuals"].reading
    assert "stops at 24.99" in checks["check_fitted"].reading


def test_marks_are_few_and_carry_their_groups() -> None:
    for check in model_checks(hsb(), "School"):
        (panel,) = check.figure.panels
        marks = [layer for layer in panel.layers if isinstance(layer, Points)]
        assert sum(len(layer.x) for layer in marks) <= MOST_POINTS
        assert all(layer.groups is not None and len(layer.groups) == len(layer.x) for layer in marks)
        assert check.figure.grouping == "School" and len(check.figure.group_labels) == 160


def test_the_ends_are_always_drawn() -> None:
    values = np.random.default_rng(0).normal(size=50_000)
    kept = drawn(values)
    assert len(kept) == MOST_POINTS and {values.argmin(), values.argmax()} <= set(kept.tolist())


def test_without_groups_there_are_three_checks() -> None:
    checks = model_checks(fitted("Reaction ~ Days", "sleepstudy.csv"))
    assert [check.key for check in checks] == ["check_fitted", "check_residuals", "check_scale"]


def test_too_few_groups_are_not_judged() -> None:
    report = case_report("p07_dyestuff_reml")
    effects = next(check for check in model_checks(report, "Batch") if check.key.startswith("check_effects"))
    assert effects.verdict is Verdict.UNKNOWN and "too few" in effects.reading


def test_a_variance_of_zero_has_no_effects_to_show() -> None:
    effects = model_checks(case_report("p09_dyestuff2_singular"), "Batch")[2]
    assert effects.verdict is Verdict.UNKNOWN and "estimated as 0" in effects.reading
    (panel,) = effects.figure.panels
    assert not sum(len(layer.x) for layer in panel.layers if isinstance(layer, Points))


def test_every_grouping_of_a_crossed_model() -> None:
    report = case_report("p10_penicillin_crossed")
    for groups in report.groups:
        assert len(model_checks(report, groups.grouping)) == 5


def test_a_model_that_hangs_on_one_group_says_so() -> None:
    rng = np.random.default_rng(5)
    codes = np.repeat(np.arange(12), 10)
    u = np.where(codes == 11, 8.0, rng.normal(size=12)[codes])  # one group far out, and off the line of the others
    y = 0.3 * u + np.where(codes == 11, -12.0, 0.0) + rng.normal(size=12)[codes] * 0.3 + rng.normal(size=len(codes))
    columns = (
        Column(name="y", kind=Kind.NUMBER, values=y),
        Column(name="u", kind=Kind.NUMBER, values=u),
        Column(name="school", kind=Kind.CATEGORY, values=codes.astype(np.int32), levels=tuple(f"s{k}" for k in range(12))),
    )
    report = report_of("y ~ u + (1 | school)", Table(columns=columns, row_ids=np.arange(1, 121)), comparators=False)
    decides, changes = influence_checks(report, influence_of_groups(report, "school"))
    assert decides.verdict is Verdict.LOOK and "s11 moves them most" in decides.reading
    assert changes.verdict is Verdict.LOOK and "Without s11, u would be" in changes.reading
    assert decides.figure.grouping == "school" and "Cook's distance" in decides.why


def test_influence_of_hsb_is_fine() -> None:
    checks = influence_checks(hsb(), influence_of_groups(hsb(), "School"))
    assert [check.verdict for check in checks] == [Verdict.FINE, Verdict.FINE] and change_limit(160) == 0.5
    marks = [layer for layer in checks[1].figure.panels[0].layers if isinstance(layer, Points)]
    assert sum(len(layer.x) for layer in marks) == 160 * len(checks[1].figure.panels[0].y.ticks or ())


def test_weights_count() -> None:
    report = simulated()
    spread = group_spread(report, "school")
    assert len(spread.groups) == GROUPS and (spread.df == ROWS - 1).all()
    # the SDs are those of an analysis within each school
    rest = report.design.problem.y - report.design.problem.x @ report.estimates.beta
    codes = report.design.problem.groupings[0].codes
    expected = [rest[codes == k].std(ddof=1) for k in range(GROUPS)]
    np.testing.assert_allclose(spread.sds, expected, rtol=1e-9)


def test_standardised_effects_have_unit_spread() -> None:
    values = standardised_effects(simulated(), "school", 0)
    # 60 effects: a standard deviation has a standard error of 9 %
    assert values.std() == pytest.approx(1.0, abs=0.27)


def test_the_spread_panel_has_its_band() -> None:
    check = by_key(simulated("spread"))["spread"]
    band, sigma = check.figure.panels[0].layers[0], simulated("spread").sigma
    assert isinstance(band, Band)
    np.testing.assert_allclose(band.high, sigma * np.exp(np.sqrt(2 / 39)))


def test_the_curve_is_smooth_and_close() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 6, 4000)
    at, curve = lowess(x, np.sin(x) + 0.2 * rng.normal(size=4000), span=0.2)
    assert len(at) == 60 and np.abs(curve - np.sin(at)).max() < 0.1
    line, values = lowess(x, 3 * x + 1)
    np.testing.assert_allclose(values, 3 * line + 1, atol=1e-9)
    same, mean = lowess(np.ones(10), np.arange(10.0))
    assert (same.tolist(), mean.tolist()) == ([1.0], [4.5])


def moments(values: NDArray[np.float64]) -> tuple[float, float]:
    shape = shape_of(values)
    return shape.skew, shape.tails


def test_measures() -> None:
    rng = np.random.default_rng(5)
    # standard errors with 40,000 values are 0.012 and 0.024
    assert moments(rng.normal(size=40_000)) == pytest.approx((0, 0), abs=0.08)
    assert moments(np.ones(10)) == (0.0, 0.0)
    assert along_fitted(np.ones(100), rng.normal(size=100)).ratio == 1.0
    assert along_fitted(np.arange(10.0), rng.normal(size=10)).bend_p == 1.0
    bounds = bounds_of(np.r_[np.zeros(50), rng.uniform(size=500)])
    assert bounds.floor and not bounds.ceiling
    assert not bounds_of(np.tile([1.0, 2.0, 3.0], 100)).ceiling


def test_the_test_of_equal_spread_keeps_its_level() -> None:
    rng = np.random.default_rng(11)
    df = np.full(80, 9.0)
    p = [equal_spread(np.sqrt(rng.chisquare(9, 80) / 9), df)[0] for _ in range(400)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.04)  # 3.5 standard errors


def line_of(figure: Figure) -> Line:
    return next(layer for layer in figure.panels[0].layers if isinstance(layer, Line) and layer.dashed)


def test_the_ceiling_is_a_line() -> None:
    report = simulated("ceiling")
    line = line_of(by_key(report)["fitted"].figure)
    np.testing.assert_allclose(line.x + line.y, report.design.problem.y.max())
    assert "highest value" in line.label
    weighted = replace(report.design, problem=replace(report.design.problem, weights=np.ones(GROUPS * ROWS)))
    layers = by_key(replace(report, design=weighted))["fitted"].figure.panels[0].layers
    assert not [layer for layer in layers if isinstance(layer, Line) and layer.dashed]
