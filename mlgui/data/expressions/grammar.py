"""The functions of the language: how many arguments each takes, whether it can be computed by group, and an example."""

from __future__ import annotations

from dataclasses import dataclass

MANY = 200
"""Most arguments any function takes."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """least, most: numbers of arguments. grouped: whether `by = ` may follow. example: how it is written."""

    least: int = 1
    most: int = 1
    grouped: bool = False
    example: str


FUNCTIONS: dict[str, Function] = {
    "log": Function(example="log(x)"),
    "log2": Function(example="log2(x)"),
    "log10": Function(example="log10(x)"),
    "log1p": Function(example="log1p(x)"),
    "exp": Function(example="exp(x)"),
    "sqrt": Function(example="sqrt(x)"),
    "abs": Function(example="abs(x)"),
    "round": Function(most=2, example="round(x, 1)"),
    "floor": Function(example="floor(x)"),
    "ceiling": Function(example="ceiling(x)"),
    "mod": Function(least=2, most=2, example="mod(x, 7)"),
    "min": Function(most=MANY, grouped=True, example="min(x, by = g) or min(x, y)"),
    "max": Function(most=MANY, grouped=True, example="max(x, by = g) or max(x, y)"),
    "mean": Function(most=MANY, grouped=True, example="mean(x, by = g) or mean(x, y, z)"),
    "sum": Function(most=MANY, grouped=True, example="sum(x, by = g) or sum(x, y, z)"),
    "sd": Function(grouped=True, example="sd(x, by = g)"),
    "median": Function(grouped=True, example="median(x, by = g)"),
    "count": Function(least=0, grouped=True, example="count(x, by = g)"),
    "rank": Function(grouped=True, example="rank(x, by = g)"),
    "center": Function(grouped=True, example="center(x, by = g)"),
    "scale": Function(grouped=True, example="scale(x, by = g)"),
    "if": Function(least=3, most=3, example='if(x > 3, "high", "low")'),
    "is_missing": Function(example="is_missing(x)"),
    "coalesce": Function(least=2, most=MANY, example="coalesce(x, y)"),
    "recode": Function(most=1, example='recode(x, "a" = "b", else = "c")'),
    "cut": Function(least=2, most=MANY, example='cut(x, 10, 20, "low", "middle", "high")'),
    "upper": Function(example="upper(x)"),
    "lower": Function(example="lower(x)"),
    "trim": Function(example="trim(x)"),
    "substring": Function(least=3, most=3, example="substring(x, 1, 3)"),
    "contains": Function(least=2, most=2, example='contains(x, "word")'),
    "starts_with": Function(least=2, most=2, example='starts_with(x, "word")'),
    "replace": Function(least=3, most=3, example='replace(x, "old", "new")'),
    "join": Function(least=2, most=10, example='join(x, "-", y)'),
    "number": Function(example="number(x)"),
    "text": Function(example="text(x)"),
    "year": Function(example="year(x)"),
    "month": Function(example="month(x)"),
    "day": Function(example="day(x)"),
}
"""Everything that may be called; nothing else ever is."""

KEYWORDS = frozenset({"and", "or", "not", "in", "missing", "true", "false"})
"""Words with a meaning of their own, which a column of that name needs backticks for."""
