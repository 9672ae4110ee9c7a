"""What the data look like: "students in schools", with the two selectors that correct it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from mlgui.data.structure import GroupingFacts, Relation, Structure
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.results.nouns import counted, group_noun, group_plural
from mlgui.spec.nouns import known_plurals
from mlgui.words import ntr, tr

_MANY = 5
"""Fewer groups than this are a category of the groups below them (schools in two sectors), not a level of their own."""


def row_nouns() -> tuple[str, ...]:
    """Return words offered for one row, the general one first."""
    return (tr("observation"), tr("student"), tr("patient"), tr("visit"), tr("test"), tr("person"), tr("employee"), tr("item"))


def plural(noun: str) -> str:
    """Return several of a row noun: the plural of a word that is known, else by the plain rule."""
    known = known_plurals().get(noun)
    if known is not None:
        return known
    return noun if noun.endswith("s") else tr("{noun}s").format(noun=noun)


def structure_title(structure: Structure, row_noun: str) -> str:
    """Return what the data look like in a few words."""
    if not structure.likely:
        return tr("No groups found yet")
    first = structure.likely[0]
    many = {facts.name for facts in structure.likely if facts.n_groups >= _MANY}
    nested = (pair for pair in structure.pairs if pair.inner == first.name and pair.relation is Relation.NESTED)
    outer = [pair.outer for pair in nested if pair.outer in many and not pair.reused_labels]
    chain = " ".join([tr("in {groups}").format(groups=group_plural(name)) for name in (first.name, *outer[:1])])
    return tr("Looks like {rows} {chain}").format(rows=plural(row_noun), chain=chain)


def structure_text(structure: Structure, row_noun: str) -> str:
    """Return how many groups of which size, and what is constant in them."""
    if not structure.likely:
        return tr("No column repeats its values in a way that forms groups. You can still choose one in the model.")
    first = structure.likely[0]
    smallest, largest = int(first.sizes.min()), int(first.sizes.max())
    sizes = f"{smallest}" if smallest == largest else tr("{low} to {high}").format(low=smallest, high=largest)
    n = len(first.constant_columns)
    groups = counted(first.n_groups, first.name)
    parts = [tr("{groups}, {sizes} {rows} each.").format(groups=groups, sizes=sizes, rows=plural(row_noun))]
    if n:
        text = ntr("{n} column is constant within {group}.", "{n} columns are constant within {group}.", n)
        parts.append(text.format(n=n, group=group_noun(first.name)))
    return " ".join([*parts, *_pair_sentences(structure, first)])


def _pair_sentences(structure: Structure, first: GroupingFacts) -> list[str]:
    names = {facts.name for facts in structure.likely}
    for pair in structure.pairs:
        if pair.reused_labels and pair.inner in names and pair.outer in names:
            words = tr("The same labels of {inner} recur in every {outer}: the model asks whether they are the same {inners}.")
            inners = group_plural(pair.inner)
            return [words.format(inner=group_noun(pair.inner), outer=group_noun(pair.outer), inners=inners)]
        if first.name in (pair.inner, pair.outer) and pair.relation is Relation.CROSSED and {pair.inner, pair.outer} <= names:
            return [tr("{a} and {b} are crossed.").format(a=group_plural(pair.inner).capitalize(), b=group_plural(pair.outer))]
    return []


class Diagram(QWidget):
    """Three groups with four rows each."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(QSize(92, 46))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for group in range(3):
            centre = 16 + 30.0 * group
            painter.setPen(self._theme.pen("ctrl", 1))
            for row in range(4):
                painter.drawLine(round(centre), 14, round(centre - 11 + 7.3 * row), 36)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent"))
            painter.drawRoundedRect(QRectF(centre - 6, 4, 12, 12), 3, 3)
            painter.setBrush(self._theme.colour("no_pooling"))
            for row in range(4):
                painter.drawEllipse(QRectF(centre - 13.5 + 7.3 * row, 35, 5.4, 5.4))


class StructureCard(QFrame):
    """The sentence and the selectors."""

    noun_chosen = Signal(str)
    grouping_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "panel")
        self._title = label("", "title")
        self._text = label("", "secondary", wrap=True)
        self._noun = QComboBox()
        self._noun.setEditable(True)
        self._noun.addItems(row_nouns())
        self._noun.setAccessibleName(tr("What a row is"))
        self._grouping = QComboBox()
        self._grouping.setAccessibleName(tr("Grouped by"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(12)
        row.addWidget(Diagram(theme))
        row.addLayout(words, 1)
        for text, box in ((tr("A row is a"), self._noun), (tr("grouped by"), self._grouping)):
            row.addWidget(label(text, "secondary"))
            box.setFixedWidth(theme.px(124))
            row.addWidget(box)
        self._noun.currentTextChanged.connect(self.noun_chosen)
        self._grouping.textActivated.connect(self.grouping_chosen)

    def show_structure(self, structure: Structure, row_noun: str) -> None:
        """Show a structure; nothing is announced."""
        self._title.setText(structure_title(structure, row_noun))
        self._text.setText(structure_text(structure, row_noun))
        self._grouping.clear()
        self._grouping.addItems([facts.name for facts in structure.groupings])
        self._grouping.setEnabled(bool(structure.groupings))
        if self._noun.currentText() != row_noun and not self._noun.hasFocus():
            self._noun.blockSignals(True)
            self._noun.setEditText(row_noun)
            line = self._noun.lineEdit()
            if line is not None:
                line.home(False)  # a long word shows its beginning
            self._noun.blockSignals(False)
