from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mlgui.results.methods import bibtex, methods, references
from mlgui.results.report import Report
from mlgui.results.reporting import reporting_table
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec.formula import parse


def fitted(example: str, formula: str, **options: object) -> Report:
    table, structure, _ = open_example(example)
    return fit_model(table, structure, parse(formula, columns=table.names, **options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def hsb() -> Report:
    return fitted("hsb", "math ~ ses * sector + (ses | school)")


def test_the_methods_say_model_data_estimation_and_inference(hsb: Report) -> None:
    text = " ".join(methods(hsb))
    for words in ("math ~ ses * sector + (ses | school)", "160 schools", "7,185 students", "restricted maximum likelihood",
                  "Satterthwaite", "differences from Public", "boundary", "No row was left out",
                  "with their correlations"):  # fmt: skip
        assert words in text


def test_maximum_likelihood_is_not_called_restricted() -> None:
    report = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)", reml=False)
    text = " ".join(methods(report))
    assert "estimated by maximum likelihood" in text and "restricted" not in text
    assert "patterson1971" not in bibtex(report)


def test_every_citation_of_the_methods_has_its_reference(hsb: Report) -> None:
    text = " ".join(methods(hsb))
    known = references(hsb)
    assert all(reference.short in text for reference in known)
    entries = bibtex(hsb)
    assert entries.count("@") == len(known) and entries.count("{") == entries.count("}")
    assert len(set(re.findall(r"^@\w+\{(\w+),", entries, flags=re.MULTILINE))) == len(known)


def test_the_checklist_answers_every_item(hsb: Report) -> None:
    table = reporting_table(hsb, "ab" * 32)
    answers = dict(zip(table.columns[0].cells, table.columns[1].cells, strict=True))
    assert all(answers.values()) and len(answers) >= 25
    assert answers["SD between schools"] == "Intercept 1.95; ses 0.28" and answers["Residual SD"] == "6.07"
    assert answers["Groups: school"] == "160 schools; rows per group 14 to 67, median 47"
    assert answers["Rows"] == "7,185 used of 7,185" and answers["Boundary fit"] == "correlation +1"


def test_rows_left_out_are_counted_with_their_columns() -> None:
    table, structure, _ = open_example("sleepstudy")
    values = table["Days"].values.copy()
    values[:3] = float("nan")
    table = table.with_column(replace(table["Days"], values=values))
    report = fit_model(table, structure, parse("Reaction ~ Days + (1 | Subject)"))
    assert "3 rows were left out, as a value was missing in Days (complete cases)." in methods(report)[1]
    assert dict(zip(*(column.cells for column in reporting_table(report, "").columns), strict=True))[
        "Left out for missing values"] == "3 (Days 3)"  # fmt: skip
