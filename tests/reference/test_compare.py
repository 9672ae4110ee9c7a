"""Likelihood-ratio tests and criteria against R's anova of two fits."""

from __future__ import annotations

import pytest

from mlgui.results.compare import compare
from mlgui.results.likelihood_ratio import NullDistribution
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import report_of as case_report
from tests.reference.pipeline import table_of
from tests.results.models import report_of

WITH_TESTS = [(name, index) for name in CASES for index, _ in enumerate(load_case(name)["results"].get("lrt", ()))]
NEAR_BOUNDARY = {"p35_hsb_sector_slopes", "p36_hsb_sector_meanses"}


@pytest.mark.parametrize(("name", "index"), WITH_TESTS)
def test_lrt(name: str, index: int) -> None:
    case = load_case(name)
    expected = case["results"]["lrt"][index]
    null = report_of(expected["null"], table_of(case["data"]), reml=case["reml"], comparators=False)
    # forced to ML as the reference: a model by ML in the list
    alternative = report_of(expected["alternative"], table_of(case["data"]), reml=False, comparators=False)
    assert case_report(name).n == alternative.n
    found = compare([null, alternative])
    assert found.method == "ML"
    close = 1e-4 if name in NEAR_BOUNDARY else 2e-6
    logs = [model.estimates.log_likelihood for model in found.models]
    assert logs == pytest.approx([expected["logLik_null"], expected["logLik_alt"]], abs=close)
    (test,) = found.tests
    assert (test.smaller, test.larger) == (0, 1)
    assert test.chi2 == pytest.approx(expected["chisq"], abs=4 * close)
    assert test.df == expected["df"]
    assert test.ratio.p_chi_square == pytest.approx(expected["p"], rel=1e-4) and test.p <= test.ratio.p_chi_square
    assert [model.estimates.aic for model in found.models] == pytest.approx(expected["AIC"], abs=4 * close)
    assert [model.estimates.bic for model in found.models] == pytest.approx(expected["BIC"], abs=4 * close)
    same_variances = len(found.models[0].estimates.theta) == len(found.models[1].estimates.theta)
    assert (test.ratio.null is NullDistribution.CHI_SQUARE) == same_variances
