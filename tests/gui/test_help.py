"""Help: a page for everything, no dead link, and keys that open it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import mlgui.gui
from mlgui.gui.centre.tabs import TABS
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.export import ExportDialog
from mlgui.gui.dialogs.help import HelpDialog
from mlgui.gui.dialogs.shortcuts import ShortcutSheet
from mlgui.gui.help.context import PAGE_OF, page_for
from mlgui.gui.help.library import FOLDERS, Page, glossary_terms, key_of, pages, search, sections, slug
from mlgui.gui.main_window import MainWindow
from mlgui.paths import resources
from mlgui.session.document import FitState
from mlgui.words import LANGUAGES, use_language


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    desk.theme.apply(qapp)
    made = MainWindow(desk)
    qtbot.addWidget(made, before_close_func=lambda w: w.desk.document.close())
    made.resize(1440, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.finish_loading()
    made.open_example("sleepstudy")
    qtbot.waitUntil(lambda: made.desk.document.active_fit.state is FitState.FITTED, timeout=20_000)
    yield made
    qapp.setStyleSheet("")


def help_of(window: MainWindow) -> HelpDialog:
    found = window.findChild(HelpDialog)
    assert isinstance(found, HelpDialog)
    return found


def test_every_tab_has_a_page() -> None:
    assert {key for key, _, _ in TABS} <= {found.key for found in pages()}


def test_every_panel_named_exists_and_has_a_page() -> None:
    names = [found.name for found in pkgutil.walk_packages(mlgui.gui.__path__, "mlgui.gui.")]
    classes = {name for module in names for name in vars(importlib.import_module(module))}
    assert set(PAGE_OF) <= classes
    assert set(PAGE_OF.values()) <= {found.key for found in pages()}


@pytest.mark.parametrize("shown", pages(), ids=lambda found: found.key)
def test_every_link_leads_somewhere(shown: Page) -> None:
    place = next(path for path in [resources() / folder / f"{shown.key}.md" for folder in FOLDERS] if path.is_file())
    for link in shown.links:
        file, _, heading = link.partition("#")
        assert not file or (place.parent / file).is_file(), link
        target = next((found for found in pages() if found.key == (key_of(link) or shown.key)), None)
        assert target is not None, link
        assert not heading or heading in {slug(text) for text in target.headings}, link


def test_the_contents_hold_every_page_once() -> None:
    files = [path.stem for folder in FOLDERS for path in (resources() / folder).glob("*.md")]
    assert sorted(found.key for found in pages()) == sorted(files)
    assert all(section.title for section in sections()[1:])


def test_pages_show_no_pictures_and_no_comments() -> None:
    assert not [found.key for found in pages() if "![" in found.text or "<!--" in found.text or r"\|" in found.text]


def test_the_glossary_says_each_thing_once() -> None:
    terms = glossary_terms()
    assert len(terms) >= 60
    assert len({slug(term) for term in terms}) == len(terms)
    assert sorted(terms, key=str.casefold) == list(terms)


def test_a_search_finds_pages_by_all_words() -> None:
    assert search("pooling dial")[0].key in ("shrinkage", "glossary")
    assert search("league tables")[0].key == "groups"
    assert search("xyzzy") == ()
    assert search("") == pages()


def test_f1_opens_the_page_of_the_tab(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workspace is not None
    for key, _, _ in TABS:
        window.show_view(key)
        window.workspace.centre.bar.setFocus()
        window.actions_by_id["help"].trigger()
        assert help_of(window).key == window.page_on_show() == key


def test_f1_in_a_panel_opens_its_page(window: MainWindow) -> None:
    workspace = window.workspace
    assert workspace is not None
    assert page_for(workspace.left.data.search) == "columns"
    assert page_for(workspace.left.model.outcome) == "model"
    assert page_for(workspace.left.equation.view) == "equation"
    assert page_for(workspace.explain._fold) == "explain"
    assert page_for(window.start_page) == "start"


def test_f1_in_a_dialog_opens_beside_it(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_id["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_F1)
    shown = dialog.findChild(HelpDialog)
    assert isinstance(shown, HelpDialog) and shown.key == "export" and shown.isVisible()
    shown.close()
    dialog.reject()


def test_links_search_and_back(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_id["contents"].trigger()
    shown = help_of(window)
    shown.browser.anchorClicked.emit(QUrl("glossary.md#shrinkage"))
    assert shown.key == "glossary"
    assert shown.browser.textCursor().block().text() == "Shrinkage"
    assert shown.browser.verticalScrollBar().value() > 0
    qtbot.mouseClick(shown.back, Qt.MouseButton.LeftButton)
    assert shown.key == "index" and not shown.back.isEnabled()
    shown.search.setText("league tables")
    assert shown.contents.count() == 1
    qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    assert shown.key == "groups"
    shown.search.setText("xyzzy")
    assert shown.contents.count() == 0 and shown.found.text() == "No page has these words."


def test_the_sheet_lists_every_command(window: MainWindow) -> None:
    window.actions_by_id["shortcuts"].trigger()
    sheet = window.findChild(ShortcutSheet)
    assert isinstance(sheet, ShortcutSheet)
    listed = {sheet.table.item(row, 0).text(): sheet.table.item(row, 1).text() for row in range(sheet.table.rowCount())}
    for action in window.actions_by_id.values():
        assert listed[action.text().replace("&&", "&")] == action.shortcut().toString()
    sheet.search.setText("undo")
    assert sheet.table.rowCount() == 2
    sheet.accept()


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    actions = [*window.actions_by_id.values(), *window.menus.tabs.actions()]
    keys = [action.shortcut().toString() for action in actions if not action.shortcut().isEmpty()]
    assert len(set(keys)) == len(keys)
    assert all(not action.shortcut().isEmpty() for action in window.menus.tabs.actions())  # every view has a key


@pytest.mark.parametrize("language", [*LANGUAGES[1:], LANGUAGES[0]])
def test_the_help_opens_whatever_the_language(window: MainWindow, qtbot: QtBot, language: str) -> None:
    use_language(language, resources() / "languages")
    try:
        shown = HelpDialog(window.desk.theme)
        qtbot.addWidget(shown)
        for found in pages():
            shown.show_page(found.key)
            assert shown.browser.document().toPlainText().startswith(found.title)
        assert (shown.back.text() == "Back") == (language == LANGUAGES[0])
    finally:
        use_language(LANGUAGES[0], resources() / "languages")
