"""Which tabs there are, in order. A view's module is imported when the view is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mlgui.gui.centre.view import View
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.session.document import Document
from mlgui.words import tr


@dataclass(frozen=True)
class Tab:
    """How a view is made. always: it has something to show without a fit."""

    make: Callable[[Document, Theme, Runner], View]
    always: bool = False


def _overview(document: Document, theme: Theme, _runner: Runner) -> View:
    from mlgui.gui.centre.overview import OverviewView

    return OverviewView(document, theme)


def _coefficients(document: Document, theme: Theme, _runner: Runner) -> View:
    from mlgui.gui.centre.coefficients import CoefficientsView

    return CoefficientsView(document, theme)


def _groups(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.groups import GroupsView

    return GroupsView(document, theme, runner)


def _shrinkage(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.shrinkage import ShrinkageView

    return ShrinkageView(document, theme, runner)


def _group_level(document: Document, theme: Theme, _runner: Runner) -> View:
    from mlgui.gui.centre.group_level import GroupLevelView

    return GroupLevelView(document, theme)


def _fitted_lines(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.fitted_lines import FittedLinesView

    return FittedLinesView(document, theme, runner)


def _predictions(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.predictions import PredictionsView

    return PredictionsView(document, theme, runner)


def _marginal_means(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.marginal_means import MarginalMeansView

    return MarginalMeansView(document, theme, runner)


def _checks(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.checks import ChecksView

    return ChecksView(document, theme, runner)


def _compare(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.compare import CompareView

    return CompareView(document, theme, runner)


def _data(document: Document, theme: Theme, runner: Runner) -> View:
    from mlgui.gui.centre.data import DataView

    return DataView(document, theme, runner)


TABS: tuple[tuple[str, str, Tab], ...] = (
    ("overview", tr("Overview"), Tab(_overview)),
    ("coefficients", tr("Coefficients"), Tab(_coefficients)),
    ("groups", tr("Groups"), Tab(_groups)),
    ("shrinkage", tr("Shrinkage"), Tab(_shrinkage)),
    ("group_level", tr("Group-level model"), Tab(_group_level)),
    ("fitted_lines", tr("Fitted lines"), Tab(_fitted_lines)),
    ("predictions", tr("Predictions"), Tab(_predictions)),
    ("marginal_means", tr("Means"), Tab(_marginal_means)),
    ("checks", tr("Checks"), Tab(_checks)),
    ("compare", tr("Compare"), Tab(_compare)),
    ("data", tr("Data"), Tab(_data, always=True)),
)
"""(key, title, how it is made)."""
