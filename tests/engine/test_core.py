"""Crossed groupings: the three ways of forming the Schur term agree, and a core too large is refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlgui.engine import core, coupling, structure
from mlgui.engine.fit import fit
from mlgui.engine.problem import DegenerateProblem
from tests.engine.problems import structured

KINDS = ("crossed", "crossed slopes", "mixed")


@pytest.mark.parametrize("crowded", [0.0, 1e9])
@pytest.mark.parametrize("kind", KINDS)
def test_dense_and_sparse_rows_give_the_fit_of_pairs(kind: str, crowded: float, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured(kind, 1)
    monkeypatch.setattr(structure, "BORDER", 0)
    pairs = fit(problem)
    monkeypatch.setattr(coupling, "MOST_PAIRS", 0)
    monkeypatch.setattr(coupling, "CROWDED", crowded)
    monkeypatch.setattr(coupling, "CHUNK", 100)
    other = fit(problem)
    # the search may stop at another point within its tolerance
    assert other.criterion == pytest.approx(pairs.criterion, abs=1e-8)
    assert_allclose(other.fitted, pairs.fitted, atol=1e-5)
    for mine, yours in zip(pairs.groups, other.groups):
        assert_allclose(yours.conditional_covariance, mine.conditional_covariance, atol=1e-5)


def test_small_groupings_beside_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured("mixed", 1)
    bordered = fit(problem)
    monkeypatch.setattr(structure, "BORDER", 0)
    crossed = fit(problem)
    assert bordered.criterion == pytest.approx(crossed.criterion, abs=1e-8)
    for mine, yours in zip(bordered.groups, crossed.groups):
        assert_allclose(yours.mode, mine.mode, atol=1e-5)
        assert_allclose(yours.sensitivity, mine.sensitivity, atol=1e-5)
        assert_allclose(yours.conditional_covariance, mine.conditional_covariance, atol=1e-5)


def test_a_core_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "LARGEST", 5)
    with pytest.raises(DegenerateProblem, match="core-too-large"):
        fit(structured("crossed"))


def test_roots_of_blocks() -> None:
    rng = np.random.default_rng(0)
    half = rng.normal(size=(3, 3, 5))
    half[:, 0, 2] = 0.0
    half[:, 1, 2] = 0.0
    d = np.einsum("acj,bcj->abj", half, half)
    root = coupling._roots(d)
    assert_allclose(np.einsum("acj,bcj->abj", root, root)[..., [0, 1, 3, 4]], d[..., [0, 1, 3, 4]], atol=1e-12)
    assert np.isfinite(root).all()
