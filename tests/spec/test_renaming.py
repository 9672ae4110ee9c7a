"""A model follows a column that is given another name."""

from __future__ import annotations

from dataclasses import replace

from mlgui.spec.edits import leave_out_groups, set_residual
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding
from mlgui.spec.renaming import with_column_renamed
from mlgui.spec.render import render
from mlgui.spec.terms import Grouping


def test_every_place_of_a_model_follows() -> None:
    spec = parse("log(x) ~ x * z + I(x^2 + 1) + offset(x) + (x | x:g)", weights="x")
    spec = replace(spec, codings=(Coding(column="x", reference="a"),))
    spec = leave_out_groups(set_residual(spec, "ar1", ["g"], "x", ""), Grouping(("x",)), ["1"])
    renamed = with_column_renamed(spec, "x", "new name")
    assert "x" not in renamed.columns
    assert (
        render(renamed)
        == "log(`new name`) ~ `new name` * z + I(`new name`^2 + 1) + offset(`new name`) + (`new name` | `new name`:g)"
    )
    assert renamed.weights == "new name"
    assert renamed.codings[0].column == "new name"
    assert renamed.residual.order == "new name"
    assert renamed.excluded[0].grouping.columns == ("new name",)


def test_other_columns_stay() -> None:
    spec = parse("y ~ x + (x | g)")
    assert with_column_renamed(spec, "z", "w") == spec
    assert with_column_renamed(with_column_renamed(spec, "x", "z"), "z", "x") == spec
