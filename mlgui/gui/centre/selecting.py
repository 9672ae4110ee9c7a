"""The one selection of groups, between a document (labels) and a figure or table (indices)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlgui.session.document import Document, Selection


class Selecting:
    """Reads and changes the selection of a document for one grouping, by index into its levels."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.grouping = ""
        self._levels: Sequence[str] = ()
        self._index: dict[str, int] = {}

    def use(self, grouping: str, levels: Sequence[str]) -> None:
        """Speak of the groups of this grouping from now on."""
        if levels is not self._levels:
            self._index = {level: index for index, level in enumerate(levels)}
        self.grouping, self._levels = grouping, levels

    @property
    def levels(self) -> Sequence[str]:
        """Labels of the groups spoken of."""
        return self._levels

    @property
    def indices(self) -> frozenset[int]:
        """Indices of the selected groups; none where another grouping's groups are selected."""
        chosen = self._document.selection
        if chosen.grouping != self.grouping:
            return frozenset()
        return frozenset(self._index[level] for level in chosen.levels if level in self._index)

    @property
    def last(self) -> int:
        """Index of the group chosen most recently, -1 without one."""
        chosen = self._document.selection
        return self._index.get(chosen.last, -1) if chosen.grouping == self.grouping and chosen.levels else -1

    def choose(self, groups: Iterable[int], *, add: bool = False, origin: object = None) -> None:
        """Select groups instead of, or with `add` besides, those selected; adding a selected single group takes it out."""
        picked = [self._levels[index] for index in groups if 0 <= index < len(self._levels)]
        before = self._document.selection
        levels = before.levels if add and before.grouping == self.grouping else frozenset()
        if add and len(picked) == 1 and picked[0] in levels:
            levels = levels - {picked[0]}
            last = next(iter(sorted(levels)), "")
        else:
            levels = levels | set(picked)
            last = picked[-1] if picked else before.last if levels else ""
        self._document.select(Selection(self.grouping, levels, last) if levels else Selection(), origin)

    def step(self, order: Sequence[int], by: int, *, origin: object = None) -> None:
        """Select the group `by` places after the last one in `order`; the first or last one where none is selected."""
        if not len(order):
            return
        places = {int(group): place for place, group in enumerate(order)}
        place = places.get(self.last)
        if place is None:
            place = 0 if by > 0 else len(order) - 1
        else:
            place = min(max(place + by, 0), len(order) - 1)
        self.choose([int(order[place])], origin=origin)

    def clear(self, origin: object = None) -> None:
        """Select nothing."""
        self._document.select(Selection(), origin)
