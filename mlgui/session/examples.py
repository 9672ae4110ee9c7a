"""The example library: data sets that ship with the program, each with its story, codebook, source and ready models."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlgui.paths import resources
from mlgui.session.models import Model
from mlgui.words import tr

if TYPE_CHECKING:  # the start page is painted before numpy is imported
    from mlgui.data.structure import Structure
    from mlgui.data.table import Column, Table

DEFAULT = "hsb"
_ORDER = ("hsb", "sleepstudy", "radon", "exam", "pastes", "penicillin", "insteval", "orthodont")


@dataclass(frozen=True, kw_only=True)
class ExampleColumn:
    """An entry of a codebook. kind: text of a `data.table.Kind`. levels: their order where it is fixed, first = reference."""

    name: str
    kind: str
    meaning: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExampleModel:
    """A ready model."""

    name: str
    formula: str
    note: str
    reml: bool = True


@dataclass(frozen=True, kw_only=True)
class Example:
    """One data set. name: its folder. size: one line ("7,185 students in 160 schools"). row_noun: what one row is."""

    name: str
    title: str
    size: str
    field: str
    story: str
    question: str
    row_noun: str
    source: str
    package: str
    licence: str
    path: Path
    columns: tuple[ExampleColumn, ...]
    models: tuple[ExampleModel, ...]


@cache
def examples() -> tuple[Example, ...]:
    """Return every example, the default first."""
    return tuple(_read_about(resources() / "examples" / name) for name in _ORDER)


def example(name: str) -> Example:
    """Return one example; KeyError if there is none of this name."""
    for candidate in examples():
        if candidate.name == name:
            return candidate
    raise KeyError(name)


def open_example(name: str) -> tuple[Table, Structure, tuple[Model, ...]]:
    """Return an example's table with the kinds of its codebook, its groups, and its models, keys 1, 2, ..."""
    from mlgui.data.read import read_file
    from mlgui.data.structure import find_structure
    from mlgui.spec.formula import parse

    shown = example(name)
    table = read_file(shown.path).table
    for entry in shown.columns:
        table = table.with_column(_with_kind(table[entry.name], entry))
    table = replace(table, source=replace(table.source, row_noun=shown.row_noun, title=shown.title))
    models = tuple(
        Model(key=key, name=ready.name, note=ready.note, spec=parse(ready.formula, reml=ready.reml))
        for key, ready in enumerate(shown.models, 1)
    )
    return table, find_structure(table), models


def _with_kind(column: Column, entry: ExampleColumn) -> Column:
    from mlgui.data.kinds import as_category, as_number
    from mlgui.data.table import Kind

    if entry.kind == Kind.NUMBER:
        changed = as_number(column)
    else:
        changed = replace(as_category(column, entry.levels or None), kind=Kind(entry.kind))
    return replace(changed, label=entry.meaning)


def _read_about(folder: Path) -> Example:
    about = tomllib.loads((folder / "about.toml").read_text(encoding="utf-8"))
    texts = {key: tr(about[key]) for key in ("title", "size", "field", "story", "question", "row_noun")}
    facts = {key: str(about[key]) for key in ("source", "package", "licence")}
    return Example(
        name=folder.name,
        path=folder / about["file"],
        columns=tuple(_column(entry) for entry in about["columns"]),
        models=tuple(_ready_model(entry) for entry in about["models"]),
        **texts,
        **facts,
    )


def _column(entry: Mapping[str, Any]) -> ExampleColumn:
    levels = tuple(entry.get("levels", ()))
    return ExampleColumn(name=entry["name"], kind=entry["kind"], meaning=tr(entry["meaning"]), levels=levels)


def _ready_model(entry: Mapping[str, Any]) -> ExampleModel:
    return ExampleModel(name=tr(entry["name"]), formula=entry["formula"], note=tr(entry["note"]), reml=entry.get("reml", True))
