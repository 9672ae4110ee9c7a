"""R files (.rds, .RData, .rda): parsed as data, never run. Functions, environments and formulas in them are left alone."""

from __future__ import annotations

import bz2
import gzip
import lzma
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from mlgui.data.read import notes
from mlgui.data.read.foreign import damaged
from mlgui.data.read.names import distinct_names
from mlgui.data.read.reader import Question, Reader, Reading, ReadOptions
from mlgui.data.read.rvectors import attributes_of, classes_of, is_vector, row_names_of, settle_vector, text_of, texts_of, type_of
from mlgui.data.read.settle import Settled
from mlgui.data.read.size import check_size, swollen
from mlgui.data.read.typed import typed_context, typed_reading
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step
from mlgui.words import tr

_NAME = "R"
_BZIP2, _XZ, _GZIP = b"BZh", b"\xfd7zXZ\x00", b"\x1f\x8b"
_PLAIN = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"X\n\0\0\0", b"A\n2\n", b"A\n3\n")
_MOST_BYTES, _MODEST_BYTES, _MOST_RATIO = 4_000_000_000, 100_000_000, 100
_CHUNK = 1 << 20
_MOST_SEQUENCE = 100_000_000


def is_r(head: bytes) -> bool:
    """Return whether the first bytes (unpacked if by gzip) are those of an R file, or packed as R packs them."""
    return head.startswith((*_PLAIN, _BZIP2, _XZ))


