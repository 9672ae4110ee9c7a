"""What every part of one window shares."""

from __future__ import annotations

from dataclasses import dataclass

from mlgui.gui.bridge import Bridge
from mlgui.gui.fitter import Fitter
from mlgui.gui.preferences import Preferences
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.session.document import Document


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The document, and the machinery around it."""

    document: Document
    bridge: Bridge
    runner: Runner
    fitter: Fitter
    theme: Theme
    preferences: Preferences


def make_desk() -> Desk:
    """Return a desk with an empty document and the stored preferences."""
    document, preferences = Document(), Preferences()
    bridge, runner = Bridge(document), Runner()
    settings = preferences.settings
    return Desk(
        document=document,
        bridge=bridge,
        runner=runner,
        fitter=Fitter(bridge, runner, auto=settings.auto_fit),
        theme=Theme(settings.theme, settings.text_size / 100),
        preferences=preferences,
    )
