from __future__ import annotations

from mlgui.data.structure import find_structure
from mlgui.spec.formula import parse
from mlgui.spec.terms import INTERCEPT, Term
from mlgui.spec.two_level import coefficient_matrix, group_models, term_label, two_level
from tests.reference.pipeline import table_of
from tests.spec.tables import labels, numbers, schools, table

Matrix = list[tuple[str, bool, list[str]]]


def matrix(text: str, data: str) -> Matrix:
    found = table_of(data)
    rows = coefficient_matrix(parse(text), found, find_structure(found))
    return [(row.label, row.average, ["x" if c.varies else c.reason or "-" for c in row.cells]) for row in rows]


def explained(text: str, data: str) -> list[tuple[str, str, list[str]]]:
    found = table_of(data)
    return [
        (model.grouping.name, term_label(model.coefficient), [term_label(term) for term in model.explained_by])
        for model in group_models(parse(text), found, find_structure(found))
    ]


HSB1 = "MathAch ~ SES * Sector + (SES | School)"
HSB2 = "MathAch ~ SES * Sector + SES * MEANSES + (SES | School)"


def test_the_matrix_of_the_first_model_of_the_screens() -> None:
    assert matrix(HSB1, "hsb.csv") == [
        ("Intercept", True, ["x"]),
        ("SES", True, ["x"]),
        ("Sector", True, ["constant in a school"]),
        ("SES × Sector", True, ["covered by SES"]),
    ]


def test_the_matrix_of_the_second_model_of_the_screens() -> None:
    assert matrix(HSB2, "hsb.csv")[-3:] == [
        ("MEANSES", True, ["constant in a school"]),
        ("SES × Sector", True, ["covered by SES"]),
        ("SES × MEANSES", True, ["covered by SES"]),
    ]


def test_what_explains_the_coefficients() -> None:
    assert explained(HSB1, "hsb.csv") == [("School", "Intercept", ["Sector"]), ("School", "SES", ["Sector"])]
    assert explained(HSB2, "hsb.csv") == [
        ("School", "Intercept", ["Sector", "MEANSES"]),
        ("School", "SES", ["Sector", "MEANSES"]),
    ]


def test_several_groupings_have_a_column_each() -> None:
    rows = matrix("Thickness ~ Source + (1 | Lot/Wafer)", "oxide.csv")
    assert rows == [
        ("Intercept", True, ["x", "x"]),
        ("Source", True, ["constant in a wafer in lot", "constant in a lot"]),
    ]


def test_a_predictor_of_the_coarser_groups_explains_those() -> None:
    assert explained("Thickness ~ Source + (1 | Lot/Wafer)", "oxide.csv") == [
        ("Wafer:Lot", "Intercept", []),
        ("Lot", "Intercept", ["Source"]),
    ]


def test_a_coefficient_that_varies_without_an_average_has_a_row() -> None:
    rows = matrix("MathAch ~ 1 + (SES | School)", "hsb.csv")
    assert rows[-1] == ("SES", False, ["x"])


def test_group_means_are_group_level() -> None:
    rows = matrix("MathAch ~ center(SES, School) + mean(SES, School) + (1 | School)", "hsb.csv")
    assert rows[1:] == [
        ("center(SES, School)", True, ["-"]),
        ("mean of SES by School", True, ["constant in a school"]),
    ]


def test_without_structure_the_table_is_asked() -> None:
    found = schools()
    rows = coefficient_matrix(parse("math ~ ses * sector + (1 | school)"), found)
    assert [row.cells[0].reason for row in rows] == ["", "", "constant in a school", "covered by ses"]


def test_labels_that_are_used_again_make_groups_together_only() -> None:
    found = table(
        labels("batch", ["A", "A", "A", "A", "B", "B", "B", "B"]),
        labels("cask", ["a", "a", "b", "b", "a", "a", "b", "b"]),
        numbers("age", [1, 1, 2, 2, 3, 3, 4, 4]),
        numbers("y", range(8)),
    )
    rows = coefficient_matrix(parse("y ~ age + (1 | batch) + (1 | cask) + (1 | cask:batch)"), found)
    assert [cell.reason for cell in rows[1].cells] == ["", "", "constant in a cask in batch"]


def test_every_fixed_coefficient_has_one_home() -> None:
    found = table_of("hsb.csv")
    spec = parse("MathAch ~ SES * Sector + Minority + (SES | School)")
    view = two_level(spec, found, find_structure(found))
    homes = [part.column.name for item in view.varying for part in item.explained_by]
    assert homes == ["(Intercept)", "SectorCatholic", "SES", "SES:SectorCatholic"]
    assert [column.name for column in view.data_level] == ["MinorityYes"]


def test_blocks_tell_what_is_correlated() -> None:
    view = two_level(parse("y ~ x + (x || g)"))
    assert [item.block for item in view.varying] == [0, 1]
    assert term_label(INTERCEPT) == "Intercept"
    assert term_label(Term(())) == "Intercept"
