"""The import preview: a file as it was understood, everything changeable, Enter accepts.

It is opened for every data file, already read: one press of the button takes it as it is. Of a large file the first rows are
there at once, and what all rows say follows. Every change reads the whole file again in the background; the button waits until
the answer is there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlgui.data.kinds import as_category, as_id, as_number, as_ordered
from mlgui.data.read import read_file, read_text
from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Kind, Table
from mlgui.errors import UserError
from mlgui.gui.dialogs.help import add_help_key
from mlgui.gui.dialogs.preview_table import ROWS, PreviewTable
from mlgui.gui.dialogs.reading_notes import ReadingNotes
from mlgui.gui.dialogs.reading_options import ReadingOptions
from mlgui.gui.dialogs.structure_card import StructureCard, row_nouns
from mlgui.gui.dimmer import dim_behind
from mlgui.gui.icons import pixmap
from mlgui.gui.room import within_window
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, card, inside, label
from mlgui.progress import OnStep
from mlgui.results.numbers import count
from mlgui.words import ntr, tr

_CHANGERS = {Kind.NUMBER: as_number, Kind.CATEGORY: as_category, Kind.ORDERED: as_ordered, Kind.ID: as_id}
_LANE = "file"


def size_text(n_bytes: int) -> str:
    """Return the size of a file as people write it."""
    if n_bytes < 1000:
        return tr("{n} bytes").format(n=n_bytes)
    return f"{n_bytes / 1e3:.0f} kB" if n_bytes < 1e6 else f"{n_bytes / 1e6:.1f} MB"


def with_kinds(table: Table, kinds: dict[str, Kind]) -> Table:
    """Return the table with the columns changed into these kinds; UserError names the first value that does not fit."""
    for name, kind in kinds.items():
        if name in table and table[name].kind is not kind:
            table = table.with_column(_CHANGERS[kind](table[name]))
    return table


def with_first(structure: Structure, name: str) -> Structure:
    """Return the structure with one grouping put first, so that it is the one the model starts from."""
    if name not in {facts.name for facts in structure.groupings}:
        return structure
    chosen = replace(structure[name], likely=True)
    return replace(structure, groupings=(chosen, *(facts for facts in structure.groupings if facts.name != name)))


class OpenTableDialog(QDialog):
    """Emits `chosen(table, structure)` once, when the user takes the file."""

    chosen = Signal(object, object)

    def __init__(
        self, path: Path, reading: Reading, structure: Structure, runner: Runner, theme: Theme, parent: QWidget | None = None,
        *, text: str | None = None, whole: bool = True,
    ) -> None:  # fmt: skip
        """text: what was pasted, where no file is read; path is then a name for it. whole: whether all rows were read already."""
        super().__init__(parent)
        self._whole = whole
        self._text = text
        self._path, self._runner, self._theme = path, runner, theme
        self._asked = ReadOptions()
        self._kinds: dict[str, Kind] = {}
        self._reading, self._table, self._structure = reading, reading.table, structure
        self._grouping = ""
        self._noun = reading.table.source.row_noun or row_nouns()[0]
        self.setWindowTitle(tr("Import {name}").format(name=path.name))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        if whole:
            self._show()
        else:
            self._show_first_rows()
        self.resize(self.sizeHint())
        self._take.setFocus()
        add_help_key(self, theme)
        dim_behind(self)

    def sizeHint(self) -> QSize:
        return within_window(self, self._theme.px(1040), self._theme.px(700))

    # Building

    def _build(self) -> None:
        self._size = label("", "secondary")
        self._options = ReadingOptions()
        self._options.changed.connect(self._on_option)
        self._card = StructureCard(self._theme)
        self._card.noun_chosen.connect(self._on_noun)
        self._card.grouping_chosen.connect(self._on_grouping)
        self._notes = ReadingNotes()
        self._notes.answered.connect(self._on_answer)
        self._notes.missing_meant.connect(self._on_missing_meant)
        self._preview = PreviewTable(self._theme)
        self._preview.kind_chosen.connect(self._on_kind)
        self._caption = label("", "caption")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        middle = QVBoxLayout()
        middle.setContentsMargins(20, 16, 20, 14)
        middle.setSpacing(14)
        for part in (self._options, self._card, self._notes):
            middle.addWidget(part)
        middle.addWidget(self._framed(), 1)
        middle.addWidget(self._caption)
        whole.addLayout(middle, 1)
        whole.addWidget(self._foot())

    def _head(self) -> QWidget:
        head = QWidget()
        head.setObjectName("dialogHeader")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(10)
        row.addWidget(label(tr("Import {name}").format(name=self._path.name), "title"))
        row.addWidget(self._size)
        row.addStretch()
        return head

    def _framed(self) -> QFrame:
        frame = card("card", margins=(1, 1, 1, 1))
        inside(frame).addWidget(self._preview)
        return frame

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("dialogFooter")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel()
        self._verdict = label("", "secondary")
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._take = button(tr("Import"), "primary")
        self._take.setDefault(True)
        self._take.clicked.connect(self._on_taken)
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(8)
        for part in (self._sign, self._verdict):
            row.addWidget(part)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(self._take)
        return foot

    # Showing

    def _show(self) -> None:
        table = self._table
        n, m = table.n_rows, len(table.columns)
        size = size_text(self._path.stat().st_size) if self._text is None and self._path.exists() else ""
        rows = ntr("{n} row", "{n} rows", n).format(n=count(n))
        columns = ntr("{n} column", "{n} columns", m).format(n=m)
        self._size.setText(" · ".join(part for part in (f"{rows} × {columns}", size) if part))
        self._options.show_options(self._reading.options)
        self._show_structure()
        self._show_verdict(self._notes.show_reading(self._reading, self._card.findChildren(QComboBox)[-1]))
        missing = sum(column.n_missing for column in table.columns)
        shown = tr("All rows are shown.") if n <= ROWS else tr("The first {n} rows are shown.").format(n=ROWS)
        gaps = ntr("{n} value is missing.", "{n} values are missing.", missing) if missing else tr("No missing values found.")
        self._caption.setText(f"{shown} {gaps.format(n=count(missing))}")
        self._take.setText(ntr("Import {n} row", "Import {n} rows", n).format(n=count(n)))
        self._take.setAccessibleName(self._take.text())
        self._set_ready(True)

    def _show_first_rows(self) -> None:
        """Show what the first rows of a large file tell, and start to read all; groups and verdict wait for them."""
        m, size = len(self._table.columns), size_text(self._path.stat().st_size)
        self._size.setText(" · ".join((ntr("{n} column", "{n} columns", m).format(n=m), size)))
        self._options.show_options(self._reading.options)
        self._preview.show_table(self._table, self._structure, self._noun)
        self._caption.setText(tr("The first {n} rows are shown.").format(n=self._table.n_rows))
        for part in (self._card, self._notes):
            part.hide()
        self._read_again(tr("Reading all rows…"))

    def _show_structure(self) -> None:
        self._card.show()
        self._card.show_structure(self._structure, self._noun)
        self._preview.show_table(self._table, self._structure, self._noun)

    def _show_verdict(self, n: int) -> None:
        if n:
            self._say("warning", "warnmark", ntr("{n} thing to look at", "{n} things to look at", n).format(n=n))
        else:
            self._say("check", "ok", tr("All columns read without problems"))

    def _say(self, picture: str, colour: str, text: str) -> None:
        self._sign.setPixmap(pixmap(picture, self._theme, colour, 16, 3.0))
        self._verdict.setText(text)

    def _set_ready(self, ready: bool) -> None:
        self._take.setEnabled(ready)

    # Changing

    def _on_option(self, name: str, value: object) -> None:
        if getattr(self._reading.options, name) != value:
            self._asked = replace(self._asked, **{name: value})  # type: ignore[arg-type]
            self._read_again()

    def _on_answer(self, about: str, choice: str) -> None:
        others = tuple(answer for answer in self._asked.answers if answer[0] != about)
        self._asked = replace(self._asked, answers=(*others, (about, choice)))
        self._read_again()

    def _on_missing_meant(self, codes: tuple[str, ...]) -> None:
        self._on_option("missing", (*self._reading.options.missing, *codes))

    def _on_kind(self, name: str, kind: Kind) -> None:
        before = dict(self._kinds)
        self._kinds[name] = kind
        if not self._whole:
            self._read_again()
            return
        reading = self._reading

        def work(on_step: OnStep) -> Any:
            table = with_kinds(reading.table, self._kinds)
            return reading, table, find_structure(table, on_step)

        def failed(error: UserError) -> None:
            self._kinds = before
            self._on_failed(error, usable=True)

        self._set_ready(False)
        self._runner.start(_LANE, work, self._on_read, failed)

    def _read_again(self, words: str = "") -> None:
        path, text, options, kinds = self._path, self._text, self._asked, dict(self._kinds)

        def work(on_step: OnStep) -> Any:
            reading = read_file(path, options, on_step) if text is None else read_text(text, options, on_step)
            table = with_kinds(reading.table, kinds)
            return reading, table, find_structure(table, on_step)

        self._set_ready(False)
        self._say("pause", "ink3", words or tr("Reading again…"))
        self._runner.start(_LANE, work, self._on_read, self._on_failed)

    def _on_read(self, found: tuple[Reading, Table, Structure]) -> None:
        self._reading, self._table, self._structure = found
        self._whole = True
        self._structure = with_first(self._structure, self._grouping)
        self._show()

    def _on_failed(self, error: UserError, *, usable: bool = False) -> None:
        self._say("error", "err", " ".join(part for part in (error.what, error.why) if part))
        self._set_ready(usable)

    def _on_noun(self, noun: str) -> None:
        self._noun = noun.strip() or row_nouns()[0]
        self._show_structure()

    def _on_grouping(self, name: str) -> None:
        self._grouping = name
        self._structure = with_first(self._structure, name)
        self._show_structure()

    def _on_taken(self) -> None:
        noun = "" if self._noun == row_nouns()[0] else self._noun
        table = replace(self._table, source=replace(self._table.source, row_noun=noun))
        self.chosen.emit(table, self._structure)
        self.accept()

    def reject(self) -> None:
        self._runner.cancel(_LANE)
        super().reject()
