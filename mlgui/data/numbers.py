"""Texts that are numbers: which mark is decimal, which separates thousands, and what only looks like a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_SIGN = "[+\\-\u2212]?"
_PLAIN = {
    mark: re.compile(rf"{_SIGN}(?:\d+{re.escape(mark)}?\d*|{re.escape(mark)}\d+)(?:[eE]{_SIGN}\d+)?", re.ASCII) for mark in ".,"
}
_WITH_MARK = {mark: re.compile(rf"{_SIGN}\d*{re.escape(mark)}\d+(?:[eE]{_SIGN}\d+)?", re.ASCII) for mark in ".,"}
_LIKE_THOUSANDS = {mark: re.compile(rf"{_SIGN}[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}", re.ASCII) for mark in ".,"}
_GROUPED = {
    mark: re.compile(
        rf"{_SIGN}[1-9]\d{{0,2}}(?:([{other}'\u2019\u00a0\u202f\u2009 ])\d{{3}})(?:\1\d{{3}})*(?:{re.escape(mark)}\d+)?", re.ASCII
    )
    for mark, other in ((".", ","), (",", "."))
}
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"[+-]?0\d", re.ASCII)
_MOST_DIGITS = 15
"""A whole number of up to 15 digits is held exactly by binary64, a longer one may not be."""


class Thousands(StrEnum):
    """Whether marks between groups of three digits were met."""

    NONE = "none"
    SURE = "sure"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Texts read as numbers. values: None where a text is not a number. decimal: the mark they were read with.

    leading_zero, too_long: the first text that looks like an identifier, "" if there is none.
    """

    values: tuple[float | None, ...]
    decimal: str
    thousands: Thousands = Thousands.NONE
    leading_zero: str = ""
    too_long: str = ""

    @property
    def complete(self) -> bool:
        """Whether every text is a number."""
        return None not in self.values


def is_number(text: str, decimal: str = ".") -> bool:
    """Return whether `text`, without blanks around it, is a plain number (or infinity) with this decimal mark."""
    return bool(_PLAIN[decimal].fullmatch(text) or _INFINITE.fullmatch(text))


def looks_numeric(text: str) -> bool:
    """Return whether `text` is a plain number with either decimal mark."""
    return is_number(text, ".") or is_number(text, ",")


def begins_like_number(text: str) -> bool:
    """Return whether `text` begins with a digit, a sign, a mark, or as infinity does."""
    return text[0].isdigit() or text[0] in "+-\u2212.," or bool(_INFINITE.fullmatch(text))


def read_numbers(texts: Sequence[str], decimal: str, *, mark_known: bool) -> Numbers:
    """Return the texts as numbers under `decimal`, with thousands marks only where every text but those is a number.

    mark_known: the file shows elsewhere that `decimal` is its decimal mark, so that the other mark must group thousands.
    """
    plain = _PLAIN[decimal]
    values = [_to_float(text, decimal) if plain.fullmatch(text) else _infinite(text) for text in texts]
    thousands = Thousands.NONE
    if None in values:
        thousands = _group_thousands(texts, values, decimal, mark_known)
    return Numbers(
        values=tuple(values),
        decimal=decimal,
        thousands=thousands,
        leading_zero=next((text for text in texts if _LEADING_ZERO.match(text) and plain.fullmatch(text)), ""),
        too_long=next((text for text in texts if len(text) > _MOST_DIGITS and _loses_digits(text)), ""),
    )


def _to_float(text: str, decimal: str) -> float:
    if decimal == ",":
        text = text.replace(",", ".")
    return float(text.replace("\u2212", "-"))


def _infinite(text: str) -> float | None:
    return float(text) if _INFINITE.fullmatch(text) else None


def _loses_digits(text: str) -> bool:
    digits = text.lstrip("+-\u2212").lstrip("0")
    return digits.isascii() and digits.isdigit() and (len(digits) > _MOST_DIGITS + 1 or int(digits or "0") > 2**53)


def _group_thousands(texts: Sequence[str], values: list[float | None], decimal: str, mark_known: bool) -> Thousands:
    """Fill `values` from texts such as 1,234,567 and say how sure that is; change nothing if any text stays a word."""
    matches = {i: _GROUPED[decimal].fullmatch(text) for i, text in enumerate(texts) if values[i] is None}
    if not all(matches.values()):
        return Thousands.NONE
    sure = mark_known
    other = "," if decimal == "." else "."
    for i, match in matches.items():
        mark = match.group(1) if match else ""
        text = texts[i]
        values[i] = _to_float(text.replace(mark, ""), decimal)
        sure = sure or mark != other or text.count(mark) > 1 or decimal in text
    return Thousands.SURE if sure else Thousands.DOUBTFUL


@dataclass(frozen=True, kw_only=True)
class DecimalGuess:
    """The decimal mark of a file. sure: no other reading is possible. example: a number with the mark, "" if there is none."""

    mark: str
    sure: bool = True
    example: str = ""


def guess_decimal(cells: Iterable[str], delimiter: str) -> DecimalGuess:
    """Return the decimal mark the cells use: the point where nothing tells.

    In doubt are files in which one mark always stands before three digits (1,234 or 1.234), unless it is the point of a
    comma-separated file.
    """
    clear = {".": 0, ",": 0}
    example = {".": "", ",": ""}
    for cell in cells:
        for mark in ".,":
            evidence = _evidence(cell, mark)
            if evidence is not None:
                clear[mark] += evidence
                if evidence or not example[mark]:
                    example[mark] = cell
    if clear["."] or clear[","]:
        mark = "." if clear["."] >= clear[","] else ","
        return DecimalGuess(mark=mark, example=example[mark])
    if delimiter == "," or bool(example["."]) == bool(example[","]):
        return DecimalGuess(mark=".", example=example["."] if not example[","] else "")
    mark = "." if example["."] else ","
    return DecimalGuess(mark=mark, sure=False, example=example[mark])


def _evidence(cell: str, mark: str) -> bool | None:
    """Return whether the cell shows that `mark` is decimal: clearly (12,5 or 1.234,5), perhaps (1,234: False), or not at all."""
    if _WITH_MARK[mark].fullmatch(cell):
        return not _LIKE_THOUSANDS[mark].fullmatch(cell)
    if len(cell) > 6 and _GROUPED[mark].fullmatch(cell):
        return True if mark in cell or cell.count("." if mark == "," else ",") > 1 else None
    return None


def is_decimal_comma_column(lines: Sequence[str]) -> bool:
    """Return whether lines are the single column of a file with decimal commas: a name above 1,5 and 2 and 3,25."""
    cells = [line.strip() for line in lines if line.strip()]
    below = cells[1:]
    return (
        bool(below)
        and "," not in cells[0]
        and all(_PLAIN[","].fullmatch(cell) for cell in below)
        and any("," in cell for cell in below)
    )
