"""Tests and intervals other than the usual ones, put into a report."""

from __future__ import annotations

import pytest

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import Cancelled
from mlgui.export.script import r_script
from mlgui.progress import Step
from mlgui.results.inference import REFUSED, df_words, inference_note, intervals_words, sd_interval
from mlgui.results.intervals import kenward_roger_effects, profile_limits
from mlgui.results.methods import methods
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec import edits
from mlgui.spec.model import ModelSpec

Sleep = tuple[Table, Structure, ModelSpec]


@pytest.fixture(scope="module")
def sleep() -> Sleep:
    table, structure, models = open_example("sleepstudy")
    assert models[0].spec is not None
    return table, structure, models[0].spec


def test_z_tests(sleep: Sleep) -> None:
    table, structure, spec = sleep
    plain, report = fit_model(table, structure, spec), fit_model(table, structure, edits.set_df(spec, "z"))
    days, usual = report.fixed[1], plain.fixed[1]
    assert days.estimate == usual.estimate and days.se == usual.se
    assert (days.high - days.low) / (2 * days.se) == pytest.approx(1.959963984540054)  # normal quantile
    assert days.p < usual.p
    assert df_words(report) == "none: z tests" and "z tests" in " ".join(methods(report))
    assert inference_note(report) == "p by z tests; 95 % CI from the normal distribution."


def test_kenward_roger(sleep: Sleep) -> None:
    table, structure, spec = sleep
    plain, report = fit_model(table, structure, spec), fit_model(table, structure, edits.set_df(spec, "kenward-roger"))
    for effect, row in zip(report.fixed, kenward_roger_effects(plain), strict=True):
        assert (effect.se, effect.df, effect.p, effect.low) == (row.se, row.df, row.p, row.low)
    assert "Kenward and Roger" in inference_note(report)


def test_what_cannot_be_had_is_told_and_left(sleep: Sleep) -> None:
    table, structure, spec = sleep
    by_ml = edits.set_df(edits.set_reml(spec, False), "kenward-roger")
    report = fit_model(table, structure, by_ml)
    assert report.findings[0].code == REFUSED
    remedy = report.findings[0].remedies[0]
    mended = getattr(edits, remedy.edit)(by_ml, **dict(remedy.arguments))
    assert mended == edits.set_reml(spec, False)
    assert df_words(report) == "Satterthwaite"


def test_profile_intervals(sleep: Sleep) -> None:
    table, structure, spec = sleep
    plain = fit_model(table, structure, spec)
    report = fit_model(table, structure, edits.set_intervals(spec, "profile"))
    known = {(one.kind, one.group, one.term): (one.low, one.high) for one in profile_limits(plain)}
    assert (report.fixed[1].low, report.fixed[1].high) == known["coefficient", "", "Days"]
    assert sd_interval(report, "Subject", "Days") == known["sd", "Subject", "Days"]
    assert sd_interval(report, "", "") == known["sigma", "", ""]
    assert sd_interval(plain, "", "") is None
    assert "profile of the likelihood" in intervals_words(report)


def test_bootstrap_intervals_and_their_cancelling(sleep: Sleep) -> None:
    table, structure, spec = sleep
    asked = edits.set_intervals(spec, "bootstrap", 25, 7)
    steps: list[Step] = []
    report = fit_model(table, structure, asked, steps.append)
    assert intervals_words(report) == "from a parametric bootstrap with 25 replicates, seed 7"
    assert any(step.total == 25 for step in steps)
    again = fit_model(table, structure, asked)
    assert [e.low for e in again.fixed] == [e.low for e in report.fixed]

    def stop(step: Step) -> None:
        if step.total == 25:
            raise Cancelled

    with pytest.raises(Cancelled):
        fit_model(table, structure, asked, stop)


def test_the_r_script_asks_for_the_same(sleep: Sleep) -> None:
    table, _, spec = sleep
    assert 'confint(model, method = "Wald")' in r_script(spec, table)
    text = r_script(edits.set_intervals(edits.set_df(spec, "kenward-roger"), "bootstrap", 200, 5), table)
    assert 'summary(model, ddf = "Kenward-Roger")' in text
    assert 'confint(model, method = "boot", nsim = 200, seed = 5)' in text
