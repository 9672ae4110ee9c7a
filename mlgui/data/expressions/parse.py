"""Reading an expression: or < and < not < comparisons < sums < products < signs < powers < calls, names, literals."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from mlgui.data.expressions.arithmetic import MAX_DEPTH, MAX_OPERATIONS, ArithmeticReader
from mlgui.data.expressions.grammar import FUNCTIONS, KEYWORDS, MANY
from mlgui.data.expressions.tokens import Token, TokenKind, tokenize
from mlgui.data.expressions.tree import Call, Literal, Name, Operation, Tree
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.words import tr

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def read_expression(text: str, table: Table | None = None) -> Tree:
    """Return the tree of an expression. UserError, with the position, where it cannot be read or names an unknown column.

    table: whose columns may be named; None allows any name.
    """
    reader = _Reader(tokenize(text), None if table is None else table.names)
    if reader.ended:
        raise UserError(tr("There is no expression yet."), "", tr("Write one, such as log(x) or mean(x, by = g)."), position=0)
    tree = reader.disjunction()
    if not reader.ended:
        raise _unexpected(reader.token, tr("An operator such as + or “and” belongs here, or the end."))
    return tree


class _Reader(ArithmeticReader[Tree]):
    """What binds less than arithmetic, and what stands between its signs."""

    def __init__(self, tokens: Sequence[Token], columns: Sequence[str] | None) -> None:
        super().__init__(tokens)
        self._columns = None if columns is None else frozenset(columns)

    @property
    def ended(self) -> bool:
        """Whether everything has been read."""
        return self.token.kind is TokenKind.END

    def disjunction(self) -> Tree:
        """Read anything."""
        left = self._conjunction()
        while self._at_word("or"):
            left = self.binary(left, self._conjunction)
        return left

    def _conjunction(self) -> Tree:
        left = self._negation()
        while self._at_word("and"):
            left = self.binary(left, self._negation)
        return left

    def _negation(self) -> Tree:
        if not self._at_word("not"):
            return self._comparison()
        token = self.operator()
        self.deeper()
        operand = self._negation()
        self.shallower()
        return Operation(operator="not", operands=(operand,), position=token.position)

    def _comparison(self) -> Tree:
        left = self.sum()
        if self._at_word("in"):
            return self._membership(left)
        if self.at(*_COMPARISONS):
            left = self.binary(left, self.sum)
            if self.at(*_COMPARISONS):
                raise _unexpected(self.token, tr("Write two comparisons joined with “and”: 1 < x and x < 5."))
        return left

    def _membership(self, left: Tree) -> Tree:
        token = self.operator()
        self._expect("(")
        choices: list[Tree] = [self._literal()]
        while self.at(","):
            self.take()
            choices.append(self._literal())
        self._expect(")")
        return Operation(operator="in", operands=(left, *choices), position=token.position)

    def primary(self) -> Tree:
        """Read a name, a literal, a call, or anything in parentheses."""
        token = self.token
        if self.at("("):
            self.take()
            self.deeper()
            inner = self.disjunction()
            self.shallower()
            self._expect(")")
            return inner
        if token.kind is TokenKind.NAME and self.following.is_operator("("):
            return self._call()
        if token.kind in (TokenKind.NUMBER, TokenKind.TEXT) or self._at_word("missing", "true", "false"):
            return self._literal()
        return Name(name=self._column(), position=token.position)

    def _call(self) -> Tree:
        token = self.operator()
        if token.text not in FUNCTIONS:
            raise _unknown_function(token)
        self._expect("(")
        self.deeper()
        call = self._recode(token) if token.text == "recode" else self._plain_call(token)
        self.shallower()
        self._expect(")")
        return call

    def _plain_call(self, token: Token) -> Call:
        arguments: list[Tree] = []
        by: tuple[str, ...] = ()
        while not self.at(")"):
            if arguments or by:
                self._expect(",")
            if self._at_word("by") and self.following.is_operator("="):
                by = self._by(token)
                break
            arguments.append(self.disjunction())
        known = FUNCTIONS[token.text]
        if not known.least <= len(arguments) <= (1 if by and known.most == MANY else known.most):
            raise _wrong_count(token, len(arguments))
        return Call(function=token.text, arguments=tuple(arguments), by=by, position=token.position)

    def _by(self, function: Token) -> tuple[str, ...]:
        if not FUNCTIONS[function.text].grouped:
            raise _unexpected(self.token, tr("{name} is not computed by group.").format(name=function.text))
        self.take()
        self.take()
        names = [self._column()]
        while self.at(":"):
            self.take()
            names.append(self._column())
        return tuple(names)

    def _recode(self, token: Token) -> Call:
        argument = self.disjunction()
        pairs: list[tuple[Literal, Literal]] = []
        otherwise: Literal | None = None
        while self.at(",") and otherwise is None:
            self.take()
            if self._at_word("else"):
                self.take()
                self._expect("=")
                otherwise = self._literal()
            else:
                old = self._literal()
                self._expect("=")
                pairs.append((old, self._literal()))
        if not pairs and otherwise is None:
            raise _wrong_count(token, 1)
        return Call(function="recode", arguments=(argument,), pairs=tuple(pairs), otherwise=otherwise, position=token.position)

    def _literal(self) -> Literal:
        token = self.token
        sign = -1.0 if self.at("-") and self.following.kind is TokenKind.NUMBER else 1.0
        if sign < 0:
            self.take()
        if self.token.kind is TokenKind.NUMBER:
            return Literal(value=sign * _number(self.take()), position=token.position)
        if self.token.kind is TokenKind.TEXT:
            return Literal(value=self.take().text, position=token.position)
        if self._at_word("missing", "true", "false"):
            word = self.take().text
            return Literal(value=None if word == "missing" else word == "true", position=token.position)
        raise _unexpected(self.token, tr("A number or a text in quotation marks belongs here."))

    def _column(self) -> str:
        token = self.token
        if not token.is_name or (token.kind is TokenKind.NAME and token.text in KEYWORDS):
            raise _unexpected(token, tr("The name of a column, a number or a text belongs here."))
        if self._columns is not None and token.text not in self._columns:
            raise _unknown_column(token, self._columns)
        return self.take().text

    def _at_word(self, *words: str) -> bool:
        return self.token.kind is TokenKind.NAME and self.token.text in words

    def _expect(self, operator: str) -> None:
        if not self.at(operator):
            raise _unexpected(self.token, tr("“{operator}” belongs here.").format(operator=operator))
        self.take()

    def joined(self, operator: Token, operands: tuple[Tree, ...]) -> Tree:
        """Return the operation, at the position of its operator."""
        return Operation(operator=operator.text, operands=operands, position=operator.position)

    def too_many(self) -> UserError:
        """Return what is said of an expression with too many signs and calls."""
        return UserError(
            tr("The expression has too many parts."),
            tr("More than {n} signs and functions are not read.").format(n=MAX_OPERATIONS),
            tr("Compute a part of it as a column of its own first."),
            position=self.token.position,
        )

    def too_deep(self) -> UserError:
        """Return what is said of an expression with too many levels."""
        return UserError(
            tr("The expression is nested too deeply."),
            tr("There are more than {n} levels of parentheses here.").format(n=MAX_DEPTH),
            tr("Compute a part of it as a column of its own first."),
            position=self.token.position,
        )


def _number(token: Token) -> float:
    value = float(token.text)
    if value == float("inf"):
        raise UserError(tr("The number {number} is too large.").format(number=token.text[:20]), position=token.position)
    return value


def _unexpected(token: Token, hint: str) -> UserError:
    if token.kind is TokenKind.END:
        return UserError(tr("The expression stops too early."), hint, position=token.position)
    return UserError(tr("“{text}” cannot stand here.").format(text=token.text[:40]), hint, position=token.position)


def _unknown_column(token: Token, columns: frozenset[str]) -> UserError:
    if token.text in FUNCTIONS:
        why = tr("It is a function: write {example}.").format(example=FUNCTIONS[token.text].example)
        return UserError(tr("“{name}” is no column.").format(name=token.text), why, position=token.position)
    text = tr("There is no column called “{name}”.").format(name=token.text[:60])
    return UserError(text, "", _nearest(token.text, columns), position=token.position)


def _unknown_function(token: Token) -> UserError:
    return UserError(
        tr("There is no function called “{name}”.").format(name=token.text[:60]),
        tr("The functions are {functions}.").format(functions=", ".join(FUNCTIONS)),
        _nearest(token.text, frozenset(FUNCTIONS)),
        position=token.position,
    )


def _wrong_count(token: Token, n: int) -> UserError:
    return UserError(
        tr("{function} has the wrong number of arguments.").format(function=token.text),
        tr("It has {n} here.").format(n=n),
        tr("Write {example}.").format(example=FUNCTIONS[token.text].example),
        position=token.position,
    )


def _nearest(name: str, known: frozenset[str]) -> str:
    """Return a sentence that names the entry of `known` nearest to `name`, "" if none is near."""
    by_lower = {candidate.lower(): candidate for candidate in sorted(known)[:5000]}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6) if len(name) < 60 else []
    return tr("Did you mean “{name}”?").format(name=by_lower[near[0]]) if near else ""
