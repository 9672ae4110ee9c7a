"""Simulated models of random structure, small and awkward on purpose: what random_models.py fits.

Case i depends on i alone. Few groups of very different sizes, variances of 0 and correlations of +-1, correlated,
uncorrelated and separate terms, nested, crossed and mixed groupings, prior weights, offsets, redundant predictors,
predictors and outcomes far from 0 or in odd units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

KINDS = ("one", "one", "one", "nested", "crossed", "mixed", "chain", "three crossed", "two terms")
FIXED = (
    ("x",), ("x", "z"), ("x", "f"), ("x", "u", "x:u"), ("x*s",), ("1",), ("x", "I(x^2)"), ("x", "u", "s", "z"), ("f*s",),
    ("0", "f", "x"),
)  # fmt: skip
SLOPES = ("1", "x", "x", "x + z", "0 + x", "z", "f")


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One simulated data set and its model. weights: name of the column of prior weights, if there is one."""

    number: int
    kind: str
    formula: str
    reml: bool
    weights: str | None
    data: pd.DataFrame


def covariance(rng: np.random.Generator, q: int) -> Floats:
    """Return a covariance of q coefficients: often of full rank, often with a zero or correlations of +-1."""
    sd = np.exp(rng.normal(-0.3, 0.6, q))
    if q > 1 and rng.random() < 0.2:
        signed = rng.choice([-1, 1], q) * sd
        return np.outer(signed, signed)
    root = rng.normal(size=(q, q))
    full = root @ root.T + 0.2 * np.eye(q)
    scale = sd / np.sqrt(np.diag(full))
    full = full * np.outer(scale, scale)
    if rng.random() < 0.25:
        gone = rng.integers(q)
        full[gone] = full[:, gone] = 0
    return full * (rng.choice([0.0, 0.02, 50.0]) if rng.random() < 0.3 else 1.0)


