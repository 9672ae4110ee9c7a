"""lme4 formulas read: text -> ModelSpec, with R's rules for expanding and ordering terms.

Terms are sets of variables, held as bit masks over the variables in order of first appearance, as R's terms.formula
does: that gives R's order of the factors inside an interaction, and so lme4's names. Nothing is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlgui.data.expressions.tokens import Token, TokenKind
from mlgui.errors import UserError
from mlgui.spec.arithmetic import Reader, unclosed, unexpected
from mlgui.spec.expression import Expression, Number
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term
from mlgui.spec.tokens import tokenize
from mlgui.words import tr

MAX_TERMS = 1000
"""Most terms a formula may expand to."""

_MAX_WORK = 50_000

_Masks = dict[int, None]  # an ordered set of terms


def parse(text: str, *, columns: Sequence[str] | None = None, reml: bool = True, weights: str | None = None) -> ModelSpec:
    """Return the model an lme4 formula describes. UserError points at the character that is wrong.

    columns: where given, names that are not among them are refused with a suggestion.
    """
    reader = Reader(tokenize(text), columns)
    if reader.at("~"):
        raise UserError(tr("There is no outcome."), "", tr("Write it before the “~”: outcome ~ predictors."), position=0)
    outcome = reader.sum()
    if isinstance(outcome, Number):
        raise UserError(tr("A number cannot be the outcome."), position=0)
    if not reader.at("~"):
        raise unexpected(reader.token, tr("“~” stands between the outcome and the predictors."))
    reader.take()
    side = _RightSide(reader)
    side.read()
    return ModelSpec(
        outcome=outcome,
        fixed=side.terms(),
        random=tuple(side.random),
        offsets=tuple(side.offsets),
        weights=weights,
        reml=reml,
    )


class _Scope:
    """The variables and the intercept of one side: of the fixed part, or of the left of one bar."""

    def __init__(self) -> None:
        self.variables: dict[Expression, int] = {}
        self.intercept = True

    def mask(self, variable: Expression) -> int:
        return 1 << self.variables.setdefault(variable, len(self.variables))

    def arranged(self, masks: _Masks) -> tuple[Term, ...]:
        """Return the terms by order, then by appearance, INTERCEPT first if there is one."""
        names = list(self.variables)
        terms = [
            Term(tuple(name for bit, name in enumerate(names) if mask >> bit & 1)) for mask in sorted(masks, key=int.bit_count)
        ]
        return (INTERCEPT, *terms) if self.intercept else tuple(terms)


class _RightSide:
    """What stands to the right of the "~"."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._scope = _Scope()
        self._masks: _Masks = {}
        self._removing = False
        self._nested = False
        self._work = 0
        self._varies: dict[frozenset[str], set[frozenset[Expression]]] = {}  # by the columns of a grouping: terms, as factors
        self.random: list[RandomTerm] = []
        self.offsets: list[Expression] = []

    def read(self) -> None:
        """Read to the end of the formula."""
        self._masks = self._sum()
        if self._reader.at("|", "||"):
            raise UserError(
                tr("What varies by group stands in parentheses."),
                "",
                tr("Write it like this: outcome ~ x + (x | group)."),
                position=self._reader.token.position,
            )
        if self._reader.token.kind is not TokenKind.END:
            raise unexpected(self._reader.token, tr("Terms are joined with “+”."))

    def terms(self) -> tuple[Term, ...]:
        """Return the average terms in R's order."""
        return self._scope.arranged(self._masks)

    def _sum(self) -> _Masks:
        found: _Masks = {}
        removing = False
        outer = self._removing
        if self._reader.at("+", "-"):
            removing = self._reader.take().text == "-"
        while True:
            self._removing = outer != removing
            masks = self._summand()
            self._removing = outer
            for mask in masks:
                if removing:
                    found.pop(mask, None)
                else:
                    found[mask] = None
            self._limit(len(found), len(masks))
            if not self._reader.at("+", "-"):
                return found
            removing = self._reader.take().text == "-"

    def _summand(self) -> _Masks:
        """Read a product, or one of the things only a sum may contain: a number, an offset, a bar term."""
        token = self._reader.token
        if token.kind is TokenKind.NUMBER:
            return self._constant()
        if self._is_call("offset"):
            return self._offset()
        if self._reader.opens_bar:
            return self._bar()
        return self._product()

    def _product(self) -> _Masks:
        left = self._within()
        while self._reader.at("*", "/"):
            operator = self._reader.take().text
            right = self._within()
            if operator == "*":
                left = left | right | self._cross(left, right)
            else:
                whole = 0
                for mask in left:
                    whole |= mask
                left = left | self._cross({whole: None}, right)
        return left

    def _within(self) -> _Masks:
        left = self._interaction()
        while self._reader.at("%in%"):
            self._reader.take()
            left = self._cross(left, self._interaction())
        return left

    def _interaction(self) -> _Masks:
        left = self._power()
        while self._reader.at(":"):
            self._reader.take()
            left = self._cross(left, self._power())
        return left

    def _power(self) -> _Masks:
        base = self._atom()
        while self._reader.at("^"):
            self._reader.take()
            base = self._raised(base, self._reader.take())
        return base

    def _raised(self, base: _Masks, exponent: Token) -> _Masks:
        if exponent.kind is not TokenKind.NUMBER or not exponent.text.isdigit() or int(exponent.text[:9]) < 1:
            raise UserError(
                tr("Only a whole number can stand after “^” between terms."),
                tr("There it means interactions up to that order."),
                tr("For a power of a column write I(x^2)."),
                position=exponent.position,
            )
        found = base
        for _ in range(min(int(exponent.text[:9]), len(base)) - 1):
            found = found | self._cross(found, base)
        return found

    def _atom(self) -> _Masks:
        reader = self._reader
        if reader.token.kind is TokenKind.NUMBER:
            raise UserError(
                tr("The number {number} cannot stand here.").format(number=reader.token.text),
                tr("Between terms only 0 and 1 have a meaning: without or with an intercept."),
                tr("For arithmetic write I(2 * x)."),
                position=reader.token.position,
            )
        if not reader.at("("):
            if self._is_call("offset"):
                raise UserError(
                    tr("An offset cannot be part of an interaction."),
                    "",
                    tr("Add it with “+”."),
                    position=reader.token.position,
                )
            return {self._scope.mask(reader.single()): None}
        if reader.opens_bar:
            raise UserError(
                tr("A “varies by group” term cannot be part of an interaction."),
                "",
                tr("Add it with “+”, and multiply inside it: (x * z | group)."),
                position=reader.token.position,
            )
        return self._parenthesised()

    def _parenthesised(self) -> _Masks:
        reader = self._reader
        reader.take()
        reader.deeper()
        nested, self._nested = self._nested, True
        masks = self._sum()
        self._nested = nested
        reader.shallower()
        reader.expect(")")
        return masks

    def _constant(self) -> _Masks:
        token = self._reader.take()
        if token.text not in ("0", "1") or self._reader.at("*", "/", ":", "^", "%in%"):
            raise UserError(
                tr("The number {number} cannot stand here.").format(number=token.text),
                tr("Between terms only 0 and 1 have a meaning: without or with an intercept."),
                tr("For arithmetic write I(2 * x)."),
                position=token.position,
            )
        self._scope.intercept = (token.text == "1") != self._removing
        return {}

    def _offset(self) -> _Masks:
        reader = self._reader
        position = reader.take().position
        if self._nested or self._removing:
            raise UserError(tr("An offset can only be added."), "", tr("Write + offset(x)."), position=position)
        reader.expect("(")
        reader.deeper()
        self.offsets.append(reader.sum())
        reader.shallower()
        reader.expect(")")
        return {}

    def _is_call(self, name: str) -> bool:
        token, following = self._reader.token, self._reader.following
        return token.kind is TokenKind.NAME and token.text == name and following.is_operator("(")

    def _bar(self) -> _Masks:
        reader = self._reader
        opening = reader.take()
        if self._nested or self._removing:
            raise UserError(
                tr("A “varies by group” term can only be added."),
                "",
                tr("Write + (x | group)."),
                position=opening.position,
            )
        reader.deeper()
        terms = self._varying(opening)
        correlated = reader.take().text == "|"
        groupings = _groupings(reader)
        reader.shallower()
        reader.expect(")")
        for grouping in groupings:
            self._add_random(RandomTerm(terms, grouping, correlated), opening)
        return {}

    def _varying(self, opening: Token) -> tuple[Term, ...]:
        outer, self._scope = self._scope, _Scope()
        self._nested = True
        terms = self._scope.arranged(self._sum())
        self._nested = False
        self._scope = outer
        if not terms:
            raise UserError(
                tr("Nothing varies by group here."), "", tr("Write (1 | group) or (x | group)."), position=opening.position
            )
        return terms

    def _add_random(self, random: RandomTerm, opening: Token) -> None:
        known = self._varies.setdefault(frozenset(random.grouping.columns), set())
        own = {frozenset(term.factors): term for term in random.terms}
        for factors in own.keys() & known:
            raise _twice(own[factors], random, opening)
        known.update(own)
        self.random.append(random)
        self._limit(len(self.random), 1)

    def _cross(self, left: _Masks, right: _Masks) -> _Masks:
        self._limit(0, len(left) * len(right))
        return {a | b: None for a in left for b in right}

    def _limit(self, terms: int, work: int) -> None:
        self._work += work
        if terms > MAX_TERMS or self._work > _MAX_WORK:
            raise UserError(
                tr("The formula has too many terms."),
                tr("Written out there are more than {n}.").format(n=MAX_TERMS),
                tr("Leave out interactions of high order."),
                position=self._reader.token.position,
            )


