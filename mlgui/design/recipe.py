"""The encoding of a design, applied to new data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlgui.data.table import Table
from mlgui.design.columns import Encoder, Knowledge
from mlgui.design.evaluate import Memory, evaluate
from mlgui.design.frame import Codes, Frame
from mlgui.design.groups import group_codes
from mlgui.design.rows import used_rows
from mlgui.engine.late import Late
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.spec.coding import NamedColumn
from mlgui.spec.expression import Expression, columns_of
from mlgui.spec.model import ModelSpec
from mlgui.spec.residual import ResidualTerm
from mlgui.spec.terms import Grouping
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupRecipe:
    """One grouping of a design: what varies by it, and its levels in order."""

    grouping: Grouping
    columns: tuple[NamedColumn, ...]
    levels: Late[tuple[str, ...]] = Late()  # noqa: RUF009


@dataclass(frozen=True, kw_only=True, eq=False)
class Recipe:
    """All that is needed to encode other rows as those of the design were."""

    spec: ModelSpec
    columns: tuple[NamedColumn, ...]
    groups: tuple[GroupRecipe, ...]
    knowledge: Knowledge


@dataclass(frozen=True, kw_only=True, eq=False)
class EncodedGroups:
    """One grouping of encoded rows. codes: (n,) index of the group in the design, -1 for a group it does not have.

    labels: the group's name in each row. z: (n, q).
    """

    codes: Codes
    labels: tuple[str, ...]
    z: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class EncodedRows:
    """New rows as arrays. rows: indices of the table rows encoded (those without missing values). x: (n, p).

    offset: (n,) or None.
    """

    rows: np.ndarray
    x: Floats
    groups: tuple[EncodedGroups, ...]
    offset: Floats | None


def encode(recipe: Recipe, table: Table) -> EncodedRows:
    """Return the rows of another table encoded as the design was; outcome and weights are not needed.

    Levels, centres, scales and polynomials are the design's. UserError for a level without a coefficient.
    """
    used = used_rows(table, _needed(recipe.spec, table))
    frame = Frame(table, None if used.all_used else used.rows)
    encoder = Encoder(recipe.spec, frame, recipe.knowledge)
    encoder.plan(recipe.spec.fixed)
    return EncodedRows(
        rows=used.rows,
        x=encoder.fill(recipe.columns),
        groups=tuple(_encoded_groups(group, frame, encoder) for group in recipe.groups),
        offset=sum_offsets(recipe.spec.offsets, frame, recipe.knowledge.memory),
    )


def sum_offsets(offsets: Sequence[Expression], frame: Frame, memory: Memory) -> Floats | None:
    """Return the sum of all offsets, (n,), None if there are none."""
    total: Floats | None = None
    for offset in offsets:
        values = evaluate(offset, frame, memory)
        if values.ndim > 1:
            raise UserError(tr("An offset must be one column of numbers."), "", tr("Leave out poly()."))
        total = values if total is None else total + values
    return total


def _needed(spec: ModelSpec, table: Table) -> tuple[str, ...]:
    spec = replace(spec, excluded=(), residual=ResidualTerm())
    skipped = {*columns_of(spec.outcome), spec.weights}
    for term in (*spec.fixed, *(term for random in spec.random for term in random.terms)):
        skipped.difference_update(term.columns)
    for random in spec.random:
        skipped.difference_update(random.grouping.columns)
    needed = tuple(name for name in spec.columns if name not in skipped)
    for name in needed:
        if name not in table:
            raise UserError(
                tr("The new data have no column called “{name}”.").format(name=name),
                tr("The model needs it."),
                tr("Add the column."),
            )
    return needed


def _encoded_groups(group: GroupRecipe, frame: Frame, encoder: Encoder) -> EncodedGroups:
    coded = group_codes(frame, group.grouping)
    codes, levels = coded.codes, coded.levels
    place = {label: index for index, label in enumerate(group.levels)}
    lookup = np.array([place.get(label, -1) for label in levels], dtype=np.int32)
    encoder.plan(tuple(dict.fromkeys(column.term for column in group.columns)))
    return EncodedGroups(
        codes=lookup[codes], labels=tuple(levels[code] for code in codes.tolist()), z=encoder.fill(group.columns)
    )
