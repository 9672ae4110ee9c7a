"""What the commands of the window do. Each is one short sentence to the document, the files or a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QInputDialog

from mlgui.gui.desk import Desk
from mlgui.gui.files import Files
from mlgui.session.document import Selection
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.dialogs.conventions import ConventionsDialog
    from mlgui.gui.dialogs.model_options import ModelOptions
    from mlgui.gui.main_window import MainWindow
    from mlgui.gui.tour.tour import Tour


class Commands(QObject):
    """The verbs of the menus."""

    def __init__(self, desk: Desk, files: Files, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._files = files
        self._window = window
        self.tour: Tour | None = None
        self._options: ModelOptions | None = None
        self._conventions: ConventionsDialog | None = None

    def open_file(self) -> None:
        """Ask for a file."""
        self._files.choose()

    def save(self) -> None:
        """Save the project."""
        self._files.save()

    def save_as(self) -> None:
        """Save the project under another name."""
        self._files.save_as()

    def close_file(self) -> None:
        """Return to the start page."""
        self._files.close()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def export(self) -> None:
        """Open the export dialog for the model on show."""
        from mlgui.gui.dialogs.export import ExportDialog

        fit, model = self._desk.document.active_fit, self._desk.document.active_model
        if fit.report is not None and model is not None:
            figure = self._window.figure_on_show()
            ExportDialog(fit.report, model, self._desk, figure=figure, parent=self._window).open()

    def copy_for_word(self) -> None:
        """Put the main tables on the clipboard, as a word processor and as a spreadsheet read them."""
        from mlgui.gui.clipboard import copy_tables
        from mlgui.results.table_builders import fixed_table, variance_table

        report = self._desk.document.active_fit.report
        if report is not None:
            copy_tables((fixed_table(report), variance_table(report)))
            self._window.say(tr("Copied: paste into Word, or into a spreadsheet"))

    def undo(self) -> None:
        """Take back the last step."""
        self._desk.document.undo()

    def redo(self) -> None:
        """Bring the step back."""
        self._desk.document.redo()

    def edit_figure(self) -> None:
        """Open the list of what can be changed of the figure on show."""
        if self._window.workspace is not None:
            self._window.workspace.centre.edit_figure()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._desk.document.select(Selection())

    def without_groups(self) -> None:
        """Show the model without the selected groups."""
        if self._window.workspace is not None:
            self._window.workspace.show_without()

    def paste_data(self) -> None:
        """Make a new data set of what is on the clipboard."""
        self._files.paste()

    def compute_column(self) -> None:
        """Ask for a column to compute."""
        verbs = self._window.data_verbs()
        if verbs is not None:
            verbs.compute()

    def filter_rows(self) -> None:
        """Ask which rows count."""
        verbs = self._window.data_verbs()
        if verbs is not None:
            verbs.filter()

    def reshape_data(self) -> None:
        """Ask how a wide table becomes a long one."""
        verbs = self._window.data_verbs()
        if verbs is not None:
            verbs.reshape()

    def add_columns(self) -> None:
        """Ask which columns the model on show gives to the data, or to a file."""
        verbs = self._window.data_verbs()
        if verbs is not None:
            verbs.add_model_columns(self._window.say)

    def show_history(self) -> None:
        """Show what was done to the data."""
        verbs = self._window.data_verbs()
        if verbs is not None:
            verbs.show_history()

    def find_column(self) -> None:
        """Put the keyboard into the search field of the columns."""
        self._window.find_column()

    def show_data(self) -> None:
        """Turn to the table of the data."""
        self._window.show_view("data")

    def new_model(self) -> None:
        """Add a model that starts from guesses."""
        self._desk.document.add_model()

    def duplicate_model(self) -> None:
        """Add a copy of the model on show."""
        key = self._desk.document.snapshot.active
        if key is not None:
            self._desk.document.duplicate_model(key)

    def delete_model(self) -> None:
        """Delete the model on show; undo brings it back."""
        key = self._desk.document.snapshot.active
        if key is not None:
            self._desk.document.delete_model(key)

    def rename_model(self) -> None:
        """Ask for another name of the model on show."""
        key = self._desk.document.snapshot.active
        if key is not None:
            self.rename(key)

    def rename(self, key: int) -> None:
        """Ask for another name of one model."""
        model = self._desk.document.snapshot.model(key)
        if model is None:
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(tr("Rename model"))
        dialog.setLabelText(tr("Name of the model"))
        dialog.setTextValue(model.name)
        dialog.textValueSelected.connect(lambda name: self._desk.document.rename_model(key, name))
        dialog.open()

    def edit_note(self) -> None:
        """Ask for the note of the model on show."""
        key = self._desk.document.snapshot.active
        if key is not None:
            self.note(key)

    def note(self, key: int) -> None:
        """Ask for the note of one model; it goes into reports."""
        model = self._desk.document.snapshot.model(key)
        if model is None:
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(tr("Note"))
        dialog.setLabelText(tr("Note on {name}, for you and for the report").format(name=model.name))
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue(model.note)
        dialog.textValueSelected.connect(lambda text: self._desk.document.annotate(key, text))
        dialog.open()

    def move_left(self) -> None:
        """Move the model on show before the one at its left."""
        self._move(-1)

    def move_right(self) -> None:
        """Move the model on show behind the one at its right."""
        self._move(1)

    def _move(self, by: int) -> None:
        snapshot = self._desk.document.snapshot
        keys = [model.key for model in snapshot.models]
        if snapshot.active is not None:
            self._desk.document.move_model(snapshot.active, keys.index(snapshot.active) + by)

    def close_windows(self) -> None:
        """Close the windows beside the main one."""
        for beside in (self._options, self._conventions):
            if beside is not None:
                beside.close()
                beside.deleteLater()
        self._options = self._conventions = None

    def show_preferences(self) -> None:
        """Show the preferences."""
        from mlgui.gui.dialogs.preferences import PreferencesDialog

        PreferencesDialog(self._desk, self._window).show()

    def model_options(self, page: str = "") -> None:
        """Show the options of the model on show, on one of their pages."""
        from mlgui.gui.dialogs.model_options import ModelOptions

        if self._options is None:
            self._options = ModelOptions(self._desk, self._window)
        if isinstance(page, str) and page:
            self._options.show_page(page)
        self._options.show()
        self._options.raise_()
        self._options.activateWindow()

    def fit_now(self) -> None:
        """Fit what is stale."""
        self._desk.fitter.fit_now()

    def toggle_auto_fit(self, on: bool) -> None:
        """Fit after every change, or only when asked."""
        self._desk.preferences.update(auto_fit=on)
        self._desk.fitter.auto = on
        if on:
            self._desk.fitter.fit_now()

    def toggle_explain(self) -> None:
        """Fold or unfold the right dock."""
        self._window.toggle_explain()

    def toggle_left(self) -> None:
        """Fold or unfold the left dock."""
        self._window.toggle_left()

    def zoom_in(self) -> None:
        """Show all text one step larger."""
        self._window.menus.set_text_size(self._desk.theme.next_scale(1))

    def zoom_out(self) -> None:
        """Show all text one step smaller."""
        self._window.menus.set_text_size(self._desk.theme.next_scale(-1))

    def zoom_reset(self) -> None:
        """Show all text in its usual size."""
        self._window.menus.set_text_size(1.0)

    def show_help(self) -> None:
        """Show the page of what has the focus."""
        from mlgui.gui.help.context import page_for

        self._show_page(page_for(QApplication.focusWidget()) or self._window.page_on_show())

    def start_tour(self) -> None:
        """Lead through the program on an example; what is open and changed is asked about first."""
        from mlgui.gui.tour.tour import Tour

        if self.tour is None:
            self.tour = Tour(self._window)
        self.tour.start()

    def show_contents(self) -> None:
        """Show the first page of the help."""
        self._show_page("index")

    def show_glossary(self) -> None:
        """Show what the words mean."""
        self._show_page("glossary")

    def show_conventions(self) -> None:
        """Show why the numbers of the fit on show differ from another program's."""
        from mlgui.gui.dialogs.conventions import ConventionsDialog

        if self._conventions is None:
            self._conventions = ConventionsDialog(self._desk, self._window)
        self._conventions.show()
        self._conventions.raise_()
        self._conventions.activateWindow()

    def _show_page(self, key: str) -> None:
        from mlgui.gui.dialogs.help import show_help

        show_help(key, self._desk.theme, self._window)

    def show_shortcuts(self) -> None:
        """Show every command with its key."""
        from mlgui.gui.dialogs.shortcuts import ShortcutSheet
        from mlgui.gui.help.keys import menu_sections, view_sections

        workspace = self._window.workspace
        sections = menu_sections(self._window.actions_by_id, workspace.tabs() if workspace is not None else ())
        ShortcutSheet(sections + view_sections(), self._desk.theme, self._window).open()

    def about(self) -> None:
        """Say what this program is."""
        from mlgui.gui.dialogs.about import AboutDialog

        AboutDialog(self._desk.theme, self._window).open()

    def show_log(self) -> None:
        """Open the log with the system's own viewer."""
        from mlgui.gui.log import log_file

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file())))
