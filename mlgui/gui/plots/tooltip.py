"""What is said about the group under the mouse: its name and where its marks stand on both axes."""

from __future__ import annotations

from html import escape

import numpy as np

from mlgui.gui.painting.text import plain
from mlgui.gui.plots.highlight import group_title
from mlgui.gui.plots.marks import Marks
from mlgui.results.figure import Axis, Figure
from mlgui.results.numbers import decimals_for, number
from mlgui.words import tr


def tooltip(figure: Figure, index: int, marks: Marks, group: int) -> str:
    """Return the tooltip of a group in panel `index` as rich text: a bold name, one line an axis, values with intervals."""
    lines = [f"<b>{escape(group_title(figure, group))}</b>"]
    panel = figure.panels[index]
    at, span = marks.position(group), marks.span(group)
    if at is not None:
        ends = span or (np.nan,) * 4
        lines.append(_line(panel.x, at[0], ends[0], ends[2]))
        lines.append(_line(panel.y, at[1], ends[1], ends[3]))
    if panel.note:
        lines.append(escape(plain(panel.note)))
    return "<p style='white-space:pre'>" + "<br>".join(line for line in lines if line) + "</p>"


def _line(axis: Axis, value: float, start: float, end: float) -> str:
    """Return "title: value", with the other end of the segment through it: an interval around, or where it came from."""
    if axis.ticks is not None or not axis.title:
        return ""
    span = axis.limits[1] - axis.limits[0] if axis.limits else max(abs(value), 1e-12)
    whole = float(value).is_integer() and not (np.isfinite(end - start) and end != start)
    decimals = 0 if whole else decimals_for([value], [max(abs(end - start), span / 100)] if np.isfinite(end - start) else [])
    text = f"{escape(plain(axis.title))}: {number(value, decimals)}"
    low, high = min(start, end), max(start, end)
    if not np.isfinite(high - low) or high == low:
        return text
    if low < value < high:
        return f"{text} ({number(low, decimals)} {tr('to')} {number(high, decimals)})"
    other = start if end == value else end
    return tr("{text} (own estimate {other})").format(text=text, other=number(other, decimals))
