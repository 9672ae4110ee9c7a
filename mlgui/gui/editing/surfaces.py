"""Where parts of a figure are changed: a popover beside the part that was clicked, and a window with all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mlgui.gui.editing.form import EditForm
from mlgui.gui.room import within_window
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.results.figure_parts import Part
from mlgui.words import tr

Parts = Callable[[], tuple[Part, ...]]
_POPOVER_PX = 340


class EditPopover(QFrame):
    """A few parts beside the mouse; a click elsewhere, Enter in the last field or Esc closes it."""

    given = Signal(str, str)
    asked_all = Signal()

    def __init__(self, parts: Parts, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("Change this part of the figure"))
        self._parts = parts
        self.form = EditForm(theme, sections=False)
        self.form.given.connect(self.given)
        self.form.show_parts(parts())
        everything = button(tr("Everything in this figure…"), "link")
        everything.clicked.connect(self._on_everything)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.addWidget(self.form)
        column.addWidget(everything, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFixedWidth(theme.px(_POPOVER_PX))

    def refresh(self) -> None:
        """Show the present values."""
        self.form.show_parts(self._parts())
        self._fit_height()

    def _fit_height(self) -> None:
        """Take the height that the words need at this width."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedHeight(layout.totalHeightForWidth(self.width()))

    def open_at(self, at: QPoint) -> None:
        """Show beside a position of the screen, inside it, ready to type."""
        self.ensurePolished()
        self._fit_height()
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(at.x(), room.right() - self.width()))
        y = max(room.top(), min(at.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        for field in self.form.fields.values():
            field.setFocus(Qt.FocusReason.PopupFocusReason)
            break

    def _on_everything(self) -> None:
        self.close()
        self.asked_all.emit()


class EditWindow(QDialog):
    """All parts of a figure. It stays open beside the figure, which follows every change at once."""

    given = Signal(str, str)
    reset_all = Signal()

    def __init__(self, parts: Parts, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Edit figure"))
        self.setAccessibleName(tr("Edit figure"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._parts, self._theme = parts, theme
        self.form = EditForm(theme)
        self.form.given.connect(self.given)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(20, 14, 20, 14)
        inner.addWidget(
            label(tr("Every change shows at once, on the screen and in exports. Numbers stay."), "caption", wrap=True)
        )
        inner.addWidget(self.form)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(self._foot())
        self.refresh()

    def _foot(self) -> QWidget:
        self.reset = button(tr("Reset all"), name=tr("Reset all of this figure"))
        self.reset.clicked.connect(self.reset_all)
        close = button(tr("Close"), "primary")
        close.clicked.connect(self.accept)
        foot = QWidget()
        foot.setObjectName("dialogFooter")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 12, 20, 12)
        row.addWidget(self.reset)
        row.addStretch()
        row.addWidget(close)
        return foot

    def refresh(self) -> None:
        """Show the present values."""
        parts = self._parts()
        self.form.show_parts(parts)
        self.reset.setEnabled(any(part.changed for part in parts))

    def open_beside(self, figure: QWidget) -> None:
        """Show at the right of the window, where a figure is covered least, inside the screen."""
        self.resize(self.sizeHint())
        screen = figure.screen().availableGeometry()
        corner = figure.window().geometry().topRight() - QPoint(self.width() + 12, -60)
        x = max(screen.left(), min(corner.x(), screen.right() - self.width()))
        self.move(x, max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.show()

    def sizeHint(self) -> QSize:
        return within_window(self, self._theme.px(480), self._theme.px(620))
