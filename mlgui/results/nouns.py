"""Words for the things a model speaks of: groups ("school", "schools"), rows ("student"), the outcome.

A column name that reads as a word is used as one; codes such as `IDSCH` or `g` become "group of g".
"""

from __future__ import annotations

import re

from mlgui.design.design import Design
from mlgui.results.numbers import count
from mlgui.words import tr

_ID_ENDING = re.compile(r"([ _.\-](?i:id|ids|nr|no|num|code|key)|(?<=[a-z])(ID|Id|IDs|Nr|No))$")


def group_noun(grouping: str) -> str:
    """Return the word for one group of a grouping: "school" for `School` or `school_id`, "cask in batch" for `cask:batch`."""
    parts = [_word(part) for part in grouping.split(":")]
    if len(parts) == 1:
        return parts[0]
    return tr("{inner} in {outer}").format(inner=parts[0], outer=tr(" and ").join(parts[1:]))


def group_plural(grouping: str) -> str:
    """Return the word for several groups: "schools", "casks in batches", "groups of g"."""
    inner, *outer = [_plural(_word(part)) for part in grouping.split(":")]
    if not outer:
        return inner
    return tr("{inner} in {outer}").format(inner=inner, outer=tr(" and ").join(outer))


def counted(n: int, grouping: str) -> str:
    """Return "160 schools" or "1 school"."""
    return f"{count(n)} {group_noun(grouping) if n == 1 else group_plural(grouping)}"


def row_noun(design: Design) -> str:
    """Return the word for one row ("student"), "observation" where the data do not say."""
    return design.table.source.row_noun or tr("observation")


def row_plural(design: Design) -> str:
    """Return the word for rows ("students")."""
    return _plural(row_noun(design))


def counted_rows(n: int, design: Design) -> str:
    """Return "7 185 students"."""
    return f"{count(n)} {row_noun(design) if n == 1 else row_plural(design)}"


def joined(parts: list[str]) -> str:
    """Return "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return tr("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def _word(name: str) -> str:
    """Return the word inside a column name, or "group of <name>" where there is none."""
    bare = re.sub(r"[_.]+", " ", _ID_ENDING.sub("", name)).strip()
    if len(bare) < 3 or not bare.replace(" ", "").isalpha() or bare.isupper():
        return tr("group of {name}").format(name=name)
    return bare.lower()


def _plural(noun: str) -> str:
    """Return the English plural; "group of g" becomes "groups of g"."""
    head, of, rest = noun.partition(" of ")
    if re.search(r"[^aeiou]y$", head):
        head = head[:-1] + "ies"
    elif re.search(r"(s|x|z|ch|sh)$", head):
        head += "es"
    else:
        head += "s"
    return head + of + rest
