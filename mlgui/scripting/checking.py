"""Whether a fitted model can be believed: residuals, influence, what it leaves open, what other fits of the data say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mlgui.scripting.fitted import Fitted
from mlgui.scripting.frames import blas_threads, by_group, frame, names_of, one_of

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.results.report import GroupRegressions

RESIDUALS = ("response", "pearson", "scaled", "studentised", "marginal")


class Checking(Fitted):
    """What speaks for and against a fit."""

    def residuals(self, kind: str = "response") -> pd.Series[Any]:
        """Return the residuals of the rows used, under the index of the data frame: `model.residuals("pearson")`.

        response: outcome less fitted value. pearson: times the root of the weight. scaled: over sigma. studentised: over
        the root of 1 - leverage too. marginal: outcome less the prediction without group effects.
        """
        from mlgui.engine.residuals import residuals, studentised

        if one_of(kind, RESIDUALS, "kind") == "studentised":
            return self._by_row(studentised(self.report.estimates), kind)
        return self._by_row(getattr(residuals(self.report.estimates), kind), kind)

    @property
    def leverage(self) -> pd.Series[Any]:
        """Diagonal of the hat matrix of the rows used, d fitted / d outcome: `model.leverage.nlargest(5)`."""
        from mlgui.engine.prediction import leverages

        return self._by_row(leverages(self.report.estimates), "leverage")

    @property
    def cooks_distance(self) -> pd.Series[Any]:
        """Cook's distance of the rows used, variances held: `model.cooks_distance.nlargest(5)`."""
        from mlgui.engine.residuals import cooks_distances

        return self._by_row(cooks_distances(self.report.estimates), "cooks_distance")

    def influence(self, grouping: str, refit: str | Sequence[str] = ()) -> pd.DataFrame:
        """Return what leaving out each group does: n, cooks_distance, sigma without it, and for every coefficient `name`

        its estimate without the group, and `name_change`, the change in SEs: `model.influence("school")`. Variances between
        groups are held relative to the residual's; refit: groups to fit without, everything estimated anew, alone.
        KeyError for a grouping or group that does not exist.
        """
        from mlgui.results.influence import influence_of_groups, refitted_influence

        with blas_threads(self.report):
            chosen = names_of(refit)
            found = refitted_influence(self.report, grouping, chosen) if chosen else influence_of_groups(self.report, grouping)
        values = found.values
        columns: dict[str, Any] = {"n": found.sizes, "cooks_distance": values.cooks, "sigma": values.sigma}
        for place, effect in enumerate(self.report.fixed):
            if effect.estimable:
                columns[effect.name], columns[f"{effect.name}_change"] = values.beta[:, place], values.change[:, place]
        return by_group(columns, found.levels, grouping)

    @property
    def findings(self) -> pd.DataFrame:
        """What was noticed, warnings first: code, severity, title, text, about: `model.findings.title.tolist()`."""
        found = frame(self.report.findings, ("code", "severity", "title", "text", "about"))
        return found.assign(severity=found["severity"].map(str))

    @property
    def shares(self) -> pd.Series[Any]:
        """R2 and ICC with the variances they are made of (Nakagawa, Johnson & Schielzeth 2017): `model.shares["r2_marginal"]`.

        r2_marginal, r2_conditional, icc_adjusted, icc_unadjusted, var_fixed, var_random, var_residual, icc_<grouping>.
        """
        import pandas as pd

        shares = self.report.shares
        names = ("r2_marginal", "r2_conditional", "icc_adjusted", "icc_unadjusted", "var_fixed", "var_random", "var_residual")
        found = {name: float(getattr(shares, name)) for name in names}
        found |= {f"icc_{name}": share for name, share in shares.icc_by_grouping}
        return pd.Series(found, name="share")

    def principal_components(self, grouping: str) -> pd.DataFrame:
        """Return along which directions groups differ, one a row: sd, share, degenerate, then loadings under the terms.

        `model.principal_components("Subject")`: degenerate: this combination of coefficients is the same in all groups.
        """
        import pandas as pd

        from mlgui.results.components import principal_components
        from mlgui.results.group_columns import grouping_index

        names = self.report.groups[grouping_index(self.report, grouping)].names
        found = principal_components(self.report, grouping)
        loadings = pd.DataFrame([one.loadings for one in found], columns=list(names))
        return pd.concat([frame(found, ("sd", "share", "degenerate")), loadings], axis=1)

    def worth(self, grouping: str) -> pd.Series[Any]:
        """Return the residual variance over the variance of each varying coefficient: `model.worth("school")["(Intercept)"]`

        rows of its own put the estimate of a group half-way to its prediction. Infinite where the variance is 0.
        """
        import pandas as pd

        from mlgui.results.components import worth_in_rows
        from mlgui.results.group_columns import grouping_index

        names = self.report.groups[grouping_index(self.report, grouping)].names
        return pd.Series(worth_in_rows(self.report, grouping), index=pd.Index(names, name="term"), name="rows")

    def resolved(self, grouping: str) -> pd.DataFrame:
        """Return the share of the variance between groups that each group's data resolve, one column a varying coefficient.

        `model.resolved("school").mean()`, which HLM calls reliability; NaN where the variance is 0.
        """
        from mlgui.results.group_columns import grouping_index

        groups = self.report.groups[grouping_index(self.report, grouping)]
        return by_group(dict(zip(groups.names, groups.resolved.T, strict=True)), groups.levels, grouping)

    def explained(self, grouping: str) -> pd.DataFrame:
        """Return what group-level predictors explain, one varying coefficient a row: sd_without them, sd_with, share.

        `model.explained("school")`; index: the coefficients. No row where the grouping has no predictors.
        """
        import pandas as pd

        from mlgui.results.explained import explained
        from mlgui.results.group_columns import grouping_index

        names = self.report.groups[grouping_index(self.report, grouping)].names
        with blas_threads(self.report):
            found = explained(self.report, grouping)
        columns = {
            "sd_without": [one.before for one in found], "sd_with": [one.after for one in found],
            "share": [one.share for one in found],
        }  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(names[: len(found)], name="term"), dtype=float)

    def complete_pooling(self) -> pd.DataFrame:
        """Return the regressions without groups: key (ignoring_groups: data-level predictors; no_variation: all), term,

        estimate, se, sigma, df_residual. No row for a model without groups.
        """
        import pandas as pd

        rows = [
            (one.key, name, estimate, se, one.sigma, one.df_residual)
            for one in self.report.pooled
            for name, estimate, se in zip(one.names, one.estimates, one.ses, strict=True)
        ]
        return pd.DataFrame(rows, columns=["key", "term", "estimate", "se", "sigma", "df_residual"])

    def no_pooling(self, grouping: str) -> pd.DataFrame:
        """Return coefficients of groups by indicators, common slopes kept: n, `name`, `name_se`: `model.no_pooling("school")`."""
        from mlgui.results.pooled import no_pooling

        return self._regressions(no_pooling(self.report, grouping))

    def separate(self, grouping: str) -> pd.DataFrame:
        """Return a regression in each group, as `no_pooling`: `model.separate("school")`; NaN where its rows cannot tell."""
        from mlgui.results.pooled import separate

        return self._regressions(separate(self.report, grouping))

    def two_step(self, grouping: str, term: str = "(Intercept)") -> pd.DataFrame:
        """Return separate regressions regressed on group-level predictors, beside the multilevel fit, one predictor a row.

        `model.two_step("school", "ses")`: index: predictors. multilevel, then random_effects, precision and equal (the
        weights of groups), each with `_se`. KeyError where the term does not vary by the grouping.
        """
        import pandas as pd

        from mlgui.results.two_step import two_step

        found = two_step(self.report, grouping, term)
        columns: dict[str, Any] = {"multilevel": found.multilevel, "multilevel_se": found.multilevel_se}
        for kind, step in found.steps.items():
            key = kind.replace("-", "_")
            columns[key], columns[f"{key}_se"] = step.beta, step.se
        return pd.DataFrame(columns, index=pd.Index(found.names, name="predictor"))

    def within_between(self, grouping: str) -> pd.DataFrame:
        """Return slopes within and between groups, and their difference (contextual), each with _se, _df and _p.

        `model.within_between("school")`: index: numbers that differ within groups, to whose model their group means are
        added. original: the slope without them. UserError where there is no such number.
        """
        import pandas as pd

        from mlgui.results.within_between import within_between

        with blas_threads(self.report):
            found = within_between(self.report, grouping).effects
        rows = []
        for one in found:
            row: dict[str, float] = {"original": one.original}
            for part in ("within", "between", "contextual"):
                effect = getattr(one, part)
                row |= {part: effect.estimate} | {f"{part}_{key}": getattr(effect, key) for key in ("se", "df", "p")}
            rows.append(row)
        return pd.DataFrame(rows, index=pd.Index([one.name for one in found], name="predictor"))

    def _regressions(self, found: GroupRegressions) -> pd.DataFrame:
        from mlgui.results.group_columns import grouping_index

        groups = self.report.groups[grouping_index(self.report, found.grouping)]
        columns: dict[str, Any] = {"n": np.asarray(groups.sizes)}
        for place, name in enumerate(groups.names):
            columns[name], columns[f"{name}_se"] = found.estimates[:, place], found.ses[:, place]
        return by_group(columns, groups.levels, found.grouping)
