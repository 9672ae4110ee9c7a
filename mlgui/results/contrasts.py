"""Combinations of coefficients the user writes down: estimates, a joint test, and both as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mlgui.engine.contrasts import contrast_estimates, intervals
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.intervals import fixed_tests
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.results.tests_of_terms import ContrastEstimate, Denominator, FTest
from mlgui.words import tr

Weights = Mapping[str, float] | Sequence[float] | Floats
"""Weights of the coefficients: {term: weight}, others 0, or one number for each coefficient in their order."""

FIELDS = ("estimate", "se", "df", "t", "p", "low", "high")


def contrast_rows(report: Report, weights: Sequence[Weights]) -> Floats:
    """Return weights as rows (m, p); UserError for a term without a coefficient, or another number of weights."""
    names = [effect.name for effect in report.fixed]
    rows = np.zeros((len(weights), len(names)))
    for row, given in zip(rows, weights, strict=True):
        if isinstance(given, Mapping):
            for name, weight in given.items():
                row[_place(names, name)] = weight
        elif len(given) == len(names):
            row[:] = given
        else:
            raise UserError(
                tr("There are {n} weights for {p} coefficients.").format(n=len(given), p=len(names)),
                "",
                tr("Give one for each, or name them: {list}.").format(list=", ".join(names)),
            )
    return rows


def _place(names: Sequence[str], name: str) -> int:
    if name not in names:
        raise UserError(
            tr("There is no coefficient “{name}”.").format(name=name),
            "",
            tr("The coefficients are: {list}.").format(list=", ".join(names)),
        )
    return names.index(name)


def contrasts(report: Report, rows: Floats, df: str = "satterthwaite", confidence: float = 0.95) -> list[ContrastEstimate]:
    """Return combinations of coefficients (m, p) with their tests; NaN where they involve a dropped one.

    df: satterthwaite, kenward-roger or asymptotic. UserError in words where Kenward-Roger is refused.
    """
    if df == "asymptotic":
        return _normal(report, rows, confidence)
    tests = fixed_tests(report, Denominator(df))
    return [tests.contrast(row, confidence) for row in rows]


def joint_test(report: Report, rows: Floats, df: str = "satterthwaite") -> FTest:
    """Return the F test that all combinations (m, p) are 0; df: satterthwaite or kenward-roger."""
    return fixed_tests(report, Denominator(df)).joint(rows)


def _normal(report: Report, rows: Floats, confidence: float) -> list[ContrastEstimate]:
    tests = contrast_estimates(report.estimates, rows, "asymptotic")
    parts = (tests.estimate, tests.se, tests.df, tests.t, tests.p, *intervals(tests, confidence))
    known = ~rows[:, list(report.estimates.dropped)].any(axis=1)
    cells = np.where(known, np.stack(parts), np.nan).T.tolist()
    return [ContrastEstimate(**dict(zip(FIELDS, row, strict=True))) for row in cells]


def contrast_label(report: Report, row: Floats) -> str:
    """Return a combination in words: "ses + 0.5 ses:sectorPublic"."""
    parts: list[str] = []
    for effect, weight in zip(report.fixed, row.tolist(), strict=True):
        if weight:
            size = "" if abs(weight) == 1 else f"{numbers.given(abs(weight))} "
            sign = "−" if weight < 0 else ("+" if parts else "")
            parts.append(f"{sign} {size}{effect.name}" if parts else f"{sign}{size}{effect.name}")
    return " ".join(parts) or "0"


def estimates_table(
    key: str, title: str, labels: Sequence[str], found: Sequence[ContrastEstimate], df: str, confidence: float
) -> ResultTable:
    """Return estimates with their tests, one a row under a label."""
    digits = numbers.decimals_for([one.estimate for one in found], [one.se for one in found])
    formats = {"df": Format.DF, "p": Format.P}
    headings = {"estimate": tr("Estimate"), "se": tr("SE"), "df": tr("df"), "t": tr("t"), "p": tr("p"),
                "low": tr("Low"), "high": tr("High")}  # fmt: skip
    columns = [
        ResultColumn(key=field, heading=headings[field], cells=[getattr(one, field) for one in found],
                     format=formats.get(field, Format.NUMBER), decimals=2 if field == "t" else digits)
        for field in FIELDS
    ]  # fmt: skip
    return ResultTable(
        key=key,
        title=title,
        columns=(ResultColumn(key="term", heading=tr("Term"), cells=list(labels)), *columns),
        note=df_words(df) + " " + tr("Intervals of {percent}.").format(percent=numbers.percent(confidence)),
    )


def df_words(df: str) -> str:
    """Return where degrees of freedom come from."""
    return {
        "satterthwaite": tr("Degrees of freedom: Satterthwaite."),
        "kenward-roger": tr("Standard errors and degrees of freedom: Kenward-Roger."),
        "asymptotic": tr("Normal theory: right for many groups only."),
    }[df]


def joint_table(test: FTest, df: str) -> ResultTable:
    """Return the joint test of several combinations in one row."""
    return ResultTable(
        key="joint_test",
        title=tr("All of these are 0"),
        columns=(
            ResultColumn(key="f", heading=tr("F"), cells=[test.statistic], format=Format.NUMBER),
            ResultColumn(key="df1", heading=tr("df"), cells=[test.numerator], format=Format.COUNT),
            ResultColumn(key="df2", heading=tr("df (denominator)"), cells=[test.denominator], format=Format.DF),
            ResultColumn(key="p", heading=tr("p"), cells=[test.p], format=Format.P),
        ),
        note=tr("Combinations that follow from others count once.") + " " + df_words(df),
    )
