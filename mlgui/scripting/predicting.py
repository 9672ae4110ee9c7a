"""What a fitted model predicts: rows, marginal means, slopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlgui.scripting.fitted import Fitted
from mlgui.scripting.frames import DF_OR_NORMAL, blas_threads, data_frame, frame, names_of, one_of, share

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.data.table import Table
    from mlgui.results.marginal_means import Comparison

At = Mapping[str, float | str | Sequence[float | str] | NDArray[np.float64]]
"""Where predictors stand: a value or level, or several."""

ADJUSTMENTS = ("tukey", "bonferroni", "holm", "sidak", "none")
ESTIMATE = ("estimate", "se", "df", "t", "p", "low", "high")


class Predicting(Fitted):
    """What a fit predicts."""

    def predict(self, newdata: pd.DataFrame | None = None, confidence: float = 0.95) -> pd.DataFrame:
        """Return predictions for the rows of a data frame (None: of the data fitted), under its index.

        `model.predict(pd.DataFrame({"Days": [11], "Subject": ["308"]}))`. value: with the effects of known groups, 0 for new
        ones; se, ci_low, ci_high: of the mean of such rows in this group; observed_low, observed_high: of one new
        observation; average, average_se, average_low, average_high: without group effects. sd_coefficients,
        sd_group_effect, sd_new_group, sd_residual: the sources of uncertainty. known_GROUPING: whether the fit has the
        group. A row with a missing predictor is left out; UserError for a missing column or a level not fitted.
        """
        import pandas as pd

        from mlgui.results.predict import predict

        table, index = self._table(newdata)
        with blas_threads(self.report):
            found = predict(self.report, table, confidence=share(confidence))
        variance = found.variance
        columns: dict[str, Any] = {
            "value": found.value, "se": found.se, "ci_low": found.low, "ci_high": found.high,
            "observed_low": found.observed_low, "observed_high": found.observed_high,
            "average": found.average, "average_se": found.average_se,
            "average_low": found.average_low, "average_high": found.average_high,
            "sd_coefficients": np.sqrt(variance.coefficients), "sd_group_effect": np.sqrt(variance.group_effect),
            "sd_new_group": np.sqrt(variance.new_group), "sd_residual": np.sqrt(variance.residual),
        }  # fmt: skip
        columns |= {f"known_{groups.grouping}": groups.known for groups in found.groups}
        return pd.DataFrame(columns, index=index[found.rows])

    def marginal_means(
        self, over: str | Sequence[str], at: At | None = None, *, df: str = "satterthwaite", confidence: float = 0.95
    ) -> pd.DataFrame:
        """Return the mean at every combination of predictors `over`: their values, estimate, se, df, t, p, ci_low, ci_high.

        `model.marginal_means("sector", at={"ses": 0})`. Other categories count with equal weights, other numbers stand
        at their means unless `at` says otherwise, group effects at 0. df: satterthwaite, kenward-roger or asymptotic.
        """
        from mlgui.results.marginal_means import marginal_means

        with blas_threads(self.report):
            return _frame(marginal_means(self.report, names_of(over), at=_at(at), method=_df(df), confidence=share(confidence)))

    def pairwise(
        self, over: str | Sequence[str], by: str | Sequence[str] = (), at: At | None = None, *,
        df: str = "satterthwaite", adjustment: str = "tukey", confidence: float = 0.95,
    ) -> pd.DataFrame:  # fmt: skip
        """Return all differences of marginal means of `over`, within each combination of `by`: pair, then as those.

        `model.pairwise("recipe", by="temperature")`; adjustment: tukey, bonferroni, holm, sidak or none.
        """
        from mlgui.results.marginal_means import pairwise

        with blas_threads(self.report):
            found = pairwise(
                self.report, names_of(over), by=names_of(by), at=_at(at), method=_df(df), confidence=share(confidence),
                adjustment=one_of(adjustment, ADJUSTMENTS, "adjustment"),
            )  # fmt: skip
        result = _frame(found)
        result.insert(0, "pair", [row.label for row in found.rows])
        return result

    def slopes(
        self, focal: str, over: str | Sequence[str] = (), at: At | None = None, *,
        df: str = "satterthwaite", confidence: float = 0.95,
    ) -> pd.DataFrame:  # fmt: skip
        """Return the slope along the number `focal` at combinations of `over`, as `marginal_means`.

        `model.slopes("ses", "sector")`; numbers among `over` stand at their mean and one SD to both sides unless `at` says
        otherwise, so that `at={"meanses": np.linspace(-1, 1)}` gives a curve with its band.
        """
        from mlgui.results.marginal_means import simple_slopes

        with blas_threads(self.report):
            found = simple_slopes(self.report, focal, names_of(over), at=_at(at), method=_df(df), confidence=share(confidence))
        return _frame(found)

    def johnson_neyman(
        self, focal: str, moderator: str, at: At | None = None, *, df: str = "satterthwaite", confidence: float = 0.95
    ) -> pd.DataFrame:
        """Return where along a moderator the slope of `focal` differs from 0, one region a row: from, to, sign.

        `model.johnson_neyman("ses", "meanses")`, within the range of the data; no row where it differs nowhere.
        """
        import pandas as pd

        from mlgui.results.johnson_neyman import johnson_neyman

        with blas_threads(self.report):
            found = johnson_neyman(self.report, focal, moderator, at=_at(at), method=_df(df), confidence=share(confidence))
        signs = [float(np.sign(np.interp((low + high) / 2, found.values, found.slope))) for low, high in found.regions]
        rows = [(low, high, sign) for (low, high), sign in zip(found.regions, signs, strict=True)]
        return pd.DataFrame(rows, columns=["from", "to", "sign"])

    def _table(self, newdata: pd.DataFrame | None) -> tuple[Table, pd.Index[Any]]:
        """Return the columns the model reads of a data frame as a table, and its index."""
        from mlgui.data.frames import frame_names, table_from_frame

        if newdata is None:
            return self.report.design.table, self._index
        read = self.report.design.spec.columns
        places = [place for place, name in enumerate(frame_names(data_frame(newdata))) if name in read]
        return table_from_frame(newdata.iloc[:, places]), newdata.index


def _df(name: str) -> str:
    return one_of(name, DF_OR_NORMAL, "df")


def _at(at: At | None) -> dict[str, tuple[float | str, ...]]:
    """Return several values for each predictor: one where one is given."""
    return {name: tuple(np.atleast_1d(np.asarray(values)).tolist()) for name, values in (at or {}).items()}


def _frame(comparison: Comparison) -> pd.DataFrame:
    """Return estimates with the values they are at in front."""
    found = frame(comparison.rows, ESTIMATE)
    for place, name in enumerate(comparison.names):
        found.insert(place, name, [row.values[place] for row in comparison.rows])
    return found
