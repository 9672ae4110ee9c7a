"""The frame: menus, toolbar, and either the start page or the open document.

First the frame is painted; then a thread loads numpy, scipy, pandas and the plots; then the workspace takes its place. Whatever
the user asks for in between is done as soon as everything is there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.actions import build_actions, update_actions
from mlgui.gui.commands import Commands
from mlgui.gui.desk import Desk
from mlgui.gui.files import Files
from mlgui.gui.menus import Menus
from mlgui.gui.messages import Notice, show_error
from mlgui.gui.preferences import follow_preferences
from mlgui.gui.recovery import Keeper, RecoveryBar
from mlgui.gui.start_page import StartPage
from mlgui.gui.toolbar import Toolbar
from mlgui.session.changes import Change
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.table.actions import ColumnActions
    from mlgui.gui.workspace import Workspace
    from mlgui.session.journal import Abandoned

SIZE = (1440, 900)
SMALLEST = (860, 560)
TITLE = 40
"""Height of the title bar a desktop puts on top of a window, in px, at most."""


class MainWindow(QMainWindow):
    """One document in one window."""

    painted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.workspace: Workspace | None = None
        self._was_painted = False
        self._waiting: list[Callable[[], None]] = []
        self.files = Files(desk, self)
        self.keeper = Keeper(desk, self)
        self.commands = Commands(desk, self.files, self)
        self.actions_by_id = build_actions(self.commands, self)
        self.menus = Menus(self)
        self._build_body()
        self._notice = Notice(self)
        self.files.said.connect(self.say)
        self.keeper.failed.connect(self.say)
        self.files.loading.connect(self._on_loading)
        desk.bridge.changed.connect(self._on_changed)
        self._followed = follow_preferences(desk.preferences.settings)
        desk.preferences.changed.connect(self._on_preferences)
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self._take_place()
        self._show_document()

    # Building

    def _build_body(self) -> None:
        self.toolbar = Toolbar(self.desk, self.actions_by_id, self.menus.examples)
        self.toolbar.chips.rename_asked.connect(self.commands.rename)
        self.toolbar.chips.note_asked.connect(self.commands.note)
        self.toolbar.pill.clicked.connect(self.show_findings)
        self.toolbar.warnings.clicked.connect(self.show_findings)
        self.start_page = StartPage(self.desk.theme, self.desk.preferences)
        self.start_page.file_asked.connect(self.files.choose)
        self.start_page.paste_asked.connect(self.files.paste)
        self.start_page.path_chosen.connect(lambda path: self.open_path(Path(path)))
        self.start_page.example_chosen.connect(self.open_example)
        self.start_page.tour_asked.connect(self.commands.start_tour)
        self.recovery = RecoveryBar(self.keeper, self)
        self.recovery.open_asked.connect(self._open_recovered)
        self.painted.connect(self.recovery.look)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start_page)
        self._stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that no button wears the focus ring at the start
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.recovery)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self._stack.setFocus()

    # Loading

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def finish_loading(self) -> None:
        """Put the workspace in place, now that everything it needs is loaded, and do what was asked meanwhile."""
        from mlgui.gui.workspace import Workspace

        workspace = Workspace(self.desk)
        self.workspace = workspace
        workspace.explain.numbers_asked.connect(self.commands.show_conventions)
        workspace.left.model.options_asked.connect(self.commands.model_options)
        self._stack.addWidget(workspace)
        self.menus.set_tabs(workspace.tabs())
        waiting, self._waiting = self._waiting, []
        for asked in waiting:
            asked()
        self._show_document()

    def _on_preferences(self) -> None:
        """Name things and write numbers otherwise, where that was chosen."""
        followed = follow_preferences(self.desk.preferences.settings)
        if followed != self._followed:
            self._followed = followed
            self._make_anew()

    def _make_anew(self) -> None:
        """Make the workspace again, in other words or numbers; results are summarised again too."""
        old = self.workspace
        if old is None:
            return
        tab, folded = old.centre.tab, not old.explain.isVisibleTo(old)
        self.desk.runner.cancel_all()
        self.commands.close_windows()
        self._stack.removeWidget(old)
        old.deleteLater()
        self.finish_loading()
        self.show_view(tab)
        if folded and self.workspace is not None and self.workspace.explain.isVisibleTo(self.workspace):
            self.workspace.toggle_explain()
        self.desk.fitter.refit()

    def fail_loading(self, error: UserError) -> None:
        """Say that a part of the program could not be loaded."""
        show_error(self, error, self.desk.theme)

    def _when_ready(self, action: Callable[[], None]) -> None:
        if self.workspace is None:
            self._waiting.append(action)
            self.say(tr("One moment…"))
        else:
            action()

    # What others ask of the window

    def open_path(self, path: Path) -> None:
        """Open a project or data file."""
        self._when_ready(lambda: self.files.open_path(path))

    def open_example(self, name: str) -> None:
        """Open an example."""
        self._when_ready(lambda: self.files.open_example(name))

    def _open_recovered(self, entry: Abandoned, then: Callable[[], None]) -> None:
        self._when_ready(lambda: self.files.open_recovered(entry, then))

    def say(self, text: str) -> None:
        """Confirm something for a moment at the foot of the window."""
        self._notice.say(text)

    def show_view(self, key: str) -> None:
        """Turn to a tab of the centre."""
        if self.workspace is not None:
            self.workspace.centre.show_tab(key)

    def figure_on_show(self) -> str:
        """Return the key of the figure in the centre, "" without one."""
        shown = self.workspace.centre.figures() if self.workspace is not None else ()
        return shown[0].key if shown else ""

    def page_on_show(self) -> str:
        """Return the key of the page of the help that explains what the middle of the window shows."""
        if self.workspace is not None and self._stack.currentWidget() is self.workspace:
            return self.workspace.centre.tab
        return "start"

    def show_findings(self) -> None:
        """Bring the fit doctor into view."""
        if self.workspace is not None:
            self.workspace.show_findings()

    def data_verbs(self) -> ColumnActions | None:
        """Turn to the data, and return what can be done with them; None before everything is loaded."""
        return self.workspace.data_verbs() if self.workspace is not None else None

    def find_column(self) -> None:
        """Put the keyboard into the column search."""
        if self.workspace is not None:
            self.workspace.left.focus_search()

    def toggle_explain(self) -> None:
        """Fold or unfold the right dock."""
        if self.workspace is not None:
            self.workspace.toggle_explain()

    def toggle_left(self) -> None:
        """Fold or unfold the left dock."""
        if self.workspace is not None:
            self.workspace.toggle_left()

    # Following the document

    def _on_changed(self, change: Change, _origin: object) -> None:
        self._show_document()

    def _show_document(self) -> None:
        update_actions(self.actions_by_id, self.desk.document)
        table = self.desk.document.snapshot.table
        is_open = table is not None and self.workspace is not None
        self.menus.tabs.setEnabled(is_open)
        if self.workspace is not None:
            page = self.workspace if is_open else self.start_page
            if self._stack.currentWidget() is not page:
                self._stack.setCurrentWidget(page)
                self.workspace.centre.bar.setFocus()
        self.setWindowTitle(f"{self._name()}[*] — mlgui" if is_open else "mlgui")
        self.setWindowModified(self.desk.document.modified)

    def _name(self) -> str:
        path, table = self.desk.document.path, self.desk.document.snapshot.table
        if path is not None:
            return Path(path).stem
        return (table.source.title or table.source.name or tr("Untitled")) if table is not None else ""

    def _on_loading(self, words: str) -> None:
        self.setCursor(Qt.CursorShape.BusyCursor) if words else self.unsetCursor()
        self._notice.say(words, stays=True)

    # Dropping and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_path(Path(paths[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.files.saving:
            event.ignore()
            self.files.after_saving(self._close_anyway)
            return
        if not self.desk.document.modified:
            self._remember_place()
            event.accept()
            return
        event.ignore()
        self.files.ask_then(self._close_anyway)

    def _close_anyway(self) -> None:
        self.desk.document.close()
        self.close()

    def _remember_place(self) -> None:
        self.desk.preferences.update(window=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))

    def _take_place(self) -> None:
        """Stand where the window stood last; at first in its best size, or over the whole screen where that is no larger."""
        stored = self.desk.preferences.settings.window
        room = self.screen().availableSize()
        self.resize(*SIZE)
        if not stored and (room.width() <= SIZE[0] or room.height() <= SIZE[1] + TITLE):
            self.setWindowState(Qt.WindowState.WindowMaximized)
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(stored.encode("ascii", "ignore"))))
