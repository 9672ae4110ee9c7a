"""The right dock: the result in words, the selected group, and what the fit doctor found.

    panel = Explain(bridge, theme, runner)
    panel.collapse_asked      # the user wants it folded to a strip
    panel.show_findings()     # scroll to the findings

Old words stay while a fit runs; they are faded where the numbers are stale.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from mlgui.findings import Finding, Severity
from mlgui.gui.bridge import Bridge
from mlgui.gui.icons import icon
from mlgui.gui.panels.does_it_vary import DoesItVary
from mlgui.gui.panels.finding_card import FindingCard, error_finding
from mlgui.gui.panels.group_card import GroupCardView
from mlgui.gui.panels.left_to_explain import LeftToExplain
from mlgui.gui.panels.without_card import WithoutCard
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, clear, label, line, unbroken
from mlgui.results.numbers import writing
from mlgui.results.report import Report
from mlgui.session.changes import Change
from mlgui.session.document import FitState
from mlgui.words import ntr, tr

_FEW = 3
"""Sentences shown while a group is selected; the others are a press away, so that its card stays in sight."""

_LAID_OUT_MS = 60
"""How long new rows of a card may take to find their places before it is brought into view."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_NUMBER = re.compile(r"(?<![\w.,])[±−+]?\d[\d,]*\.\d+(?!\w|\.\d)")
_WITH_COMMA = re.compile(r"(?<![\w.,])[±−+]?\d[\d\u202f]*,\d+(?!\w|,\d)")


def with_bold_numbers(text: str) -> str:
    """Return a sentence as rich text, its estimates (numbers with decimals) in bold."""
    pattern = _WITH_COMMA if writing().comma else _NUMBER
    return pattern.sub(lambda found: f"<b>{found.group()}</b>", html.escape(unbroken(text)))


