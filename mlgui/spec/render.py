"""Models written: ModelSpec -> lme4 formula, and expressions and terms as R writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from mlgui.spec.expression import Call, Expression, Number, Operation, Variable
from mlgui.spec.formula import parse
from mlgui.spec.model import ModelSpec
from mlgui.spec.order import variable_order
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term

_PLAIN = re.compile(r"(?:[^\W\d]|\.(?!\d))(?:\w|\.)*\Z")
_RESERVED = frozenset(
    ("if", "else", "repeat", "while", "function", "for", "next", "break", "in", "TRUE", "FALSE", "NULL", "Inf", "NaN", "NA")
)
"""R's reserved words, as far as they could be column names."""
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_SIGN = 3  # a sign binds tighter than * and looser than ^
_ATOM = 5


def render(spec: ModelSpec) -> str:
    """Return the model as an lme4 formula; parsing it gives the same outcome, terms, groups and offsets again."""
    parts = [render_terms(spec.fixed)]
    parts.extend(f"offset({render_expression(offset)})" for offset in spec.offsets)
    parts.extend(_bars(spec.random))
    return f"{render_expression(spec.outcome)} ~ {' + '.join(parts)}"


def render_terms(terms: Sequence[Term]) -> str:
    """Return one side of a formula, short: `ses * sector`, `0 + x`, `1`. It is read back as the same terms."""
    slopes = tuple(term for term in terms if term.order)
    intercept = INTERCEPT in terms
    if not slopes:
        return "1" if intercept else "0"
    for write in _WRITERS:
        text = " + ".join(write(slopes))
        text = text if intercept else f"0 + {text}"
        if parse(f"y ~ {text}").fixed == tuple(terms):
            return text
    raise ValueError(f"terms out of order: {terms}")


def render_term(term: Term) -> str:
    """Return a term as lme4 names it: factors joined with a colon, "(Intercept)" for none."""
    return ":".join(render_expression(factor) for factor in term.factors) or "(Intercept)"


def render_grouping(grouping: Grouping) -> str:
    """Return groups as they stand after the bar."""
    return ":".join(render_name(column) for column in grouping.columns)


def render_name(name: str) -> str:
    """Return a column name as it stands in a formula: in backticks where it is not a plain name."""
    if _PLAIN.match(name) and name not in _RESERVED and name != ".":
        return name
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def render_expression(expression: Expression) -> str:
    """Return an expression as R writes it."""
    return _written(expression)[0]


def render_number(value: float) -> str:
    """Return a number with all its digits and no more."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _written(expression: Expression) -> tuple[str, int]:
    """Return an expression as text, and how tightly its outermost operator binds."""
    if isinstance(expression, Variable):
        return render_name(expression.name), _ATOM
    if isinstance(expression, Number):
        return render_number(expression.value), _ATOM
    if isinstance(expression, Call):
        arguments = ", ".join(render_expression(argument) for argument in expression.arguments)
        return f"{expression.function}({arguments})", _ATOM
    return _written_operation(expression)


def _written_operation(operation: Operation) -> tuple[str, int]:
    if len(operation.operands) == 1:
        return operation.operator + _inside(operation.operands[0], _SIGN), _SIGN
    binding = _BINDING[operation.operator]
    left, right = operation.operands
    if operation.operator == "^":  # the right side takes a sign or another power without parentheses
        return f"{_inside(left, binding + 1)}^{_inside(right, _SIGN)}", binding
    gap = "" if operation.operator == "/" else " "
    return f"{_inside(left, binding)}{gap}{operation.operator}{gap}{_inside(right, binding + 1)}", binding


def _inside(expression: Expression, least: int) -> str:
    text, binding = _written(expression)
    return text if binding >= least else f"({text})"


def _starred(terms: Sequence[Term]) -> Iterator[str]:
    """Yield terms with `a * b` for an interaction whose parts are all there."""
    present = {frozenset(term.factors) for term in terms}
    stars = [term for term in terms if term.order > 1 and _closed(term, present) and not _inside_another(term, terms)]
    done: set[frozenset[Expression]] = set()
    for term in terms:
        factors = frozenset(term.factors)
        if factors in done:
            continue
        star = next((star for star in stars if factors <= frozenset(star.factors)), None)
        while star is not None:
            stars.remove(star)
            done.update(_parts(star))
            yield " * ".join(render_expression(factor) for factor in star.factors)
            star = next((star for star in stars if term.order > 1 and factors <= frozenset(star.factors)), None)
        if factors not in done:
            yield render_term(term)


def _parts(term: Term) -> Iterator[frozenset[Expression]]:
    for size in range(1, term.order + 1):
        yield from map(frozenset, combinations(term.factors, size))


def _closed(term: Term, present: set[frozenset[Expression]]) -> bool:
    return term.order <= 6 and all(part in present for part in _parts(term))


def _inside_another(term: Term, terms: Sequence[Term]) -> bool:
    return any(frozenset(term.factors) < frozenset(other.factors) for other in terms)


def _plain(terms: Sequence[Term]) -> Iterator[str]:
    yield from map(render_term, terms)


def _interactions_first(terms: Sequence[Term]) -> Iterator[str]:
    yield from (render_term(term) for term in sorted(terms, key=lambda term: -term.order))


def _announced(terms: Sequence[Term]) -> Iterator[str]:
    """Yield the terms after naming every variable in the order the interactions need (`a - a` leaves no term)."""
    order = [render_expression(factor) for factor in variable_order(terms)]
    yield " + ".join(order) + "".join(f" - {name}" for name in order)
    yield from map(render_term, terms)


_WRITERS: tuple[Callable[[Sequence[Term]], Iterator[str]], ...] = (_starred, _plain, _interactions_first, _announced)


def _bars(random: Sequence[RandomTerm]) -> Iterator[str]:
    """Yield the bar terms, chains of nested groups with the same terms written with slashes."""
    rest = list(random)
    while rest:
        chain = [rest.pop(0)]
        while rest and _encloses(chain[-1], rest[0]):
            chain.append(rest.pop(0))
        if len(chain) > 1 and len(chain[-1].grouping.columns) > 1:
            yield from (_bar(term, render_grouping(term.grouping)) for term in chain)
        else:
            names = (render_name(term.grouping.columns[0]) for term in reversed(chain))
            grouping = "/".join(names) if len(chain) > 1 else render_grouping(chain[0].grouping)
            yield _bar(chain[0], grouping)


def _encloses(inner: RandomTerm, outer: RandomTerm) -> bool:
    same = inner.terms == outer.terms and inner.correlated == outer.correlated
    return same and inner.grouping.columns[1:] == outer.grouping.columns


def _bar(random: RandomTerm, grouping: str) -> str:
    bar = "|" if random.correlated else "||"
    return f"({render_terms(random.terms)} {bar} {grouping})"
