"""Column names: filled in where empty, made unique where repeated, and said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlgui.data.read import notes
from mlgui.data.read.sniff import Layout
from mlgui.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Names:
    """A distinct, non-empty name for every column. filled: those that the file left empty. findings: what else was changed."""

    names: tuple[str, ...]
    filled: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def column_names(layout: Layout) -> Names:
    """Return the names of the columns."""
    if not layout.header_row:
        names = tuple(f"V{i}" for i in range(1, layout.width + 1))
        return Names(names=names, findings=(notes.no_header(names),) if names else ())
    wanted = [" ".join(name.split()) for name in layout.header]
    wanted[:1] = [name.lstrip("# ") or name for name in wanted[:1]]
    findings: list[Finding] = []
    if layout.row_names:
        wanted.insert(0, "row")
    distinct, renamed, filled = _distinct(wanted)
    if layout.row_names:
        findings.append(notes.row_names(distinct[0]))
    if renamed:
        findings.append(notes.renamed(renamed))
    return Names(names=tuple(distinct), filled=tuple(filled), findings=tuple(findings))


def distinct_names(wanted: Sequence[str]) -> Names:
    """Return the names a file gives to its columns, those that are empty or repeated changed."""
    names, renamed, filled = _distinct([" ".join(name.split()) for name in wanted])
    findings = [notes.renamed(renamed)] if renamed else []
    if filled:
        findings.append(notes.named(filled))
    return Names(names=tuple(names), filled=tuple(filled), findings=tuple(findings))


def _distinct(wanted: list[str]) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Return distinct names, the pairs that changed, and the names given to columns without one."""
    taken = {name for name in wanted if name}
    used: set[str] = set()
    next_number: dict[str, int] = {}
    names: list[str] = []
    renamed: list[tuple[str, str]] = []
    filled: list[str] = []
    for position, name in enumerate(wanted, 1):
        new = name
        if not name or name in used:
            new = _free(name or f"column {position}", taken, next_number, bare=not name)
            if name:
                renamed.append((name, new))
            else:
                filled.append(new)
        used.add(new)
        taken.add(new)
        names.append(new)
    return names, renamed, filled


def _free(stem: str, taken: set[str], next_number: dict[str, int], *, bare: bool) -> str:
    """Return `stem`, or `stem.2`, `stem.3`, ... : the first that is not taken. bare: the stem itself may be used.

    next_number: where counting went on for each stem, so that fifty thousand equal names are not counted through each time.
    """
    if bare and stem not in taken:
        return stem
    number = next_number.get(stem, 2)
    while f"{stem}.{number}" in taken:
        number += 1
    next_number[stem] = number + 1
    return f"{stem}.{number}"
