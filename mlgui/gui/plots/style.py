"""The style of figures and tables on the screen, from the theme in force."""

from __future__ import annotations

from functools import lru_cache

from mlgui.gui.painting.style import Style
from mlgui.gui.theme import EQUATION_FAMILY, UI_FAMILY, Theme
from mlgui.gui.tokens import TOKENS, colour


def screen_style(theme: Theme) -> Style:
    """Return the style of a theme."""
    return _style(theme.dark, theme.contrast, theme.text_scale)


@lru_cache(maxsize=8)
def _style(dark: bool, contrast: bool, text_scale: float) -> Style:
    colours = {name: colour(name, dark=dark, contrast=contrast) for name in TOKENS}
    return Style(colours=colours, family=UI_FAMILY, math_family=EQUATION_FAMILY, text=text_scale)
