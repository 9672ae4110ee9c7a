"""Groups left out of a fit on purpose, in words."""

from __future__ import annotations

from mlgui.design.design import Design
from mlgui.results import numbers
from mlgui.results.nouns import group_noun, group_plural, joined
from mlgui.spec.exclusion import Exclusion
from mlgui.spec.model import ModelSpec
from mlgui.words import ntr, tr

_MOST_NAMES = 12


def excluded_groups(spec: ModelSpec) -> str:
    """Return the groups a model leaves out, such as "schools 1308 and 8367"; "" where it leaves out none."""
    return joined([_groups(exclusion) for exclusion in spec.excluded])


def excluded_sentence(design: Design) -> str:
    """Return which groups were left out and how many rows that were, as a sentence; "" where none were."""
    if not design.spec.excluded:
        return ""
    n = len(design.excluded_rows)
    text = ntr("Left out on purpose: {groups}, {n} row.", "Left out on purpose: {groups}, {n} rows.", n)
    return text.format(groups=excluded_groups(design.spec), n=numbers.count(n))


def _groups(exclusion: Exclusion) -> str:
    names, more = list(exclusion.levels[:_MOST_NAMES]), len(exclusion.levels) - _MOST_NAMES
    if more > 0:
        names.append(ntr("{n} more", "{n} more", more).format(n=more))
    noun = (group_noun if len(exclusion.levels) == 1 else group_plural)(exclusion.grouping.name)
    return tr("{noun} {names}").format(noun=noun, names=joined(names))
