"""Another name for a column, in the table and in the expression of its filter."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from mlgui.data.edits.finishing import finished, require_name
from mlgui.data.expressions.tokens import Token, TokenKind, tokenize
from mlgui.data.steps import Action, DataStep
from mlgui.data.table import Table

_PLAIN = re.compile(r"(?:[^\W\d]|\.(?!\d))(?:\w|\.)*")


def renamed(table: Table, name: str, to: str) -> Table:
    """Return the table with a column under another name. UserError if the name is empty or taken."""
    to = require_name(table, to, name)
    columns = tuple(replace(column, name=to) if column.name == name else column for column in table.columns)
    row_filter = table.filter
    if row_filter is not None:
        row_filter = replace(row_filter, expression=with_name(row_filter.expression, name, to))
    step = DataStep(action=Action.RENAME, column=name, details=(("to", to),))
    return finished(replace(table, columns=columns, filter=row_filter), step, frozenset())


def quoted_name(name: str) -> str:
    """Return a column's name as it is written in an expression: in backticks where it is no plain word."""
    from mlgui.data.expressions.grammar import FUNCTIONS, KEYWORDS

    plain = _PLAIN.fullmatch(name) and name not in KEYWORDS and name not in FUNCTIONS
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return name if plain else f"`{escaped}`"


def quoted_text(text: str) -> str:
    """Return a text as it is written in an expression."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def with_name(expression: str, name: str, to: str) -> str:
    """Return an expression that reads column `to` where it read `name`."""
    tokens = tokenize(expression)
    for token, following in reversed(list(pairwise(tokens))):
        if token.text == name and _is_column(token, following):
            end = token.position + _length(expression, token)
            expression = expression[: token.position] + quoted_name(to) + expression[end:]
    return expression


def _is_column(token: Token, following: Token) -> bool:
    called = following.kind is TokenKind.OPERATOR and following.text == "("
    return token.kind is TokenKind.QUOTED or (token.kind is TokenKind.NAME and not called)


def _length(expression: str, token: Token) -> int:
    if token.kind is TokenKind.NAME:
        return len(token.text)
    match = re.compile(r"`(?:[^`\\]|\\.)*`", re.DOTALL).match(expression, token.position)
    return len(match.group()) if match else 0
