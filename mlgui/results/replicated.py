"""Replicated-data checks: statistics of the outcome beside those of data the model would have again.

Gelman & Hill (2007), sec. 8.3. Each replicate has parameters drawn for it, so that what the model is unsure of is in the spread.
A statistic in the tail of its replicates is one the model does not reproduce.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.draws import draw, replicated_data
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], float]
OnStep = Callable[[int, int], None]
"""Called with (data sets done, data sets wanted); it may raise to stop."""

BLOCK = 20_000_000
"""Numbers of replicated outcomes and group effects that are held at once."""
UNUSUAL = 0.05
"""Two-sided p below which a statistic is called unlike its replicates."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Check:
    """One statistic. observed: of the data; replicated: (R,) of replicates. p: share of these at least as large.

    label: in words. low, high: limits that hold `confidence` of the replicates.
    """

    name: str
    label: str
    observed: float
    replicated: Floats
    low: float
    high: float
    p: float

    @property
    def two_sided(self) -> float:
        """Twice the smaller tail, at most 1."""
        return min(1.0, 2 * min(self.p, float((self.replicated <= self.observed).mean())))


def statistics_of(report: Report) -> dict[str, tuple[str, Statistic]]:
    """Return the ready-made statistics by name, each with its label: of all rows, then of the means and SDs of groups."""
    found: dict[str, tuple[str, Statistic]] = {
        "mean": (tr("Mean"), lambda y: float(y.mean())),
        "sd": (tr("SD"), lambda y: float(y.std(ddof=1))),
        "min": (tr("Smallest"), lambda y: float(y.min())),
        "median": (tr("Median"), lambda y: float(np.median(y))),
        "max": (tr("Largest"), lambda y: float(y.max())),
        "skewness": (tr("Skewness"), lambda y: _moment(y, 3)),
        "kurtosis": (tr("Excess kurtosis"), lambda y: _moment(y, 4) - 3),
    }
    used = _used(report)
    for groups, problem in zip(report.groups, report.estimates.problem.groupings, strict=True):
        codes, name = problem.codes[used], groups.grouping
        found |= {
            f"sd_of_means:{name}": (tr("SD of means by {name}").format(name=name), partial(_sd_of_means, codes)),
            f"min_of_means:{name}": (tr("Smallest mean by {name}").format(name=name), partial(_smallest_mean, codes)),
            f"max_of_means:{name}": (tr("Largest mean by {name}").format(name=name), partial(_largest_mean, codes)),
        }
        if (np.bincount(codes) > 1).sum() > 1:
            found[f"sd_of_sds:{name}"] = (tr("SD of SDs by {name}").format(name=name), partial(_sd_of_sds, codes))
    return found


