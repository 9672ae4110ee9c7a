"""Results as data frames, and what the arguments of scripts may be. pandas is imported where a frame is made, not before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

    from mlgui.results.report import Report

DF = ("satterthwaite", "kenward-roger")
"""Where degrees of freedom come from: every `df` of this package is one of these, or asymptotic where that is offered."""
DF_OR_NORMAL = (*DF, "asymptotic")

COLUMN_NAMES = {"low": "ci_low", "high": "ci_high", "name": "term"}
"""Fields of results that have another name as columns."""


def frame(rows: Iterable[object], fields: Sequence[str]) -> pd.DataFrame:
    """Return one row for each result, one column for each of its fields, renamed by COLUMN_NAMES."""
    import pandas as pd

    cells = [[getattr(row, field) for field in fields] for row in rows]
    return pd.DataFrame(cells, columns=[COLUMN_NAMES.get(field, field) for field in fields])


def by_group(columns: dict[str, Any], levels: Sequence[str], grouping: str) -> pd.DataFrame:
    """Return columns with a value for each group, under an index of the groups that is named by the grouping."""
    import pandas as pd

    return pd.DataFrame(columns, index=pd.Index(levels, name=grouping))


def one_of(value: str, choices: Sequence[str], name: str) -> str:
    """Return the value of an argument; UserError unless it is one of the choices."""
    if value in choices:
        return value
    raise UserError(
        tr("“{value}” is no choice of {name}.").format(value=value, name=name),
        "",
        tr("Choose one of: {list}.").format(list=", ".join(choices)),
    )


def names_of(names: str | Sequence[str]) -> tuple[str, ...]:
    """Return one name, or several, as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names)


def data_frame(data: pd.DataFrame) -> pd.DataFrame:
    """Return what was given as data; UserError unless it is a data frame, for which pandas need not be imported."""
    if hasattr(data, "iloc"):
        return data
    raise UserError(tr("The data must be a pandas data frame."), "", tr("Make one with pandas.DataFrame(data)."))


def share(confidence: float) -> float:
    """Return the confidence of intervals; UserError unless it lies between 0 and 1."""
    if 0 < confidence < 1:
        return confidence
    raise UserError(tr("A confidence of {value} is not between 0 and 1.").format(value=confidence), "", tr("Use 0.95 or so."))


def count(n: int) -> int:
    """Return how often something is simulated; UserError unless at least once."""
    if n >= 1:
        return n
    raise UserError(tr("Nothing can be simulated {n} times.").format(n=n), "", tr("Ask for 1000 or so."))


def blas_threads(report: Report) -> AbstractContextManager[object]:
    """Return a context in which matrix routines use as many threads as pay for themselves in work on a fit."""
    from mlgui.session.jobs import one_blas_thread

    widths = sorted(groups.n_groups * groups.z.shape[1] for groups in report.design.problem.groupings)
    return one_blas_thread(sum(widths[:-1]))
