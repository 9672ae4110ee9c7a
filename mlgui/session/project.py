"""Project files: `.mlgui`, version 1, a zip of JSON and the table.

    mimetype         the format's name, first and uncompressed
    manifest.json    format, version, program version, SHA-256 of every other member
    document.json    source of the data, models (as formulas with their codings, notes and figure edits), the one on show,
                     what was done to the data and which rows count
    columns.json     kinds, levels in order, labels
    table.csv        the values

Fits are not stored: they are made again in milliseconds, and always by the present engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mlgui import __version__
from mlgui.data.structure import Structure
from mlgui.data.table import Source, Table
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.session.archive import damaged, read_members, write_atomically, zipped
from mlgui.session.data_entry import data_entry, with_data_entry
from mlgui.session.models import Model, Snapshot
from mlgui.session.table_text import table_csv, table_description, table_from_text
from mlgui.spec.edits import leave_out_groups, set_df, set_intervals, set_residual
from mlgui.spec.formula import parse
from mlgui.spec.inference import Inference
from mlgui.spec.model import Coding, Contrast, ModelSpec
from mlgui.spec.render import render
from mlgui.spec.residual import ResidualTerm
from mlgui.spec.terms import Grouping
from mlgui.words import tr

MIMETYPE = b"application/x-mlgui-project"
FORMAT = "mlgui-project"
VERSION = 1
SUFFIX = ".mlgui"
PREVIOUS_SUFFIX = ".mlgui~"
"""Of the version before the last save. It lies beside the project, where it is found without this program, costs no copying
(it is the old file under a second name), and moves and is deleted with the folder it belongs to."""

_LIMITS = {
    "mimetype": 256,
    "manifest.json": 2**20,
    "document.json": 64 * 2**20,
    "columns.json": 512 * 2**20,
    "table.csv": 3 * 2**30,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Opened:
    """What a project file holds. active: key of the model on show."""

    table: Table
    structure: Structure
    models: tuple[Model, ...]
    active: int


def save_project(path: Path, snapshot: Snapshot, on_step: OnStep = ignore_steps, *, keep_previous: bool = True) -> None:
    """Write a snapshot to `path`, whole or not at all: the new file is read back before it takes the old one's place.

    keep_previous: leave what was there before under `previous_version(path)`, if it differs.
    UserError where there is no table, or the file cannot be written.
    """
    if snapshot.table is None:
        raise UserError(tr("There is nothing to save yet."), "", tr("Open a data file first."))
    on_step(Step(text=tr("Writing the table"), done=0, total=3))
    table, description = table_csv(snapshot.table), _json(table_description(snapshot.table))
    members = {"document.json": _json(document_entry(snapshot)), "columns.json": description, "table.csv": table}
    on_step(Step(text=tr("Compressing"), done=1, total=3))
    content = zipped({"mimetype": MIMETYPE, "manifest.json": _json(_manifest(members)), **members})
    on_step(Step(text=tr("Saving"), done=2, total=3))
    write_atomically(path, content, _verify, previous_version(path) if keep_previous else None)


def open_project(path: Path, on_step: OnStep = ignore_steps) -> Opened:
    """Read a project file. UserError where it is damaged, made by a newer version, or no project at all."""
    on_step(Step(text=tr("Reading {name}").format(name=path.name), done=0, total=3))
    members = _checked_members(path)
    on_step(Step(text=tr("Reading the table"), done=1, total=3))
    try:
        document = json.loads(members["document.json"])
        source = _source(document["source"])
        table = table_from_text(members["table.csv"], json.loads(members["columns.json"]), source)
        table = with_data_entry(table, document.get("data", {}))
        models, active = models_from(document)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError, UserError) as error:
        raise damaged(path) from error
    on_step(Step(text=tr("Finding groups"), done=2, total=3))
    from mlgui.data.structure import find_structure

    return Opened(table=table, structure=find_structure(table), models=models, active=active)


def is_project(path: Path) -> bool:
    """Return whether a path is named like a project file, or like the version before."""
    return path.suffix.lower() in (SUFFIX, PREVIOUS_SUFFIX)


def previous_version(path: Path) -> Path:
    """Return where the version of a project before its last save is kept; of a link, beside the file it leads to."""
    return path.resolve().with_suffix(PREVIOUS_SUFFIX)


# Writing


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode("ascii")


def _manifest(members: Mapping[str, bytes]) -> dict[str, Any]:
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    return {"format": FORMAT, "version": VERSION, "program": __version__, "sha256": sums}


def document_entry(snapshot: Snapshot) -> dict[str, Any]:
    """Return source and models of a snapshot with a table, ready for JSON; `models_from` reads the models back."""
    assert snapshot.table is not None
    source, data = snapshot.table.source, data_entry(snapshot.table)
    return {
        "source": {
            "name": source.name,
            "format": source.format,
            "options": dict(source.options),
            "row_noun": source.row_noun,
            "title": source.title,
        },
        "models": [_model_entry(model) for model in snapshot.models],
        "active": snapshot.active,
        **({"data": data} if data else {}),
    }


def _model_entry(model: Model) -> dict[str, Any]:
    return {
        "key": model.key,
        "name": model.name,
        "note": model.note,
        "guessed": list(model.guessed),
        "figure_edits": [list(edit) for edit in model.figure_edits],
        "spec": None if model.spec is None else _spec_entry(model.spec),
    }


def _spec_entry(spec: ModelSpec) -> dict[str, Any]:
    codings = [{"column": c.column, "contrast": str(c.contrast), "reference": c.reference} for c in spec.codings]
    entry = {"formula": render(spec), "reml": spec.reml, "weights": spec.weights, "codings": codings}
    if spec.excluded:
        entry["excluded"] = [{"groups": list(e.grouping.columns), "levels": list(e.levels)} for e in spec.excluded]
    if spec.inference != Inference():
        entry["inference"] = asdict(spec.inference)
    if spec.boundary_avoiding:
        entry["boundary_avoiding"] = True
    return entry if spec.residual.is_plain else {**entry, "residual": _residual_entry(spec.residual)}


def _residual_entry(term: ResidualTerm) -> dict[str, Any]:
    groups = list(term.grouping.columns) if term.grouping else []
    return {"kind": str(term.kind), "groups": groups, "order": term.order, "by": term.by}


# Reading


def _verify(path: Path) -> None:
    _checked_members(path)


def _checked_members(path: Path) -> dict[str, bytes]:
    """Return the members of a project whose checksums are right."""
    try:
        manifest = json.loads(read_members(path, {"manifest.json": _LIMITS["manifest.json"]})["manifest.json"])
        known, version = manifest["format"] == FORMAT, int(manifest["version"])
        sums = dict(manifest["sha256"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise damaged(path) from error
    if not known or version < 1:
        raise damaged(path)
    if version > VERSION:
        raise _too_new(path, str(manifest.get("program", "")))
    members = read_members(path, _LIMITS)
    if any(hashlib.sha256(members[name]).hexdigest() != sums.get(name) for name in members if name not in _UNSUMMED):
        raise damaged(path)
    return members


_UNSUMMED = frozenset({"mimetype", "manifest.json"})


def _too_new(path: Path, program: str) -> UserError:
    return UserError(
        tr("{name} was saved by a newer version of mlgui.").format(name=path.name),
        tr("It was made with version {other}; this is {own}.").format(other=program[:40] or "?", own=__version__),
        tr("Install the newer version to open it."),
    )


def models_from(document: Mapping[str, Any]) -> tuple[tuple[Model, ...], int]:
    """Return models and the key of the one on show from what `document_entry` made.

    KeyError, TypeError, ValueError, AttributeError or UserError where it was not made by that.
    """
    models, active = tuple(_model(entry) for entry in document["models"]), int(document["active"])
    keys = {model.key for model in models}
    if len(keys) < len(models) or active not in keys:
        raise ValueError("keys of models")
    return models, active


def _source(entry: Mapping[str, Any]) -> Source:
    options = {_text(key): _text(value) for key, value in entry["options"].items()}
    texts = {name: _text(entry[name]) for name in ("name", "format", "row_noun", "title")}
    return Source(**texts, options=MappingProxyType(options))


def _model(entry: Mapping[str, Any]) -> Model:
    edits = tuple((_text(figure), _text(name), _text(value)) for figure, name, value in entry["figure_edits"])
    return Model(
        key=int(entry["key"]),
        name=_text(entry["name"]),
        note=_text(entry["note"]),
        guessed=tuple(_text(role) for role in entry["guessed"]),
        figure_edits=edits,
        spec=None if entry["spec"] is None else _spec(entry["spec"]),
    )


def _spec(entry: Mapping[str, Any]) -> ModelSpec:
    weights = None if entry["weights"] is None else _text(entry["weights"])
    codings = tuple(
        Coding(column=_text(c["column"]), contrast=Contrast(c["contrast"]), reference=_text(c["reference"]))
        for c in entry["codings"]
    )
    spec = parse(_text(entry["formula"]), reml=bool(entry["reml"]), weights=weights)
    spec = replace(spec, codings=codings, boundary_avoiding=entry.get("boundary_avoiding") is True)
    for out in entry.get("excluded", []):
        columns, levels = tuple(_text(name) for name in out["groups"]), [_text(level) for level in out["levels"]]
        spec = leave_out_groups(spec, Grouping(columns), levels)
    if "inference" in entry:
        found = entry["inference"]
        spec = set_intervals(set_df(spec, found["df"]), found["intervals"], int(found["replicates"]), int(found["seed"]))
    if "residual" not in entry:
        return spec
    found = entry["residual"]
    groups = [_text(name) for name in found["groups"]]
    return set_residual(spec, _text(found["kind"]), groups, _text(found["order"]), _text(found["by"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value
