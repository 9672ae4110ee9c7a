"""A whole visit as a process of its own: open a file, fit, look at every view, export everything, save, open an example.

    python whole_session.py data.csv folder      # writes to the folder; prints {"sockets": [...], "modules": [...]}

sockets: families of every socket Python made. modules: what was loaded that could reach a network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

families: list[str] = []


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note the family of every socket, and every look-up of a host."""
    if event == "socket.__new__":
        families.append(str(arguments[1]))
    elif event.startswith(("socket.connect", "socket.getaddrinfo", "socket.gethostby", "urllib.Request")):
        families.append(event)


def visit(path: Path, out: Path) -> None:
    """Do what a person does in one visit."""
    from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QDialog

    from mlgui.export.formats import EXPORTERS
    from mlgui.gui.app import application, load_everything
    from mlgui.gui.desk import make_desk
    from mlgui.gui.dialogs.export_files import FigureOptions, figure_targets, write_figure, write_report, write_tables
    from mlgui.gui.main_window import MainWindow
    from mlgui.gui.painter import FORMATS
    from mlgui.results.figures import figures
    from mlgui.results.table_builders import tables
    from mlgui.session.document import FitState

    app = application()

    def until(reached: Callable[[], bool]) -> None:
        late = QTimer(singleShot=True)
        late.start(30_000)
        while not reached():
            if not late.isActive():
                raise TimeoutError("nothing happened for half a minute")
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    load_everything(lambda _step: None)
    window = MainWindow(make_desk())
    document = window.desk.document
    window.show()
    window.finish_loading()
    window.open_path(path)
    until(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog)))
    QTest.keyClick(next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()), Qt.Key.Key_Return)
    until(lambda: document.active_fit.state is FitState.FITTED)
    assert window.workspace is not None
    for key, _ in window.workspace.tabs():
        window.show_view(key)
        app.processEvents()
    report, model = document.active_fit.report, document.active_model
    assert report is not None and model is not None
    write_tables(tables(report), out, "tables", [exporter.suffix for exporter in EXPORTERS], mark=True)
    shown = figures(report)[0]
    write_figure(shown, figure_targets(out, "figure", [*FORMATS, ".csv"]), FigureOptions(size_mm=(120, 80)))
    write_report(report, model, [out / f"report{suffix}" for suffix in (".html", ".json", ".R")])
    window.commands.copy_for_word()
    document.annotate(model.key, "a note")
    document.path = str(out / "work.mlgui")
    window.commands.save()
    until(lambda: not document.modified)
    window.open_path(out / "work.mlgui")
    until(lambda: document.snapshot.models[0].note == "a note" and not window.desk.runner.busy("file"))
    window.open_example("sleepstudy")
    until(lambda: document.snapshot.table is not None and document.snapshot.table.n_rows == 180)
    until(lambda: document.active_fit.state is FitState.FITTED)
    window.close()
    app.clipboard().clear()
    window.desk.runner.shut_down(20)
    window.keeper.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    sys.addaudithook(watch)
    visit(Path(sys.argv[1]), Path(sys.argv[2]))
    reaching = [name for name in ("PySide6.QtNetwork", "PySide6.QtWebEngineCore") if name in sys.modules]
    print(json.dumps({"sockets": families, "modules": reaching}))
