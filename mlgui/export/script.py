"""The same analysis for other programs: an R script for lme4, and a call of mlgui's own command line."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable, Iterator

from mlgui import __version__
from mlgui.data.steps import Action
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.export.prepared import comments, is_prepared, prepared_name
from mlgui.export.r_steps import can_replay, r_steps
from mlgui.spec.coding import ordered_levels
from mlgui.spec.exclusion import Exclusion
from mlgui.spec.expression import Call, Expression, Operation, Variable, columns_of
from mlgui.spec.inference import DfMethod, IntervalMethod
from mlgui.spec.model import Coding, Contrast, ModelSpec
from mlgui.spec.render import render, render_expression
from mlgui.spec.residual import residual_texts
from mlgui.words import tr

_USUAL_MISSING = ("", "NA", ".", "N/A", "NaN", "null", "NULL")
_HELPERS = {
    "center": "center <- function(x, g) if (missing(g)) x - base::mean(x) else x - ave(x, g)",
    "mean": "mean <- function(x, g, ...) if (missing(g)) base::mean(x, ...) else ave(x, g)",
}
"""Functions of formulas that R lacks, or has with another meaning."""


def r_script(spec: ModelSpec, table: Table) -> str:
    """Return an R script that reads the data and fits the model with lme4 and lmerTest."""
    called = functions_of(spec)
    helpers = [text for name, text in _HELPERS.items() if name in called]
    used = [table[name] for name in spec.columns if name in table]
    lines = [
        *_heading(spec),
        "library(lme4)",
        "library(lmerTest)  # " + tr("Satterthwaite degrees of freedom"),
        "",
        *_data(table),
        *(line for column in used for line in _preparing(column, spec)),
        f"data <- data[complete.cases(data[c({', '.join(_quoted(column.name) for column in used)})]), ]",
        *(_without(exclusion) for exclusion in spec.excluded),
        *helpers,
        "",
        _call(spec),
        *_tests(spec),
        "ranef(model)",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _tests(spec: ModelSpec) -> list[str]:
    """Return the lines that test the coefficients and make their intervals as the model asks for."""
    wanted = spec.inference
    ddf = 'ddf = "Kenward-Roger"' if wanted.df is DfMethod.KENWARD_ROGER else ""
    methods = {
        IntervalMethod.T: 'method = "Wald"', IntervalMethod.PROFILE: 'method = "profile"',
        IntervalMethod.BOOTSTRAP: f'method = "boot", nsim = {wanted.replicates}, seed = {wanted.seed}',
    }  # fmt: skip
    summary = f"summary(model, {ddf})" if ddf else "summary(model)"
    if wanted.df is DfMethod.NORMAL:
        summary += "  # " + tr("tests are z: the t values compared with the normal distribution")
    return [summary, f"confint(model, {methods[wanted.intervals]})"]


def _heading(spec: ModelSpec) -> list[str]:
    if spec.residual.is_plain and spec.boundary_avoiding:
        return [
            "# " + tr("Fitted with mlgui {version}, with a boundary-avoiding penalty; blmer of blme has the same in R.").format(
                version=__version__
            ),
            "library(blme)",
        ]  # fmt: skip
    if spec.residual.is_plain:
        return ["# " + tr("Fitted with mlgui {version}; this script gives the same numbers in R.").format(version=__version__)]
    structure = ", ".join(residual_texts(spec.residual))
    return [
        "# " + tr("Fitted with mlgui {version}.").format(version=__version__),
        "# " + tr("lme4 has no residual structures: this script leaves out {structure}, and its numbers differ.").format(
            structure=structure
        ),
        "# " + tr("nlme's lme and gls have them: corAR1, corCompSymm, corSymm and varIdent."),
    ]  # fmt: skip


def _call(spec: ModelSpec) -> str:
    weights = f", weights = {_name(spec.weights)}" if spec.weights else ""
    reason = tr("Closer than lme4 searches by itself, which is to about five digits of standard deviations")
    fit = "blmer" if spec.boundary_avoiding else "lmer"
    penalty = ", cov.prior = wishart(df = level.dim + 2)" if spec.boundary_avoiding else ""
    return (
        f"# {reason}\n"
        "close <- lmerControl(optimizer = \"bobyqa\", optCtrl = list(rhoend = 1e-10, maxfun = 100000))\n"
        f"model <- {fit}({render(spec)},\n"
        f"              data = data, REML = {'TRUE' if spec.reml else 'FALSE'}{weights}{penalty}, control = close)"
    )


def _data(table: Table) -> list[str]:
    """Return the lines that read the file and repeat what was done to the data, or else read the data as they were prepared."""
    told = comments(table, "#")
    if is_prepared(table) and not can_replay(table):
        file = tr("R cannot repeat every step: this file holds the data as they were prepared.")
        reading = f"data <- read.csv({_quoted(prepared_name(table))}, na.strings = \"\", check.names = FALSE)"
        return [*told, f"# {file}", reading]
    return [*told, *_reading(table), *r_steps(table)]


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
    texts = ", ".join(_quoted(text) for text in (*_USUAL_MISSING, *_missing_texts(table)))
    return [
        f"data <- read.csv({_quoted(name)}, {details}, fileEncoding = {_quoted(encoding)}{_header(table)},",
        f"                 na.strings = c({texts}), check.names = FALSE)",
    ]


def _header(table: Table) -> str:
    """Return R's arguments for where the column names stand: in the first line, further down, or nowhere."""
    row = int(table.source.options.get("header_row") or 1)
    if row == 0:
        return f", header = FALSE, col.names = c({', '.join(_quoted(name) for name in table.names)})"
    return f", skip = {row - 1}" if row > 1 else ""


