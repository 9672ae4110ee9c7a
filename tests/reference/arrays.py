"""A `Problem` for a reference case, made from lme4's names of coefficients alone: no formula language, no design."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.problem import Floats, Groups, Problem
from tests.reference.files import load_case, load_levels, load_rows


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """A problem with names: columns of x, and for each grouping its name, levels and blocks of varying coefficients."""

    problem: Problem
    names: tuple[str, ...]
    groupings: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...]
    rows: NDArray[np.int64]


@cache
def case_arrays(name: str) -> Arrays:
    """Return the arrays of a reference case."""
    case = load_case(name)
    results = case["results"]
    columns = Columns(case["data"], _rows_used(results))
    terms = [effect["term"] for effect in results["fixed_effects"]]
    names = [*terms, *(column for column in results["dropped_columns"] if column not in terms)]
    if name.startswith("p17"):
        names = ["(Intercept)", "age", "age_months", "SexFemale"]
    groupings = _groupings(case, columns)
    return Arrays(
        problem=Problem(
            y=columns.number(case["formula"].split("~")[0].strip()),
            x=np.asfortranarray(np.column_stack([columns.product(term) for term in names])),
            groupings=tuple(groups for groups, _ in groupings),
            weights=columns.number(case["weights"]) if case.get("weights") else None,
            offset=10 * columns.number("Days") if "offset" in case["formula"] else None,
            reml=case["reml"],
        ),
        names=tuple(names),
        groupings=tuple(named for _, named in groupings),
        rows=columns.rows,
    )


def _rows_used(results: dict[str, Any]) -> NDArray[np.int64]:
    gone = np.array(results["rows_dropped_missing"], dtype=np.int64)
    return np.setdiff1d(np.arange(1, results["n_rows_in_file"] + 1), gone) - 1


def _groupings(
    case: dict[str, Any], columns: Columns
) -> list[tuple[Groups, tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]]]:
    blocks: dict[str, list[tuple[str, ...]]] = {}
    for component in case["results"]["variance_components"]["components"]:
        blocks.setdefault(component["group"], []).append(tuple(component["sd"]))
    made = []
    for grouping, terms in blocks.items():
        codes, levels = columns.groups(grouping)
        z = np.column_stack([columns.product(term) for block in terms for term in block])
        groups = Groups(codes=codes, n_groups=len(levels), z=np.asfortranarray(z), pattern=_pattern(terms))
        made.append((groups, (grouping, levels, tuple(terms))))
    return made


def _pattern(blocks: list[tuple[str, ...]]) -> NDArray[np.bool_]:
    sizes = [len(block) for block in blocks]
    pattern = np.zeros((sum(sizes), sum(sizes)), dtype=bool)
    at = 0
    for size in sizes:
        pattern[at : at + size, at : at + size] = np.tri(size, dtype=bool)
        at += size
    return pattern


class Columns:
    """The columns of one data file on some rows."""

    def __init__(self, data: str, rows: NDArray[np.int64] | None = None) -> None:
        self.cells = load_rows(data)
        self.levels = load_levels(data)
        self.rows = np.arange(len(next(iter(self.cells.values())))) if rows is None else rows

    def text(self, name: str) -> NDArray[np.str_]:
        return np.array(self.cells[name])[self.rows]

    def number(self, name: str) -> Floats:
        return self.text(name).astype(np.float64)

    def product(self, term: str) -> Floats:
        """Return the column lme4 calls `term`: `age:SexFemale`."""
        if term == "(Intercept)":
            return np.ones(len(self.rows))
        return np.asarray(np.prod([self._factor(part) for part in term.split(":")], axis=0))

    def _factor(self, part: str) -> Floats:
        if part == "I(Days^2)":
            return self.number("Days") ** 2
        for name, levels in self.levels.items():
            if part.startswith(name) and part[len(name) :] in levels:
                return (self.text(name) == part[len(name) :]).astype(np.float64)
        return self.number(part)

    def groups(self, grouping: str) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """Return codes and labels of the levels present, in the order of the factors, the first varying slowest."""
        parts = grouping.split(":")
        places = [self._places(part) for part in parts]
        keys = np.stack(places, axis=1)
        found, codes = np.unique(keys, axis=0, return_inverse=True)
        labels = tuple(":".join(self._label(part, place) for part, place in zip(parts, row)) for row in found)
        return codes.ravel().astype(np.int32), labels

    def _places(self, name: str) -> NDArray[np.int64]:
        order = {level: place for place, level in enumerate(self._all_levels(name))}
        return np.array([order[cell] for cell in self.text(name)])

    def _label(self, name: str, place: int) -> str:
        return self._all_levels(name)[place]

    def _all_levels(self, name: str) -> tuple[str, ...]:
        return self.levels[name] if name in self.levels else tuple(sorted(set(self.cells[name])))
