"""Words for groups and rows: "school", "schools", "students". A column name that reads as a word is used as one."""

from __future__ import annotations

import re

from mlgui.data.table import Table
from mlgui.spec.terms import Grouping
from mlgui.words import tr

_ID_ENDING = re.compile(r"([ _.\-](?i:id|ids|nr|no|num|code|key)|(?<=[a-z])(ID|Id|IDs|Nr|No))$")


def group_noun(grouping: Grouping) -> str:
    """Return the word for one group: "school" for `School` or `school_id`, "cask in batch" for `cask:batch`."""
    inner, *outer = (_word(name) for name in grouping.columns)
    return tr("{inner} in {outer}").format(inner=inner, outer=tr(" and ").join(outer)) if outer else inner


def group_plural(grouping: Grouping) -> str:
    """Return the word for several groups: "schools", "casks in batches", "groups of g"."""
    inner, *outer = (plural(_word(name)) for name in grouping.columns)
    return tr("{inner} in {outer}").format(inner=inner, outer=tr(" and ").join(outer)) if outer else inner


def row_noun(table: Table | None) -> str:
    """Return the word for one row ("student"), "observation" where the data do not say."""
    return (table.source.row_noun if table is not None else "") or tr("observation")


def joined(parts: list[str]) -> str:
    """Return "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return tr("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def known_plurals() -> dict[str, str]:
    """Return words for one row that the window offers or the examples bring, each with its plural."""
    return {
        tr("observation"): tr("observations"), tr("student"): tr("students"), tr("patient"): tr("patients"),
        tr("visit"): tr("visits"), tr("test"): tr("tests"), tr("person"): tr("persons"), tr("employee"): tr("employees"),
        tr("item"): tr("items"), tr("evaluation"): tr("evaluations"), tr("measurement"): tr("measurements"),
        tr("house"): tr("houses"), tr("X-ray"): tr("X-rays"),
    }  # fmt: skip


def plural(noun: str) -> str:
    """Return the plural of a word known in the language, else the English one; "group of g" becomes "groups of g"."""
    known = known_plurals().get(noun)
    if known is not None:
        return known
    head, of, rest = noun.partition(" of ")
    if re.search(r"[^aeiou]y$", head):
        head = head[:-1] + "ies"
    elif re.search(r"(s|x|z|ch|sh)$", head):
        head += "es"
    else:
        head += "s"
    return head + of + rest


def _word(name: str) -> str:
    """Return the word inside a column name, or "group of <name>" where there is none."""
    bare = re.sub(r"[_.]+", " ", _ID_ENDING.sub("", name)).strip()
    if len(bare) < 3 or not bare.replace(" ", "").isalpha() or bare.isupper():
        return tr("group of {name}").format(name=name)
    return bare.lower()
