from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.findings import Finding, Remedy, Severity
from mlgui.gui.desk import Desk
from mlgui.gui.panels.explain import Explain, with_bold_numbers
from mlgui.gui.panels.finding_card import FindingCard, apply_remedy, first_sentence, shortened
from mlgui.results.report import Report
from mlgui.session.document import Fit, FitState, Selection
from mlgui.session.jobs import fit_model

Example = Any


def shown_texts(widget: Any) -> list[str]:
    return [part.text() for part in widget.findChildren(QLabel) if part.isVisibleTo(widget)]


@pytest.fixture
def still(make_desk: Callable[..., Desk], sleep: Example) -> Desk:
    """Return a desk whose fits are set by hand."""
    desk = make_desk()
    desk.bridge.changed.disconnect(desk.fitter._on_changed)
    desk.document.open(*sleep)
    return desk


def panel(desk: Desk, qtbot: QtBot) -> Explain:
    made = Explain(desk.bridge, desk.theme, desk.runner)
    qtbot.addWidget(made)
    made.resize(280, 800)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("each day adds 10.5 ms", "each day adds <b>10.5</b> ms"),
        ("from −1.74 to 2.0.", "from <b>−1.74</b> to <b>2.0</b>."),
        ("about ±2.0 points", "about <b>±2.0</b> points"),
        ("95 % of 1,234.5 & more", "95\u00a0% of <b>1,234.5</b> &amp; more"),
        ("x<1 in version 3.2.1", "x&lt;1 in version 3.2.1"),
    ],
)
def test_estimates_are_bold(text: str, html: str) -> None:
    assert with_bold_numbers(text) == html


def test_sentences_of_the_report(still: Desk, sleep_report: Report, qtbot: QtBot) -> None:
    explain = panel(still, qtbot)
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=sleep_report.findings))
    texts = " ".join(shown_texts(explain._meaning))
    assert all(with_bold_numbers(sentence) in texts for sentence in sleep_report.sentences)


def test_nothing_flickers_while_a_short_fit_runs(still: Desk, sleep_report: Report, qtbot: QtBot) -> None:
    explain = panel(still, qtbot)
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=sleep_report.findings))
    qtbot.waitUntil(lambda: not [part for part in explain.findChildren(FindingCard) if not part.isVisibleTo(explain)])
    before = shown_texts(explain)
    still.document.set_fit(1, Fit(state=FitState.WAITING, report=sleep_report))
    assert shown_texts(explain) == before
    explain.set_slow(True)
    assert not explain._sentences[0].isEnabled()


def test_an_error_is_the_first_finding(still: Desk, sleep_report: Report, qtbot: QtBot) -> None:
    explain = panel(still, qtbot)
    error = UserError("Too few rows.", "Three are left.", "Choose fewer predictors.")
    still.document.set_fit(1, Fit(state=FitState.FAILED, report=sleep_report, error=error))
    cards = explain.findChildren(FindingCard)
    assert cards[0].accessibleName() == "Too few rows.. Three are left. Choose fewer predictors."


def test_warnings_come_before_notes_and_are_short_beside_a_selection(
    still: Desk, sleep_report: Report, qtbot: QtBot
) -> None:
    explain = panel(still, qtbot)
    note = Finding(code="a", severity=Severity.NOTE, title="Note", text="First. Second.")
    warning = Finding(code="b", severity=Severity.WARNING, title="Warning", text="One. Two.")
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=(note, warning)))
    texts = shown_texts(explain._doctor)
    assert texts.index("Warning") < texts.index("Note") and "One. Two." in texts
    still.document.select(Selection("Subject", frozenset({"308"}), "308"))
    qtbot.waitUntil(lambda: "One." in shown_texts(explain._doctor))


def test_card_follows_the_selection_and_its_lines_add_up(still: Desk, sleep_report: Report, qtbot: QtBot) -> None:
    explain = panel(still, qtbot)
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=()))
    still.document.select(Selection("Subject", frozenset({"308", "309"}), "309"))
    texts = shown_texts(explain._selected)
    assert "Subject 309" in texts
    assert "and 1 more group; this one was chosen last" in texts
    clear = next(part for part in explain._selected.findChildren(QPushButton) if part.text() == "Clear")
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert still.document.selection == Selection()


