"""What one cell becomes outside the program: exact numbers, and texts no spreadsheet takes for a formula."""

from __future__ import annotations

import math
import re
from numbers import Integral, Real

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PLAIN_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")


def safe_text(text: str) -> str:
    """Return `text` behind an apostrophe where a spreadsheet would run it as a formula (CWE-1236).

    Spreadsheets run texts that begin with = + - @ tab or line break (or their full-width forms). A text that is nothing
    but a number is left alone: it computes nothing.
    """
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def is_number(value: object) -> bool:
    """Return whether a cell holds a number (Python's or numpy's; a truth value is none)."""
    return isinstance(value, Real) and not isinstance(value, bool)


def exact(value: object) -> str:
    """Return a cell as text: numbers with all their digits, "" for what is missing, other texts made safe."""
    if value is None:
        return ""
    if isinstance(value, Integral) and is_number(value):
        return str(int(value))
    if isinstance(value, Real) and is_number(value):
        return _exact_float(float(value))
    return safe_text(str(value))


def _exact_float(value: float) -> str:
    if math.isnan(value):
        return ""
    return repr(value) if math.isfinite(value) else "Inf" if value > 0 else "-Inf"
