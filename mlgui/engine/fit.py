"""From a problem to its estimates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlgui.engine.backend import Backend
from mlgui.engine.boundary import settle
from mlgui.engine.certificate import certificate_of, record_of
from mlgui.engine.chain import Chain
from mlgui.engine.core import Core
from mlgui.engine.effects import estimates_of
from mlgui.engine.estimates import Estimates
from mlgui.engine.gram import Gram, cross_products
from mlgui.engine.newton import Search
from mlgui.engine.objective import Objective, Point
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.scaling import Rows, scaled_rows
from mlgui.engine.single import Single
from mlgui.engine.solution import Solution
from mlgui.engine.start import minque_start
from mlgui.engine.structure import Structure, structure_of
from mlgui.engine.theta import Layout

OnStep = Callable[[int, float, Floats], None]
"""Called with (iteration, criterion, theta) at every evaluation; it may raise to stop the fit."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to search. second_start: whether to search again from elsewhere (None: where it is cheap).

    tolerance: predicted fall of the criterion at which the search ends.
    """

    second_start: bool | None = None
    max_steps: int = 100
    tolerance: float = 1e-18


def _ignore(iteration: int, criterion: float, theta: Floats) -> None:
    """Report to nobody."""


def fit(problem: Problem, options: Options | None = None, on_step: OnStep | None = None) -> Estimates:
    """The (restricted) maximum likelihood estimates of a problem; raises DegenerateProblem where there are none."""
    options = options or Options()
    report = on_step or _ignore
    rows = scaled_rows(problem)
    structure = structure_of(rows.codes, rows.n_groups)
    nothing = np.zeros(0)
    gram = cross_products(rows.w, rows.z, rows.codes, structure, rows.n_groups, lambda: report(0, np.nan, nothing))
    layout = Layout.of([one.pattern for one in rows.groups])
    objective = _objective(problem, rows, _backend(gram, structure))
    count = 0

    def reported(point: Point) -> None:
        nonlocal count
        count += 1
        report(count, point.criterion, layout.pack(point.factors))

    typical = [one.typical for one in rows.groups]
    search = Search(objective, layout, typical, reported, options.tolerance)
    settled = settle(search, minque_start(gram, rows.n, objective.rank, typical), options.max_steps)
    solution = Solution(
        objective=objective,
        layout=layout,
        gram=gram,
        point=settled.point,
        slope=objective.slope(settled.point),
        regular=settled.minimum.point.factors,
        fixed=rows.fixed,
        groups=rows.groups,
    )
    return estimates_of(problem, solution, record_of(settled.minimum, search), certificate_of(settled, None))


def _backend(gram: Gram, structure: Structure) -> Backend:
    """The elimination that fits the structure."""
    if len(structure.order) == 1:
        return Single(gram)
    if structure.chain:
        return Chain(gram, structure.order)
    return Core(gram)


def _objective(problem: Problem, rows: Rows, backend: Backend) -> Objective:
    """The criterion, with the constants that make it that of the user's scales."""
    rank = len(rows.fixed.kept)
    degrees = rows.n - rank if problem.reml else rows.n
    constant = 2 * degrees * float(np.log(rows.fixed.y_scale)) - rows.log_weights
    if problem.reml:
        constant -= 2 * rows.fixed.log_det
    return Objective(
        backend=backend,
        n=rows.n,
        rank=rank,
        reml=problem.reml,
        constant=constant,
        to_rows=tuple(one.to_rows for one in rows.groups),
    )
