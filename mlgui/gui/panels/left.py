"""The left dock: the data, the model asked of them, and the model as an equation."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mlgui.gui.desk import Desk
from mlgui.gui.panels.data import DataPanel
from mlgui.gui.panels.equation import EquationPanel
from mlgui.gui.panels.model import ModelPanel
from mlgui.gui.widgets import line
from mlgui.words import tr

_MODEL_HEIGHT = 645
"""What a model with one varying slope and its equation take, in px: the list of columns gets the rest. The list must not depend
on the model at hand, else the boxes to tick would move under the mouse."""


class LeftDock(QScrollArea):
    """The three sections, scrolled together where the window is low.

    `column_opened(name)`: show a column in the Data tab. `coefficient_hovered(name)`: its letter is under the mouse.
    `refused(UserError)`: a change could not be made. `menu_opening(QMenu, name)`: of a column of the data.
    """

    column_opened = Signal(str)
    coefficient_hovered = Signal(str)
    refused = Signal(object)
    menu_opening = Signal(object, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = desk.theme
        self.setAccessibleName(tr("Data and model"))
        self.data = DataPanel(desk)
        self.model = ModelPanel(desk)
        self.equation = EquationPanel(desk)
        body = QWidget()
        body.setObjectName("leftDock")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.data, line(), self.model, line(), self.equation):
            column.addWidget(part)
        column.addStretch()
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.data.column_opened.connect(self.column_opened)
        self.equation.hovered.connect(self.coefficient_hovered)
        self.data.refused.connect(self.refused)
        self.data.menu_opening.connect(self.menu_opening)
        self.model.refused.connect(self.refused)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.data.fit_rows(self.viewport().height() - self._theme.px(_MODEL_HEIGHT))

    def focus_search(self) -> None:
        """Put the keyboard into the column search."""
        self.data.search.setFocus()
