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
    columns += (Column(name="flag", kind=Kind.BOOLEAN, values=codes[::-1].copy(), levels=("FALSE", "TRUE")),)
    options = {"delimiter": ";", "decimal": ",", "header_row": "3", "missing": "-99, none"}
    source = Source(name="my data.csv", options=options)
    return Table(columns=columns, row_ids=np.arange(1, 5), source=source)


def test_the_r_script_reads_prepares_and_fits(table: Table) -> None:
    script = r_script(parse("y ~ `the x` * kind + flag + (`the x` | g)", weights="the x"), table)
    assert 'data <- read.csv("my data.csv", sep = ";", dec = ",", fileEncoding = "UTF-8", skip = 2' in script
    assert 'na.strings = c("", "NA", ".", "N/A", "NaN", "null", "NULL", "-99", "none"), check.names = FALSE' in script
    assert 'data$kind <- factor(data$kind, levels = c("it\'s", "a \\"b\\""))' in script
    assert "data$g <- factor(data$g)" in script
    assert "data$flag" not in script  # R reads truth values as such, and names their coefficient alike
    assert "lmer(y ~ `the x` * kind + flag + (`the x` | g)" in script and "REML = TRUE, weights = `the x`, control" in script


def test_a_file_without_a_header_gets_its_names(table: Table) -> None:
    bare = replace(table, source=replace(table.source, options={"header_row": "0"}))
    script = r_script(parse("y ~ 1 + (1 | g)"), bare)
    assert 'header = FALSE, col.names = c("y", "the x", "kind", "g", "flag")' in script


def test_codings_and_own_functions_are_translated(table: Table) -> None:
    spec = parse("y ~ center(`the x`, g) + mean(`the x`, g) + kind + (1 | g)", reml=False)
    script = r_script(replace(spec, codings=(Coding(column="kind", contrast=Contrast.SUM),)), table)
    assert "center(`the x`, g) + mean(`the x`, g)" in script and "center <- function" in script and "mean <- function" in script
    assert "contrasts(data$kind) <- contr.sum(2)" in script and "REML = FALSE" in script
    script = r_script(replace(spec, codings=(Coding(column="kind", reference='a "b"'),)), table)
    assert 'levels = c("a \\"b\\"", "it\'s")' in script


def test_the_command_line_asks_the_same_question(table: Table) -> None:
    spec = parse("y ~ `the x` * kind + (`the x` | g)", reml=False, weights="the x")
    spec = replace(spec, codings=(Coding(column="kind", contrast=Contrast.SUM),))
    words = shlex.split(command_line(spec, table))
    chosen = parse_arguments(words[1:])
    assert words[:2] == ["mlgui", "fit"] and chosen.data == "my data.csv" and chosen.ml and chosen.weights == "the x"
    assert (chosen.delimiter, chosen.decimal, chosen.header_row, chosen.encoding) == (";", ",", 3, None)
    assert chosen.sum == ["kind"] and chosen.missing == ["-99", "none"]
    assert parse(chosen.formula) == parse(render(spec))
    assert with_kinds(table, chosen.category, chosen.number)["kind"].levels == table["kind"].levels


def test_levels_with_commas_and_names_with_dashes_survive_the_command_line(table: Table) -> None:
    codes = np.array([0, 1, 2, 1], dtype=np.int32)
    odd = Column(name="-a=b", kind=Kind.CATEGORY, values=codes, levels=("yes, often", 'no "never"', "x"))
    table = table.with_column(odd).with_column(Column(name="-x", kind=Kind.NUMBER, values=np.arange(4.0)))
    spec = replace(parse("y ~ `-a=b` + `-x` + (1 | g)"), codings=(Coding(column="-a=b", reference='no "never"'),))
    chosen = parse_arguments(shlex.split(command_line(spec, table))[1:])
    forced = with_kinds(table, chosen.category, chosen.number)
    assert forced["-a=b"].levels == ('no "never"', "yes, often", "x") and chosen.number == ["-x"]
