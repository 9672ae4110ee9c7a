"""Which columns could be groups, at which level every column varies, and how groupings relate.

The definitions are those of the user guide: a *candidate grouping* has between 2 and n/2 levels, one of them with at
least 2 rows; a column is at a grouping's level when it is constant within every group (missing values ignored).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mlgui.data.candidates import Candidate, Cells, candidate_of, cells_of, is_constant, make_candidate
from mlgui.data.kinds import as_labels
from mlgui.data.likely import is_likely_group, might_be_group, outcome_score, sounds_like_group
from mlgui.data.table import CODED, Kind, Table
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.words import tr


class Relation(StrEnum):
    """How grouping `a` relates to grouping `b`."""

    NESTED = "nested"
    CROSSED = "crossed"
    PARTLY_CROSSED = "partly crossed"


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupingFacts:
    """One candidate grouping. name: column name, or `b:a` for a combination. columns: the columns combined.

    levels: labels in order. sizes: rows per level, int64 (J,). codes: level of each row, int32 (n,), -1 missing.
    constant_columns: names of columns that are constant within it. likely: whether a researcher would call it a grouping; the
    others satisfy the definition but look like measures, times or properties.
    """

    name: str
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    sizes: NDArray[np.int64]
    codes: NDArray[np.int32]
    constant_columns: tuple[str, ...]
    likely: bool = True

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.levels)

    @property
    def singletons(self) -> int:
        """Groups with one row."""
        return int(np.count_nonzero(self.sizes == 1))


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two groupings: `inner` has at least as many levels as `outer`, except where its labels are re-used.

    reused_labels: the few labels of `inner` recur in the groups of `outer` (casks a, b, c in every batch), so that
    "the same three everywhere" and "different ones in each" are both possible readings; `combined` makes the second.
    """

    inner: str
    outer: str
    relation: Relation
    reused_labels: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """What was found. groupings: candidates, most useful first. pairs: every two of the first `MOST_RELATED` of them.

    levels: for each column the name of the coarsest likely grouping within which it is constant, "" for data level.
    """

    groupings: tuple[GroupingFacts, ...]
    pairs: tuple[Pair, ...]
    levels: dict[str, str]

    def __getitem__(self, name: str) -> GroupingFacts:
        """Return the candidate called `name`; KeyError if there is none."""
        for facts in self.groupings:
            if facts.name == name:
                return facts
        raise KeyError(name)

    @property
    def likely(self) -> tuple[GroupingFacts, ...]:
        """The candidates a researcher would call groupings, most useful first."""
        return tuple(facts for facts in self.groupings if facts.likely)


MOST_RELATED = 24
"""So many candidates are related to each other beforehand; a survey of hundreds of ratings has as many, and none is a group."""

_GLANCE = 50_000
_FEW_LABELS = 20


def find_structure(table: Table, on_step: OnStep = ignore_steps) -> Structure:
    """Return candidate groupings, their relations, and the level of every column."""
    cells = [cells_of(column) for column in table.columns]
    candidates = [candidate for column in table.columns if (candidate := candidate_of(column)) is not None]
    constant: dict[str, tuple[str, ...]] = {}
    for i, candidate in enumerate(candidates):
        on_step(Step(text=tr("Looking for groups: {name}").format(name=candidate.name), done=i, total=len(candidates)))
        others = (other for other in cells if other.name != candidate.name)
        constant[candidate.name] = tuple(other.name for other in others if is_constant(other, candidate))
    groupings = _rank(candidates, constant)
    on_step(Step(text=tr("Comparing groupings")))
    return Structure(groupings=groupings, pairs=_pairs(groupings), levels=_levels(cells, groupings))


def combined(table: Table, inner: str, outer: str) -> GroupingFacts:
    """Return the grouping of `inner` within `outer`, named `inner:outer`, one group for each pair of labels that occurs.

    UserError if that leaves fewer than two groups.
    """
    columns = (as_labels(table[inner]), as_labels(table[outer]))
    codes_in, codes_out = (column.values.astype(np.int64) for column in columns)
    width = len(columns[0].levels)
    both = (codes_in >= 0) & (codes_out >= 0)
    cell = codes_out[both] * width + codes_in[both]
    occurring, inverse = np.unique(cell, return_inverse=True)
    codes = np.full(table.n_rows, -1, dtype=np.int32)
    codes[both] = inverse
    levels = tuple(f"{columns[0].levels[i % width]}:{columns[1].levels[i // width]}" for i in occurring.tolist())
    if len(levels) < 2:
        raise UserError(
            tr("{inner} within {outer} makes fewer than two groups.").format(inner=inner, outer=outer),
            tr("Every row has the same pair of labels, or one of them is missing."),
            tr("Choose other columns."),
        )
    name = f"{inner}:{outer}"
    groups = make_candidate(name, Kind.CATEGORY, codes, levels)
    cells = [cells_of(column) for column in table.columns] if groups else []
    constant = tuple(other.name for other in cells if groups and is_constant(other, groups))
    sizes = np.bincount(inverse, minlength=len(levels)).astype(np.int64)
    return GroupingFacts(name=name, columns=(inner, outer), levels=levels, sizes=sizes, codes=codes, constant_columns=constant)


