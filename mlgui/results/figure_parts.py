"""What of a figure can be changed: a list of parts, each with its property (see `figure_edits`), words and present value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlgui.results.figure import Axis, Figure, Line, Panel, Points, Rule
from mlgui.results.figure_edits import Edits, ordered, pair, range_of
from mlgui.words import tr

USUAL_TEXT_PT = 8.25
"""Size of tick labels on paper where none is asked for: 11 px."""

KINDS = ("text", "range", "order", "colour", "number", "size", "switch", "lines")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing to change. kind: of KINDS. name: its words. value: as edited, else as computed; "" where there is none.

    names: of "order", the categories as they were computed. changed: whether it carries an edit. section: heading in a list
    of all parts.
    """

    property: str
    kind: str
    name: str
    value: str
    changed: bool
    section: str
    names: tuple[str, ...] = ()


def parts(figure: Figure, edits: Edits) -> tuple[Part, ...]:
    """Return everything that can be changed. figure: as computed, without edits."""
    found = [*_texts(figure, edits), *_axes(figure, edits), *_legend(figure, edits), *_colours(figure, edits)]
    return (*found, *_lines(figure, edits), *_sizes(figure, edits))


def original_text(figure: Figure, edits: Edits, shown: str) -> str | None:
    """Return the text of the computed figure that stands as `shown`, None where the figure has no such text."""
    for text in all_texts(figure):
        if edits.get(f"text:{text}", text).strip() == shown.strip():
            return text
    return None


def parts_at(figure: Figure, edits: Edits, text: str) -> tuple[Part, ...]:
    """Return what belongs to one text of the computed figure: its words, and what it names (axis, colours, line)."""
    wanted = {f"text:{text}"}
    for place, panel in enumerate(figure.panels):
        shared = 0 if figure.shared_axes else place
        for name, axis in (("x", panel.x), ("y", panel.y)):
            if text == axis.title:
                wanted |= {f"range:{name}:{shared}", f"order:{name}:{place}"}
            elif any(text == tick for _, tick in axis.ticks or ()):
                wanted.add(f"order:{name}:{place}")
        for number, rule in enumerate(layer for layer in panel.layers if isinstance(layer, Rule)):
            if text and rule.label == text:
                wanted |= {f"rule:{place}:{number}", f"colour:{rule.colour}"}
        wanted |= {f"colour:{layer.colour}" for layer in panel.layers if text in (layer.label, _end(layer)) and text}
        wanted |= (
            {"legend", "points"} if any(layer.label == text and not isinstance(layer, Rule) for layer in panel.layers) else set()
        )
    return tuple(part for part in parts(figure, edits) if part.property in wanted)


def axis_parts(figure: Figure, edits: Edits, axis: str, place: int) -> tuple[Part, ...]:
    """Return what can be changed of an axis ("x" or "y") of panel `place`."""
    title = getattr(figure.panels[place], axis).title
    wanted = {f"text:{title}", f"range:{axis}:{0 if figure.shared_axes else place}", f"order:{axis}:{place}"}
    return tuple(part for part in parts(figure, edits) if part.property in wanted)


def all_texts(figure: Figure) -> tuple[str, ...]:
    """Return every text of a computed figure once, in the order they are read."""
    found: dict[str, None] = {}
    for panel in figure.panels:
        ticks = [text for axis in (panel.x, panel.y) for _, text in axis.ticks or ()]
        words = [panel.title, panel.note, panel.y.title, panel.x.title]
        words += [text for layer in panel.layers for text in (layer.label, _end(layer))]
        found.update(dict.fromkeys(text for text in words + ticks if text.strip()))
    return tuple(found)


def _end(layer: object) -> str:
    return layer.end_label if isinstance(layer, Line) else ""


def _part(edits: Edits, name: str, kind: str, words: str, value: str, section: str, names: Iterable[str] = ()) -> Part:
    given = edits.get(name, "")
    return Part(
        property=name, kind=kind, name=words, value=given or value, changed=bool(given), section=section, names=tuple(names)
    )


def _texts(figure: Figure, edits: Edits) -> Iterator[Part]:
    section = tr("Texts")
    yield _part(edits, "heading", "text", tr("Heading"), figure.heading, section)
    for text in all_texts(figure):
        yield _part(edits, f"text:{text}", "text", text.strip(), text.strip(), section)


def _axes(figure: Figure, edits: Edits) -> Iterator[Part]:
    for place, panel in enumerate(figure.panels):
        for name, axis in (("x", panel.x), ("y", panel.y)):
            if axis.ticks is None and not (figure.shared_axes and place):
                yield _range(figure, edits, name, place, axis)
            elif axis.ticks and _may_reorder(panel, name):
                names = [text for _, text in axis.ticks]
                words = tr("Order of {axis}").format(axis=_axis_name(axis, name, figure, place))
                yield _order(edits, f"order:{name}:{place}", words, names, tr("Axes"))