class Drawing:
    """A data set while it is drawn."""

    def __init__(self, number: int) -> None:
        self.rng = np.random.default_rng([20_261_123, number])
        self.kind = str(self.rng.choice(KINDS))
        self._sizes()
        self._groupings()
        self._predictors()
        self.terms: list[str] = []
        self.effects = np.zeros(self.n)

    def _sizes(self) -> None:
        """Draw the numbers of groups and rows; half of the cases have few rows for their groups."""
        rng = self.rng
        if rng.random() < 0.5:
            self.groups = int(rng.choice([3, 4, 6, 8, 12, 20, 40]))
            self.n = max(int(rng.choice([60, 100, 200, 400, 800])), 4 * self.groups)
        else:
            self.groups = int(rng.choice([2, 3, 5, 30, 60]))
            self.n = max(60, 2 * self.groups + 5, min(int(rng.choice([60, 100, 200, 400])), 5 * self.groups))

    def _within(self, coarse: Codes, parts: int) -> Codes:
        """Return groups that each lie in one of the coarse ones."""
        inner: Codes = np.unique(coarse * 1000 + self.rng.integers(0, parts, self.n), return_inverse=True)[1]
        return inner

    def _groupings(self) -> None:
        rng, n, groups = self.rng, self.n, self.groups
        share = rng.dirichlet(np.ones(groups) * rng.choice([0.7, 3, 50]))
        g = np.concatenate([np.arange(groups), np.arange(groups), rng.choice(groups, n - 2 * groups, p=share)])
        rng.shuffle(g)
        h = self._within(g, int(rng.integers(2, 5)))
        crossed, small = int(rng.integers(3, 15)), int(rng.integers(3, 8))
        c, d = rng.integers(0, crossed, n), rng.integers(0, small, n)
        c[:crossed], d[:small] = np.arange(crossed), np.arange(small)
        self.codes: dict[str, Codes] = {"g": g, "h": h, "k": self._within(h, 2), "c": c, "d": d}

    def _predictors(self) -> None:
        rng, n, groups, g = self.rng, self.n, self.groups, self.codes["g"]
        self.x = rng.normal(size=n) + (rng.normal(size=groups)[g] if rng.random() < 0.4 else 0)
        self.z = rng.normal(size=n) if rng.random() < 0.6 else rng.integers(0, 4, n).astype(float)
        self.f = rng.choice(list("pqr"), n, p=[0.5, 0.3, 0.2])
        self.f[:3] = list("pqr")
        self.u = rng.normal(size=groups)[g]
        self.s = np.where(rng.random(groups) < 0.5, "no", "yes")
        self.s[:2] = ["no", "yes"]
        self.s = self.s[g]

    def columns(self, slopes: str) -> Floats:
        """Return the columns whose coefficients vary."""
        one, x, z = np.ones(self.n), self.x, self.z
        found = {
            "1": [one], "x": [one, x], "x + z": [one, x, z], "0 + x": [x], "z": [one, z],
            "f": [(self.f == level) * 1.0 for level in "pqr"], "x + z + I(z^2)": [one, x, z, z**2 / 2],
        }  # fmt: skip
        return np.column_stack(found[slopes])

    def add(self, grouping: str, *choices: str, bars: bool = True) -> None:
        """Add a random term by a grouping, with one of these choices of coefficients."""
        slopes = str(self.rng.choice(choices))
        apart = bars and slopes in ("x", "x + z", "z") and self.rng.random() < 0.3
        columns, codes = self.columns(slopes), self.codes[grouping]
        true = covariance(self.rng, columns.shape[1])
        if apart:
            true = np.diag(np.diag(true))
        values, vectors = np.linalg.eigh(true)
        drawn = self.rng.normal(size=(codes.max() + 1, len(true))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
        self.effects += (columns * drawn[codes]).sum(axis=1)
        self.terms.append(f"({slopes} {'||' if apart else '|'} {grouping})")

    def add_terms(self) -> None:
        """Add the random terms of the kind of model."""
        if self.kind == "one":
            self.add("g", "1", "x", "x", "x + z", "0 + x", "f", "x + z + I(z^2)")
        elif self.kind == "two terms":
            self.add("g", "1")
            self.add("g", "0 + x")
            if self.rng.random() < 0.3:
                self.add("c", "1")
        elif self.kind == "nested":
            self.add("g", *SLOPES)
            self.add("h", "1", "1", "x")
        elif self.kind == "crossed":
            self.add("g", *SLOPES)
            self.add("c", "1", "1", "x", "z")
        elif self.kind == "mixed":
            self.add("g", *SLOPES)
            self.add("h", "1")
            self.add("c", "1", "z")
        else:
            self.add("g", "1", "x")
            for grouping in "hk" if self.kind == "chain" else "cd":
                self.add(grouping, "1")


def draw(number: int) -> Case:
    """Return case `number`."""
    one = Drawing(number)
    one.add_terms()
    rng, n, fixed = one.rng, one.n, list(FIXED[one.rng.integers(len(FIXED))])
    shown = (one.x + rng.choice([0, 0, 0, 0, 0, 5, 30])) * rng.choice([1, 1, 1, 1, 1e3, 1e-3])
    columns = {name: [f"{name}{code:03d}" for code in codes] for name, codes in one.codes.items()}
    data = pd.DataFrame(columns | {"x": shown, "z": one.z, "f": one.f, "u": one.u, "s": one.s})
    weights, weighted = np.ones(n), rng.random() < 0.25
    if weighted:
        weights = rng.uniform(0.2, 5, n) if rng.random() < 0.5 else rng.integers(1, 40, n).astype(float)
        data["w"] = weights
    mean = 1 + 0.5 * one.x + 0.3 * one.z * (rng.random() < 0.5) + 0.4 * one.u + 0.3 * (one.f == "q")
    y = mean + one.effects + rng.choice([1, 1, 1, 3, 0.1]) * rng.normal(size=n) / np.sqrt(weights)
    if rng.random() < 0.15:
        data["o"] = rng.normal(size=n) * 2
        y = y + data["o"]
        fixed.append("offset(o)")
    if rng.random() < 0.1:  # collinear with x, or with x and z
        data["x2"] = 2 * shown - (3 * one.z if rng.random() < 0.5 else 0)
        fixed += ["z", "x2"]
    data["y"] = y * rng.choice([1, 1, 1, 1, 1e3, 1e-3]) + rng.choice([0, 0, 0, 1e3])
    formula = "y ~ " + " + ".join(fixed + one.terms)
    return Case(number=number, kind=one.kind, formula=formula, reml=bool(rng.random() < 0.6),
                weights="w" if weighted else None, data=data)  # fmt: skip
