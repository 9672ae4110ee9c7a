"""Every sentence can be translated: with a catalogue that marks each text it gives, nothing unmarked is left on the window."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

WALK = r'''
import gettext, json, sys
import mlgui.words as words

class Marked(gettext.NullTranslations):
    def gettext(self, message):
        return f"\u27e6{message}\u27e7"

    def ngettext(self, one, many, n):
        return f"\u27e6{one if n == 1 else many}\u27e7"

words._catalogue = Marked()

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTabBar
from mlgui.gui.bridge import Bridge
from mlgui.gui.desk import Desk
from mlgui.gui.fitter import Fitter
from mlgui.gui.main_window import MainWindow
from mlgui.gui.preferences import Preferences
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme, load_fonts
from mlgui.session.document import Document, FitState

app = QApplication([])
app.setStyle("Fusion")
load_fonts()
document, runner, theme = Document(), Runner(), Theme("light")
bridge = Bridge(document)
desk = Desk(document=document, bridge=bridge, runner=runner, fitter=Fitter(bridge, runner), theme=theme,
            preferences=Preferences())
theme.apply(app)
window = MainWindow(desk)
window.resize(1440, 900)
window.show()
found = {"start": [], "menus": [], "tabs": [], "docks": [], "views": []}

def said(root):
    texts = []
    for widget in root.findChildren(QLabel) + root.findChildren(QAbstractButton):
        if widget.isVisible():
            texts += [widget.text(), widget.toolTip()]
    for field in root.findChildren(QLineEdit):
        texts.append(field.placeholderText())
    return texts

found["start"] = said(window.start_page)
window.finish_loading()
window.open_example("hsb")
late = QTimer(singleShot=True)
late.start(60_000)
while document.active_fit.state is not FitState.FITTED and late.isActive():
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # the end of the fit is one
for menu in window.menuBar().actions():
    found["menus"].append(menu.text())
    found["menus"] += [a.text() for a in menu.menu().actions() if not a.isSeparator()]
bar = window.workspace.centre.bar
found["tabs"] = [bar.tabText(i) for i in range(bar.count())]
found["docks"] = said(window.workspace.left) + said(window.workspace.explain) + said(window.toolbar)
for key, _ in window.workspace.tabs():
    window.show_view(key)
    app.processEvents()
    found["views"] += said(window.workspace.centre)
table = document.snapshot.table
names = [table.source.title, table.source.name, *(c.name for c in table.columns), *(m.name for m in document.snapshot.models)]
names += [level for c in table.columns if len(c.levels) < 20 for level in c.levels]
document.close()
window.close()
runner.shut_down(10)
print(json.dumps({"found": found, "names": names}))
'''

MARKED = re.compile(r"⟦[^⟦⟧]*(?:⟧|…$)")
"""A text of the catalogue, whole or cut at the edge of its widget."""
WORDS = re.compile(r"[^\W\d_]{2,}")
MARKUP = re.compile(r"<[^>]+>|&\w+;")
KEYS = re.compile(r"\((?:Ctrl|Shift|Alt|Meta)\+[^)]*\)|\(F\d+\)")
"""Shortcuts are written by the system."""
UNTRANSLATED = frozenset({"mlgui", "REML", "ML"})
"""Words that are the same in every language."""
FORMULA = "y ~ x + (x | group)"
"""The placeholder of the field a formula is typed in: the language of formulas is one."""


def bare(text: str) -> str:
    """Return what stands outside all marks, from the inside outwards."""
    while MARKED.search(text):
        text = MARKED.sub(" ", text)
    return text


def left_over(text: str, names: set[str]) -> set[str]:
    """Return the words of a text that no catalogue can reach and that are no names from the data."""
    outside = KEYS.sub(" ", bare(text.replace(FORMULA, "")))
    return set(WORDS.findall(MARKUP.sub(" ", outside))) - names


def test_every_text_of_the_window_goes_through_the_catalogue() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WALK], capture_output=True, text=True, env=os.environ | {"PYTHONIOENCODING": "utf-8"}, timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]
    walked = json.loads(run.stdout)
    names = {word for name in walked["names"] for word in WORDS.findall(name)} | UNTRANSLATED
    assert all(walked["found"].values())
    wrong = {
        place: sorted({text for text in texts if left_over(text, names)})
        for place, texts in walked["found"].items()
    }
    assert not any(wrong.values()), "\n".join(f"{place}: {texts}" for place, texts in wrong.items() if texts)
