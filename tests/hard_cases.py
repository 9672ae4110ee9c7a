"""Named hard cases: data and models at which programs give wrong numbers, stop, or alarm without need.

Each ends in the right criterion, or in a sentence: an error that says what and why, or a finding beside the numbers. The
truths: of sleepstudy after a change of units, its criterion with the Jacobian of the change; of uncorrelated coefficients,
dense matrices; of the others, the lowest criterion by three optimisers of lme4 1.1-31 at tight tolerances from three starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import mlgui
from mlgui.errors import UserError

ROOT = Path(__file__).parents[1]
SLOPES, APART, INTERCEPTS = (f"Reaction ~ Days + ({term} Subject)" for term in ("Days |", "Days ||", "1 |"))
TRUTH = 1743.62827195849
PER_FACTOR = 2 * 178 * np.log(1e12)
"""What the criterion gains for an outcome in units 1e12 times as small: 2 (n - rank) log."""

Make = Callable[[], pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Hard:
    """A named case. criterion: the truth, None where there is no fit. within: how well the truth is known, or the data hold it.

    says: the code of a finding, or a part of the error where there is no fit.
    """

    title: str
    make: Make
    formula: str = SLOPES
    criterion: float | None = None
    within: float = 1e-6
    says: str = ""
    weights: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a case ends in. criterion: None where an error says `said`. said: title of the finding, or the error."""

    criterion: float | None
    said: str


