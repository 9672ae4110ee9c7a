"""What is simulated from a fitted model: draws of its parameters, replicated data, refits, studies of another size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlgui.scripting.fitted import Fitted
from mlgui.scripting.frames import blas_threads, by_group, count, frame, names_of, share

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.engine.draws import Draws

Floats = NDArray[np.float64]


class Simulating(Fitted):
    """What is simulated from a fit; the same seed gives the same numbers."""

    def draws(self, n: int = 1000, seed: int = 1) -> pd.DataFrame:
        """Return joint draws of the coefficients and sigma, one a row, as R's `sim`: `model.draws(4000).quantile([.1, .9])`.

        Variances between groups are held relative to sigma's. `group_draws` with this seed and n belongs to the same draws.
        """
        import pandas as pd

        drawn = self._draws(n, seed)
        estimable = [effect.estimable for effect in self.report.fixed]
        beta = np.where(estimable, drawn.beta, np.nan)
        return pd.DataFrame(beta, columns=[effect.name for effect in self.report.fixed]).assign(sigma=drawn.sigma)

    def group_draws(self, grouping: str, n: int = 1000, seed: int = 1) -> pd.DataFrame:
        """Return draws of the totals of groups, one a row, columns (group, term): `model.group_draws("school")["1224"]`.

        Total: group-level prediction plus deviation. KeyError if there is no such grouping.
        """
        import pandas as pd

        from mlgui.results.group_columns import grouping_index
        from mlgui.results.ranks import total_draws

        index = grouping_index(self.report, grouping)
        groups = self.report.groups[index]
        totals = total_draws(self.report, self._draws(n, seed), index)
        columns = pd.MultiIndex.from_product([groups.levels, groups.names], names=[grouping, "term"])
        return pd.DataFrame(totals.reshape(len(totals), -1), columns=columns)

    def ranks(
        self, grouping: str, term: str = "(Intercept)", confidence: float = 0.95, *, n: int = 1000, seed: int = 1
    ) -> pd.DataFrame:
        """Return the rank of every group by its total, 1 the largest: mean, ci_low, ci_high over draws.

        `model.ranks("school").sort_values("mean")`. KeyError where the term does not vary by the grouping.
        """
        from mlgui.results.ranks import ranks

        found = ranks(self.report, self._draws(n, seed), grouping, term, share(confidence))
        return by_group({"mean": found.mean, "ci_low": found.low, "ci_high": found.high}, found.levels, grouping)

    def finite_population_sds(self, confidence: float = 0.95, *, n: int = 1000, seed: int = 1) -> pd.DataFrame:
        """Return the ANOVA display (Gelman 2005): the SD of each batch of coefficients over these very levels and groups.

        `model.finite_population_sds()`: part (average, group, residual), group, term, count, sd (median over draws),
        half_low, half_high (half of the draws), ci_low, ci_high. Terms of averages are categories, products of them, and
        numbers (the SD of coefficient times number over the rows). `mlgui anova --figure` draws it.
        """
        from mlgui.results.anova import batches

        found = batches(self.report, self._draws(n, seed), share(confidence))
        fields = ("part", "grouping", "name", "count", "median", "half_low", "half_high", "low", "high")
        return frame(found, fields).rename(columns={"grouping": "group", "median": "sd"})

    def simulate(self, n: int = 1, seed: int = 1, *, new_groups: bool = False) -> pd.DataFrame:
        """Return n outcomes of the rows used as the model would have them again, one a column, parameters drawn for each.

        `model.simulate(100).std()`; new_groups: with other groups in the place of these.
        """
        import pandas as pd

        from mlgui.engine.draws import replicated_data

        with blas_threads(self.report):
            values = replicated_data(self.report.estimates, self._draws(n, seed), new_groups=new_groups, seed=seed)
        return pd.DataFrame(values.T, index=self._index[self.report.design.rows])

    def replicate(
        self,
        statistics: str | Sequence[str] | Mapping[str, Callable[[Floats], float]] = (),
        n: int = 500,
        seed: int = 1,
        *,
        new_groups: bool = False,
        confidence: float = 0.95,
    ) -> pd.DataFrame:
        """Return statistics of the outcome beside those of replicated data: observed, median, ci_low, ci_high, p (as large).

        `model.replicate(["min", "sd_of_means:Subject"])`: index: statistics; all ready-made ones where none is named, see
        `resources/docs/scripting.md`; or your own, {"range": np.ptp}: functions of the outcome of the rows used.
        """
        import pandas as pd

        from mlgui.results.replicated import chosen_statistics, replicated_checks

        if isinstance(statistics, Mapping):
            wanted = {name: (name, function) for name, function in statistics.items()}
        else:
            wanted = chosen_statistics(self.report, names_of(statistics))
        with blas_threads(self.report):
            found = replicated_checks(
                self.report, wanted, count=count(n), seed=seed, new_groups=new_groups, confidence=share(confidence)
            )
        rows = [(one.observed, float(np.median(one.replicated)), one.low, one.high, one.p) for one in found]
        index = pd.Index([one.name for one in found], name="statistic")
        return pd.DataFrame(rows, index=index, columns=["observed", "median", "ci_low", "ci_high", "p"])

    def bootstrap(self, replicates: int = 1000, seed: int = 1) -> pd.DataFrame:
        """Return refits of data simulated from the fit, one a row, columns (kind, group, term) as in `intervals`.

        `model.bootstrap(500)["sd"]`; a refit that found no minimum is NaN.
        """
        import pandas as pd

        from mlgui.results.intervals import bootstrap_limits, replicates_of

        with blas_threads(self.report):
            limits, drawn = bootstrap_limits(self.report, count(replicates), seed)
        columns = pd.MultiIndex.from_tuples([(one.kind, one.group, one.term) for one in limits], names=["kind", "group", "term"])
        return pd.DataFrame(dict(enumerate(replicates_of(self.report, drawn)))).set_axis(columns, axis=1)

    def power(
        self, groups: int | None = None, rows: int | None = None, *, replicates: int = 200, seed: int = 1,
        level: float = 0.05, assume: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Return what a study of another size would tell: term, truth, se, power, power_se, coverage, bias.

        `model.power(groups=60)`: groups of the coarsest grouping, rows in each; None: as in the data. The fit is taken for
        the truth; power_se is the error of simulation. replicates: data sets simulated and fitted; 0: theory alone.
        assume: other values, {"Days": 5, "sd(Days | Subject)": 4, "sd(Residual)": 30}.
        """
        import pandas as pd

        from mlgui.results.power import plan_study

        with blas_threads(self.report):
            found = plan_study(
                self.report, groups=groups, rows=rows, replicates=replicates, seed=seed, level=level, assume=assume
            ).power
        names = ("truth", "se", "power", "power_se", "coverage", "bias")
        terms = [effect.name for effect in self.report.fixed]
        return pd.DataFrame({"term": terms, **{name: getattr(found, name) for name in names}})

    def groups_needed(
        self, term: str, power: float = 0.8, *, rows: int | None = None, replicates: int = 200, seed: int = 1,
        level: float = 0.05, assume: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Return the numbers of groups tried for a power of the test of one coefficient, the answer in the last row.

        `model.groups_needed("Days", 0.9)`: groups, power, power_se, simulated (False: by theory). assume: as `power`.
        """
        from mlgui.results.groups_needed import groups_needed

        with blas_threads(self.report):
            found = groups_needed(
                self.report, term, share(power), rows=rows, replicates=replicates, seed=seed, level=level, assume=assume
            )
        tried = sorted(found.tried, key=lambda one: (one.groups == found.groups, one.simulated))
        return frame(tried, ("groups", "power", "power_se", "simulated"))

    def _draws(self, n: int, seed: int) -> Draws:
        from mlgui.engine.draws import draw

        with blas_threads(self.report):
            return draw(self.report.estimates, count(n), seed)
