"""Which tabs there are, in order. A view's module is imported when it is first shown."""

from __future__ import annotations

from importlib import import_module

from mlgui.gui.centre.view import View
from mlgui.gui.theme import Theme
from mlgui.session.document import Document
from mlgui.words import tr


class Tab:
    """Makes one view. always: it has something to show without a fit."""

    def __init__(self, module: str, name: str, *, always: bool = False) -> None:
        self._module, self._name = module, name
        self.always = always

    def __call__(self, document: Document, theme: Theme) -> View:
        """Return the view."""
        made: View = getattr(import_module(f"mlgui.gui.centre.{self._module}"), self._name)(document, theme)
        return made


TABS: tuple[tuple[str, str, Tab], ...] = (
    ("overview", tr("Overview"), Tab("overview", "OverviewView")),
    ("coefficients", tr("Coefficients"), Tab("coefficients", "CoefficientsView")),
    ("groups", tr("Groups"), Tab("groups", "GroupsView")),
    ("shrinkage", tr("Shrinkage"), Tab("shrinkage", "ShrinkageView")),
    ("group_level", tr("Group-level model"), Tab("group_level", "GroupLevelView")),
    ("fitted_lines", tr("Fitted lines"), Tab("fitted_lines", "FittedLinesView")),
    ("data", tr("Data"), Tab("data", "DataView", always=True)),
)
"""(key, title, how it is made)."""