def read_r(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return a data frame of an R file. UserError if it is damaged or holds none."""
    on_step(Step(text=tr("Reading {file}").format(file=path.name)))
    data = _unpacked(path, on_step)
    frames = _frames(_parsed(path, data))
    if not frames:
        raise UserError(
            tr("{file} holds no data frame.").format(file=path.name),
            tr("Only data frames can be opened; models, functions and lists cannot."),
            tr('In R, save a data frame: saveRDS(data, "data.rds").'),
        )
    wanted = options.sheet or dict(options.answers).get("sheet")
    name = _choose(frames, wanted, path)
    parts, findings = _columns(path, frames[name], options, on_step)
    if n_rows is not None:
        parts = [replace(part, column=replace(part.column, values=part.column.values[:n_rows])) for part in parts]
    several = len(frames) > 1
    asked = (_ask(tuple(frames), name),) if several and wanted is None else ()
    used = replace(options, sheet=name) if several else options
    reading = typed_reading(path, _NAME, parts, used, findings=findings, questions=asked, sheets=tuple(frames) if several else ())
    return replace(reading, guessed=("sheet",) if asked else ())


def _unpacked(path: Path, on_step: OnStep) -> bytes:
    """Return the bytes of a file, unpacked up to what a file of its size may sensibly hold. UserError beyond that."""
    with path.open("rb") as file:
        head = file.read(6)
    most = min(_MOST_BYTES, max(_MODEST_BYTES, path.stat().st_size * _MOST_RATIO))
    parts: list[bytes] = []
    n_bytes = 0
    try:
        with _opened(path, head) as packed:
            while part := packed.read(_CHUNK):
                n_bytes += len(part)
                if n_bytes > most:
                    raise swollen(path)
                parts.append(part)
                on_step(Step(text=tr("Reading {file}").format(file=path.name), done=n_bytes))
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as problem:
        raise damaged(path, _NAME) from problem
    return b"".join(parts)


def _opened(path: Path, head: bytes) -> BinaryIO:
    if head.startswith(_GZIP):
        return cast(BinaryIO, gzip.open(path, "rb"))
    if head.startswith(_BZIP2):
        return cast(BinaryIO, bz2.open(path, "rb"))
    if head.startswith(_XZ):
        return cast(BinaryIO, lzma.open(path, "rb"))
    return path.open("rb")


def _parsed(path: Path, data: bytes) -> Any:
    """Return the parsed object; the parser only takes bytes apart, and fails in many ways on what is damaged."""
    from rdata import parser

    compact = {b"compact_intseq": parser.DEFAULT_ALTREP_MAP[b"compact_intseq"],
               b"compact_realseq": parser.DEFAULT_ALTREP_MAP[b"compact_realseq"]}  # fmt: skip

    def bounded(kind: bytes) -> Any:
        def build(state: Any) -> Any:
            if not 0 <= float(state.value[0]) <= _MOST_SEQUENCE:
                raise ValueError(kind)
            return compact[kind](state)

        return build

    expanders = {**parser.DEFAULT_ALTREP_MAP, **{kind: bounded(kind) for kind in compact}}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parser.parse_data(data, altrep_constructor_dict=expanders).object
    except Exception as problem:
        raise damaged(path, _NAME) from problem


def _frames(root: Any) -> dict[str, Any]:
    """Return the data frames of a file by name: the object itself, or those of a list or of several saved objects."""
    if type_of(root) == "LIST":
        return {name: value for name, value in _pairs(root) if _is_frame(value)}
    if _is_frame(root):
        return {"data": root}
    if type_of(root) != "VEC":
        return {}
    names = texts_of(attributes_of(root).get("names"))
    return {name: value for name, value in zip(names, root.value) if name and _is_frame(value)}


def _pairs(root: Any) -> list[tuple[str, Any]]:
    found = []
    while type_of(root) == "LIST":
        if root.tag is not None:
            found.append((text_of(root.tag), root.value[0]))
        root = root.value[1]
    return found


def _is_frame(value: Any) -> bool:
    return type_of(value) == "VEC" and "data.frame" in classes_of(attributes_of(value)) and len(value.value) > 0


def _choose(frames: Mapping[str, Any], wanted: str | None, path: Path) -> str:
    """Return the name of the data frame to read: the one asked for, else the largest. UserError if there is none of the name."""
    if wanted is None or len(frames) == 1:
        return max(frames, key=lambda name: len(frames[name].value) * _length(frames[name]))
    if wanted not in frames:
        raise UserError(
            tr("{file} holds no data frame called {name}.").format(file=path.name, name=wanted),
            "",
            tr("Choose one of: {names}.").format(names=", ".join(frames)),
        )
    return wanted


def _length(frame: Any) -> int:
    """Return the number of rows: the length of the first column that is a vector."""
    first = next((value for value in frame.value if is_vector(value)), None)
    return 0 if first is None else len(first.value) if hasattr(first.value, "__len__") else 1


def _ask(names: tuple[str, ...], taken: str) -> Question:
    return Question(about="sheet", text=tr("The file holds several data frames. Which one?"), choices=names, taken=taken)


def _columns(path: Path, frame: Any, options: ReadOptions, on_step: OnStep) -> tuple[list[Settled], list[Any]]:
    """Return the columns of a data frame that are vectors as long as it, and what was left out."""
    attributes = attributes_of(frame)
    n_rows = _length(frame)
    check_size(path, n_rows, len(frame.value))
    values = list(frame.value)
    wanted = (texts_of(attributes.get("names")) + [""] * len(values))[: len(values)]
    rows = row_names_of(attributes, n_rows)
    if rows is not None:
        wanted, values = ["row", *wanted], [rows, *values]
    named = distinct_names(wanted)
    context = typed_context(options)
    parts, left_out = [], []
    for i, (name, value) in enumerate(zip(named.names, values, strict=True)):
        on_step(Step(text=tr("Reading column {name}").format(name=name), done=i, total=len(values)))
        settled = settle_vector(name, value, context) if is_vector(value) else None
        if settled is None or len(settled.column) != n_rows:
            left_out.append(name)
        else:
            parts.append(settled)
    return parts, [*named.findings, *([notes.columns_left_out(left_out)] if left_out else [])]


RDATA = Reader(name=_NAME, suffixes=(".rds", ".rdata", ".rda"), read=read_r, recognise=is_r, in_part=False)
"""The reader of R files."""
