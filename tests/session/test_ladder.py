from __future__ import annotations

import pytest

from mlgui.data.structure import Structure
from mlgui.session.document import Document
from mlgui.session.examples import open_example
from mlgui.session.ladder import add_ladder, ladder
from mlgui.spec.formula import parse
from mlgui.spec.render import render


@pytest.fixture(scope="module")
def structure() -> Structure:
    return open_example("hsb")[1]


def steps(formula: str, structure: Structure) -> dict[str, str]:
    return {name: render(spec) for name, spec in ladder(parse(formula), structure)}


FULL = {
    "Null": "math ~ 1 + (1 | school)",
    "Intercepts": "math ~ ses + sector + (1 | school)",
    "Slopes": "math ~ ses + sector + (ses | school)",
    "Cross-level": "math ~ ses * sector + (ses | school)",
}


@pytest.mark.parametrize("formula", ["math ~ ses + sector + (1 | school)", "math ~ ses * sector + (ses | school)"])
def test_the_steps_towards_a_model(formula: str, structure: Structure) -> None:
    assert steps(formula, structure) == FULL


def test_without_group_level_predictors_there_is_no_last_step(structure: Structure) -> None:
    assert list(steps("math ~ ses + (1 | school)", structure)) == ["Null", "Intercepts", "Slopes"]


def test_without_predictors_there_is_the_null_model(structure: Structure) -> None:
    assert steps("math ~ 1 + (1 | school)", structure) == {"Null": "math ~ 1 + (1 | school)"}


def test_interactions_within_a_level_stay_in_every_step(structure: Structure) -> None:
    found = steps("math ~ ses * minority + (1 | school)", structure)
    assert found["Intercepts"] == "math ~ ses * minority + (1 | school)"


def test_uncorrelated_slopes_keep_one_intercept(structure: Structure) -> None:
    found = steps("math ~ ses + (ses || school)", structure)
    assert found["Null"].count("school") == 1 and found["Slopes"] == "math ~ ses + (ses || school)"


def test_a_model_without_groups_has_no_ladder(structure: Structure) -> None:
    assert ladder(parse("math ~ ses"), structure) == ()


def test_missing_steps_are_added_and_taken_back_at_once() -> None:
    document = Document()
    document.open(*open_example("hsb"))
    active, before = document.snapshot.active, document.snapshot.models
    assert add_ladder(document) == 3  # the last step is the first model itself
    assert [model.name for model in document.snapshot.models] == ["Model 1", "Model 2", "Null", "Intercepts", "Slopes"]
    assert document.snapshot.active == active and add_ladder(document) == 0
    document.undo()
    assert document.snapshot.models == before


def test_an_empty_document_has_no_ladder() -> None:
    assert add_ladder(Document()) == 0
