"""A fit with other values in the place of some estimates: the truth that a planned study is simulated from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mlgui.engine.estimates import Estimates, GroupEffects
from mlgui.engine.problem import Floats


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """Values that replace estimates. beta: by column. sds: of varying coefficients, by (grouping, coefficient).

    sigma: None as fitted.
    Correlations of varying coefficients stay as they were estimated; where one did not vary, they are 0.
    """

    beta: Mapping[int, float] = field(default_factory=dict)
    sds: Mapping[tuple[int, int], float] = field(default_factory=dict)
    sigma: float | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the estimates stand."""
        return not self.beta and not self.sds and self.sigma is None


def assumed(estimates: Estimates, values: Assumed) -> Estimates:
    """Return the estimates with these values: coefficients, variances between groups, sigma and the average part of rows.

    What has been learnt of the groups and the covariance of the coefficients stay those of the fit.
    """
    beta = estimates.beta.copy()
    for column, value in values.beta.items():
        beta[column] = value
    sigma = estimates.sigma if values.sigma is None else values.sigma
    shift = estimates.problem.x @ np.nan_to_num(beta - estimates.beta)
    groups = tuple(
        _with_sds(one, {a: sd for (k, a), sd in values.sds.items() if k == index}, sigma)
        for index, one in enumerate(estimates.groups)
    )
    return replace(estimates, beta=beta, sigma=sigma, groups=groups, fixed_part=estimates.fixed_part + shift)


def _with_sds(one: GroupEffects, sds: Mapping[int, float], sigma: float) -> GroupEffects:
    """The group effects with other SDs; factor is relative to sigma."""
    old = np.sqrt(np.diagonal(one.covariance))
    known = old > 0
    correlation: Floats = np.divide(
        one.covariance, np.outer(old, old), out=np.eye(len(old)), where=np.outer(known, known)
    )  # fmt: skip
    new = np.array([sds.get(a, float(sd)) for a, sd in enumerate(old)])
    covariance = correlation * np.outer(new, new)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return replace(one, covariance=covariance, factor=new[:, None] * root / sigma)
