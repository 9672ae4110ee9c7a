"""Letters for the coefficients of a model, and subscripts for its groups."""

from __future__ import annotations

from collections.abc import Sequence

from mlgui.spec.coding import NamedColumn, Piece
from mlgui.spec.terms import Grouping
from mlgui.spec.two_level import TwoLevel, VaryingColumn

_GREEK = "αβγδζκλμνξπτφχψω"  # without epsilon, eta, sigma, rho and theta: they have meanings of their own
_LATIN = "bcdfghmpqrsuvwz"  # a is the average; i, j, k, l, n, t, x and y are taken
_INDICES = "jklmnopq"
MANY_LEVELS = 3
"""A category with more columns than this is written with one indexed letter."""

Batch = tuple[NamedColumn, ...]


def index_of(grouping: Grouping, view: TwoLevel) -> str:
    """Return the subscript of a grouping: j, k, l ..., finest first."""
    return index_letter(view.groupings.index(grouping))


def index_letter(place: int) -> str:
    """Return the subscript of the grouping at `place`, finest first."""
    return _INDICES[place] if place < len(_INDICES) else f"j{place}"


def batches(columns: Sequence[NamedColumn]) -> tuple[Batch, ...]:
    """Return columns one by one, those of a term with many levels together."""
    by_term: dict[object, list[NamedColumn]] = {}
    for column in columns:
        by_term.setdefault(column.term, []).append(column)
    found: list[Batch] = []
    for together in by_term.values():
        found.extend([tuple(together)] if len(together) > MANY_LEVELS else [(column,) for column in together])
    return tuple(found)


def varying_letters(view: TwoLevel) -> tuple[str, ...]:
    """Return the Greek letter of each varying coefficient; alpha is kept for an intercept."""
    first = bool(view.varying) and not view.varying[0].column.pieces
    return tuple(varying_letter(position, intercept_first=first) for position in range(len(view.varying)))


def varying_letter(position: int, *, intercept_first: bool) -> str:
    """Return the Greek letter of the varying coefficient at `position`, counted through all groupings, finest first."""
    return _letter(_GREEK, position + (not intercept_first))


def data_level_letters(view: TwoLevel) -> tuple[str, ...]:
    """Return the Greek letter of each batch of coefficients that do not vary: the next free ones, alpha for an intercept."""
    used = varying_letters(view)
    letters: list[str] = []
    position = 1 if not used else len(used) + (used[0] != "α")
    for batch in batches(view.data_level):
        if not batch[0].pieces and "α" not in used:
            letters.append("α")
            continue
        letters.append(_letter(_GREEK, position))
        position += 1
    return tuple(letters)


def predictor_letters(view: TwoLevel) -> dict[tuple[str, ...], str]:
    """Return the Latin letter of each group-level predictor, the same in every line; the average (no predictor) is a."""
    letters: dict[tuple[str, ...], str] = {(): "a"}
    for item in view.varying:
        for part in item.explained_by:
            letters.setdefault(key_of(part.multiplier), _letter(_LATIN, len(letters) - 1))
    return letters


def key_of(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Return what tells one group-level predictor from another."""
    return tuple(piece.name for piece in pieces)


def line_number(item: VaryingColumn, view: TwoLevel) -> str:
    """Return the subscript of the estimated letters in the model of one varying coefficient, "" if no other has any."""
    numbered = [other for other in view.varying if other.explained_by]
    return str(numbered.index(item)) if len(numbered) > 1 and item in numbered else ""


def _letter(letters: str, position: int) -> str:
    if position < len(letters):
        return letters[position]
    return f"{letters[-1]}{position - len(letters) + 2}"
