"""What the reader of a file asks and warns of, above the preview: questions to answer, codes to take as missing.

`show_reading(reading, before)` returns how many things there are to look at; `answered` tells (what a question is about, the
choice), `missing_meant` the texts of the file that stand for "missing".
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mlgui.data.read.reader import Question, Reading
from mlgui.findings import Finding, Severity
from mlgui.gui.widgets import button, clear, label
from mlgui.results.nouns import joined
from mlgui.words import ntr, tr

_SHOWN = 3
_CODE = "suspicious-value"


class ReadingNotes(QFrame):
    """A card of lines: first the questions, then the warnings, each with its button where one click settles it."""

    answered = Signal(str, str)
    missing_meant = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "warning")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(6)

    def show_reading(self, reading: Reading, before: QWidget) -> int:
        """List questions and warnings of a reading and return how many there are; Tab comes here from `before`."""
        clear(self._column)
        for question in reading.questions:
            self._column.addLayout(self._question(question))
        lines = _lines(finding for finding in reading.findings if finding.severity is not Severity.NOTE)
        for text, codes in lines[:_SHOWN]:
            self._column.addLayout(self._line(text, codes))
        rest = lines[_SHOWN:]
        if rest:
            more = label(ntr("and {n} more", "and {n} more", len(rest)).format(n=len(rest)), "caption")
            more.setToolTip("\n".join(text for text, _ in rest))
            self._column.addWidget(more)
        for earlier, later in pairwise([before, *self.findChildren(QComboBox), *self.findChildren(QPushButton)]):
            QWidget.setTabOrder(earlier, later)
        n = len(lines) + len(reading.questions)
        self.setVisible(n > 0)
        return n

    def _question(self, question: Question) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(question.text, "secondary", wrap=True), 1)
        choice = QComboBox()
        choice.addItems(question.choices)
        choice.setCurrentText(question.taken)
        choice.setAccessibleName(question.text)
        choice.textActivated.connect(lambda text: self.answered.emit(question.about, text))
        row.addWidget(choice)
        return row

    def _line(self, text: str, codes: tuple[str, ...]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(text, "secondary", wrap=True), 1)
        if codes:
            take = button(tr("Read {codes} as missing").format(codes=joined(list(codes))), "small")
            take.clicked.connect(lambda: self.missing_meant.emit(codes))
            row.addWidget(take, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


def _lines(findings: Iterable[Finding]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (text, codes that may mean "missing") of each warning; columns that hold the same code share a line."""
    lines: list[tuple[str, tuple[str, ...]]] = []
    columns: dict[tuple[str, ...], list[str]] = {}
    places: dict[tuple[str, ...], int] = {}
    for finding in findings:
        if finding.code != _CODE:
            lines.append((f"{finding.title}: {finding.text}", finding.codes))
            continue
        columns.setdefault(finding.codes, []).extend(finding.about)
        places.setdefault(finding.codes, len(lines))
        text = tr("Does {code} mean “missing”? It lies far from the other values of {columns}.")
        text = text.format(code=joined(list(finding.codes)), columns=joined(columns[finding.codes]))
        lines[places[finding.codes] : places[finding.codes] + 1] = [(text, finding.codes)]
    return lines
