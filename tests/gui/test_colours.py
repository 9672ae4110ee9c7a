"""Contrast of every pair of colours the window uses, and distances of the data palette as colour-blind readers see it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from mlgui.gui.tokens import CATEGORY_COLOURS, HIGH_CONTRAST, TOKENS, colour

MODES = (False, True)
TEXT = 4.5
"""WCAG 2.2, criterion 1.4.3: text against what it stands on."""
MARK = 3.0
"""WCAG 2.2, criterion 1.4.11: marks and edges of controls."""

TEXT_PAIRS = (
    *((ink, ground) for ink in ("ink", "ink2") for ground in
      ("bg", "panel", "surface", "field", "hover", "token", "accent_soft", "sel", "warnbg", "okbg", "errbg")),
    *(("ink3", ground) for ground in ("bg", "panel", "surface", "field")),
    *(("accent", ground) for ground in ("bg", "panel", "surface", "field", "accent_soft", "sel")),
    ("ink", "segment"), ("on_accent", "accent"), ("on_accent", "accent_hover"), ("ok", "okbg"), ("ok", "surface"),
    ("warn", "warnbg"), ("warn", "surface"), ("err", "errbg"), ("err", "surface"), ("err", "field"),
    *((f"{name}_text", "surface") for name in CATEGORY_COLOURS),
)  # fmt: skip
MARK_PAIRS = (
    *((name, "surface") for name in (*CATEGORY_COLOURS, "complete_pooling", "no_pooling", "accent", "ctrl")),
    ("ctrl", "panel"), ("ctrl", "field"), ("accent", "panel"), ("accent", "bg"),
)  # fmt: skip

# Linear RGB as seen without one kind of cone. Protan and deutan: Vienot, Brettel & Mollon (1999), Color Research and
# Application 24, 243-252. Tritan: Machado, Oliveira & Fernandes (2009), IEEE TVCG 15, 1291-1298, severity 1.
SEEN = {
    "protan": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    "deutan": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
MACHADO = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": SEEN["tritan"],
}
"""All three by Machado, Oliveira & Fernandes (2009), severity 1: the method the distances of the design were computed with."""
Vision = dict[str, list[list[float]]]
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(name: str, dark: bool, high: bool = False) -> NDArray[np.float64]:
    """Return a token in linear RGB, shape (3,) (IEC 61966-2-1)."""
    text = colour(name, dark=dark, contrast=high)
    encoded = np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str, dark: bool, high: bool = False) -> float:
    """Return the contrast ratio of WCAG, 1 to 21. high: in the high-contrast look."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    darker, lighter = sorted(float(weights @ linear(name, dark, high)) for name in (first, second))
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return CIE L*a*b* (1976, D65) of a colour in linear RGB."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first: str, second: str, dark: bool, vision: str, *, high: bool = False, method: Vision = SEEN) -> float:
    """Return how far two tokens lie apart in L*a*b* for a reader without one kind of cone."""
    seen = np.array(method[vision])
    return float(np.linalg.norm(lab(seen @ linear(first, dark, high)) - lab(seen @ linear(second, dark, high))))


@pytest.mark.parametrize("dark", MODES)
def test_text_can_be_read(dark: bool) -> None:
    low = {pair: round(contrast(*pair, dark), 2) for pair in TEXT_PAIRS if contrast(*pair, dark) < TEXT}
    assert low == {}


@pytest.mark.parametrize("dark", MODES)
def test_marks_can_be_seen(dark: bool) -> None:
    low = {pair: round(contrast(*pair, dark), 2) for pair in MARK_PAIRS if contrast(*pair, dark) < MARK}
    assert low == {}


@pytest.mark.parametrize("dark", MODES)
@pytest.mark.parametrize("vision", SEEN)
def test_the_first_four_colours_differ_for_everyone(dark: bool, vision: str) -> None:
    near = {pair: distance(*pair, dark, vision) for pair in combinations(CATEGORY_COLOURS[:4], 2)}
    assert min(near.values()) >= 9.5, near  # least: blue and green in the dark without tritan cones, 9.8; shapes differ too


@pytest.mark.parametrize("dark", MODES)
@pytest.mark.parametrize("vision", SEEN)
def test_the_usual_pair_is_far_apart(dark: bool, vision: str) -> None:
    assert distance("blue", "vermilion", dark, vision) >= 75


@pytest.mark.parametrize("dark", MODES)
def test_the_distances_are_those_of_the_design(dark: bool) -> None:
    """11 in the light and 10 in the dark among the first four colours, 79 or more for the usual pair, as rounded there."""
    pairs = list(combinations(CATEGORY_COLOURS[:4], 2))
    least = min(distance(*pair, dark, vision, method=MACHADO) for pair in pairs for vision in MACHADO)
    usual = min(distance("blue", "vermilion", dark, vision, method=MACHADO) for vision in MACHADO)
    assert round(least) >= (10 if dark else 11)
    assert round(usual) >= 79


HIGH = 7.0
"""WCAG 2.2, criterion 1.4.6: enhanced contrast."""


@pytest.mark.parametrize("dark", MODES)
def test_high_contrast_is_high_for_words_marks_and_edges(dark: bool) -> None:
    pairs = (*TEXT_PAIRS, *MARK_PAIRS, ("line2", "surface"), ("axis", "surface"), ("warnline", "warnbg"))
    low = {pair: round(contrast(*pair, dark, True), 2) for pair in pairs if contrast(*pair, dark, True) < HIGH}
    assert low == {}


@pytest.mark.parametrize("dark", MODES)
@pytest.mark.parametrize("vision", MACHADO)
def test_high_contrast_keeps_the_first_four_colours_apart(dark: bool, vision: str) -> None:
    pairs = combinations(CATEGORY_COLOURS[:4], 2)
    near = {pair: distance(*pair, dark, vision, high=True, method=MACHADO) for pair in pairs}
    assert min(near.values()) >= 9.5, near
    assert distance("blue", "vermilion", dark, vision, high=True, method=MACHADO) >= 70


def test_every_token_has_its_high_contrast() -> None:
    assert {name.removesuffix("_text") for name in TOKENS} == set(HIGH_CONTRAST)


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast("surface", "surface", False) == 1.0
    white, black = lab(np.ones(3)), lab(np.zeros(3))
    assert white == pytest.approx([100, 0, 0], abs=0.05)  # D65 is rounded to four digits
    assert black == pytest.approx([0, 0, 0], abs=1e-12)
    for matrix in SEEN.values():
        assert np.array(matrix) @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-5)  # greys stay grey
    assert all(len(pair) == 2 for pair in TOKENS.values())
