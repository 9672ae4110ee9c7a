"""Names and structure of all reference fits are lme4's."""

from __future__ import annotations

import pytest

from mlgui.design.build import build
from mlgui.design.design import Design
from mlgui.spec.formula import parse
from mlgui.spec.render import render
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import table_of


def design_of(name: str) -> Design:
    case = load_case(name)
    table = table_of(case["data"])
    return build(parse(case["formula"], columns=table.names, reml=case["reml"], weights=case.get("weights")), table)


def blocks(design: Design) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.grouping.name, tuple(each.names[i] for i in block)) for each in design.groupings for block in each.blocks]


@pytest.mark.parametrize("name", CASES)
def test_names_rows_and_groups_are_those_of_lme4(name: str) -> None:
    design, results = design_of(name), load_case(name)["results"]
    dropped = results["dropped_columns"]
    names = [coefficient.name for coefficient in design.coefficients]
    assert [each for each in names if each not in dropped] == [effect["term"] for effect in results["fixed_effects"]]
    assert set(dropped) <= set(names)
    assert design.problem.n == results["nobs"]
    assert (design.table.row_ids[design.dropped_rows]).tolist() == results["rows_dropped_missing"]
    assert {each.grouping.name: len(each.levels) for each in design.groupings} == results["n_groups"]
    components = [(each["lme4_name"], tuple(each["terms"])) for each in results["variance_components"]["components"]]
    groups = tuple(results["n_groups"])
    assert blocks(design) == [(given if given in groups else given.rsplit(".", 1)[0], terms) for given, terms in components]


@pytest.mark.parametrize("name", CASES)
def test_theta_and_levels_are_in_the_order_of_lme4(name: str) -> None:
    design, results = design_of(name), load_case(name)["results"]
    theta = [
        ".".join([group, *dict.fromkeys((terms[row], terms[column]))])
        for group, terms in blocks(design)
        for column in range(len(terms))
        for row in range(column, len(terms))
    ]
    assert theta == list(results["theta"])
    for each in design.groupings:
        listed = next(e["levels"] for e in results["random_effects"] if e["group"] == each.grouping.name)
        if len(each.levels) == len(listed):
            assert list(each.levels) == [str(level) for level in listed]


@pytest.mark.parametrize("name", CASES)
def test_formulas_come_back(name: str) -> None:
    case = load_case(name)
    spec = parse(case["formula"])
    assert parse(render(spec)) == spec
