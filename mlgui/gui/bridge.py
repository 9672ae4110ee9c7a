"""The document's announcements as one Qt signal.

    bridge = Bridge(document)
    bridge.changed.connect(self._on_changed)        # (Change flags, origin)

    def _on_changed(self, change: Change, origin: object) -> None:
        if origin is not self and change & (Change.MODELS | Change.ACTIVE): ...

A slot of a QObject is disconnected by Qt when that object goes; a bare `document.subscribe` would keep it alive.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mlgui.session.changes import Change
from mlgui.session.document import Document


class Bridge(QObject):
    """Re-emits every change of one document."""

    changed = Signal(object, object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        document.subscribe(self._on_announced)

    def _on_announced(self, change: Change, origin: object) -> None:
        self.changed.emit(change, origin)
