"""Values a user sets in the place of estimates, by name: what a planned study is simulated from."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from mlgui.engine.assumed import Assumed
from mlgui.errors import UserError
from mlgui.results.report import Report
from mlgui.words import tr

SD = re.compile(r"sd\((?P<inside>.*)\)")
RESIDUAL = "Residual"


def assumption_names(report: Report) -> dict[str, float]:
    """Return everything that can be set with its estimate: coefficients, `sd(TERM | GROUPING)`, `sd(Residual)`."""
    found = {effect.name: effect.estimate for effect in report.fixed if effect.estimable}
    for component in report.variance:
        for name, sd in zip(component.names, component.sd.tolist(), strict=True):
            found[f"sd({name} | {component.grouping})"] = sd
    return {**found, f"sd({RESIDUAL})": report.sigma}


def assumed_values(report: Report, values: Mapping[str, float]) -> Assumed:
    """Return values by name as what they replace; UserError for a name that is none, or an SD that is not possible."""
    known = {_plain(name): name for name in assumption_names(report)}
    columns = {effect.name: column for column, effect in enumerate(report.fixed)}
    places = {
        f"sd({name} | {groups.grouping})": (k, a) for k, groups in enumerate(report.groups) for a, name in enumerate(groups.names)
    }
    beta, sds, sigma = dict[int, float](), dict[tuple[int, int], float](), None
    for given, value in values.items():
        name = known.get(_plain(given))
        if name is None:
            raise UserError(
                tr("“{name}” cannot be set.").format(name=given), "",
                tr("What can be: {list}.").format(list=", ".join(known.values())),
            )  # fmt: skip
        if not math.isfinite(value) or (SD.fullmatch(name) and value < 0) or (name == f"sd({RESIDUAL})" and value == 0):
            raise UserError(tr("{name} cannot be {value}.").format(name=name, value=value))
        if name in columns:
            beta[columns[name]] = value
        elif name in places:
            sds[places[name]] = value
        else:
            sigma = value
    return Assumed(beta=beta, sds=sds, sigma=sigma)


def _plain(name: str) -> str:
    """Return a name without spaces, and with the intercept written as 1 or in full alike."""
    return re.sub(r"\s", "", name).replace("sd(1|", "sd((Intercept)|")
