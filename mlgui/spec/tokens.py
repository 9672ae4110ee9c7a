"""A formula as a list of tokens with their positions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mlgui.errors import UserError
from mlgui.words import tr

MAX_LENGTH = 20_000
"""Longest formula read, in characters: far beyond any model, short enough to refuse a hostile text at once."""

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>(?:[^\W\d]|\.(?!\d))(?:\w|\.)*)"
    r"|(?P<quoted>`(?:[^`\\]|\\.)*`)"
    r"|(?P<operator>\|\||\*\*|%in%|[~+\-*/^:()|,=])",
    re.DOTALL,
)


class TokenKind(StrEnum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One token. text: of a name, without its backticks. position: of its first character in the formula.

    quoted: whether the name stood in backticks, so that it can never be a function.
    """

    kind: TokenKind
    text: str
    position: int
    quoted: bool = False


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of a formula, END last. UserError points at the first character that has no place in one."""
    if len(text) > MAX_LENGTH:
        raise UserError(
            tr("The formula is too long."),
            tr("It has {n} characters; {limit} is the most that is read.").format(n=len(text), limit=MAX_LENGTH),
            tr("Shorten it."),
            position=MAX_LENGTH,
        )
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _misplaced(text, position)
        if match.lastgroup != "space":
            tokens.append(_token(match))
        position = match.end()
    tokens.append(Token(TokenKind.END, "", len(text)))
    return tuple(tokens)


def _token(match: re.Match[str]) -> Token:
    text, position = match.group(), match.start()
    if match.lastgroup == "number":
        return Token(TokenKind.NUMBER, text, position)
    if match.lastgroup == "name":
        return Token(TokenKind.NAME, text, position)
    if match.lastgroup == "quoted":
        name = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        if not name:
            raise UserError(tr("There is no name between the backticks."), position=position)
        return Token(TokenKind.NAME, name, position, quoted=True)
    return Token(TokenKind.OPERATOR, "^" if text == "**" else text, position)


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
