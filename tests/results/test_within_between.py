"""Within and between effects against the model written out."""

from __future__ import annotations

import pytest

from mlgui.errors import UserError
from mlgui.results.within_between import within_between
from tests.results.models import fitted


def test_contextual_effect_of_ses() -> None:
    found = within_between(fitted("MathAch ~ SES + Sector + (1 | School)", "hsb.csv"), "School")
    written = fitted("MathAch ~ center(SES, School) + mean(SES, School) + Sector + (1 | School)", "hsb.csv")
    b = {effect.name: effect for effect in written.fixed}
    (ses,) = found.effects
    assert ses.name == "SES"
    within, between = b["center(SES, School)"], b["mean(SES, School)"]
    # the same model in other columns
    assert (ses.within.estimate, ses.within.se) == pytest.approx((within.estimate, within.se), rel=1e-6)
    assert (ses.between.estimate, ses.between.se, ses.between.df) == pytest.approx(
        (between.estimate, between.se, between.df), rel=1e-5
    )
    assert ses.contextual.estimate == pytest.approx(between.estimate - within.estimate, rel=1e-6)
    assert ses.contextual.p < 0.001
    # without the mean the slope is a mixture of both
    assert ses.within.estimate < ses.original < ses.between.estimate
    assert "mean(SES, School)" in [effect.name for effect in found.report.fixed]


def test_nothing_to_tell_apart() -> None:
    with pytest.raises(UserError, match="nothing"):
        within_between(fitted("MathAch ~ MEANSES + (1 | School)", "hsb.csv"), "School")


def test_a_grouping_of_several_columns() -> None:
    report = fitted("angle ~ temp + (1 | recipe:replicate)", "cake.csv")
    with pytest.raises(UserError, match="several columns"):
        within_between(report, "recipe:replicate")
