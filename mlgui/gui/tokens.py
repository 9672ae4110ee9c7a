"""The design tokens: every colour of the window and of its plots, light and dark, in one table. No Qt.

Names: surfaces `bg panel surface field hover token segment accent_soft sel okbg warnbg errbg`; lines `line line2 ctrl
warnline`; text `ink ink2 ink3 accent on_accent ok warn err`; plots `axis grid no_pooling complete_pooling` and the data
palette `blue vermilion green purple amber grey` (each with `<name>_text` for words in that colour).
"""

from __future__ import annotations

TOKENS: dict[str, tuple[str, str]] = {
    "bg": ("#F3F3F0", "#141519"),
    "panel": ("#FAFAF8", "#1A1B20"),
    "surface": ("#FFFFFF", "#1F2026"),
    "field": ("#FFFFFF", "#17181C"),
    "hover": ("#F0EFEC", "#26282F"),
    "token": ("#F0EFEC", "#30323B"),
    "segment": ("#FFFFFF", "#43464F"),
    "line": ("#E7E6E2", "#2C2E36"),
    "line2": ("#D2D1CB", "#40434D"),
    "ctrl": ("#85878F", "#767985"),
    "ink": ("#1B1C21", "#ECEDF1"),
    "ink2": ("#52555E", "#B6B9C3"),
    "ink3": ("#6C6F78", "#9295A1"),
    "disabled": ("#A9ABB1", "#5D606B"),
    "accent": ("#4A46C4", "#A8A4FF"),
    "accent_hover": ("#3F3BB0", "#BBB8FF"),
    "on_accent": ("#FFFFFF", "#17162B"),
    "accent_soft": ("#ECEBFA", "#2D2B4C"),
    "sel": ("#F3F2FD", "#282748"),
    "ok": ("#00704F", "#57CFA5"),
    "okbg": ("#E6F4EE", "#173029"),
    "warn": ("#8A5200", "#F4C264"),
    "warnbg": ("#FFF5E0", "#2F2716"),
    "warnline": ("#F0D59A", "#5A4720"),
    "warnmark": ("#E69F00", "#E6A92E"),
    "err": ("#B3261E", "#FF8A80"),
    "errbg": ("#FCEBE9", "#3A1E1C"),
    "axis": ("#B5B4AE", "#5A5D68"),
    "grid": ("#EDECE8", "#282A31"),
    "blue": ("#0072B2", "#56B4E9"),
    "vermilion": ("#D55E00", "#FF9350"),
    "green": ("#007F5F", "#3CC39B"),
    "purple": ("#A1508A", "#DE92C3"),
    "amber": ("#C68600", "#E6A92E"),
    "grey": ("#6C6F78", "#9295A1"),
    "blue_text": ("#005F95", "#7CC6F0"),
    "vermilion_text": ("#AD4A00", "#FFAE7C"),
    "green_text": ("#007F5F", "#3CC39B"),
    "purple_text": ("#A1508A", "#DE92C3"),
    "amber_text": ("#8A5200", "#E6A92E"),
    "grey_text": ("#6C6F78", "#9295A1"),
    "complete_pooling": ("#3A3C44", "#D5D7DE"),
    "no_pooling": ("#8B8D95", "#8A8D99"),
}
"""name -> (light, dark), as `#RRGGBB`."""

CATEGORY_COLOURS = ("blue", "vermilion", "green", "purple", "amber", "grey")
"""Colours of the levels of a category, in order. More than six levels: all grey."""

CATEGORY_SHAPES = ("circle", "triangle", "diamond", "square", "down", "plus")
"""Shapes that go with `CATEGORY_COLOURS`; colour never stands alone."""

MODEL_MARKS = (("green", "circle"), ("purple", "square"), ("amber", "diamond"), ("grey", "triangle"))
"""(colour, shape) of the first, second, ... model, so that models never read as categories."""


def colour(name: str, *, dark: bool = False) -> str:
    """Return the token `name` as `#RRGGBB`; KeyError for an unknown name."""
    return TOKENS[name][1 if dark else 0]


def model_mark(index: int) -> tuple[str, str]:
    """Return (colour, shape) of the model at `index`, counted from 0; from the fifth on they repeat."""
    return MODEL_MARKS[index % len(MODEL_MARKS)]
