"""Certified digits: one-way analyses of variance of the NIST Statistical Reference Datasets, which ship with scipy.

For a balanced layout REML equals the analysis of variance. The truth is computed here with exact fractions from the decimals of
the files; what binary64 numbers can hold of it (`LIMITS`) follows from exact arithmetic on the rounded numbers.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy

from mlgui.engine.fit import fit
from mlgui.engine.problem import Problem
from tests.engine.problems import groups

FOLDER = Path(scipy.__file__).parent / "stats" / "tests" / "data" / "nist_anova"
LIMITS = {
    "SiRstv": (12.3, 13.1),
    "SmLs01": (15.0, 15.0),
    "SmLs02": (15.0, 15.0),
    "SmLs03": (15.0, 15.0),
    "AtmWtAg": (10.2, 10.9),
    "SmLs04": (10.0, 10.3),
    "SmLs05": (9.9, 10.3),
    "SmLs06": (9.9, 10.3),
    "SmLs07": (4.0, 4.3),
    "SmLs08": (3.9, 4.3),
    "SmLs09": (3.9, 4.3),
}
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="this scipy comes without its test data")


def read(name: str) -> tuple[list[int], list[str]]:
    rows = [line.split() for line in (FOLDER / f"{name}.dat").read_text().splitlines()[60:] if line.strip()]
    return [int(row[0]) for row in rows], [row[1] for row in rows]


def certified(codes: list[int], values: list[str]) -> tuple[float, float]:
    """Variance between and within groups of a balanced layout, exactly."""
    exact: dict[int, list[Fraction]] = {}
    for code, value in zip(codes, values):
        exact.setdefault(code, []).append(Fraction(value))
    size, means = len(values) // len(exact), {code: sum(rows) / len(rows) for code, rows in exact.items()}
    mean = sum(means.values()) / len(means)
    between = size * sum((one - mean) ** 2 for one in means.values()) / (len(means) - 1)
    within = sum((value - means[code]) ** 2 for code, rows in exact.items() for value in rows)
    within = within / (len(values) - len(means))
    return float((between - within) / size), float(within)


def digits(found: float, true: float) -> float:
    """The log relative error: correct decimal digits."""
    return float(-np.log10(max(abs(found / true - 1), 1e-16)))


@pytest.mark.parametrize("name", LIMITS)
def test_certified_digits(name: str) -> None:
    codes, values = read(name)
    one = np.ones((len(codes), 1))
    estimates = fit(Problem(y=np.array([float(v) for v in values]), x=one, groupings=(groups(np.array(codes), one),)))
    between, within = certified(codes, values)
    found = (float(estimates.groups[0].covariance[0, 0]), estimates.sigma**2)
    for value, true, limit in zip(found, (between, within), LIMITS[name]):
        assert digits(value, true) >= min(10.0, limit - 0.3)
    assert estimates.certificate.passed
