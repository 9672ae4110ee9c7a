"""What the tests of export share: fitted reports and a table with awkward cells."""

from __future__ import annotations

import math

import pytest

from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model

HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "<script>alert(1)</script>", 'a "quoted", b', "")


@pytest.fixture(scope="session")
def sleepstudy() -> Report:
    """Return the varying-slope fit of sleepstudy."""
    table, structure, models = open_example("sleepstudy")
    assert models[0].spec is not None
    return fit_model(table, structure, models[0].spec)


@pytest.fixture(scope="session")
def pastes() -> Report:
    """Return the nested fit of Pastes."""
    table, structure, models = open_example("pastes")
    assert models[0].spec is not None
    return fit_model(table, structure, models[0].spec)


@pytest.fixture
def hostile() -> ResultTable:
    """Return a table of texts that spreadsheets and browsers would run, beside awkward numbers."""
    n = len(HOSTILE)
    values = [0.1, -1 / 3, math.nan, 1e-300, -5.0, 12345678.9, math.inf, 0.0, 2.0]
    return ResultTable(
        key="hostile",
        title="<b>Title</b>",
        columns=(
            ResultColumn(key="=name", heading="<i>Name</i>", cells=HOSTILE),
            ResultColumn(key="value", heading="Value", cells=values, format=Format.NUMBER, decimals=3),
            ResultColumn(key="p", heading="p", cells=[0.0001, 0.04, None, *[0.5] * (n - 3)], format=Format.P),
            ResultColumn(key="n", heading="n", cells=list(range(n)), format=Format.COUNT),
            ResultColumn(key="share", heading="Share", cells=[0.181] * n, format=Format.PERCENT, decimals=0),
        ),
        note="A note & more.",
    )
