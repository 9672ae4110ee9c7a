"""Workbooks are packed XML: what they hold is measured before they are opened, so that none can fill the memory."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from mlgui.data.read.foreign import damaged
from mlgui.data.read.shared_texts import shared_text
from mlgui.data.read.size import swollen
from mlgui.errors import Cancelled, UserError
from mlgui.progress import OnStep, Step
from mlgui.words import tr

_CHUNK = 1 << 22
_MOST_MEMBERS = 5_000
_MOST_BYTES = 4_000_000_000
_MODEST_BYTES, _MOST_RATIO = 100_000_000, 200
_MOST_CELLS = 60_000_000
_MOST_COLUMNS = 100_000
_MODEST_CELLS, _MOST_SPARSE = 2_000_000, 50
_MOST_TEXT = 500_000_000
"""Bytes of text in the cells of a sheet, each counted as often as it is repeated."""
# No tag is looked at beyond the next one, and none twice (atomic groups): a hostile megabyte takes no longer than an honest one.
_CELL = re.compile(rb"""<(?:\w{1,9}:)?c\s(?>[^<>]*?\br\s*=\s*["']([A-Za-z]+)(\d+)["'])[^<>]*+(?<!/)>""")
_ERROR = re.compile(rb"""<(?:\w{1,9}:)?c\s(?>[^<>]*?\br\s*=\s*["']([A-Z]+)(\d+)["'])(?>[^<>]*?\bt=["']e["'])""")
_ROW = re.compile(rb"""<(?:\w{1,9}:)?row\s(?>[^<>]*?\br\s*=\s*["'](\d+)["'])[^<>]*+(?<!/)>""")
_ROW_START = re.compile(rb"<(?:\w{1,9}:)?row[\s>]")
_ANY_CELL = re.compile(rb"<(?:\w{1,9}:)?c[\s>]")
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_RELATION = re.compile(rb"<(?:\w{1,9}:)?Relationship\s[^<>]*+>")
_SHEET = re.compile(rb"<(?:\w{1,9}:)?sheet\s[^<>]*+>")
_ATTRIBUTE = re.compile(rb"""(?<![\w:])([\w:]++)\s*+=\s*+["']([^"']*+)["']""")
_ODS_ROW = re.compile(rb"<table:table-row\b([^<>]*+)>")
_ODS_ROW_END = b"</table:table-row>"
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]*+)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d+)")


@dataclass(frozen=True, kw_only=True)
class Packed:
    """What a packed workbook holds. errors: cells with a spreadsheet error of each sheet by name, as (column, row) from 0."""

    errors: dict[str, list[tuple[int, int]]]


@dataclass
class _Extent:
    """The corner furthest from A1 the number of filled cells and the bytes of text of one sheet, grown piece by piece."""

    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0


def measure(path: Path, on_step: OnStep) -> Packed:
    """Return the error cells of a packed workbook. UserError if it is damaged, no workbook, or would swell without bound."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path, members)
            _check_is_workbook(path, {member.filename for member in members})
            found = {m.filename: _measure_member(path, archive, m, on_step) for m in members if _is_sheet(m)}
            if shared_text(archive, _MOST_TEXT) > _MOST_TEXT:
                raise swollen(path)
            return Packed(errors={name: found.get(part, []) for name, part in _sheet_parts(archive).items()})
    except (UserError, Cancelled):
        raise
    except Exception as problem:  # zipfile lets many kinds of errors through
        raise damaged(path, "Excel") from problem


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Raise a UserError for a bomb by the sizes a file states; a member larger than it states fails its check sum."""
    total = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    if len(members) > _MOST_MEMBERS or total > _MOST_BYTES or (total > _MODEST_BYTES and total > packed * _MOST_RATIO):
        raise swollen(path)
    if any(member.flag_bits & 1 for member in members):
        raise locked(path)
    if any(_leads_outside(member) for member in members):
        raise damaged(path, "Excel")


def _leads_outside(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is a link, or named for a place outside the workbook: no program that saves workbooks writes it."""
    name = member.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return is_link or name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]


def locked(path: Path) -> UserError:
    """Return the error that says that a workbook is protected by a password."""
    return UserError(
        tr("{file} is protected by a password.").format(file=path.name),
        tr("Its content is encrypted and cannot be read."),
        tr("Open it in the spreadsheet program, save a copy without a password, and open that copy."),
    )


def _check_is_workbook(path: Path, names: set[str]) -> None:
    if "xl/workbook.xml" not in names and "content.xml" not in names and not any(name.startswith("xl/") for name in names):
        raise damaged(path, "Excel")


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the member that holds each sheet of an Excel workbook, by the name of the sheet; none for other workbooks."""
    if not {_BOOK, _RELATIONS} <= set(archive.namelist()):
        return {}
    targets = {}
    for tag in _RELATION.findall(archive.read(_RELATIONS)):
        found = _attributes(tag)
        targets[found.get("Id", "")] = found.get("Target", "")
    parts = {}
    for tag in _SHEET.findall(archive.read(_BOOK)):
        found = _attributes(tag)
        target = targets.get(next((value for key, value in found.items() if key.endswith(":id")), ""), "")
        parts[found.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): unescape(value.decode("utf-8", "replace")) for key, value in _ATTRIBUTE.findall(tag)}


