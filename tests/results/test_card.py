"""The card of one group."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.table import Column, Kind, Table
from mlgui.results.card import group_card
from tests.results.models import case_report, hsb, report_of


def test_school_8367_of_the_screens() -> None:
    card = group_card(hsb(), "School", "8367")
    assert (card.title, card.size) == ("School 8367", 14)
    assert [(line.label, line.text) for line in card.lines] == [
        ("Alone (no pooling)", "4.55"),
        ("Group-level prediction", "11.75"),
        ("Pull of its own level", "−4.24"),
        ("Pull of its own SES slope", "−0.16"),
        ("Partial pooling αⱼ", "7.35"),
    ]
    assert card.facts == ("Public",)
    assert card.sentence == (
        "Its 14 students resolve 60\u202f% of the variance between schools; the rest is borrowed from the others, "
        "so it moves up from 4.55 to 7.35."
    )
    assert card.low < card.total < card.high


def test_rows_add_up_for_every_coefficient() -> None:
    for coefficient in (0, 1):
        card = group_card(hsb(), "School", "1224", coefficient)
        assert card.prediction + sum(pull.value for pull in card.pulls) == pytest.approx(card.total)


def test_a_zero_variance_puts_everyone_on_the_prediction() -> None:
    card = group_card(case_report("p09_dyestuff2_singular"), "Batch", "A")
    assert np.isnan(card.resolved)
    assert "sits on its prediction" in card.sentence


def test_a_group_that_cannot_be_estimated_alone_says_so() -> None:
    rng = np.random.default_rng(3)
    codes = np.concatenate([np.repeat(np.arange(12), 8), [12]]).astype(np.int32)
    x = rng.normal(size=len(codes))
    y = rng.normal(size=13)[codes] + x * (1 + rng.normal(size=13)[codes]) + 0.5 * rng.normal(size=len(codes))
    table = Table(
        columns=(
            Column(name="y", kind=Kind.NUMBER, values=y),
            Column(name="x", kind=Kind.NUMBER, values=x),
            Column(name="site", kind=Kind.CATEGORY, values=codes, levels=tuple("abcdefghijklm")),
        ),
        row_ids=np.arange(1, len(codes) + 1),
    )
    card = group_card(report_of("y ~ x + (x | site)", table), "site", "m")
    assert np.isnan(card.own)
    assert card.lines[0].text == "–"
    assert [pull.label for pull in card.pulls] == ["Pull of its own data"]
    assert card.prediction + card.pulls[0].value == pytest.approx(card.total)
    assert "cannot give an estimate of its own" in card.sentence


def test_unknown_groups_are_refused() -> None:
    with pytest.raises(KeyError):
        group_card(hsb(), "School", "none")
    with pytest.raises(KeyError):
        group_card(hsb(), "class", "8367")


def test_groups_with_a_code_for_a_name_keep_it() -> None:
    card = group_card(case_report("p34_insteval_crossed"), "s", "1")
    assert card.title == "s 1"
