"""A table as it will look on paper: texts in their final form, what is in italics, which side cells are aligned to.

HTML, RTF, DOCX, LaTeX and Markdown all write this, so that a table says the same wherever it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from mlgui.results import numbers
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

_WORDS = re.compile(r"(?<![\w'’(:])(?:SE|SD|df|t|p|n)(?![\w'’):])")
"""Symbols of statistics in running text; not behind an apostrophe, in brackets or before a colon, where a label may stand."""

_WIDE = re.compile(r"\b(?:SE|SD)\b")
_ALONE = frozenset({"df", "t", "p", "n", "N", "F", "z", "M", "r"})
_BELOW_ONE = re.compile(r"correlation(?:_\d+)?")
_GROUP = "\u202f"
NO_BREAK = "\u00a0"


@dataclass(frozen=True, kw_only=True)
class TableStyle:
    """How numbers are written in tables for people; files for programs never follow it.

    apa: no zero before the mark where a number cannot exceed 1 (p, correlations), no space before a percent sign, and
    title and note set as the Publication Manual (7th ed., sections 6.36 and 7.8-7.14) has them. comma: decimal comma.
    p_decimals: of p-values, whatever the decimals of estimates; below the smallest p they can show stands "< .001".
    """

    apa: bool = False
    comma: bool = False
    p_decimals: int = 3


PLAIN = TableStyle()
APA = TableStyle(apa=True)


@dataclass(frozen=True)
class Piece:
    """A text, upright or in italics."""

    text: str
    italic: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class LaidColumn:
    """heading; numeric: aligned to the right, so that equal decimals stand below each other; cells as texts."""

    heading: Pieces
    numeric: bool
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        """Characters of the widest cell and of the longest word of the heading: headings may break between words."""
        return max(map(len, (*text_of(self.heading).split(" "), *self.cells)), default=1)

    @property
    def narrowest(self) -> int:
        """Characters the column cannot do without: numbers never break, texts break between words."""
        if self.numeric:
            return self.width
        return max((len(word) for text in (text_of(self.heading), *self.cells) for word in text.split(" ")), default=1)


@dataclass(frozen=True, kw_only=True)
class LaidTable:
    """key, title and note of the table, its columns, and the style it was laid out in.

    n_stub: number of leading columns that say what a row is (texts and counts).
    """

    key: str
    title: str
    columns: tuple[LaidColumn, ...]
    note: Pieces
    style: TableStyle
    n_stub: int = 0

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The cells row by row."""
        return list(zip(*(column.cells for column in self.columns), strict=True))


def lay_out(table: ResultTable, style: TableStyle = PLAIN) -> LaidTable:
    """Return a table as texts in a style. Names of lme4 are left out where the same row has a label for people."""
    keys = {column.key for column in table.columns}
    shown = [column for column in table.columns if not (column.key == "term" and "label" in keys)]
    columns = tuple(
        LaidColumn(
            heading=heading_pieces(_percent(column.heading, style).replace("% CI", f"%{NO_BREAK}CI")),
            numeric=column.format is not Format.TEXT,
            cells=tuple(_cell(value, column, decimals, style) for value in column.cells),
        )
        for column, decimals in ((column, _df_decimals(column)) for column in shown)
    )
    note = note_pieces(_percent(table.note, style)) if table.note else ()
    stub = list(takewhile(lambda column: column.format in (Format.TEXT, Format.COUNT), shown))
    return LaidTable(key=table.key, title=table.title, columns=columns, note=note, style=style, n_stub=len(stub))


def column_widths(laid: LaidTable, room: float, character: float, gap: float) -> list[float]:
    """Return the width of each column in the unit of `room`: what its texts need on one line where there is room.

    Elsewhere columns of texts give way first, down to their longest word; only then all columns do. character: width of
    one; gap: padding of a column.
    """
    wanted = [column.width * character + gap for column in laid.columns]
    least = [column.narrowest * character + gap for column in laid.columns]
    over = sum(wanted) - room
    if over <= 0:
        return wanted
    give = sum(wanted) - sum(least)
    share = min(1.0, over / give) if give else 0.0
    narrowed = [wide - share * (wide - small) for wide, small in zip(wanted, least, strict=True)]
    squeeze = min(1.0, room / sum(narrowed))
    return [width * squeeze for width in narrowed]


