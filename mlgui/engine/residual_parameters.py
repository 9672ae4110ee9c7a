"""The parameters of a residual structure as they are spoken of: ratios of SDs, then correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlgui.engine.estimates import Estimates, ResidualEstimates
from mlgui.engine.problem import Floats
from mlgui.engine.residual_fit import Structured

RATIO, CORRELATION = "sd_ratio", "residual_correlation"
STEP = 1e-5
"""Step of the differences in the parameters of the search."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One of them. kind: RATIO, relative to the first level, or CORRELATION. index: the level, or two occasions, or ()."""

    kind: str
    index: tuple[int, ...]


def parameters_of(residual: ResidualEstimates) -> tuple[Parameter, ...]:
    """What a structure has, in the order of `natural`."""
    found = [Parameter(kind=RATIO, index=(level,)) for level in range(1, len(residual.sd_ratios))]
    if residual.correlation is not None:
        found.append(Parameter(kind=CORRELATION, index=()))
    pairs = zip(*np.tril_indices(len(residual.correlations), -1), strict=True)
    return (*found, *(Parameter(kind=CORRELATION, index=(int(a), int(b))) for a, b in pairs))


def natural(residual: ResidualEstimates) -> Floats:
    """The values of `parameters_of`."""
    one = [] if residual.correlation is None else [residual.correlation]
    return np.concatenate([residual.sd_ratios[1:], one, residual.correlations[np.tril_indices(len(residual.correlations), -1)]])


def spread(estimates: Estimates) -> tuple[Floats, Floats]:
    """Centres and SEs of the parameters on scales without bounds: logs of ratios, inverse hyperbolic tangents of correlations.

    For compound symmetry, and where a correlation cannot be negative, the scale is the search's own, as nlme's; NaN where a
    parameter lies at a boundary.
    """
    structured: Structured = estimates.state.residual
    at = structured.at
    jacobian = np.empty((len(natural(estimates.residual)), len(at)))
    for place in range(len(at)):
        step = STEP * np.eye(len(at))[place]
        ends = [_unbounded(structured, at + sign * step) for sign in (1, -1)]
        jacobian[:, place] = (ends[0] - ends[1]) / (2 * STEP)
    variances = np.einsum("ij,jk,ik->i", jacobian, estimates.residual.covariance, jacobian)
    return _unbounded(structured, at), np.sqrt(np.where(variances > 0, variances, np.nan))


def bounded(estimates: Estimates, values: Floats) -> Floats:
    """The parameters themselves, from values on the scales of `spread`."""
    structured: Structured = estimates.state.residual
    kinds = np.array([one.kind for one in parameters_of(estimates.residual)])
    out = np.where(kinds == RATIO, np.exp(values), np.tanh(values))
    if _has_own_scale(estimates.residual):
        out[-1] = structured.shape.estimates(np.append(structured.at[:-1], values[-1])).correlation
    return np.asarray(out)


def _unbounded(structured: Structured, at: Floats) -> Floats:
    residual = structured.shape.estimates(at)
    kinds = np.array([one.kind for one in parameters_of(residual)])
    values = natural(residual)
    out = np.where(kinds == RATIO, np.log(np.where(kinds == RATIO, values, 1.0)), 0.0)
    inside = kinds == CORRELATION
    if _has_own_scale(residual):
        out[-1] = at[-1]
    else:
        out[inside] = np.arctanh(values[inside])
    return np.asarray(out)


def _has_own_scale(residual: ResidualEstimates) -> bool:
    """Whether the last parameter of the search is the correlation on a scale of its own."""
    return residual.correlation is not None
