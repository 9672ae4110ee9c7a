from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from mlgui.data.structure import find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.design.build import build
from mlgui.design.design import Design
from mlgui.errors import UserError
from mlgui.spec.edits import set_contrast, set_reference
from mlgui.spec.formula import parse
from tests.spec.tables import labels, numbers, schools, table

NAN = float("nan")


def small() -> Table:
    return table(
        numbers("y", [1, 2, 4, 8, 16, 32]),
        numbers("x", [0, 1, 2, 0, 1, 2]),
        labels("a", ["p", "q", "r", "p", "q", "r"]),
        labels("b", ["u", "u", "u", "v", "v", "v"]),
        labels("g", ["g1", "g1", "g2", "g2", "g3", "g3"]),
    )


def design(text: str, found: Table | None = None, weights: str | None = None) -> Design:
    found = small() if found is None else found
    return build(parse(text, columns=found.names, weights=weights), found)


def test_matrix_by_hand() -> None:
    built = design("y ~ x * a + (1 | g)")
    assert [c.name for c in built.coefficients] == ["(Intercept)", "x", "aq", "ar", "x:aq", "x:ar"]
    assert [c.label for c in built.coefficients] == ["Intercept", "x", "a: q", "a: r", "x × a: q", "x × a: r"]
    expected = [
        [1, 0, 0, 0, 0, 0],
        [1, 1, 1, 0, 1, 0],
        [1, 2, 0, 1, 0, 2],
        [1, 0, 0, 0, 0, 0],
        [1, 1, 1, 0, 1, 0],
        [1, 2, 0, 1, 0, 2],
    ]
    assert built.problem.x.tolist() == expected
    assert built.problem.x.flags.f_contiguous
    assert built.problem.x.dtype == np.float64
    assert built.problem.y.tolist() == [1, 2, 4, 8, 16, 32]


def test_sum_contrasts_by_hand() -> None:
    found = small()
    spec = set_contrast(parse("y ~ a * b"), "a", "sum")
    built = build(set_contrast(spec, "b", "sum"), found)
    assert [c.name for c in built.coefficients] == ["(Intercept)", "a1", "a2", "b1", "a1:b1", "a2:b1"]
    assert built.problem.x[:, 1].tolist() == [1, 0, -1, 1, 0, -1]
    assert built.problem.x[:, 5].tolist() == [0, 1, -1, 0, -1, 1]


def test_another_reference() -> None:
    built = build(set_reference(parse("y ~ a"), "a", "q"), small())
    assert [c.name for c in built.coefficients] == ["(Intercept)", "ap", "ar"]
    assert built.problem.x[:, 1].tolist() == [1, 0, 0, 1, 0, 0]


def test_a_category_without_intercept_takes_all_levels() -> None:
    built = design("y ~ 0 + b + b:x")
    assert [c.name for c in built.coefficients] == ["bu", "bv", "bu:x", "bv:x"]
    assert built.problem.x[:, 2].tolist() == [0, 1, 2, 0, 0, 0]


def test_levels_that_do_not_occur_have_no_column() -> None:
    found = small().with_column(numbers("y", [1, 2, NAN, 8, 16, NAN]))
    built = design("y ~ a + (1 | g)", found)
    assert [c.name for c in built.coefficients] == ["(Intercept)", "aq"]


def test_random_terms_by_hand() -> None:
    built = design("y ~ x + (x | g) + (1 | a)")
    first, second = built.problem.groupings
    assert first.codes.tolist() == [0, 0, 1, 1, 2, 2]
    assert first.codes.dtype == np.int32
    assert first.z.tolist() == [[1, 0], [1, 1], [1, 2], [1, 0], [1, 1], [1, 2]]
    assert first.pattern.tolist() == [[True, False], [True, True]]
    assert (second.n_groups, second.z.shape) == (3, (6, 1))
    assert [each.names for each in built.groupings] == [("(Intercept)", "x"), ("(Intercept)",)]
    assert [each.sizes.tolist() for each in built.groupings] == [[2, 2, 2], [2, 2, 2]]


