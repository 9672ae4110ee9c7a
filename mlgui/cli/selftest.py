"""`mlgui selftest`: whether this installation works, one line a check: fits, readers, exporters, projects, pictures, licences.

The fits are compared with numbers by R's lme4 that are stored in `resources/selftest`; the same table lies there in every
format that can be opened. Nothing is written outside a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.errors import Cancelled
from mlgui.paths import resources
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.results.report import Report

Check = Callable[[], str]
"""A check: returns what it found in a few words, raises what is wrong."""

_EXAMPLE = "sleepstudy"
_CRITERION = 1e-4
"""Absolute tolerance of a criterion: lme4 stops within 1e-6 of the optimum, at a boundary within 1e-5."""

_RELATIVE = 1e-3
"""Tolerance of estimates in standard errors, and of standard errors and SDs relative: lme4's own precision at a boundary."""

_SCORES = (2.5, 3.5, 1.25, 4.0, 6.5, 5.75)
"""Third column of every file in `resources/selftest/readers`."""

HEADS = {".csv": b"", ".html": b"<", ".xlsx": b"PK", ".docx": b"PK", ".rtf": b"{\\rtf", ".tex": b"", ".md": b""}
"""Every format of tables and how its files begin."""

_PICTURES = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


def run_selftest(_chosen: argparse.Namespace) -> int:
    """Run every check, print one line for each and a last one; return 0 only if all passed."""
    failed = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, check in _checks(Path(folder)):
            passed, text, seconds = _tried(check)
            failed, total = failed + (not passed), total + 1
            print(f"{'ok  ' if passed else 'FAIL'}  {name}: {text} ({seconds:.2f} s)", flush=True)
    print(tr("{failed} of {total} checks failed").format(failed=failed, total=total) if failed
          else tr("All {total} checks passed").format(total=total))  # fmt: skip
    return 1 if failed else 0


def _tried(check: Check) -> tuple[bool, str, float]:
    """Return whether a check passed, what it says, and its seconds."""
    started = time.perf_counter()
    try:
        passed, text = True, check()
    except Cancelled:
        raise
    except Exception as error:  # whatever is wrong with an installation has to become a line
        passed, text = False, f"{type(error).__name__}: {error}".replace("\n", " ")
    return passed, text, time.perf_counter() - started


def _checks(folder: Path) -> Iterator[tuple[str, Check]]:
    """Yield every check with its name."""
    for wanted in _stored():
        yield f"{wanted['example']} {wanted['formula']}", partial(_fit_agrees, wanted)
    for path in sorted((resources() / "selftest" / "readers").iterdir()):
        yield tr("open {name}").format(name=path.name), partial(_opens, path)
    for suffix in HEADS:
        yield tr("write {name}").format(name=suffix), partial(_exports, suffix)
    yield tr("write everything"), partial(_exports_everything, folder / "everything")
    yield tr("save and open a project"), partial(_project_survives, folder / "test.mlgui")
    for suffix in _PICTURES:
        yield tr("draw {name}").format(name=suffix), partial(_draws, folder / f"figure{suffix}")
    yield tr("licences"), _licences_are_here


def _stored() -> list[dict[str, object]]:
    stored: list[dict[str, object]] = json.loads((resources() / "selftest" / "numbers.json").read_text("utf-8"))
    return stored


def _fit_agrees(wanted: dict[str, object]) -> str:
    """Fit one model of an example and compare; AssertionError that names the first number that differs."""
    import numpy as np

    report, _ = _fitted(str(wanted["example"]), str(wanted["formula"]))
    sds = [float(sd) for component in report.variance for sd in component.sd]
    estimates, ses = np.array(wanted["estimates"]), np.array(wanted["ses"])
    pairs = {
        "criterion": ([report.criterion], [wanted["criterion"]], _CRITERION),
        "estimates": ([effect.estimate for effect in report.fixed] / ses, estimates / ses, _RELATIVE),
        "standard errors": ([effect.se for effect in report.fixed] / ses, ses / ses, _RELATIVE),
        "SDs": (sorted([*sds, report.sigma]), wanted["sds"], _RELATIVE),
    }
    for name, (ours, theirs, tolerance) in pairs.items():
        furthest = float(np.max(np.abs(np.asarray(ours, float) - np.asarray(theirs, float))))
        if not furthest <= tolerance:
            raise AssertionError(tr("{what} differ by {difference}").format(what=name, difference=f"{furthest:g}"))
    return tr("criterion {value}, as stored").format(value=f"{report.criterion:.4f}")


