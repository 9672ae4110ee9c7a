"""Names, twins in words, cells and keys: what readers without a screen and hands without a mouse need, in the real window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QComboBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.export import ExportDialog
from mlgui.gui.main_window import MainWindow
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.session.document import FitState
from tests.gui.driving import each_dialog, each_view, on_show, open_window, settle


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(desk, qapp, qtbot) as made:
        yield made


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def reachable(root: QWidget) -> list[QWidget]:
    """Return the widgets the Tab key should come to: enabled, on show, not a part of a box."""
    parts = (QComboBox, QAbstractSpinBox)
    return [
        widget for widget in on_show(root)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.focusProxy() is None
        and not isinstance(widget.parentWidget(), parts)
    ]  # fmt: skip


def words_for(widget: QWidget) -> str:
    return f"{type(widget).__name__} '{widget.objectName() or name_of(widget)[:30]}' in {type(widget.parentWidget()).__name__}"


def nameless(root: QWidget) -> set[str]:
    areas = [w for w in reachable(root) if type(w).__name__ == "QScrollArea"]  # only carry what has names
    return {words_for(widget) for widget in reachable(root) if widget not in areas and not name_of(widget)}


def figures_without_words(root: QWidget) -> set[str]:
    canvases = [widget for widget in on_show(root) if isinstance(widget, FigureCanvas) and widget.figure is not None]
    return {words_for(c) for c in canvases if c.figure is not None and (not c.figure.alt or c.figure.alt != name_of(c))}


def cell_text(view: QTableView, row: int, column: int) -> str:
    """Return what is read out for a cell. Children of a table: line by line, the line of headings first."""
    interface, model = QAccessible.queryAccessibleInterface(view), view.model()
    width = interface.childCount() // (model.rowCount() + 1)
    cell = interface.child((row + 1) * width + column + width - model.columnCount())
    return cell.text(QAccessible.Text.Name) if cell is not None else ""


def unreadable_tables(root: QWidget) -> set[str]:
    """Return tables in which a cell cannot be read, looking at their first and last rows."""
    wrong = set()
    for view in on_show(root):
        if not isinstance(view, QTableView) or view.model() is None or not view.model().rowCount():
            continue
        model = view.model()
        for row in {0, model.rowCount() - 1}:
            for column in range(model.columnCount()):
                shown = model.index(row, column).data()
                if shown is not None and cell_text(view, row, column) != str(shown):
                    wrong.add(f"{words_for(view)}: row {row}, column {column}")
    return wrong


def missed_by_tab(root: QWidget) -> set[str]:
    """Return what the chain of Tab leaves out; one button of a switch stands for all, as arrow keys move inside it."""
    start, chain = root, set()
    widget = start.nextInFocusChain()
    while widget is not start and widget not in chain:
        chain.add(widget)
        widget = widget.nextInFocusChain()
    return {words_for(widget) for widget in reachable(root) if widget not in chain}


def test_every_view_can_be_read_and_reached(window: MainWindow) -> None:
    wrong: dict[str, set[str]] = {}

    def look(key: str, root: QWidget) -> None:
        found = nameless(root) | figures_without_words(root) | unreadable_tables(root) | missed_by_tab(root)
        wrong.update({key: found} if found else {})

    each_view(window, look)
    assert wrong == {}


def test_every_dialog_can_be_read_and_reached(window: MainWindow) -> None:
    wrong: dict[str, set[str]] = {}

    def look(key: str, root: QWidget) -> None:
        found = nameless(root) | unreadable_tables(root) | missed_by_tab(root)
        found |= set() if root.accessibleName() or root.windowTitle() else {"the dialog has no name"}
        wrong.update({key: found} if found else {})

    each_dialog(window, look)
    assert wrong == {}


def test_tab_walks_through_all_columns_of_the_window(window: MainWindow, qtbot: QtBot) -> None:
    workspace = window.workspace
    assert workspace is not None
    workspace.centre.bar.setFocus()
    seen: list[QWidget] = []
    for _ in range(200):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in seen:
            break
        seen.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    for part in (workspace.left, workspace.centre, workspace.explain, window.toolbar):
        assert any(part.isAncestorOf(widget) for widget in seen), type(part).__name__


def test_a_slope_is_ticked_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    workspace, document = window.workspace, window.desk.document
    assert workspace is not None and document.active_model is not None
    before = document.active_model.spec
    boxes = [w for w in reachable(workspace.left.model.matrix) if w.property("checked") is not None]
    assert boxes
    boxes[-1].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(boxes[-1], Qt.Key.Key_Space)
    assert document.active_model.spec != before
    qtbot.waitUntil(lambda: document.active_fit.state is FitState.FITTED, timeout=20_000)
    window.actions_by_id["undo"].trigger()
    assert document.active_model.spec == before


def test_a_predictor_is_chosen_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    workspace, document = window.workspace, window.desk.document
    assert workspace is not None and document.active_model is not None
    before = document.active_model.spec
    button = workspace.left.model.add_predictor
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    settle()
    popup = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert popup is not None
    focus = popup.focusWidget() or popup
    qtbot.keyClick(focus, Qt.Key.Key_Down)
    qtbot.keyClick(focus, Qt.Key.Key_Return)
    settle()
    assert document.active_model.spec != before


def test_a_tab_is_switched_and_a_group_stepped_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    workspace, document = window.workspace, window.desk.document
    assert workspace is not None
    bar = workspace.centre.bar
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert workspace.centre.tab == "coefficients"
    window.show_view("groups")
    settle()
    canvas = next(widget for widget in on_show(workspace.centre) if isinstance(widget, FigureCanvas))
    before = document.selection.last
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert document.selection.last not in ("", before)


def test_a_table_is_copied_by_keyboard(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    workspace = window.workspace
    assert workspace is not None
    window.show_view("overview")
    settle()
    table = next(widget for widget in on_show(workspace.centre) if isinstance(widget, QTableView))
    qapp.clipboard().clear()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "ses" in qapp.clipboard().text()


def test_export_is_opened_by_its_key(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    settle()
    dialog = window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog) and dialog.isVisible()
    assert isinstance(QApplication.focusWidget(), QWidget)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_scrolled_pages_follow_the_focus(window: MainWindow) -> None:
    workspace = window.workspace
    assert workspace is not None
    assert isinstance(workspace.left, QAbstractScrollArea)
    last = reachable(workspace.left)[-1]
    workspace.left.verticalScrollBar().setValue(0)
    last.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert not last.visibleRegion().isEmpty()
