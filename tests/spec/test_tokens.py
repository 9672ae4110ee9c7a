from __future__ import annotations

import pytest

from mlgui.data.expressions.tokens import TokenKind
from mlgui.errors import UserError
from mlgui.spec.tokens import MAX_LENGTH, tokenize


def test_every_token_knows_its_position() -> None:
    tokens = tokenize("y ~ x1.a + `my score`*2.5e-3 || g")
    assert [(t.text, t.position) for t in tokens] == [
        ("y", 0), ("~", 2), ("x1.a", 4), ("+", 9), ("my score", 11), ("*", 21), ("2.5e-3", 22), ("||", 29), ("g", 32), ("", 33),
    ]  # fmt: skip


def test_two_stars_are_a_power() -> None:
    assert [t.text for t in tokenize("a**2")][:3] == ["a", "^", "2"]


@pytest.mark.parametrize("name", ["naïve", "größe", "Schüler_1", ".hidden", "x.y", "变量"])
def test_letters_of_any_alphabet_make_names(name: str) -> None:
    assert tokenize(name)[0].text == name
    assert tokenize(name)[0].kind is TokenKind.NAME


def test_backticks_take_any_name() -> None:
    assert tokenize(r"`a \`b\` \\ ~ (c)`")[0].text == r"a `b` \ ~ (c)"


@pytest.mark.parametrize(
    ("text", "position"), [("y ~ x; z", 5), ("y ~ `x", 4), ("y ~ ``", 4), ('y ~ "x"', 4), ("y ~ x == 1", None), ("y ~ x[1]", 5)]
)
def test_characters_without_meaning_are_pointed_at(text: str, position: int | None) -> None:
    if position is None:  # "=" is a token (it makes a better message possible later)
        assert tokenize(text)
        return
    with pytest.raises(UserError) as caught:
        tokenize(text)
    assert caught.value.position == position


def test_a_long_formula_is_refused() -> None:
    with pytest.raises(UserError, match="too long"):
        tokenize("x" * (MAX_LENGTH + 1))
