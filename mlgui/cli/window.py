"""Opening the window, or doing its job without one where there is no display."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.session.models import Model

OUTPUT = Path("mlgui-output")
_SHOWING_NOTHING = ("offscreen", "minimal")


def open_window(paths: Sequence[Path], example: str | None) -> int:
    """Open the window on files or an example and return when it is closed.

    Without a display, or without Qt, fit the first file's guess (or the example's first model) and write the results.
    """
    if example is not None:
        _check_example(example)
    reason = why_no_window(os.environ)
    if not reason:
        try:
            from mlgui.gui.language import start_language

            start_language()
            from mlgui.gui.app import run
        except ImportError as error:
            reason = tr("Qt cannot be loaded ({error})").format(error=error)
    if reason:
        print(tr("{reason}: working without a window.").format(reason=reason), file=sys.stderr)
        return without_window(paths, example)
    return run(paths, example)


def _check_example(name: str) -> None:
    from mlgui.session.examples import examples

    names = [example.name for example in examples()]
    if name not in names:
        raise UserError(
            tr("There is no example {name}.").format(name=name), "",
            tr("The examples are: {names}.").format(names=", ".join(names)),
        )  # fmt: skip


def why_no_window(environment: Mapping[str, str]) -> str:
    """Return why no window can be opened here, "" if one can. Windows and macOS always have a display.

    Qt platforms that show nothing count as no display, unless MLGUI_QUIT asks for a window that closes by itself.
    """
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform in _SHOWING_NOTHING and not environment.get("MLGUI_QUIT"):
        return tr("The Qt platform {name} shows nothing").format(name=platform)
    needs_display = platform in ("", "xcb", "wayland")
    if sys.platform in ("win32", "darwin") or not needs_display or environment.get("WAYLAND_DISPLAY"):
        return ""
    display = environment.get("DISPLAY", "")
    if not display:
        return tr("There is no display")
    return "" if _answers(display) else tr("The display {name} does not answer").format(name=display)


def _answers(display: str) -> bool:
    """Return whether an X server listens; of a remote one that is assumed. Qt would end the process if none did."""
    host, _, number = display.rpartition(":")
    if host not in ("", "unix") or not hasattr(socket, "AF_UNIX"):
        return True
    path = f"/tmp/.X11-unix/X{number.partition('.')[0]}"  # the fixed place of X's sockets
    return any(_connects(address) for address in (path, "\0" + path))


def _connects(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(address)
        except OSError:
            return False
    return True


def without_window(paths: Sequence[Path], example: str | None) -> int:
    """Fit, print the summary and write everything to `output_folder`."""
    from mlgui.cli.output import write_everything
    from mlgui.export.text import summary
    from mlgui.session.jobs import fit_model

    table, structure, model = _what_to_fit(paths, example)
    if model.spec is None:
        raise UserError(tr("{name} has nothing to fit yet.").format(name=model.name), "", tr("Open it in the window first."))
    report = fit_model(table, structure, model.spec)
    print(summary(report, title=table.source.title or table.source.name))
    print(write_everything(report, structure, output_folder(paths, example), model.name))
    return 0


def output_folder(paths: Sequence[Path], example: str | None) -> Path:
    """Return where results are written: `mlgui-output` for the first example, a folder in it for anything else.

    So the figures of one data set never lie beside the report of another.
    """
    from mlgui.export.files import file_name
    from mlgui.session.examples import DEFAULT

    if paths:
        return OUTPUT / file_name(paths[0].stem)
    return OUTPUT if example in (None, DEFAULT) else OUTPUT / file_name(str(example))


def _what_to_fit(paths: Sequence[Path], example: str | None) -> tuple[Table, Structure, Model]:
    """Return the data and the model on show that the window would open with."""
    from mlgui.cli.fitting import guess
    from mlgui.session.examples import DEFAULT, open_example
    from mlgui.session.jobs import open_file
    from mlgui.session.models import Model
    from mlgui.session.project import is_project, open_project

    if not paths:
        table, structure, models = open_example(example or DEFAULT)
        return table, structure, models[0]
    if is_project(paths[0]):
        opened = open_project(paths[0])
        return opened.table, opened.structure, next(m for m in opened.models if m.key == opened.active)
    reading, structure = open_file(paths[0])
    model = Model(key=1, name=tr("Model {n}").format(n=1), spec=guess(reading.table, structure))
    return reading.table, structure, model
