"""Uncertainty of a fitted model: degrees of freedom, intervals, contrasts, tests of terms and of what varies, robust SEs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlgui.errors import UserError
from mlgui.scripting.fitted import Fitted
from mlgui.scripting.frames import DF, DF_OR_NORMAL, blas_threads, count, frame, one_of, share
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.results.contrasts import Weights

Floats = NDArray[np.float64]

TEST = ("estimate", "se", "df", "t", "p", "low", "high")


class Inference(Fitted):
    """What a fit says of uncertainty."""

    def coefficients_by(self, df: str = "kenward-roger", confidence: float = 0.95) -> pd.DataFrame:
        """Return `coefficients` with df satterthwaite, kenward-roger (adjusted SE too) or asymptotic (Wald z).

        `model.coefficients_by(df="kenward-roger")`: term, level, estimate, se, df, t, p, ci_low, ci_high.
        """
        found = self._tested(np.eye(len(self.report.fixed)), df, confidence)
        found.insert(0, "level", [effect.level for effect in self.report.fixed])
        found.insert(0, "term", [effect.name for effect in self.report.fixed])
        return found

    def contrast(self, *weights: Weights, df: str = "satterthwaite", confidence: float = 0.95) -> pd.DataFrame:
        """Return combinations of coefficients, one a row: estimate, se, df, t, p, ci_low, ci_high.

        `model.contrast({"ses": 1, "ses:sectorPublic": 0.5})`; NaN where a coefficient could not be estimated.
        """
        from mlgui.results.contrasts import contrast_rows

        return self._tested(contrast_rows(self.report, weights), df, confidence)

    def joint_test(self, *weights: Weights, df: str = "satterthwaite") -> pd.DataFrame:
        """Return the F test that all combinations of coefficients are 0, in one row: f, df1, df2, p.

        `model.joint_test({"ses": 1}, {"ses:sectorPublic": 1})`; combinations that follow from others count once.
        """
        import pandas as pd

        from mlgui.results.contrasts import contrast_rows, joint_test

        with blas_threads(self.report):
            test = joint_test(self.report, contrast_rows(self.report, weights), one_of(df, DF, "df"))
        return pd.DataFrame({"f": [test.statistic], "df1": [test.numerator], "df2": [test.denominator], "p": [test.p]})

    def f_tests(self, kind: int = 3, df: str = "satterthwaite") -> pd.DataFrame:
        """Return F tests of whole terms of type 2 or 3, one a row: term, f, df1, df2, p.

        `model.f_tests(kind=2, df="kenward-roger")`; df1 is 0 and the rest NaN where nothing can be tested.
        """
        import pandas as pd

        from mlgui.results.intervals import fixed_tests
        from mlgui.results.tests_of_terms import Denominator, tests_of_all_terms

        one_of(str(kind), ("2", "3"), "kind")
        with blas_threads(self.report):
            tests = fixed_tests(self.report, Denominator(one_of(df, DF, "df")))
            found = tests_of_all_terms(self.report.design, tests, kind=kind)
        cells = [(one.name, one.statistic, one.numerator, one.denominator, one.p) for one in found]
        return pd.DataFrame(cells, columns=["term", "f", "df1", "df2", "p"])

    def random_tests(self, replicates: int = 0, seed: int = 1) -> pd.DataFrame:
        """Return likelihood-ratio tests of what varies, one a row: term left out, lrt, parameters, p, null, p_chi_square,

        log_likelihood, aic. null: what p is from: "mixture" of two chi-squares, "bound" (chi-square, p is an upper bound) or
        "chi-square"; p_chi_square: from chi-square as if a variance could be negative.
        log_likelihood, aic: of the model without it. With replicates, p_bootstrap is by refits of data simulated from
        that model: `model.random_tests(replicates=1000)`.
        """
        import pandas as pd

        from mlgui.results.random_terms import random_term_tests
        with blas_threads(self.report):
            tests = random_term_tests(self.report.design, self.report.estimates)
            found = pd.DataFrame(
                [
                    (one.name, one.statistic, one.df, one.p, str(one.null), one.p_chi_square,
                     one.smaller.log_likelihood, one.smaller.aic)
                    for one in tests
                ],
                columns=["term", "lrt", "parameters", "p", "null", "p_chi_square", "log_likelihood", "aic"],
            )  # fmt: skip
            if replicates:
                found["p_bootstrap"] = [one.simulate(replicates, seed).p for one in tests]
        return found

    def intervals(
        self, method: str = "profile", confidence: float = 0.95, *, replicates: int = 1000, seed: int = 1
    ) -> pd.DataFrame:
        """Return intervals: kind (sd, correlation, sigma, coefficient), group, term, estimate, ci_low, ci_high.

        kind may be sd_ratio and residual_correlation too, of a residual structure. method: "wald", by the normal
        distribution, of SDs on the scale of their logs; "profile", of the likelihood, around maximum likelihood estimates;
        "bootstrap", percentiles of refits, with shortest_low and shortest_high beside them:
        `model.intervals("bootstrap", replicates=2000, seed=7)`.
        """
        from mlgui.results.intervals import bootstrap_limits, profile_limits, wald_limits

        fields = ("kind", "group", "term", "estimate", "low", "high")
        if one_of(method, ("wald", "profile", "bootstrap"), "method") == "wald":
            with blas_threads(self.report):
                return frame(wald_limits(self.report, share(confidence)), fields)
        with blas_threads(self.report):
            if method == "profile":
                return frame(profile_limits(self.report, share(confidence)), fields)
            limits, _ = bootstrap_limits(self.report, count(replicates), seed, share(confidence))
        return frame(limits, (*fields, "shortest_low", "shortest_high"))

    def robust(self, cluster: str | None = None, kind: str = "CR2", confidence: float = 0.95) -> pd.DataFrame:
        """Return the coefficients with cluster-robust SEs: term, estimate, model_se, se, df, t, p, ci_low, ci_high.

        Clusters are the groups of the coarsest grouping; cluster: its name, to be sure of it. kind: CR0, CR1 or CR2 (with
        its own df): `model.robust("school")`. UserError where groups are no independent clusters.
        """
        from mlgui.results.robust import robust_effects

        one_of(kind, ("CR0", "CR1", "CR2"), "kind")
        with blas_threads(self.report):
            found = robust_effects(self.report, kind, share(confidence))
        if cluster not in (None, found.grouping):
            raise UserError(
                tr("The clusters cannot be those of “{name}”.").format(name=cluster),
                tr("Only the groups of “{name}” are independent of each other in this model.").format(name=found.grouping),
            )
        return frame(found.effects, ("name", "estimate", "model_se", *TEST[1:]))

    def _tested(self, rows: Floats, df: str, confidence: float) -> pd.DataFrame:
        from mlgui.results.contrasts import contrasts

        with blas_threads(self.report):
            return frame(contrasts(self.report, rows, one_of(df, DF_OR_NORMAL, "df"), share(confidence)), TEST)