def guess_outcome(table: Table, structure: Structure) -> str | None:
    """Return the number column that is most likely the outcome: at data level, by name, values and place; None without one."""
    groups = {facts.name for facts in structure.likely}
    scores = {
        column.name: outcome_score(column, i, len(table.columns))
        for i, column in enumerate(table.columns)
        if column.kind is Kind.NUMBER and column.name not in groups and not structure.levels.get(column.name)
    }
    return max(scores, key=lambda name: scores[name], default=None)


def _rank(candidates: Sequence[Candidate], constant: dict[str, tuple[str, ...]]) -> tuple[GroupingFacts, ...]:
    """Return the candidates as facts: likely ones first, then those within which more other columns are constant.

    A column that divides the rows in the very same way as the candidate tells nothing about it and is not counted.
    """
    by_name = {candidate.name: candidate for candidate in candidates}
    keys: dict[str, tuple[bool, int, bool, bool, int]] = {}
    for candidate in candidates:
        twins = {
            name
            for name in constant[candidate.name]
            if name in by_name and candidate.name in constant[name] and by_name[name].n_groups == candidate.n_groups
        }
        count = len(constant[candidate.name]) - len(twins)
        finer = any(candidate.name in within for name, within in constant.items() if name not in twins)
        likely = is_likely_group(candidate, count, is_property=finer)
        keys[candidate.name] = (
            likely, count, sounds_like_group(candidate.name), candidate.kind in CODED, candidate.n_groups,
        )  # fmt: skip
    ranked = sorted(candidates, key=lambda candidate: keys[candidate.name], reverse=True)
    only = ranked[0] if ranked and not keys[ranked[0].name][0] and might_be_group(ranked[0]) else None
    return tuple(
        GroupingFacts(
            name=candidate.name,
            columns=(candidate.name,),
            levels=candidate.levels,
            sizes=candidate.sizes,
            codes=candidate.codes,
            constant_columns=constant[candidate.name],
            likely=keys[candidate.name][0] or candidate is only,
        )
        for candidate in ranked
    )


def _levels(cells: Sequence[Cells], groupings: Sequence[GroupingFacts]) -> dict[str, str]:
    """Return for each column the likely grouping with the fewest groups within which it is constant, "" if none."""
    coarse_first = sorted((facts for facts in groupings if facts.likely), key=lambda facts: facts.n_groups)
    return {
        column.name: next(
            (facts.name for facts in coarse_first if column.name == facts.name or column.name in facts.constant_columns), ""
        )
        for column in cells
    }


def _pairs(groupings: Sequence[GroupingFacts]) -> tuple[Pair, ...]:
    """Return how every two of the foremost candidates relate."""
    foremost = groupings[:MOST_RELATED]
    return tuple(relate(a, b) for i, a in enumerate(foremost) for b in foremost[i + 1 :])


def relate(a: GroupingFacts, b: GroupingFacts) -> Pair:
    """Return how two groupings relate: nested if one is constant within the other, else crossed, in part or completely."""
    fine, coarse = (a, b) if a.n_groups >= b.n_groups else (b, a)
    if coarse.name in fine.constant_columns:
        return Pair(inner=fine.name, outer=coarse.name, relation=Relation.NESTED)
    relation = Relation.CROSSED if _all_pairs_occur(fine, coarse) else Relation.PARTLY_CROSSED
    if a.likely and b.likely and _labels_reused(coarse, fine, relation):
        return Pair(inner=coarse.name, outer=fine.name, relation=relation, reused_labels=True)
    return Pair(inner=fine.name, outer=coarse.name, relation=relation)


def _pair_cells(a: GroupingFacts, b: GroupingFacts, at_most: int | None = None) -> NDArray[np.int64]:
    """Return the cell of the table a x b that each row falls in, of the first rows where `at_most` says so."""
    codes_a, codes_b = a.codes[:at_most].astype(np.int64), b.codes[:at_most]
    cell = codes_a * b.n_groups + codes_b
    return cell[(codes_a >= 0) & (codes_b >= 0)]


def _all_pairs_occur(a: GroupingFacts, b: GroupingFacts) -> bool:
    n_cells = a.n_groups * b.n_groups
    if n_cells > len(a.codes):
        return False
    return any(bool(np.bincount(_pair_cells(a, b, rows), minlength=n_cells).all()) for rows in (_GLANCE, None))


def _labels_reused(inner: GroupingFacts, outer: GroupingFacts, relation: Relation) -> bool:
    """Return whether the few labels of `inner` could mean different groups in each group of `outer`.

    So it is when every group of `outer` has all of them, or the first few of them (classes 1, 2 here and 1, 2, 3 there), and
    the groups they would make have two rows on average.
    """
    if inner.n_groups > _FEW_LABELS or inner.n_groups >= outer.n_groups:
        return False
    occurs = np.zeros(outer.n_groups * inner.n_groups, dtype=np.bool_)
    occurs[_pair_cells(outer, inner)] = True
    if 2 * np.count_nonzero(occurs) > len(inner.codes):
        return False
    if relation is Relation.CROSSED:
        return True
    table = occurs.reshape(outer.n_groups, inner.n_groups)
    run = np.arange(inner.n_groups) < table.sum(axis=1, keepdims=True)
    return bool((table == run).all() and np.median(table.sum(axis=1)) >= 2)