def _range(figure: Figure, edits: Edits, name: str, place: int, axis: Axis) -> Part:
    words = tr("Range of {axis}").format(axis=_axis_name(axis, name, figure, place))
    value = f"{axis.limits[0]:g},{axis.limits[1]:g}" if axis.limits is not None else ""
    given = edits.get(f"range:{name}:{place}", "")
    return _part({} if range_of(given) is None else edits, f"range:{name}:{place}", "range", words, value, tr("Axes"))


def _axis_name(axis: Axis, name: str, figure: Figure, place: int) -> str:
    if axis.title:
        return axis.title
    own = tr("the horizontal axis") if name == "x" else tr("the vertical axis")
    return own if len(figure.panels) == 1 or figure.shared_axes else tr("{axis} of panel {n}").format(axis=own, n=place + 1)


def _order(edits: Edits, name: str, words: str, names: list[str], section: str) -> Part:
    return _part(edits, name, "order", words, json.dumps(names, ensure_ascii=False), section, names)


def _may_reorder(panel: Panel, name: str) -> bool:
    """Whether categories of an axis can change places: two at least, and no headings with members below them."""
    ticks = getattr(panel, name).ticks
    return len(ticks) > 1 and not any(text[:1].isspace() for _, text in ticks)


def _legend(figure: Figure, edits: Edits) -> Iterator[Part]:
    labels = [layer.label for panel in figure.panels for layer in panel.layers if layer.label and not isinstance(layer, Rule)]
    names = list(dict.fromkeys(labels))
    if len(names) > 1:
        yield _order(edits, "legend", tr("Order of the legend"), names, tr("Colours and marks"))


def _colours(figure: Figure, edits: Edits) -> Iterator[Part]:
    layers = [layer for panel in figure.panels for layer in panel.layers]
    meanings: dict[str, dict[str, None]] = {}
    for layer in layers:
        meanings.setdefault(layer.colour, {}).update({text: None for text in (layer.label or _end(layer),) if text})
    for token, words in meanings.items():
        name = next(iter(words), "") or colour_name(token)
        yield _part(edits, f"colour:{token}", "colour", tr("Colour of {what}").format(what=name), token, tr("Colours and marks"))
    if any(isinstance(layer, Points) for layer in layers):
        yield _part(edits, "points", "number", tr("Size of the marks (%)"), "100", tr("Colours and marks"))


def _lines(figure: Figure, edits: Edits) -> Iterator[Part]:
    section = tr("Lines of reference")
    for place, panel in enumerate(figure.panels):
        where = "" if len(figure.panels) == 1 else f" ({panel.title or place + 1})"
        for number, rule in enumerate(layer for layer in panel.layers if isinstance(layer, Rule)):
            words = tr("Line {what}").format(what=f"“{rule.label}”" if rule.label else f"{rule.value:.6g}")
            yield _part(edits, f"rule:{place}:{number}", "switch", words + where, "", section)
        if place < 6:  # a page of small multiples would be no list any more
            yield _part(edits, f"lines:{place}", "lines", tr("Lines of your own") + where, "", section)


def _sizes(figure: Figure, edits: Edits) -> Iterator[Part]:
    section = tr("Size on paper")
    width, height = pair(edits.get("size_mm", "")) or figure.size_mm
    yield _part(edits, "size_mm", "size", tr("Width and height (mm)"), f"{width:g},{height:g}", section)
    yield _part(edits, "text_pt", "number", tr("Size of the text (pt)"), f"{figure.text_pt or USUAL_TEXT_PT:g}", section)


def colour_name(token: str) -> str:
    """Return what a colour of the palette is called."""
    names = {
        "blue": tr("blue"), "vermilion": tr("vermilion"), "green": tr("green"), "purple": tr("purple"), "amber": tr("amber"),
        "grey": tr("grey"), "ink": tr("black"), "ink2": tr("dark grey"), "ink3": tr("middle grey"), "accent": tr("violet"),
        "no_pooling": tr("own estimates"), "complete_pooling": tr("complete pooling"),
    }  # fmt: skip
    return names.get(token, token)


def present_order(part: Part) -> list[str]:
    """Return the names of an "order" part in their present order."""
    try:
        wanted = json.loads(part.value)
    except ValueError:
        wanted = []
    return [part.names[k] for k in ordered(list(part.names), wanted if isinstance(wanted, list) else [])]
