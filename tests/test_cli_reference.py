"""`mlgui fit --json` on every reference fit by R: the same keys must hold the same numbers.

Tolerances are those the references are good for (`tests/reference/README.md`): theta is polished to about 1e-8, 1e-6 in
flat directions; degrees of freedom come from numerical derivatives; boundary fits have no second digit beyond those given.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlgui.cli import main

from .reference.files import CASES, HERE, load_case, load_levels


def arguments_for(case: dict[str, Any]) -> list[str]:
    data = case["data"]
    levels = load_levels(data)
    formula = case["formula"]
    arguments = ["fit", str(HERE / "data" / data), "--formula", formula]
    for name, labels in levels.items():
        if name in formula and len(labels) < 400:
            arguments += ["--category", f"{name}={','.join(labels)}"]
        elif name in formula:
            arguments += ["--category", name]
    if not case["reml"]:
        arguments.append("--ml")
    if case.get("weights"):
        arguments += ["--weights", case["weights"]]
    return arguments


@pytest.mark.parametrize("name", CASES)
def test_the_json_holds_the_numbers_of_the_reference(name: str, tmp_path: Path) -> None:
    case = load_case(name)
    expected = case["results"]
    assert main([*arguments_for(case), "--json", str(tmp_path / "fit.json")]) == 0
    found = json.loads((tmp_path / "fit.json").read_text("utf-8"))
    singular = expected["singular"]
    on_boundary = name.startswith(("p35", "p36"))

    for key in ("nobs", "n_groups", "dropped_columns", "singular"):
        assert found[key] == expected[key], key
    assert found["rows_dropped"] == expected["rows_dropped_missing"]
    close = 1e-5 if on_boundary or expected["nobs"] > 10_000 else 1e-6
    assert found["criterion"] == pytest.approx(expected["criterion"]["value"], abs=close)
    for key in ("AIC", "BIC"):
        assert found[key] == pytest.approx(expected[key], abs=close)
    assert found["sigma"] == pytest.approx(expected["sigma"], rel=1e-5)
    assert list(found["theta"]) == list(expected["theta"])
    for key, value in expected["theta"].items():
        assert found["theta"][key] == pytest.approx(value, rel=1e-5, abs=1e-3 if singular else 1e-7), key
    check_fixed_effects(found, expected, df=not singular)
    check_components(found, expected, loose=on_boundary)
    check_groups(found, expected, loose=singular)


def check_fixed_effects(found: dict[str, Any], expected: dict[str, Any], *, df: bool) -> None:
    assert [effect["term"] for effect in found["fixed_effects"]] == [effect["term"] for effect in expected["fixed_effects"]]
    for ours, theirs in zip(found["fixed_effects"], expected["fixed_effects"], strict=True):
        # A millionth of the standard error; ten times that at the boundary, where theta itself is less certain.
        slack = (1e-6 if df else 1e-5) * theirs["se"] + 1e-9 * abs(theirs["estimate"])
        assert ours["estimate"] == pytest.approx(theirs["estimate"], abs=slack)
        assert ours["se"] == pytest.approx(theirs["se"], rel=1e-6 if df else 1e-4)
        if df:
            assert ours["df"] == pytest.approx(theirs["df_satterthwaite"], rel=1e-3)
            assert ours["ci_low"] == pytest.approx(theirs["ci95_satt_lo"], abs=1e-3 * theirs["se"])
    scale = np.sqrt(np.diag(expected["vcov_fixed"]["values"]))
    ours = np.array(found["vcov_fixed"]["values"]) / np.outer(scale, scale)
    theirs = np.array(expected["vcov_fixed"]["values"]) / np.outer(scale, scale)
    np.testing.assert_allclose(ours, theirs, atol=1e-5 if df else 1e-4)


def check_components(found: dict[str, Any], expected: dict[str, Any], *, loose: bool) -> None:
    ours, theirs = found["variance_components"], expected["variance_components"]
    of_ours = {(component["group"], *component["terms"]): component for component in ours["components"]}
    assert set(of_ours) == {(component["group"], *component["terms"]) for component in theirs["components"]}
    for b in theirs["components"]:
        a = of_ours[b["group"], *b["terms"]]
        for term, sd in b["sd"].items():
            assert a["sd"][term] == pytest.approx(sd, rel=1e-3 if loose else 1e-5, abs=1e-6)
        assert (a["corr"] is None) == (b["corr"] is None)
        if b["corr"] is not None and None not in np.ravel(b["corr"]["values"]):
            np.testing.assert_allclose(a["corr"]["values"], b["corr"]["values"], atol=1e-4)


def check_groups(found: dict[str, Any], expected: dict[str, Any], *, loose: bool) -> None:
    theirs = {entry["group"]: entry for entry in expected["random_effects"]}
    assert {entry["group"] for entry in found["random_effects"]} == set(theirs)
    for ours in found["random_effects"]:
        reference = theirs[ours["group"]]
        columns = [ours["terms"].index(term) for term in reference["terms"]]
        place = {level: row for row, level in enumerate(ours["levels"])}
        rows = [place[level] for level in reference["levels"]]
        sd = np.maximum(np.array(reference["cond_sd"], dtype=float), 1e-8)
        slack = 1e-3 if loose else 1e-5
        mode = np.array(ours["mode"])[np.ix_(rows, columns)]
        assert np.max(np.abs(mode - np.array(reference["mode"])) / sd) < slack or np.allclose(mode, 0, atol=1e-6)
        for key in ("cond_sd", "pred_error_sd"):
            if key not in reference:  # the largest cases list no prediction errors
                continue
            values = np.array(ours[key])[np.ix_(rows, columns)]
            np.testing.assert_allclose(values, np.array(reference[key], dtype=float), rtol=10 * slack, atol=slack)
