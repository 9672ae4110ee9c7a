"""What coefficients are made of, and which of them can be read one by one."""

from __future__ import annotations

import pytest

from mlgui.results.factors import curved_columns, parts_of, readable, reference_level
from mlgui.results.figures import group_level
from mlgui.results.group_columns import group_columns
from mlgui.results.group_model import equation_text, held_prediction
from tests.results.models import fitted, hsb

MEANS = "MathAch ~ SES * mean(SES, School) + Sector + (SES | School)"


def test_parts_are_factors_with_their_levels() -> None:
    design = hsb().design
    labels = [[part.label for part in parts_of(design, coefficient) or ()] for coefficient in design.coefficients]
    assert labels == [[], ["SES"], ["Sector: Catholic"], ["SES", "Sector: Catholic"]]
    assert reference_level(design, "Sector") == "Public"


@pytest.mark.parametrize(
    ("formula", "curved"),
    [
        ("MathAch ~ SES + (1 | School)", ()),
        ("MathAch ~ center(SES) + mean(SES, School) + (1 | School)", ()),
        ("MathAch ~ log(Size) + (1 | School)", ()),
        ("MathAch ~ Size + log(Size) + (1 | School)", ("Size",)),
        ("MathAch ~ SES + I(SES^2) + (1 | School)", ("SES",)),
        ("MathAch ~ poly(SES, 2) + (1 | School)", ("SES",)),
    ],
)
def test_columns_along_a_curve_are_not_read_as_slopes(formula: str, curved: tuple[str, ...]) -> None:
    report = fitted(formula, "hsb.csv")
    assert curved_columns(report.design) == curved
    assert any("along a curve" in sentence for sentence in report.sentences) == bool(curved)
    factors = [factor for term in report.design.spec.fixed for factor in term.factors]
    assert any(readable(report.design, factor) for factor in factors) == (not curved)


def test_the_intercept_of_a_polynomial_is_not_read() -> None:
    assert "on average" not in fitted("MathAch ~ poly(SES, 2) + (1 | School)", "hsb.csv").sentences[0]


def test_group_means_of_the_model_are_group_level_columns_in_words() -> None:
    report = fitted(MEANS, "hsb.csv")
    assert [column.name for column in group_columns(report, "School")][:2] == ["Sector", "mean of SES by School"]
    assert equation_text(report, "School", 1).endswith(" mean of SES by Schoolⱼ + ηⱼ")
    figure = group_level(report, "School", "mean of SES by School")
    assert "not in the model" not in figure.subtitle
    keep = frozenset({"mean of SES by School", "Sector"})
    for index in (0, 1):
        assert held_prediction(report, "School", index, keep) == pytest.approx(report.groups[0].prediction[:, index])
    assert report.sentences[-2].startswith("Beyond mean of SES by School and Sector, schools still differ")


def test_a_curve_of_a_group_level_number_follows_its_axis() -> None:
    report = fitted("MathAch ~ MEANSES + I(MEANSES^2) + (1 | School)", "hsb.csv")
    figure = group_level(report, "School", "MEANSES")
    assert "at the mean of" not in figure.subtitle
    held = held_prediction(report, "School", 0, frozenset({"MEANSES"}))
    assert held == pytest.approx(report.groups[0].prediction[:, 0])
