from __future__ import annotations

import numpy as np
import pytest

from mlgui.progress import Step
from mlgui.results.card import group_card
from mlgui.results.dial import dial_caption, dial_curve, dial_words, dialled
from mlgui.results.figure import Line, Points, Rule
from mlgui.results.figures.dial import dial_figure
from mlgui.results.figures.shrinkage import shrinkage
from tests.results.models import case_report, fitted, hsb

SLEEP = "Reaction ~ Days + (Days | Subject)"


def test_the_curve_of_hsb() -> None:
    """The numbers are those of a grid of REML criteria at scaled G, computed apart when the screens were drawn."""
    curve = dial_curve(hsb(), "School")
    assert curve.fit_share(0) == pytest.approx(0.8131, abs=5e-5)
    assert curve.criterion[0] == pytest.approx(347.26, abs=0.01) and curve.criterion[curve.fit] == 0
    assert curve.criterion.min() > -1e-9
    assert (curve.left, curve.right) == ("No variation between schools", "Least pooling this correlation allows")
    assert curve.end_share(0) > 0.9999


def test_the_ends_are_named_after_what_they_are() -> None:
    curve = dial_curve(fitted(SLEEP, "sleepstudy.csv"), "Subject")
    assert curve.right == "No pooling" and curve.note == ""
    zero = dial_curve(case_report("p09_dyestuff2_singular"), "Batch")
    assert zero.fit == 0 and zero.fit_share(0) == 0 and "estimated as 0" in zero.note


@pytest.mark.parametrize("share", [0.001, 0.1, 0.37, 0.8, 0.99])
def test_a_share_finds_its_place(share: float) -> None:
    report = hsb()
    curve = dial_curve(report, "School")
    found = dialled(report, curve, curve.scale_at(0, share))
    assert found.share[0] == pytest.approx(share, abs=0.01)
    # the curve is drawn through 48 places; between them it is a straight line
    assert curve.criterion_at(0, float(found.share[0])) == pytest.approx(found.criterion, abs=max(5.0, 0.05 * found.criterion))


def test_at_the_fit_nothing_has_moved() -> None:
    report = hsb()
    found = dialled(report, dial_curve(report, "School"), 1.0)
    for name in ("total", "prediction", "own", "pulls", "resolved", "total_se"):
        np.testing.assert_allclose(getattr(found.report.groups[0], name), getattr(report.groups[0], name), rtol=1e-8, atol=1e-10)
    assert [effect.estimate for effect in found.report.fixed] == pytest.approx([effect.estimate for effect in report.fixed])


def test_at_the_left_end_every_group_sits_on_its_prediction() -> None:
    report = hsb()
    found = dialled(report, dial_curve(report, "School"), 0.0).report
    np.testing.assert_array_equal(found.groups[0].total, found.groups[0].prediction)
    no_variation = report.pooled[1]
    assert [effect.estimate for effect in found.fixed] == pytest.approx(no_variation.estimates, rel=1e-10)


def test_at_the_right_end_every_group_sits_on_its_own_estimate() -> None:
    report = fitted(SLEEP, "sleepstudy.csv")
    curve = dial_curve(report, "Subject")
    groups = dialled(report, curve, curve.scale_at(0, 1.0)).report.groups[0]
    # ten rows a group at c = 1500: 1e-6 of a deviation of 60 is left
    np.testing.assert_allclose(groups.total, groups.own, atol=1e-4)
    np.testing.assert_allclose(groups.own, report.groups[0].own, atol=1e-9)


def test_the_card_adds_up_along_the_dial() -> None:
    report = hsb()
    curve = dial_curve(report, "School")
    for share in (0.0, 0.3, 0.95):
        card = group_card(dialled(report, curve, curve.scale_at(0, share)).report, "School", "8367")
        assert card.prediction + sum(pull.value for pull in card.pulls) == pytest.approx(card.total, abs=1e-9)


def test_a_crossed_model_has_a_dial_for_each_grouping() -> None:
    report = case_report("p10_penicillin_crossed")
    for groups in report.groups:
        curve = dial_curve(report, groups.grouping)
        assert curve.share[0, 0] < 1e-12 and (np.diff(curve.share[:, 0]) > -1e-12).all()


def test_the_figure_marks_the_fit_and_shades_nothing() -> None:
    curve = dial_curve(hsb(), "School")
    panel = dial_figure(curve, share=0.4).panels[0]
    assert [type(layer) for layer in panel.layers] == [Line, Rule, Points]
    assert isinstance(panel.layers[1], Rule) and panel.layers[1].label == "REML fit 81\u202f%"
    assert isinstance(panel.layers[2], Points) and panel.layers[2].x[0] == 0.4
    assert "shape held" in panel.y.title and panel.y.limits is not None and panel.y.limits[1] > 347
    assert "81\u202f%" in dial_figure(curve).alt


def test_words_of_the_dial() -> None:
    curve = dial_curve(hsb(), "School")
    assert dial_words(curve, 0, curve.fit_share(0)) == "81\u202f%, the REML fit"
    assert dial_words(curve, 0, 0.4) == "40\u202f%, not the REML fit"
    assert "between schools" in dial_caption(curve)


def test_the_axis_is_a_coefficient_that_varies() -> None:
    report = hsb()
    curve = dial_curve(report, "School")
    assert curve.axis(1) == 1
    assert shrinkage(dialled(report, curve, 0.5).report, "School").panels[0].layers


def test_a_curve_can_be_cancelled() -> None:
    def stop(step: Step) -> None:
        if step.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dial_curve(hsb(), "School", stop)
