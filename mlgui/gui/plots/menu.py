"""The context menu of a figure: copy it, save it, see all of it again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from mlgui.errors import UserError
from mlgui.export.figure_data import figure_csv
from mlgui.gui.painter import figure_image, save_figure
from mlgui.results.figure import Figure
from mlgui.words import tr

_COPY_PX_PER_MM = 300 / 25.4
_KINDS = (
    (".png", tr("PNG picture")),
    (".svg", tr("SVG drawing")),
    (".pdf", tr("PDF page")),
    (".csv", tr("CSV of its numbers")),
)  # fmt: skip


def figure_menu(figure: Figure, parent: QWidget, *, zoomed: bool) -> QMenu:
    """Return the menu of one figure. `reset` is the object name of the action that resets the zoom; the caller connects it."""
    menu = QMenu(parent)
    menu.addAction(tr("Copy figure"), lambda: copy_figure(figure))
    menu.addSeparator()
    for suffix, kind in _KINDS:
        menu.addAction(tr("Save as {kind}…").format(kind=kind), partial(ask_and_save, figure, suffix, kind, parent))
    menu.addSeparator()
    reset = menu.addAction(tr("Reset zoom"))
    reset.setObjectName("reset")
    reset.setEnabled(zoomed)
    return menu


def copy_figure(figure: Figure) -> None:
    """Put the figure on the clipboard as it would be printed, at 300 dpi, with its sentence as text."""
    width, height = figure.size_mm
    data = QMimeData()
    data.setImageData(figure_image(figure, (round(width * _COPY_PX_PER_MM), round(height * _COPY_PX_PER_MM))))
    data.setText(figure.alt)
    QGuiApplication.clipboard().setMimeData(data)


def ask_and_save(figure: Figure, suffix: str, kind: str, parent: QWidget) -> None:
    """Ask for a file name and write the figure there."""
    dialog = QFileDialog(parent, tr("Save figure"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{kind} (*{suffix})")
    dialog.setDefaultSuffix(suffix.lstrip("."))
    dialog.selectFile(figure.key + suffix)
    dialog.fileSelected.connect(lambda name: _save(figure, Path(name), parent))
    dialog.open()


def write_figure(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the suffix: a picture, or its numbers for .csv. Raises UserError."""
    if path.suffix.lower() != ".csv":
        save_figure(figure, path)
        return
    try:
        path.write_bytes(figure_csv(figure))
    except OSError as error:
        raise UserError(
            tr("The numbers were not written: {name}.").format(name=path.name),
            tr("The folder is missing or write-protected, or the file is open in another program."),
            tr("Choose another folder or name, or close the file."),
        ) from error


def _save(figure: Figure, path: Path, parent: QWidget) -> None:
    try:
        write_figure(figure, path)
    except UserError as error:
        box = QMessageBox(QMessageBox.Icon.Warning, tr("Save figure"), error.what, parent=parent)
        box.setInformativeText(f"{error.why} {error.do}".strip())
        box.open()


def show_menu(menu: QMenu, at: QPoint) -> None:
    """Show a menu at a position of the screen and forget it afterwards."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
