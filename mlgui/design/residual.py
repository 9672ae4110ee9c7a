"""The residual structure of a model as arrays."""

from __future__ import annotations

import numpy as np

from mlgui.design.frame import Frame
from mlgui.design.groups import group_codes
from mlgui.engine.problem import Floats, Residual
from mlgui.errors import UserError
from mlgui.spec.residual import ResidualKind, ResidualTerm
from mlgui.words import tr

_KINDS = {ResidualKind.AR1: "ar1", ResidualKind.EXCHANGEABLE: "cs", ResidualKind.OCCASIONS: "un"}


def residual_of(term: ResidualTerm, frame: Frame) -> tuple[Residual, tuple[str, ...]]:
    """Return the structure over the rows, and the labels of its strata or occasions. UserError for a column that is missing."""
    if term.is_plain:
        return Residual(), ()
    levels: tuple[str, ...] = ()
    strata = None
    if term.by:
        strata, levels = frame.codes(term.by)
    if term.grouping is None:
        return Residual(kind="strata", strata=strata), levels
    groups = group_codes(frame, term.grouping).codes
    order = occasions = None
    if term.kind is ResidualKind.AR1:
        order = _order(term.order, frame)
    if term.kind is ResidualKind.OCCASIONS:
        occasions, levels = frame.codes(term.order)
    return Residual(kind=_KINDS[term.kind], strata=strata, groups=groups, order=order, occasions=occasions), levels


def _order(name: str, frame: Frame) -> Floats:
    """Return the place of every row in time: numbers and dates as they are, categories by the order of their levels."""
    if not frame.is_category(name):
        return frame.numbers(name)
    codes, levels = frame.codes(name)
    if len(levels) < 2:
        raise UserError(tr("“{name}” has one value: it orders nothing.").format(name=name))
    return codes.astype(np.float64)