def test_terms_on_one_grouping_are_merged() -> None:
    built = design("y ~ x + (1 | g) + (0 + x + a | g)")
    (merged,) = built.groupings
    assert merged.names == ("(Intercept)", "x", "ap", "aq", "ar")
    assert merged.blocks == ((0,), (1, 2, 3, 4))
    pattern = built.problem.groupings[0].pattern
    assert not pattern[1:, 0].any()
    assert pattern[1:, 1:].tolist() == np.tri(4, dtype=bool).tolist()


def test_double_bars_follow_lme4() -> None:
    (merged,) = design("y ~ x + (x + b || g)").groupings
    assert merged.names == ("(Intercept)", "x", "bu", "bv")
    assert merged.blocks == ((0,), (1,), (2, 3))


def test_factor_slopes_take_contrasts_beside_an_intercept() -> None:
    (merged,) = design("y ~ b + (b | a)").groupings
    assert merged.names == ("(Intercept)", "bv")


def test_most_groups_come_first_and_ties_keep_their_order() -> None:
    built = design("y ~ 1 + (1 | b) + (1 | g) + (1 | a)")
    assert [each.grouping.name for each in built.groupings] == ["g", "a", "b"]


def test_combined_groups_are_labelled_as_in_lme4() -> None:
    built = design("y ~ 1 + (1 | g/b)")
    assert [each.grouping.name for each in built.groupings] == ["b:g", "g"]
    assert built.groupings[0].levels == ("u:g1", "u:g2", "v:g2", "v:g3")
    assert built.problem.groupings[0].codes.tolist() == [0, 0, 1, 2, 3, 3]


@pytest.mark.parametrize("values", [[10, 9, 9, 2, 10, 2], [0.5, 0.25, 0.25, -1, 0.5, -1], [1e12, 3, 3, 1, 1e12, 1]])
@pytest.mark.parametrize("known", [False, True])
def test_numbers_are_groups_in_ascending_order(values: list[float], known: bool) -> None:
    found = small().with_column(numbers("k", values))
    built = build(parse("y ~ 1 + (1 | k)"), found, find_structure(found) if known else None)
    assert built.problem.groupings[0].codes.tolist() == [2, 1, 1, 0, 2, 0]
    assert [float(level) for level in built.groupings[0].levels] == sorted(set(values))


def test_rows_without_a_value_are_left_out_with_reasons() -> None:
    found = small().with_column(numbers("x", [0, NAN, 2, 0, 1, 2])).with_column(labels("g", ["", "", "h", "h", "i", "i"]))
    built = design("y ~ x + (1 | g)", found)
    assert built.rows.tolist() == [2, 3, 4, 5]
    assert built.dropped_rows.tolist() == [0, 1]
    assert built.dropped_because == (("g",), ("x", "g"))
    assert built.problem.n == 4
    assert built.groupings[0].levels == ("h", "i")


def test_no_row_left() -> None:
    found = small().with_column(numbers("x", [NAN] * 6))
    with pytest.raises(UserError, match="“x” in 6 of 6"):
        design("y ~ x + (1 | g)", found)


def test_weights_and_offset() -> None:
    found = small().with_column(numbers("w", [1, 2, 0, 1, NAN, 4]))
    built = design("y ~ 1 + offset(10 * x) + offset(x) + (1 | g)", found, weights="w")
    assert built.problem.weights is not None
    assert built.problem.offset is not None
    assert built.problem.weights.tolist() == [1, 2, 1, 4]
    assert built.problem.offset.tolist() == [0, 11, 0, 22]
    assert built.dropped_because == (("w",), ("w",))
    with pytest.raises(UserError, match="row 1 is negative"):
        design("y ~ 1 + (1 | g)", small().with_column(numbers("w", [-1, 1, 1, 1, 1, 1])), weights="w")


def test_the_method_is_handed_on() -> None:
    assert design("y ~ 1 + (1 | g)").problem.reml
    assert not build(replace(parse("y ~ 1 + (1 | g)"), reml=False), small()).problem.reml


