"""From a problem to its estimates: rows to cross-products, cross-products to the minimum, minimum to estimates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mlgui.engine.backend import Backend, NoGroups
from mlgui.engine.border import Border
from mlgui.engine.boundary import Settled, settle
from mlgui.engine.certificate import certificate_of, record_of
from mlgui.engine.chain import Chain
from mlgui.engine.core import LARGEST, Core
from mlgui.engine.effects import estimates_of
from mlgui.engine.estimates import Estimates
from mlgui.engine.gram import Gram, cross_products
from mlgui.engine.nested_core import NestedCore, finest
from mlgui.engine.newton import CHEAP, Search
from mlgui.engine.objective import NotPositive, Objective, Point
from mlgui.engine.penalty import penalised
from mlgui.engine.problem import DegenerateProblem, Floats, Problem
from mlgui.engine.residual_fit import Setting, fit_structured
from mlgui.engine.scaling import Rows, residualised, scaled_rows
from mlgui.engine.single import Single
from mlgui.engine.solution import Solution
from mlgui.engine.sparse_core import SparseCore
from mlgui.engine.start import minque_start, other_starts
from mlgui.engine.structure import Structure, structure_of
from mlgui.engine.theta import Layout

OnStep = Callable[[int, float, Floats], None]
"""Called with (iteration, criterion, theta) at every evaluation; it may raise to stop the fit.

theta is that of the columns inside. During the passes over the rows it is empty, with iteration 0 and criterion NaN.
"""

EXPLAINED = 1e-6
"""Share of y'y that least squares leaves, below which cross-products are formed again from its residuals."""
ROUNDING = 0.01
"""Scaled gradient above which the end of a search is no minimum."""
FURTHER_STEPS = 40
"""Most steps of a search from another start: one that needs more follows a direction in which the criterion lies flat."""
PERFECT = 1.5e6
"""SD of a coefficient, in typical SDs, at which the residual variance counts as 0."""
RESIDUAL = 1e-5
"""Residual SD, in about SDs of the response, below which it may count as 0."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to search. second_start: whether to search again from elsewhere (None: where it is cheap or there is doubt).

    structure_start: where the parameters of a residual structure are searched from (None: from several places).
    structure_held: (place, value) of one of them that is not estimated.

    tolerance: predicted fall of the criterion at which the search ends (None: by what the problem costs).
    """

    second_start: bool | None = None
    max_steps: int = 100
    tolerance: float | None = None
    structure_start: Floats | None = None
    structure_held: tuple[int, float] | None = None


def fit(problem: Problem, options: Options | None = None, on_step: OnStep | None = None) -> Estimates:
    """The (restricted) maximum likelihood estimates of a problem; raises DegenerateProblem where there are none."""
    options = options or Options()
    report = on_step or _ignore
    rows, gram, structure = _data_pass(problem, lambda: report(0, np.nan, np.zeros(0)))
    layout = Layout.of([one.pattern for one in rows.groups])
    typical = [one.typical for one in rows.groups]
    closed = all(one.closed for one in rows.groups)
    count = 0

    def reported(point: Point) -> None:
        nonlocal count
        count += 1
        report(count, point.criterion, layout.pack(point.factors))

    def searching(objective: Objective) -> Search:
        return Search(objective, layout, typical, reported, options.tolerance)

    if not problem.residual.is_homogeneous:
        setting = Setting(
            _backend, _objective, lambda search, gram: _search(search, gram, options, closed), searching, options.max_steps,
            options.structure_start, options.structure_held,
        )  # fmt: skip
        return fit_structured(problem, rows, structure, layout, setting)
    objective = _objective(problem, rows, _backend(gram, structure))
    search = searching(objective)
    settled, second = _search(search, gram, options, closed)
    solution = Solution(
        objective=objective,
        layout=layout,
        gram=gram,
        point=settled.point,
        slope=settled.slope,
        regular=settled.minimum.point.factors,
        fixed=rows.fixed,
        groups=rows.groups,
    )
    return estimates_of(problem, solution, record_of(settled.minimum, search), certificate_of(settled, second))


def _ignore(iteration: int, criterion: float, theta: Floats) -> None:
    """Report to nobody."""