def replicated_checks(
    report: Report,
    wanted: Mapping[str, tuple[str, Statistic]],
    *,
    count: int = 500,
    seed: int = 1,
    new_groups: bool = False,
    confidence: float = 0.95,
    on_step: OnStep = lambda done, total: None,
) -> tuple[Check, ...]:
    """Return every statistic of the outcome and of `count` replicates; rows of weight 0 take no part.

    new_groups: with other groups in the place of these, so that the model of the groups is checked too.
    """
    used, estimates = _used(report), report.estimates
    observed = {name: statistic(estimates.problem.y[used]) for name, (_, statistic) in wanted.items()}
    replicated = {name: np.empty(count) for name in wanted}
    held = estimates.problem.n + sum(one.mode.size for one in estimates.groups)
    width, done = max(1, min(count, BLOCK // held)), 0
    for block_seed in np.random.SeedSequence(seed).generate_state(-(-count // width)).tolist():
        on_step(done, count)
        drawn = draw(estimates, min(width, count - done), block_seed)
        for y in replicated_data(estimates, drawn, new_groups=new_groups, seed=block_seed + 1):
            for name, (_, statistic) in wanted.items():
                replicated[name][done] = statistic(y[used])
            done += 1
    on_step(count, count)
    return tuple(
        _check(name, wanted[name][0], observed[name], values, confidence) for name, values in replicated.items()
    )  # fmt: skip


def chosen_statistics(report: Report, names: tuple[str, ...]) -> dict[str, tuple[str, Statistic]]:
    """Return the ready-made statistics of these names, all for none; UserError for a name that is none."""
    known = statistics_of(report)
    for name in names:
        if name not in known:
            raise UserError(
                tr("There is no statistic “{name}”.").format(name=name), "",
                tr("Choose from: {list}.").format(list=", ".join(known)),
            )  # fmt: skip
    return {name: known[name] for name in names or known}


def checks_table(report: Report, found: tuple[Check, ...], confidence: float = 0.95) -> ResultTable:
    """Return the checks as a table, one statistic a row."""
    digits = numbers.decimals_of_spread([report.sigma])
    columns = (
        ("observed", tr("In the data"), [one.observed for one in found]),
        ("median", tr("Median of replicates"), [float(np.median(one.replicated)) for one in found]),
        ("low", tr("Low"), [one.low for one in found]),
        ("high", tr("High"), [one.high for one in found]),
    )
    return ResultTable(
        key="replicated",
        title=tr("The data beside data as the model would have them"),
        columns=(
            ResultColumn(key="statistic", heading=tr("Statistic"), cells=[one.label for one in found]),
            *(
                ResultColumn(key=key, heading=heading, cells=cells, format=Format.NUMBER, decimals=digits)
                for key, heading, cells in columns
            ),
            ResultColumn(key="p", heading=tr("Share as large"), cells=[one.p for one in found], format=Format.PERCENT),
            ResultColumn(key="verdict", heading=tr("Verdict"), cells=[verdict(one) for one in found]),
        ),
        note=tr(
            "{n} replicates, parameters drawn for each; intervals hold {percent} of them. Look closer: fewer than 2.5 % of the "
            "replicates are as far out as the data."
        ).format(n=numbers.count(len(found[0].replicated)) if found else 0, percent=numbers.percent(confidence)),
    )


def verdict(check: Check) -> str:
    """Return "Fine", or "Look closer" for a statistic the model does not reproduce."""
    return tr("Look closer") if check.two_sided < UNUSUAL else tr("Fine")


def _check(name: str, label: str, observed: float, values: Floats, confidence: float) -> Check:
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail]).tolist()
    return Check(
        name=name, label=label, observed=observed, replicated=values, low=low, high=high,
        p=float((values >= observed).mean()),
    )  # fmt: skip


def _used(report: Report) -> NDArray[np.bool_]:
    weights = report.estimates.problem.weights
    return np.ones(report.estimates.problem.n, dtype=np.bool_) if weights is None else weights > 0


def _moment(y: Floats, power: int) -> float:
    """Return the standardised moment of an order; 0 for values that do not vary."""
    rest = y - y.mean()
    sd = float(np.sqrt(np.mean(rest**2)))
    return float(np.mean(rest**power)) / sd**power if sd > 0 else 0.0


def _means(codes: NDArray[np.int32], y: Floats) -> Floats:
    """Return the means of the groups that have rows."""
    sizes = np.bincount(codes)
    return np.asarray(np.bincount(codes, weights=y)[sizes > 0] / sizes[sizes > 0])


def _sd_of_means(codes: NDArray[np.int32], y: Floats) -> float:
    return float(_means(codes, y).std(ddof=1))


def _smallest_mean(codes: NDArray[np.int32], y: Floats) -> float:
    return float(_means(codes, y).min())


def _largest_mean(codes: NDArray[np.int32], y: Floats) -> float:
    return float(_means(codes, y).max())


def _sd_of_sds(codes: NDArray[np.int32], y: Floats) -> float:
    """Return the SD over groups of at least two rows, two or more, of the SD of their rows."""
    sizes = np.bincount(codes)
    several = sizes > 1
    means = np.bincount(codes, weights=y) / np.maximum(sizes, 1)
    squares = np.bincount(codes, weights=(y - means[codes]) ** 2)
    return float(np.sqrt(squares[several] / (sizes[several] - 1)).std(ddof=1))
