"""The workloads: data made from fixed seeds or shipped with the project, and one model for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """One model of one data set. groups: columns that are categories, for programs that need to be told.

    bar: how many times faster than lme4 is asked for, with lme4 on `blas`. repeats: fits timed in one process.
    """

    title: str
    formula: str
    groups: tuple[str, ...]
    make: Callable[[], pd.DataFrame]
    bar: float
    blas: str = "reference"
    repeats: int = 5
    lme4_repeats: int = 1


def csv_of(name: str, data: pd.DataFrame, cache: Path) -> Path:
    """Return the CSV file of a workload's data for other programs, written on first use; it loses no digit."""
    path = cache / f"{name}.csv"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        data.to_csv(path, index=False)
    return path


def _shipped(path: str, columns: list[str]) -> Callable[[], pd.DataFrame]:
    return lambda: pd.read_csv(ROOT / path)[columns]


def _effects(rng: np.random.Generator, count: int, covariance: list[list[float]]) -> np.ndarray:
    """Normal group effects, (count, q)."""
    return rng.normal(size=(count, len(covariance))) @ np.linalg.cholesky(np.array(covariance)).T


def _schools(count: int, fewest: int, most: int, seed: int) -> pd.DataFrame:
    """Groups of fewest to most rows, with a predictor u of the groups that also changes the slope of x."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(count), rng.integers(fewest, most + 1, count))
    n = len(school)
    u = rng.normal(size=count)
    x = rng.normal(size=n) + 0.3 * rng.normal(size=count)[school]
    b = _effects(rng, count, [[0.6, 0.1], [0.1, 0.15]])
    y = 1 + 0.5 * x + 0.3 * u[school] - 0.2 * x * u[school] + b[school, 0] + b[school, 1] * x + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "u": u[school], "school": school})


def _nested() -> pd.DataFrame:
    """500 districts of 10 schools of 5 classes of 5 to 15 rows."""
    rng = np.random.default_rng(5)
    klass = np.repeat(np.arange(25_000), rng.integers(5, 16, 25_000))
    school, district = klass // 5, klass // 50
    x = rng.normal(size=len(klass))
    y = 2 + 0.4 * x + 0.5 * rng.normal(size=500)[district] + 0.4 * rng.normal(size=5_000)[school]
    b = _effects(rng, 25_000, [[0.3, 0.05], [0.05, 0.1]])
    y += b[klass, 0] + b[klass, 1] * x + rng.normal(size=len(klass))
    return pd.DataFrame({"y": y, "x": x, "district": district, "school": school, "klass": klass})


def _ratings() -> pd.DataFrame:
    """A million ratings of up to 4,000 items by up to 6,000 users, few of which give or get most of them."""
    rng = np.random.default_rng(7)
    n, activity, popularity = 1_000_000, rng.gamma(1.0, 1.0, 6_000), rng.gamma(0.6, 1.0, 4_000)
    user = rng.choice(6_000, n, p=activity / activity.sum())
    item = rng.choice(4_000, n, p=popularity / popularity.sum())
    user, item = np.unique(user, return_inverse=True)[1], np.unique(item, return_inverse=True)[1]
    y = 3.5 + 0.4 * rng.normal(size=6_000)[user] + 0.6 * rng.normal(size=4_000)[item] + 0.9 * rng.normal(size=n)
    return pd.DataFrame({"y": y, "user": user, "item": item})


def _five_coefficients() -> pd.DataFrame:
    """2,000 groups of 20 to 180 rows in which an intercept and four slopes vary."""
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(2_000), rng.integers(20, 181, 2_000))
    x = rng.normal(size=(len(group), 4))
    root = rng.normal(size=(5, 5))
    b = _effects(rng, 2_000, (root @ root.T / 10 + 0.1 * np.eye(5)).tolist())
    y = 1 + x @ np.array([0.5, -0.3, 0.2, 0.1]) + b[group, 0] + (b[group, 1:] * x).sum(axis=1) + rng.normal(size=len(group))
    return pd.DataFrame({"y": y, "x1": x[:, 0], "x2": x[:, 1], "x3": x[:, 2], "x4": x[:, 3], "g": group})


def _crossed_slopes() -> pd.DataFrame:
    """300,000 rows of 3,000 users by 1,000 items, a slope varying by both."""
    rng = np.random.default_rng(9)
    n, users, items = 300_000, 3_000, 1_000
    user, item, x = rng.integers(0, users, n), rng.integers(0, items, n), rng.normal(size=n)
    b = _effects(rng, users, [[0.4, 0.05], [0.05, 0.1]])
    c = _effects(rng, items, [[0.3, -0.04], [-0.04, 0.06]])
    y = 1 + 0.5 * x + b[user, 0] + c[item, 0] + (b[user, 1] + c[item, 1]) * x + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "user": user, "item": item})


def _nested_and_crossed() -> pd.DataFrame:
    """20,000 pupils seen five times, in 300 schools; 600 neighbourhoods, each sending its pupils to a few schools."""
    rng = np.random.default_rng(10)
    pupils, schools, places = 20_000, 300, 600
    school = rng.integers(0, schools, pupils)
    place = (2 * school + rng.integers(0, 12, pupils)) % places
    pupil = np.repeat(np.arange(pupils), 5)
    n = len(pupil)
    x = rng.normal(size=n)
    b = _effects(rng, schools, [[0.3, 0.05], [0.05, 0.08]])
    y = 1 + 0.5 * x + 0.7 * rng.normal(size=pupils)[pupil] + 0.4 * rng.normal(size=places)[place[pupil]]
    y += b[school[pupil], 0] + b[school[pupil], 1] * x + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "pupil": pupil, "school": school[pupil], "place": place[pupil]})


WORKLOADS = {
    "W1": Workload(
        title="sleepstudy, 180 rows",
        formula="Reaction ~ Days + (Days | Subject)",
        groups=("Subject",),
        make=_shipped("resources/examples/sleepstudy/sleepstudy.csv", ["Reaction", "Days", "Subject"]),
        bar=6,
        repeats=200,
        lme4_repeats=30,
    ),
    "W2": Workload(
        title="1,000 schools, 103k rows",
        formula="y ~ x * u + (x | school)",
        groups=("school",),
        make=lambda: _schools(1_000, 5, 200, 2),
        bar=100,
        repeats=20,
        lme4_repeats=3,
    ),
    "W3": Workload(
        title="100,000 groups, 1M rows",
        formula="y ~ x * u + (x | school)",
        groups=("school",),
        make=lambda: _schools(100_000, 1, 19, 3),
        bar=150,
        repeats=7,
    ),
    "W4": Workload(
        title="InstEval, 3 crossed, 73k rows",
        formula="y ~ service + (1 | s) + (1 | d) + (1 | dept)",
        groups=("s", "d", "dept", "service"),
        make=_shipped("tests/reference/data/insteval.csv.gz", ["y", "s", "d", "dept", "service"]),
        bar=12,
        blas="OpenBLAS",
    ),
    "W5": Workload(
        title="nested, 3 levels, 250k rows",
        formula="y ~ x + (1 | district) + (1 | district:school) + (x | district:school:klass)",
        groups=("district", "school", "klass"),
        make=_nested,
        bar=200,
        repeats=9,
    ),
    "W6": Workload(
        title="Chem97, 31k rows",
        formula="score ~ gcsescore * gender + (1 | school) + (1 | lea)",
        groups=("lea", "school", "gender"),
        make=_shipped("tests/reference/data/chem97.csv.gz", ["score", "gcsescore", "gender", "school", "lea"]),
        bar=35,
        repeats=40,
        lme4_repeats=3,
    ),
    "W7": Workload(
        title="crossed, 1M ratings, 5,955 x 3,894",
        formula="y ~ 1 + (1 | user) + (1 | item)",
        groups=("user", "item"),
        make=_ratings,
        bar=20,
        blas="OpenBLAS",
        repeats=1,
    ),
    "W8": Workload(
        title="5 varying coefficients, 199k rows",
        formula="y ~ x1 + x2 + x3 + x4 + (x1 + x2 + x3 + x4 | g)",
        groups=("g",),
        make=_five_coefficients,
        bar=1800,
        repeats=20,
    ),
    "XS": Workload(
        title="crossed with slopes, 300k rows, 3,000 x 1,000",
        formula="y ~ x + (x | user) + (x | item)",
        groups=("user", "item"),
        make=_crossed_slopes,
        bar=30,
        blas="OpenBLAS",
        repeats=1,
    ),
    "NC": Workload(
        title="nested and crossed: 20,000 pupils, 300 schools, 600 neighbourhoods, 100k rows",
        formula="y ~ x + (1 | pupil) + (x | school) + (1 | place)",
        groups=("pupil", "school", "place"),
        make=_nested_and_crossed,
        bar=30,
        blas="OpenBLAS",
        repeats=1,
    ),
}
