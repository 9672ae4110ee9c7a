"""A whole figure on one area: the legend above, panels in rows and columns below."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from mlgui.gui.painting.axes import paint_axes, paint_back
from mlgui.gui.painting.frame import Frame, Sides, frame_at, frame_of, margins_of
from mlgui.gui.painting.layers import paint_layer
from mlgui.gui.painting.legend import Entry, entries, legend_rows, paint_legend, row_height
from mlgui.gui.painting.limits import Range, figure_limits
from mlgui.gui.painting.style import TITLE_PX, Style
from mlgui.gui.painting.text import Label
from mlgui.results.figure import Figure

_PANEL_GAP_PX, _MULTIPLE_GAP_PX = 14.0, 22.0
HEADING_PX = 14.0


@dataclass(frozen=True, kw_only=True)
class Page:
    """Where everything stands. One frame and one description of sides for each panel. heading: top of all, maybe empty."""

    heading: Label
    area: QRectF
    legend: QRectF
    legend_rows: list[list[Entry]]
    frames: tuple[Frame, ...]
    sides: tuple[Sides, ...]


def lay_out(figure: Figure, area: QRectF, style: Style, limits: list[tuple[Range, Range]] | None = None, *,
            legend: bool = True) -> Page:  # fmt: skip
    """Return the places of all parts of a figure within `area`.

    limits: ranges of the axes where they were zoomed. legend: False where something beside the figure explains it.
    """
    limits = limits or figure_limits(figure)
    whole, heading = area, Label(text=figure.heading, px=HEADING_PX, colour="ink", bold=True).fitted(style, area.width())
    if figure.heading:
        area = area.adjusted(0, heading.height(style) + 6 * style.unit, 0, 0)
    rows = legend_rows(entries(figure), area.width(), style) if legend else []
    legend_height = len(rows) * row_height(style) + (4 * style.unit if rows else 0.0)
    body = area.adjusted(0, legend_height, 0, 0)
    sides = tuple(sides_of(figure, index) for index in range(len(figure.panels)))
    place = _shared_frames if figure.shared_axes and len(figure.panels) > 1 else _separate_frames
    return Page(
        heading=heading,
        area=whole,
        legend=QRectF(area.left(), area.top(), area.width(), legend_height),
        legend_rows=rows,
        frames=place(figure, limits, sides, body, style),
        sides=sides,
    )


def sides_of(figure: Figure, index: int) -> Sides:
    """Return which labels panel number `index` carries: all of them, or only the outer ones of shared axes."""
    if not figure.shared_axes or len(figure.panels) == 1:
        return Sides()
    row, column = divmod(index, figure.columns)
    last = index + figure.columns >= len(figure.panels)
    return Sides(
        left=column == 0, below=last, y_title=row == 0 and column == 0, x_title=index == len(figure.panels) - 1, boxed=True
    )


def _cells(figure: Figure, body: QRectF, gap_x: float, gap_y: float) -> list[QRectF]:
    columns = max(1, min(figure.columns, len(figure.panels)))
    rows = -(-len(figure.panels) // columns)
    width = (body.width() - gap_x * (columns - 1)) / columns
    height = (body.height() - gap_y * (rows - 1)) / max(rows, 1)
    return [
        QRectF(body.left() + (k % columns) * (width + gap_x), body.top() + (k // columns) * (height + gap_y), width, height)
        for k in range(len(figure.panels))
    ]


def _separate_frames(figure: Figure, limits: list[tuple[Range, Range]], sides: tuple[Sides, ...], body: QRectF,
                     style: Style) -> tuple[Frame, ...]:  # fmt: skip
    """Return panels with axes of their own, their left and right edges in line."""
    gap = _PANEL_GAP_PX * style.unit
    outers = _cells(figure, body, gap, gap)
    own = [margins_of(*given, style) for given in zip(figure.panels, limits, sides, outers)]
    left, right = max((margin.left for margin in own), default=0.0), max((margin.right for margin in own), default=0.0)
    margins = [replace(margin, left=left, right=right) for margin in own]
    return tuple(frame_of(*given, style) for given in zip(figure.panels, limits, margins, outers))


def _shared_frames(figure: Figure, limits: list[tuple[Range, Range]], sides: tuple[Sides, ...], body: QRectF,
                   style: Style) -> tuple[Frame, ...]:  # fmt: skip
    """Return small multiples of equal size; room for ticks and titles is kept once, at the left and below."""
    line = Label(text="", px=TITLE_PX).height(style)
    heading = line + 8 * style.unit
    around = margins_of(figure.panels[0], limits[0], Sides(), body, style)
    title = line + 2 * style.unit if figure.panels[0].y.title else 0.0
    inner = body.adjusted(around.left, title + heading, -style.unit, -around.bottom)
    plots = _cells(figure, inner, _MULTIPLE_GAP_PX * style.unit, heading + _MULTIPLE_GAP_PX * style.unit * 0.7)
    return tuple(
        frame_at(panel, limit, plot.adjusted(-around.left, -heading - title, 0, around.bottom), plot, style)
        for panel, limit, plot in zip(figure.panels, limits, plots)
    )


def paint_heading(painter: QPainter, page: Page, style: Style) -> None:
    """Draw the words above a figure, where there are any."""
    if page.heading.text:
        page.heading.draw(painter, style, page.area.left(), page.area.top() + page.heading.height(style) / 2)


def paint_page(painter: QPainter, figure: Figure, page: Page, style: Style) -> None:
    """Draw a figure that was laid out."""
    paint_heading(painter, page, style)
    paint_legend(painter, page.legend_rows, page.legend, style)
    for panel, frame, sides in zip(figure.panels, page.frames, page.sides):
        paint_back(painter, panel, frame, sides, style)
        for layer in panel.layers:
            paint_layer(painter, layer, frame, style)
        paint_axes(painter, panel, frame, sides, style)
