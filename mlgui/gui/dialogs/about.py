"""What this program is, by which licence, with which versions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlgui import __version__
from mlgui.gui.icons import pixmap
from mlgui.gui.log import environment
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.words import tr


class AboutDialog(QDialog):
    """Name, version, licence; a button that copies the versions."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch()
        row.addWidget(close)
        return row


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
