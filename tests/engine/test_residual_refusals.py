"""Residual structures that are refused, each with its code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.fit import fit
from mlgui.engine.inference import satterthwaite
from mlgui.engine.problem import DegenerateProblem, Problem, Residual
from mlgui.engine.residual_within import common_step
from tests.engine.problems import groups, sleepstudy

SUBJECTS = np.repeat(np.arange(18), 10).astype(np.int32)
DAYS = np.tile(np.arange(10), 18).astype(np.int32)


def with_residual(residual: Residual, *, grouped: bool = False) -> Problem:
    """Sleepstudy with a residual structure, with or without varying intercepts."""
    problem = sleepstudy(days_vary=False)
    return replace(problem, residual=residual, groupings=problem.groupings if grouped else ())


@pytest.mark.parametrize(
    ("residual", "code"),
    [
        (Residual(kind="strata", strata=np.zeros(180, dtype=np.int32)), "residual-one-level"),
        (Residual(kind="strata", strata=(np.arange(180) == 3).astype(np.int32)), "residual-few-rows"),
        (Residual(kind="ar1", groups=SUBJECTS, order=np.floor(DAYS / 2)), "residual-ties"),
        (Residual(kind="ar1", groups=np.arange(180, dtype=np.int32), order=DAYS * 1.0), "residual-no-pairs"),
        (Residual(kind="cs", groups=np.arange(180, dtype=np.int32)), "residual-no-pairs"),
        (Residual(kind="un", groups=SUBJECTS, occasions=DAYS // 2), "residual-ties"),
        (Residual(kind="un", groups=SUBJECTS, occasions=np.zeros(180, dtype=np.int32)), "residual-one-level"),
        (Residual(kind="un", groups=SUBJECTS, occasions=np.arange(180, dtype=np.int32)), "residual-many-occasions"),
        (Residual(kind="un", groups=SUBJECTS * 2 + DAYS // 5, occasions=DAYS), "residual-occasions-apart"),
        (Residual(kind="ar1", groups=SUBJECTS, order=np.where(DAYS == 3, np.nan, DAYS)), "not-finite"),
    ],
)
def test_refused(residual: Residual, code: str) -> None:
    with pytest.raises(DegenerateProblem) as error:
        fit(with_residual(residual))
    assert error.value.code == code


def test_what_varying_intercepts_say_already() -> None:
    with pytest.raises(DegenerateProblem) as error:
        fit(with_residual(Residual(kind="cs", groups=SUBJECTS), grouped=True))
    assert (error.value.code, error.value.index) == ("residual-confounded", 0)


def test_rows_correlated_across_groups() -> None:
    problem = with_residual(Residual(kind="ar1", groups=SUBJECTS, order=DAYS * 1.0))
    crossed = replace(problem, groupings=(groups(DAYS, np.ones((180, 1))),))
    with pytest.raises(DegenerateProblem) as error:
        fit(crossed)
    assert (error.value.code, error.value.index) == ("residual-across-groups", 0)


def test_no_correlation_where_it_cannot_be_negative() -> None:
    rng = np.random.default_rng(0)
    problem = with_residual(Residual(kind="ar1", groups=SUBJECTS, order=DAYS + 0.3 * rng.uniform(size=180)))
    rest = rng.normal(size=(18, 10))
    rest[:, 1::2] = 0.3 * rest[:, 1::2] - 0.7 * rest[:, ::2]  # neighbours are negatively correlated
    found = fit(replace(problem, y=rest.ravel()))
    plain = fit(replace(problem, y=rest.ravel(), residual=Residual()))
    assert found.residual.correlation == 0.0
    assert found.certificate.passed
    assert found.criterion == pytest.approx(plain.criterion, abs=1e-9)
    np.testing.assert_allclose(satterthwaite(found)[0], satterthwaite(plain)[0], rtol=1e-6)
    assert found.n_parameters == plain.n_parameters + 1


@pytest.mark.parametrize(
    ("gaps", "step"),
    [([2.0, 4.0, 6.0], 2.0), ([0.1, 0.3, 0.7], 0.1), ([4.0, 6.0], 2.0), ([1.0, np.pi], None), ([86400.0] * 3, 86400.0)],
)
def test_common_step(gaps: list[float], step: float | None) -> None:
    found = common_step(np.array(gaps))
    assert found == (None if step is None else pytest.approx(step))
