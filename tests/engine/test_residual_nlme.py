"""Residual structures against nlme's gls and lme: the fits of residual/residual.R, and its data.

nlme stops within about 1e-6 of its minimum (in the criterion) and up to 1e-3 SE away from it in single parameters; where a fit
lies at the boundary, which it cannot reach, it stays above. The criterion here must never be higher.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.problem import Problem, Residual
from tests.engine.problems import groups

HERE = Path(__file__).parent / "residual"
REFERENCE = json.loads((HERE / "residual.json").read_text())
CASES: dict[str, dict[str, Any]] = REFERENCE["cases"]
Codes = np.ndarray[Any, np.dtype[np.int32]]


@cache
def table(name: str) -> pd.DataFrame:
    """The data of a case."""
    return pd.read_csv(HERE / f"{name}.csv", dtype={"Subject": str, "Mare": str})


def codes(values: pd.Series, levels: list[str] | None = None) -> Codes:
    """Codes in the order of `levels` (of appearance where None)."""
    found = pd.Categorical(values, categories=levels if levels is not None else values.unique())
    return np.asarray(found.codes, dtype=np.int32)


def design(name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The response and X of the model of a table."""
    data = table(name)
    one = np.ones(len(data))
    if name in ("orthodont", "incomplete"):
        male = (data["Sex"] == "Male").to_numpy(float)
        age = data["age"].to_numpy(float)
        return data["distance"].to_numpy(float), np.column_stack([one, age, male, age * male])
    if name == "ovary":
        return data["follicles"].to_numpy(float), np.column_stack([one, data["s"], data["c"]])
    return data["y"].to_numpy(float), np.column_stack([one, data["x"], data["visit"]])


def problem_of(name: str) -> Problem:
    """The problem of a case."""
    case = CASES[name]
    kind, data = name.rsplit(" ", 1)[0], table(case["data"])
    y, x = design(case["data"])
    subject = {"orthodont": "Subject", "incomplete": "Subject", "ovary": "Mare", "simulated": "id"}[case["data"]]
    within = codes(data[subject])
    grouping = {"lme cs in class": ["class"], "lme ar1 nested": ["class", subject]}.get(kind, [subject])
    intercept = np.ones((len(y), 1))
    return Problem(
        y=y,
        x=np.asfortranarray(x),
        groupings=tuple(groups(codes(data[one]), intercept) for one in grouping) if kind.startswith("lme") else (),
        weights=data["w"].to_numpy(float) if "weights" in kind else None,
        reml=bool(case["reml"]),
        residual=residual_of(kind, data, case, within),
    )


def residual_of(kind: str, data: pd.DataFrame, case: dict[str, Any], within: Codes) -> Residual:
    """The residual structure of a case, its first stratum as nlme's."""
    by = "arm" if case["data"] == "simulated" else "Sex"
    strata = codes(data[by], [one.removeprefix("B.") for one in case["sd_ratios"]]) if "strata" in kind else None
    if "ar1" in kind:
        order = {"orthodont": "age", "ovary": "place", "simulated": "visit"}[case["data"]]
        order = "time" if "car1" in kind else order
        return Residual(kind="ar1", groups=within, order=data[order].to_numpy(float), strata=strata)
    if " cs" in kind:
        return Residual(kind="cs", groups=within)
    if " un" in kind:
        return Residual(kind="un", groups=within, occasions=np.asarray((data["age"] - 8) // 2, dtype=np.int32))
    return Residual(kind="strata", strata=strata)


@cache
def fitted(name: str) -> Estimates:
    """The fit of a case."""
    return fit(problem_of(name))


@pytest.mark.parametrize("name", CASES)
def test_criterion_and_number_of_parameters_are_those_of_nlme(name: str) -> None:
    case, found = CASES[name], fitted(name)
    assert found.certificate.passed
    assert found.criterion == pytest.approx(case["criterion"], abs=2e-5)
    assert found.criterion < case["criterion"] + 1e-7  # never above
    assert found.n_parameters == case["npar"]


@pytest.mark.parametrize("name", CASES)
def test_coefficients_and_their_errors_are_those_of_nlme(name: str) -> None:
    case, found = CASES[name], fitted(name)
    se = np.sqrt(np.diagonal(found.vcov))
    expected = np.array(case["se"]) * (1.0 if case["reml"] else np.sqrt((found.n - found.rank) / found.n))
    np.testing.assert_allclose(found.beta, case["beta"], atol=2e-3 * se.min())
    np.testing.assert_allclose(se, expected, rtol=2e-3)
    np.testing.assert_allclose(found.fitted[:20], case["fitted"], rtol=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_variances_and_correlations_are_those_of_nlme(name: str) -> None:
    case, found = CASES[name], fitted(name)
    residual = found.residual
    if residual.kind != "un":
        assert found.sigma == pytest.approx(case["sigma"], rel=1e-3)
        np.testing.assert_allclose(residual.sd_ratios, list(case["sd_ratios"].values()) if case["sd_ratios"] else [], rtol=1e-3)
    else:
        sds = case["sigma"] * np.array([case["sd_ratios"][age] for age in ("8", "10", "12", "14")])
        np.testing.assert_allclose(found.sigma * residual.sd_ratios, sds, rtol=1e-3)
        lower = residual.correlations[np.triu_indices(4, 1)]
        np.testing.assert_allclose(lower, case["correlation"], atol=1e-3)
    if residual.correlation is not None:
        assert residual.unit is not None or residual.kind == "cs"
        at_one = residual.correlation ** (1 / (residual.unit or 1)) if "car1" in name else residual.correlation
        assert at_one == pytest.approx(np.ravel(case["correlation"])[0], abs=1e-3)
    for effects, covariance in zip(reversed(found.groups), reversed(case["covariance"])):
        assert effects.covariance[0, 0] == pytest.approx(np.ravel(covariance)[0], rel=5e-3)
