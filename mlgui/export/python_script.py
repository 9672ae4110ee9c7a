"""The same fit as a Python script, with mlgui and, where it can fit the model, with statsmodels."""

from __future__ import annotations

from mlgui import __version__
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.export.prepared import comments, is_prepared, prepared_name
from mlgui.export.script import functions_of
from mlgui.spec.coding import ordered_levels
from mlgui.spec.exclusion import Exclusion
from mlgui.spec.expression import Variable
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.render import render
from mlgui.spec.residual import residual_texts
from mlgui.spec.terms import Term
from mlgui.words import tr

_READING = ("sheet", "header_row", "delimiter", "decimal", "encoding")


def python_script(spec: ModelSpec, table: Table) -> str:
    """Return a Python script that reads the file and fits the model with mlgui."""
    lines = [
        "# " + tr("Fitted with mlgui {version}; this script makes the same fit.").format(version=__version__),
        "import mlgui",
        "import pandas as pd",
        "",
        *_data(spec, table),
        f"model = mlgui.fit({', '.join([repr(render(spec)), 'data', *_options(spec)])})",
        "print(model.coefficients)",
        "print(model.variance_components)",
    ]
    return "\n".join(lines) + "\n"


def statsmodels_script(spec: ModelSpec, table: Table) -> str:
    """Return a Python script that fits the model with statsmodels, or a comment that says why there is none."""
    reason = _statsmodels_cannot(spec)
    if reason:
        return "# " + tr("This model is not written for {program}: {reason}.").format(program="statsmodels", reason=reason) + "\n"
    (random,) = spec.random
    grouping = random.grouping.columns[0]
    slopes = " + ".join(_product(term) for term in random.terms if term.order)
    varying = ("1" if _has_intercept(random.terms) else "0") + (f" + {slopes}" if slopes else "")
    used = sorted({spec.columns[0], grouping, *(name for term in (*spec.fixed, *random.terms) for name in term.columns)})
    lines = [
        "# " + tr("Fitted with mlgui {version}; statsmodels searches less far, so that the last digits may differ.").format(
            version=__version__
        ),
        "import mlgui",
        "import pandas as pd",
        "import statsmodels.formula.api as smf",
        "",
        *_data(spec, table),
        f"data = data.dropna(subset={used!r})",
        f"data[{grouping!r}] = data[{grouping!r}].astype(str)",
        f"formula = {_statsmodels_formula(spec)!r}",
        f"model = smf.mixedlm(formula, data, groups={grouping!r}, re_formula={varying!r})",
        f"fit = model.fit(reml={spec.reml})",
        "print(fit.summary())",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _data(spec: ModelSpec, table: Table) -> list[str]:
    """Return the lines that read the file and set kinds, reference levels and the groups left out."""
    own = is_prepared(table)
    file, options = (prepared_name(table), {}) if own else (table.source.name or "data.csv", table.source.options)
    said = [f"{name}={_value(name, options[name])}" for name in _READING if options.get(name)]
    missing = [text.strip() for text in options.get("missing", "").split(",") if text.strip()]
    said += [f"missing={missing!r}"] if missing else []
    return [
        *comments(table, "#"),
        f"data = mlgui.read({', '.join([repr(file), *said])})",
        *(line for name in spec.columns if name in table for line in _kind(table[name], spec)),
        *(_without(exclusion) for exclusion in spec.excluded),
    ]


def _reading(table: Table) -> list[str]:
    """Return the file, and how it was read; data that were changed since are read as they were prepared."""
    if is_prepared(table):
        return [repr(prepared_name(table))]
    options = table.source.options
    said = [f"{name}={_value(name, options[name])}" for name in _READING if options.get(name)]
    missing = [text.strip() for text in options.get("missing", "").split(",") if text.strip()]
    return [repr(table.source.name or "data.csv"), *said, *([f"missing={missing!r}"] if missing else [])]


def _value(name: str, text: str) -> str:
    return text if name == "header_row" else repr(text)


def _options(spec: ModelSpec) -> list[str]:
    """Return the arguments of `mlgui.fit` beside formula and data."""
    summed = [coding.column for coding in spec.codings if coding.contrast is Contrast.SUM]
    found = [f"reml={spec.reml}"]
    found += [f"weights={spec.weights!r}"] if spec.weights else []
    found += [] if spec.residual.is_plain else [f"residual={list(residual_texts(spec.residual))!r}"]
    found += [f"sum_coded={summed!r}"] if summed else []
    return [*found, 'penalty="boundary-avoiding"'] if spec.boundary_avoiding else found


def _without(exclusion: Exclusion) -> str:
    together = " + ':' + ".join(f"data[{name!r}].astype(str)" for name in exclusion.grouping.columns)
    return f"data = data[~({together}).isin({list(exclusion.levels)!r})]"


def _kind(column: Column, spec: ModelSpec) -> list[str]:
    """Return the line that makes a column the category it is in the model, its reference first."""
    if column.kind not in CODED or column.kind is Kind.BOOLEAN:
        return []
    if column.name in {name for random in spec.random for name in random.grouping.columns}:
        return []
    levels = list(ordered_levels(column.levels, spec.coding(column.name)).labels)
    place = f"data[{column.name!r}]"
    return [f"{place} = pd.Categorical({place}.astype(str).where({place}.notna()), categories={levels!r})"]


def _statsmodels_cannot(spec: ModelSpec) -> str:
    """Return why statsmodels has no such model, "" if it has."""
    plain = not functions_of(spec) and not spec.offsets and isinstance(spec.outcome, Variable)
    reasons = (
        (not spec.random, tr("nothing varies between groups")),
        (len(spec.random) > 1, tr("its groups are crossed or nested")),
        (any(len(random.grouping.columns) > 1 for random in spec.random), tr("its groups combine columns")),
        (any(not random.correlated and len(random.terms) > 1 for random in spec.random), tr("its coefficients vary apart")),
        (bool(spec.weights), tr("it has weights")),
        (not spec.residual.is_plain, tr("its residuals have a structure")),
        (spec.boundary_avoiding, tr("a penalty keeps its variances off 0")),
        (any(coding.contrast is Contrast.SUM for coding in spec.codings), tr("it codes a category by sum contrasts")),
        (not plain, tr("it calculates with columns; make columns of the results first")),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _statsmodels_formula(spec: ModelSpec) -> str:
    terms = [_product(term) for term in spec.fixed if term.order]
    return f"{_quoted(spec.columns[0])} ~ " + " + ".join(["1" if _has_intercept(spec.fixed) else "0", *terms])


def _product(term: Term) -> str:
    return ":".join(_quoted(name) for name in term.columns)


def _quoted(name: str) -> str:
    """Return a name as the formulas of statsmodels take it, whatever characters it has."""
    return name if name.isascii() and name.isidentifier() else "Q(" + repr(name) + ")"


def _has_intercept(terms: tuple[Term, ...]) -> bool:
    return any(term.order == 0 for term in terms)