def _data_pass(problem: Problem, between_stages: Callable[[], None]) -> tuple[Rows, Gram, Structure]:
    """Scaled rows, their cross-products and the structure of the groupings."""
    between_stages()
    rows = scaled_rows(problem)
    between_stages()
    structure = structure_of(rows.codes, rows.n_groups, [len(columns) for columns in rows.z])

    def products(rows: Rows) -> Gram:
        return cross_products(rows.w, rows.z, rows.codes, structure, rows.n_groups, between_stages)

    gram = products(rows)
    r = len(rows.fixed.kept)
    if r >= rows.n:
        raise DegenerateProblem("too-many-coefficients")
    inside = np.asarray(np.linalg.solve(gram.total[:r, :r], gram.total[:r, r]))
    left = float(gram.total[r, r] - inside @ gram.total[:r, r])
    if left < EXPLAINED * float(gram.total[r, r]):
        rows = residualised(problem, rows)
        gram = products(rows)
    return rows, gram, structure


def _backend(gram: Gram, structure: Structure) -> Backend:
    """The elimination that fits the structure."""
    if structure.chain and structure.others:
        return Border(gram, structure.chain, structure.others)
    if structure.others:
        return _crossed(gram)
    if len(structure.chain) > 1:
        return Chain(gram, structure.chain)
    return Single(gram) if structure.chain else NoGroups(gram.total)


def _crossed(gram: Gram) -> Backend:
    """The elimination of crossed groupings: with a dense core unless that would be too large."""
    below = finest(gram)
    left = [own.shape[0] * own.shape[2] for k, own in enumerate(gram.own) if k != below]
    if sum(left) - max(left) > LARGEST:
        return SparseCore(gram)
    return Core(gram) if below is None else NestedCore(gram, below)


def _objective(problem: Problem, rows: Rows, backend: Backend) -> Objective:
    """The criterion, with the constants that make it that of the user's scales."""
    rank = len(rows.fixed.kept)
    degrees = rows.n - rank if problem.reml else rows.n
    constant = 2 * degrees * float(np.log(rows.fixed.y_scale)) - rows.log_weights
    if problem.reml:
        constant -= 2 * rows.fixed.log_det
    found = Objective(
        backend=backend,
        n=rows.n,
        rank=rank,
        reml=problem.reml,
        constant=constant,
        to_rows=tuple(one.to_rows for one in rows.groups),
    )
    return penalised(found) if problem.boundary_avoiding else found


def _search(search: Search, gram: Gram, options: Options, closed: bool) -> tuple[Settled, float | None]:
    """The best minimum found, and the criterion of another start minus that of the best where there was one.

    closed: whether shifts of the varying columns leave the model the same.
    """
    objective, layout = search.objective, search.layout
    try:
        first = settle(search, minque_start(gram, objective.n, objective.rank, search.typical), options.max_steps)
    except NotPositive as error:
        raise DegenerateProblem("perfect-fit") from error
    assert first is not None
    _refuse_perfect_fit(search, first)
    wanted = options.second_start
    if wanted is None:
        wanted = objective.backend.cost < CHEAP / 10 or not certificate_of(first, None).passed
    if not wanted or layout.size == 0:
        return first, None
    best, others = first, [first.point.criterion]
    large = not closed or (len(search.typical) > 1 and objective.backend.cost < CHEAP)
    for start in other_starts(first.point.factors, search.typical, large=large):
        try:
            other = settle(search, start, min(options.max_steps, FURTHER_STEPS), best.point)
        except NotPositive:
            continue
        if other is None or (_lost(other) and not _lost(best)):
            continue
        fall, rounding = best.point.criterion - other.point.criterion, _rounding(other, search.typical)
        if 1e-6 < fall < rounding:
            continue  # along a direction in which the criterion lies flat
        others.append(other.point.criterion)
        lower = fall > rounding
        best = other if lower or (_lost(best) and not _lost(other)) else best
    return best, others[0 if best is not first else -1] - best.point.criterion


def _rounding(settled: Settled, typical: Sequence[Floats]) -> float:
    """By how much rounding may make a criterion too low: it grows with the squares of the SDs, in typical SDs."""
    largest = max(float((np.abs(factor).max(axis=1) / usual).max()) for factor, usual in zip(settled.point.factors, typical))
    return 1e-9 + 2e-12 * largest * largest


def _lost(settled: Settled) -> bool:
    """Whether a search has not found a minimum but lost its way in rounding, where a criterion cannot be trusted."""
    return settled.minimum.newton.gradient > ROUNDING


def _refuse_perfect_fit(search: Search, settled: Settled) -> None:
    """Raise DegenerateProblem where group effects have grown without end relative to a residual that has gone.

    Effects alone also grow where the columns of X fit every group, so that their variance does not matter.
    """
    if settled.point.r2 > (RESIDUAL**2) * search.objective.degrees:
        return
    for factor, typical in zip(settled.minimum.point.factors, search.typical):
        if (np.sqrt((factor * factor).sum(axis=1)) > PERFECT * typical).any():
            raise DegenerateProblem("perfect-fit")
