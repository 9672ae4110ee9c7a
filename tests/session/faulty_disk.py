"""A disk that fails or a process that dies at one chosen operation, for tests of what is left on disk afterwards.

count, _ = operations(save)                  # what a save asks of the system, in order
with fault(7, "ENOSPC"): save()              # operation 7 fails
with fault(7, "kill"): save()                # raises Killed; nothing the program does afterwards reaches the disk
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

ERRORS = ("ENOSPC", "EIO", "EACCES")
FAULTS = (*ERRORS, "full", "kill", "killed after")
"""One error of the system; a disk full from that operation on; the end of the process before and after an operation."""
_NEEDS_ROOM = ("write", "flush", "fsync", "mkstemp", "copy", "link", "mkdir")
PIECE = 1024
"""Bytes per write: the real system may stop anywhere inside a large one."""
_SYSTEM = ("fsync", "link", "replace", "chmod", "unlink", "stat", "mkdir", "open")


class Killed(BaseException):
    """The process was killed here."""


class Disk:
    """Counts operations, and lets the chosen one fail."""

    def __init__(self, at: int, how: str) -> None:
        self.seen: list[str] = []
        self._at, self._how = at, how
        self._dead = False

    def do(self, name: str, operation: Callable[[], Any], torn: Callable[[], Any] | None = None) -> Any:
        """Do one operation, or what becomes of it. torn: what a failing one may leave half done."""
        if self._dead:
            raise Killed
        self.seen.append(name)
        reached = self._at >= 0 and len(self.seen) > self._at
        if self._how == "full" and reached and name in _NEEDS_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._how == "full" or len(self.seen) - 1 != self._at:
            return operation()
        if torn is not None:
            torn()
        if self._how in ERRORS:
            number = getattr(errno, self._how)
            raise OSError(number, os.strerror(number))
        self._dead = True
        if self._how == "killed after" and torn is None:
            operation()
        raise Killed

    def file(self, opened: Any) -> Any:
        """Return an open file whose writes are operations."""
        return _File(opened, self)


class _File:
    def __init__(self, opened: Any, disk: Disk) -> None:
        self._opened, self._disk = opened, disk

    def write(self, content: bytes) -> int:
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            half = piece[: len(piece) // 2]
            self._disk.do("write", lambda piece=piece: self._opened.write(piece), lambda half=half: self._opened.write(half))
        return len(content)

    def flush(self) -> None:
        self._disk.do("flush", self._opened.flush)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()  # the system closes files of the dead as well

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)


@contextmanager
def fault(at: int, how: str) -> Iterator[Disk]:
    """Let operation `at` (from 0; -1 for none) of what is done inside end as `how` says."""
    disk = Disk(at, how)
    real_mkstemp, real_fdopen, real_copy = tempfile.mkstemp, os.fdopen, shutil.copy2

    def wrapped(name: str, real: Any) -> Any:
        return lambda *args, **options: disk.do(name, lambda: real(*args, **options))

    changes = [
        patch("mlgui.session.archive.tempfile.mkstemp", wrapped("mkstemp", real_mkstemp)),
        patch("mlgui.session.archive.shutil.copy2", wrapped("copy", real_copy)),
        patch("mlgui.session.archive.os.fdopen", lambda *args: disk.file(real_fdopen(*args))),
        *(patch(f"os.{name}", wrapped(name, getattr(os, name))) for name in _SYSTEM),
    ]
    for change in changes:
        change.start()
    try:
        yield disk
    finally:
        for change in changes:
            change.stop()


def operations(work: Callable[[], object]) -> list[str]:
    """Return the names of the operations that `work` does when nothing fails."""
    with fault(-1, "") as disk:
        work()
    return disk.seen