def parts_that_fit(laid: LaidTable, room: float, character: float, gap: float) -> list[LaidTable]:
    """Return a table in as many parts as are needed to fit `room`; each begins with the columns before the first estimate.

    A table without such columns, or whose first ones leave no room, stays whole.
    """
    least = [column.narrowest * character + gap for column in laid.columns]
    stub = laid.n_stub
    free = room - sum(least[:stub])
    if sum(least) <= room or stub == 0 or free < max(least[stub:], default=0.0):
        return [laid]
    groups: list[list[int]] = [[]]
    for place in range(stub, len(least)):
        if groups[-1] and sum(least[each] for each in (*groups[-1], place)) > free:
            groups.append([])
        groups[-1].append(place)
    return [
        replace(
            laid,
            title=tr("{title}, part {n} of {m}").format(title=laid.title, n=n, m=len(groups)),
            columns=(*laid.columns[:stub], *(laid.columns[place] for place in group)),
            note=laid.note if n == len(groups) else (),
        )
        for n, group in enumerate(groups, 1)
    ]


def text_of(pieces: Sequence[Piece]) -> str:
    """Return the text of pieces without their style."""
    return "".join(piece.text for piece in pieces)


def heading_pieces(heading: str) -> Pieces:
    """Return a heading with the symbol of its statistic in italics; what stands before a colon is a label and stays upright."""
    label, colon, rest = heading.rpartition(": ")
    if rest in _ALONE:
        found = [Piece(rest, italic=True)]
    else:
        found = list(_split(_WIDE, rest))
    return tuple(([Piece(label + colon)] if colon else []) + found)


def note_pieces(note: str) -> Pieces:
    """Return a note with symbols of statistics in italics."""
    return tuple(_split(_WORDS, note))


def p_text(p: float, style: TableStyle) -> str:
    """Return a p-value: "< 0.001" below what its decimals can show, without the zero in APA style."""
    floor = 10.0**-style.p_decimals
    text = f"<{NO_BREAK}{floor:.{style.p_decimals}f}" if p < floor else numbers.number(p, style.p_decimals)
    return _finished(text, style, below_one=True)


def _split(pattern: re.Pattern[str], text: str) -> Iterator[Piece]:
    start = 0
    for match in pattern.finditer(text):
        if match.start() > start:
            yield Piece(text[start : match.start()])
        yield Piece(match.group(), italic=True)
        start = match.end()
    if start < len(text) or not text:
        yield Piece(text[start:])


def _cell(value: object, column: ResultColumn, df_decimals: int, style: TableStyle) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return numbers.cell(value, column)
    if column.format is Format.P:
        return p_text(float(value), style)
    if column.format is Format.DF:
        return _finished(numbers.number(float(value), df_decimals), style)
    text = numbers.cell(value, column)
    return text if column.format is Format.TEXT else _finished(text, style, below_one=_is_below_one(column))


def _is_below_one(column: ResultColumn) -> bool:
    return _BELOW_ONE.fullmatch(column.key) is not None


def _df_decimals(column: ResultColumn) -> int:
    """Return the decimals of a column of degrees of freedom: one for all rows if any has use for it, so that they line up."""
    if column.format is not Format.DF:
        return 0
    return int(any(isinstance(value, int | float) and abs(value) < 99.95 for value in column.cells))


def _finished(text: str, style: TableStyle, *, below_one: bool = False) -> str:
    """Return a number's text with the zero, the mark and the percent sign of the style."""
    if style.apa and below_one:
        text = re.sub(r"(?<!\d)0(?=\.\d)", "", text)
    if style.comma:
        text = text.replace(",", _GROUP).replace(".", ",")
    return _percent(text, style)


def _percent(text: str, style: TableStyle) -> str:
    return re.sub(r"(?<=\d)[ \u00a0\u202f]%", "%", text) if style.apa else text
