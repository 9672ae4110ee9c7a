from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.data.structure import find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.findings import Finding, Severity
from mlgui.spec import edits
from mlgui.spec.checks import check
from mlgui.spec.formula import parse
from mlgui.spec.render import render
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import table_of
from tests.spec.tables import labels, numbers, schools, table


def findings(text: str, found: Table, weights: str | None = None) -> tuple[Finding, ...]:
    return check(parse(text, weights=weights), found, find_structure(found))


def codes(text: str, found: Table, weights: str | None = None) -> list[str]:
    return [finding.code for finding in findings(text, found, weights)]


def with_values(name: str, values: list[float] | np.ndarray) -> Table:
    return schools().with_column(numbers(name, values))


def test_a_sound_model_has_no_findings() -> None:
    assert codes("math ~ ses * sector + (ses | school)", schools()) == []


@pytest.mark.parametrize("name", CASES)
def test_reference_cases_can_be_fitted(name: str) -> None:
    case = load_case(name)
    found = table_of(case["data"])
    spec = parse(case["formula"], reml=case["reml"], weights=case.get("weights"))
    assert all(finding.severity is not Severity.ERROR for finding in check(spec, found, find_structure(found)))


@pytest.mark.parametrize(
    ("text", "code", "about"),
    [
        ("sector ~ ses + (1 | school)", "outcome-kind", "sector"),
        ("school ~ ses + (1 | sector)", "outcome-kind", "school"),
        ("math ~ math + (1 | school)", "outcome-twice", "math"),
        ("maths ~ ses + (1 | school)", "unknown-column", "maths"),
    ],
)
def test_errors(text: str, code: str, about: str) -> None:
    (first, *_) = findings(text, schools())
    assert (first.code, first.severity, first.about) == (code, Severity.ERROR, (about,))


def test_unknown_columns_come_with_a_suggestion() -> None:
    assert "Did you mean “math”?" in findings("maths ~ ses + (1 | school)", schools())[0].text


def test_outcomes_that_do_not_vary_or_have_few_values() -> None:
    assert codes("math ~ ses + (1 | school)", with_values("math", np.ones(30))) == ["constant-outcome"]
    assert codes("math ~ ses + (1 | school)", with_values("math", np.arange(30) % 2)) == ["binary-outcome"]
    assert codes("math ~ ses + (1 | school)", with_values("math", np.arange(30) % 5)) == ["few-valued-outcome"]
    flag = Column(name="pass", kind=Kind.BOOLEAN, values=np.arange(30, dtype=np.int32) % 2, levels=("false", "true"))
    assert codes("pass ~ ses + (1 | school)", schools().with_column(flag)) == ["binary-outcome"]


def test_labelled_codes_can_be_an_outcome() -> None:
    values = np.arange(30, dtype=np.int32) % 3
    column = Column(name="item", kind=Kind.LABELLED, values=values, levels=("no", "so", "yes"), level_codes=(1.0, 2.0, 3.0))
    assert codes("item ~ ses + (1 | school)", schools().with_column(column)) == ["few-valued-outcome"]


def test_rows_and_values() -> None:
    assert codes("math ~ ses + (1 | school)", with_values("ses", [np.nan] * 30)) == ["no-rows"]
    infinite = np.r_[np.inf, np.arange(29.0)]
    (first, *_) = check(parse("math ~ ses + (1 | school)"), with_values("ses", infinite))
    assert (first.code, first.severity) == ("infinite-values", Severity.ERROR)
    assert "row 1." in first.text
    assert codes("math ~ ses + (1 | school)", with_values("ses", np.ones(30))) == ["no-variation"]


def test_why_no_row_can_be_used_is_said_as_it_is() -> None:
    weightless = findings("math ~ ses + (1 | school)", with_values("w", np.zeros(30)), "w")
    assert [finding.code for finding in weightless] == ["no-rows"]
    assert "is 0 in every row" in weightless[0].text
    table = schools()
    columns = tuple(replace(column, values=column.values[:0]) for column in table.columns)
    (empty,) = findings("math ~ ses + (1 | school)", replace(table, columns=columns, row_ids=table.row_ids[:0]))
    assert empty.text.startswith("The table has no rows")


