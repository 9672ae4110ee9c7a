"""How many groups a study needs for a wanted power: by theory first, then by simulation until it is met."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from mlgui.errors import UserError
from mlgui.progress import OnStep
from mlgui.results import numbers
from mlgui.results.nouns import group_plural
from mlgui.results.power import plan_study
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

MOST = 1_000_000
"""Groups beyond which no study is planned."""
ROUNDS = 5
"""Numbers of groups that are tried by simulation."""
FEWEST = 3


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One number of groups with the power there; power_se is the error of simulation, 0 by theory."""

    groups: int
    power: float
    power_se: float
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class GroupsNeeded:
    """groups: the smallest number found with the wanted power for a coefficient (its lme4 name). tried: in order."""

    grouping: str
    term: str
    target: float
    groups: int
    tried: tuple[Tried, ...]


def groups_needed(
    report: Report,
    term: str,
    target: float = 0.8,
    *,
    rows: int | None = None,
    replicates: int = 200,
    seed: int = 1,
    level: float = 0.05,
    assume: Mapping[str, float] | None = None,
    on_step: OnStep | None = None,
) -> GroupsNeeded:
    """Return the number of groups for a power of `target` of the test of one coefficient; replicates=0: by theory alone.

    By simulation the number is moved until the power is within its simulation error of the target, or above and no smaller
    number is. UserError for a name that is no coefficient, one that is 0, and as `plan_study`.
    """
    names = [effect.name for effect in report.fixed]
    if term not in names:
        raise UserError(tr("There is no coefficient “{name}”.").format(name=term), "", tr("Choose from: {list}.").format(
            list=", ".join(names)))  # fmt: skip
    now = plan_study(report, rows=rows, replicates=0, seed=seed, level=level, assume=assume)
    place, size = names.index(term), len(next(one.levels for one in report.groups if one.grouping == now.grouping))
    truth, se = float(now.power.truth[place]), float(now.power.se[place])
    if not truth or not math.isfinite(truth) or not math.isfinite(se):
        raise UserError(tr("No number of groups shows that {name} differs from 0.").format(name=term),
                        tr("It is 0, or cannot be estimated."), tr("Set another value for it."))  # fmt: skip

    def theory(groups: int) -> float:
        """The SE falls with the root of the number of groups."""
        z, critical = abs(truth) / (se * math.sqrt(size / groups)), float(ndtri(1 - level / 2))
        return float(ndtr(z - critical) + ndtr(-z - critical))

    best = _smallest(lambda groups: theory(groups) >= target)
    tried = [Tried(groups=best, power=theory(best), power_se=0.0, simulated=False)]

    def simulated(groups: int) -> Tried:
        found = plan_study(
            report, groups=groups, rows=rows, replicates=replicates, seed=seed, level=level, assume=assume, on_step=on_step
        ).power
        tried.append(
            Tried(groups=groups, power=float(found.power[place]), power_se=float(found.power_se[place]), simulated=True)
        )
        return tried[-1]

    if replicates:
        best = _by_simulation(simulated, best, target, level)
    return GroupsNeeded(grouping=now.grouping, term=term, target=target, groups=best, tried=tuple(tried))


def _smallest(enough: Callable[[int], bool]) -> int:
    """Return the smallest number of groups with enough power by theory, found by doubling and halving."""
    high = FEWEST
    while not enough(high):
        if high >= MOST:
            raise UserError(tr("No number of groups up to {n} has that power.").format(n=numbers.count(MOST)))
        high *= 2
    low = max(FEWEST - 1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _by_simulation(study: Callable[[int], Tried], groups: int, target: float, level: float) -> int:
    """Return the number of groups near a first guess whose simulated power meets the target."""
    critical = float(ndtri(1 - level / 2))
    enough: list[int] = []
    for _ in range(ROUNDS):
        found = study(groups)
        if found.power >= target:
            enough.append(groups)
        if abs(found.power - target) <= max(found.power_se, 0.005):
            return groups
        # the distance of the coefficient from 0 in SEs grows with the root of the number of groups
        here = float(ndtri(min(max(found.power, 0.01), 0.995))) + critical
        wanted = float(ndtri(target)) + critical
        moved = max(FEWEST, min(MOST, math.ceil(groups * (wanted / max(here, 0.2)) ** 2)))
        if moved == groups or moved in enough:
            break
        groups = moved
    return min(enough, default=groups)


def groups_needed_table(found: GroupsNeeded) -> ResultTable:
    """Return the numbers of groups that were tried, with the power of each."""
    groups = group_plural(found.grouping)
    return ResultTable(
        key="groups_needed",
        title=tr("{n} {groups} for a power of {power}").format(
            n=numbers.count(found.groups), groups=groups, power=numbers.percent(found.target)
        ),
        columns=(
            ResultColumn(key="groups", heading=tr("Groups"), cells=[one.groups for one in found.tried], format=Format.COUNT),
            ResultColumn(key="power", heading=tr("Power"), cells=[one.power for one in found.tried], format=Format.PERCENT,
                         decimals=1),
            ResultColumn(key="power_se", heading=tr("± simulation"), cells=[one.power_se for one in found.tried],
                         format=Format.PERCENT, decimals=1),
            ResultColumn(key="how", heading=tr("How"),
                         cells=[tr("simulated") if one.simulated else tr("by theory") for one in found.tried]),
        ),
        note=tr("Of the test of {name}, the values assumed being the truth; by theory the variances are known.").format(
            name=found.term
        ),
    )  # fmt: skip
