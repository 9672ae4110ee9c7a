"""Project files built to do harm. `HOSTILE` maps a name to what writes the file, starting from an honest one beside it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

MEGABYTE = 2**20
Maker = Callable[[Path, Path], None]


def members(honest: Path) -> dict[str, bytes]:
    """Return what an honest project holds."""
    with zipfile.ZipFile(honest) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def write(path: Path, content: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    """Write a project whose checksums are right, so that nothing is refused for those alone."""
    changed = dict(content)
    try:
        manifest = json.loads(changed["manifest.json"])
        manifest["sha256"] = {name: hashlib.sha256(changed[name]).hexdigest() for name in manifest["sha256"]}
        changed["manifest.json"] = json.dumps(manifest).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        pass  # the manifest itself is the attack
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, data in changed.items():
            packed.writestr(name, data)


def member(name: str, data: bytes | Callable[[], bytes], method: int = zipfile.ZIP_DEFLATED) -> Maker:
    """Return what replaces one member."""
    return lambda path, honest: write(path, members(honest) | {name: data if isinstance(data, bytes) else data()}, method)


def changed(name: str, change: Callable[[Any], None]) -> Maker:
    """Return what changes the JSON of one member."""

    def make(path: Path, honest: Path) -> None:
        content = members(honest)
        value = json.loads(content[name])
        change(value)
        write(path, content | {name: json.dumps(value).encode()})

    return make


def plain(content: bytes | Callable[[], bytes]) -> Maker:
    """Return what writes bytes that are no project."""
    return lambda path, honest: path.write_bytes(content if isinstance(content, bytes) else content()) and None


def renamed(name: str) -> Maker:
    """Return what moves every member to another place."""
    return lambda path, honest: write(path, {name.format(old): data for old, data in members(honest).items()})


def many(n: int) -> Maker:
    """Return what adds empty members."""
    return lambda path, honest: write(path, members(honest) | {f"m{k}": b"" for k in range(n)})


def patched(offset: int, form: str, value: int) -> Maker:
    """Return what states something false of every member in the directory of the zip file."""

    def make(path: Path, honest: Path) -> None:
        data = bytearray(honest.read_bytes())
        place = data.find(b"PK\x01\x02")
        while place >= 0:
            struct.pack_into(form, data, place + offset, value)
            place = data.find(b"PK\x01\x02", place + 4)
        path.write_bytes(bytes(data))

    return make


def linked(path: Path, honest: Path) -> None:
    """Make every member a symbolic link to a file of the system."""
    with zipfile.ZipFile(path, "w") as packed:
        for name in members(honest):
            information = zipfile.ZipInfo(name)
            information.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(information, "/etc/passwd")


def overlapping(path: Path, honest: Path) -> None:
    """Let all entries of the directory share the bytes of the largest member."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("table.csv", b"0" * (15 * MEGABYTE))
    data = whole.getvalue()
    start = data.find(b"PK\x01\x02")
    entry, end = data[start : data.find(b"PK\x05\x06")], data[data.find(b"PK\x05\x06") :]
    n = 2000
    count = struct.pack("<HH", n, n) + struct.pack("<LL", len(entry) * n, start)
    path.write_bytes(data[:start] + entry * n + end[:8] + count + end[20:])


def pipe(path: Path, honest: Path) -> None:
    """Make a pipe in which nobody ever writes."""
    os.mkfifo(path)


def device(path: Path, honest: Path) -> None:
    """Lead to a file without end."""
    path.symlink_to("/dev/zero")


def _set(*places: Any, to: Any) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        for place in places[:-1]:
            value = value[place]
        value[places[-1]] = to

    return change


def _formula(text: str) -> Maker:
    return changed("document.json", _set("models", 0, "spec", "formula", to=text))


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
LISTS = b"[" * 1_000_000
LONG_NUMBER = b'{"format": "mlgui-project", "version": ' + b"9" * 1_000_000 + b"}"

