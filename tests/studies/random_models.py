"""Simulated models of random structure: is the criterion ever above the best that several optimisers of lme4 find?

    python tests/studies/random_models.py [--models N] [--results FILE] [--refit] [--page]

Needs Rscript with lme4. Every model of random_cases.py is fitted by mlgui and, in batches, by lme4: lmer as it comes, and three
optimisers with tight tolerances from two starts each, one of them from three. Where mlgui's criterion is below lme4's best, it is
computed again by dense algebra that shares no code with mlgui (tests/engine/dense.py), at mlgui's estimates. Results are kept
in FILE, a line of JSON for every model, so that a study can be stopped and taken up again; --refit fits anew by mlgui what lme4
has fitted before. --page writes a summary into
resources/docs/verification.md. Exit status: number of models above lme4's best by more than ALLOWED.
"""

# ruff: noqa: E402 - the path is set before the packages that are found by it are imported

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks")]

from page import table, write_section

import mlgui
from mlgui.errors import UserError
from tests.engine import dense
from tests.studies.random_cases import Case, draw

ALLOWED = 1e-4
"""How far above lme4's best a criterion may be."""
BATCH = 25
"""Models that one run of R fits."""
RESULTS = Path(tempfile.gettempdir()) / "mlgui-random-models.jsonl"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a case. criterion, theta: mlgui's (None where it refuses, with its words in `refused`).

    lme4: criterion, or the words of the error, by optimiser and start. dense: the criterion by dense algebra at
    mlgui's theta, where mlgui's is below lme4's best. certified: whether mlgui's certificate is passed.
    """

    number: int
    kind: str
    formula: str
    reml: bool
    weighted: bool
    criterion: float | None
    theta: list[float]
    certified: bool
    singular: bool
    refused: str
    lme4: dict[str, float | str]
    dense: float | None

    @property
    def best(self) -> float:
        """The lowest criterion of lme4, infinite where it has none."""
        return min((one for one in self.lme4.values() if isinstance(one, float)), default=math.inf)

    @property
    def above(self) -> float:
        """By how much mlgui's criterion is above lme4's best; NaN where one of the two has none."""
        return math.nan if self.criterion is None or math.isinf(self.best) else self.criterion - self.best

    @property
    def default_above(self) -> float:
        """By how much lme4's criterion, as it comes, is above the better of mlgui's and its own best; NaN where it has none."""
        usual = self.lme4.get("default")
        lowest = min(self.best, math.inf if self.criterion is None else self.criterion)
        return usual - lowest if isinstance(usual, float) else math.nan


def fit_in_r(cases: list[Case]) -> dict[int, dict[str, float | str]]:
    """Return lme4's criteria by case, optimiser and start."""
    found: dict[int, dict[str, float | str]] = {case.number: {} for case in cases}
    with tempfile.TemporaryDirectory() as folder:
        lines = ["number\tformula\treml\tweights"]
        for case in cases:
            case.data.to_csv(Path(folder) / f"{case.number}.csv", index=False, float_format="%.17g")
            lines.append(f"{case.number}\t{case.formula}\t{str(case.reml).upper()}\t{case.weights or 'NA'}")
        (Path(folder) / "cases.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        script = ["Rscript", "--vanilla", str(Path(__file__).with_suffix(".R"))]
        done = subprocess.run(script, cwd=folder, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        number, name, value, rest = line.split("\t")[:4]
        found[int(number)][name] = rest if value == "error" else float(value)
    return found


def outcome_of(case: Case, lme4: dict[str, float | str]) -> Outcome:
    """Return what mlgui makes of a case, beside lme4."""
    about = {"number": case.number, "kind": case.kind, "formula": case.formula, "reml": case.reml, "lme4": lme4}
    about["weighted"] = case.weights is not None
    try:
        estimates = mlgui.fit(case.formula, case.data, reml=case.reml, weights=case.weights).report.estimates
    except UserError as error:
        return Outcome(criterion=None, theta=[], certified=False, singular=False, refused=str(error), dense=None, **about)
    found = Outcome(
        criterion=estimates.criterion, theta=estimates.theta.tolist(), certified=estimates.certificate.passed,
        singular=estimates.singular, refused="", dense=None, **about,
    )  # fmt: skip
    if found.above < -1e-6:
        checked = dense.criterion(estimates.problem, estimates.theta)
        return Outcome(**(asdict(found) | {"dense": float(checked)}))
    return found


def read_results(path: Path) -> dict[int, Outcome]:
    """Return the outcomes kept in a file, by number."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {one.number: one for one in (Outcome(**json.loads(line)) for line in lines)}


def batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Yield the numbers in lists of BATCH."""
    left = list(numbers)
    for first in range(0, len(left), BATCH):
        yield left[first : first + BATCH]


def study(models: int, path: Path) -> list[Outcome]:
    """Return the outcomes of the first models, computing those the file does not hold."""
    known = read_results(path)
    for numbers in batches(number for number in range(models) if number not in known):
        cases = [draw(number) for number in numbers]
        lme4 = fit_in_r(cases)
        with path.open("a", encoding="utf-8") as file:
            for case in cases:
                outcome = known[case.number] = outcome_of(case, lme4[case.number])
                file.write(json.dumps(asdict(outcome)) + "\n")
                if not -1e-3 < outcome.above < 1e-6:
                    print(described(outcome), flush=True)
    return [known[number] for number in range(models)]


def refit(path: Path) -> None:
    """Fit the models of a file of results by mlgui again, and put the outcomes in their places."""
    lines = [asdict(outcome_of(draw(number), one.lme4)) for number, one in read_results(path).items()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def described(one: Outcome) -> str:
    """Return a case in one line."""
    what = one.refused or f"above lme4's best by {one.above:.2g}"
    return f"{one.number}: {one.formula} ({'REML' if one.reml else 'ML'}{', weighted' if one.weighted else ''}): {what}"


def count(values: Iterable[float], least: float) -> int:
    """Return how many values are above `least`."""
    return sum(value > least for value in values)


def summary(outcomes: list[Outcome]) -> str:
    """Return the section of the page."""
    both = [one for one in outcomes if not math.isnan(one.above)]
    checks = [abs(one.dense - one.criterion) for one in both if one.dense is not None and one.criterion is not None]
    errors = [one for one in outcomes if math.isinf(one.best)]
    rows = [
        ["models", str(len(outcomes))],
        ["fitted by both", str(len(both))],
        ["refused with a sentence by mlgui", str(sum(bool(one.refused) for one in outcomes))],
        ["of those, fitted by lme4", str(sum(bool(one.refused) and not math.isinf(one.best) for one in outcomes))],
        ["no fit by lme4", str(len(errors))],
        ["of those, fitted by mlgui", str(sum(not one.refused for one in errors))],
        ["**mlgui above lme4's best by more than 1e-4**", f"**{count((one.above for one in both), ALLOWED)}**"],
        ["mlgui above lme4's best by more than 1e-6", str(count((one.above for one in both), 1e-6))],
        ["most that mlgui is above lme4's best", f"{max(one.above for one in both):.1e}"],
        ["mlgui below lme4's best by more than 1e-6", str(count((-one.above for one in both), 1e-6))],
        ["mlgui below lme4's best by more than 1e-3", str(count((-one.above for one in both), 1e-3))],
        ["most that a lower criterion differs from dense algebra", f"{max(checks, default=0.0):.1e}"],
        ["lmer as it comes above the best by more than 1e-3", str(count((one.default_above for one in both), 1e-3))],
        ["lmer as it comes above the best by more than 1", str(count((one.default_above for one in both), 1.0))],
        ["at a boundary", str(sum(one.singular for one in both))],
        ["not certified by mlgui", str(sum(not one.certified for one in both))],
    ]
    return table(["", "cases"], rows) + "\n\n" + details(outcomes)


def details(outcomes: list[Outcome]) -> str:
    """Return the table of the cases in which the programs differ by more than 1e-3, or mlgui is above by more than 1e-6."""
    rows = []
    for one in outcomes:
        if math.isnan(one.above) or -1e-3 <= one.above <= 1e-6:
            continue
        found = [value for value in one.lme4.values() if isinstance(value, float)]
        reached = f"{sum(value < one.best + 1e-3 for value in found)} of {len(one.lme4)}"
        checked = "" if one.dense is None or one.criterion is None else f"{abs(one.dense - one.criterion):.0e}"
        formula = one.formula.replace("|", r"\|")
        rows.append([str(one.number), f"`{formula}`", "REML" if one.reml else "ML", f"{one.above:+.2g}", reached, checked])
    head = ["case", "formula", "", "mlgui - lme4's best", "runs of lme4 at its best", "dense algebra differs by"]
    return table(head, rows) if rows else "In no model do the two differ by more."


def main(arguments: list[str]) -> int:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--refit", action="store_true")
    parser.add_argument("--page", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.refit:
        refit(chosen.results)
    outcomes = study(chosen.models, chosen.results)
    text = summary(outcomes)
    print(text)
    if chosen.page:
        write_section("random models", text)
    return count((one.above for one in outcomes), ALLOWED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
