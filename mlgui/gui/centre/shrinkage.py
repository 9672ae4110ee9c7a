"""Shrinkage: how far each group moved from its own estimate."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mlgui.gui.centre.choices import Switch, coefficient_choices
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.theme import Theme
from mlgui.results.figures.shrinkage import shrinkage, shrinkage_plane
from mlgui.results.group_model import coefficient_symbol
from mlgui.session.document import Document
from mlgui.words import tr

_PLANE = "plane"


class ShrinkageView(FigureView):
    """Arrows over group size for one coefficient, or in the plane of the first two."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self.switch = Switch(tr("Coefficient"))
        self.switch.chosen.connect(self._on_choice)
        self.add_control(self.switch)
        self.body.addWidget(self.canvas, 1)

    def redraw(self) -> None:
        """Build the arrows the switch asks for."""
        assert self.report is not None
        choices = coefficient_choices(self.report, self.grouping, words=True)
        if len(choices) > 1:
            first, second = (coefficient_symbol(self.report, self.grouping, index) for index in (0, 1))
            choices.append((_PLANE, tr("{first} against {second}").format(first=first, second=second)))
        self.switch.offer(choices)
        if self.switch.key == _PLANE:
            self.show_figure(shrinkage_plane(self.report, self.grouping))
        else:
            self.show_figure(shrinkage(self.report, self.grouping, int(self.switch.key or 0)))

    def _on_choice(self) -> None:
        self.redraw()
        self.draw_selection()
