"""Lines along one predictor, everything else held."""

from __future__ import annotations

import numpy as np

from mlgui.data.table import Column, Kind
from mlgui.results.along import Along, line_columns
from tests.results.models import load_table, report_of


def test_a_number_taken_as_a_category_is_held_at_its_most_frequent_level() -> None:
    table = load_table("hsb.csv")
    place = np.arange(table.n_rows) % 5 // 2  # 0, 0, 1, 1, 2: the mean is no level
    table = table.with_column(Column(name="w", kind=Kind.NUMBER, values=place.astype(np.float64)))
    report = report_of("MathAch ~ SES + factor(w) + (SES | School)", table)
    assert line_columns(report, "School") == ("SES",)
    along = Along.of(report, "School", "SES")
    assert along.others == ("w",)
    x, y = along.partial(0)
    a, b = report.groups[0].total[0]
    at = {0: 0.0, 1: report.fixed[2].estimate, 2: report.fixed[3].estimate}
    rows = report.design.problem.groupings[0].codes == 0
    held = np.bincount(place[rows]).argmax()
    np.testing.assert_allclose(y, a + b * x + at[held], rtol=1e-12)  # rounding of a sum of four
