"""Expressions of computed columns and filters as R code with the same meaning, missing values included."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlgui.data.expressions.functions import cut_labels
from mlgui.data.expressions.tree import Call, Literal, Name, Operation, Tree

HELPERS = """finite <- function(v) { v[!is.finite(v)] <- NA; v }
plain <- function(v) if (is.factor(v)) as.character(v) else v
by_group <- function(name, x, g = rep(1, length(kept))) {
  x <- as.numeric(x) + 0 * seq_along(kept)
  used <- !is.na(x) & kept & !is.na(g)
  own <- split(x[used], factor(g[used]))
  of <- function(f) { v <- vapply(own, f, 0); unname(v[match(as.character(g), names(v))]) }
  if (name == "rank") { r <- rep(NA_real_, length(x)); r[used] <- ave(x[used], factor(g[used]), FUN = rank); return(r) }
  if (name == "count") { v <- of(length); v[is.na(v) & !is.na(g)] <- 0; return(v) }
  if (name == "center") return(x - of(mean))
  if (name == "scale") return((x - of(mean)) / of(sd))
  of(list(mean = mean, sd = sd, median = median, sum = sum, min = min, max = max)[[name]])
}"""
"""R functions the translations call."""

_SIGNS = {"=": "==", "and": "&", "or": "|"}
_STATISTICS = frozenset({"mean", "sd", "median", "sum", "count", "min", "max", "rank", "center", "scale"})
_SAME = frozenset({"sqrt", "abs", "floor"})
_FINITE = frozenset({"log", "log2", "log10", "log1p", "exp", "sqrt"})
_TEXTS = {"upper": "toupper", "lower": "tolower", "trim": "trimws"}
_DATES = {"year": "%Y", "month": "%m", "day": "%d"}
_R_NAME = re.compile(r"(?:[A-Za-z]|\.(?![0-9]))[A-Za-z0-9._]*")
_RESERVED = frozenset(
    {
        "if",
        "else",
        "repeat",
        "while",
        "function",
        "for",
        "next",
        "break",
        "TRUE",
        "FALSE",
        "NULL",
        "Inf",
        "NaN",
        "NA",
        "in",
        "kept",
    }
)


def r_expression(tree: Tree) -> str:
    """Return R code that is worth the same in a data frame with the same columns; it is to stand inside `with(data, ...)`.

    LookupError where there is none.
    """
    if isinstance(tree, Literal):
        return r_literal(tree)
    if isinstance(tree, Name):
        return r_name(tree.name)
    return _operation(tree) if isinstance(tree, Operation) else _call(tree)


def r_name(name: str) -> str:
    """Return the name of a column as R writes it."""
    if _R_NAME.fullmatch(name) and name not in _RESERVED:
        return name
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def r_text(text: str) -> str:
    """Return a text in quotation marks as R writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


def r_literal(tree: Literal) -> str:
    """Return a literal as R writes it."""
    if tree.value is None:
        return "NA"
    if isinstance(tree.value, bool):
        return "TRUE" if tree.value else "FALSE"
    return r_text(tree.value) if isinstance(tree.value, str) else repr(tree.value)


def _operation(tree: Operation) -> str:
    parts = [r_expression(operand) for operand in tree.operands]
    if tree.operator == "not":
        return f"(!{parts[0]})"
    if tree.operator == "in":
        return f"ifelse(is.na({parts[0]}), NA, {parts[0]} %in% c({', '.join(parts[1:])}))"
    if len(parts) == 1:
        return f"(-{parts[0]})"
    code = f"({parts[0]} {_SIGNS.get(tree.operator, tree.operator)} {parts[1]})"
    return f"finite{code}" if tree.operator in ("/", "^") else code


def _call(tree: Call) -> str:
    parts = [r_expression(argument) for argument in tree.arguments]
    name = tree.function
    if name in _STATISTICS:
        return _statistic(tree, parts)
    if name in _FINITE:
        return f"finite({name}({parts[0]}))"
    if name in _SAME:
        return f"{name}({parts[0]})"
    if name in _TEXTS:
        return f"{_TEXTS[name]}(plain({parts[0]}))"
    if name in _DATES:
        return f'as.numeric(format(as.Date({parts[0]}), "{_DATES[name]}"))'
    return _WRITERS[name](tree, parts)


