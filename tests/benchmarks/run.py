"""The workloads side by side with lme4 and Python peers, in alternation: python tests/benchmarks/run.py [W1 W4 ...]."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from page import machine, table, write_section
from workloads import WORKLOADS, csv_of

HERE = Path(__file__).parent
THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
PEERS = ("mixedlm", "mixedlm-rs", "lme-python")
Measured = dict[str, Any]


def parsed_arguments() -> argparse.Namespace:
    """Return the command's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"workloads, all if none is named: {' '.join(WORKLOADS)}")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "mlgui-benchmarks", help="folder for data")
    parser.add_argument("--rounds", type=int, default=2, help="how often the programs take turns")
    parser.add_argument("--openblas", help="libopenblas.so.0 that lme4 is to use where the bar is against OpenBLAS")
    parser.add_argument("--peers", help="a Python interpreter that has the peers")
    parser.add_argument("--no-lme4", action="store_true", help="take lme4's times from the last run")
    parser.add_argument("--page", action="store_true", help="write the table into the verification page")
    return parser.parse_args()


def run(command: list[str], timeout: float = 1800, **environment: str) -> Measured:
    """Return the line of JSON a command prints; {"note": ...} if it fails."""
    try:
        done = subprocess.run(
            command, cwd=HERE, env={**os.environ, **THREADS, **environment}, capture_output=True, text=True, timeout=timeout
        )
        found: Measured = json.loads(done.stdout.strip().splitlines()[-1])
        return found
    except subprocess.TimeoutExpired:
        return {"note": f"more than {timeout:.0f} s"}
    except (OSError, ValueError, IndexError):
        return {"note": "did not run"}


def run_lme4(name: str, options: argparse.Namespace) -> Measured:
    """Time lme4 on a workload, with the BLAS its bar asks for."""
    workload = WORKLOADS[name]
    csv_of(name, workload.make(), options.cache)
    preload = {"LD_PRELOAD": options.openblas} if workload.blas == "OpenBLAS" and options.openblas else {}
    repeats = str(workload.lme4_repeats)
    return run(["Rscript", "lme4.R", name, workload.formula, ",".join(workload.groups), str(options.cache), repeats], **preload)


def merged(rounds: list[Measured]) -> Measured:
    """Return one measurement with the times of all rounds."""
    good = [one for one in rounds if "cpu" in one]
    return {**good[-1], "cpu": [time for one in good for time in one["cpu"]]} if good else rounds[-1]


def measure(name: str, options: argparse.Namespace, known: Measured) -> Measured:
    """Return what all programs need for a workload, taking turns; slow ones run once."""
    workload = WORKLOADS[name]
    found: dict[str, list[Measured]] = {}
    for number in range(1 if workload.repeats == 1 else options.rounds):
        found.setdefault("mlgui", []).append(run([sys.executable, "time_mlgui.py", name, str(workload.repeats)]))
        if options.no_lme4:
            found["lme4"] = [{**known.get("lme4", {"note": "not run"}), "earlier": True}]
        else:
            found.setdefault("lme4", []).append(run_lme4(name, options))
        for peer in PEERS if options.peers and number == 0 else ():
            repeats = str(min(workload.repeats, 5))
            found[peer] = [run([options.peers, "time_peer.py", peer, name, repeats], timeout=60 + 5 * workload.repeats)]
    return {program: merged(rounds) for program, rounds in found.items()}


def seconds(measured: Measured) -> str:
    """Return the median time, in units that suit it, or the note."""
    if "cpu" not in measured:
        return str(measured.get("note", "not run")).replace("|", "/")
    value = median(measured["cpu"])
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def ratio(measured: Measured, mine: Measured) -> float | None:
    """How many times longer a program takes than mlgui, None where it did not run."""
    return median(measured["cpu"]) / median(mine["cpu"]) if "cpu" in measured and "cpu" in mine else None


def lines_of(results: dict[str, Measured]) -> list[list[str]]:
    """Return the rows of the table against lme4."""
    rows = []
    for name, result in results.items():
        workload, mine, other = WORKLOADS[name], result["mlgui"], result["lme4"]
        times = ratio(other, mine)
        reached = "" if times is None else "yes" if times >= workload.bar else f"no, {times / workload.bar:.2g} of it"
        above = f"{mine['criterion'] - other['criterion']:+.1e}" if times is not None else ""
        blas = "OpenBLAS" if "openblas" in other.get("blas", "") else "reference"
        blas += ", run earlier" if other.get("earlier") else ""
        rows.append([
            f"{name} {workload.title}", seconds(mine), f"{seconds(other)} ({blas})", f"{times:.3g}x" if times else "",
            f"{workload.bar:g}x", reached, above, f"{mine['evaluations'][0]} / {other.get('evaluations', '')}",
            f"{mine['memory_mb']:.0f} MB", f"{mine['memory_bound_mb']:.0f} MB", f"{other.get('memory_mb', 0):.0f} MB",
        ])  # fmt: skip
    return rows


def markdown(results: dict[str, Measured]) -> str:
    """Return the tables and the sentence that says how they came about."""
    header = [
        "workload",
        "mlgui",
        "lme4",
        "ratio",
        "asked",
        "reached",
        "criterion - lme4's",
        "values",
        "memory",
        "allowed",
        "lme4's",
    ]
    apart = [
        [name, *(seconds({"cpu": [max(result["mlgui"][key], 0.0)]}) for key in ("df_cpu", "second_start_cpu", "report_cpu"))]
        for name, result in results.items()
    ]
    peers = [
        [name, *(_peer(result[peer], result) if peer in result else "not run" for peer in PEERS)]
        for name, result in results.items()
    ]
    measured = [one for result in results.values() for one in result.values()]
    used = ", ".join(sorted({one["version"] for one in measured if "version" in one}))
    return "\n\n".join([
        f"{date.today():%d %B %Y}; {machine()}; {used}.",
        "CPU seconds (median), one thread each, programs in turn but for lme4's where it was run earlier.",
        table(header, lines_of(results)),
        "Timed apart: degrees of freedom (Satterthwaite, all coefficients), a second start, and the whole report of `mlgui.fit`.",
        table(["workload", "degrees of freedom", "second start", "whole report"], apart),
        "Python peers: CPU time, how many times that of mlgui, criterion minus that of mlgui.",
        table(["workload", *PEERS], peers),
    ])  # fmt: skip


def _peer(measured: Measured, result: Measured) -> str:
    times = ratio(measured, result["mlgui"])
    if times is None:
        return seconds(measured)
    return f"{seconds(measured)}, {times:.2g}x, {measured['criterion'] - result['mlgui']['criterion']:+.1e}"


def main() -> None:
    """Measure, print, and keep the results in the cache folder."""
    options = parsed_arguments()
    path = options.cache / "results.json"
    known: dict[str, Measured] = json.loads(path.read_text()) if path.exists() else {}
    for name in options.names or WORKLOADS:
        known[name] = {**known.get(name, {}), **measure(name, options, known.get(name, {}))}
        options.cache.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=1))
        print(name, {program: seconds(one) for program, one in known[name].items()}, flush=True)
    results = {name: known[name] for name in WORKLOADS if name in known}
    text = markdown(results)
    print(text)
    if options.page:
        write_section("speed", text)


if __name__ == "__main__":
    main()
