"""The same analysis for other programs: an R script for lme4, and a call of mlgui's own command line."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from mlgui import __version__
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.spec.expression import Call, Expression, Operation, Variable, columns_of
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.render import render, render_expression
from mlgui.spec.terms import Term
from mlgui.words import tr

_GROUP_FUNCTIONS = {"center": "center_by", "mean": "mean_by"}
_HELPERS = {
    "center_by": "center_by <- function(x, g) if (missing(g)) x - mean(x) else x - ave(x, g)",
    "mean_by": "mean_by <- function(x, g) if (missing(g)) rep(mean(x), length(x)) else ave(x, g)",
}


def r_script(spec: ModelSpec, table: Table) -> str:
    """Return an R script that reads the data and fits the model with lme4 and lmerTest."""
    written = _for_r(spec)
    formula = render(written)
    helpers = [text for name, text in _HELPERS.items() if f"{name}(" in formula]
    used = [table[name] for name in spec.columns if name in table]
    lines = [
        "# " + tr("Fitted with mlgui {version}; this script gives the same numbers in R.").format(version=__version__),
        "library(lme4)",
        "library(lmerTest)  # " + tr("Satterthwaite degrees of freedom"),
        "",
        *_reading(table),
        *(line for column in used for line in _preparing(column, spec)),
        f"data <- data[complete.cases(data[c({', '.join(_quoted(column.name) for column in used)})]), ]",
        *helpers,
        "",
        _call(written, formula),
        "summary(model)",
        "confint(model, method = \"Wald\")",
        "ranef(model)",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _call(spec: ModelSpec, formula: str) -> str:
    weights = f", weights = {_name(spec.weights)}" if spec.weights else ""
    return f"model <- lmer({formula},\n              data = data, REML = {'TRUE' if spec.reml else 'FALSE'}{weights})"


def _reading(table: Table) -> list[str]:
    """Return the lines that read the file; for formats R needs a package for, the line says which."""
    name, options = table.source.name or "data.csv", table.source.options
    suffix = re.sub(r"\.gz$", "", name.lower()).rpartition(".")[2]
    readers = {
        "xlsx": "as.data.frame(readxl::read_excel({file}))", "xls": "as.data.frame(readxl::read_excel({file}))",
        "sav": "as.data.frame(haven::as_factor(haven::read_sav({file})))",
        "dta": "as.data.frame(haven::as_factor(haven::read_dta({file})))",
        "rds": "readRDS({file})", "parquet": "as.data.frame(arrow::read_parquet({file}))",
    }  # fmt: skip
    if suffix in readers:
        return ["data <- " + readers[suffix].format(file=_quoted(name))]
    encoding = options.get("encoding") or "UTF-8"
    details = f"sep = {_quoted(options.get('delimiter') or ',')}, dec = {_quoted(options.get('decimal') or '.')}"
    missing = 'na.strings = c("", "NA"), check.names = FALSE'
    return [f"data <- read.csv({_quoted(name)}, {details}, {missing}, fileEncoding = {_quoted(encoding)})"]


def _preparing(column: Column, spec: ModelSpec) -> list[str]:
    """Return the lines that give R's column the kind, level order and coding it has here."""
    if column.kind not in CODED:
        return []
    place = f"data${_name(column.name)}"
    groups = {name for random in spec.random for name in random.grouping.columns}
    coding = spec.coding(column.name)
    if column.name in groups or column.kind in (Kind.ID, Kind.TEXT):
        return [f"{place} <- factor({place})"]
    first = (coding.reference,) if coding.reference else ()
    levels = (*first, *(level for level in column.levels if level not in first))
    lines = [f"{place} <- factor({place}, levels = c({', '.join(_quoted(level) for level in levels)}))"]
    if coding.contrast is Contrast.SUM:
        lines.append(f"contrasts({place}) <- contr.sum({len(levels)})")
    return lines


def _for_r(spec: ModelSpec) -> ModelSpec:
    """Return the model with the functions R does not know, or knows otherwise, under the names of the helpers."""
    return replace(
        spec,
        outcome=_expression(spec.outcome),
        fixed=tuple(_term(term) for term in spec.fixed),
        random=tuple(replace(random, terms=tuple(_term(term) for term in random.terms)) for random in spec.random),
        offsets=tuple(_expression(offset) for offset in spec.offsets),
    )


def _term(term: Term) -> Term:
    return Term(tuple(_expression(factor) for factor in term.factors))


def _expression(expression: Expression) -> Expression:
    if isinstance(expression, Call):
        name = _GROUP_FUNCTIONS.get(expression.function, expression.function)
        return Call(name, tuple(_expression(argument) for argument in expression.arguments))
    if isinstance(expression, Operation):
        return Operation(expression.operator, tuple(_expression(operand) for operand in expression.operands))
    return expression


def _name(name: str) -> str:
    return render_expression(Variable(name))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


def command_line(spec: ModelSpec, table: Table) -> str:
    """Return the call of `mlgui fit` that gives the same model, quoted for a POSIX shell."""
    parts = ["mlgui", "fit", table.source.name or "data.csv", "--formula", render(spec)]
    if not spec.reml:
        parts.append("--ml")
    if spec.weights:
        parts += ["--weights", spec.weights]
    for column in (table[name] for name in _fixed_columns(spec) if name in table):
        if column.kind in CODED:
            parts += ["--category", _forced(column, spec.coding(column.name).reference)]
        elif column.kind is Kind.NUMBER:
            parts += ["--number", column.name]
    return " ".join(shlex.quote(part) for part in parts)


def _fixed_columns(spec: ModelSpec) -> tuple[str, ...]:
    """Return the columns of predictors: the ones whose kind and level order decide what a coefficient means."""
    names = [name for term in spec.fixed for name in term.columns]
    names += [name for offset in spec.offsets for name in columns_of(offset)]
    return tuple(dict.fromkeys(names))


def _forced(column: Column, reference: str) -> str:
    first = (reference,) if reference else ()
    levels = [*first, *(level for level in column.levels if level not in first)]
    return column.name if any("," in level for level in levels) else f"{column.name}={','.join(levels)}"
