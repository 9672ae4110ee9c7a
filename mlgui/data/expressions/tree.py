"""What an expression is made of. position: of its first character in the text, for messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Literal:
    """A number, a text, a truth value, or None for a missing value."""

    value: float | str | bool | None
    position: int


@dataclass(frozen=True, kw_only=True)
class Name:
    """A column of the table."""

    name: str
    position: int


@dataclass(frozen=True, kw_only=True)
class Operation:
    """operator: of + - * / ^ = != < <= > >= and or not in, with one operand or two; `in` has any number of them."""

    operator: str
    operands: tuple[Tree, ...]
    position: int


@dataclass(frozen=True, kw_only=True)
class Call:
    """A function applied to arguments. by: columns whose combinations are the groups it is computed in.

    pairs: (old, new) of `recode`; otherwise: what `recode` gives to all other values, None to keep them.
    """

    function: str
    arguments: tuple[Tree, ...]
    position: int
    by: tuple[str, ...] = ()
    pairs: tuple[tuple[Literal, Literal], ...] = ()
    otherwise: Literal | None = None


Tree = Literal | Name | Operation | Call


def columns_of(tree: Tree) -> tuple[str, ...]:
    """Return the columns an expression reads, in order of appearance, each once."""
    found: list[str] = []
    _collect(tree, found)
    return tuple(dict.fromkeys(found))


def _collect(tree: Tree, found: list[str]) -> None:
    if isinstance(tree, Name):
        found.append(tree.name)
    elif isinstance(tree, Operation):
        for operand in tree.operands:
            _collect(operand, found)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            _collect(argument, found)
        found.extend(tree.by)
