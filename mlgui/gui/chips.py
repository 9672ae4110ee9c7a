"""The model chips of the toolbar: one per model of the document, with its mark; `+` adds one.

A click shows a model, a double click renames it, dragging moves it; the context menu has these and the rest.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mlgui.gui.bridge import Bridge
from mlgui.gui.icons import icon, mark
from mlgui.gui.theme import Theme
from mlgui.gui.tokens import model_mark
from mlgui.gui.widgets import clear, verbatim
from mlgui.session.changes import Change
from mlgui.words import tr

_NARROWEST = 130


class Chip(QToolButton):
    """One model."""

    double_clicked = Signal()
    dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed_at: QPoint | None = None
        self._dragged = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at, self._dragged = event.globalPosition().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        far = QApplication.startDragDistance()
        pressed = self._pressed_at
        if pressed is not None and abs(event.globalPosition().toPoint().x() - pressed.x()) > far and not self._dragged:
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        self._pressed_at = None
        super().mouseReleaseEvent(event)
        if self._dragged:
            self._dragged = False
            self.dropped.emit(event.globalPosition().toPoint().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.double_clicked.emit()


class ModelChips(QWidget):
    """A row of chips. Names and notes need a question, which the window asks: `rename_asked(key)`, `note_asked(key)`."""

    rename_asked = Signal(int)
    note_asked = Signal(int)
    shown = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = bridge.document
        self._theme = theme
        self._shown: tuple[tuple[int, str, str], ...] = ()
        self._group = QButtonGroup(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        bridge.changed.connect(self._on_changed)
        theme.changed.connect(self._rebuild)

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & (Change.MODELS | Change.ACTIVE | Change.TABLE | Change.FILE):
            snapshot = self._document.snapshot
            shown = tuple((m.key, m.name, m.note) for m in snapshot.models) if snapshot.table is not None else ()
            if shown != self._shown:
                self._shown = shown
                self._rebuild()
            self._check_active()

    def _rebuild(self) -> None:
        for chip in self._group.buttons():
            self._group.removeButton(chip)
        clear(self._row)
        for index, (key, name, note) in enumerate(self._shown):
            self._row.addWidget(self._chip(index, key, name, note))
        if self._shown:
            self._row.addWidget(self._plus())
        for chip in self._group.buttons():
            chip.ensurePolished()  # so that the row asks for the height of their font
            chip.updateGeometry()
        self._check_active()

    def _chip(self, index: int, key: int, name: str, note: str) -> Chip:
        chip = Chip()
        chip.setText(f" {verbatim(name)}")
        chip.setProperty("kind", "chip")
        chip.setProperty("key", key)
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setAccessibleName(name)
        help_text = tr("{name}: double click to rename, drag to move").format(name=name)
        chip.setToolTip(f"{help_text}\n\n{note}" if note else help_text)
        chip.setAccessibleDescription(note)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        colour, shape = model_mark(index)
        chip.setIcon(QIcon(mark(shape, self._theme.colour(colour), self._theme.px(11), 3.0)))
        chip.setIconSize(QSize(self._theme.px(11), self._theme.px(11)))
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.clicked.connect(lambda: self._document.show_model(key))
        chip.double_clicked.connect(lambda: self.rename_asked.emit(key))
        chip.dropped.connect(lambda x: self._on_dropped(key, x))
        chip.customContextMenuRequested.connect(lambda place: self._open_menu(chip, key, place))
        self._group.addButton(chip)
        return chip

    def _plus(self) -> QToolButton:
        plus = QToolButton()
        plus.setIcon(icon("plus", self._theme, "ink"))
        plus.setAccessibleName(tr("Add a model"))
        plus.setToolTip(tr("Add a model: a copy of this one to change"))
        plus.clicked.connect(self._on_plus)
        return plus

    def _on_plus(self) -> None:
        if self._document.snapshot.active is not None:
            self._document.duplicate_model(self._document.snapshot.active)

    def _check_active(self) -> None:
        for chip in self._group.buttons():
            if chip.property("key") == self._document.snapshot.active:
                chip.setChecked(True)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.shown.emit()

    def active_chip(self) -> QWidget | None:
        """Return the chip of the model on show."""
        return self._group.checkedButton()

    def _place_of(self, key: int) -> int:
        return [shown for shown, _, _ in self._shown].index(key)

    def _on_dropped(self, key: int, x: int) -> None:
        """Move a model to where its chip was let go: behind all others whose middle lies to the left."""
        others = [chip for chip in self._group.buttons() if chip.property("key") != key]
        middles = [chip.mapToGlobal(chip.rect().center()).x() for chip in others]
        self._document.move_model(key, sum(middle < x for middle in middles))

    def _open_menu(self, chip: QToolButton, key: int, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Rename…"), lambda: self.rename_asked.emit(key))
        menu.addAction(tr("Duplicate"), lambda: self._document.duplicate_model(key))
        menu.addAction(tr("Note…"), lambda: self.note_asked.emit(key))
        place_now, last = self._place_of(key), len(self._shown) - 1
        left = menu.addAction(tr("Move left"), lambda: self._document.move_model(key, place_now - 1))
        right = menu.addAction(tr("Move right"), lambda: self._document.move_model(key, place_now + 1))
        left.setEnabled(place_now > 0)
        right.setEnabled(place_now < last)
        menu.addSeparator()
        menu.addAction(tr("Delete"), lambda: self._document.delete_model(key))
        menu.popup(chip.mapToGlobal(place))


class ChipStrip(QScrollArea):
    """The chips, scrolled without bars where there are more than fit; the one on show is always in view."""

    def __init__(self, chips: ModelChips, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips = chips
        self.setWidget(chips)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        chips.shown.connect(self._on_shown)
        chips.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._chips and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()  # the chips want another size, as with larger text
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return self._chips.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_NARROWEST, self.sizeHint().width()), self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - turned // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reveal()

    def _on_shown(self) -> None:
        self.updateGeometry()
        QTimer.singleShot(0, self, self._reveal)  # once the chips have their places

    def _reveal(self) -> None:
        chip = self._chips.active_chip()
        if chip is not None:
            self.ensureWidgetVisible(chip, 40, 0)
