"""Residual structures as people write them."""

from __future__ import annotations

import pytest

from mlgui.errors import UserError
from mlgui.spec.edits import new_model, set_residual
from mlgui.spec.residual import ResidualKind, ResidualTerm, parse_residual, residual_texts
from mlgui.spec.terms import Grouping


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ResidualTerm()),
        (["by:Sex"], ResidualTerm(by="Sex")),
        (["cs:Subject"], ResidualTerm(kind=ResidualKind.EXCHANGEABLE, grouping=Grouping(("Subject",)))),
        (["ar1:Subject:Days"], ResidualTerm(kind=ResidualKind.AR1, grouping=Grouping(("Subject",)), order="Days")),
        (["un:s:class:age"], ResidualTerm(kind=ResidualKind.OCCASIONS, grouping=Grouping(("s", "class")), order="age")),
        (["ar1:g:t", "by:arm"], ResidualTerm(kind=ResidualKind.AR1, grouping=Grouping(("g",)), order="t", by="arm")),
    ],
)
def test_texts_and_back(texts: list[str], expected: ResidualTerm) -> None:
    assert parse_residual(texts) == expected
    assert list(residual_texts(expected)) == texts
    assert expected.is_plain == (not texts)


@pytest.mark.parametrize(
    "texts",
    [["ar1:Subject"], ["by"], ["by:"], ["cs"], ["toeplitz:g"], [""], ["cs:g", "ar1:g:t"], ["by:a", "by:b"], ["un:g:t", "by:a"]],
)
def test_what_is_no_structure_is_refused(texts: list[str]) -> None:
    with pytest.raises(UserError):
        parse_residual(texts)


def test_an_edit_and_its_columns() -> None:
    spec = set_residual(new_model("y", "g"), "ar1", "g", order="t", by="arm")
    assert spec.residual == parse_residual(["ar1:g:t", "by:arm"])
    assert set(spec.columns) == {"y", "g", "t", "arm"}
    assert set_residual(spec, ResidualKind.INDEPENDENT).residual.is_plain
    for wrong in ({"kind": "ar1", "groups": "g"}, {"kind": "cs"}, {"kind": "cs", "groups": "g", "order": "t"}):
        with pytest.raises(UserError):
            set_residual(spec, **wrong)  # type: ignore[arg-type]
