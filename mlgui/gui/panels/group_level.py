"""The group-level model: one line per varying coefficient, with the group-level predictors that explain it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from mlgui.gui.desk import Desk
from mlgui.gui.panels.chooser import Choice
from mlgui.gui.panels.roles import explaining_choices
from mlgui.gui.panels.well import Well
from mlgui.gui.widgets import Token, badge, clear, label
from mlgui.session.document import Snapshot
from mlgui.spec.coding import factor_label
from mlgui.spec.expression import Expression, columns_of
from mlgui.spec.nouns import group_noun
from mlgui.spec.symbols import index_of, varying_letters
from mlgui.spec.terms import Term
from mlgui.spec.two_level import GroupModel, group_models, term_label, two_level
from mlgui.words import tr

_LONG_NAME = 12
"""A coefficient of a longer name is written in several lines, so that what explains it has room beside it."""
_LONGEST_PREDICTOR = 17
"""Characters of a predictor beside the name of its coefficient."""


class GroupLevel(QWidget):
    """The lines. `explained(term, column)` adds a predictor, `unexplained(term, expression)` takes one away."""

    explained = Signal(object, str)
    unexplained = Signal(object, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.wells: dict[tuple[str, str], Well] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)

    def show_model(self, snapshot: Snapshot) -> None:
        """Show the group-level model of the model on show."""
        clear(self._grid)
        self.wells = {}
        model = snapshot.model(snapshot.active)
        spec = model.spec if model else None
        models = group_models(spec, snapshot.table, snapshot.structure) if spec else ()
        self.setVisible(bool(models))
        if spec is None or not models:
            return
        letters = self._letters(snapshot)
        self._grid.addWidget(label(tr("Group-level model"), "caption"), 0, 0)
        self._grid.addWidget(label(tr("explained by"), "caption"), 0, 1)
        several, row, above = len({line.grouping for line in models}) > 1, 1, None
        for line in models:
            if several and line.grouping != above:
                self._grid.addWidget(badge(group_noun(line.grouping), filled=True), row, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
                row, above = row + 1, line.grouping
            self._grid.addWidget(self._name(line, letters), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._well(line), row, 1)
            row += 1

    def _letters(self, snapshot: Snapshot) -> dict[tuple[str, Term], str]:
        """Return the symbol of each varying coefficient as rich text: an italic letter with the index of its groups."""
        model = snapshot.model(snapshot.active)
        if model is None or model.spec is None:
            return {}
        view = two_level(model.spec, snapshot.table, snapshot.structure)
        found: dict[tuple[str, Term], str] = {}
        for item, letter in zip(view.varying, varying_letters(view), strict=True):
            symbol = f"<i>{letter}</i><sub><i>{index_of(item.grouping, view)}</i></sub>"
            found.setdefault((item.grouping.name, item.column.term), symbol)
        return found

    def _name(self, line: GroupModel, letters: dict[tuple[str, Term], str]) -> QLabel:
        symbol = letters.get((line.grouping.name, line.coefficient), "")
        if line.coefficient.order:
            term = escape(term_label(line.coefficient))
            text = escape(tr("{slopes} {symbol} of {term}")).format(slopes=escape(tr("Slopes")), symbol=symbol, term=term)
        else:
            text = f"{escape(tr('Intercepts'))} {symbol}"
        found = QLabel(text)
        found.setTextFormat(Qt.TextFormat.RichText)
        found.setProperty("role", "secondary")
        found.setMinimumHeight(self._desk.theme.px(24))
        found.setWordWrap(len(term_label(line.coefficient)) > _LONG_NAME)
        return found

    def _well(self, line: GroupModel) -> Well:
        title = tr("Add a predictor of {coefficient}").format(coefficient=_coefficient_words(line.coefficient))
        well = Well(self._desk.theme, self._choices(line), title=title, framed=False)
        tokens: list[QWidget] = [self._token(line.coefficient, term) for term in line.explained_by]
        add = QToolButton()
        add.setText("+")
        add.setProperty("kind", "add")
        add.setAccessibleName(title)
        add.setToolTip(title)
        add.clicked.connect(lambda: well.open_list(add))
        well.set_widgets([*tokens, add])
        well.chosen.connect(lambda name, term=line.coefficient: self.explained.emit(term, name))
        self.wells[line.grouping.name, term_label(line.coefficient)] = well
        return well

    def _choices(self, line: GroupModel) -> Callable[[], list[Choice]]:
        taken = tuple(name for term in line.explained_by if term.order == 1 for name in term.columns)
        return lambda: explaining_choices(self._desk.document.snapshot, line.grouping, taken)

    def _token(self, coefficient: Term, term: Term) -> Token:
        token = Token(" × ".join(map(factor_label, term.factors)), longest=_LONGEST_PREDICTOR)
        predictor: Expression = term.factors[0]
        token.setToolTip(", ".join(columns_of(predictor)))
        token.removed.connect(lambda: self.unexplained.emit(coefficient, term))
        return token


def _coefficient_words(coefficient: Term) -> str:
    """Return "the intercepts" or "the slopes of ses"."""
    return tr("the slopes of {term}").format(term=term_label(coefficient)) if coefficient.order else tr("the intercepts")