def _fitted(example: str, formula: str) -> tuple[Report, Structure]:
    """Return the report of a model fitted to an example, and the example's groups."""
    from mlgui.session.examples import open_example
    from mlgui.session.jobs import fit_model
    from mlgui.spec.formula import parse

    table, structure, _ = open_example(example)
    return fit_model(table, structure, parse(formula)), structure


@cache
def _example_report() -> tuple[Report, Structure]:
    return _fitted(_EXAMPLE, "Reaction ~ Days + (Days | Subject)")


def _opens(path: Path) -> str:
    """Read a file of `resources/selftest/readers`; AssertionError where its numbers are not those written."""
    from mlgui.data.read import read_file

    reading = read_file(path)
    values = tuple(float(value) for value in reading.table.columns[2].values)
    if values != _SCORES:
        raise AssertionError(f"{values}")
    return tr("{n} rows, {format}").format(n=reading.table.n_rows, format=reading.table.source.format)


def _exports(suffix: str) -> str:
    """Write the tables of an example in one format."""
    from mlgui.export.formats import EXPORTERS
    from mlgui.export.layout import PLAIN
    from mlgui.results.table_builders import tables

    exporter = next(exporter for exporter in EXPORTERS if exporter.suffix == suffix)
    found = tables(_example_report()[0])
    return _written(exporter.write(found if exporter.several else found[:1], PLAIN), HEADS[suffix])


def _exports_everything(folder: Path) -> str:
    """Write what `mlgui fit --out` writes: tables, figures, reports and scripts."""
    from mlgui.cli.output import write_everything

    report, structure = _example_report()
    write_everything(report, structure, folder)
    return tr("{n} files").format(n=len(list(folder.iterdir())))


def _written(content: bytes, head: bytes) -> str:
    """Return the size of a file; AssertionError where it is empty or begins otherwise than its format does."""
    if not content or not content.startswith(head):
        raise AssertionError(repr(content[:20]))
    return tr("{n} bytes").format(n=len(content))


def _project_survives(path: Path) -> str:
    """Save an example as a project, open it again; AssertionError where something is lost."""
    from mlgui.session.examples import open_example
    from mlgui.session.models import Snapshot
    from mlgui.session.project import open_project, save_project

    table, structure, models = open_example(_EXAMPLE)
    save_project(path, Snapshot(table=table, structure=structure, models=models, active=models[0].key))
    opened = open_project(path)
    if opened.table.n_rows != table.n_rows or [model.spec for model in opened.models] != [model.spec for model in models]:
        raise AssertionError(path.name)
    return tr("{n} bytes").format(n=path.stat().st_size)


def _draws(path: Path) -> str:
    """Draw a figure in one format; where Qt cannot be loaded that is what the line says, as fits need no Qt."""
    from mlgui.results.figures import figures

    try:
        from mlgui.gui.painter import save_figure
    except ImportError as error:
        return tr("left out, as Qt cannot be loaded ({reason})").format(reason=error)
    save_figure(figures(_example_report()[0])[0], path)
    return _written(path.read_bytes(), _PICTURES[path.suffix])


def _licences_are_here() -> str:
    """Count the parts and their licence texts; AssertionError where there are none."""
    from mlgui.licences import licence_texts, other_texts, parts

    found = parts()
    texts = sum(len(licence_texts(part.name)) for part in found) + len(other_texts())
    if not found or not texts:
        raise AssertionError(tr("no licence was found"))
    return tr("{n} parts, {texts} texts").format(n=len(found), texts=texts)
