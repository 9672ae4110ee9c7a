"""Predictions, residuals, leverage and Cook's distance of the reference fits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.results.predict import predict
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import report_of, table_of

NEAR_BOUNDARY = {"p35_hsb_sector_slopes", "p36_hsb_sector_meanses"}
"""lme4 stops a little short of correlation +1 on these two."""


def new_table(name: str, rows: list[dict[str, Any]]) -> Table:
    """Return new data of a case; texts of a category, which keeps its order, may be levels it does not have."""
    source = table_of(load_case(name)["data"])
    columns = []
    for key in rows[0]:
        texts = [row[key] for row in rows]
        if source[key].kind in CODED:
            labels = tuple(str(text) for text in texts)
            levels = (*source[key].levels, *dict.fromkeys(label for label in labels if label not in source[key].levels))
            codes = np.array([levels.index(label) for label in labels], dtype=np.int32)
            columns.append(Column(name=key, kind=Kind.CATEGORY, values=codes, levels=levels))
        elif any(isinstance(text, str) for text in texts):
            labels = tuple(str(text) for text in texts)
            levels = tuple(dict.fromkeys(labels))
            codes = np.array([levels.index(label) for label in labels], dtype=np.int32)
            columns.append(Column(name=key, kind=Kind.CATEGORY, values=codes, levels=levels))
        else:
            columns.append(Column(name=key, kind=Kind.NUMBER, values=np.array(texts, dtype=float)))
    return Table(columns=tuple(columns), row_ids=np.arange(1, len(rows) + 1))


@pytest.mark.parametrize("name", CASES)
def test_predictions(name: str) -> None:
    report, expected = report_of(name), load_case(name)["results"]["predictions"]
    found = predict(report, new_table(name, [row["newdata"] for row in expected]))
    # a hundred-thousandth of sigma, as the conditional modes; numbers far outside the data are larger than sigma
    sizes = np.maximum(report.sigma, np.abs([row["pred_fixed_only"] for row in expected]))
    close = (1e-3 if name in NEAR_BOUNDARY else 1e-5) * sizes
    known = np.isfinite(found.value)
    if name == "p17_orthodont_rank_deficient":  # R predicts where age in months is no longer 12 times the age
        assert np.array_equal(known, [row["newdata"]["age_months"] == 12 * row["newdata"]["age"] for row in expected])
    else:
        assert known.all()
    for key, values, bound in (
        ("pred_with_random", found.value, close),
        ("pred_fixed_only", found.average, close),
        # a millionth of itself; sigma and SE of the reference are good to that
        ("se_fixed_only", found.average_se, (1e-4 if name in NEAR_BOUNDARY else 2e-6) * found.average_se),
    ):
        wanted = np.array([row[key] for row in expected], dtype=float)
        assert np.all(np.abs(values - wanted)[known] <= bound[known]), key
    unseen = np.array([row["kind"].startswith("all grouping") for row in expected])
    for groups in found.groups:
        assert not groups.known[unseen].any() and not groups.sizes[unseen].any()
        assert groups.known[[row["kind"] == "existing rows" for row in expected]].all()
