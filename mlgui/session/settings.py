"""Preferences and recent files: what the program remembers between two starts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlgui.session.archive import unwritable, write_atomically
from mlgui.words import LANGUAGES

FOLDER_VARIABLE = "MLGUI_SETTINGS"
RECENT_LIMIT = 12
THEMES = ("system", "light", "dark", "contrast", "contrast_dark")
WORDINGS = ("multilevel", "mixed", "hlm")
TEXT_SIZES = (90, 300)
DIGITS = (0, 8)
LANGUAGE_CHOICES = ("system", *LANGUAGES)
DECIMAL_MARKS = ("system", "point", "comma")
P_DECIMALS = (2, 6)


@dataclass(frozen=True, kw_only=True)
class RecentFile:
    """A file opened before. when: ISO time, UTC. summary: one line ("7,185 rows, 2 models"). pinned: stays first, and is kept."""

    path: str
    name: str
    when: str
    summary: str = ""
    pinned: bool = False


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Preferences.

    language: of LANGUAGE_CHOICES, from the next start on. theme: of THEMES. text_size: percent, 90 to 300. wording: of
    WORDINGS, the names of things on labels.
    digits: decimals shown. auto_fit: fit after every change. explain: whether the right-hand dock is open.
    byte_order_mark: begin CSV files so that spreadsheets see UTF-8. last_folder: where file dialogs open.
    apa, decimal_mark, p_decimals: how tables for people are written (copies, documents); decimal_mark is of DECIMAL_MARKS.
    window: opaque text of the window's place and docks. recent: pinned files first, then newest first.
    """

    language: str = "system"
    theme: str = "system"
    text_size: int = 100
    wording: str = "multilevel"
    digits: int = 2
    auto_fit: bool = True
    explain: bool = True
    byte_order_mark: bool = True
    apa: bool = True
    decimal_mark: str = "system"
    p_decimals: int = 3
    last_folder: str = ""
    window: str = ""
    recent: tuple[RecentFile, ...] = ()


def settings_folder() -> Path:
    """Return the folder of the settings: MLGUI_SETTINGS where it is set, else the system's place for them."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_config_path

    return user_config_path("mlgui", appauthor=False)


def load_settings(folder: Path | None = None) -> Settings:
    """Return the stored settings. What is missing, damaged or out of range is the default; nothing is raised."""
    try:
        stored = json.loads(_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    return settings_from(stored) if isinstance(stored, dict) else Settings()


def settings_from(stored: Mapping[str, Any]) -> Settings:
    """Return settings made of what is valid in `stored`."""
    good = {name: stored[name] for name, valid in _VALID.items() if name in stored and valid(stored[name])}
    return Settings(**good, recent=_recent_from(stored.get("recent")))


def save_settings(settings: Settings, folder: Path | None = None) -> None:
    """Store settings; UserError where that is impossible."""
    file = _file(folder)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(file, error) from error
    text = json.dumps({"version": 1, **asdict(settings)}, indent=1, ensure_ascii=False)
    write_atomically(file, text.encode("utf-8", "replace"))


def with_recent(settings: Settings, path: Path, summary: str, now: datetime | None = None) -> Settings:
    """Return settings in which `path` is the most recent file; one that was pinned stays so."""
    when = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    name = str(path.absolute())
    pinned = any(recent.pinned for recent in settings.recent if recent.path == name)
    entry = RecentFile(path=name, name=path.name, when=when, summary=summary, pinned=pinned)
    return replace(settings, recent=_in_order((entry, *without_recent(settings, name).recent)))


def with_pinned(settings: Settings, path: str, pinned: bool) -> Settings:
    """Return settings in which one recent file is pinned, or no longer is."""
    changed = [replace(recent, pinned=pinned) if recent.path == path else recent for recent in settings.recent]
    return replace(settings, recent=_in_order(sorted(changed, key=lambda file: file.when, reverse=True)))


def _in_order(newest: Iterable[RecentFile]) -> tuple[RecentFile, ...]:
    """Return as many of the recent files, newest first, as are remembered: pinned ones first."""
    return tuple(sorted(newest, key=lambda file: not file.pinned))[:RECENT_LIMIT]


def without_recent(settings: Settings, path: str) -> Settings:
    """Return settings that have forgotten one file."""
    return replace(settings, recent=tuple(recent for recent in settings.recent if recent.path != path))


def _file(folder: Path | None) -> Path:
    return (folder or settings_folder()) / "settings.json"


def _recent_from(stored: object) -> tuple[RecentFile, ...]:
    names = [field.name for field in fields(RecentFile) if field.name != "pinned"]
    entries = stored if isinstance(stored, list) else []
    whole = (e for e in entries if isinstance(e, dict) and all(isinstance(e.get(name), str) for name in names))
    files = (RecentFile(**{name: entry[name] for name in names}, pinned=entry.get("pinned") is True) for entry in whole)
    return tuple(files)[:RECENT_LIMIT]


def _whole_number(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _one_of(choices: tuple[str, ...]) -> Callable[[object], bool]:
    return lambda value: value in choices


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


_VALID: dict[str, Callable[[object], bool]] = {
    "language": _one_of(LANGUAGE_CHOICES),
    "theme": _one_of(THEMES),
    "text_size": _whole_number(*TEXT_SIZES),
    "wording": _one_of(WORDINGS),
    "digits": _whole_number(*DIGITS),
    "auto_fit": _is_switch,
    "explain": _is_switch,
    "byte_order_mark": _is_switch,
    "apa": _is_switch,
    "decimal_mark": _one_of(DECIMAL_MARKS),
    "p_decimals": _whole_number(*P_DECIMALS),
    "last_folder": _is_text,
    "window": _is_text,
}