def _twice(term: Term, random: RandomTerm, opening: Token) -> UserError:
    what = tr("The intercept") if term.order == 0 else tr("A slope")
    return UserError(
        tr("{what} varies by {grouping} twice.").format(what=what, grouping=random.grouping.name),
        tr("Two variances for the same coefficient cannot be told apart."),
        tr("Leave it out of one of the terms: (0 + x | group) has no intercept."),
        position=opening.position,
    )


def _groupings(reader: Reader) -> list[Grouping]:
    """Read what stands after the bar; `a/b` gives b:a and a, in lme4's order (innermost first)."""
    nested = [_combination(reader)]
    while reader.at("/"):
        reader.take()
        nested.append((*_combination(reader), *nested[-1]))
    if reader.token.kind is TokenKind.END:
        raise unclosed(reader.token)
    if not reader.at(")"):
        hint = tr("After the bar stand columns joined with “/” (nested) or “:” (combined); other groups take another term.")
        raise unexpected(reader.token, hint)
    for columns in nested:
        if len(set(columns)) < len(columns):
            raise UserError(
                tr("A column stands twice in the groups {name}.").format(name=":".join(columns)),
                position=reader.token.position,
            )
    return [Grouping(columns) for columns in reversed(nested)]


def _combination(reader: Reader) -> tuple[str, ...]:
    columns = _group_columns(reader)
    while reader.at(":"):
        reader.take()
        columns = (*columns, *_group_columns(reader))
    return columns


def _group_columns(reader: Reader) -> tuple[str, ...]:
    if not reader.at("("):
        return (reader.column(),)
    reader.take()
    reader.deeper()
    columns = _combination(reader)
    reader.shallower()
    reader.expect(")")
    return columns