@cache
def _file() -> pd.DataFrame:
    return pd.read_csv(ROOT / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv").astype({"Subject": str, "Days": float})


def _sleepstudy() -> pd.DataFrame:
    return _file().copy()


def changed(**columns: object) -> Make:
    """Return the sleepstudy data with columns changed; a function is called with the data."""
    return lambda: _sleepstudy().assign(**columns)


def rows(keep: Callable[[pd.DataFrame], pd.Series]) -> Make:
    """Return some rows of the sleepstudy data."""
    return lambda: _sleepstudy()[keep(_sleepstudy())].reset_index(drop=True)


def _days(change: Callable[[pd.Series], pd.Series]) -> Make:
    return changed(Days=lambda data: change(data["Days"]))


def _reaction(change: Callable[[pd.Series], pd.Series]) -> Make:
    return changed(Reaction=lambda data: change(data["Reaction"]))


def _with(column: str, value: object, row: int = 3) -> Make:
    def make() -> pd.DataFrame:
        data = _sleepstudy()
        data.loc[row, column] = value
        return data

    return make


def _dyestuff2() -> pd.DataFrame:
    return pd.read_csv(ROOT / "tests" / "reference" / "data" / "dyestuff2.csv").astype({"Batch": str})


def _near(size: float) -> Make:
    """Return the data with a column that is Days but for noise of this size."""
    noise = np.random.default_rng(1).normal(size=180)
    return changed(x2=lambda data: data["Days"] + size * noise)


def _lines(noise: float) -> Make:
    """Return subjects on lines of their own, with this noise."""
    draws = np.random.default_rng(4).normal(size=(18, 2)), np.random.default_rng(5).normal(size=180)

    def outcome(data: pd.DataFrame) -> pd.Series:
        codes = pd.factorize(data["Subject"])[0]
        return draws[0][codes, 0] + draws[0][codes, 1] * data["Days"] + noise * draws[1]

    return changed(Reaction=outcome)


def _singletons() -> pd.DataFrame:
    data = _sleepstudy()
    data.loc[:59, "Subject"] = [f"one{i}" for i in range(1, 61)]
    return data


NUMBERS = (
    Hard(title="Days + 2,000", make=_days(lambda x: x + 2000), criterion=TRUTH),
    Hard(title="Days + 1,000,000", make=_days(lambda x: x + 1e6), criterion=TRUTH),
    Hard(title="Days x 10", make=_days(lambda x: x * 10), criterion=TRUTH + 2 * np.log(10)),
    Hard(title="Days x 100,000,000", make=_days(lambda x: x * 1e8), criterion=TRUTH + 2 * np.log(1e8)),
    Hard(title="Days / 100,000,000", make=_days(lambda x: x * 1e-8), criterion=TRUTH - 2 * np.log(1e8)),
    Hard(title="Reaction + 1e9", make=_reaction(lambda y: y + 1e9), criterion=TRUTH),
    Hard(title="Reaction + 1e12: the data hold four decimals", make=_reaction(lambda y: y + 1e12), criterion=TRUTH, within=1e-3),
    Hard(title="Reaction x 1e12", make=_reaction(lambda y: y * 1e12), criterion=TRUTH + PER_FACTOR),
    Hard(title="Reaction x 1e-12", make=_reaction(lambda y: y * 1e-12), criterion=TRUTH - PER_FACTOR),
    Hard(title="`||`, Days - 4.5", make=_days(lambda x: x - 4.5), formula=APART, criterion=1753.5488, within=5e-5),
    Hard(title="`||`, Days", make=_sleepstudy, formula=APART, criterion=1743.6693, within=5e-5),
    Hard(title="`||`, Days + 5", make=_days(lambda x: x + 5), formula=APART, criterion=1751.3217, within=5e-5,
         says="zero-matters"),
    Hard(title="`||`, Days + 2,000", make=_days(lambda x: x + 2000), formula=APART, criterion=1786.2372, within=5e-5,
         says="boundary-fit"),
    Hard(title="a slope without intercepts, Days + 2,000", make=_days(lambda x: x + 2000),
         formula="Reaction ~ Days + (0 + Days | Subject)", criterion=1786.2372317939),
    Hard(title="a slope that varies without an average", make=_sleepstudy, formula="Reaction ~ 1 + (Days | Subject)",
         criterion=1769.8449038587, says="slope-without-average"),
    Hard(title="no averages at all", make=_sleepstudy, formula="Reaction ~ 0 + (Days | Subject)", criterion=1832.7813643679),
    Hard(title="a variance of zero (Dyestuff2)", make=_dyestuff2, formula="Yield ~ 1 + (1 | Batch)", criterion=161.8282778123,
         says="boundary-fit"),
    Hard(title="two groups", make=rows(lambda d: d["Subject"].isin(["308", "309"])), formula=INTERCEPTS,
         criterion=199.9842243540, says="few-groups"),
    Hard(title="two groups, a slope that varies", make=rows(lambda d: d["Subject"].isin(["308", "309"])),
         criterion=189.8846612104, says="few-groups-for-slopes"),
    Hard(title="three rows in every group, a slope that varies", make=rows(lambda d: d["Days"] < 3), criterion=485.7003293226),
    Hard(title="60 of 72 groups with one row", make=_singletons, formula=INTERCEPTS, criterion=1809.5954835374,
         says="many-singletons"),
    Hard(title="every row twice", make=lambda: pd.concat([_sleepstudy()] * 2, ignore_index=True), criterion=3408.4558742437),
    Hard(title="a predictor that follows from another", make=changed(x2=lambda data: 2 * data["Days"] + 3),
         formula="Reaction ~ Days + x2 + (Days | Subject)", criterion=TRUTH, says="not-estimable"),
    Hard(title="a predictor that is another but for 1e-9", make=_near(1e-9), formula="Reaction ~ Days + x2 + (Days | Subject)",
         criterion=TRUTH, says="not-estimable"),
    Hard(title="a constant predictor", make=changed(k=7.0), formula="Reaction ~ Days + k + (Days | Subject)", criterion=TRUTH,
         says="not-estimable"),
    Hard(title="a level that no row has", criterion=TRUTH,
         make=changed(Subject=lambda data: pd.Categorical(data["Subject"], [*data["Subject"].unique(), "nobody"]))),
    Hard(title="missing group labels", make=changed(Subject=lambda data: data["Subject"].where(data.index > 4)),
         criterion=1695.6480991874),
    Hard(title="rows of weight 0", make=changed(w=lambda data: (data.index > 9) * 1.0), weights="w", criterion=1623.2415262548),
    Hard(title="weights of 1e12", make=changed(w=1e12), weights="w", criterion=TRUTH),
    Hard(title="weights from 1e-6 to 1e6", make=changed(w=lambda data: 10.0 ** (data.index % 13 - 6)), weights="w",
         criterion=3092.6189565969),
    Hard(title="an outlier of 1e10", make=_with("Reaction", 1e10), criterion=7790.6372712062, says="extreme-rows"),
    Hard(title="an outcome of 0 and 1", make=_reaction(lambda y: (y > 300) * 1.0), criterion=189.7943944472),
)  # fmt: skip
"""Cases with a criterion."""

WORDS = (
    Hard(title="an outcome of one value", make=changed(Reaction=5.0), says="same in every row"),
    Hard(title="an outcome the predictor explains in full", make=changed(Reaction=lambda data: 2 * data["Days"] + 1),
         says="gives Reaction exactly"),
    Hard(title="lines of their own that leave no residual", make=_lines(0.0), says="gives Reaction exactly"),
    Hard(title="one group", make=changed(Subject="a"), says="single group"),
    Hard(title="one row in every group", make=changed(unit=[f"u{i}" for i in range(180)]), formula="Reaction ~ Days + (1 | unit)",
         says="has one row"),
    Hard(title="as many coefficients as rows", make=changed(Subject=[f"s{i // 2}" for i in range(180)]),
         says="More varies between subjects than the rows can tell"),
    Hard(title="an infinite value", make=_with("Reaction", np.inf), says="infinite"),
    Hard(title="all values missing", make=changed(Reaction=np.nan), says="No row can be used"),
    Hard(title="no rows", make=lambda: _sleepstudy().iloc[:0], says=""),
    Hard(title="a column that is not there", make=_sleepstudy, formula="Reaction ~ Day + (Days | Subject)", says="no column"),
    Hard(title="a negative weight", make=changed(w=-1.0), weights="w", says="negative"),
    Hard(title="weights that are all 0", make=changed(w=0.0), weights="w", says=""),
    Hard(title="text for an outcome", make=_reaction(lambda y: y.astype(str) + " ms"), says=""),
)  # fmt: skip
"""Cases that no model can answer."""


def answer(case: Hard) -> Answer:
    """Return what becomes of a case."""
    try:
        report = mlgui.fit(case.formula, case.make(), weights=case.weights).report
    except UserError as error:
        return Answer(criterion=None, said=" ".join(filter(None, (error.what, error.why, error.do))))
    titles = [finding.title for finding in report.findings if finding.code == case.says]
    return Answer(criterion=report.criterion, said=titles[0] if titles else "")
