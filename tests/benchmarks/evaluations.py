"""What one evaluation costs when only the rows grow, and one move of the pooling dial: python tests/benchmarks/evaluations.py."""

# ruff: noqa: E402 - paths and the number of threads are set before the packages that read them are imported

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
sys.path[:0] = [str(Path(__file__).parents[2])]

import numpy as np
import pandas as pd
from page import machine, table, write_section
from time_mlgui import from_frame
from workloads import WORKLOADS

from mlgui.engine.dial import dial_of
from mlgui.engine.estimates import Estimates

ROWS = ("W2", "W4", "W5")
"""Workloads whose rows are multiplied: one grouping, crossed and nested groupings."""
DIALS = {"varying intercept": "y ~ x + (1 | school)", "varying intercept and slope": "y ~ x + (x | school)"}


def tenfold(data: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return ten times as many rows of the same groups, with noise of their own."""
    rng = np.random.default_rng(1)
    many = pd.concat([data] * 10, ignore_index=True)
    many[outcome] = many[outcome] + rng.normal(size=len(many)) * float(data[outcome].std())
    return many


def cpu(work: Callable[[], object], repeats: int) -> float:
    """Return the median CPU seconds of a piece of work."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times)


def evaluation(estimates: Estimates) -> tuple[float, float]:
    """Return the CPU seconds of the criterion at the solution, and of its derivatives."""
    objective, factors = estimates.state.objective, estimates.state.regular
    point = objective.at(factors)
    return cpu(lambda: objective.at(factors), 9), cpu(lambda: objective.slope(point), 9)


def rows_table() -> str:
    """Return the cost of evaluations with rows as they are and ten times as many."""
    rows = []
    for name in ROWS:
        workload = WORKLOADS[name]
        data = workload.make()
        outcome = workload.formula.split(" ~ ")[0]
        _, few = from_frame(workload.formula, data)
        _, many = from_frame(workload.formula, tenfold(data, outcome))
        shown = [f"{one * 1e3:.3g} ms" for pair in zip(evaluation(few), evaluation(many), strict=True) for one in pair]
        rows.append([f"{name} {workload.title}", f"{few.n:,}", f"{many.n:,}", *shown])
    return table(["workload", "rows", "ten times", "value", "with ten times", "derivatives", "with ten times"], rows)


def dial_table() -> str:
    """Return the cost of a move of the pooling dial with 100,000 groups."""
    rows = []
    for title, formula in (
        ("varying intercept", "y ~ x + (1 | school)"),
        ("varying intercept and slope", "y ~ x + (x | school)"),
    ):
        _, estimates = from_frame(formula, WORKLOADS["W3"].make())
        dial = dial_of(estimates, 0)
        moves = iter(np.linspace(0.1, 3.0, 40))
        shown = cpu(lambda dial=dial, moves=moves: dial.at(float(next(moves))), 30)  # type: ignore[misc]
        rows.append([title, f"{len(estimates.groups[0].mode):,}", f"{shown * 1e3:.1f} ms"])
    return table(["model", "groups", "criterion, coefficients and all group effects"], rows)


def main() -> None:
    """Write the section of the page."""
    text = "\n\n".join([
        f"{machine()}; CPU seconds, median, one thread.",
        rows_table(),
        "One move of the pooling dial:",
        dial_table(),
    ])  # fmt: skip
    print(text)
    write_section("scaling", text)


if __name__ == "__main__":
    main()
