"""Influence of groups with their names."""

from __future__ import annotations

import pytest

from mlgui.progress import Step
from mlgui.results.influence import influence_of_groups, influence_table, refitted_influence
from mlgui.results.numbers import text_rows
from tests.results.models import fitted

SLEEP = "Reaction ~ Days + (Days | Subject)"


def test_the_most_influential_group_comes_first() -> None:
    report = fitted(SLEEP, "sleepstudy.csv")
    found = influence_of_groups(report, "Subject")
    shown = influence_table(report, found)
    assert found.levels == report.groups[0].levels and found.large == pytest.approx(2 / 18**0.5)
    assert list(shown.columns[2].cells) == sorted(shown.columns[2].cells, reverse=True)  # type: ignore[type-var]
    assert shown.n_rows == 18 and text_rows(shown)


def test_refitting_agrees_where_a_group_is_like_the_others() -> None:
    report = fitted(SLEEP, "sleepstudy.csv")
    steps: list[Step] = []
    every = influence_of_groups(report, "Subject")
    calm = every.levels[int(every.values.cooks.argmin())]
    found = refitted_influence(report, "Subject", (calm,), steps.append)
    assert found.refitted and found.levels == (calm,) and len(steps) == 1
    # the variances move a little; a tenth of an SE
    assert found.values.change[0] == pytest.approx(every.values.change[every.values.cooks.argmin()], abs=0.1)
    assert "again" in influence_table(report, found).note


def test_crossed_groupings_report_their_steps() -> None:
    report = fitted("diameter ~ 1 + (1 | plate) + (1 | sample)", "penicillin.csv")
    steps: list[Step] = []
    influence_of_groups(report, "sample", steps.append)
    assert len(steps) == 6
