"""Time one Python peer on one workload: python time_peer.py ENGINE W1 REPEATS, run by an interpreter that has it.

Prints one line of JSON; an engine that cannot express the model, or is absent, prints a note.
"""

# ruff: noqa: E402 - paths and the number of threads are set before the packages that read them are imported

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))

from workloads import WORKLOADS, Workload

Fit = Callable[[], float]


def mixedlm(workload: Workload, data: Any) -> Fit:
    """Fits of mixedlm: a formula as lme4's."""
    import mixedlm as package

    def fit() -> float:
        value = package.lmer(formula_of(workload), data, REML=True).REMLcrit
        return float(value() if callable(value) else value)

    return fit


def mixedlm_rs(workload: Workload, data: Any) -> Fit:
    """Fits of mixedlm-rs: one grouping."""
    import mixedlm_rs as package

    if len(workload.groups) > 1:
        raise NotImplementedError("one grouping only")
    fixed, random = workload.formula.rsplit(" + (", 1)
    slopes = random.split("|")[0].strip()
    return lambda: -2 * float(package.mixedlm(fixed, data, groups=workload.groups[0], re_formula=f"~{slopes}").fit().llf)


def lme_python(workload: Workload, data: Any) -> Fit:
    """Fits of lme-python, from a polars data frame."""
    import lme_python as package
    import polars

    frame = polars.from_pandas(data)

    def fit() -> float:
        value = package.lmer(formula_of(workload), data=frame, reml=True).reml_criterion
        return float(value() if callable(value) else value)

    return fit


def formula_of(workload: Workload) -> str:
    """Return the formula; the codes of nested groups are unique, so that the peers need no combinations."""
    return workload.formula.replace("district:school:klass", "klass").replace("district:school", "school")


ENGINES = {"mixedlm": mixedlm, "mixedlm-rs": mixedlm_rs, "lme-python": lme_python}


def main(engine: str, name: str, repeats: int) -> dict[str, Any]:
    """Return CPU seconds and criterion; the first call is a warm-up that is not counted."""
    workload = WORKLOADS[name]
    data = workload.make()
    if engine == "lme-python":
        for group in workload.groups:
            data[group] = "k" + data[group].astype(str)
    fit = ENGINES[engine](workload, data)
    criterion, times = fit(), []
    for _ in range(repeats):
        start = time.process_time()
        criterion = fit()
        times.append(time.process_time() - start)
    return {"cpu": times, "criterion": criterion, "version": f"{engine} {version(engine)}"}


if __name__ == "__main__":
    try:
        print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    except Exception as error:  # whatever a peer raises is its result
        print(json.dumps({"note": f"{type(error).__name__}: {error}"[:120]}))
