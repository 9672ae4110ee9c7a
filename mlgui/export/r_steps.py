"""What was done to the data, as lines of R: from the file as it was read to the table the model was fitted to."""

from __future__ import annotations

from collections.abc import Callable

from mlgui.data.expressions import read_expression
from mlgui.data.steps import Action, DataStep
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.export.r_expression import HELPERS, r_expression, r_text

_RESHAPE_DETAILS = frozenset({"occasion", "id", "occasions"})


def can_replay(table: Table) -> bool:
    """Whether R code can repeat every step: all but pasted cells and columns of models, and expressions beyond R's reach."""
    try:
        r_steps(table)
    except LookupError:
        return False
    return True


def r_steps(table: Table) -> list[str]:
    """Return the lines; empty where nothing was done. LookupError where a step cannot be written in R."""
    if not table.steps and table.filter is None:
        return []
    lines = [HELPERS, "kept <- rep(TRUE, nrow(data))"]
    for step in table.steps:
        if step.action not in _WRITERS:
            raise LookupError(step.action)
        lines += _WRITERS[step.action](step)
    if table.filter is not None:
        lines += [*_kept(table.filter.expression), "data <- data[kept, ]"]
    return lines


def _column(name: str) -> str:
    return f"data[[{r_text(name)}]]"


def _code(expression: str) -> str:
    try:
        return r_expression(read_expression(expression))
    except UserError as error:
        raise LookupError(expression) from error


def _compute(step: DataStep) -> list[str]:
    code = _code(step["expression"])
    return [f"{_column(step.column)} <- rep_len(with(data, {code}), nrow(data))" if _is_plain(code) else
            f"{_column(step.column)} <- with(data, {code})"]  # fmt: skip


def _is_plain(code: str) -> bool:
    """Whether a piece of code may be worth one number for all rows; factors must not be repeated."""
    return not code.startswith("cut(")


def _kept(expression: str) -> list[str]:
    if not expression:
        return ["kept <- rep(TRUE, nrow(data))"]
    return [f"kept <- rep(TRUE, nrow(data)); kept <- with(data, {_code(expression)}) %in% TRUE"]


def _filter(step: DataStep) -> list[str]:
    return _kept(step["expression"])


def _edit(step: DataStep) -> list[str]:
    new = step["new"]
    column, value = _column(step.column), r_text(new) if new else "NA"
    place = f"{column}[{step['row']}]"
    if not new:
        return [f"{place} <- NA"]
    return [f"{place} <- if (is.numeric({column})) as.numeric({value}) else {value}"]


def _kind(step: DataStep) -> list[str]:
    column = _column(step.column)
    if step["kind"] == "number":
        return [f"{column} <- as.numeric(as.character({column}))"]
    return [f"{column} <- factor({column}{', ordered = TRUE' if step['kind'] == 'ordered' else ''})"]


def _levels(step: DataStep) -> list[str]:
    column, pairs = _column(step.column), [pair for pair in step.details if pair[0]]
    new = ", ".join(r_text(label) for label in dict.fromkeys(after for _, after in pairs))
    both = ", ".join(f"{r_text(before)} = {r_text(after)}" for before, after in pairs)
    ordered = ", ordered = TRUE" if step[""] else ""
    return [f"{column} <- factor(unname(c({both})[as.character({column})]), levels = c({new}){ordered})"]


def _missing(step: DataStep) -> list[str]:
    column = _column(step.column)
    codes = ", ".join(r_text(code.strip().replace(",", ".")) for code in step["codes"].split(";"))
    texts = ", ".join(r_text(code.strip()) for code in step["codes"].split(";"))
    return [f"{column}[if (is.numeric({column})) {column} %in% as.numeric(c({codes})) else {column} %in% c({texts})] <- NA"]


def _rename(step: DataStep) -> list[str]:
    return [f"names(data)[names(data) == {r_text(step.column)}] <- {r_text(step['to'])}"]


def _delete(step: DataStep) -> list[str]:
    return [f"{_column(step.column)} <- NULL"]


def _reshape(step: DataStep) -> list[str]:
    """Return the lines that repeat each row for each occasion and weave the repeated columns into one."""
    occasions = step["occasions"].split(", ")
    sets = [(name, names.split(", ")) for name, names in step.details if name not in _RESHAPE_DETAILS]
    gone = ", ".join(r_text(name) for _, names in sets for name in names)
    numeric = all(occasion.replace(".", "", 1).isdigit() for occasion in occasions)
    when = ", ".join(occasions if numeric else map(r_text, occasions))
    lines = [
        "wide <- data",
        f"rows <- rep(seq_len(nrow(wide)), each = {len(occasions)})",
        f"data <- wide[rows, setdiff(names(wide), c({gone})), drop = FALSE]",
        f"if (is.null({_column(step['id'])})) {_column(step['id'])} <- rows",
        f"{_column(step['occasion'])} <- rep(c({when}), times = nrow(wide))",
    ]
    for name, names in sets:
        columns = ", ".join(r_text(one) for one in names)
        lines.append(f"{_column(name)} <- as.vector(t(as.matrix(wide[c({columns})])))")
    return [*lines, "kept <- kept[rows]", "rownames(data) <- NULL"]


_WRITERS: dict[Action, Callable[[DataStep], list[str]]] = {
    Action.COMPUTE: _compute, Action.FILTER: _filter, Action.EDIT: _edit, Action.KIND: _kind, Action.LEVELS: _levels,
    Action.MISSING: _missing, Action.RENAME: _rename, Action.DELETE: _delete, Action.RESHAPE: _reshape,
}  # fmt: skip
"""Steps R can repeat."""