def test_weights() -> None:
    assert codes("math ~ ses + (1 | school)", with_values("w", np.r_[-1.0, np.ones(29)]), "w") == ["weights"]
    assert codes("math ~ ses + (1 | school)", with_values("w", np.r_[0.0, np.ones(29)]), "w") == ["zero-weights"]
    assert codes("math ~ ses + (1 | school)", schools(), "sector") == ["weights"]


def test_groups_that_cannot_carry_the_model() -> None:
    found = schools()
    assert codes("math ~ ses", found) == ["no-groups"]
    one = found.with_column(labels("school", ["s"] * 30))
    assert codes("math ~ ses + (1 | school)", one) == ["one-group"]
    each = found.with_column(labels("school", [f"s{k}" for k in range(30)], kind=Kind.ID))
    assert codes("math ~ ses + (1 | school)", each) == ["one-row-per-group"]
    assert codes("math ~ ses + (ses | sex)", found) == ["few-groups-for-slopes"]
    pairs = found.with_column(labels("school", [f"s{k // 2}" for k in range(30)]))
    assert codes("math ~ ses + (ses | school)", pairs) == ["too-many-varying"]
    assert codes("math ~ ses + (ses || school)", pairs) == []


def test_slopes_that_say_little() -> None:
    found = schools()
    assert codes("math ~ sector + (sector | school)", found) == ["slope-constant-in-groups"]
    assert codes("math ~ 1 + (ses | school)", found) == ["slope-without-average"]
    assert codes("math ~ sex + (sex || school)", found) == ["uncorrelated-category"]


def test_a_category_of_many_levels_is_offered_as_groups() -> None:
    found = table(
        numbers("y", np.arange(120) + 0.5 * np.sin(np.arange(120))),
        labels("id", [f"p{k % 40:02}" for k in range(120)], kind=Kind.ID),
        labels("g", [f"g{k % 6}" for k in range(120)]),
    )
    (finding,) = findings("y ~ id + (1 | g)", found)
    assert finding.code == "many-levels"
    remedy = finding.remedies[0]
    changed = getattr(edits, remedy.edit)(parse("y ~ id + (1 | g)"), **dict(remedy.arguments))
    assert render(changed) == "y ~ 1 + (1 | g) + (1 | id)"


def test_labels_used_again_are_asked_about() -> None:
    found = table_of("pastes.csv")
    text = "strength ~ 1 + (1 | batch) + (1 | cask)"
    (finding,) = findings(text, found)
    assert finding.code == "reused-labels"
    remedy = finding.remedies[0]
    changed = getattr(edits, remedy.edit)(parse(text), **dict(remedy.arguments))
    assert render(changed) == "strength ~ 1 + (1 | batch) + (1 | cask:batch)"
    (note,) = findings("strength ~ 1 + (1 | batch/cask)", found)
    assert (note.code, note.severity) == ("reused-labels", Severity.NOTE)
    back = getattr(edits, note.remedies[0].edit)(parse("strength ~ 1 + (1 | batch/cask)"), **dict(note.remedies[0].arguments))
    assert render(back) == "strength ~ 1 + (1 | cask) + (1 | batch)"
    assert codes("strength ~ 1 + (1 | sample) + (1 | batch)", found) == []


def test_every_remedy_can_be_applied() -> None:
    found = schools()
    texts = [
        "math ~ ses + (ses | sex)", "math ~ sector + (sector | school)", "math ~ 1 + (ses | school)",
        "math ~ sex + (sex || school)", "math ~ school + (1 | sector)",
    ]  # fmt: skip
    for text in texts:
        for finding in findings(text, found):
            for remedy in finding.remedies:
                spec = parse(text)
                assert getattr(edits, remedy.edit)(spec, **dict(remedy.arguments)) != spec


def test_errors_come_first() -> None:
    severities = [finding.severity for finding in findings("math ~ math + (sector | school)", schools())]
    assert severities[0] is Severity.ERROR
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING, Severity.NOTE].index)
