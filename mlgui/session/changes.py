"""What changed, and who changed it."""

from __future__ import annotations

from enum import Flag, auto


class Change(Flag):
    """Parts of a document. A view redraws when a flag it shows is set, unless it made the change itself."""

    TABLE = auto()
    MODELS = auto()
    ACTIVE = auto()
    FIT = auto()
    SELECTION = auto()
    SETTINGS = auto()
    HISTORY = auto()
    FILE = auto()
