"""What is asked of marginal means, and the sentences that answer; the numbers are tested in test_marginal_means."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.errors import UserError
from mlgui.results.figure import Band, Points, Rule
from mlgui.results.figures.margins import means_figure, slopes_figure
from mlgui.results.margins import LINE_POINTS, means_of, offer, parse_values, slopes_of
from mlgui.results.report import Report
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec.formula import parse


def fitted(formula: str) -> Report:
    table, structure, _ = open_example("hsb")
    return fit_model(table, structure, parse(formula))


@pytest.fixture(scope="module")
def crossed() -> Report:
    return fitted("math ~ ses * sector + sex * minority + (1 | school)")


@pytest.fixture(scope="module")
def numbers() -> Report:
    return fitted("math ~ ses * mean_ses + ses * size + (1 + ses | school)")


def test_what_interacts_is_offered_together(crossed: Report) -> None:
    found = offer(crossed)
    assert found.categories == (("sector",), ("sex",), ("minority",), ("sex", "minority"))
    assert found.numbers == ("ses",) and found.moderators == {"ses": ("sector",)}
    assert found.is_category["sector"] and not found.is_category["ses"]


def test_means_and_their_sentence(crossed: Report) -> None:
    found = means_of(crossed, ("sex", "minority"), adjustment="holm")
    assert len(found.means.rows) == 4 and found.pairs is not None and len(found.pairs.rows) == 6
    assert "6 of 6 differences are beyond chance (Holm, 5 %)" in found.sentence.replace("\u202f", " ")
    figure = means_figure(crossed, found)
    assert len(figure.panels) == 2 and figure.alt == found.sentence
    assert any(isinstance(layer, Rule) and layer.value == 0 for layer in figure.panels[1].layers)


def test_many_means_are_not_compared() -> None:
    report = fitted("math ~ ses + factor(size) + (1 | school)")
    found = means_of(report, ("size",))
    assert found.pairs is None and "pairs are not compared" in found.sentence
    assert len(means_figure(report, found).panels) == 1


def test_regions_of_a_cross_level_interaction(numbers: Report) -> None:
    found = slopes_of(numbers, "ses", "mean_ses", (-1.0, 0.0))
    assert [row.values for row in found.slopes.rows] == [(-1.0,), (0.0,)]
    assert len(found.lines.rows) == 2 * LINE_POINTS and found.regions is not None
    right = slopes_figure(numbers, found).panels[1]
    marks = [layer for layer in right.layers if isinstance(layer, Points) and layer.groups is not None]
    assert len(marks) == 1 and len(marks[0].x) == 160
    assert any(isinstance(layer, Band) and layer.label == "differs from 0" for layer in right.layers)


def test_a_region_with_a_border_is_said_with_its_share(numbers: Report) -> None:
    found = slopes_of(numbers, "size", "ses")
    assert found.regions is not None and found.regions.borders
    assert "It differs from 0 for ses from" in found.sentence and "of the students" in found.sentence
    x = found.regions.sample
    inside = sum(((x >= low) & (x <= high)).sum() for low, high in found.regions.regions)
    assert found.regions.share == pytest.approx(inside / len(x))


def test_usual_values(numbers: Report) -> None:
    low, middle, high = offer(numbers).usual["mean_ses"]
    x = np.asarray(numbers.design.table["mean_ses"].values, dtype=float)
    # to a tenth of an SD, as one would type them
    assert (middle - low, high - middle, middle) == pytest.approx((x.std(), x.std(), x.mean()), abs=0.1 * x.std())


def test_values_are_read_as_people_write_them() -> None:
    assert parse_values("1  -1; \N{MINUS SIGN}0,5 1") == (-1.0, -0.5, 1.0) and parse_values(" ") == ()
    for text in ("x", "nan", "1 inf"):
        with pytest.raises(UserError):
            parse_values(text)
