"""What this means: the words for several shapes of model."""

from __future__ import annotations

from dataclasses import replace

from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.results.summarise import summarise
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast
from tests.results.models import case_report, hsb, hsb_means, load_table


def test_the_first_screen_in_words() -> None:
    assert hsb().sentences == (
        "Where SES is 0 (about its average) and Sector is Public, MathAch is 11.8 on average.",
        "Where Sector is Public, each unit of SES goes with 3.0 more MathAch (95 % interval 2.7 to 3.2).",
        "Where Sector is Catholic, MathAch is 2.1 higher than for Public (95 %: 1.4 to 2.8), and SES matters less there: "
        "1.6 instead of 3.0 per unit.",
        "Beyond Sector, schools still differ by about ±2.0 in MathAch and by about ±0.28 in the slope of SES (SD).",
        "Within schools, students differ by about ±6.1 in MathAch.",
    )


def test_a_product_of_two_numbers_is_read_as_a_changing_slope() -> None:
    assert "With each unit of MEANSES, the slope of SES rises by 0.85 (95 % interval 0.31 to 1.38)." in hsb_means().sentences


def test_zero_outside_the_data_is_said() -> None:
    assert "outside the data, which run from 8 to 14" in case_report("p17_orthodont_rank_deficient").sentences[0]


def test_a_zero_variance_is_not_called_a_difference() -> None:
    assert "Batches show no difference in level beyond chance." in case_report("p09_dyestuff2_singular").sentences


def test_nested_groups_are_named_inside_each_other() -> None:
    sentences = case_report("p11_pastes_nested_slash").sentences
    assert sentences[1].startswith("Casks in batches differ by about")
    assert sentences[-1].startswith("Within casks in batches, observations")


def test_a_model_without_an_intercept_reads_levels_as_means() -> None:
    assert case_report("p16_orthodont_no_intercept").sentences[0].startswith("Where Sex is Male, distance is 25.0 on average")


def test_long_models_are_cut_with_a_pointer_to_the_table() -> None:
    assert "The remaining coefficients are in the table." in case_report("p13_cake_factorial").sentences


def test_unclear_coefficients_are_not_given_a_direction() -> None:
    assert any(
        sentence.startswith("Where recipe is B, angle does not clearly differ from A (95 %: ")
        for sentence in case_report("p13_cake_factorial").sentences
    )


def test_sum_contrasts_have_no_level_to_speak_of() -> None:
    table = load_table("orthodont.csv")
    spec = replace(parse("distance ~ age + Sex + (1 | Subject)"), codings=(Coding(column="Sex", contrast=Contrast.SUM),))
    design = build(spec, table)
    sentences = summarise(design, fit(design.problem)).sentences
    assert not any("Sex is" in sentence for sentence in sentences)
    assert any("each unit of age" in sentence.lower() for sentence in sentences)
