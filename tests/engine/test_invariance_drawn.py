"""What must not matter, all at once, on 240 drawn models: zero and unit of x and y, order of rows, columns, terms, and names.

A model is drawn, then changed in every way that leaves it the same model: the criterion, after its Jacobian, and the fitted
values stay. Jacobian: x -> a + bx adds 2 log|b| for each column of X that grows by b (REML only), and y -> c + dy adds
2 log|d| for each of the n - rank (REML) or n (ML) degrees of freedom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlgui.engine.fit import fit
from mlgui.engine.problem import Floats, Groups, Problem
from tests.engine.problems import groups

EXAMPLES = 240
CLOSED = ("one", "intercepts", "chain", "crossed", "quadratic", "three columns")
"""Models that x -> a + bx leaves the same; in the others only the unit of x may change."""
OPEN = ("uncorrelated", "slope only", "no average")


@dataclass(frozen=True, kw_only=True)
class Change:
    """x -> shift + unit x, y -> zero + size y, and a seed for orders and names."""

    shift: float
    unit: float
    zero: float
    size: float
    seed: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """Raw data of a model: x and another predictor z, codes of rows by grouping, the outcome, weights."""

    kind: str
    x: Floats
    z: Floats
    codes: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]
    y: Floats
    weights: Floats | None
    reml: bool


def draw(kind: str, seed: int) -> Drawn:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 160))
    coarse = np.concatenate([np.arange(8), np.arange(8), rng.integers(0, 8, n - 16)])
    codes = {"g": coarse, "h": 4 * coarse + rng.integers(0, 3, n), "c": np.append(np.arange(5), rng.integers(0, 5, n - 5))}
    x, z = rng.normal(size=n) + rng.integers(-2, 3), rng.normal(size=n)
    y = 1 + 0.5 * x - z + rng.normal(size=n) * rng.choice([0.3, 1.0])
    for one in codes.values():
        sd = rng.choice([0.0, 0.4, 1.5], 3)
        y += (np.column_stack([np.ones(n), x, z]) * (sd * rng.normal(size=(one.max() + 1, 3)))[one]).sum(axis=1)
    weights = rng.uniform(0.5, 2, n) if seed % 3 == 0 else None
    return Drawn(kind=kind, x=x, z=z, codes=codes, y=y, weights=weights, reml=seed % 2 == 0)


def columns(drawn: Drawn, x: Floats) -> tuple[list[Floats], list[tuple[str, list[Floats], bool]], int]:
    """Return the columns of X, the groupings with what varies and whether correlated, and the power of the unit of x in X."""
    one, z = np.ones(len(x)), drawn.z
    usual = [one, x, z]
    plans: dict[str, tuple[list[Floats], list[tuple[str, list[Floats], bool]], int]] = {
        "one": (usual, [("g", [one, x], True)], 1),
        "intercepts": (usual, [("g", [one], True)], 1),
        "chain": (usual, [("g", [one, x], True), ("h", [one], True)], 1),
        "crossed": (usual, [("g", [one, x], True), ("c", [one, z], True)], 1),
        "quadratic": ([one, x, x * x], [("g", [one, x], True)], 3),
        "three columns": ([one, x, z, x * z], [("g", [one, x, z], True)], 2),
        "uncorrelated": (usual, [("g", [one, x], False)], 1),
        "slope only": (usual, [("g", [x], True), ("c", [one], True)], 1),
        "no average": ([one, z], [("g", [one, x], False)], 0),
    }
    return plans[drawn.kind]


def problem_of(drawn: Drawn, change: Change | None = None) -> Problem:
    """Return the problem, changed."""
    x, y, random = drawn.x, drawn.y, None
    if change is not None:
        x, y = change.shift + change.unit * x, change.zero + change.size * y
        random = np.random.default_rng(change.seed)
    fixed, terms, _ = columns(drawn, x)
    order = np.arange(len(x))
    if random is not None:
        order = random.permutation(len(x))
        fixed = [fixed[i] for i in random.permutation(len(fixed))]
        terms = [terms[i] for i in random.permutation(len(terms))]
    found: list[Groups] = []
    for name, varying, correlated in terms:
        codes = drawn.codes[name]
        if random is not None:
            varying = [varying[i] for i in random.permutation(len(varying))]
            codes = random.permutation(codes.max() + 1)[codes]
        z = np.column_stack(varying)[order]
        found.append(groups(codes[order], z, None if correlated else np.eye(len(varying), dtype=np.bool_)))
    return Problem(
        y=y[order], x=np.asfortranarray(np.column_stack(fixed)[order]), groupings=tuple(found), reml=drawn.reml,
        weights=None if drawn.weights is None else drawn.weights[order],
    )  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(CLOSED + OPEN),
    data=st.integers(0, 10_000),
    shift=st.sampled_from([0.0, -3.0, 2000.0, 1e5]),
    unit=st.sampled_from([1.0, -1.0, 10.0, 1e-8, 1e8]),
    zero=st.sampled_from([0.0, 1e3, -1e6]),
    size=st.sampled_from([1.0, -2.0, 1e-12, 1e12]),
)
def test_nothing_changes_but_what_is_said(kind: str, data: int, shift: float, unit: float, zero: float, size: float) -> None:
    drawn = draw(kind, data)
    # eps * |shift| stays below 1e-10 of the SD of what x and y have become, squared columns included
    moved = 0.0 if kind in OPEN else (shift if kind != "quadratic" else min(shift, 100.0)) * abs(unit)
    change = Change(shift=moved, unit=unit, zero=zero * abs(size), size=size, seed=data)
    plain, problem = problem_of(drawn), problem_of(drawn, change)
    one, other = fit(plain), fit(problem)
    jacobian = 2 * (one.n - one.rank if drawn.reml else one.n) * np.log(abs(size))
    if drawn.reml:
        jacobian += 2 * columns(drawn, drawn.x)[2] * np.log(abs(unit))
    assert abs(other.criterion - jacobian - one.criterion) < 1e-6
    order = np.random.default_rng(change.seed).permutation(one.n)
    fits = (other.fitted - change.zero) / change.size
    # In SDs of the outcome. One model in 300 has a correlation that its data hardly tell, as one SD is nearly 0: the search
    # ends in a flat valley with a gradient left. A criterion that would fall by d / 2 is sqrt(d / 2) standard errors of the
    # covariances away from its minimum, and fits move by less than that in SDs; d stays below 2e-8.
    flat = max(one.certificate.gradient, other.certificate.gradient) > 1e-6
    left = max(found.record.steps[-1].decrement for found in (one, other))
    atol = min(1e-4, max(1e-6, (left / 2) ** 0.5)) if flat else 1e-6
    assert_allclose(fits, one.fitted[order], atol=atol * float(drawn.y.std()), rtol=0)


def test_a_changed_problem_is_another() -> None:
    """The test above compares different arrays."""
    drawn = draw("chain", 3)
    plain, problem = problem_of(drawn), problem_of(drawn, Change(shift=5.0, unit=2.0, zero=1.0, size=3.0, seed=1))
    assert not np.array_equal(plain.y, problem.y)
    assert not np.array_equal(plain.x, problem.x)
    assert not np.array_equal(plain.groupings[0].codes, problem.groupings[0].codes)
