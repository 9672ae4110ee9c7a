from __future__ import annotations

from dataclasses import replace

from mlgui.data.structure import find_structure
from mlgui.data.table import Table
from mlgui.spec.formula import parse
from mlgui.spec.wording import Style, by_level, combined, sentence
from tests.reference.pipeline import table_of
from tests.spec.tables import schools


def lines(text: str, data: str | Table, *, distributions: bool = False) -> list[str]:
    found = table_of(data) if isinstance(data, str) else data
    spec = parse(text, columns=found.names)
    return [f"{line.level}: {line.plain}" for line in by_level(spec, found, find_structure(found), distributions=distributions)]


def test_the_first_model_of_the_screens() -> None:
    assert lines("math ~ ses * sector + (ses | school)", schools()) == [
        "Students: math_i = α_j[i] + β_j[i] ses_i + ε_i",
        "Schools: α_j = a_0 + b_0 sector_j + η_αj",
        "Schools: β_j = a_1 + b_1 sector_j + η_βj",
    ]


def test_the_second_model_of_the_screens() -> None:
    assert lines("math ~ ses * sector + ses * mean_ses + (ses | school)", schools()) == [
        "Students: math_i = α_j[i] + β_j[i] ses_i + ε_i",
        "Schools: α_j = a_0 + b_0 sector_j + c_0 mean_ses_j + η_αj",
        "Schools: β_j = a_1 + b_1 sector_j + c_1 mean_ses_j + η_βj",
    ]


def test_one_varying_intercept_needs_no_numbers() -> None:
    assert lines("math ~ ses + sector + (1 | school)", schools()) == [
        "Students: math_i = α_j[i] + β ses_i + ε_i",
        "Schools: α_j = a + b sector_j + η_j",
    ]


def test_estimated_letters_know_their_coefficient() -> None:
    found = schools()
    written = by_level(parse("math ~ ses * sector + sex + (ses | school)"), found, find_structure(found))
    estimated = [(run.text, run.coefficient) for line in written for run in line.runs if run.style is Style.ESTIMATED]
    assert [pair for pair in estimated if not pair[0].isdigit()] == [
        ("γ", "sexm"), ("a", "(Intercept)"), ("b", "sectorCatholic"), ("a", "ses"), ("b", "ses:sectorCatholic"),
    ]  # fmt: skip


def test_nested_groups() -> None:
    assert lines("Thickness ~ Source + (1 | Lot/Wafer)", "oxide.csv") == [
        "Observations: Thickness_i = α_j[i] + β_k[i] + ε_i",
        "Wafers in lots: α_j = η_αj",
        "Lots: β_k = a + b Source_k + η_βk",
    ]


def test_crossed_groups_and_a_transformed_outcome() -> None:
    assert lines("log(diameter) ~ 1 + (1 | plate) + (1 | sample)", "penicillin.csv") == [
        "Observations: log(diameter)_i = α_j[i] + β_k[i] + ε_i",
        "Plates: α_j = η_αj",
        "Samples: β_k = a + η_βk",
    ]


def test_categories_of_several_levels_and_data_level_predictors() -> None:
    assert (
        lines("math ~ region + sex:ses + (1 | school)", schools())[1]
        == "Schools: α_j = a + b region[south]_j + c region[west]_j + η_j"
    )
    first = lines("angle ~ temperature + (1 | replicate)", "cake.csv")[0]
    assert first == "Observations: angle_i = α_j[i] + β_temperature[i] + ε_i"


def test_a_slope_without_intercept_keeps_alpha_for_the_average() -> None:
    assert lines("Reaction ~ Days + (0 + Days | Subject)", "sleepstudy.csv") == [
        "Observations: Reaction_i = α + β_j[i] Days_i + ε_i",
        "Subjects: β_j = a + η_j",
    ]


def test_distributions() -> None:
    found = schools()
    assert lines("math ~ ses + (ses | school)", found, distributions=True)[-2:] == [
        "Students: ε_i ~ N(0, σ^2)",
        "Schools: (η_αj, η_βj) ~ N(0, Σ_αβ)",
    ]
    assert lines("math ~ ses + (ses || school)", found, distributions=True)[-2:] == [
        "Schools: η_αj ~ N(0, σ_α^2)",
        "Schools: η_βj ~ N(0, σ_β^2)",
    ]
    weighted = by_level(replace(parse("math ~ 1 + (1 | school)"), weights="ses"), found, distributions=True)
    assert weighted[2].plain == "ε_i ~ N(0, σ^2 / ses_i)"


def test_all_in_one_equation() -> None:
    found = schools()
    spec = parse("math ~ ses * sector + sex + offset(mean_ses) + (ses | school)")
    assert combined(spec, found, find_structure(found))[0].plain == (
        "math_i = a_0 + b_0 sector_j[i] + a_1 ses_i + b_1 sector_j[i] ses_i + γ sex_i + (mean_ses_i) "
        "+ η_αj[i] + η_βj[i] ses_i + ε_i"
    )


def test_many_coefficients_find_letters() -> None:
    names = [f"x{k}" for k in range(40)]
    plain = by_level(parse("y ~ " + " + ".join(names) + " + (1 | g)"))[0].plain
    letters = [part.split(" ")[0] for part in plain.split(" + ")]
    assert len(set(letters)) == len(letters)


def test_sentences() -> None:
    found = schools()
    spec = parse("math ~ ses * sector + (ses | school)")
    assert sentence(spec, found, find_structure(found)) == (
        "math depends on ses, sector and ses × sector. Intercepts and slopes of ses vary between schools and may be correlated. "
        "Between schools, intercepts are explained by sector. Between schools, slopes of ses are explained by sector. "
        "Fitted by restricted maximum likelihood (REML)."
    )
    other = parse("math ~ 0 + ses + offset(mean_ses) + (ses || school)", reml=False, weights="w")
    assert sentence(other) == (
        "math depends on ses. There is no average intercept. Intercepts and slopes of ses vary between schools, independently of "
        "one another. A part of the outcome is known: mean_ses. Rows are weighted by w. Fitted by maximum likelihood (ML)."
    )
    assert sentence(parse("math ~ 1")).startswith("math varies around its mean.")