HOSTILE: dict[str, Maker] = {
    "empty": plain(b""),
    "zeros": plain(bytes(5 * MEGABYTE)),
    "end of a zip file only": plain(b"PK\x05\x06" + bytes(18)),
    "gzip": plain(lambda: gzip.compress(bytes(50 * MEGABYTE), 1)),
    "one long line": plain(lambda: b"a" * (64 * MEGABYTE)),
    "folder": lambda path, honest: path.mkdir(),
    "bomb in the manifest": member("manifest.json", lambda: bytes(64 * MEGABYTE)),
    "bomb in the table": member("table.csv", lambda: b"0" * (200 * MEGABYTE)),
    "bomb in a stranger": member("stranger", lambda: bytes(200 * MEGABYTE)),
    "bomb in bzip2": member("table.csv", lambda: bytes(64 * MEGABYTE), zipfile.ZIP_BZIP2),
    "bomb in lzma": member("table.csv", lambda: bytes(64 * MEGABYTE), zipfile.ZIP_LZMA),
    "line of a gigabyte declared": patched(24, "<L", 10**9),
    "four gigabytes declared": patched(24, "<L", 2**32 - 2),
    "nothing declared": patched(24, "<L", 0),
    "offsets beyond the file": patched(42, "<L", 2**31),
    "encrypted": patched(8, "<H", 1),
    "unknown compression": patched(10, "<H", 99),
    "a hundred thousand members": many(100_000),
    "two thousand overlapping members": overlapping,
    "names that climb": renamed("../../{}"),
    "absolute names": renamed("/tmp/{}"),
    "names of a drive": renamed("C:\\{}"),
    "members that are links": linked,
    "deep manifest": member("manifest.json", DEEP),
    "lists without end in the manifest": member("manifest.json", LISTS[:500_000]),
    "number of a million digits": member("manifest.json", LONG_NUMBER),
    "zeros for the manifest": member("manifest.json", bytes(1000)),
    "deep document": member("document.json", DEEP),
    "lists without end in the document": member("document.json", LISTS),
    "document in another encoding": member("document.json", "{}".encode("utf-16")),
    "document of half characters": member("document.json", b'{"source": "\xff\xfe"}'),
    "deep columns": member("columns.json", DEEP),
    "more rows than there are": changed("columns.json", _set("n_rows", to=10**18)),
    "fewer rows than none": changed("columns.json", _set("n_rows", to=-1)),
    "rows without end": changed("columns.json", _set("n_rows", to=float("inf"))),
    "a million columns": changed("columns.json", _set("columns", to=[{"name": "x", "kind": "number"}] * 1_000_000)),
    "levels that are no texts": changed("columns.json", _set("columns", 0, "levels", to=[{}] * 8)),
    "kind that would be code": changed("columns.json", _set("columns", 0, "kind", to="__import__('os').system('true')")),
    "table of zeros": member("table.csv", bytes(MEGABYTE)),
    "table of one long line": member("table.csv", lambda: b"1," * (8 * MEGABYTE)),
    "table of quotes": member("table.csv", b'"' * MEGABYTE),
    "table of infinite codes": member("table.csv", b"#row,a\n1,1e999\n" * 100),
    "model of endless powers": _formula("score ~ ((((a + b + c + d + e + f)^9 + g + h + i + j)^9 + k + l + m)^9)^9"),
    "model of brackets": _formula("score ~ " + "(" * 100_000),
    "model that would be code": _formula("score ~ __import__('os').system('true')"),
    "model that is a number": _formula(7),  # type: ignore[arg-type]
    "a hundred thousand models without a key": changed("document.json", _set("models", to=[{}] * 100_000)),
    "key without end": changed("document.json", _set("active", to=float("inf"))),
    "key that nobody bears": changed("document.json", _set("active", to=99)),
    "models that share a key": changed("document.json", lambda value: value["models"].append(value["models"][0])),
    "no models": changed("document.json", _set("models", to=[])),
    "source of lists": changed("document.json", _set("source", "options", to=[[]])),
}
if hasattr(os, "mkfifo"):
    HOSTILE |= {"pipe": pipe, "device": device}
