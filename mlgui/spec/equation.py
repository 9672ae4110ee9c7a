"""What an equation is made of: lines of runs, each with a style, a script and the coefficient it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a run of an equation is set."""

    ITALIC = "italic"
    UPRIGHT = "upright"
    ESTIMATED = "estimated"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A piece of an equation: text, style, script ("", "sub" or "sup").

    coefficient: lme4 name of the fixed coefficient it stands for ("" for none), so that hovering finds it.
    """

    text: str
    style: Style = Style.ITALIC
    script: str = ""
    coefficient: str = ""


@dataclass(frozen=True, kw_only=True)
class EquationLine:
    """One line: the level it belongs to ("Students", "Schools") and its runs. plain: the same as text."""

    level: str
    runs: tuple[Run, ...]

    @property
    def plain(self) -> str:
        """The line as plain text, subscripts after an underscore."""
        marks = {"sub": "_", "sup": "^", "": ""}
        return "".join(marks[run.script] + run.text for run in self.runs)
