from __future__ import annotations

import numpy as np
import pytest

from mlgui.design.evaluate import Memory, evaluate
from mlgui.design.frame import Frame
from mlgui.errors import UserError
from mlgui.spec.expression import Expression
from mlgui.spec.formula import parse
from tests.spec.tables import labels, numbers, table

X = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
FRAME = Frame(table(numbers("x", X), labels("g", list("aabbbc")), labels("c", list("pqpqpq"))), None)


def expression(text: str) -> Expression:
    return parse(f"y ~ {text}").fixed[1].factors[0]


def values(text: str, memory: Memory | None = None, frame: Frame = FRAME) -> np.ndarray:
    return evaluate(expression(text), frame, {} if memory is None else memory)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", X),
        ("I(x^2)", X**2),
        ("I(-x^2 + 3*x/2 - 1)", -(X**2) + 1.5 * X - 1),
        ("log(x)", np.log(X)),
        ("log2(x)", np.log2(X)),
        ("log10(x)", np.log10(X)),
        ("log1p(x)", np.log1p(X)),
        ("exp(-x)", np.exp(-X)),
        ("sqrt(x)", np.sqrt(X)),
        ("abs(x - 5)", np.abs(X - 5)),
        ("center(x)", X - X.mean()),
        ("scale(x)", (X - X.mean()) / X.std(ddof=1)),
        ("mean(x, g)", np.array([1.5, 1.5, 28 / 3, 28 / 3, 28 / 3, 32])),
        ("center(x, g)", X - np.array([1.5, 1.5, 28 / 3, 28 / 3, 28 / 3, 32])),
        ("log(scale(x) + 2)", np.log((X - X.mean()) / X.std(ddof=1) + 2)),
    ],
)
def test_values(text: str, expected: np.ndarray) -> None:
    np.testing.assert_allclose(values(text), expected, rtol=1e-14)  # the same operations, up to rounding


def test_poly_is_that_of_r() -> None:
    frame = Frame(table(numbers("x", np.arange(1.0, 11.0))), None)
    found = values("poly(x, 2)", frame=frame)
    # poly(1:10, 2) in R 4.2, printed to 8 digits
    first = [-0.49543369, -0.38533732, -0.27524094, -0.16514456, -0.05504819]
    second = [0.52223297, 0.17407766, -0.08703883, -0.26111648, -0.34815531]
    np.testing.assert_allclose(found[:5], np.column_stack([first, second]), atol=5e-9)


@pytest.mark.parametrize("shift", [0.0, 2000.0, -1e6])
def test_poly_is_orthonormal_wherever_x_lies(shift: float) -> None:
    x = np.random.default_rng(3).normal(size=200)
    frame = Frame(table(numbers("x", x + shift)), None)
    found = np.column_stack([np.ones(200) / np.sqrt(200), values("poly(x, 4)", frame=frame)])
    # x is held to eps * |shift|; orthogonality is lost in proportion
    np.testing.assert_allclose(found.T @ found, np.eye(5), atol=1e-12 + 1e-14 * abs(shift))


def test_what_was_learned_is_used_again() -> None:
    memory: Memory = {}
    for text in ("scale(x)", "center(x)", "poly(x, 2)", "mean(x, g)"):
        values(text, memory)
    new = Frame(table(numbers("x", [1.0, 32.0, 5.0]), labels("g", ["c", "a", "new"])), None)
    assert values("center(x)", memory, new).tolist() == [1 - X.mean(), 32 - X.mean(), 5 - X.mean()]
    np.testing.assert_allclose(values("scale(x)", memory, new)[:2], values("scale(x)")[[0, 5]])
    np.testing.assert_allclose(values("poly(x, 2)", memory, new)[:2], values("poly(x, 2)")[[0, 5]], rtol=1e-12)
    assert values("mean(x, g)", memory, new).tolist() == [32.0, 1.5, 5.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("log(x - 1)", r"log\(x - 1\) has no value in row 1. A logarithm"),
        ("sqrt(x - 3)", "row 1. A square root"),
        ("I(1/(x - 4))", "row 3. The result"),
        ("I(c + 1)", "“c” does not hold numbers"),
        ("I(poly(x, 2) + 1)", "more than one column"),
        ("I(factor(x) + 1)", "is a category"),
        ("scale(I(0 * x))", "all the same"),
        ("poly(x, 6)", "more than 6 different values"),
    ],
)
def test_what_cannot_be_computed(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        values(text)
