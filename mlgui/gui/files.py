"""Opening and saving: what happens between a press of Open and a document on the screen. Nothing here blocks.

    files = Files(desk, window)
    files.choose(); files.open_path(path); files.open_example("hsb"); files.save(); files.save_as(); files.close()

Long work runs in the lanes "file" (opening) and "save" of the runner, so that nothing that is opened stops a save on its way;
`loading` says what is being done, "" when it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mlgui.errors import Interrupted, UserError
from mlgui.gui.desk import Desk
from mlgui.gui.messages import show_error
from mlgui.progress import OnStep
from mlgui.words import ntr, tr

if TYPE_CHECKING:
    from mlgui.data.read.reader import Reading
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.gui.dialogs.open_table import OpenTableDialog
    from mlgui.session.journal import Abandoned

LANE = "file"
SAVE_LANE = "save"
_PROJECT = ".mlgui"
_PROJECTS = (_PROJECT, ".mlgui~")
"""A project, and the version before its last save."""


class Files(QObject):
    """The way files take into the document and out of it."""

    said = Signal(str)
    loading = Signal(str)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._dialog: OpenTableDialog | None = None
        self._after_saving: list[Callable[[], None]] = []

    # Opening

    def choose(self) -> None:
        """Ask which file to open."""
        from mlgui.data.read import supported_suffixes

        data = " ".join(f"*{suffix}" for suffix in supported_suffixes())
        dialog = QFileDialog(self._window, tr("Open"), self._desk.preferences.settings.last_folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = (tr("Data and projects"), tr("mlgui projects"), tr("All files"))
        dialog.setNameFilters([f"{kinds[0]} ({data} *{_PROJECT})", f"{kinds[1]} (*{_PROJECT})", f"{kinds[2]} (*)"])
        dialog.fileSelected.connect(lambda path: self.open_path(Path(path)))
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Open a project or a data file, after asking about unsaved changes."""
        self.ask_then(lambda: self._open_project(path) if path.suffix.lower() in _PROJECTS else self._open_data(path))

    def open_example(self, name: str) -> None:
        """Open an example with its models."""
        self.ask_then(lambda: self._open_example(name))

    def _open_example(self, name: str) -> None:
        def work(on_step: OnStep) -> Any:
            from mlgui.session.examples import open_example

            return open_example(name)

        self._start(tr("Opening the example…"), work, lambda found: self._desk.document.open(*found))

    def _open_project(self, path: Path) -> None:
        def work(on_step: OnStep) -> Any:
            from mlgui.session.project import open_project

            return open_project(path, on_step)

        def show(opened: Any) -> None:
            document = self._desk.document
            own = str(path) if path.suffix.lower() == _PROJECT else None  # an earlier version is saved under a name of its own
            document.open(opened.table, opened.structure, opened.models, active=opened.active, path=own)
            self._remember(path)

        self._start(tr("Opening {name}…").format(name=path.name), work, show, path)

    def open_recovered(self, entry: Abandoned, then: Callable[[], None]) -> None:
        """Open what a window that ended unexpectedly left behind, as unsaved work; then do `then`."""
        self.ask_then(lambda: self._open_recovered(entry, then))

    def _open_recovered(self, entry: Abandoned, then: Callable[[], None]) -> None:
        def work(on_step: OnStep) -> Any:
            from mlgui.session.journal import recover

            return recover(entry, on_step)

        def show(opened: Any) -> None:
            from mlgui.session.journal import project_of

            document, path = self._desk.document, project_of(entry)
            document.open(opened.table, opened.structure, opened.models, active=opened.active, path=path)
            document.mark_unsaved()
            then()

        self._start(tr("Opening {name}…").format(name=entry.name), work, show)

    def _open_data(self, path: Path) -> None:
        def work(on_step: OnStep) -> Any:
            from mlgui.session.jobs import open_file, preview_file

            first = preview_file(path, on_step)
            return (first is None, *(first or open_file(path, None, on_step)))

        def show(found: Any) -> None:
            whole, reading, structure = found
            self._preview(path, reading, structure, whole=whole)

        self._start(tr("Reading {name}…").format(name=path.name), work, show, path)

    def paste(self) -> None:
        """Make a new data set of the cells on the clipboard, after asking about unsaved changes."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.ask_then(lambda: self._open_text(text))
        else:
            self.said.emit(tr("Copy the cells of a table first, then paste"))

    def _open_text(self, text: str) -> None:
        def work(on_step: OnStep) -> Any:
            from mlgui.session.jobs import open_text

            return open_text(text, None, on_step)

        name = Path(tr("Pasted data"))
        self._start(tr("Reading the clipboard…"), work, lambda found: self._preview(name, *found, text=text))

    def _preview(
        self, path: Path, reading: Reading, structure: Structure, *, text: str | None = None, whole: bool = True
    ) -> None:
        from mlgui.gui.dialogs.open_table import OpenTableDialog

        if self._dialog is not None:
            self._dialog.close()
        desk, window = self._desk, self._window
        self._dialog = OpenTableDialog(path, reading, structure, desk.runner, desk.theme, window, text=text, whole=whole)
        self._dialog.chosen.connect(lambda table, found: self._take(path if text is None else None, table, found))
        self._dialog.destroyed.connect(self._on_dialog_gone)
        self._dialog.open()

    def _on_dialog_gone(self) -> None:
        self._dialog = None

    def _take(self, path: Path | None, table: Table, structure: Structure) -> None:
        """Open a table; what was pasted (no path) is in no file, and counts as unsaved from the start."""
        self._desk.document.open(table, structure)
        if path is None:
            self._desk.document.mark_unsaved()
        else:
            self._remember(path)

    def _remember(self, path: Path) -> None:
        snapshot = self._desk.document.snapshot
        n = snapshot.table.n_rows if snapshot.table is not None else 0
        from mlgui.results.numbers import count

        text = ntr("{n} row", "{n} rows", n).format(n=count(n))
        if path.suffix.lower() == _PROJECT:
            models = len(snapshot.models)
            text = ", ".join((text, ntr("{n} model", "{n} models", models).format(n=models)))
        self._desk.preferences.remember(path, text)

    def _start(self, words: str, work: Any, done: Callable[[Any], None], path: Path | None = None) -> None:
        self.loading.emit(words)

        def finish(result: Any) -> None:
            self.loading.emit("")
            done(result)

        self._desk.runner.start(LANE, work, finish, lambda error: self._failed(error, path), lambda: self.loading.emit(""))

    def _failed(self, error: UserError, path: Path | None) -> None:
        self.loading.emit("")
        if path is not None and not path.exists():
            self._desk.preferences.forget(str(path))
        again = partial(self.open_path, path) if path is not None and isinstance(error, Interrupted) else None
        show_error(self._window, error, self._desk.theme, again=again)

    # Saving

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save to the project's own file, or ask for one."""
        path = self._desk.document.path
        if path is None:
            self.save_as(then)
        else:
            self._write(Path(path), then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        """Ask for a file and save there."""
        folder = Path(self._desk.preferences.settings.last_folder or Path.home())
        dialog = QFileDialog(self._window, tr("Save project"), str(folder / f"{self._stem()}{_PROJECT}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(_PROJECT)
        dialog.setNameFilter(f"{tr('mlgui projects')} (*{_PROJECT})")
        dialog.fileSelected.connect(lambda path: self._write(Path(path), then))
        dialog.open()

    def _stem(self) -> str:
        table = self._desk.document.snapshot.table
        return Path(table.source.name).name.split(".")[0] if table is not None and table.source.name else tr("study")

    def _write(self, path: Path, then: Callable[[], None] | None) -> None:
        document, snapshot, opening = self._desk.document, self._desk.document.snapshot, self._desk.document.opening
        self._after_saving += [then] if then is not None else []

        def work(_on_step: OnStep) -> Any:
            from mlgui.session.project import save_project

            save_project(path, snapshot)  # a save overtaken by a newer one is finished all the same, never left half done

        def done(_result: Any) -> None:
            self.loading.emit("")
            if document.opening == opening:
                document.mark_saved(str(path), snapshot)
                self._remember(path)
            self.said.emit(tr("Saved {name}").format(name=path.name))
            waiting, self._after_saving = self._after_saving, []
            for action in waiting:
                self.ask_then(action)  # asks again if the work went on while it was being saved

        def failed(error: UserError) -> None:
            self._after_saving = []
            self._failed(error, None)

        self.loading.emit(tr("Saving…"))
        self._desk.runner.start(SAVE_LANE, work, done, failed)

    @property
    def saving(self) -> bool:
        """Whether a save is on its way."""
        return self._desk.runner.busy(SAVE_LANE)

    def after_saving(self, action: Callable[[], None]) -> None:
        """Do `action` when the save on its way has succeeded; at once without one."""
        self._after_saving.append(action) if self.saving else action()

    # Leaving

    def close(self) -> None:
        """Return to the start page, after asking about unsaved changes."""
        self.ask_then(self._desk.document.close)

    def ask_then(self, action: Callable[[], None]) -> None:
        """Do `action` at once if nothing would be lost, else ask first."""
        if not self._desk.document.modified:
            action()
            return
        question = QMessageBox(self._window)
        question.setWindowTitle("mlgui")
        question.setText(tr("Save the changes to this project?"))
        question.setInformativeText(tr("Otherwise the models you made since the last save are lost. The data file is untouched."))
        buttons = QMessageBox.StandardButton
        question.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        question.setDefaultButton(buttons.Save)
        question.buttonClicked.connect(lambda pressed: self._answered(question.standardButton(pressed), action))
        question.open()

    def _answered(self, answer: QMessageBox.StandardButton, action: Callable[[], None]) -> None:
        if answer is QMessageBox.StandardButton.Save:
            self.save(then=action)
        elif answer is QMessageBox.StandardButton.Discard:
            action()
