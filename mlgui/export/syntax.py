"""The same model for other programs as text: Stata (`mixed`) and SPSS (`MIXED`); R and Python have modules of their own.

A program that cannot express a model gets a comment that says why instead of syntax for another model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from mlgui import __version__
from mlgui.data.table import CODED, Column, Table
from mlgui.export.prepared import comments, prepared_name
from mlgui.export.python_script import python_script, statsmodels_script
from mlgui.export.script import functions_of, r_script
from mlgui.spec.coding import ordered_levels
from mlgui.spec.exclusion import Exclusion
from mlgui.spec.expression import Variable
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.terms import RandomTerm, Term
from mlgui.words import tr


def stata_syntax(spec: ModelSpec, table: Table) -> str:
    """Return a Stata do-file with the model as `mixed`, or a comment that says why there is none."""
    refused = _refusal(spec, "Stata", weights=False) or _names_refused(spec, "Stata")
    refused = refused or _varying_refused(spec, table, "Stata") or _nesting_refused(spec, "Stata")
    if refused:
        return f"* {refused}\n"
    fixed = " ".join("#".join(_stata_factor(name, spec, table) for name in term.columns) for term in spec.fixed if term.order)
    none = "" if _has_intercept(spec.fixed) else ", noconstant"
    varying = [f"|| {_stata_random(random)}" for random in _outer_first(spec)]
    parts = [f"mixed {spec.columns[0]} {fixed}".rstrip() + none, *varying]
    lines = [
        "* " + tr("Fitted with mlgui {version}.").format(version=__version__),
        *_prepared(table),
        *(f"encode {name}, generate({name}_code)" for name in _categories(spec, table) if not _numeric(table[name])),
        *(f"drop if {_any_of(exclusion, table, ' == ', ' | ')}" for exclusion in spec.excluded),
        " ".join(parts) + f", {'reml dfmethod(satterthwaite)' if spec.reml else 'mle'}",
    ]
    return "\n".join(lines) + "\n"


def _prepared(table: Table) -> list[str]:
    """Return what was done to the data, and the file that holds them as they were prepared, as comments."""
    told = comments(table, "*")
    return [*told, "* " + tr("The data as they were prepared: {name}").format(name=prepared_name(table))] if told else []


def _numeric(column: Column) -> bool:
    """Return whether all levels are whole numbers Stata can hold as they are."""
    return all(level.isascii() and level.isdecimal() for level in column.levels)


def _stata_factor(name: str, spec: ModelSpec, table: Table) -> str:
    """Return a factor with its reference: by its value, or by its place among the texts, which encode sorts."""
    column = table[name]
    if column.kind not in CODED:
        return f"c.{name}"
    level = ordered_levels(column.levels, spec.coding(name)).labels[0]
    return f"ib{int(level)}.{name}" if _numeric(column) else f"ib{sorted(column.levels).index(level) + 1}.{name}_code"


def _stata_random(random: RandomTerm) -> str:
    slopes = " ".join(name for term in random.terms for name in term.columns)
    options = [] if _has_intercept(random.terms) else ["noconstant"]
    options += ["covariance(unstructured)"] if random.correlated and len(random.terms) > 1 else []
    return f"{random.grouping.columns[0]}: {slopes}".rstrip() + (", " + " ".join(options) if options else "")


def spss_syntax(spec: ModelSpec, table: Table) -> str:
    """Return SPSS syntax with the model as MIXED, or a comment that says why there is none."""
    refused = _refusal(spec, "SPSS", weights=True) or _names_refused(spec, "SPSS")
    refused = refused or _varying_refused(spec, table, "SPSS")
    if refused:
        return f"* {refused}\n"
    categories = _categories(spec, table)
    covariates = [name for term in (*spec.fixed, *(t for r in spec.random for t in r.terms)) for name in term.columns]
    covariates = [name for name in dict.fromkeys(covariates) if name not in categories]
    head = f"MIXED {spec.columns[0]}" + (f" BY {' '.join(categories)}" if categories else "")
    head += f" WITH {' '.join(covariates)}" if covariates else ""
    fixed = " ".join("*".join(term.columns) for term in spec.fixed if term.order)
    note = tr("Fitted with mlgui {version}. SPSS compares a category with its last level: coefficients of categories may differ.")
    lines = [
        "* " + note.format(version=__version__),
        *(f"{line}." for line in _prepared(table)),
        *(f"SELECT IF NOT({_any_of(exclusion, table, ' = ', ' OR ')})." for exclusion in spec.excluded),
        head,
        f"  /FIXED={fixed} | {'' if _has_intercept(spec.fixed) else 'NOINT '}SSTYPE(3)",
        f"  /METHOD={'REML' if spec.reml else 'ML'}",
        "  /PRINT=SOLUTION TESTCOV",
        *(f"  {_spss_random(random)}" for random in spec.random),
    ]
    if spec.weights:
        lines.append(f"  /REGWGT={spec.weights}")
    return "\n".join(lines) + ".\n"


def _any_of(exclusion: Exclusion, table: Table, equals: str, either: str) -> str:
    """Return the condition that a row lies in one of the groups left out; texts are in quotation marks."""
    name = exclusion.grouping.columns[0]
    quote = "" if table[name].kind not in CODED or _numeric(table[name]) else '"'
    return either.join(f"{name}{equals}{quote}{level}{quote}" for level in exclusion.levels)


def _spss_random(random: RandomTerm) -> str:
    effects = ["INTERCEPT"] if _has_intercept(random.terms) else []
    effects += ["*".join(term.columns) for term in random.terms if term.order]
    kind = "ID" if len(effects) == 1 else "UN" if random.correlated else "DIAG"
    return f"/RANDOM={' '.join(effects)} | SUBJECT({'*'.join(random.grouping.columns)}) COVTYPE({kind})"


def _has_intercept(terms: Sequence[Term]) -> bool:
    return any(term.order == 0 for term in terms)


def _categories(spec: ModelSpec, table: Table) -> list[str]:
    names = dict.fromkeys(name for term in spec.fixed for name in term.columns)
    return [name for name in names if name in table and table[name].kind in CODED]


def _outer_first(spec: ModelSpec) -> list[RandomTerm]:
    return sorted(spec.random, key=lambda random: len(random.grouping.columns))


def _refusal(spec: ModelSpec, program: str, *, weights: bool) -> str:
    """Return why a program cannot be given the model, "" if it can."""
    reason = ""
    if functions_of(spec) or spec.offsets or not isinstance(spec.outcome, Variable):
        reason = tr("it calculates with columns; make columns of the results first")
    elif any(coding.contrast is Contrast.SUM for coding in spec.codings):
        reason = tr("it codes a category by sum contrasts")
    elif not weights and spec.weights:
        reason = tr("its weights are precisions of rows, which the program does not take so")
    elif any(len(exclusion.grouping.columns) > 1 for exclusion in spec.excluded):
        reason = tr("groups of several columns together are left out")
    elif spec.boundary_avoiding:
        reason = tr("a penalty keeps its variances off 0")
    elif not spec.residual.is_plain:
        reason = tr("its residuals have a structure")
    return tr("This model is not written for {program}: {reason}.").format(program=program, reason=reason) if reason else ""


def _names_refused(spec: ModelSpec, program: str) -> str:
    """Return why names of columns are none in the program."""
    wrong = [name for name in spec.columns if not (name.isascii() and name.isidentifier() and len(name) <= 27)]
    if not wrong:
        return ""
    text = tr("This model is not written for {program}: it cannot name columns so ({names}); rename them first.")
    return text.format(program=program, names=", ".join(" ".join(name.split()) for name in wrong))


def _varying_refused(spec: ModelSpec, table: Table, program: str) -> str:
    """Return why what varies is not written: slopes of categories and of products, which the programs take otherwise."""
    terms = [term for random in spec.random for term in random.terms]
    if all(term.order < 2 and not any(table[name].kind in CODED for name in term.columns) for term in terms):
        return ""
    reason = tr("slopes of a category or of a product vary")
    return tr("This model is not written for {program}: {reason}.").format(program=program, reason=reason)


def _nesting_refused(spec: ModelSpec, program: str) -> str:
    """Return why the groups of the model are not nested one in the other, as Stata's levels are."""
    columns = [set(random.grouping.columns) for random in _outer_first(spec)]
    nested = all(small < large for small, large in pairwise(columns))
    if nested and len(columns[0] if columns else {0}) == 1:
        return ""
    reason = tr("its groups are crossed, or vary apart, or combine columns")
    return tr("This model is not written for {program}: {reason}.").format(program=program, reason=reason)


SCRIPTS: dict[str, Callable[[ModelSpec, Table], str]] = {
    ".R": r_script, ".py": python_script, ".statsmodels.py": statsmodels_script, ".do": stata_syntax, ".sps": spss_syntax,
}  # fmt: skip
"""Scripts by the ending of their files."""


def script_for(file_name: str) -> Callable[[ModelSpec, Table], str]:
    """Return what writes a script of this name; the longest ending counts. KeyError where there is none."""
    endings = sorted((ending for ending in SCRIPTS if file_name.endswith(ending)), key=len)
    return SCRIPTS[endings[-1] if endings else file_name]
