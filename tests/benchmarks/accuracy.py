"""How many digits are right, beside references by other programs and certified values: python tests/benchmarks/accuracy.py."""

# ruff: noqa: E402 - paths and the number of threads are set before the packages that read them are imported

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

import numpy as np
import pandas as pd
from page import table, write_section

import mlgui
from mlgui.errors import UserError
from mlgui.results.report import Report
from tests.engine.test_nist import LIMITS, certified, digits, read
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
SLEEPSTUDY = Path(__file__).parents[2] / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv"


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


def sleepstudy() -> pd.DataFrame:
    """Return the sleepstudy data."""
    return pd.read_csv(SLEEPSTUDY)


def changed(days: Callable[[pd.Series], pd.Series] | None = None, **columns: object) -> pd.DataFrame:
    """Return the sleepstudy data with Days or other columns changed."""
    data = sleepstudy()
    if days is not None:
        data["Days"] = days(data["Days"].astype(float))
    return data.assign(**columns)


SLOPES, APART = "Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (Days || Subject)"
TRUTH = 1743.62827195849
NUMBERS: list[tuple[str, str, Callable[[], pd.DataFrame], float]] = [
    ("Days + 2,000", SLOPES, lambda: changed(lambda x: x + 2000), TRUTH),
    ("Days + 1,000,000", SLOPES, lambda: changed(lambda x: x + 1e6), TRUTH),
    ("Days x 100,000,000", SLOPES, lambda: changed(lambda x: x * 1e8), TRUTH + 2 * np.log(1e8)),
    ("Days / 100,000,000", SLOPES, lambda: changed(lambda x: x * 1e-8), TRUTH - 2 * np.log(1e8)),
    ("Reaction + 1e9", SLOPES, lambda: changed(Reaction=sleepstudy()["Reaction"] + 1e9), TRUTH),
    ("Reaction x 1e12", SLOPES, lambda: changed(Reaction=sleepstudy()["Reaction"] * 1e12), TRUTH + 178 * 2 * np.log(1e12)),
    ("`||`, Days - 4.5", APART, lambda: changed(lambda x: x - 4.5), 1753.5488),
    ("`||`, Days", APART, sleepstudy, 1743.6693),
    ("`||`, Days + 5", APART, lambda: changed(lambda x: x + 5), 1751.3217),
    ("`||`, Days + 2,000", APART, lambda: changed(lambda x: x + 2000), 1786.2372),
]
"""Named cases, their models and data, and the criterion that is right."""
WORDS: list[tuple[str, str, Callable[[], pd.DataFrame]]] = [
    ("an outcome of one value", SLOPES, lambda: changed(Reaction=5.0)),
    ("an outcome the predictor explains in full", SLOPES, lambda: changed(Reaction=2.0 * sleepstudy()["Days"] + 1)),
    ("one group", SLOPES, lambda: changed(Subject="a")),
    ("one row in every group", "Reaction ~ Days + (1 | row)", lambda: changed(row=[f"r{i}" for i in range(180)])),
    ("as many coefficients as rows", SLOPES, lambda: changed(Subject=[f"s{i // 2}" for i in range(180)])),
    ("an infinite value", SLOPES, lambda: changed(Reaction=sleepstudy()["Reaction"].where(sleepstudy().index > 0, np.inf))),
    ("all values missing", SLOPES, lambda: changed(Reaction=np.nan)),
    ("a column that is not there", "Reaction ~ Day + (Days | Subject)", sleepstudy),
]
"""Named cases that no model can answer."""


def hard_table() -> str:
    """Return the criteria of named hard cases beside the truth."""
    rows = []
    for title, formula, make, truth in NUMBERS:
        report = mlgui.fit(formula, make()).report
        rows.append([title, f"{report.criterion:.4f}", f"{truth:.4f}", f"{abs(report.criterion - truth):.1e}"])
    return table(["sleepstudy with", "criterion", "truth", "difference"], rows)


def words_table() -> str:
    """Return what is said where no model can be fitted."""
    rows = []
    for title, formula, make in WORDS:
        try:
            mlgui.fit(formula, make())
            said = "fitted"
        except UserError as error:
            said = " ".join(filter(None, (error.what, error.why)))
        rows.append([title, said.replace("|", "/")])
    return table(["case", "answer"], rows)


def main() -> None:
    """Write the section of the page."""
    text = "\n\n".join([
        f"The {len(CASES)} reference cases (lme4, lmerTest; `tests/reference`):",
        reference_table(),
        "Correct digits on the analyses of variance of the NIST Statistical Reference Datasets (REML equals the analysis of"
        " variance there; 15+ is all that binary64 holds; the limits are for the two variances):",
        nist_table(),
        "Hard cases with numbers (the truth of the last four is known to four decimals):",
        hard_table(),
        "Hard cases with words:",
        words_table(),
    ])  # fmt: skip
    print(text)
    write_section("accuracy", text)


if __name__ == "__main__":
    main()
