"""Words for the things a report speaks of: groups ("school", "schools"), rows ("student"), and how many of them."""

from __future__ import annotations

from mlgui.design.design import Design
from mlgui.results.numbers import count
from mlgui.spec import nouns
from mlgui.spec.nouns import capital, joined, plural
from mlgui.spec.terms import Grouping

__all__ = ["capital", "counted", "counted_rows", "group_noun", "group_plural", "joined", "plural", "row_noun", "row_plural"]


def group_noun(grouping: str) -> str:
    """Return the word for one group of a grouping by name: "school" for `School`, "cask in batch" for `cask:batch`."""
    return nouns.group_noun(Grouping(tuple(grouping.split(":"))))


def group_plural(grouping: str) -> str:
    """Return the word for several groups: "schools", "casks in batches", "groups of g"."""
    return nouns.group_plural(Grouping(tuple(grouping.split(":"))))


def counted(n: int, grouping: str) -> str:
    """Return "160 schools" or "1 school"."""
    return f"{count(n)} {group_noun(grouping) if n == 1 else group_plural(grouping)}"


def row_noun(design: Design) -> str:
    """Return the word for one row ("student"), "observation" where the data do not say."""
    return nouns.row_noun(design.table)


def row_plural(design: Design) -> str:
    """Return the word for rows ("students")."""
    return plural(row_noun(design))


def counted_rows(n: int, design: Design) -> str:
    """Return "7 185 students"."""
    return f"{count(n)} {row_noun(design) if n == 1 else row_plural(design)}"
