"""A fitted model: its coefficients, variances, groups and fitted values as data frames."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from mlgui.scripting.frames import frame

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.results.report import Report


class Fitted:
    """What every fit says, as data frames; `report` holds everything the window and the files show."""

    def __init__(self, report: Report, index: pd.Index[Any]) -> None:
        self.report = report
        self._index = index

    @property
    def coefficients(self) -> pd.DataFrame:
        """Average coefficients, one a row: term, level, estimate, se, df, t, p, ci_low, ci_high (Satterthwaite, 95 %).

        `coefficients_by` has other degrees of freedom. The example of the package shows one.
        """
        return frame(self.report.fixed, ("name", "level", "estimate", "se", "df", "t", "p", "low", "high"))

    @property
    def variance_components(self) -> pd.DataFrame:
        """What varies, one coefficient a row: group, term, sd, variance, identified; last the residual.

        identified: whether the data tell it; where not, the number is one of many that fit equally well.
        """
        import pandas as pd

        from mlgui.results.identified_checks import identified

        rows = [
            (component.grouping, name, float(sd), float(sd) ** 2, known)
            for component in self.report.variance
            for name, sd, known in zip(component.names, component.sd, identified(self.report, component), strict=True)
        ]
        rows.append(("Residual", "", self.report.sigma, self.report.sigma**2, True))
        return pd.DataFrame(rows, columns=["group", "term", "sd", "variance", "identified"])

    @property
    def residual_structure(self) -> pd.DataFrame:
        """SDs and correlations of a model with a residual structure: parameter (in words), estimate, ci_low, ci_high (Wald).

        No row without one.
        """
        import pandas as pd

        from mlgui.results.residual_structure import residual_table
        from mlgui.scripting.frames import COLUMN_NAMES

        table = residual_table(self.report)
        columns = {} if table is None else {COLUMN_NAMES.get(one.key, one.key): one.cells for one in table.columns}
        return pd.DataFrame(columns, columns=["parameter", "estimate", "ci_low", "ci_high"])

    def correlations(self, grouping: str) -> pd.DataFrame:
        """Return the correlations of the coefficients that vary by a grouping; KeyError if there is none of the name."""
        import pandas as pd

        from mlgui.results.group_columns import grouping_index
        from mlgui.results.variance import correlation_of

        place = grouping_index(self.report, grouping)
        names = list(self.report.groups[place].names)
        return pd.DataFrame(correlation_of(self.report.estimates.groups[place].covariance), index=names, columns=names)

    def group_effects(self, grouping: str) -> pd.DataFrame:
        """Return the groups of a grouping, one a row, for each varying coefficient `name`: its total `name`, `name_se`

        (of the sum of prediction and deviation), `name_deviation`, `name_cond_sd`, `name_pred_error_sd`, `name_own`
        (the group's own rows alone, NaN where they cannot tell), and `n`, the rows of the group.
        KeyError if there is no such grouping.
        """
        import pandas as pd

        from mlgui.results.group_columns import grouping_index

        groups = self.report.groups[grouping_index(self.report, grouping)]
        frame = pd.DataFrame({"n": groups.sizes}, index=pd.Index(groups.levels, name=grouping))
        parts = {
            "": groups.total, "_se": groups.total_se, "_deviation": groups.deviation, "_cond_sd": groups.cond_sd,
            "_pred_error_sd": groups.pred_error_sd, "_own": groups.own,
        }  # fmt: skip
        for place, name in enumerate(groups.names):
            for ending, values in parts.items():
                frame[name + ending] = values[:, place]
        return frame

    @property
    def fitted(self) -> pd.Series[Any]:
        """Fitted values of the rows used, under the index of the data frame."""
        return self._by_row(self.report.estimates.fitted, "fitted")

    def summary(self) -> str:
        """Return the model as text of about a screen."""
        from mlgui.export.text import summary

        return summary(self.report)

    def json(self, fitted: bool = False) -> dict[str, Any]:
        """Return the results as the command line's JSON holds them."""
        from mlgui.export.json_report import report_json

        return report_json(self.report, fitted=fitted)

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from mlgui.export.html import table_fragment
        from mlgui.results.table_builders import fixed_table, variance_table
        from mlgui.spec.render import render

        tables = "".join(table_fragment(build(self.report)) for build in (fixed_table, variance_table))
        return f"<p><code>{escape(render(self.report.design.spec))}</code></p>{tables}"

    def _by_row(self, values: np.ndarray[Any, Any], name: str) -> pd.Series[Any]:
        import pandas as pd

        return pd.Series(values, index=self._index[self.report.design.rows], name=name)