def _is_sheet(member: zipfile.ZipInfo) -> bool:
    """Return whether a member may be a sheet: any that is no picture, as its name alone proves nothing."""
    return not member.is_dir() and not member.filename.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf"))


def _measure_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, on_step: OnStep) -> list[tuple[int, int]]:
    """Return the error cells of one member. UserError if its cells reach further than can be held."""
    extent = _Extent()
    errors: list[tuple[int, int]] = []
    ods = member.filename == "content.xml"
    for piece in _pieces(archive, member, b"</table:table-row>" if ods else b"<"):
        on_step(Step(text=tr("Reading {file}").format(file=path.name)))
        if ods:
            _grow_ods(extent, piece)
        else:
            _grow(extent, piece)
            if b't="e"' in piece or b"t='e'" in piece:
                errors += [(_column_index(found[1]), int(found[2]) - 1) for found in _ERROR.finditer(piece)]
        _check_extent(path, extent)
    return errors


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, mark: bytes) -> Iterator[bytes]:
    """Yield the unpacked member in pieces that end before (`<`) or after a mark, so that none cuts a tag in two."""
    rest = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"<row") if mark == b"<" and b"<row" in rest[1:] else rest.rfind(mark)
            cut += 0 if mark == b"<" else len(mark)
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _grow(extent: _Extent, piece: bytes) -> None:
    """Take in the cells of a piece of an XLSX sheet; empty cells that only have a style do not count."""
    cells = _CELL.findall(piece)
    extent.filled += len(cells)
    if cells:
        extent.columns = max(extent.columns, *(_column_index(letters) + 1 for letters in {letters for letters, _ in cells}), 0)
        extent.rows = max(extent.rows, max(int(digits) for _, digits in cells))
    if piece.count(b'<c r="') < piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b":c ") + piece.count(b":c>"):
        _grow_by_order(extent, piece)


def _grow_by_order(extent: _Extent, piece: bytes) -> None:
    """Take in cells that do not say where they stand, but follow each other in rows."""
    for content in _ROW_START.split(piece):
        n_cells = len(_ANY_CELL.findall(content))
        extent.columns = max(extent.columns, n_cells)
        extent.filled += n_cells
    extent.rows = max(extent.rows, *map(int, _ROW.findall(piece)), len(_ROW_START.findall(piece)))


def _column_index(letters: bytes) -> int:
    """Return the position from 0 of a column: A 0, Z 25, AA 26."""
    index = 0
    for letter in letters.upper()[:8]:
        index = index * 26 + letter - 64
    return index - 1


def _grow_ods(extent: _Extent, piece: bytes) -> None:
    """Take in the rows of a piece of an ODS sheet; each may be said to repeat, and so may each of its cells."""
    for part in piece.split(_ODS_ROW_END):
        row = _ODS_ROW.search(part)
        if row is None or (b"office:value" not in part and b"<text:p" not in part):
            continue
        cells = list(_ODS_CELL.finditer(part, row.end()))
        while len(cells) > 1 and cells[-1][1].endswith(b"/") and b"office:value" not in cells[-1][1]:
            cells.pop()
        counts = [_repeats(cell[1]) for cell in cells]
        ends = [*(cell.start() for cell in cells[1:]), len(part)]
        times = _repeats(row[1])
        extent.rows += times
        extent.columns = max(extent.columns, sum(counts))
        extent.filled += len(cells)
        extent.text += times * sum(n * (end - cell.end()) for n, cell, end in zip(counts, cells, ends, strict=True))


def _repeats(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1][:10]) if found else 1


def _check_extent(path: Path, extent: _Extent) -> None:
    box = extent.rows * extent.columns
    if box > _MODEST_CELLS and box > _MOST_SPARSE * extent.filled:
        raise UserError(
            tr("{file} was not opened.").format(file=path.name),
            tr("A sheet reaches to row {row}, column {column}, but nearly all of it is empty.").format(
                row=extent.rows, column=extent.columns
            ),
            tr("Delete the cells far away from the table in the spreadsheet program, or save the table as CSV."),
        )
    if box > _MOST_CELLS or extent.columns > _MOST_COLUMNS:
        raise UserError(
            tr("{file} is too large to be opened as a workbook.").format(file=path.name),
            tr("A sheet has {n_rows} rows and {n_columns} columns.").format(n_rows=extent.rows, n_columns=extent.columns),
            tr("Save it as CSV and open that file."),
        )
    if extent.text > _MOST_TEXT:
        raise swollen(path)
