"""Predictors that work at two levels: their slope mixes differences within and between groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mlgui.data.recode import group_means
from mlgui.data.table import Kind
from mlgui.design.design import Design, VaryingCoefficients
from mlgui.findings import Finding, Remedy, Severity
from mlgui.results import numbers
from mlgui.results.nouns import group_plural
from mlgui.spec.expression import Variable
from mlgui.words import tr

Floats = NDArray[np.float64]

NOTABLE_SHARE = 0.05
"""Share of a predictor's variance that lies between groups from which the mixture of two slopes is worth a note."""

SAME_MEAN = 0.95
"""Correlation with the group means from which a group-level predictor counts as being them."""


def two_level_findings(design: Design) -> Iterator[Finding]:
    """Yield a note for each number whose group means differ notably while nothing in the model stands for them.

    Only for groupings of one column with rows enough in a group to speak of its mean.
    """
    for index, varying in enumerate(design.groupings):
        if len(varying.grouping.columns) > 1 or np.median(varying.sizes) < 3:
            continue
        for name in _plain_numbers(design):
            share, means = _between_share(design, index, name)
            if share >= NOTABLE_SHARE and not _stands_for(varying, means):
                yield _finding(name, varying.grouping.columns[0], share)


def _plain_numbers(design: Design) -> list[str]:
    return [
        coefficient.term.factors[0].name
        for coefficient in design.coefficients
        if coefficient.term.order == 1
        and not coefficient.level
        and isinstance(coefficient.term.factors[0], Variable)
        and design.table[coefficient.term.factors[0].name].kind is Kind.NUMBER
    ]


def _between_share(design: Design, index: int, name: str) -> tuple[float, Floats]:
    """Return the share of a column's variance between groups beyond what chance gives (ANOVA estimate), and the means (J,)."""
    group, sizes = design.problem.groupings[index], design.groupings[index].sizes
    values = np.asarray(design.table[name].values[design.rows], dtype=float)
    means = group_means(values, group.codes, group.n_groups)
    total, n, j = float(np.sum((values - values.mean()) ** 2)), len(values), group.n_groups
    between = float(np.sum(sizes * (means - values.mean()) ** 2))
    if n <= j or j < 2 or total == 0:
        return 0.0, means
    ms_between, ms_within = between / (j - 1), (total - between) / (n - j)
    typical = (n - float(np.sum(sizes.astype(float) ** 2)) / n) / (j - 1)
    variance = max((ms_between - ms_within) / typical, 0.0)
    return variance / (variance + ms_within) if variance + ms_within > 0 else 0.0, means


def _stands_for(varying: VaryingCoefficients, means: Floats) -> bool:
    """Return whether some group-level predictor of the model is, or nearly is, the group mean."""
    centred = means - means.mean()
    for predictors in varying.predictors:
        for predictor in predictors:
            values = predictor.values - predictor.values.mean()
            size = float(np.linalg.norm(values) * np.linalg.norm(centred))
            if size > 0 and abs(float(values @ centred)) > SAME_MEAN * size:
                return True
    return False


def _finding(name: str, grouping: str, share: float) -> Finding:
    return Finding(
        code="two-levels",
        severity=Severity.NOTE,
        title=tr("{name} works at two levels: within and between {groups}").format(name=name, groups=group_plural(grouping)),
        text=tr(
            "{share} of the variance of {name} lies between {groups}, so its slope mixes differences within and between them. "
            "Adding the mean of {name} by {grouping} separates them."
        ).format(share=numbers.percent(share), name=name, groups=group_plural(grouping), grouping=grouping),
        about=(name, grouping),
        remedies=(
            Remedy(
                label=tr("Add mean of {name} by {grouping}").format(name=name, grouping=grouping),
                edit="add_group_mean",
                arguments=(("column", name), ("grouping", grouping)),
            ),
        ),
    )