class Explain(QWidget):
    """What this means, Selected, Without these groups, Fit doctor."""

    collapse_asked = Signal()
    numbers_asked = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = bridge.document
        self._theme = theme
        self._slow = False
        self._sentences: list[QLabel] = []
        self._n_sentences = 0
        self._shown: object = None
        self.setObjectName("rightDock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Explain"))
        self.without = WithoutCard(bridge, theme, runner)
        self.left, self.varies = LeftToExplain(bridge, runner), DoesItVary(bridge, runner)
        self._make_blocks(bridge)
        self._area = QScrollArea()
        self._lay_out()
        self._selected.shown_changed.connect(self._on_selected_shown)
        bridge.changed.connect(self._on_changed)
        theme.changed.connect(self._show)
        self._show()

    def _make_blocks(self, bridge: Bridge) -> None:
        self._column = QVBoxLayout()
        self._column.setContentsMargins(16, 14, 16, 20)
        self._column.setSpacing(10)
        self._meaning = self._block(tr("What this means"))
        self._unfolded = False
        self._more = button(tr("More"), "more", name=tr("Show all of what this means"))
        self._more.clicked.connect(self._on_more)
        self._meaning.whole.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._selected_rule = line()
        self._column.addWidget(self._selected_rule)
        self._selected = GroupCardView(bridge, self._theme)
        self._column.addWidget(self._selected)
        self._column.addWidget(self.without)
        self._selected.without_asked.connect(self.show_without)
        self.without.ready.connect(self._reveal_without)
        self.varies.ready.connect(self._reveal_varies)
        self._doctor_rule = line()
        self._column.addWidget(self._doctor_rule)
        self._doctor = self._block(tr("Fit doctor"))
        self._column.addWidget(line())
        self._column.addWidget(self.varies)
        self._column.addWidget(self.left)
        self._why = button(tr("Why do my numbers differ from …"), "more")
        self._why.setToolTip(tr("This fit beside the conventions of lme4, Stata, SPSS, HLM, GAMLj and JASP"))
        self._why.clicked.connect(self.numbers_asked)
        self._column.addWidget(self._why, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch()

    def _lay_out(self) -> None:
        page = QWidget()
        page.setLayout(self._column)
        page.setMinimumWidth(1)  # as wide as the dock: a long name is cut rather than every line
        self._area.setWidget(page)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        whole.addWidget(line())
        whole.addWidget(self._area, 1)

    def _head(self) -> QWidget:
        head = self._top = QWidget()
        self._fold = QToolButton()
        self._fold.setAccessibleName(tr("Fold the Explain panel"))
        self._fold.setToolTip(tr("Fold this panel"))
        self._fold.clicked.connect(self.collapse_asked)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 8, 0)
        row.addWidget(label(tr("Explain"), "strong"))
        row.addStretch()
        row.addWidget(self._fold)
        return head

    def _block(self, title: str) -> Block:
        block = Block(title)
        self._column.addWidget(block)
        return block

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & (Change.FIT | Change.ACTIVE | Change.FILE):
            self._show()

    def _show(self) -> None:
        self._fold.setIcon(icon("panel", self._theme))
        self._top.setFixedHeight(self._theme.px(40))
        fit = self._document.active_fit
        if fit.state is FitState.WAITING and fit.report is not None and not self._slow:
            return  # the old words stay until the new ones are there, so that nothing flickers
        faded = self._slow or fit.state in (FitState.STALE, FitState.FAILED)
        self._show_sentences(fit.report.sentences if fit.report is not None else (self._invitation(),), faded=faded)
        self._why.setVisible(fit.report is not None)
        self._show_findings()

    def _show_sentences(self, sentences: Sequence[str], *, faded: bool) -> None:
        """Write sentences into the labels there are, making more or removing some: new labels cost milliseconds."""
        while len(self._sentences) < len(sentences):
            self._sentences.append(self._sentence())
            self._meaning.content.addWidget(self._sentences[-1])
        for words, text in zip(self._sentences, sentences):
            words.setText(f"<div style='line-height:124%'>{with_bold_numbers(text)}</div>")
            words.setEnabled(not faded)
        self._n_sentences = len(sentences)
        self._fold_sentences()

    def _fold_sentences(self) -> None:
        """Show all sentences, or the first few while a group is selected and nobody asked for the others."""
        folded = not self._selected.isHidden() and not self._unfolded and self._n_sentences > _FEW
        shown = _FEW if folded else self._n_sentences
        for place, words in enumerate(self._sentences):
            words.setVisible(place < shown)
        self._more.setVisible(folded)

    def _on_more(self) -> None:
        self._unfolded = True
        self._fold_sentences()

    def set_slow(self, slow: bool) -> None:
        """Fade the old words, and take back the old advice, while a fit takes long."""
        self._slow = slow
        self._show()

    def _invitation(self) -> str:
        model = self._document.active_model
        if model is None or model.spec is None:
            return tr("Choose an outcome and a group; the result in words appears here.")
        return tr("The result in words appears here as soon as the model is fitted.")

    @staticmethod
    def _sentence() -> QLabel:
        words = label("", "body", wrap=True)
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return words

    def _findings(self) -> list[Finding]:
        fit = self._document.active_fit
        if self._slow and fit.state is FitState.WAITING:
            return []
        found = [error_finding(fit.error)] if fit.error is not None else []
        return sorted([*found, *fit.findings], key=lambda finding: _ORDER[finding.severity])

    def _show_findings(self) -> None:
        findings, brief = self._findings(), not self._selected.isHidden()
        fitted = self._document.active_fit.state is FitState.FITTED
        self._selected_rule.setVisible(brief)
        if self._shown == (findings, brief, fitted, self._theme.look):
            return
        self._shown = (findings, brief, fitted, self._theme.look)
        focused = self.window().focusWidget()
        had_focus = focused is not None and self._doctor.isAncestorOf(focused)
        if had_focus:
            self._area.viewport().setFocus(Qt.FocusReason.OtherFocusReason)  # else the next field in the window would take it
        clear(self._doctor.content)
        for finding in findings:
            self._doctor.content.addWidget(FindingCard(finding, self._document, self._theme, brief=brief))
        if had_focus:
            self._focus_first_finding()
        n = len(findings)
        self._doctor.set_detail(ntr("{n} finding", "{n} findings", n).format(n=n) if n else "")
        if not n and fitted:
            self._doctor.content.addWidget(label(tr("Nothing to report: this fit is sound."), "caption", wrap=True))
        self._doctor.setVisible(bool(n) or fitted)
        self._doctor_rule.setVisible(bool(n) or fitted)

    def _on_selected_shown(self) -> None:
        self._unfolded = False
        self._fold_sentences()
        self._show_findings()
        if not self._selected.isHidden():
            QTimer.singleShot(0, self._selected, self._reveal_selected)  # once the layout knows its height

    def _reveal_selected(self) -> None:
        self._area.ensureWidgetVisible(self._selected, 0, 8)

    def show_without(self) -> None:
        """Fit without the selected groups and show what changes."""
        self.without.ask()

    def _reveal_without(self) -> None:
        QTimer.singleShot(_LAID_OUT_MS, self.without, lambda: self._area.ensureWidgetVisible(self.without, 0, 8))

    def test_what_varies(self) -> None:
        """Test what varies by group and bring the answer into view."""
        self.varies.test()

    def _reveal_varies(self) -> None:
        QTimer.singleShot(_LAID_OUT_MS, self.varies, lambda: self._area.ensureWidgetVisible(self.varies, 0, 8))

    def show_elsewhere(self, report: Report | None) -> None:
        """Let the card of the selected group follow a report that is not the fit's, None: the fit's again."""
        self._selected.show_elsewhere(report)

    def show_findings(self) -> None:
        """Bring the findings into view and give the first button the keyboard."""
        self._area.ensureWidgetVisible(self._doctor)
        self._focus_first_finding()

    def _focus_first_finding(self) -> None:
        for place in range(self._doctor.content.count()):
            item = self._doctor.content.itemAt(place)
            card = item.widget() if item is not None else None
            if isinstance(card, FindingCard):
                card.show()  # a card that is not there yet cannot take it
                card.take_focus()
                return


class Block(QWidget):
    """A small capital heading with a detail at the right, and what belongs to it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail = label("", "caption")
        top = QHBoxLayout()
        top.addWidget(label(title.upper(), "section"))
        top.addStretch()
        top.addWidget(self._detail)
        self.content = QVBoxLayout()
        self.content.setSpacing(9)
        whole = self.whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(top)
        whole.addLayout(self.content)

    def set_detail(self, text: str) -> None:
        """Write a caption at the right end of the heading."""
        self._detail.setText(text)
