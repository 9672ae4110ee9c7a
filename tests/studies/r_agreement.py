"""The exported R scripts in real R: do they run as they are, and do they give our numbers?

    python tests/studies/r_agreement.py [--page] [NAME ...]

Needs Rscript with lme4 and lmerTest. For every model of tests/reference/cases, and those of FURTHER, the data file is read
and the model fitted as the program does, the exported script is run unchanged in a folder that holds the data file, and
its fit is compared: criterion, coefficients and their standard errors (in standard errors), standard deviations (relative, those
below a thousandth of the residual's to that).
--page writes the table into resources/docs/verification.md. Exit status: number of models that miss TOLERANCE.
"""

from __future__ import annotations

import gzip
import json
import math
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from mlgui.data.kinds import as_category
from mlgui.data.structure import find_structure
from mlgui.data.table import Table
from mlgui.export.script import r_script
from mlgui.results.report import Report
from mlgui.session.jobs import fit_model, open_file
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"
PAGE = ROOT / "resources" / "docs" / "verification.md"
TOLERANCE = 1e-6
BEGIN, END = "<!-- begin r agreement -->", "<!-- end r agreement -->"

_ASK = """
.number <- function(name, x) cat(sprintf("@%s\\t%.17g\\n", name, as.numeric(x)), sep = "")
.number("criterion", if (isREML(model)) REMLcrit(model) else deviance(model))
.number("sigma", sigma(model))
.number(paste0("beta ", names(fixef(model))), fixef(model))
.number(paste0("se ", names(fixef(model))), sqrt(diag(as.matrix(vcov(model)))))
.vc <- as.data.frame(VarCorr(model))
.vc <- .vc[is.na(.vc$var2) & .vc$grp != "Residual", ]
.number(paste("sd", sub("\\\\.[0-9]+$", "", .vc$grp), .vc$var1), .vc$sdcor)
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A model of the study."""

    name: str
    data: str
    formula: str
    reml: bool = True
    weights: str | None = None
    sums: tuple[str, ...] = ()


FURTHER = (
    Case(name="sum contrasts", data="orthodont.csv", formula="distance ~ age * Sex + (age | Subject)", sums=("Sex",)),
    Case(name="functions", data="exam.csv", formula="normexam ~ scale(standLRT) + I(schavg^2) + (1 | school)"),
    Case(name="within and between", data="hsb.csv",
         formula="MathAch ~ center(SES, School) + mean(SES, School) + (center(SES, School) | School)"),
    Case(name="log of the outcome", data="sleepstudy.csv", formula="log(Reaction) ~ poly(Days, 2) + (1 | Subject)"),
    Case(name="three categories", data="contraception.csv", formula="use01 ~ age * urban + livch + (1 | district)", reml=False),
)  # fmt: skip


def cases() -> list[Case]:
    """Return the models of the reference and the further ones."""
    found = []
    for file in sorted((REFERENCE / "cases").glob("*.json.gz")):
        content = json.loads(gzip.decompress(file.read_bytes()))
        kept = {key: content[key] for key in ("data", "formula", "reml", "weights") if key in content}
        found.append(Case(name=file.name.removesuffix(".json.gz"), **kept))
    return [*found, *FURTHER]


def read(case: Case) -> Table:
    """Return the data of a case with the categories the reference declares."""
    path = REFERENCE / "data" / case.data
    table = open_file(path)[0].table
    levels = json.loads((REFERENCE / "data" / (path.name.split(".")[0] + ".levels.json")).read_text(encoding="utf-8"))
    for name, about in levels["columns"].items():
        if about["type"] == "factor" and name in table:
            table = table.with_column(as_category(table[name], about["levels"]))
    return table


def fit(case: Case) -> Report:
    """Return our fit."""
    table = read(case)
    spec = parse(case.formula, columns=table.names, reml=case.reml, weights=case.weights)
    spec = replace(spec, codings=tuple(Coding(column=name, contrast=Contrast.SUM) for name in case.sums))
    return fit_model(table, find_structure(table), spec)


def run_in_r(case: Case, report: Report) -> dict[str, float]:
    """Return the numbers of R by name; RuntimeError with R's last words where the script fails."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(REFERENCE / "data" / case.data, folder)
        script = Path(folder) / "model.R"
        script.write_text(r_script(report.design.spec, report.design.table) + _ASK, encoding="utf-8")
        done = subprocess.run(["Rscript", "--vanilla", "model.R"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-300:])
    lines = (line[1:].split("\t") for line in done.stdout.splitlines() if line.startswith("@"))
    return {name: float(value) for name, value in lines}


def ours(report: Report) -> dict[str, float]:
    """Return our numbers by the same names."""
    found = {"criterion": report.criterion, "sigma": report.sigma}
    for row in report.fixed:
        if row.estimable:
            found |= {f"beta {row.name}": row.estimate, f"se {row.name}": row.se}
    for component in report.variance:
        for name, sd in zip(component.names, component.sd.tolist(), strict=True):
            found[f"sd {component.grouping} {name}"] = sd
    return found


def differences(mine: dict[str, float], theirs: dict[str, float]) -> dict[str, float]:
    """Return the largest difference of each kind; infinite where one side has a number the other lacks."""
    if mine.keys() != theirs.keys():
        return {"names": math.inf}
    found = {"criterion": abs(mine["criterion"] - theirs["criterion"]) / max(1.0, abs(mine["criterion"])), "beta": 0.0, "se": 0.0}
    found["sd"] = abs(mine["sigma"] / theirs["sigma"] - 1)
    for name, value in mine.items():
        kind, _, rest = name.partition(" ")
        if kind in ("beta", "se"):
            found[kind] = max(found[kind], abs(value - theirs[name]) / mine[f"se {rest}"])
        elif kind == "sd":
            found["sd"] = max(found["sd"], abs(value - theirs[name]) / max(value, 1e-3 * mine["sigma"]))
    return found


def study(chosen: list[str]) -> tuple[list[str], int, int]:
    """Return rows of the table, the number of models and how many miss the tolerance."""
    rows, missed, n = [], 0, 0
    for case in cases():
        if chosen and not any(part in case.name for part in chosen):
            continue
        n += 1
        report = fit(case)
        try:
            found = differences(ours(report), run_in_r(case, report))
        except RuntimeError as error:
            found = {"names": math.inf}
            print(error, file=sys.stderr)
        good = max(found.values()) <= TOLERANCE
        missed += not good
        cells = " | ".join(f"{found[key]:.1e}" if key in found else "no" for key in ("criterion", "beta", "se", "sd"))
        formula = case.formula.replace("|", r"\|")
        rows.append(f"| {case.name} | `{formula}` | {'REML' if case.reml else 'ML'} | {cells} | {'yes' if good else 'no'} |")
        print(rows[-1], flush=True)
    return rows, n, missed


def write_page(rows: list[str], n: int, missed: int) -> None:
    """Put the table into its section of the page."""
    head = ["| model | formula | | criterion | coefficients | SE | SD | within 1e-6 |", "| --- " * 8 + "|"]
    body = "\n".join([BEGIN, f"{n - missed} of {n} models agree to {TOLERANCE:g}.", "", *head, *rows, END])
    page = PAGE.read_text(encoding="utf-8")
    start, end = page.index(BEGIN), page.index(END) + len(END)
    PAGE.write_text(page[:start] + body + page[end:], encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run the study."""
    rows, n, missed = study([text for text in arguments if not text.startswith("--")])
    print(f"{n - missed} of {n} models agree to {TOLERANCE:g}")
    if "--page" in arguments:
        write_page(rows, n, missed)
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
