"""Time the fits of one workload in this process and print one line of JSON: python time_mlgui.py W1 REPEATS."""

# ruff: noqa: E402 - paths and the number of threads are set before the packages that read them are imported

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
sys.path[:0] = [str(Path(__file__).parents[2])]

import numpy as np
import pandas as pd
from workloads import WORKLOADS

import mlgui
from mlgui.data.frames import frame_names, table_from_frame
from mlgui.design.build import build
from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import Options, fit
from mlgui.engine.inference import satterthwaite
from mlgui.spec.formula import parse

T = TypeVar("T")


def from_frame(formula: str, data: pd.DataFrame) -> tuple[Design, Estimates]:
    """Return a model's design and estimates: beta with SE, variance components, criterion and certificate."""
    names = frame_names(data)
    spec = parse(formula, columns=names)
    table = table_from_frame(data, spec.columns)
    design = build(spec, table)
    return design, fit(design.problem, Options(second_start=False))


def cpu(work: Callable[[], T]) -> tuple[float, T]:
    """Return the CPU seconds of this process for a piece of work, and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def memory(field: str) -> float:
    """Return a line of /proc/self/status in MB, NaN where there is none."""
    path = Path("/proc/self/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith(field)), float("nan"))


def peak(work: Callable[[], object]) -> float:
    """Return by how much the peak of memory exceeds what is in use before, in MB."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")
    before = memory("VmRSS")
    work()
    return memory("VmHWM") - before


def columns_mb(design: Design) -> float:
    """Return the size of the model's columns: outcome, X, Z and codes."""
    problem = design.problem
    arrays = [problem.y, problem.x, *(one.z for one in problem.groupings), *(one.codes for one in problem.groupings)]
    return sum(array.nbytes for array in arrays) / 2**20


def core_mb(estimates: Estimates) -> float:
    """Return the size of the dense core of crossed groupings: that of all groupings but the largest, squared."""
    widths = sorted(one.mode.size for one in estimates.groups)
    return 8 * sum(widths[:-1]) ** 2 / 2**20 if "Core" in type(estimates.state.objective.backend).__name__ else 0.0


def measure(name: str, repeats: int) -> dict[str, object]:
    """Return the measurements of one workload. memory_bound_mb: 3 times the model's columns, 4 core matrices, 20 MB."""
    small, workload = WORKLOADS["W1"], WORKLOADS[name]
    first = small.make()
    from_frame(small.formula, first)
    mlgui.fit(small.formula, first)
    data = workload.make()
    peak_mb = peak(lambda: from_frame(workload.formula, data))
    times = []
    for _ in range(repeats):
        seconds, (design, estimates) = cpu(lambda: from_frame(workload.formula, data))
        times.append(seconds)
    fit_only, _ = cpu(lambda: fit(design.problem, Options(second_start=False)))
    second, _ = cpu(lambda: fit(design.problem, Options(second_start=True)))
    df_seconds, _ = cpu(lambda: satterthwaite(replace(estimates)))
    report_seconds, _ = cpu(lambda: mlgui.fit(workload.formula, data))
    record, certificate = estimates.record, estimates.certificate
    return {
        "cpu": times,
        "criterion": estimates.criterion,
        "evaluations": [record.n_values, record.n_derivatives],
        "certificate": certificate.passed,
        "memory_mb": peak_mb,
        "memory_bound_mb": 3 * columns_mb(design) + 4 * core_mb(estimates) + 20,
        "second_start_cpu": second - fit_only,
        "df_cpu": df_seconds,
        "report_cpu": report_seconds,
        "version": f"mlgui {mlgui.__version__}, Python {sys.version.split()[0]}, numpy {np.__version__}, pandas {pd.__version__}",
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
