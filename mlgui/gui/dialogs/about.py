"""What this program is, by which licence, with which versions; and the licences of everything it is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from mlgui import __version__
from mlgui.gui.icons import pixmap
from mlgui.gui.log import environment
from mlgui.gui.room import within_window
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.licences import licence_texts, other_texts, parts
from mlgui.words import tr

_TEXT = Qt.ItemDataRole.UserRole


class AboutDialog(QDialog):
    """Name, version, licence; buttons that copy the versions and show the licences of the parts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(tr("About mlgui"))
        self.setAccessibleName(tr("About mlgui"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(theme.px(460))
        picture = QLabel()
        picture.setPixmap(pixmap("app", theme, "accent", 64, 3.0))
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(_words(), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 22, 24, 18)
        whole.setSpacing(18)
        whole.addLayout(top)
        whole.addLayout(self._buttons())
        self.ensurePolished()
        whole.activate()
        self.setMinimumHeight(whole.totalHeightForWidth(self.width()))

    def _buttons(self) -> QHBoxLayout:
        copy = button(tr("Copy versions"), "flat")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(environment()))
        self.to_licences = button(tr("Licences of all parts"), "flat")
        self.to_licences.clicked.connect(lambda: LicencesDialog(self._theme, self).open())
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addWidget(self.to_licences)
        row.addStretch()
        row.addWidget(close)
        return row


class LicencesDialog(QDialog):
    """The parts at the left, the licence texts of the chosen one at the right, as they are installed here."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(tr("Licences of all parts"))
        self.setAccessibleName(tr("Licences of all parts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Parts"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Licence"))
        self.text.setReadOnly(True)
        self.list.currentItemChanged.connect(self._show)
        self._fill()
        self._lay_out()
        self.resize(self.sizeHint())
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def sizeHint(self) -> QSize:
        return within_window(self, self._theme.px(860), self._theme.px(600))

    def _fill(self) -> None:
        """List mlgui, its libraries, and what is no library: fonts, Qt, Python."""
        for part in parts():
            item = QListWidgetItem(f"{part.name} {part.version}")
            stated = tr("{name} {version}: {licence}").format(name=part.name, version=part.version, licence=part.licence)
            item.setData(_TEXT, _joined((("", stated), *licence_texts(part.name))))
            self.list.addItem(item)
        for name, text in other_texts():
            item = QListWidgetItem(name)
            item.setData(_TEXT, text)
            self.list.addItem(item)

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(14)
        both.addWidget(self.list, 2)
        both.addWidget(self.text, 5)
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 14)
        whole.setSpacing(12)
        whole.addLayout(both)
        whole.addLayout(foot)

    def _show(self, item: QListWidgetItem | None) -> None:
        self.text.setPlainText(str(item.data(_TEXT)) if item is not None else "")


def _joined(texts: tuple[tuple[str, str], ...]) -> str:
    """Return several files as one text, each under its name."""
    return "\n\n".join(f"{name}\n{'─' * len(name)}\n{text.strip()}" if name else text for name, text in texts)


def _words() -> QVBoxLayout:
    """Return name, version, licence and the versions of the parts, one below the other."""
    words = QVBoxLayout()
    words.setSpacing(6)
    words.addWidget(label("mlgui", "start-title"))
    words.addWidget(label(tr("Version {version}").format(version=__version__), "secondary"))
    words.addWidget(label(tr("Multilevel regression by point and click, with varying coefficients modelled too."), wrap=True))
    licence = tr(
        "Free software under the GNU General Public License, version 3 or later; it comes without any warranty. "
        "The fonts Inter and STIX are under the SIL Open Font License."
    )
    words.addWidget(label(licence, "secondary", wrap=True))
    words.addWidget(label(environment(), "caption", wrap=True, selectable=True))
    return words
