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

HIGH_CONTRAST: dict[str, tuple[str, str]] = {
    "bg": ("#FFFFFF", "#000000"),
    "panel": ("#FFFFFF", "#000000"),
    "surface": ("#FFFFFF", "#000000"),
    "field": ("#FFFFFF", "#000000"),
    "hover": ("#E8E8E8", "#262626"),
    "token": ("#E8E8E8", "#262626"),
    "segment": ("#FFFFFF", "#404040"),
    "line": ("#767676", "#8C8C8C"),
    "line2": ("#3D3D3D", "#C4C4C4"),
    "ctrl": ("#000000", "#FFFFFF"),
    "ink": ("#000000", "#FFFFFF"),
    "ink2": ("#1F1F1F", "#F0F0F0"),
    "ink3": ("#333333", "#DCDCDC"),
    "disabled": ("#6A6A6A", "#9A9A9A"),
    "accent": ("#2B22A0", "#C9C6FF"),
    "accent_hover": ("#1C1580", "#E0DEFF"),
    "on_accent": ("#FFFFFF", "#000000"),
    "accent_soft": ("#E4E2FF", "#2A2560"),
    "sel": ("#EFEEFF", "#221E52"),
    "ok": ("#004D36", "#8CF0CB"),
    "okbg": ("#E6F4EE", "#0C2620"),
    "warn": ("#5E3600", "#FFD98A"),
    "warnbg": ("#FFF5E0", "#2A2008"),
    "warnline": ("#5E3600", "#FFD98A"),
    "warnmark": ("#B36B00", "#FFC94D"),
    "err": ("#8E120C", "#FFB4AD"),
    "errbg": ("#FCEBE9", "#330F0D"),
    "axis": ("#000000", "#FFFFFF"),
    "grid": ("#C9C9C9", "#4A4A4A"),
    "blue": ("#024099", "#6CC4FA"),
    "vermilion": ("#9A2D09", "#FFA56B"),
    "green": ("#00663D", "#50DDB1"),
    "purple": ("#8F146B", "#F0A6D8"),
    "amber": ("#6E4A00", "#FFC94D"),
    "grey": ("#4A4A4A", "#C8C8C8"),
    "complete_pooling": ("#000000", "#FFFFFF"),
    "no_pooling": ("#555555", "#BDBDBD"),
}
"""Other values of tokens where high contrast is asked for, (light, dark): 7 to 1 for words, and for marks and edges."""

CATEGORY_COLOURS = ("blue", "vermilion", "green", "purple", "amber", "grey")
"""Colours of the levels of a category, in order. More than six levels: all grey."""

MODEL_MARKS = (("green", "circle"), ("purple", "square"), ("amber", "diamond"), ("grey", "triangle"))
"""(colour, shape) of the first, second, ... model, so that models never read as categories."""


def colour(name: str, *, dark: bool = False, contrast: bool = False) -> str:
    """Return the token `name` as `#RRGGBB`; contrast: of the high-contrast look. KeyError for an unknown name."""
    if contrast:  # data colours are strong enough for words there
        return HIGH_CONTRAST[name.removesuffix("_text")][1 if dark else 0]
    return TOKENS[name][1 if dark else 0]


def model_mark(index: int) -> tuple[str, str]:
    """Return (colour, shape) of the model at `index`, counted from 0; from the fifth on they repeat."""
    return MODEL_MARKS[index % len(MODEL_MARKS)]
