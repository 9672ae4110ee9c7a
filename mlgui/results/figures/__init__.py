"""Figures of a report, as values: what the window draws and files hold."""

from mlgui.results.figures.caterpillar import caterpillar
from mlgui.results.figures.coefficients import coefficients
from mlgui.results.figures.fitted_lines import fitted_lines
from mlgui.results.figures.gallery import figures
from mlgui.results.figures.group_level import group_level
from mlgui.results.figures.residuals import residual_checks
from mlgui.results.figures.shrinkage import shrinkage, shrinkage_plane

__all__ = [
    "caterpillar",
    "coefficients",
    "figures",
    "fitted_lines",
    "group_level",
    "residual_checks",
    "shrinkage",
    "shrinkage_plane",
]