def test_outcomes() -> None:
    found = small().with_column(
        Column(name="item", kind=Kind.LABELLED, values=np.array([0, 1, 2, 0, 1, 2], dtype=np.int32),
               levels=("no", "so", "yes"), level_codes=(1.0, 3.0, 5.0))
    ).with_column(labels("flag", ["no", "yes"] * 3, kind=Kind.BOOLEAN))  # fmt: skip
    assert design("item ~ 1 + (1 | g)", found).problem.y.tolist() == [1, 3, 5, 1, 3, 5]
    assert design("flag ~ 1 + (1 | g)", found).problem.y.tolist() == [0, 1, 0, 1, 0, 1]
    turned = found.with_column(labels("flag", ["TRUE", "FALSE"] * 3, kind=Kind.BOOLEAN))
    assert design("flag ~ 1 + (1 | g)", turned).problem.y.tolist() == [1, 0, 1, 0, 1, 0]
    assert design("log2(y) ~ 1 + (1 | g)").problem.y.tolist() == [0, 1, 2, 3, 4, 5]
    assert design("log2(y) ~ 1 + (1 | g)").outcome_label == "log2(y)"
    with pytest.raises(UserError, match="does not hold numbers"):
        design("a ~ x + (1 | g)")
    with pytest.raises(UserError, match="one column"):
        design("poly(y, 2) ~ x + (1 | g)")


def test_a_logarithm_of_zero_names_the_row() -> None:
    found = replace(small().with_column(numbers("y", [1, NAN, 2, 0, 1, -1])), row_ids=np.arange(11, 17))
    with pytest.raises(UserError, match=r"log\(y\) has no value in row 14"):
        design("log(y) ~ x + (1 | g)", found)


def test_infinite_values_name_the_row() -> None:
    with pytest.raises(UserError, match="row 3"):
        design("y ~ x + (1 | g)", small().with_column(numbers("x", [0, 1, np.inf, 3, 4, 5])))


def test_unknown_columns() -> None:
    with pytest.raises(UserError, match="no column called “nowhere”"):
        build(parse("y ~ nowhere + (1 | g)"), small())


def test_levels_and_what_is_explained() -> None:
    built = design("math ~ ses * sector + mean_ses + sex + (ses | school)", schools())
    found = {c.name: (c.level, c.explains) for c in built.coefficients}
    assert found == {
        "(Intercept)": ("", ((0, 0),)),
        "ses": ("", ((0, 1),)),
        "sectorCatholic": ("school", ((0, 0),)),
        "mean_ses": ("school", ((0, 0),)),
        "sexm": ("", ()),
        "ses:sectorCatholic": ("", ((0, 1),)),
    }


def test_logical_columns_are_named_as_in_r() -> None:
    found = small().with_column(labels("flag", ["false", "true"] * 3, kind=Kind.BOOLEAN))
    assert [c.name for c in design("y ~ flag", found).coefficients] == ["(Intercept)", "flagTRUE"]


def test_dates_are_numbers() -> None:
    days = np.array(["1970-01-01", "1970-01-02", "1970-01-03"] * 2, dtype="datetime64[D]")
    found = small().with_column(Column(name="day", kind=Kind.DATE, values=days))
    assert design("y ~ day", found).problem.x[:, 1].tolist() == [0, 1, 2, 0, 1, 2]
    assert design("y ~ 1 + (1 | day)", found).groupings[0].levels == ("1970-01-01", "1970-01-02", "1970-01-03")


def test_too_many_coefficients_are_refused() -> None:
    n = 4000
    found = table(numbers("y", np.arange(n)), labels("id", [f"p{k}" for k in range(n)], kind=Kind.ID))
    with pytest.raises(UserError, match="“id” has 4000 levels"):
        design("y ~ id", found)


def test_a_million_rows_take_a_blink_and_little_memory() -> None:
    rng = np.random.default_rng(1)
    n, j = 1_000_000, 10_000
    g = rng.integers(0, j, n).astype(np.int32)
    found = table(
        numbers("y", rng.normal(size=n)),
        numbers("x", rng.normal(size=n)),
        numbers("u", rng.normal(size=j)[g]),
        Column(name="c", kind=Kind.CATEGORY, values=rng.integers(0, 3, n).astype(np.int32), levels=("a", "b", "c")),
        Column(name="g", kind=Kind.ID, values=g, levels=tuple(map(str, range(j)))),
    )
    spec = parse("y ~ x * u + c + (x | g)")
    started = time.perf_counter()
    built = build(spec, found)
    assert time.perf_counter() - started < 1.5  # 0.06 s on a quiet machine
    tracemalloc.start()
    build(spec, found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    arrays = built.problem.x.nbytes + built.problem.groupings[0].z.nbytes
    assert peak < 2.5 * arrays
