"""Reading tokens in turn, and arithmetic, which expressions and formulas share: sums < products < signs < powers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from mlgui.data.expressions.tokens import Token, TokenKind
from mlgui.errors import UserError

MAX_DEPTH = 40
"""Deepest nesting read: parentheses, calls and signs."""
MAX_OPERATIONS = 300
"""Most signs read in one text; keeps every tree far from the interpreter's limit, and its evaluation short."""

Tree = TypeVar("Tree")


class ArithmeticReader(ABC, Generic[Tree]):
    """A place in a list of tokens, and how to read on from there. Subclasses say what a tree is and word the refusals."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self._depth = 0
        self._operations = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.place]

    @property
    def following(self) -> Token:
        """The token after the next one."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def at(self, *operators: str) -> bool:
        """Whether one of these operators comes next."""
        return self.token.is_operator(*operators)

    def take(self) -> Token:
        """Return the next token and go on."""
        token = self.token
        if token.kind is not TokenKind.END:
            self.place += 1
        return token

    def operator(self) -> Token:
        """Take a sign that is counted; UserError when there are too many."""
        self._operations += 1
        if self._operations > MAX_OPERATIONS:
            raise self.too_many()
        return self.take()

    def deeper(self) -> None:
        """Go one level of nesting down; UserError when there are too many. Pair with `shallower`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.too_deep()

    def shallower(self) -> None:
        """Come back from one level of nesting."""
        self._depth -= 1

    def sum(self) -> Tree:
        """Read sums of products of powers."""
        left = self._product()
        while self.at("+", "-"):
            left = self.binary(left, self._product)
        return left

    def binary(self, left: Tree, read_right: Callable[[], Tree]) -> Tree:
        """Read an operator and what is to its right, and join them with what is to its left."""
        token = self.operator()
        return self.joined(token, (left, read_right()))

    def _product(self) -> Tree:
        left = self._signed()
        while self.at("*", "/"):
            left = self.binary(left, self._signed)
        return left

    def _signed(self) -> Tree:
        if not self.at("-", "+"):
            return self._power()
        token = self.operator()
        self.deeper()
        operand = self._signed()
        self.shallower()
        return operand if token.text == "+" else self.joined(token, (operand,))

    def _power(self) -> Tree:
        base = self.primary()
        if not self.at("^"):
            return base
        token = self.operator()
        self.deeper()
        exponent = self._signed()  # right associative, and 2^-1 is allowed
        self.shallower()
        return self.joined(token, (base, exponent))

    @abstractmethod
    def primary(self) -> Tree:
        """Read what stands between operators: a name, a literal, a call, or something in parentheses."""

    @abstractmethod
    def joined(self, operator: Token, operands: tuple[Tree, ...]) -> Tree:
        """Return the tree of an operator with one operand, which it is the sign of, or two."""

    @abstractmethod
    def too_deep(self) -> UserError:
        """Return the error of more than `MAX_DEPTH` levels, of which the last begins at `token`."""

    @abstractmethod
    def too_many(self) -> UserError:
        """Return the error of more than `MAX_OPERATIONS` signs, of which the last is `token`."""
