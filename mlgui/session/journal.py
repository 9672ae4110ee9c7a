"""The journal: unsaved work of one running window on disk, so that a crash loses seconds. Never the user's own file.

    journal = Journal()                       # of this window; nothing is written before there is something to lose
    journal.write(snapshot, path="a.mlgui")   # slow with a large new table: not in the thread of the window
    journal.clear()                           # everything is saved
    journal.close()                           # the window closes in peace
    for found in abandoned(): recover(found)  # journals whose process is gone; then `found.discard()`

One folder a window, private to the user:

    lock           held by the running process; the system lets go of it however the process ends
    <n>.mlgui      the project as it was when its table was last changed: tables are large and change seldom
    journal.json   which of these, and the models of now; replaced atomically, which is the moment that counts
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlgui.errors import UserError
from mlgui.progress import OnStep, ignore_steps
from mlgui.session.archive import damaged, unwritable, write_atomically
from mlgui.session.settings import FOLDER_VARIABLE as SETTINGS_VARIABLE

if TYPE_CHECKING:  # the window asks for abandoned journals before numpy is imported
    from mlgui.data.table import Table
    from mlgui.session.models import Snapshot
    from mlgui.session.project import Opened

FOLDER_VARIABLE = "MLGUI_STATE"
FORMAT, VERSION = "mlgui-journal", 1
_PREFIX = "window-"
_LARGEST = 64 * 2**20


def journal_folder() -> Path:
    """Return the folder of all journals: in MLGUI_STATE where it is set, else beside own settings, else the system's place."""
    chosen, settings = os.environ.get(FOLDER_VARIABLE), os.environ.get(SETTINGS_VARIABLE)
    if chosen or settings:
        return Path(chosen or settings or "") / "recovery"
    from platformdirs import user_state_path

    return user_state_path("mlgui", appauthor=False) / "recovery"


class Journal:
    """What one window would leave behind. Not for two threads at once."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or journal_folder()
        self._folder: Path | None = None
        self._lock: int | None = None
        self._number = 0
        self._table: Table | None = None

    def write(self, snapshot: Snapshot, path: str | None = None, on_step: OnStep = ignore_steps) -> None:
        """Store a state of the document; path is the project it belongs to. UserError where the disk refuses."""
        from mlgui.session.project import document_entry, save_project

        if snapshot.table is None:
            return
        folder = self._own_folder()
        if snapshot.table is not self._table:
            self._number += 1
            save_project(folder / f"{self._number}.mlgui", snapshot, on_step, keep_previous=False)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        stored = {"format": FORMAT, "version": VERSION, "when": when, "path": path, "project": f"{self._number}.mlgui"}
        stored["document"] = document_entry(snapshot)
        write_atomically(folder / "journal.json", json.dumps(stored).encode("ascii"))
        self._table = snapshot.table
        with suppress(OSError):  # what is stale costs room, nothing else
            for old in folder.glob("*.mlgui"):
                if old.stem != str(self._number):
                    old.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget what was written: it is saved, or was given up."""
        self._table = None
        if self._folder is not None:
            _forget(self._folder)

    def close(self) -> None:
        """Leave nothing behind."""
        self.clear()
        if self._folder is not None and self._lock is not None:
            os.close(self._lock)
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._lock = None

    def _own_folder(self) -> Path:
        """Return the folder of this window, made and locked at the first use."""
        if self._folder is None:
            try:
                self._root.mkdir(parents=True, exist_ok=True)
                folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._root))
                self._lock = _locked(folder)
            except OSError as error:
                raise unwritable(self._root, error) from error
            self._folder = folder
        return self._folder


@dataclass(frozen=True, kw_only=True, eq=False)
class Abandoned:
    """A journal whose window is gone, held so that no other window offers it too.

    when: of the last writing, UTC. path: the project it belongs to, None for work that was never saved.
    """

    folder: Path
    name: str
    when: datetime
    path: str | None
    n_models: int
    lock: int

    def release(self) -> None:
        """Leave it for the next start."""
        os.close(self.lock)

    def discard(self) -> None:
        """Delete it."""
        _forget(self.folder)
        os.close(self.lock)
        shutil.rmtree(self.folder, ignore_errors=True)


def abandoned(root: Path | None = None) -> tuple[Abandoned, ...]:
    """Return the journals whose process is gone, the newest first. Those that hold nothing are tidied away."""
    root = root or journal_folder()
    found = []
    for folder in sorted(root.glob(f"{_PREFIX}*")) if root.is_dir() else ():
        with suppress(OSError):
            lock = _locked(folder) if (folder / "lock").exists() else None
            if lock is not None:
                entry = _entry(folder, lock)
                found += [entry] if entry is not None else []
    return tuple(sorted(found, key=lambda entry: entry.when, reverse=True))


def recover(entry: Abandoned, on_step: OnStep = ignore_steps) -> Opened:
    """Return what a journal holds. UserError where it is damaged."""
    from mlgui.session.project import models_from, open_project

    try:
        stored = _stored(entry.folder)
        opened = open_project(entry.folder / Path(str(stored["project"])).name, on_step)
        models, active = models_from(stored["document"])
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError, UserError) as error:
        raise damaged(Path(entry.name)) from error
    return replace(opened, models=models, active=active)


def project_of(entry: Abandoned) -> str | None:
    """Return the project that recovered work may be saved to; None where it is gone or was saved to since."""
    if entry.path is None:
        return None
    try:
        changed = Path(entry.path).stat().st_mtime
    except OSError:
        return None
    return entry.path if changed < entry.when.timestamp() + 1 else None  # `when` has whole seconds


def _entry(folder: Path, lock: int) -> Abandoned | None:
    """Return an abandoned journal; None, and nothing left of it, where its window had nothing to lose."""
    if not (folder / "journal.json").exists():
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
        return None
    try:
        stored = _stored(folder)
        when, path, document = datetime.fromisoformat(stored["when"]), stored["path"], stored["document"]
        source, n_models = document["source"], len(document["models"])
        name = Path(path).stem if path else str(source["title"] or source["name"])
        return Abandoned(folder=folder, name=name, when=when.astimezone(UTC), path=path, n_models=n_models, lock=lock)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        os.close(lock)  # kept: nobody could read it here, which is no reason to delete somebody's work
        return None


def _stored(folder: Path) -> dict[str, Any]:
    with (folder / "journal.json").open("rb") as file:
        stored = json.loads(file.read(_LARGEST))
    if not isinstance(stored, dict) or stored.get("format") != FORMAT or stored.get("version") != VERSION:
        raise ValueError("no journal of this version")
    return stored


def _forget(folder: Path) -> None:
    """Delete what a journal holds: first the file that counts, so that no half of it is ever offered."""
    with suppress(OSError):
        (folder / "journal.json").unlink(missing_ok=True)
        for project in folder.glob("*.mlgui"):
            project.unlink(missing_ok=True)


def _locked(folder: Path) -> int:
    """Return the open lock file of a journal, held until closed or this process ends. OSError if another one holds it."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock)
    except OSError:
        os.close(lock)
        raise
    return lock


if sys.platform == "win32":
    import msvcrt

    def _take(lock: int) -> None:
        msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(lock: int) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
