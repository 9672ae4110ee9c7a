"""Findings after a fit, and what their remedies may and may not offer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.data.table import Column, Kind, Table
from mlgui.findings import Finding, Severity
from mlgui.results.checks import findings_after_fit
from mlgui.results.report import Report
from mlgui.spec import edits
from tests.results.models import case_report, fitted, hsb, hsb_means, report_of


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def finding(report: Report, code: str) -> Finding:
    return next(found for found in report.findings if found.code == code)


def test_lockstep_is_named_and_the_slope_is_kept() -> None:
    found = finding(hsb(), "boundary-fit")
    assert found.severity is Severity.WARNING
    assert found.title == "Intercepts and slopes of SES move in lockstep (ρ = 1.00)"
    assert "not a failure" in found.text
    assert "sensitivity check only" in found.text
    assert [remedy.edit for remedy in found.remedies] == ["set_boundary_avoiding", "set_correlated"]


def test_a_slope_without_interaction_may_be_left_out_as_a_sensitivity_check() -> None:
    report = case_report("p29_simcorr1_singular")
    remedies = finding(report, "boundary-fit").remedies
    assert [remedy.edit for remedy in remedies] == ["set_boundary_avoiding", "set_correlated", "set_varies"]
    assert remedies[2].label.startswith("Sensitivity check")


def test_remedies_change_the_model() -> None:
    for report in (hsb(), case_report("p29_simcorr1_singular")):
        for found in report.findings:
            for remedy in found.remedies:
                changed = getattr(edits, remedy.edit)(report.design.spec, **dict(remedy.arguments))
                assert changed != report.design.spec


def test_a_zero_variance_is_reported_as_such() -> None:
    found = finding(case_report("p09_dyestuff2_singular"), "boundary-fit")
    assert "estimated as 0" in found.text
    # lme4 1.1-31, confint(update(model, REML = FALSE), method = "profile"): 0 to 2.084 for .sig01
    assert "(SD between 0 and 2.08 (95 % profile))" in found.text
    assert [remedy.edit for remedy in found.remedies] == ["set_boundary_avoiding"]


def test_columns_that_follow_from_others_are_named() -> None:
    found = finding(case_report("p17_orthodont_rank_deficient"), "not-estimable")
    assert found.about == ("age_months",)


def test_dropped_rows_are_counted() -> None:
    assert finding(case_report("p28_sleepstudy_missing"), "rows-dropped").title == "13 rows are left out"


@pytest.mark.parametrize(
    ("formula", "matters"),
    [
        ("Reaction ~ Days + (Days | Subject)", False),
        ("Reaction ~ Days + (Days || Subject)", True),
        ("Reaction ~ Days + (0 + Days | Subject)", True),
        ("Reaction ~ Days + (1 | Subject)", False),
        ("Reaction ~ 0 + Days + (1 | Subject)", True),
    ],
)
def test_the_zero_of_x_matters_where_the_model_is_not_closed(formula: str, matters: bool) -> None:
    assert ("zero-matters" in codes(fitted(formula, "sleepstudy.csv"))) == matters


def test_cell_means_stand_for_the_intercept() -> None:
    assert "zero-matters" not in codes(case_report("p16_orthodont_no_intercept"))


def test_predictors_at_two_levels_are_noted_until_their_mean_is_in() -> None:
    found = finding(hsb(), "two-levels")
    assert found.about == ("SES", "School") and found.title == "SES works at two levels: within and between schools"
    assert found.remedies[0].edit == "add_group_mean"
    assert "two-levels" not in codes(hsb_means())
    assert "two-levels" not in codes(case_report("p01_sleepstudy_slope_reml"))


def test_few_groups_warn_below_five_and_note_below_ten() -> None:
    assert finding(case_report("p09_dyestuff2_singular"), "few-groups").severity is Severity.NOTE
    assert "few-groups" not in codes(hsb())
    assert finding(small(n_groups=4, size=6), "few-groups").severity is Severity.WARNING


def test_singletons_and_extreme_rows_are_noted() -> None:
    report = small(n_groups=40, size=1, extra=10, outlier=60.0)
    assert {"many-singletons", "extreme-rows"} <= set(codes(report))


def test_an_uncertified_fit_is_said_first() -> None:
    report = hsb()
    doubtful = replace(report.estimates, certificate=replace(report.certificate, passed=False))
    found = findings_after_fit(report.design, doubtful, report.variance)
    assert found[0].code == "certificate-not-passed"


def test_warnings_come_before_notes() -> None:
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    places = [order.index(found.severity) for found in hsb().findings]
    assert places == sorted(places)


def small(*, n_groups: int, size: int, extra: int = 0, outlier: float = 0.0) -> Report:
    """Return a random-intercept fit of a made-up table; `extra` groups have ten rows more."""
    rng = np.random.default_rng(7)
    codes_of_rows = np.repeat(np.arange(n_groups), size)
    codes_of_rows = np.concatenate([codes_of_rows, np.repeat(np.arange(extra), 10)]).astype(np.int32)
    y = rng.normal(size=n_groups)[codes_of_rows] * 2 + rng.normal(size=len(codes_of_rows))
    y[-1] += outlier
    table = Table(
        columns=(
            Column(name="y", kind=Kind.NUMBER, values=y),
            Column(name="group", kind=Kind.CATEGORY, values=codes_of_rows, levels=tuple(f"g{i}" for i in range(n_groups))),
        ),
        row_ids=np.arange(1, len(y) + 1),
    )
    return report_of("y ~ 1 + (1 | group)", table)


def test_titles_keep_the_case_of_column_names() -> None:
    report = fitted("MathAch ~ SES * Sector + SES * MEANSES + (SES | School)", "hsb.csv")
    (component,) = report.variance
    turned = replace(component, names=component.names[::-1], labels=component.labels[::-1], sd=component.sd[::-1])
    found = findings_after_fit(report.design, report.estimates, (turned,))
    assert found[0].title == "Slopes of SES and intercepts move in lockstep (ρ = 1.00)"
