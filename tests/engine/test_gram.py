"""Cross-products: what they are, that they add up over rows, and that both ways of summing agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlgui.engine import gram as module
from mlgui.engine import structure as layout
from mlgui.engine.gram import Gram, cross_products
from mlgui.engine.problem import Problem
from mlgui.engine.scaling import Rows, scaled_rows
from mlgui.engine.structure import Structure, structure_of
from tests.engine.problems import STRUCTURES, sleepstudy, structured


def gram_of(rows: Rows, keep: slice = slice(None)) -> Gram:
    structure = structure_of(rows.codes, rows.n_groups, [len(columns) for columns in rows.z])
    z = [[column[keep] for column in columns] for columns in rows.z]
    return cross_products(rows.w[:, keep], z, [codes[keep] for codes in rows.codes], structure, rows.n_groups)


def check_same(one: Gram, other: Gram) -> None:
    """Sums of some hundred products in another order agree to 1e-12 of their size."""
    assert_allclose(one.total, other.total, rtol=1e-12, atol=1e-10)
    for mine, yours in zip(one.own + one.with_w, other.own + other.with_w):
        assert_allclose(mine, yours, rtol=1e-12, atol=1e-10)
    assert one.nested.keys() == other.nested.keys()
    for key, nested in one.nested.items():
        assert_allclose(nested, other.nested[key], rtol=1e-12, atol=1e-10)
    assert one.crossing.keys() == other.crossing.keys()
    for key, blocks in one.crossing.items():
        for mine_row, yours_row in zip(blocks, other.crossing[key]):
            for mine, yours in zip(mine_row, yours_row):
                assert_allclose(mine.toarray(), yours.toarray(), rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("kind", STRUCTURES)
def test_blocks_of_rows_add_up(kind: str) -> None:
    rows = scaled_rows(structured(kind, 1))
    parts = gram_of(rows, slice(0, 40)) + gram_of(rows, slice(40, 41)) + gram_of(rows, slice(41, None))
    check_same(parts, gram_of(rows))


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_sparse_sums_equal_segmented_ones(kind: str, in_order: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured(kind)
    if in_order:
        order = np.argsort(problem.groupings[0].codes, kind="stable")
        problem = reordered(problem, order)
    rows = scaled_rows(problem)
    small = gram_of(rows)
    monkeypatch.setattr(module, "SMALL", 0)
    check_same(gram_of(rows), small)


def reordered(problem: Problem, order: np.ndarray) -> Problem:
    moved = [replace(one, codes=one.codes[order], z=np.asfortranarray(one.z[order])) for one in problem.groupings]
    return replace(problem, y=problem.y[order], x=np.asfortranarray(problem.x[order]), groupings=tuple(moved))


def test_what_the_blocks_hold() -> None:
    rows = scaled_rows(structured("mixed"))
    gram = gram_of(rows)
    z, codes = rows.z[1], rows.codes[1]
    mine = codes == 4
    assert_allclose(gram.own[1][0, 1, 4], z[0][mine] @ z[1][mine])
    assert_allclose(gram.with_w[1][1, -1, 4], z[1][mine] @ rows.w[-1][mine])
    both = mine & (rows.codes[2] == 3)
    assert gram.block(1, 1, 2, 0).toarray()[4, 3] == pytest.approx(z[1][both] @ rows.z[2][0][both])
    assert_allclose(gram.nested[2, 0][1, 0, 3], rows.z[2][1][rows.codes[2] == 3] @ rows.z[0][0][rows.codes[2] == 3])
    assert gram.block(2, 0, 1, 1).toarray()[3, 4] == pytest.approx(z[1][both] @ rows.z[2][0][both])
    assert gram.squares(1, 1, 2, 0) == pytest.approx((gram.block(1, 1, 2, 0).toarray() ** 2).sum())


def test_columns_shared_by_x_and_z_are_kept_once() -> None:
    rows = scaled_rows(sleepstudy(shift=2000))
    assert all(any(column.base is rows.w or column is row for row in rows.w) for column in rows.z[0])
    assert np.abs(rows.w[1:].sum(axis=1)).max() < 1e-9


def read_structure(problem: Problem) -> Structure:
    every = problem.groupings
    return structure_of([one.codes for one in every], [one.n_groups for one in every], [one.z.shape[1] for one in every])


def test_nesting_is_read_from_the_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = read_structure(structured("chain of three"))
    assert (chain.chain, chain.others) == ((1, 2, 0), ())
    mixed = read_structure(structured("mixed"))
    assert (mixed.chain, mixed.others) == ((2, 0), (1,))
    assert read_structure(structured("crossed")).chain == ()
    monkeypatch.setattr(layout, "BORDER", 3)
    assert read_structure(structured("mixed")).others == (0, 1, 2)