def test_every_remedy_of_a_real_fit_is_one_step_of_undo(make_desk: Callable[..., Desk], hsb: Example) -> None:
    desk = make_desk()
    desk.fitter.auto = False
    desk.document.open(*hsb)
    table, structure, models = hsb
    before = models[0].spec
    assert before is not None
    remedies = [remedy for finding in fit_model(table, structure, before).findings for remedy in finding.remedies]
    assert remedies
    for remedy in remedies:
        apply_remedy(desk.document, remedy)
        assert desk.document.undo_label == remedy.label
        assert desk.document.active_model is not None and desk.document.active_model.spec != before
        desk.document.undo()
        assert desk.document.active_model.spec == before


def test_an_unknown_edit_does_nothing(still: Desk) -> None:
    for name in ("no_such_edit", "__import__", "_drop", "replace"):
        apply_remedy(still.document, Remedy(label="x", edit=name))
    assert still.document.undo_label == ""


def test_long_texts_are_folded(still: Desk, qtbot: QtBot) -> None:
    text = "A short start. " + "A sentence that goes on for quite a while and says something. " * 6
    assert first_sentence(text) == "A short start."
    assert first_sentence("p = 0.08 is 5.1 on 2 df. Next.") == "p = 0.08 is 5.1 on 2 df."
    assert len(shortened(text)) < 230 and text.startswith(shortened(text))
    finding = Finding(code="a", severity=Severity.NOTE, title="T", text=text)
    card = FindingCard(finding, still.document, still.theme)
    qtbot.addWidget(card)
    more = next(part for part in card.findChildren(QPushButton) if part.text() == "More")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert text in [part.text() for part in card.findChildren(QLabel)]


def test_reml_switch_leaves_the_card(still: Desk, sleep_report: Report, qtbot: QtBot) -> None:
    explain = panel(still, qtbot)
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=()))
    still.document.select(Selection("Subject", frozenset({"308"}), "308"))
    model = still.document.active_model
    assert model is not None and model.spec is not None
    still.document.edit_spec("Estimate by ML", replace(model.spec, reml=False))
    assert explain._selected.isVisible()


def test_with_a_group_selected_the_sentences_fold_so_that_its_card_is_in_sight(
    still: Desk, sleep_report: Report, qtbot: QtBot
) -> None:
    explain = panel(still, qtbot)
    report = replace(sleep_report, sentences=("one.", "two.", "three.", "four.", "five."))
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=report, findings=report.findings))
    assert sum(words.isVisibleTo(explain) for words in explain._sentences) == 5
    groups = report.groups[0]
    still.document.select(Selection(groups.grouping, frozenset({groups.levels[0]}), groups.levels[0]))
    assert sum(words.isVisibleTo(explain) for words in explain._sentences) == 3
    explain._more.click()
    assert sum(words.isVisibleTo(explain) for words in explain._sentences) == 5 and not explain._more.isVisibleTo(explain)
    still.document.select(Selection())
    assert sum(words.isVisibleTo(explain) for words in explain._sentences) == 5


def test_after_a_remedy_the_focus_stays_with_the_findings(still: Desk, sleep_report: Report, qtbot: QtBot) -> None:
    explain = panel(still, qtbot)
    remedy = Remedy(label="Do it", edit="set_reml", arguments=(("reml", False),))
    findings = tuple(Finding(code=code, severity=Severity.NOTE, title=code, text="", remedies=(remedy,)) for code in "ab")
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=findings))
    explain.show_findings()
    qtbot.waitUntil(lambda: isinstance(explain.focusWidget(), QPushButton))
    still.document.set_fit(1, Fit(state=FitState.FITTED, report=sleep_report, findings=findings[1:]))
    focused = explain.focusWidget()
    assert isinstance(focused, QPushButton) and focused.text() == "Do it" and focused.isVisibleTo(explain)
