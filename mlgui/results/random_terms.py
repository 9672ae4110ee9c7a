"""Likelihood-ratio tests of what varies by group: every random term without its last coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlgui.design.design import Design, VaryingCoefficients
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.lrt_bootstrap import SimulatedRatio
from mlgui.engine.problem import Problem
from mlgui.results.likelihood_ratio import LikelihoodRatio, NullDistribution, likelihood_ratio
from mlgui.results.model_columns import INTERCEPT
from mlgui.results.nouns import group_noun
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.spec.render import render_grouping, render_term, render_terms
from mlgui.spec.two_level import term_label
from mlgui.words import tr

OnStep = Callable[[int, int], None]
"""Called with (models fitted, models to fit) before every fit; it may raise to stop."""


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """A random term without some of its coefficients. grouping: index. drop: those that go. rest: of its block, that stay."""

    name: str
    grouping: int
    drop: tuple[int, ...]
    rest: tuple[int, ...]


def reductions(design: Design) -> tuple[Reduction, ...]:
    """Return the simpler models each random term is tested against: every slope that no other contains, else the whole term."""
    found = []
    for index, varying in enumerate(design.groupings):
        for block in varying.blocks:
            terms = list(dict.fromkeys(varying.terms[a] for a in block))
            for term in terms:
                contained = any(set(term.factors) < set(other.factors) for other in terms)
                if contained:
                    continue
                drop = tuple(a for a in block if varying.terms[a] == term)
                rest = tuple(a for a in block if a not in drop)
                found.append(Reduction(name=_name(varying, block, drop, rest), grouping=index, drop=drop, rest=rest))
    return tuple(found)


def _name(varying: VaryingCoefficients, block: tuple[int, ...], drop: tuple[int, ...], rest: tuple[int, ...]) -> str:
    """Return lmerTest's name: `(1 | g)`, or `x in (x | g)`."""
    written = render_terms(tuple(dict.fromkeys(varying.terms[a] for a in block)))
    bar = f"({written} | {render_grouping(varying.grouping)})"
    return f"{render_term(varying.terms[drop[0]])} in {bar}" if rest or varying.terms[drop[0]].order else bar


def reduction_words(report: Report, reduction: Reduction) -> str:
    """Return what a reduction leaves out, in words: "slopes of ses by school"."""
    groups = report.groups[reduction.grouping]
    first, noun = reduction.drop[0], group_noun(groups.grouping)
    if groups.names[first] == INTERCEPT:
        return tr("intercepts by {group}").format(group=noun)
    term = report.design.groupings[reduction.grouping].terms[first]
    label = groups.labels[first] if len(reduction.drop) == 1 else term_label(term)
    return tr("slopes of {term} by {group}").format(term=label, group=noun)


def without(problem: Problem, reduction: Reduction) -> Problem:
    """Return the problem without some varying coefficients."""
    groups = problem.groupings[reduction.grouping]
    kept = [a for a in range(groups.z.shape[1]) if a not in reduction.drop]
    others = list(problem.groupings)
    if kept:
        z = np.asfortranarray(groups.z[:, kept])
        others[reduction.grouping] = replace(groups, z=z, pattern=groups.pattern[np.ix_(kept, kept)])
    else:
        del others[reduction.grouping]
    return replace(problem, groupings=tuple(others))


def random_term_tests(design: Design, estimates: Estimates, on_step: OnStep | None = None) -> tuple[LikelihoodRatio, ...]:
    """Return a likelihood-ratio test of every reduction, by REML or ML as the fit (X is the same), without a penalty."""
    wanted = reductions(design)
    if estimates.problem.boundary_avoiding:
        estimates = fit(replace(estimates.problem, boundary_avoiding=False))
    found = []
    for done, reduction in enumerate(wanted):
        if on_step is not None:
            on_step(done, len(wanted))
        smaller = fit(without(estimates.problem, reduction))
        found.append(likelihood_ratio(smaller, estimates, name=reduction.name, beside=_beside(reduction)))
    return tuple(found)


def _beside(reduction: Reduction) -> int | None:
    """Return how many coefficients a single one that goes leaves in its block; None where several go at once."""
    return len(reduction.rest) if len(reduction.drop) == 1 else None


def null_words(null: NullDistribution) -> str:
    """Return what a likelihood ratio is compared with, for a cell of a table."""
    return {
        NullDistribution.MIXTURE: tr("½ χ² + ½ χ²"),
        NullDistribution.BOUND: tr("χ², an upper bound"),
        NullDistribution.CHI_SQUARE: tr("χ²"),
    }[null]


def random_terms_table(tests: tuple[LikelihoodRatio, ...], simulated: Sequence[SimulatedRatio] = ()) -> ResultTable:
    """Return the tests of what varies as a table; simulated: the same by parametric bootstrap, where asked for."""
    bootstrap = ResultColumn(key="p_bootstrap", heading=tr("p, simulated"), cells=[one.p for one in simulated], format=Format.P)
    return ResultTable(
        key="random_term_tests",
        title=tr("Does it vary?"),
        columns=(
            ResultColumn(key="term", heading=tr("Left out"), cells=[one.name for one in tests]),
            ResultColumn(key="parameters", heading=tr("Parameters"), cells=[one.df for one in tests], format=Format.COUNT),
            ResultColumn(key="lrt", heading=tr("Likelihood ratio"), cells=[one.statistic for one in tests], format=Format.NUMBER),
            ResultColumn(key="p", heading=tr("p"), cells=[one.p for one in tests], format=Format.P),
            ResultColumn(key="null", heading=tr("Compared with"), cells=[null_words(one.null) for one in tests]),
            *([bootstrap] if simulated else []),
        ),
        note=tr("A variance cannot be negative: a plain χ² gives p too large, a mixture is exact for one more coefficient."),
    )
