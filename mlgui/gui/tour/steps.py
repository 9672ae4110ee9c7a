"""The steps of the tour: what is said, what it points at, and how the user does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from mlgui.session.document import Document, FitState, Selection
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.workspace import Workspace

EXAMPLE = "hsb"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. tab: what the middle shows, "" for anything. target: what the card points at. doing: what the user may do.

    done: whether it is done, None where there is nothing to do but read. prepare: makes sure that what is spoken of is there.
    """

    title: str
    text: str
    target: Callable[[Workspace], QWidget]
    tab: str = ""
    doing: str = ""
    done: Callable[[Workspace, Document], bool] | None = None
    prepare: Callable[[Document], None] | None = None


def tour_steps() -> tuple[Step, ...]:
    """Return the steps in order, in the user's language."""
    return (*_first_steps(), *_pooling_steps(), *_last_steps())


def _first_steps() -> tuple[Step, ...]:
    return (
        Step(
            title=tr("7,185 students in 160 schools"),
            text=tr(
                "The question: how does achievement in math go with the social status (ses) of a student's family, and does it "
                "differ between public and Catholic schools? This is the fitted model. The panel at the right says it in words."
            ),
            target=lambda workspace: workspace.centre.stack,
            tab="overview",
        ),
        Step(
            title=tr("What varies by school"),
            text=tr(
                "Each row is a coefficient. A tick in the last column lets it differ from school to school. Every click is "
                "fitted at once, and all numbers follow."
            ),
            doing=tr("Untick ses under “Varies by school”."),
            target=lambda workspace: workspace.left.model.matrix,
            tab="overview",
            done=lambda _workspace, document: _varying(document) == 1,
        ),
        Step(
            title=tr("Nothing is lost"),
            text=tr("Every change of a model can be taken back, by Ctrl+Z or the arrow in the toolbar."),
            doing=tr("Undo, or tick ses again."),
            target=lambda workspace: workspace.left.model.matrix,
            tab="overview",
            done=lambda _workspace, document: _varying(document) == 2,
        ),
    )


def _pooling_steps() -> tuple[Step, ...]:
    return (
        Step(
            title=tr("No, complete and partial pooling"),
            text=tr(
                "Open marks: each school alone (no pooling). Dashed line: one value for all, schools ignored (complete pooling). "
                "Filled marks: the model (partial pooling). Small schools, at the left, move most."
            ),
            doing=tr("Turn to the tab Shrinkage."),
            target=lambda workspace: workspace.centre.bar,
            done=lambda workspace, _document: workspace.centre.tab == "shrinkage",
        ),
        Step(
            title=tr("Why did this school move?"),
            text=tr("A school you select is selected everywhere: in every view, in the data, and in the panel at the right."),
            doing=tr("Click a school in the plot."),
            target=lambda workspace: workspace.centre.stack,
            tab="shrinkage",
            done=lambda _workspace, document: bool(document.selection.levels),
        ),
        Step(
            title=tr("Its own rows, and what is borrowed"),
            text=tr(
                "The card adds up: what is predicted from the group-level model, plus the pull of its own students. The bar "
                "shows how much of the variance between schools its own rows resolve. Below it you can fit without the school."
            ),
            target=lambda workspace: workspace.explain,
            tab="shrinkage",
            prepare=_select_a_school,
        ),
        Step(
            title=tr("The pooling dial"),
            text=tr(
                "At the left end schools do not differ, at the right end each stands alone. The mark is where the data put it: "
                "the curve above is lowest there."
            ),
            doing=tr("Drag the dial and watch the schools."),
            target=_dial,
            tab="shrinkage",
            done=lambda workspace, _document: workspace.centre.tab == "shrinkage" and _is_elsewhere(workspace),
        ),
    )


def _last_steps() -> tuple[Step, ...]:
    return (
        Step(
            title=tr("The schools have a model too"),
            text=tr(
                "Intercepts and slopes of the schools, explained by sector: math is higher in Catholic schools, and "
                "ses matters less. A column dropped into “explained by”, at the left, joins this model; on a slope "
                "it makes a cross-level interaction."
            ),
            doing=tr("Turn to the tab Group-level model."),
            target=lambda workspace: workspace.centre.bar,
            done=lambda workspace, _document: workspace.centre.tab == "group_level",
        ),
        Step(
            title=tr("Is it sound, and what was left out?"),
            text=tr(
                "The fit doctor looks at every fit. What it finds it says in words, with a button that undo takes back. "
                "Checks draws residuals, and Compare sets models side by side."
            ),
            target=lambda workspace: workspace.explain,
        ),
        Step(
            title=tr("Into your paper"),
            text=tr(
                "Copy for Word puts the tables on the clipboard; Export writes figures, tables and a report with every number. "
                "Now open your own data: mlgui finds the groups in them. F1 explains whatever you are at."
            ),
            target=lambda workspace: workspace.centre.bar,
        ),
    )


def _select_a_school(document: Document) -> None:
    """Select the school that moves most, where the user has selected none."""
    if not document.selection.levels:
        document.select(Selection("school", frozenset({"8367"}), "8367"))


def _varying(document: Document) -> int:
    """Return how many coefficients vary in the model on show once it is fitted, -1 before."""
    model = document.active_model
    if model is None or model.spec is None or document.active_fit.state is not FitState.FITTED:
        return -1
    return sum(len(random.terms) for random in model.spec.random)


def _dial(workspace: Workspace) -> QWidget:
    view = workspace.centre.view("shrinkage")
    dial = getattr(view, "dial", None)
    return dial if isinstance(dial, QWidget) else view


def _is_elsewhere(workspace: Workspace) -> bool:
    return workspace.centre.view("shrinkage").elsewhere is not None