def _statistic(tree: Call, parts: list[str]) -> str:
    if len(parts) > 1:
        together = ", ".join(parts)
        rowwise = {"min": f"pmin({together})", "max": f"pmax({together})", "sum": "(" + " + ".join(parts) + ")"}
        return rowwise.get(tree.function, f"rowMeans(cbind({together}))")
    if tree.function == "count":
        parts = [f"ifelse(is.na({parts[0]}), NA, 1)" if parts else "rep(1, length(kept))"]
    names = [r_name(name) for name in tree.by]
    groups = names[0] if len(names) == 1 else f"interaction({', '.join(names)}, drop = TRUE)"
    by = f", {groups}" if names else ""
    return f"by_group({r_text(tree.function)}, {parts[0]}{by})"


def _if(tree: Call, parts: list[str]) -> str:
    return f"ifelse({parts[0]}, plain({parts[1]}), plain({parts[2]}))"


def _coalesce(tree: Call, parts: list[str]) -> str:
    code = f"plain({parts[-1]})"
    for part in reversed(parts[:-1]):
        code = f"ifelse(is.na({part}), {code}, plain({part}))"
    return code


def _recode(tree: Call, parts: list[str]) -> str:
    code = f"plain({parts[0]})"
    if tree.otherwise is not None:
        code = f"ifelse(is.na({parts[0]}), NA, {r_literal(tree.otherwise)})"
    elif any(not isinstance(new.value, str) and new.value is not None for _, new in tree.pairs):
        code = f"suppressWarnings(as.numeric({code}))"
    for old, new in reversed(tree.pairs):
        where = f"is.na({parts[0]})" if old.value is None else f"({parts[0]} %in% {r_literal(old)})"
        code = f"ifelse({where}, {r_literal(new)}, {code})"
    return code


def _cut(tree: Call, parts: list[str]) -> str:
    limits = [float(_value(argument)) for argument in tree.arguments[1:] if not isinstance(_value(argument), str)]
    labels = [str(_value(argument)) for argument in tree.arguments[1:] if isinstance(_value(argument), str)]
    words = ", ".join(r_text(label) for label in labels or cut_labels(limits))
    places = ", ".join(repr(limit) for limit in limits)
    return f"cut({parts[0]}, c(-Inf, {places}, Inf), labels = c({words}), right = FALSE, ordered_result = TRUE)"


def _value(tree: Tree) -> float | str:
    """Return the value of a literal, or of one with a sign. LookupError for what would have to be computed first."""
    if isinstance(tree, Operation) and tree.operator == "-" and len(tree.operands) == 1:
        return -float(_value(tree.operands[0]))
    if not isinstance(tree, Literal):
        raise LookupError("a limit that is computed")
    return tree.value if isinstance(tree.value, str) else float(tree.value or 0)


_WRITERS: dict[str, Callable[[Call, list[str]], str]] = {
    "if": _if, "coalesce": _coalesce, "recode": _recode, "cut": _cut,
    "round": lambda tree, parts: f"round({', '.join(parts)})",
    "ceiling": lambda tree, parts: f"ceiling({parts[0]})",
    "mod": lambda tree, parts: f"({parts[0]} %% {parts[1]})",
    "is_missing": lambda tree, parts: f"is.na({parts[0]})",
    "substring": lambda tree, parts: f"substring(plain({parts[0]}), {parts[1]}, {parts[2]})",
    "replace": lambda tree, parts: f"gsub({parts[1]}, {parts[2]}, plain({parts[0]}), fixed = TRUE)",
    "contains": lambda tree, parts: f"ifelse(is.na({parts[0]}), NA, grepl({parts[1]}, plain({parts[0]}), fixed = TRUE))",
    "starts_with": lambda tree, parts: f"startsWith(as.character({parts[0]}), {parts[1]})",
    "join": lambda tree, parts: f"ifelse({' | '.join(f'is.na({part})' for part in parts)}, NA, paste0({', '.join(parts)}))",
    "number": lambda tree, parts: f"suppressWarnings(as.numeric(as.character({parts[0]})))",
    "text": lambda tree, parts: f"as.character({parts[0]})",
}  # fmt: skip
