"""Robust standard errors in words."""

from __future__ import annotations

import pytest

from mlgui.engine import robust as engine
from mlgui.errors import UserError
from mlgui.results.numbers import text_rows
from mlgui.results.robust import robust_effects, robust_table
from tests.results.models import fitted


def test_beside_the_models_own() -> None:
    report = fitted("Reaction ~ Days + (Days | Subject)", "sleepstudy.csv")
    found = robust_effects(report)
    assert (found.grouping, found.n_clusters, found.kind) == ("Subject", 18, "CR2")
    for effect, own in zip(found.effects, report.fixed, strict=True):
        # balanced data, saturated in what varies: the model is its own sandwich
        assert effect.se == pytest.approx(own.se, rel=1e-5) and effect.df == pytest.approx(17, rel=1e-6)
        assert (effect.low, effect.high) == pytest.approx((own.low, own.high), rel=1e-5)
    shown = robust_table(found)
    assert "18" in shown.note and len(text_rows(shown)) == 2
    assert robust_effects(report, "CR1").effects[0].df == 17


def test_refusals_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="crossed"):
        robust_effects(fitted("diameter ~ 1 + (1 | plate) + (1 | sample)", "penicillin.csv"))
    with pytest.raises(UserError, match="no groups"):
        robust_effects(fitted("Reaction ~ Days", "sleepstudy.csv"))
    monkeypatch.setattr(engine, "LARGEST_CLUSTER", 5)
    with pytest.raises(UserError, match="CR1"):
        robust_effects(fitted("Reaction ~ Days + (Days | Subject)", "sleepstudy.csv"))
