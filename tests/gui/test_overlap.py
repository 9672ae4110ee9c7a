"""No text cut off and none over another, at every size of text and width of window."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mlgui.gui.desk import Desk
from tests.gui.driving import each_dialog, each_view, on_show, open_window, settle

REST_MS = 3000

NARROW_UP_TO = 1.5
"""Larger text is looked at in a window of 1440 by 900 only."""

_SLACK = 1
"""Pixels by which rounding of font sizes may make a text wider than its hint."""


def texts(root: QWidget) -> list[QWidget]:
    """Return labels and buttons with words on them."""
    kinds = (QLabel, QPushButton, QToolButton, QCheckBox)
    return [widget for widget in on_show(root) if isinstance(widget, kinds) and widget.text().strip()]


def is_cut(widget: QWidget) -> bool:
    """Return whether a text is wider or higher than its widget and no tooltip gives it whole."""
    if widget.toolTip():
        return False
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return widget.heightForWidth(widget.width()) > widget.height() + _SLACK
        return widget.minimumSizeHint().width() > widget.width() + _SLACK
    assert isinstance(widget, QAbstractButton)
    if widget.fontMetrics().tightBoundingRect("Ag").height() * (widget.text().count("\n") + 1) > widget.height() + _SLACK:
        return True
    lines = widget.text().replace("&&", "&").split("\n")
    return max(widget.fontMetrics().horizontalAdvance(line) for line in lines) > widget.width() + _SLACK


def overlaps(root: QWidget) -> set[str]:
    """Return pairs of siblings whose texts share more than a pixel."""
    found = set()
    by_parent: dict[QWidget, list[QWidget]] = {}
    for widget in texts(root):
        by_parent.setdefault(widget.parentWidget(), []).append(widget)
    for siblings in by_parent.values():
        for first, second in combinations(siblings, 2):
            shared: QRect = first.geometry().intersected(second.geometry())
            if shared.width() > _SLACK and shared.height() > _SLACK:
                found.add(f"{first.text()!r} over {second.text()!r}")  # type: ignore[attr-defined]
    return found


def cut(root: QWidget) -> set[str]:
    return {f"{type(w).__name__} {w.text()!r}: {w.width()}×{w.height()}" for w in texts(root) if is_cut(w)}  # type: ignore[attr-defined]


def lasting(root: QWidget) -> set[str]:
    """Return what is wrong once the layouts have come to rest: results of other threads arrive one by one."""
    clock = QElapsedTimer()
    clock.start()
    while (found := cut(root) | overlaps(root)) and clock.elapsed() < REST_MS:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    return found


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_no_text_is_cut_or_covered(scale: float, desk: Desk, qapp: QApplication, qtbot: QtBot) -> None:
    wrong: dict[str, set[str]] = {}
    with open_window(desk, qapp, qtbot) as window:
        desk.theme.set_text_scale(scale)

        def look(key: str, root: QWidget) -> None:
            found = lasting(root)
            wrong.update({f"{key} at {window.width()}": found} if found else {})

        for width in (1440, 1000) if scale <= NARROW_UP_TO else (1440,):
            window.setWindowState(Qt.WindowState.WindowNoState)
            window.resize(width, 900)
            settle()
            assert window.size() == QSize(width, 900)
            each_view(window, look)
        each_dialog(window, look)
        desk.document.close()
        settle()
        look("start", window)
        desk.theme.set_text_scale(1.0)
    assert not wrong, "\n".join(f"{key}: {sorted(found)}" for key, found in wrong.items())
