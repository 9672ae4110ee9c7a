"""Files that are never half written, and zip files that cannot hurt the reader."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from mlgui.errors import UserError
from mlgui.words import tr

_LOG = logging.getLogger(__name__)

MAX_MEMBERS = 64
MAX_TOTAL = 4 * 2**30
MAX_RATIO = 100
FAST = 1
"""Compression level: digits of floats compress badly, and the usual level takes several times as long for 6 % less."""
RATIO_MATTERS_FROM = 16 * 2**20
"""Small members may compress as they like; beyond this size a ratio above MAX_RATIO is a zip bomb, not data."""


def write_atomically(
    path: Path, content: bytes, verify: Callable[[Path], None] | None = None, previous: Path | None = None
) -> None:
    """Write `content` to `path` so that a crash leaves the old file or the new one, never a part.

    verify: reads the finished temporary file back and raises if it is not what was meant; then the old file stays.
    previous: where the old file is kept, if its content differs. UserError where the folder cannot be written.
    """
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if verify is not None:
            verify(temporary)
        temporary.chmod(_mode_for(target))
        if previous is not None and target.exists() and not _holds(target, content):
            _keep(target, previous)
        temporary.replace(target)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _holds(path: Path, content: bytes) -> bool:
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _keep(target: Path, previous: Path) -> None:
    """Give the file `target` a second name, taking the place of what bore it: a link where the disk knows links, else a copy.

    A disk on which this fails can still be saved to: the work of today matters more than the version before it.
    """
    spare = previous.with_name(f".{previous.name}.part")
    try:
        spare.unlink(missing_ok=True)
        try:
            os.link(target, spare)
        except OSError:
            shutil.copy2(target, spare)
        spare.replace(previous)
    except OSError:
        _LOG.info("The previous version could not be kept", exc_info=True)
    finally:
        with suppress(OSError):
            spare.unlink(missing_ok=True)


def _mode_for(target: Path) -> int:
    """Return the permissions the new file should have: the old file's, or those of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself durable, where the system lets folders be synced (not on Windows)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unwritable(path: Path, error: OSError) -> UserError:
    """Return the error for a file that the system does not let us write."""
    return UserError(
        tr("{name} could not be written.").format(name=path.name),
        tr("The system says: {reason}.").format(reason=error.strerror or str(error)),
        tr("Save it to another folder, or free some space. What was there before is untouched."),
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file of named members, in order. The first is stored uncompressed, as file-type detectors want it."""
    stored = {next(iter(members), "")}
    content, swollen = _zipped(members, stored)
    if swollen:  # data so uniform that our own reader would take them for a bomb
        content, _ = _zipped(members, stored | swollen)
    return content


def _zipped(members: Mapping[str, bytes], stored: set[str]) -> tuple[bytes, set[str]]:
    """Return a zip file and the names of members that compress suspiciously well."""
    with tempfile.SpooledTemporaryFile(max_size=64 * 2**20) as buffer:
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in members.items():
                # A fixed date, so that the same document always gives the same bytes.
                information = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
                archive.writestr(information, content, method, FAST)
            swollen = {information.filename for information in archive.infolist() if _is_swollen(information)}
        buffer.seek(0)
        return buffer.read(), swollen


def read_members(path: Path, names: Mapping[str, int]) -> dict[str, bytes]:
    """Return the named members of a zip file; `names` gives the most bytes each may have.

    Nothing is unpacked to disk and no other member is touched. UserError where the file is no zip file, lacks a
    member, or is built to exhaust memory.
    """
    if path.exists() and not path.is_file():  # reading a pipe or a device might never end
        raise damaged(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive, path)
            return {name: _member(archive, name, limit, path) for name, limit in names.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise damaged(path) from error
    except OSError as error:
        raise UserError(
            tr("{name} could not be opened.").format(name=path.name),
            tr("The system says: {reason}.").format(reason=error.strerror or str(error)),
            tr("Check that the file is still there and that you may read it."),
        ) from error


def _check_sizes(archive: zipfile.ZipFile, path: Path) -> None:
    infos = archive.infolist()
    swollen = any(_is_swollen(info) for info in infos)
    doubled = len({info.filename for info in infos}) < len(infos)
    if swollen or doubled or len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise UserError(
            tr("{name} was not opened.").format(name=path.name),
            tr("It is built in a way no project of this program is, and reading it could fill the memory."),
            tr("Ask where the file comes from; a project that you saved yourself looks different."),
        )


def _is_swollen(info: zipfile.ZipInfo) -> bool:
    return info.file_size >= RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _member(archive: zipfile.ZipFile, name: str, limit: int, path: Path) -> bytes:
    try:
        with archive.open(name) as member:
            content = member.read(limit + 1)
    except KeyError as error:
        raise damaged(path) from error
    if len(content) > limit:
        raise damaged(path)
    return content


def damaged(path: Path) -> UserError:
    """Return the error for a file that is not a whole project."""
    return UserError(
        tr("{name} is not a whole mlgui project.").format(name=path.name),
        tr("Part of it is missing or was changed after it was saved."),
        tr("Open a backup copy, or start again from the data file."),
    )
