"""How many digits are right, beside references by other programs and certified values: python tests/benchmarks/accuracy.py."""

# ruff: noqa: E402 - paths and the number of threads are set before the packages that read them are imported

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

import numpy as np
import pandas as pd
from page import table, write_section

import mlgui
from mlgui.results.report import Report
from tests.engine.test_nist import LIMITS, certified, digits, read
from tests.hard_cases import NUMBERS, WORDS, answer
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import report_of

QUANTITIES = {
    "criterion, above the reference": "absolute",
    "criterion, below the reference": "absolute",
    "coefficients": "in SEs",
    "their SEs": "relative",
    "degrees of freedom (Satterthwaite)": "relative",
    "residual SD": "relative",
    "SDs of varying coefficients": "relative",
    "conditional modes of the groups": "in SDs",
    "conditional SDs of the groups": "in SDs",
}
"""What is compared, and on which scale."""


def reference_differences(name: str) -> Iterator[tuple[str, float]]:
    """Yield each quantity of a reference case with its largest difference."""
    report, expected = report_of(name), load_case(name)["results"]
    change = report.criterion - expected["criterion"]["value"]
    yield "criterion, above the reference", max(change, 0.0)
    yield "criterion, below the reference", max(-change, 0.0)
    rows = [row for row in expected["fixed_effects"] if row["estimate"] is not None]
    for effect, row in zip([one for one in report.fixed if one.estimable], rows, strict=True):
        yield "coefficients", abs(effect.estimate - row["estimate"]) / row["se"]
        yield "their SEs", abs(effect.se / row["se"] - 1)
        if row.get("df_satterthwaite") is not None and np.isfinite(effect.df):
            yield "degrees of freedom (Satterthwaite)", abs(effect.df / row["df_satterthwaite"] - 1)
    components = expected["variance_components"]
    yield "residual SD", abs(report.sigma / components["residual_sd"] - 1)
    for component, row in zip(report.variance, components["components"], strict=True):
        for found, true in zip(component.sd, row["sd"].values(), strict=True):
            yield "SDs of varying coefficients", abs(found / true - 1) if true > 0 else float(found)
    yield from group_differences(report, expected["random_effects"])


def group_differences(report: Report, groupings: list[dict[str, object]]) -> Iterator[tuple[str, float]]:
    """Yield the differences of conditional modes and their SDs, in SDs of the coefficients."""
    names = [one.grouping for one in report.groups]
    for row in groupings:
        index = names.index(str(row["group"]))
        found, effects = report.groups[index], report.estimates.groups[index]
        place = {level: position for position, level in enumerate(found.levels)}
        order = [place[str(level)] for level in np.ravel(row["levels"])]  # the reference keeps some groups of many
        sd = np.sqrt(np.diag(effects.covariance))
        sd[sd == 0] = 1.0
        for key, values in (("mode", found.deviation), ("cond_sd", found.cond_sd)):
            true = np.array(row[key], dtype=float).reshape(len(order), -1)
            label = "conditional modes of the groups" if key == "mode" else "conditional SDs of the groups"
            yield label, float(np.abs((values[order] - true) / sd).max())


def reference_table() -> str:
    """Return the largest difference of every quantity over the reference cases, and where it is."""
    worst: dict[str, list[tuple[float, str]]] = {quantity: [] for quantity in QUANTITIES}
    for name in CASES:
        for quantity, size in reference_differences(name):
            worst[quantity].append((size, name))
    rows = []
    for quantity, found in worst.items():
        size, name = max(found)
        middle = float(np.median([one for one, _ in found]))
        rows.append([quantity, QUANTITIES[quantity], f"{size:.1e}", name, f"{middle:.1e}"])
    return table(["quantity", "difference", "largest", "in", "median"], rows)


def nist_table() -> str:
    """Return the correct digits of both variances and the SE of the mean, beside what binary64 numbers hold."""
    rows = []
    for name, (limit, limit_residual) in LIMITS.items():
        codes, values = read(name)
        data = pd.DataFrame({"y": [float(value) for value in values], "group": pd.Categorical([str(code) for code in codes])})
        model = mlgui.fit("y ~ 1 + (1 | group)", data)
        between, within = certified(codes, values)
        size = len(values) // len(set(codes))
        se = ((size * between + within) / len(values)) ** 0.5
        variances = model.variance_components["variance"]
        found = [digits(variances[0], between), digits(variances[1], within), digits(model.coefficients["se"][0], se)]
        shown = [f"{one:.1f}" if one < 15.5 else "15+" for one in found]
        rows.append([name, *shown, f"{limit:.1f} / {limit_residual:.1f}"])
    return table(["data", "group variance", "residual variance", "SE of the mean", "limit of binary64 input"], rows)


def hard_table() -> str:
    """Return what named hard cases end in: the right criterion, or a sentence."""
    rows = []
    for case in (*NUMBERS, *WORDS):
        found = answer(case)
        said = found.said.replace("|", "/")
        if found.criterion is None or case.criterion is None:
            rows.append([case.title, "", "", "", said])
            continue
        difference = f"{abs(found.criterion - case.criterion):.1e}"
        rows.append([case.title, f"{found.criterion:.4f}", f"{case.criterion:.4f}", difference, said])
    return table(["case", "criterion", "truth", "difference", "what is said"], rows)


def main() -> None:
    """Write the section of the page."""
    text = "\n\n".join([
        f"The {len(CASES)} reference cases (lme4, lmerTest; `tests/reference`):",
        reference_table(),
        "Correct digits on the analyses of variance of the NIST Statistical Reference Datasets (REML equals the analysis of"
        " variance there; 15+ is all that binary64 holds; the limits are for the two variances):",
        nist_table(),
        f"{len(NUMBERS) + len(WORDS)} hard cases by name (`tests/hard_cases.py`, where the truths are from; those of `||` are"
        " known to four decimals). Where a model can be fitted, its criterion is right, and a finding may stand beside it;"
        " otherwise a sentence says why and what to do. Data are sleepstudy's unless another is named.",
        hard_table(),
    ])  # fmt: skip
    print(text)
    write_section("accuracy", text)


if __name__ == "__main__":
    main()
