from __future__ import annotations

import shlex
from dataclasses import replace

import numpy as np
import pytest

from mlgui.cli.arguments import parse_arguments
from mlgui.cli.opening import with_kinds
from mlgui.data.table import Column, Kind, Source, Table
from mlgui.export.script import command_line, r_script
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast
from mlgui.spec.render import render


@pytest.fixture
def table() -> Table:
    """Return y, x, a category, and groups, with names R cannot take as they are."""
    codes = np.array([0, 1, 0, 1], dtype=np.int32)
    columns = (
        Column(name="y", kind=Kind.NUMBER, values=np.arange(4.0)),
        Column(name="the x", kind=Kind.NUMBER, values=np.arange(4.0)),
        Column(name="kind", kind=Kind.CATEGORY, values=codes, levels=("it's", 'a "b"')),
        Column(name="g", kind=Kind.ID, values=codes, levels=("1", "2")),
    )
    source = Source(name="my data.csv", options={"delimiter": ";", "decimal": ","})
    return Table(columns=columns, row_ids=np.arange(1, 5), source=source)


def test_the_r_script_reads_prepares_and_fits(table: Table) -> None:
    script = r_script(parse("y ~ `the x` * kind + (`the x` | g)", weights="the x"), table)
    assert 'data <- read.csv("my data.csv", sep = ";", dec = ",", na.strings = c("", "NA"), check.names = FALSE' in script
    assert 'data$kind <- factor(data$kind, levels = c("it\'s", "a \\"b\\""))' in script
    assert "data$g <- factor(data$g)" in script
    assert "lmer(y ~ `the x` * kind + (`the x` | g)" in script and "REML = TRUE, weights = `the x`)" in script


def test_codings_and_own_functions_are_translated(table: Table) -> None:
    spec = parse("y ~ center(`the x`, g) + mean(`the x`, g) + kind + (1 | g)", reml=False)
    spec = replace(spec, codings=(Coding(column="kind", contrast=Contrast.SUM, reference='a "b"'),))
    script = r_script(spec, table)
    assert "center(`the x`, g) + mean(`the x`, g)" in script and "center <- function" in script and "mean <- function" in script
    assert "contrasts(data$kind) <- contr.sum(2)" in script and 'levels = c("a \\"b\\"", "it\'s")' in script
    assert "REML = FALSE" in script


def test_the_command_line_asks_the_same_question(table: Table) -> None:
    spec = parse("y ~ `the x` * kind + (`the x` | g)", reml=False, weights="the x")
    words = shlex.split(command_line(spec, table))
    chosen = parse_arguments(words[1:])
    assert words[:2] == ["mlgui", "fit"] and chosen.data == "my data.csv" and chosen.ml and chosen.weights == "the x"
    assert parse(chosen.formula) == parse(render(spec))
    assert with_kinds(table, chosen.category, chosen.number)["kind"].levels == table["kind"].levels
