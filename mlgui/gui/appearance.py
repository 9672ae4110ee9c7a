"""Colours, text size and language as they are offered, in the View menu and in the preferences alike."""

from __future__ import annotations

from mlgui.gui.desk import Desk
from mlgui.gui.language import NAMES, SYSTEM
from mlgui.gui.theme import TEXT_SCALES
from mlgui.words import tr

Choices = tuple[tuple[str, str], ...]
"""Key and words of everything there is to choose from."""


def colour_choices() -> Choices:
    """Return the looks the window can have, by the modes of its theme."""
    return (
        ("system", tr("As the system")),
        ("light", tr("Light")),
        ("dark", tr("Dark")),
        ("contrast", tr("High contrast, light")),
        ("contrast_dark", tr("High contrast, dark")),
    )


def text_choices() -> Choices:
    """Return the sizes of text, by their percentages."""
    return tuple((str(round(100 * scale)), f"{round(100 * scale)} %") for scale in TEXT_SCALES)


def language_choices() -> Choices:
    """Return the languages there are words in, each by its own name, after that of the system."""
    return ((SYSTEM, tr("As the system")), *NAMES.items())


def choose_colours(desk: Desk, mode: str) -> None:
    """Dress the window in `mode` from now on."""
    desk.theme.set_mode(mode)
    desk.preferences.update(theme=mode)


def choose_text_size(desk: Desk, percent: int) -> None:
    """Show all text at `percent` of its usual size from now on."""
    desk.theme.set_text_scale(percent / 100)
    desk.preferences.update(text_size=percent)
