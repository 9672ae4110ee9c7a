"""Reading expressions: names, numbers, arithmetic and the functions of the language."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from mlgui.data.expressions.arithmetic import MAX_DEPTH, MAX_OPERATIONS, ArithmeticReader
from mlgui.data.expressions.tokens import Token, TokenKind
from mlgui.errors import UserError
from mlgui.spec.expression import FUNCTIONS, Call, Expression, Number, Operation, Variable
from mlgui.words import tr

_ARITIES = {"center": (1, 2), "mean": (2, 2), "poly": (2, 2)}


class Reader(ArithmeticReader[Expression]):
    """A place in a list of tokens, and how to read an expression from there."""

    def __init__(self, tokens: Sequence[Token], columns: Sequence[str] | None) -> None:
        super().__init__(tokens)
        self._columns = None if columns is None else frozenset(columns)
        self._bars = _parentheses_with_bar(tokens)

    @property
    def opens_bar(self) -> bool:
        """Whether a parenthesis opens here that holds `|` or `||` at its own level."""
        return self.place in self._bars

    def expect(self, operator: str) -> Token:
        """Read this operator; UserError where something else stands."""
        if not self.at(operator):
            if operator == ")" and self.token.kind is TokenKind.END:
                raise unclosed(self.token)
            raise unexpected(self.token, tr("“{operator}” belongs here.").format(operator=operator))
        return self.take()

    def column(self) -> str:
        """Read the name of a column; UserError if there is no such column."""
        token = self.token
        if not token.is_name:
            raise unexpected(token, tr("The name of a column belongs here."))
        self._check_column(token)
        return self.take().text

    def single(self) -> Expression:
        """Read one name or one function call."""
        token = self.token
        if not token.is_name:
            raise unexpected(token, tr("The name of a column or a function belongs here."))
        if token.kind is TokenKind.NAME and self.following.is_operator("("):
            return self._call()
        return Variable(self.column())

    def primary(self) -> Expression:
        """Read a number, a name, a call or arithmetic in parentheses."""
        if self.token.kind is TokenKind.NUMBER:
            return Number(self._number())
        if not self.at("("):
            return self.single()
        self.take()
        self.deeper()
        inner = self.sum()
        self.shallower()
        self.expect(")")
        return inner

    def joined(self, operator: Token, operands: tuple[Expression, ...]) -> Expression:
        """Return the operation."""
        return Operation(operator.text, operands)

    def too_deep(self) -> UserError:
        """Return what is said of a formula with too many levels."""
        return UserError(
            tr("The formula is nested too deeply."),
            tr("There are more than {n} levels of parentheses here.").format(n=MAX_DEPTH),
            tr("Write it with fewer."),
            position=self.token.position,
        )

    def too_many(self) -> UserError:
        """Return what is said of a formula with too many signs."""
        return UserError(
            tr("The formula has too much arithmetic."),
            tr("More than {n} signs are not read.").format(n=MAX_OPERATIONS),
            tr("Compute a column first and use that."),
            position=self.token.position,
        )

    def _number(self) -> float:
        token = self.take()
        value = float(token.text)
        if value == float("inf"):
            raise UserError(tr("The number {number} is too large.").format(number=token.text), position=token.position)
        return value

    def _call(self) -> Expression:
        token = self.take()
        if token.text not in FUNCTIONS:
            raise _unknown_function(token)
        self.expect("(")
        self.deeper()
        arguments = [self._argument(token, 0)]
        while self.at(","):
            self.take()
            arguments.append(self._argument(token, len(arguments)))
        self.shallower()
        self.expect(")")
        _check_arguments(token, arguments)
        return Call(token.text, tuple(arguments))

    def _argument(self, function: Token, index: int) -> Expression:
        if self.following.is_operator("="):
            raise UserError(
                tr("Options with “=” are not part of the formula language."),
                "",
                tr("For plain powers of x write x + I(x^2)."),
                position=self.token.position,
            )
        if index == 1 and function.text in ("center", "mean"):
            return Variable(self.column())
        return self.sum()

    def _check_column(self, token: Token) -> None:
        if token.kind is TokenKind.NAME and token.text == ".":
            raise UserError(
                tr("“.” does not stand for all other columns here."),
                "",
                tr("Write the names of the predictors, joined with “+”."),
                position=token.position,
            )
        if self._columns is None or token.text in self._columns:
            return
        raise UserError(
            tr("There is no column called “{name}”.").format(name=token.text),
            "",
            did_you_mean(token.text, self._columns),
            position=token.position,
        )


def _parentheses_with_bar(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the indices of the opening parentheses that hold a bar at their own level."""
    found: set[int] = set()
    open_at: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.OPERATOR:
            continue
        if token.text == "(":
            open_at.append(index)
        elif token.text == ")" and open_at:
            open_at.pop()
        elif token.text in ("|", "||") and open_at:
            found.add(open_at[-1])
    return frozenset(found)


def did_you_mean(name: str, known: frozenset[str] | Sequence[str]) -> str:
    """Return a sentence that names the entry of `known` nearest to `name`, "" if none is near."""
    by_lower = {candidate.lower(): candidate for candidate in sorted(known)}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6) if len(name) < 200 else []
    return tr("Did you mean “{name}”?").format(name=by_lower[near[0]]) if near else ""


def unclosed(token: Token) -> UserError:
    """Return the error of a formula that ends inside parentheses."""
    return UserError(
        tr("A “)” is missing."),
        tr("The formula ends before its last parenthesis is closed."),
        tr("Write “)” at the end of it."),
        position=token.position,
    )


def unexpected(token: Token, hint: str) -> UserError:
    """Return an error that says what stands where something else should."""
    if token.kind is TokenKind.END:
        return UserError(tr("The formula stops too early."), hint, position=token.position)
    return UserError(tr("“{text}” cannot stand here.").format(text=token.text), hint, position=token.position)


def _unknown_function(token: Token) -> UserError:
    known = ", ".join((*FUNCTIONS, "offset"))
    return UserError(
        tr("There is no function called “{name}”.").format(name=token.text),
        tr("The functions are {functions}.").format(functions=known),
        did_you_mean(token.text, (*FUNCTIONS, "offset")),
        position=token.position,
    )


def _check_arguments(token: Token, arguments: Sequence[Expression]) -> None:
    least, most = _ARITIES.get(token.text, (1, 1))
    if not least <= len(arguments) <= most:
        example = {"center": "center(x), center(x, g)", "mean": "mean(x, g)", "poly": "poly(x, 2)"}
        raise UserError(
            tr("{function} has the wrong number of arguments.").format(function=token.text),
            tr("It has {n} here.").format(n=len(arguments)),
            tr("Write {example}.").format(example=example.get(token.text, f"{token.text}(x)")),
            position=token.position,
        )
    if token.text == "poly":
        degree = arguments[1]
        if not (isinstance(degree, Number) and degree.value.is_integer() and 1 <= degree.value <= 20):
            raise UserError(
                tr("The degree of poly must be a whole number from 1 to 20."),
                "",
                tr("Write poly(x, 2) for a quadratic."),
                position=token.position,
            )
    if token.text == "factor" and not isinstance(arguments[0], Variable):
        raise UserError(tr("factor takes the name of a column."), "", tr("Write factor(x)."), position=token.position)
