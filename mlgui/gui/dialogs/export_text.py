"""The Table and Report tabs of the export dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mlgui.export.html import table_fragment
from mlgui.gui.clipboard import copy_tables, table_style
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.export_files import Written, report_preview, report_targets, table_targets, write_report, write_tables
from mlgui.gui.dialogs.export_style import StyleFields
from mlgui.gui.preferences import Preferences
from mlgui.gui.report_pdf import without_style
from mlgui.gui.room import scrolling_side
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.session.models import Model
from mlgui.words import tr

_PAPER = "<body style='background:#FFFFFF;color:#1B1C21'>{body}</body>"


_SIZES = ((13, 7), (12, 5), (11, 4), (10, 3), (9, 3))
"""(size of text, padding beside it) in px in which a preview is tried until its tables fit."""


def roomy(table: str, side: int = 7) -> str:
    """Return the HTML of a table with padding as Qt understands it: side by side, in px; headings on one line."""
    padding = f"padding-top:2px;padding-bottom:2px;padding-left:{side}px;padding-right:{side}px;"
    spaced = table.replace("padding:2pt 6pt;font-size:10pt;", padding)
    spaced = spaced.replace('scope="col" style="', 'scope="col" style="white-space:nowrap;')
    return spaced.replace(' cellpadding="4"', "")


def browser(name: str) -> QTextBrowser:
    """Return a page of paper, white in both themes."""
    found = QTextBrowser()
    found.setObjectName("paper")
    found.setAccessibleName(name)
    found.setOpenLinks(False)
    found.document().setDocumentMargin(16)
    return found


def formats_box(formats: Sequence[tuple[str, str, bool]]) -> tuple[QGridLayout, dict[str, QCheckBox]]:
    """Return a grid of ticks from (suffix, hint, ticked), and the ticks by suffix."""
    grid, boxes = QGridLayout(), {}
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for row, (suffix, hint, ticked) in enumerate(formats):
        box = QCheckBox(suffix.rpartition(".")[2].upper())
        box.setChecked(ticked)
        boxes[suffix] = box
        grid.addWidget(box, row, 0)
        grid.addWidget(label(hint, "caption", wrap=True), row, 1)
    return grid, boxes


class Page(QWidget):
    """Settings at the left, paper at the right."""

    changed = Signal()

    def __init__(self, theme: Theme, preview: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        side, area = QWidget(), QWidget()
        side.setFixedWidth(theme.px(316))
        self._column = QVBoxLayout(side)
        self._column.setContentsMargins(20, 18, 20, 18)
        self._column.setSpacing(10)
        area.setObjectName("previewArea")
        area.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        around = QVBoxLayout(area)
        around.setContentsMargins(24, 24, 24, 24)
        around.addWidget(preview)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(scrolling_side(side))
        row.addWidget(area, 1)


def table_formats() -> tuple[tuple[str, str, bool], ...]:
    """Return (suffix, hint, ticked) of the formats of tables."""
    return (
        (".docx", tr("Word: captions, rules, all in one"), True),
        (".xlsx", tr("one workbook, a sheet a table"), True),
        (".csv", tr("every digit, a file a table"), False),
        (".html", tr("as it looks, a file a table"), False),
        (".rtf", tr("for any word processor"), False),
        (".tex", tr("LaTeX with booktabs"), False),
        (".md", tr("Markdown, Quarto"), False),
    )


class TablePage(Page):
    """Tables to tick, with a preview of those ticked."""

    def __init__(
        self, tables: Sequence[ResultTable], theme: Theme, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        self._view = browser(tr("Preview of the tables"))
        super().__init__(theme, self._view, parent)
        self._tables = tables
        self._mark = preferences.settings.byte_order_mark
        self._style = StyleFields(preferences)
        self._make_list()
        grid, self._formats = formats_box(table_formats())
        self._column.addWidget(label(tr("Tables").upper(), "section"))
        self._column.addWidget(self._list, 1)
        self._column.addWidget(self._style)
        self._column.addWidget(label(tr("Formats").upper(), "section"))
        self._column.addLayout(grid)
        self._list.itemChanged.connect(self._on_changed)
        self._style.changed.connect(self._on_changed)
        for box in self._formats.values():
            box.toggled.connect(self._on_changed)
        self._on_changed()

    def _make_list(self) -> None:
        self._list = QListWidget()
        self._list.setObjectName("choices")
        self._list.setAccessibleName(tr("Tables"))
        for place, table in enumerate(self._tables):
            item = QListWidgetItem(table.title)
            item.setSizeHint(QSize(0, self._theme.px(24)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if place < 2 else Qt.CheckState.Unchecked)
            self._list.addItem(item)

    def _chosen(self) -> list[ResultTable]:
        ticked = (self._list.item(place).checkState() is Qt.CheckState.Checked for place in range(self._list.count()))
        return [table for table, on in zip(self._tables, ticked) if on]

    def _suffixes(self) -> list[str]:
        return [suffix for suffix, box in self._formats.items() if box.isChecked()]

    def _on_changed(self) -> None:
        self._draw()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._draw)  # once the paper has its new width too

    def _draw(self) -> None:
        """Show the tables in the largest size in which they fit beside the settings."""
        style, page = self._style.style_of_tables(), self._view.document()
        fragments = [table_fragment(table, style) for table in self._chosen()]
        for size, side in _SIZES:
            body = "<br>".join(roomy(fragment, side) for fragment in fragments) or tr("Tick a table.")
            page.setDefaultStyleSheet(f"td, th {{ font-size: {size}px; }}")
            self._view.setHtml(_PAPER.format(body=body))
            if page.idealWidth() <= self._view.viewport().width():
                return

    def default_name(self, model: str) -> str:
        """Return the name offered for the files."""
        return f"tables-{model}"

    def targets(self, folder: Path, name: str) -> Written:
        """Return the files that would be written."""
        return table_targets(folder, name, self._chosen(), self._suffixes()) if self._chosen() else []

    def writing(self, folder: Path, name: str) -> Callable[[], Written]:
        """Return what writes the ticked tables; it touches no widget."""
        style = self._style.style_of_tables()
        return partial(write_tables, self._chosen(), folder, name, self._suffixes(), mark=self._mark, style=style)

    def copy(self) -> None:
        """Put the ticked tables on the clipboard."""
        copy_tables(self._chosen(), self._style.style_of_tables())


class ReportPage(Page):
    """The whole model in one file."""

    def __init__(
        self,
        report: Report,
        model: Model,
        desk: Desk,
        parent: QWidget | None = None,
    ) -> None:
        self._view = browser(tr("Preview of the report"))
        super().__init__(desk.theme, self._view, parent)
        self._desk = desk
        self._report = report
        self._model = model
        self._drawn = False
        grid, self._formats = formats_box(_report_formats())
        self._column.addWidget(label(tr("Formats").upper(), "section"))
        self._column.addLayout(grid)
        self._all = QCheckBox(tr("All fitted models in one document"))
        self._all.setVisible(bool(self._others()))
        self._column.addWidget(self._all)
        self._column.addStretch()
        for box in self._formats.values():
            box.toggled.connect(self.changed)

    def _others(self) -> list[tuple[Report, Model]]:
        """Return the other fitted models."""
        document = self._desk.document
        fits = [(document.fit(model.key).report, model) for model in document.snapshot.models if model.key != self._model.key]
        return [(report, model) for report, model in fits if report is not None]

    def showEvent(self, event: object) -> None:
        if not self._drawn:
            self._drawn = True
            page = report_preview(self._report, self._model).decode("utf-8")
            self._view.setHtml(without_style(page).replace("<body>", "<body style='background:#FFFFFF;color:#1B1C21'>"))

    def default_name(self, model: str) -> str:
        """Return the name offered for the files."""
        return f"report-{model}"

    def targets(self, folder: Path, name: str) -> Written:
        """Return the files that would be written."""
        return report_targets(folder, name, [suffix for suffix, box in self._formats.items() if box.isChecked()])

    def writing(self, folder: Path, name: str) -> Callable[[], Written]:
        """Return what writes the report in every form that is ticked; it touches no widget."""
        style = table_style(self._desk.preferences.settings)
        others = self._others() if self._all.isChecked() else []
        return partial(write_report, self._report, self._model, self.targets(folder, name), style=style, others=others)

    def copy(self) -> None:
        """Put the text of the report on the clipboard."""
        self._view.selectAll()
        self._view.copy()


def _report_formats() -> tuple[tuple[str, str, bool], ...]:
    """Return suffix, words and whether it is ticked at first, for every format of a report."""
    return (
        (".docx", tr("Word, with methods and checklist"), True),
        (".html", tr("one page with words, tables and figures"), True),
        (".pdf", tr("the same page as paper"), False),
        (".json", tr("every number, for programs"), False),
        (".R", tr("the same fit with lme4"), False),
        (".py", tr("the same fit in Python"), False),
        (".statsmodels.py", tr("the same with statsmodels, where it can"), False),
        (".do", tr("Stata syntax, where it can"), False),
        (".sps", tr("SPSS syntax, where it can"), False),
        (".bib", tr("references of the methods"), False),
    )
