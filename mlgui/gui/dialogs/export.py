"""The export dialog: figures, tables and the report of one model as files. It stays open: one visit does for all three."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.export_figure import FigurePage
from mlgui.gui.dialogs.export_files import figures_of, usable_folder
from mlgui.gui.dialogs.export_text import ReportPage, TablePage
from mlgui.gui.dialogs.help import add_help_key
from mlgui.gui.dimmer import dim_behind
from mlgui.gui.messages import Notice, show_error
from mlgui.gui.room import within_window
from mlgui.gui.widgets import Segments, button, label, verbatim
from mlgui.results.report import Report
from mlgui.results.table_builders import tables
from mlgui.session.models import Model
from mlgui.words import ntr, tr

LANE = "export"

_Page = FigurePage | TablePage | ReportPage


class ExportDialog(QDialog):
    """Figure, Table, Report."""

    written = Signal(int)

    def __init__(self, report: Report, model: Model, desk: Desk, *, figure: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._report, self._model = desk, report, model
        self._first_figure = figure
        settings = desk.preferences.settings
        self._folder = Path(settings.last_folder or Path.home())
        self._pages: dict[str, _Page] = {}
        self.setWindowTitle(tr("Export"))
        self.setAccessibleName(tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._notice = Notice(self, above=72)
        self._on_tab("figure")
        self.resize(self.sizeHint())
        self._write.setFocus()
        add_help_key(self, desk.theme)
        dim_behind(self)

    def sizeHint(self) -> QSize:
        px = self._desk.theme.px
        return within_window(self, px(940), px(640))

    def _build(self) -> None:
        choices = (("figure", tr("Figure")), ("table", tr("Table")), ("report", tr("Report")))
        self._tabs = Segments(choices, name=tr("What to export"))
        self._tabs.chosen.connect(self._on_tab)
        head = QWidget()
        head.setObjectName("dialogHeader")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        top = QHBoxLayout(head)
        top.setContentsMargins(20, 10, 20, 10)
        top.setSpacing(18)
        top.addWidget(label(tr("Export"), "title"))
        top.addWidget(self._tabs)
        top.addWidget(label(self._model.name, "secondary"))
        top.addStretch()
        self._stack = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self._foot())

    def _foot(self) -> QWidget:
        self._name = QLineEdit()
        self._name.setAccessibleName(tr("Save as"))
        self._name.setMinimumWidth(220)
        self._name.textChanged.connect(self._show_button)
        self._choose = button(tr("Folder…"))
        self._choose.clicked.connect(self._choose_folder)
        self._show_folder()
        copy = button(tr("Copy"))
        copy.clicked.connect(self._on_copy)
        close = button(tr("Close"))
        close.clicked.connect(self.reject)
        self._write = button(tr("Export"), "primary")
        self._write.setDefault(True)
        self._write.clicked.connect(self._on_export)
        foot = QWidget()
        foot.setObjectName("dialogFooter")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(8)
        row.addWidget(label(tr("Save as"), "secondary"))
        row.addWidget(self._name)
        row.addWidget(self._choose)
        row.addStretch()
        for part in (copy, close, self._write):
            row.addWidget(part)
        return foot

    @property
    def _page(self) -> _Page:
        return self._pages[self._tabs.key]

    def _on_tab(self, key: str) -> None:
        self._tabs.set_key(key)
        if key not in self._pages:
            page = self._make_page(key)
            page.changed.connect(self._on_changed)
            self._pages[key] = page
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self._page)
        self._on_changed()

    def _make_page(self, key: str) -> _Page:
        theme = self._desk.theme
        if key == "figure":
            return FigurePage(figures_of(self._report, self._model), self._first_figure, theme)
        if key == "table":
            return TablePage(tables(self._report), theme, self._desk.preferences)
        return ReportPage(self._report, self._model, self._desk)

    def _on_changed(self) -> None:
        offered = self._page.default_name(self._model.name.lower().replace(" ", "-"))
        if not self._name.isModified():
            self._name.setText(offered)
        self._show_button()

    def _show_button(self) -> None:
        """Let the button say what it does: how many files, and whether some are there already."""
        targets = self._page.targets(self._folder, self._name.text())
        n = len(targets)
        if any(target.exists() for target in targets):
            text = ntr("Replace {n} file", "Replace {n} files", n)
        else:
            text = ntr("Export {n} file", "Export {n} files", n)
        self._write.setText(text.format(n=n))
        self._write.setAccessibleName(self._write.text())
        self._write.setEnabled(n > 0 and bool(self._name.text().strip()) and not self._desk.runner.busy(LANE))

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, tr("Folder of the files"), str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._on_folder)
        dialog.open()

    def _on_folder(self, path: str) -> None:
        self._folder = Path(path)
        self._desk.preferences.update(last_folder=path)
        self._show_folder()
        self._show_button()

    def _show_folder(self) -> None:
        self._choose.setText(verbatim(tr("Folder: {folder}…").format(folder=self._folder.name or str(self._folder))))
        self._choose.setToolTip(str(self._folder))
        self._choose.setAccessibleName(tr("Folder: {path}").format(path=self._folder))

    def _on_export(self) -> None:
        """Write beside the window: a report of several models takes seconds."""
        try:
            work = self._page.writing(usable_folder(self._folder), self._name.text())
        except UserError as error:
            show_error(self, error, self._desk.theme)
            return
        self._write.setEnabled(False)
        self._notice.say(tr("Writing…"), stays=True)
        self._desk.runner.start(LANE, lambda _on_step: len(work()), self._on_written, self._on_failed)

    def _on_written(self, written: int) -> None:
        folder = self._folder.name or str(self._folder)
        text = ntr("{n} file written to {folder}", "{n} files written to {folder}", written)
        self._notice.say(text.format(n=written, folder=folder))
        self._show_button()
        self.written.emit(written)

    def _on_failed(self, error: UserError) -> None:
        self._notice.say("")
        self._show_button()
        show_error(self, error, self._desk.theme)

    def done(self, result: int) -> None:
        self._desk.runner.cancel(LANE)  # files begun are finished; nobody is told
        super().done(result)

    def _on_copy(self) -> None:
        self._page.copy()
        self._notice.say(tr("Copied"))
