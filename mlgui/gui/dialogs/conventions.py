"""Why do my numbers differ from …? The conventions of another program beside those of the fit on show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.findings import Remedy
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.beside import add_keys
from mlgui.gui.messages import show_error
from mlgui.gui.panels.finding_card import apply_remedy
from mlgui.gui.widgets import Segments, badge, button, clear, label, unbroken
from mlgui.results.conventions import PROGRAM_NAMES, Convention, Program, conventions, conventions_summary
from mlgui.session.changes import Change
from mlgui.spec import edits
from mlgui.words import tr


class ConventionsDialog(QDialog):
    """A window beside the main one; it follows the fit on show. A button makes the fit follow the other program."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[Convention, ...] = ()
        self.setWindowTitle(tr("Why do my numbers differ?"))
        self.setAccessibleName(tr("Why do my numbers differ?"))
        names = [(program.value, PROGRAM_NAMES[program].partition(":")[0]) for program in Program]
        self.program = Segments(names, name=tr("Other program"))
        self.summary = label("", "body", wrap=True, selectable=True)
        self.follow = button("", "small")
        self.follow.setToolTip(tr("Presses every button above in one step, which undo takes back"))
        self.list = QVBoxLayout()
        self.list.setSpacing(10)
        self._lay_out()
        self.program.chosen.connect(self._show)
        desk.bridge.changed.connect(self._on_changed)
        add_keys(self, desk)

    def _lay_out(self) -> None:
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addLayout(self.list)
        inner.addStretch()
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        copy, close = button(tr("Copy as text"), "small"), button(tr("Close"), "small")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.as_text()))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        self.follow.clicked.connect(self._follow_all)
        foot.addWidget(copy)
        foot.addStretch()
        foot.addWidget(self.follow)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 12, 16)
        whole.setSpacing(12)
        whole.addWidget(label(tr("Why do my numbers differ from …"), "view-title"))
        whole.addWidget(self.program, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.summary)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        self.resize(self._desk.theme.px(620), self._desk.theme.px(640))

    def showEvent(self, event: QShowEvent) -> None:
        self._show()
        super().showEvent(event)

    def _on_changed(self, change: Change, _origin: object) -> None:
        if self.isVisible() and change & (Change.FIT | Change.ACTIVE | Change.FILE):
            self._show()

    def _show(self) -> None:
        report = self._desk.document.active_fit.report
        program = Program(self.program.key)
        self._shown = conventions(report, program) if report is not None else ()
        words = conventions_summary(report, program) if report is not None else tr("Fit a model first.")
        self.summary.setText(unbroken(words))
        self.follow.setText(tr("Follow {program} in all of these").format(program=PROGRAM_NAMES[program].partition(":")[0]))
        self.follow.setAccessibleName(self.follow.text())
        self.follow.setVisible(sum(one.remedy is not None for one in self._shown) > 1)
        clear(self.list)
        for one in self._shown:
            self.list.addWidget(self._card(one, PROGRAM_NAMES[program].partition(":")[0]))

    def _card(self, one: Convention, program: str) -> QFrame:
        frame = QFrame()
        frame.setProperty("box", "card")
        frame.setAccessibleName(f"{one.topic}. mlgui: {one.here}. {program}: {one.there}. {one.effect}")
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 10, 14, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(one.topic, "strong"))
        head.addWidget(badge(tr("the same") if one.same else tr("differs"), filled=not one.same))
        head.addStretch()
        grid.addLayout(head, 0, 0, 1, 2)
        for row, (who, what) in enumerate(((tr("here"), one.here), (program, one.there)), 1):
            grid.addWidget(label(who, "caption"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(unbroken(what), "body", wrap=True, selectable=True), row, 1)
        if one.effect:
            grid.addWidget(label(unbroken(one.effect), "secondary", wrap=True, selectable=True), 3, 0, 1, 2)
        if one.remedy is not None:
            grid.addWidget(self._button(one.remedy), 4, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _button(self, remedy: Remedy) -> QWidget:
        found = button(remedy.label, "small")
        found.setToolTip(tr("Changes the model and fits it again. Undo takes it back."))
        found.clicked.connect(lambda: self._apply(remedy))
        return found

    def _apply(self, remedy: Remedy) -> None:
        try:
            apply_remedy(self._desk.document, remedy)
        except UserError as error:
            show_error(self, error, self._desk.theme)

    def _follow_all(self) -> None:
        model = self._desk.document.active_model
        if model is None or model.spec is None:
            return
        spec = model.spec
        for one in self._shown:
            if one.remedy is not None:
                spec = getattr(edits, one.remedy.edit)(spec, **dict(one.remedy.arguments))
        name = PROGRAM_NAMES[Program(self.program.key)].partition(":")[0]
        self._desk.document.edit_spec(tr("Follow the defaults of {program}").format(program=name), spec)

    def as_text(self) -> str:
        """Return everything on show as plain text."""
        name = PROGRAM_NAMES[Program(self.program.key)]
        lines = [name, self.summary.text(), ""]
        for one in self._shown:
            lines += [
                one.topic,
                f"  mlgui: {one.here}",
                f"  {name}: {one.there}",
                *([f"  {one.effect}"] if one.effect else []),
                "",
            ]
        return "\n".join(lines)
