"""What rests on residuals that are independent, with variances known up to sigma."""

from __future__ import annotations

from mlgui.engine.problem import Problem


class NotHomogeneous(ValueError):
    """Asked for a model with a residual structure, of which the prior weights do not say all."""


def require_homogeneous(problem: Problem) -> None:
    """Raise NotHomogeneous for a problem with a residual structure: sigma^2 W^-1 is not the variance of its residuals."""
    if problem.residual.kind != "homogeneous":
        raise NotHomogeneous(problem.residual.kind)
