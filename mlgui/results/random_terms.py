"""Likelihood-ratio tests: of what varies by group, and of average terms between models fitted by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import chdtrc

from mlgui.design.design import Design, VaryingCoefficients
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.lrt_bootstrap import SimulatedRatio, simulated_ratio
from mlgui.engine.problem import Problem
from mlgui.engine.within import independent_columns
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.spec.render import render_grouping, render_term, render_terms
from mlgui.words import tr

OnStep = Callable[[int, int], None]
"""Called with (models fitted, models to fit) before every fit; it may raise to stop."""


class NullDistribution(StrEnum):
    """What a likelihood ratio is compared with.

    MIXTURE: half chi-square(q), half chi-square(q + 1) (Stram & Lee 1994). BOUND: chi-square with all parameters, which is
    an upper bound for p at a boundary. CHI_SQUARE: the same, where the parameters are interior.
    """

    MIXTURE = "mixture"
    BOUND = "bound"
    CHI_SQUARE = "chi-square"


@dataclass(frozen=True, kw_only=True, eq=False)
class LikelihoodRatio:
    """A test of two nested models. df: parameters more in the larger. p: by `null`; p_chi_square: from chi-square(df).

    log_likelihood, aic: of the smaller model. statistic is at least 0.
    """

    name: str
    statistic: float
    df: int
    p: float
    p_chi_square: float
    null: NullDistribution
    smaller: Estimates
    larger: Estimates

    def simulate(self, replicates: int = 1000, seed: int = 1, on_step: OnStep | None = None) -> SimulatedRatio:
        """Return the test by parametric bootstrap from the smaller model."""
        return simulated_ratio(self.smaller, self.larger, replicates, seed, on_step)


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
    """Return a likelihood-ratio test of every reduction, by REML or ML as the fit (X is the same)."""
    wanted = reductions(design)
    found = []
    for done, reduction in enumerate(wanted):
        if on_step is not None:
            on_step(done, len(wanted))
        smaller = fit(without(estimates.problem, reduction))
        found.append(likelihood_ratio(smaller, estimates, name=reduction.name, added=reduction))
    return tuple(found)


def likelihood_ratio(smaller: Estimates, larger: Estimates, *, name: str = "", added: Reduction | None = None) -> LikelihoodRatio:
    """Return the likelihood-ratio test of two nested fits by the same method.

    added: what the larger has more among what varies. One coefficient more, beside a block whose G is positive definite in
    the smaller model while all its other variances are interior, has the mixture as its null distribution.
    """
    statistic = max(smaller.criterion - larger.criterion, 0.0)
    df = larger.n_parameters - smaller.n_parameters
    null = NullDistribution.CHI_SQUARE
    if added is not None or len(larger.theta) != len(smaller.theta):
        one_more = added is not None and len(added.drop) == 1 and not smaller.singular
        null = NullDistribution.MIXTURE if one_more else NullDistribution.BOUND
    plain = _upper_tail(statistic, df)
    p = plain
    if null is NullDistribution.MIXTURE and added is not None:
        q = len(added.rest)
        p = (_upper_tail(statistic, q) + _upper_tail(statistic, q + 1)) / 2
    return LikelihoodRatio(
        name=name, statistic=statistic, df=df, p=p, p_chi_square=plain, null=null, smaller=smaller, larger=larger
    )


def _upper_tail(statistic: float, df: int) -> float:
    """Return P(chi-square(df) >= statistic); chi-square(0) is 0."""
    return float(chdtrc(df, statistic)) if df > 0 else float(statistic <= 0.0)


def refitted_by_ml(estimates: Estimates) -> Estimates:
    """Return the fit by maximum likelihood: itself where it is one."""
    return fit(replace(estimates.problem, reml=False)) if estimates.problem.reml else estimates


def compare_by_ml(first: Estimates, second: Estimates, *, name: str = "") -> LikelihoodRatio:
    """Return the test of two fits whose average terms are nested, both refitted by maximum likelihood; any order.

    ValueError unless they have the same rows and outcome and the columns of one span those of the other.
    """
    smaller, larger = sorted((first, second), key=lambda one: one.n_parameters)
    if not _nested(smaller.problem, larger.problem):
        raise ValueError("the models are not nested")
    return likelihood_ratio(refitted_by_ml(smaller), refitted_by_ml(larger), name=name)


def _nested(smaller: Problem, larger: Problem) -> bool:
    """Return whether both have the same outcome and weights, and the larger's X spans the smaller's."""
    if smaller.n != larger.n or not np.array_equal(smaller.y, larger.y):
        return False
    for mine, other in ((smaller.weights, larger.weights), (smaller.offset, larger.offset)):
        if (mine is None) != (other is None) or (mine is not None and other is not None and not np.array_equal(mine, other)):
            return False
    triangle = np.asarray(np.linalg.qr(np.hstack([larger.x, smaller.x]), mode="r"))
    return all(column < larger.x.shape[1] for column in independent_columns(triangle))


def random_terms_table(tests: tuple[LikelihoodRatio, ...]) -> ResultTable:
    """Return the tests of what varies as a table."""
    words = {
        NullDistribution.MIXTURE: tr("½ χ² + ½ χ²"),
        NullDistribution.BOUND: tr("χ², an upper bound"),
        NullDistribution.CHI_SQUARE: tr("χ²"),
    }
    return ResultTable(
        key="random_term_tests",
        title=tr("Does it vary?"),
        columns=(
            ResultColumn(key="term", heading=tr("Left out"), cells=[one.name for one in tests]),
            ResultColumn(key="parameters", heading=tr("Parameters"), cells=[one.df for one in tests], format=Format.COUNT),
            ResultColumn(key="lrt", heading=tr("Likelihood ratio"), cells=[one.statistic for one in tests], format=Format.NUMBER),
            ResultColumn(key="p", heading=tr("p"), cells=[one.p for one in tests], format=Format.P),
            ResultColumn(key="null", heading=tr("Compared with"), cells=[words[one.null] for one in tests]),
        ),
        note=tr("A variance cannot be negative: a plain χ² gives p too large, a mixture is exact for one more coefficient."),
    )
