"""The routines do what their names say, in both precisions, and other threads run meanwhile."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from mlgui.engine import unlocked

PRECISIONS = [(np.float32, 1e-4), (np.float64, 1e-11)]
"""Types with the relative error that 40 well-conditioned columns may leave."""


def definite(n: int, dtype: type) -> NDArray[np.floating]:
    rows = np.random.default_rng(3).standard_normal((2 * n, n))
    return np.asfortranarray(rows.T @ rows / n + np.eye(n), dtype=dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
def test_factor_inverse_and_solution(dtype: type, tolerance: float) -> None:
    matrix = definite(40, dtype)
    chol = matrix.copy(order="F")
    assert unlocked.cholesky(chol) and chol.dtype == dtype
    np.testing.assert_allclose(chol, np.linalg.cholesky(matrix), rtol=0, atol=tolerance)
    lower = unlocked.inverse_from_cholesky(chol)
    np.testing.assert_allclose(lower, np.tril(np.linalg.inv(matrix)), rtol=0, atol=tolerance)
    np.testing.assert_allclose(unlocked.triangular_inverse(chol) @ chol, np.eye(40), rtol=0, atol=tolerance)
    right = np.random.default_rng(4).standard_normal((40, 3))
    solved = unlocked.triangular_solution(chol, unlocked.triangular_solution(chol, right), transposed=True)
    np.testing.assert_allclose(matrix @ solved, right, rtol=0, atol=tolerance)
    np.testing.assert_allclose(
        unlocked.triangular_solution(chol, right[:, 0]), np.linalg.solve(chol, right[:, 0]), atol=tolerance
    )


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
def test_products(dtype: type, tolerance: float) -> None:
    chol = np.asfortranarray(np.tril(definite(30, dtype)))
    right = np.asfortranarray(np.random.default_rng(5).standard_normal((30, 7)), dtype=dtype)
    wanted = chol @ right
    unlocked.triangular_times(chol, right)
    np.testing.assert_allclose(right, wanted, rtol=0, atol=tolerance)
    rows = np.random.default_rng(6).standard_normal((11, 30)).astype(dtype)
    total = definite(30, dtype)
    wanted = np.tril(total - 2 * rows.T @ rows)
    unlocked.add_square(total, -2.0, rows)
    np.testing.assert_allclose(np.tril(total), wanted, rtol=0, atol=10 * tolerance)
    unlocked.add_square(total, 1.0, rows[:0])
    np.testing.assert_allclose(np.tril(total), wanted, rtol=0, atol=10 * tolerance)


def test_what_is_not_positive_definite_is_said() -> None:
    assert not unlocked.cholesky(np.asfortranarray([[1.0, 2.0], [2.0, 1.0]]))


def test_other_threads_run_meanwhile() -> None:
    matrix = np.asfortranarray(np.full((2500, 2500), 0.5) + np.diag(np.full(2500, 0.5)))
    turns, done = 0, threading.Event()

    def work() -> None:
        unlocked.cholesky(matrix)
        done.set()

    threading.Thread(target=work).start()
    while not done.wait(0.001):
        turns += 1
    assert turns > 5  # with the lock kept it would be one or two
