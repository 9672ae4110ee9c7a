"""The MODEL section of the left dock: outcome, groups, what varies, what explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from mlgui.gui.desk import Desk
from mlgui.gui.panels.group_level import GroupLevel
from mlgui.gui.panels.matrix import Matrix
from mlgui.gui.panels.roles import (
    first_spec,
    group_count,
    grouping_choices,
    outcome_choices,
    predictor_choices,
    relation_word,
)
from mlgui.gui.panels.term_menu import TermMenu, fill_more_menu
from mlgui.gui.panels.well import Well
from mlgui.gui.widgets import Section, Segments, Token, badge, button, label
from mlgui.session.changes import Change
from mlgui.session.models import GROUPING, OUTCOME
from mlgui.session.without import without_words
from mlgui.spec import edits
from mlgui.spec.model import ModelSpec
from mlgui.spec.nouns import group_noun
from mlgui.spec.render import render_expression
from mlgui.spec.terms import Grouping, Term
from mlgui.spec.two_level import coefficient_matrix, groupings_of, term_label
from mlgui.words import tr


class ModelPanel(QWidget):
    """Everything a click changes about the model on show; every change is one step of undo."""

    refused = Signal(object)
    options_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._section = Section(tr("Model"), desk.theme)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._show()

    @property
    def _spec(self) -> ModelSpec | None:
        model = self._desk.document.active_model
        return model.spec if model else None

    # Building

    def _make_parts(self) -> None:
        theme, document = self._desk.theme, self._desk.document
        self.outcome = Well(theme, lambda: outcome_choices(document.snapshot), title=tr("Choose the outcome"))
        self.groups = Well(theme, lambda: grouping_choices(document.snapshot), title=tr("Choose what the rows are grouped by"))
        self.matrix = Matrix(theme)
        self.predictors = Well(theme, lambda: predictor_choices(document.snapshot), title=tr("Add a predictor"), framed=False)
        self.add_predictor = button(tr("+ Predictor"), "link", name=tr("Add a predictor"))
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setAccessibleName(tr("More about the model: weights, offset, residuals, tests"))
        self.more.setToolTip(tr("Weights, offset, residuals, tests"))
        self.group_level = GroupLevel(self._desk)
        self.correlate = QCheckBox(tr("Correlate what varies"))
        self.estimation = Segments((("reml", tr("REML")), ("ml", tr("ML"))), name=tr("Estimation"))
        self.estimation.part("reml").setToolTip(tr("Restricted maximum likelihood: unbiased variances; the default"))
        self.estimation.part("ml").setToolTip(tr("Maximum likelihood: to compare models whose predictors differ"))

    def _lay_out(self) -> None:
        wells = QGridLayout()
        wells.setHorizontalSpacing(8)
        wells.setVerticalSpacing(6)
        wells.setColumnStretch(1, 1)
        for row, (words, well) in enumerate(((tr("Outcome"), self.outcome), (tr("Groups"), self.groups))):
            wells.addWidget(label(words, "secondary"), row, 0)
            wells.addWidget(well, row, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        self.predictors.set_widgets([self.add_predictor])
        below.addWidget(self.predictors, 1)
        below.addWidget(self.more)
        last = QHBoxLayout()
        last.addWidget(self.correlate)
        last.addStretch()
        last.addWidget(self.estimation)
        content = self._section.content
        content.setSpacing(6)
        content.addLayout(wells)
        content.addWidget(self.matrix)
        content.addLayout(below)
        content.addWidget(self.group_level)
        content.addLayout(last)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._section)

    def _connect(self) -> None:
        self.outcome.chosen.connect(self._on_outcome_chosen)
        self.groups.chosen.connect(self._on_grouping_chosen)
        self.predictors.chosen.connect(self._on_predictor_chosen)
        self.add_predictor.clicked.connect(lambda: self.predictors.open_list(self.add_predictor))
        self.matrix.average_toggled.connect(self._on_average_toggled)
        self.matrix.varies_toggled.connect(self._on_varies_toggled)
        self.matrix.menu_wanted.connect(self._on_menu_wanted)
        self.group_level.explained.connect(self._on_explained)
        self.group_level.unexplained.connect(self._on_unexplained)
        self.correlate.clicked.connect(self._on_correlated)
        self.estimation.chosen.connect(self._on_estimation_chosen)
        self.more.clicked.connect(self._on_more)
        self._desk.bridge.changed.connect(self._on_changed)

    # Showing

    def _on_changed(self, change: Change, origin: object) -> None:
        if change & (Change.TABLE | Change.MODELS | Change.ACTIVE):
            self._show()

    def _show(self) -> None:
        snapshot, spec = self._desk.document.snapshot, self._spec
        self._show_wells(spec)
        for part in (self.matrix, self.add_predictor, self.more, self.correlate, self.estimation):
            part.setVisible(spec is not None)
        self.group_level.show_model(snapshot)
        if spec is None:
            return
        self.matrix.set_rows(coefficient_matrix(spec, snapshot.table, snapshot.structure), groupings_of(spec))
        several = [grouping for grouping in groupings_of(spec) if _n_varying(spec, grouping) > 1]
        self.correlate.setVisible(bool(several))
        self.correlate.setChecked(all(_correlated(spec, grouping) for grouping in several))
        self.estimation.set_key("reml" if spec.reml else "ml")

    def _show_wells(self, spec: ModelSpec | None) -> None:
        snapshot, model = self._desk.document.snapshot, self._desk.document.active_model
        guessed = model.guessed if model else ()
        if spec is None:
            self.outcome.set_widgets([], tr("Drop a column here, or click"))
            self.groups.set_widgets([], tr("Choose an outcome first"))
            return
        outcome = Token(render_expression(spec.outcome).strip("`"), guessed=OUTCOME in guessed)
        outcome.removed.connect(lambda: self._edit(tr("Remove the outcome"), None))
        outcome.clicked.connect(self.outcome.open_list)
        self.outcome.set_widgets([outcome])
        widgets: list[QWidget] = []
        for grouping in groupings_of(spec):
            token = Token(_grouping_text(grouping), detail=group_count(grouping, snapshot), guessed=GROUPING in guessed)
            token.clicked.connect(self.groups.open_list)
            token.removed.connect(lambda grouping=grouping: self._remove_grouping(grouping))
            widgets.append(token)
        words = relation_word(spec, snapshot.structure)
        if words:
            widgets.append(badge(words))
        if spec.excluded:
            widgets.append(self._excluded_token(spec))
        add = button(tr("+ Group"), "link", name=tr("Add a grouping"))
        add.clicked.connect(lambda: self.groups.open_list())
        self.groups.set_widgets([*widgets, add])

    def _excluded_token(self, spec: ModelSpec) -> Token:
        """Return a token that names the groups left out; taking it away takes them in again."""
        token = Token(without_words(spec.excluded))
        token.body.setToolTip(tr("Left out: {groups}. × takes them in again.").format(
            groups=", ".join(level for each in spec.excluded for level in each.levels)))  # fmt: skip
        token.removed.connect(lambda: self._change(tr("Take all groups in again"), lambda spec: replace(spec, excluded=())))
        return token

    # Editing

    def _edit(self, words: str, spec: ModelSpec | None) -> None:
        if spec != self._spec:
            self._desk.document.edit_spec(words, spec, self)

    def _change(self, words: str, edit: Callable[[ModelSpec], ModelSpec]) -> None:
        if self._spec is not None:
            self._edit(words, edit(self._spec))

    def _on_outcome_chosen(self, name: str) -> None:
        spec = self._spec
        new = edits.set_outcome(spec, name) if spec is not None else first_spec(name, self._desk.document.snapshot)
        self._edit(tr("Explain {outcome}").format(outcome=name), new)

    def _on_grouping_chosen(self, name: str) -> None:
        columns = tuple(name.split(":")) if name not in self._column_names() else (name,)
        words = tr("Let intercepts vary by {group}").format(group=name)
        self._change(words, lambda spec: edits.add_grouping(spec, columns))

    def _remove_grouping(self, grouping: Grouping) -> None:
        words = tr("Let nothing vary by {group}").format(group=grouping.name)
        self._change(words, lambda spec: edits.remove_grouping(spec, grouping))

    def _on_predictor_chosen(self, name: str) -> None:
        self._change(tr("Add {term}").format(term=name), lambda spec: edits.add_predictor(spec, name))

    def _on_average_toggled(self, term: Term, on: bool) -> None:
        words = tr("Add {term}") if on else tr("Remove {term}")
        self._change(words.format(term=term_label(term)), lambda spec: edits.set_average(spec, term, on))

    def _on_varies_toggled(self, term: Term, grouping: Grouping, on: bool) -> None:
        words = tr("Let {term} vary by {group}") if on else tr("Let {term} be the same in every {group}")
        words = words.format(term=term_label(term), group=group_noun(grouping))
        self._change(words, lambda spec: edits.set_varies(spec, term, grouping, on))

    def _on_explained(self, coefficient: Term, column: str) -> None:
        words = tr("Explain {coefficient} by {predictor}").format(coefficient=term_label(coefficient), predictor=column)
        self._change(words, lambda spec: edits.explain(spec, coefficient, column))

    def _on_unexplained(self, coefficient: Term, predictor: Term) -> None:
        words = tr("Do not explain {coefficient} by {predictor}")
        words = words.format(coefficient=term_label(coefficient), predictor=term_label(predictor))
        product = Term((*coefficient.factors, *predictor.factors))
        self._change(words, lambda spec: edits.set_average(spec, product, False))

    def _on_correlated(self, on: bool) -> None:
        def edit(spec: ModelSpec) -> ModelSpec:
            for grouping in groupings_of(spec):
                spec = edits.set_correlated(spec, grouping, on) if _n_varying(spec, grouping) > 1 else spec
            return spec

        self._change(tr("Correlate what varies") if on else tr("Let what varies be independent"), edit)

    def _on_estimation_chosen(self, key: str) -> None:
        words = tr("Fit by {method}").format(method=key.upper())
        self._change(words, lambda spec: edits.set_reml(spec, key == "reml"))

    # Menus

    def _on_menu_wanted(self, term: Term, at: QPoint) -> None:
        spec, snapshot = self._spec, self._desk.document.snapshot
        if spec is not None and snapshot.table is not None:
            menu = TermMenu(term, spec, snapshot.table, self)
            menu.edited.connect(self._edit)
            menu.popup(at)

    def _on_more(self) -> None:
        spec, snapshot = self._spec, self._desk.document.snapshot
        if spec is not None and snapshot.table is not None:
            menu = TermMenu(None, spec, snapshot.table, self)
            fill_more_menu(menu, self.options_asked.emit)
            menu.edited.connect(self._edit)
            menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _column_names(self) -> tuple[str, ...]:
        table = self._desk.document.snapshot.table
        return table.names if table is not None else ()


def _grouping_text(grouping: Grouping) -> str:
    """Return a grouping for its token: "cask within batch"."""
    if len(grouping.columns) == 2:
        return tr("{inner} within {outer}").format(inner=grouping.columns[0], outer=grouping.columns[1])
    return grouping.name


def _n_varying(spec: ModelSpec, grouping: Grouping) -> int:
    return sum(len(random.terms) for random in spec.random if random.grouping == grouping)


def _correlated(spec: ModelSpec, grouping: Grouping) -> bool:
    own = [random for random in spec.random if random.grouping == grouping]
    return len(own) == 1 and own[0].correlated
