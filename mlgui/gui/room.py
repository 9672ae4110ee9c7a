"""Room for large text: pages that scroll where they do not fit, and dialogs no larger than the window they belong to."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_AROUND = QSize(24, 48)


class Page(QWidget):
    """Contents as high as they must be at a width, not as high as they would like to be."""

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else -1


def scrolling(page: QWidget) -> QScrollArea:
    """Return an area that shows a page whole where there is room, and scrolls it where there is not."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def scrolling_side(side: QWidget) -> QScrollArea:
    """Return an area around a column of settings of fixed width, which scrolls up and down only."""
    area = scrolling(side)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedWidth(side.maximumWidth() + area.verticalScrollBar().sizeHint().width())
    return area


def within_window(dialog: QWidget, width: int, height: int) -> QSize:
    """Return a size for a dialog, no larger than the window behind it, or than the screen where there is none."""
    parent = dialog.parentWidget()
    room = parent.window().size() if parent is not None else dialog.screen().availableSize()
    return QSize(width, height).boundedTo(room - _AROUND)
