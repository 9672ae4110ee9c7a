"""The EQUATION section of the left dock: the model by level, combined, as a formula that can be edited, as a sentence."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.desk import Desk
from mlgui.gui.panels.equation_view import EquationView
from mlgui.gui.panels.formula import FormulaEditor
from mlgui.gui.widgets import Section, Segments, label
from mlgui.results.numbers import number
from mlgui.session.changes import Change
from mlgui.spec.formula import parse
from mlgui.spec.model import ModelSpec
from mlgui.spec.render import render
from mlgui.spec.sentence import sentence
from mlgui.spec.wording import by_level, combined
from mlgui.words import tr

FORMS = ("levels", "combined", "formula", "sentence")


class EquationPanel(QWidget):
    """The model in four wordings; `hovered(name)` when the mouse is over an estimated letter."""

    hovered = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._section = Section(tr("Equation"), desk.theme)
        choices = zip(FORMS, (tr("By level"), tr("Combined"), tr("lme4 formula"), tr("Sentence")), strict=True)
        self.forms = Segments(choices, name=tr("Form of the equation"))
        self.forms.setProperty("compact", "true")
        self.view = EquationView(desk.theme)
        self.editor = FormulaEditor()
        self.words = label("", "body", wrap=True, selectable=True)
        self._stack = QStackedWidget()
        for page in (self.view, self.editor, self.words):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 4, 0, 0)
            column.addWidget(page)
            column.addStretch()
            self._stack.addWidget(holder)
        self._section.content.addWidget(self.forms)
        self._section.content.addWidget(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.addWidget(self._section)
        self.forms.chosen.connect(self._show)
        self.view.hovered.connect(self.hovered)
        self.editor.entered.connect(self._on_entered)
        desk.bridge.changed.connect(self._on_changed)
        self._show()

    @property
    def _spec(self) -> ModelSpec | None:
        model = self._desk.document.active_model
        return model.spec if model else None

    def _on_changed(self, change: Change, origin: object) -> None:
        if change & (Change.TABLE | Change.MODELS | Change.ACTIVE | Change.FIT):
            self._show()

    def _show(self) -> None:
        spec, snapshot, form = self._spec, self._desk.document.snapshot, self.forms.key
        self._stack.setCurrentIndex({"formula": 1, "sentence": 2}.get(form, 0))
        if spec is None:
            self.view.set_lines(())
            self.editor.show_formula("")
            self.words.setText(tr("Choose an outcome to see the model."))
        elif form == "formula":
            self.editor.line.set_names(snapshot.table.names if snapshot.table is not None else ())
            self.editor.show_formula(render(spec))
        elif form == "sentence":
            self.words.setText(sentence(spec, snapshot.table, snapshot.structure))
        else:
            write = by_level if form == "levels" else combined
            self.view.set_lines(write(spec, snapshot.table, snapshot.structure), self._tips())

    def _tips(self) -> dict[str, str]:
        """Return the estimate behind each letter, as tooltips."""
        report = self._desk.document.active_fit.report
        if report is None:
            return {}
        words = tr("{name}: {estimate} (SE {se})")
        return {
            effect.name: words.format(name=effect.label, estimate=number(effect.estimate, 3), se=number(effect.se, 3))
            for effect in report.fixed
            if effect.estimable
        }

    def _on_entered(self, text: str) -> None:
        """Make the typed formula the model; what a formula does not say (weights, codings, tests, REML) stays."""
        old, table = self._spec, self._desk.document.snapshot.table
        if table is None:
            return
        try:
            spec = parse(text, columns=table.names)
        except UserError as error:
            self.editor.show_error(error)
            return
        if old is not None:
            codings = tuple(coding for coding in old.codings if coding.column in spec.columns)
            spec = replace(old, outcome=spec.outcome, fixed=spec.fixed, random=spec.random, offsets=spec.offsets, codings=codings)
        if spec != old:
            self._desk.document.edit_spec(tr("Edit the formula"), spec, self)
