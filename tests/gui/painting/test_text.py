from __future__ import annotations

import pytest

from mlgui.gui.painting.text import pieces, plain


def shape(text: str, maths: bool = False) -> list[tuple[str, str]]:
    return [(p.text, "sub" if p.lowered else "symbol" if p.symbol else "") for p in pieces(text, maths)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Intercepts αⱼ", [("Intercepts ", ""), ("α", "symbol"), ("j", "sub")]),
        ("Slopes β_j of ses", [("Slopes ", ""), ("β", "symbol"), ("j", "sub"), (" of ses", "")]),
        ("η_{αj}", [("η", "symbol"), ("αj", "sub")]),
        ("mean_ses_j", [("mean_ses_j", "")]),
        ("μg per day", [("μg per day", "")]),
        ("plain", [("plain", "")]),
    ],
)
def test_symbols_and_their_subscripts_are_found_and_nothing_else(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(text) == expected


def test_names_in_equations_carry_an_index() -> None:
    assert shape("3.32 mean_ses_j", maths=True) == [("3.32 mean_ses", "symbol"), ("j", "sub")]


def test_plain_text_has_no_marks() -> None:
    assert plain("Slopes β_j of mean_ses") == "Slopes βj of mean_ses"
