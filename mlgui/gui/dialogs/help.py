"""The help: contents and search at the left, the page at the right. It stays open beside the work."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

from mlgui.gui.help.context import page_for
from mlgui.gui.help.library import Page, key_of, page, search, sections, slug
from mlgui.gui.room import within_window
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import SearchField, button, label
from mlgui.words import ntr, tr

_KEY = Qt.ItemDataRole.UserRole
_BESIDE_PX, _WIDEST_PX = 24, 330


class HelpDialog(QDialog):
    """All pages of the help. `show_page(key)` turns to one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trail: list[str] = []
        self.setWindowTitle(tr("Help"))
        self.setAccessibleName(tr("Help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._list_pages()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return within_window(self, self._theme.px(940), self._theme.px(640))

    def _make_parts(self) -> None:
        self.search = SearchField(tr("Search the help"), self._theme)
        self.contents = QListWidget()
        self.contents.setAccessibleName(tr("Pages of the help"))
        self.contents.setObjectName("pages")
        self.found = label("", "caption", wrap=True)
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(tr("Page"))
        self.browser.setOpenLinks(False)
        self.browser.document().setDocumentMargin(self._theme.px(20))
        self.back = button(tr("Back"), "small")
        self.to_glossary = button(tr("Glossary"), "small")
        self.close_button = button(tr("Close"), "small")

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        for part in (self.search, self.found, self.contents):
            left.addWidget(part)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addWidget(self.to_glossary)
        foot.addStretch()
        foot.addWidget(self.close_button)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.browser, 1)
        right.addLayout(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 14)
        whole.setSpacing(14)
        whole.addLayout(left, 1)
        whole.addLayout(right, 3)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._list_pages)
        self.search.returnPressed.connect(self._open_first)
        self.contents.currentItemChanged.connect(self._on_current)
        self.browser.anchorClicked.connect(self._on_link)
        self.back.clicked.connect(self.go_back)
        self.to_glossary.clicked.connect(lambda: self.show_page("glossary"))
        self.close_button.clicked.connect(self.close)
        self._theme.changed.connect(self._on_theme_changed)

    @property
    def key(self) -> str:
        """Key of the page on show, "" before the first."""
        return self._trail[-1] if self._trail else ""

    def show_page(self, key: str, heading: str = "") -> None:
        """Turn to a page, and to the heading of this slug."""
        shown = page(key)
        if shown.key != self.key:
            self._trail.append(shown.key)
        self._show(heading)

    def go_back(self) -> None:
        """Turn to the page before."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._show("")

    def _show(self, heading: str) -> None:
        shown = page(self.key)
        self.browser.setMarkdown(shown.text)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        self.browser.setAccessibleName(shown.title)
        self.back.setEnabled(len(self._trail) > 1)
        self._mark_current()
        if heading:
            self._scroll_to(heading)

    def _scroll_to(self, heading: str) -> None:
        """Bring a heading to the top; Markdown leaves no anchors, so its block is looked for."""
        block = self.browser.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and slug(block.text()) == heading:
                top = self.browser.document().documentLayout().blockBoundingRect(block).top()
                self.browser.setTextCursor(QTextCursor(block))
                self.browser.verticalScrollBar().setValue(round(top))
                return
            block = block.next()

    def _list_pages(self) -> None:
        query = self.search.text().strip()
        hits = search(query)
        self.contents.blockSignals(True)
        self.contents.clear()
        if query:
            self._add_pages(hits)
        else:
            for section in sections():
                self._add_section(section.title)
                self._add_pages(section.pages)
        self.contents.blockSignals(False)
        self.found.setVisible(bool(query))
        number = ntr("{n} page", "{n} pages", len(hits)).format(n=len(hits))
        self.found.setText(number if hits else tr("No page has these words."))
        self.contents.setMinimumWidth(min(self.contents.sizeHintForColumn(0) + _BESIDE_PX, self._theme.px(_WIDEST_PX)))
        self._mark_current()

    def _add_section(self, title: str) -> None:
        if not title:
            return
        item = QListWidgetItem(title)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self.contents.addItem(item)

    def _add_pages(self, shown: tuple[Page, ...]) -> None:
        for found in shown:
            item = QListWidgetItem(found.title)
            item.setData(_KEY, found.key)
            self.contents.addItem(item)

    def _mark_current(self) -> None:
        self.contents.blockSignals(True)
        for row in range(self.contents.count()):
            if self.contents.item(row).data(_KEY) == self.key:
                self.contents.setCurrentRow(row)
        self.contents.blockSignals(False)

    def _open_first(self) -> None:
        if self.contents.count():
            self._open_found(self.contents.item(0))

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._open_found(item)

    def _open_found(self, item: QListWidgetItem) -> None:
        self.show_page(str(item.data(_KEY)))
        query = self.search.text().strip()
        if query:
            self.browser.find(query)

    def _on_link(self, url: QUrl) -> None:
        self.show_page(key_of(url.path()) or self.key, url.fragment())

    def _on_theme_changed(self) -> None:
        if self._trail:
            self._show("")


def show_help(key: str, theme: Theme, parent: QWidget) -> HelpDialog:
    """Show a page of the help beside `parent`, in the window of help that is open there already if there is one."""
    found = parent.findChild(HelpDialog)
    dialog = found if isinstance(found, HelpDialog) else HelpDialog(theme, parent)
    dialog.show_page(key)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog


def add_help_key(dialog: QDialog, theme: Theme) -> None:
    """Let F1 open the page of a dialog: one that blocks the main window blocks the keys of its menus too."""
    shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), dialog)
    shortcut.activated.connect(lambda: show_help(page_for(dialog), theme, dialog))
