"""The first rows of a file under headers of three lines: name, kind (a menu), level.

    view = PreviewTable(theme)
    view.show_table(table, structure, row_noun)
    view.kind_chosen     # (column name, Kind)

Values that repeat the group's value of the row above are grey.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from mlgui.data.structure import GroupingFacts, Structure
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.gui.icons import pixmap
from mlgui.gui.theme import Theme
from mlgui.results.nouns import counted, group_noun
from mlgui.words import tr

ROWS = 200
_WIDEST = 240
_PAD = 10
Index = QModelIndex | QPersistentModelIndex

KIND_ICONS = {
    Kind.NUMBER: "number",
    Kind.CATEGORY: "category",
    Kind.ORDERED: "ordered",
    Kind.ID: "id",
    Kind.BOOLEAN: "category",
    Kind.DATE: "date",
    Kind.DATETIME: "date",
    Kind.TEXT: "text",
    Kind.EMPTY: "empty",
    Kind.LABELLED: "category",
}
CHOICES = (Kind.NUMBER, Kind.CATEGORY, Kind.ORDERED, Kind.ID)
"""Kinds a column can be changed into."""


def kind_name(kind: Kind) -> str:
    """Return what a kind is called."""
    names = {
        Kind.NUMBER: tr("Number"),
        Kind.CATEGORY: tr("Category"),
        Kind.ORDERED: tr("Ordered category"),
        Kind.ID: tr("Group id"),
        Kind.BOOLEAN: tr("Yes or no"),
        Kind.DATE: tr("Date"),
        Kind.DATETIME: tr("Date and time"),
        Kind.TEXT: tr("Text"),
        Kind.EMPTY: tr("Empty"),
        Kind.LABELLED: tr("Labelled category"),
    }
    return names[kind]


def shown_kind(column: Column, structure: Structure) -> Kind:
    """Return the kind a column is shown as: a number that tells likely groups apart counts as their id."""
    likely = any(facts.columns == (column.name,) for facts in structure.likely)
    return Kind.ID if likely and column.kind is Kind.NUMBER else column.kind


def cell_text(column: Column, row: int) -> str:
    """Return one value as it is shown: "" where it is missing."""
    value = column.values[row]
    if column.missing[row]:
        return ""
    if column.kind in CODED:
        return column.levels[int(value)]  # type: ignore[call-overload]
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return str(value).replace("T", " ")
    return f"{float(value):.10g}".replace("-", "−")  # type: ignore[arg-type]


def level_text(name: str, structure: Structure, row_noun: str) -> tuple[str, bool]:
    """Return the level badge of a column and whether it is filled (group level, or a grouping itself)."""
    for facts in structure.likely:
        if facts.columns == (name,):
            return counted(facts.n_groups, name), True
    level = structure.levels.get(name, "")
    return (group_noun(level), True) if level else (row_noun, False)


class PreviewModel(QAbstractTableModel):
    """The first rows as text; values that repeat within a group are greyed."""

    def __init__(self, table: Table, structure: Structure, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = table.columns
        self._n = min(ROWS, table.n_rows)
        self._colours = (theme.colour("ink"), theme.colour("ink3"))
        self._kinds = [shown_kind(column, structure) for column in table.columns]
        names = {facts.name: facts for facts in structure.groupings}
        self._groups: list[GroupingFacts | None] = [self._group_of(column.name, structure, names) for column in table.columns]
        self._texts = [[cell_text(column, row) for row in range(self._n)] for column in self._columns]

    @staticmethod
    def _group_of(name: str, structure: Structure, names: dict[str, GroupingFacts]) -> GroupingFacts | None:
        level = structure.levels.get(name, "") or (name if any(f.columns == (name,) for f in structure.likely) else "")
        return names.get(level)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._n

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, place = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts[place][row]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self._kinds[place] is Kind.NUMBER
            return int((Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, place)
        return None

    def _colour(self, row: int, place: int) -> QColor:
        facts = self._groups[place]
        repeats = facts is not None and row > 0 and facts.codes[row] == facts.codes[row - 1] >= 0
        return self._colours[1 if repeats else 0]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._columns[section].name
        return None


class PreviewHeader(QHeaderView):
    """Name, kind with a menu, level."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._table: Table | None = None
        self._badges: list[tuple[str, bool]] = []
        self._kinds: list[Kind] = []
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(theme.px(70))
        self.setAccessibleName(tr("Names, kinds and levels of the columns"))

    def show_table(self, table: Table, structure: Structure, row_noun: str) -> None:
        """Show the names, kinds and levels of a table."""
        self._table = table
        self._badges = [level_text(name, structure, row_noun) for name in table.names]
        self._kinds = [shown_kind(column, structure) for column in table.columns]
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(70))

    def width_of(self, section: int) -> int:
        """Return the width the three lines of a section need."""
        if self._table is None:
            return 80
        column = self._table.columns[section]
        name = QFontMetrics(self._theme.font(13, 600)).horizontalAdvance(column.name)
        kind = QFontMetrics(self._theme.font(12)).horizontalAdvance(kind_name(self._kinds[section])) + 42
        level = QFontMetrics(self._theme.font(10.5)).horizontalAdvance(self._badges[section][0]) + 16
        return max(name, kind, level) + 2 * _PAD

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        if self._table is None or section >= len(self._table.columns):
            return
        painter.save()
        painter.fillRect(rect, self._theme.colour("panel"))
        column, inside = self._table.columns[section], rect.adjusted(_PAD, 7, -_PAD, -6)
        kind = self._kinds[section]
        right = kind is Kind.NUMBER
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        third = inside.height() // 3
        painter.setFont(self._theme.font(13, 600))
        painter.setPen(self._theme.colour("ink"))
        name = painter.fontMetrics().elidedText(column.name, Qt.TextElideMode.ElideRight, inside.width())
        top = QRect(inside.left(), inside.top(), inside.width(), third)
        painter.drawText(top, int(side | Qt.AlignmentFlag.AlignVCenter), name)
        self._paint_kind(painter, QRect(inside.left(), inside.top() + third, inside.width(), third), kind, right=right)
        self._paint_badge(painter, QRect(inside.left(), inside.top() + 2 * third, inside.width(), third), section, right=right)
        painter.setPen(self._theme.pen("line2"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _paint_kind(self, painter: QPainter, rect: QRect, kind: Kind, *, right: bool) -> None:
        painter.setFont(self._theme.font(12))
        text, ratio = kind_name(kind), self.devicePixelRatioF()
        width = painter.fontMetrics().horizontalAdvance(text) + 38
        left = rect.right() - width + 1 if right else rect.left()
        middle = rect.center().y() - 6
        painter.drawPixmap(QPoint(left, middle - 1), pixmap(KIND_ICONS[kind], self._theme, "ink2", 14, ratio))
        painter.setPen(self._theme.colour("ink2"))
        painter.drawText(QRect(left + 20, rect.top(), width, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.drawPixmap(QPoint(left + width - 12, middle + 1), pixmap("chevron-down", self._theme, "ink3", 11, ratio))

    def _paint_badge(self, painter: QPainter, rect: QRect, section: int, *, right: bool) -> None:
        text, filled = self._badges[section]
        painter.setFont(self._theme.font(10.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = painter.fontMetrics().horizontalAdvance(text) + 14
        left = rect.right() - width + 1 if right else rect.left()
        pill = QRectF(left + 0.5, rect.center().y() - 7.5, width - 1, 16)
        painter.setPen(self._theme.pen("token" if filled else "line2"))
        painter.setBrush(self._theme.colour("token") if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(pill, 8, 8)
        painter.setPen(self._theme.colour("ink" if filled else "ink2"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)


class PreviewTable(QTableView):
    """The preview. Pressing a header opens the menu of kinds."""

    kind_chosen = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._table: Table | None = None
        self._header = PreviewHeader(theme)
        self.setObjectName("preview")
        self.setHorizontalHeader(self._header)
        self.setAccessibleName(tr("First rows of the file"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(25))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)  # Tab leaves the table, arrows walk in it
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._header.sectionPressed.connect(self._on_section)

    def show_table(self, table: Table, structure: Structure, row_noun: str) -> None:
        """Show the first rows of a table."""
        old = self.model()
        self._table = table
        self._header.show_table(table, structure, row_noun)
        self.setModel(PreviewModel(table, structure, self._theme, self))
        if old is not None:
            old.deleteLater()
        metrics = QFontMetrics(self._theme.font(13))
        for place in range(len(table.columns)):
            texts = [cell_text(table.columns[place], row) for row in range(min(40, table.n_rows))]
            cells = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 2 * _PAD + 4
            self.setColumnWidth(place, min(_WIDEST, max(cells, self._header.width_of(place), 90)))

    def _on_section(self, section: int) -> None:
        if self._table is None:
            return
        name, now = self._table.columns[section].name, self._table.columns[section].kind
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in CHOICES:
            action = menu.addAction(kind_name(kind), partial(self.kind_chosen.emit, name, kind))
            action.setCheckable(True)
            action.setChecked(kind is now)
        place = QPoint(self._header.sectionViewportPosition(section) + _PAD, self._header.height())
        menu.popup(self._header.mapToGlobal(place))
