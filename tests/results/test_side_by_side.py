from __future__ import annotations

from mlgui.results.compare import compare, ratio_of
from mlgui.results.side_by_side import Part, Row, rows
from tests.results.models import fitted, hsb, hsb_means


def by_label() -> dict[str, Row]:
    return {row.label: row for row in rows([hsb(), hsb_means()])}


def test_every_quantity_stands_once_in_its_part() -> None:
    found = rows([hsb(), hsb_means()])
    assert len({(row.part, row.label) for row in found}) == len(found)
    assert [row.part for row in found] == sorted((row.part for row in found), key=list(Part).index)
    spreads = [row.label for row in found if row.part is Part.SPREADS]
    assert spreads == ["Intercept by School", "SES by School", "Residual"]


def test_numbers_and_differences() -> None:
    found = by_label()
    sector = found["Sector: Catholic"]
    assert (sector.text(0), sector.text(1)) == ("2.13", "1.19")
    assert sector.difference(1, 0) == "\u22120.93" and sector.difference(0, 1) == "+0.93" and sector.difference(0, 0) == ""
    assert found["R² marginal"].text(0).endswith("%") and found["R² marginal"].difference(1, 0) == "+6 points"


def test_what_only_one_model_has() -> None:
    means = by_label()["MEANSES"]
    assert means.text(0) == "\u2013" and means.only_in(1, 0) and not means.only_in(0, 1)
    assert means.difference(1, 0) == "" and not by_label()["SES"].only_in(1, 0)


def test_agreement_is_no_difference() -> None:
    (first, *_) = rows([hsb(), hsb()])
    assert first.difference(1, 0) == ""


def test_a_model_without_groups_has_no_correlations() -> None:
    found = rows([fitted("Reaction ~ Days", "sleepstudy.csv")])
    assert {row.part for row in found} <= {Part.AVERAGES, Part.SPREADS, Part.SHARES}
    assert [row.label for row in found if row.part is Part.SPREADS] == ["Residual"]


def test_any_two_models_can_be_tested() -> None:
    small, middle, large = (
        fitted(f"Reaction ~ {fixed}", "sleepstudy.csv")
        for fixed in ("1 + (1 | Subject)", "Days + (1 | Subject)", "Days + (Days | Subject)")
    )
    compared = compare([small, middle, large])
    test = ratio_of(compared, 2, 0)
    assert test is not None and (test.smaller, test.larger, test.df) == (0, 2, 3) and test.upper_bound
    assert test.chi2 == compared.models[0].estimates.criterion - compared.models[2].estimates.criterion
    assert ratio_of(compared, 1, 1) is None
