"""The text of an expression as tokens with their positions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mlgui.errors import UserError
from mlgui.words import tr

MAX_LENGTH = 4_000
"""Longest expression read, in characters: far beyond any that people write, and refused or read within milliseconds."""

NAMES_AND_NUMBERS = (
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>(?:[^\W\d]|\.(?!\d))(?:\w|\.)*)"
    r"|(?P<quoted>`(?:[^`\\]|\\.)*`)"
)
"""The part of a pattern of tokens that expressions and formulas share; its groups are called as in `TokenKind`."""
_TOKEN = re.compile(
    NAMES_AND_NUMBERS + r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<operator>\*\*|==|!=|<>|<=|>=|[-+*/^<>=≠≤≥−:(),])",
    re.DOTALL,
)
_SPELLINGS = {"**": "^", "==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "−": "-"}


class TokenKind(StrEnum):
    """What a token is. NAME: of a column or function; QUOTED: a name in backticks, which is always a column."""

    NAME = "name"
    QUOTED = "quoted"
    NUMBER = "number"
    TEXT = "text"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One token. text: without quotation marks. position: of its first character."""

    kind: TokenKind
    text: str
    position: int

    @property
    def is_name(self) -> bool:
        """Whether it is a name, with or without backticks."""
        return self.kind in (TokenKind.NAME, TokenKind.QUOTED)

    def is_operator(self, *operators: str) -> bool:
        """Whether it is one of these operators."""
        return self.kind is TokenKind.OPERATOR and self.text in operators


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of an expression, END last. UserError points at the first character that has no place in one."""
    if len(text) > MAX_LENGTH:
        raise UserError(
            tr("The expression is too long."),
            tr("It has {n} characters; {limit} is the most that is read.").format(n=len(text), limit=MAX_LENGTH),
            tr("Compute a part of it as a column of its own first."),
            position=MAX_LENGTH,
        )
    return scan(text, _TOKEN, _SPELLINGS, _misplaced)


def scan(
    text: str, pattern: re.Pattern[str], spellings: Mapping[str, str], misplaced: Callable[[str, int], UserError]
) -> tuple[Token, ...]:
    """Return the tokens that a pattern with groups called as in `TokenKind` finds, END last.

    spellings: operators that are read as another one. misplaced(text, position): the error where nothing is found.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None:
            raise misplaced(text, position)
        if match.lastgroup != "space":
            tokens.append(_token(match, spellings))
        position = match.end()
    return (*tokens, Token(TokenKind.END, "", len(text)))


def _token(match: re.Match[str], spellings: Mapping[str, str]) -> Token:
    kind, text = TokenKind(str(match.lastgroup)), match.group()
    if kind in (TokenKind.QUOTED, TokenKind.TEXT):
        text = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
    if kind is TokenKind.QUOTED and not text:
        raise UserError(tr("There is no name between the backticks."), position=match.start())
    return Token(kind, spellings.get(text, text) if kind is TokenKind.OPERATOR else text, match.start())


def _misplaced(text: str, position: int) -> UserError:
    character = text[position]
    if character in "`\"'":
        return UserError(
            tr("A closing {mark} is missing.").format(mark=character),
            tr("What starts here is not closed."),
            tr("Write {mark} at its end.").format(mark=character),
            position=position,
        )
    return UserError(
        tr("“{character}” has no meaning in an expression.").format(character=character),
        "",
        tr("If it is part of a column name, write the name in backticks: `like this`. Texts stand in quotation marks."),
        position=position,
    )
