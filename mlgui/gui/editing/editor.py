"""Between a figure on the screen and the document that keeps its edits.

editing = FigureEditing(document, theme)
editing.attach(canvas)          # its texts answer to the mouse; the canvas shows figures as edited
editing.refresh(canvases)       # after a change of the document
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QPoint, QRectF

from mlgui.gui.editing.surfaces import EditPopover, EditWindow
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.plots.sheet import Spot
from mlgui.gui.theme import Theme
from mlgui.results.figure import Figure
from mlgui.results.figure_edits import OwnLine, edited, edits_of, lines_text, own_lines
from mlgui.results.figure_parts import Part, axis_parts, original_text, parts, parts_at
from mlgui.session.document import Document


class FigureEditing(QObject):
    """Lets the user change figures, as steps that can be undone."""

    def __init__(self, document: Document, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._open: dict[FigureCanvas, EditWindow | EditPopover] = {}
        self._applied: dict[FigureCanvas, dict[str, str]] = {}

    def attach(self, canvas: FigureCanvas) -> None:
        """Let the user change what this canvas shows; a second call changes nothing."""
        if canvas in self._applied or not canvas.editable:
            return
        self._applied[canvas] = {}
        canvas.destroyed.connect(partial(self._applied.pop, canvas, None))
        canvas.set_finish(partial(self._finish, canvas))
        canvas.asked_edit.connect(partial(self._on_spot, canvas))
        canvas.asked_edit_all.connect(partial(self.open_all, canvas))
        canvas.asked_line.connect(partial(self._on_line, canvas))
        canvas.asked_reset.connect(partial(self.reset_all, canvas))

    def _finish(self, canvas: FigureCanvas, figure: Figure) -> Figure:
        """Return a computed figure with the edits of the model on show."""
        self._applied[canvas] = self.edits(figure)
        return edited(figure, self._applied[canvas])

    def edits(self, figure: Figure) -> dict[str, str]:
        """Return the edits of a figure in the model on show."""
        model = self._document.active_model
        return edits_of(model.figure_edits, figure.key) if model is not None else {}

    def refresh(self, canvases: Iterable[FigureCanvas]) -> None:
        """Show canvases, and what is open to edit them, as the document now stands."""
        for canvas in canvases:
            figure = canvas.computed
            if figure is not None and canvas in self._applied and self._applied[canvas] != self.edits(figure):
                canvas.finish_again()
        for surface in list(self._open.values()):
            surface.refresh()

    def open_all(self, canvas: FigureCanvas) -> EditWindow | None:
        """Open the window with all parts of the figure on a canvas, or bring it to the front."""
        figure = canvas.computed
        if figure is None:
            return None
        window = EditWindow(lambda: self._parts(canvas), self._theme, canvas.window())
        window.given.connect(partial(self.change, canvas))
        window.reset_all.connect(partial(self.reset_all, canvas))
        self._keep(canvas, window)
        window.open_beside(canvas)
        return window

    def change(self, canvas: FigureCanvas, name: str, value: str) -> None:
        """Change one property of the figure on a canvas; "" takes the edit back."""
        model, figure = self._document.active_model, canvas.computed
        if model is not None and figure is not None:
            self._document.edit_figure(model.key, figure.key, {name: value})

    def reset_all(self, canvas: FigureCanvas) -> None:
        """Show the figure on a canvas as it was computed."""
        model, figure = self._document.active_model, canvas.computed
        if model is not None and figure is not None:
            self._document.edit_figure(model.key, figure.key, dict.fromkeys(self.edits(figure), ""))

    def _parts(self, canvas: FigureCanvas) -> tuple[Part, ...]:
        figure = canvas.computed
        return parts(figure, self.edits(figure)) if figure is not None else ()

    def _on_spot(self, canvas: FigureCanvas, spot: Spot) -> None:
        """Open what belongs to a text or an axis beside it."""
        figure = canvas.computed
        if figure is None:
            return
        wanted = {part.property for part in self._parts_of(figure, spot)}

        def present() -> tuple[Part, ...]:
            return tuple(part for part in self._parts(canvas) if part.property in wanted)

        if not wanted:
            self.open_all(canvas)
            return
        popover = EditPopover(present, self._theme, canvas)
        popover.given.connect(partial(self.change, canvas))
        popover.asked_all.connect(partial(self.open_all, canvas))
        self._keep(canvas, popover)
        popover.open_at(canvas.stage.viewport().mapToGlobal(_below(spot.area)))

    def _parts_of(self, figure: Figure, spot: Spot) -> tuple[Part, ...]:
        edits = self.edits(figure)
        if spot.axis:
            return axis_parts(figure, edits, spot.axis, spot.panel)
        if spot.text == edits.get("heading", "").strip():
            return tuple(part for part in parts(figure, edits) if part.property == "heading")
        text = original_text(figure, edits, spot.text)
        if text is not None:
            return parts_at(figure, edits, text)
        own = [f"lines:{k}" for k in range(len(figure.panels)) if spot.text in _labels(edits.get(f"lines:{k}", ""))]
        return tuple(part for part in parts(figure, edits) if part.property in own)

    def _on_line(self, canvas: FigureCanvas, panel: int, vertical: bool, at: float) -> None:
        """Add a line of reference to the figure on a canvas."""
        figure = canvas.computed
        if figure is not None:
            name = f"lines:{panel}"
            lines = own_lines(self.edits(figure).get(name, ""))
            self.change(canvas, name, lines_text([*lines, OwnLine(at=float(f"{at:.3g}"), vertical=vertical)]))

    def _keep(self, canvas: FigureCanvas, surface: EditWindow | EditPopover) -> None:
        old = self._open.pop(canvas, None)
        if old is not None:
            old.close()
        self._open[canvas] = surface
        surface.destroyed.connect(partial(self._forget, canvas, surface))

    def _forget(self, canvas: FigureCanvas, surface: EditWindow | EditPopover, *_: object) -> None:
        if self._open.get(canvas) is surface:
            del self._open[canvas]


def _labels(text: str) -> set[str]:
    return {line.label for line in own_lines(text)}


def _below(area: QRectF) -> QPoint:
    return area.bottomLeft().toPoint() + QPoint(0, 6)
