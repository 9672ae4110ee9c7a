"""A formula as a list of tokens with their positions."""

from __future__ import annotations

import re

from mlgui.data.expressions.tokens import NAMES_AND_NUMBERS, Token, scan
from mlgui.errors import UserError
from mlgui.words import tr

MAX_LENGTH = 20_000
"""Longest formula read, in characters: far beyond any model, short enough to refuse a hostile text at once."""

_TOKEN = re.compile(NAMES_AND_NUMBERS + r"|(?P<operator>\|\||\*\*|%in%|[~+\-*/^:()|,=])", re.DOTALL)


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of a formula, END last. UserError points at the first character that has no place in one."""
    if len(text) > MAX_LENGTH:
        raise UserError(
            tr("The formula is too long."),
            tr("It has {n} characters; {limit} is the most that is read.").format(n=len(text), limit=MAX_LENGTH),
            tr("Shorten it."),
            position=MAX_LENGTH,
        )
    return scan(text, _TOKEN, {"**": "^"}, _misplaced)


def _misplaced(text: str, position: int) -> UserError:
    character = text[position]
    if character == "`":
        return UserError(
            tr("A backtick is missing."),
            tr("The name that starts here is not closed."),
            tr("Write a backtick after the name."),
            position=position,
        )
    return UserError(
        tr("“{character}” has no meaning in a formula.").format(character=character),
        "",
        tr("If it is part of a column name, write the name in backticks: `like this`."),
        position=position,
    )