def _without(exclusion: Exclusion) -> str:
    """Return the line that takes groups out of R's data."""
    columns = [f"data${_name(name)}" for name in exclusion.grouping.columns]
    place = columns[0] if len(columns) == 1 else f"paste({', '.join(columns)}, sep = \":\")"
    levels = ", ".join(_quoted(level) for level in exclusion.levels)
    return f"data <- droplevels(data[!({place} %in% c({levels})), ])"


def _missing_texts(table: Table) -> list[str]:
    return [text.strip() for text in table.source.options.get("missing", "").split(",") if text.strip()]


def _preparing(column: Column, spec: ModelSpec) -> list[str]:
    """Return the lines that give R's column the kind, level order and coding it has here."""
    coding = spec.coding(column.name)
    if column.kind not in CODED or (column.kind is Kind.BOOLEAN and coding == Coding(column=column.name)):
        return []
    place = f"data${_name(column.name)}"
    groups = {name for random in spec.random for name in random.grouping.columns}
    if column.name in groups or column.kind in (Kind.ID, Kind.TEXT, Kind.BOOLEAN):
        return [f"{place} <- factor({place})"]
    levels = ordered_levels(column.levels, coding).labels
    lines = [f"{place} <- factor({place}, levels = c({', '.join(_quoted(level) for level in levels)}))"]
    if coding.contrast is Contrast.SUM:
        lines.append(f"contrasts({place}) <- contr.sum({len(levels)})")
    return lines


def functions_of(spec: ModelSpec) -> frozenset[str]:
    """Return the names of the functions a model calls."""
    terms = (*spec.fixed, *(term for random in spec.random for term in random.terms))
    expressions = [spec.outcome, *spec.offsets, *(factor for term in terms for factor in term.factors)]
    return frozenset(name for expression in expressions for name in _functions(expression))


def _functions(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Call):
        yield expression.function
        for argument in expression.arguments:
            yield from _functions(argument)
    elif isinstance(expression, Operation):
        for operand in expression.operands:
            yield from _functions(operand)


def _name(name: str) -> str:
    return render_expression(Variable(name))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


def command_line(spec: ModelSpec, table: Table) -> str:
    """Return the call of `mlgui fit` that gives the same model, quoted for a POSIX shell."""
    steps = _steps(table)
    own = steps is None
    file = prepared_name(table) if own else table.source.name or "data.csv"
    parts = ["mlgui", "fit", file, "--formula", render(spec), *(steps or ())]
    if not spec.reml:
        parts.append("--ml")
    if spec.weights:
        parts += ["--weights", spec.weights]
    if spec.boundary_avoiding:
        parts.append("--boundary-avoiding")
    for text in residual_texts(spec.residual):
        parts += ["--residual", text]
    for exclusion in spec.excluded:
        parts += [f"--without={exclusion.grouping.name}={_csv_line(exclusion.levels)}"]
    parts += [] if own else [*_reading_options(table), *(f"--missing={text}" for text in _missing_texts(table))]
    for column in (table[name] for name in _fixed_columns(spec) if name in table):
        if column.kind in CODED:
            parts.append(f"--category={_forced(column, spec.coding(column.name))}")
            parts += [f"--sum={column.name}"] if spec.coding(column.name).contrast is Contrast.SUM else []
        elif column.kind is Kind.NUMBER:
            parts.append(f"--number={column.name}")
    return " ".join(shlex.quote(part) for part in parts)


def _steps(table: Table) -> list[str] | None:
    """Return the options that repeat what was done to the data; None where more was done than computing and filtering."""
    if any(step.action not in (Action.COMPUTE, Action.FILTER) for step in table.steps):
        return None
    steps = [step for step in table.steps if step["expression"]]
    kept = table.filter.expression if table.filter is not None else ""
    if kept != next((step["expression"] for step in reversed(steps) if step.action is Action.FILTER), ""):
        return None  # the last filter was taken away again
    return [
        f"--keep={step['expression']}" if step.action is Action.FILTER else f"--compute={step.column}={step['expression']}"
        for step in steps
    ]


_FOUND_ANYWAY = {"sheet": "", "header_row": "1", "delimiter": ",", "decimal": ".", "encoding": "utf-8"}
"""Reading options, and the values of a plain file, which need not be said."""


def _reading_options(table: Table) -> Iterator[str]:
    """Yield how the file was read, where it is not the plainest of files: what was found or chosen once is not sought again."""
    for name, plain in _FOUND_ANYWAY.items():
        value = table.source.options.get(name) or plain
        if value != plain:
            yield f"--{name.replace('_', '-')}=" + ("tab" if value == "\t" else value)


def _fixed_columns(spec: ModelSpec) -> tuple[str, ...]:
    """Return the columns of predictors: the ones whose kind and level order decide what a coefficient means."""
    names = [name for term in spec.fixed for name in term.columns]
    names += [name for offset in spec.offsets for name in columns_of(offset)]
    return tuple(dict.fromkeys(names))


def _forced(column: Column, coding: Coding) -> str:
    """Return a column with its levels in order, separated as in a CSV file."""
    return f"{column.name}={_csv_line(ordered_levels(column.levels, coding).labels)}"


def _csv_line(texts: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(texts)
    return line.getvalue()
