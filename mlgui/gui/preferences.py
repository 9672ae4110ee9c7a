"""The user's preferences while the window is open, written to disk at every change."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, Signal

from mlgui.errors import UserError
from mlgui.results.numbers import Writing, use_writing
from mlgui.session.settings import Settings, load_settings, save_settings, with_pinned, with_recent, without_recent
from mlgui.session.wordings import follow_wording

_LOG = logging.getLogger(__name__)


def decimal_comma(settings: Settings) -> bool:
    """Return whether numbers have a decimal comma; the system's mark where none was chosen."""
    system = QLocale.system().decimalPoint() == ","
    return {"system": system, "comma": True}.get(settings.decimal_mark, False)


def follow_preferences(settings: Settings) -> tuple[str, Writing]:
    """Name things and write numbers from now on as the settings say; return what they say."""
    writing = Writing(decimals=settings.digits, p_decimals=settings.p_decimals, comma=decimal_comma(settings))
    follow_wording(settings.wording)
    use_writing(writing)
    return settings.wording, writing


class Preferences(QObject):
    """Settings that announce their changes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = load_settings()

    def update(self, **values: Any) -> None:
        """Change preferences by name and store them."""
        self._take(replace(self.settings, **values))

    def remember(self, path: Path, summary: str) -> None:
        """Put a file first among the recent ones."""
        self._take(replace(with_recent(self.settings, path, summary), last_folder=str(path.absolute().parent)))

    def pin(self, path: str, pinned: bool) -> None:
        """Keep a recent file at the head of the list, or let it go with time again."""
        self._take(with_pinned(self.settings, path, pinned))

    def forget(self, path: str) -> None:
        """Take a file off the list of recent ones."""
        self._take(without_recent(self.settings, path))

    def _take(self, settings: Settings) -> None:
        if settings == self.settings:
            return
        self.settings = settings
        try:
            save_settings(settings)
        except (OSError, UserError):
            _LOG.info("Preferences could not be stored", exc_info=True)
        self.changed.emit()
