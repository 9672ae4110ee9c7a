"""Groupings, levels, relations and the guessed outcome of real data sets (tests/reference/data, provenance there)."""

from pathlib import Path

import numpy as np
import pytest

from mlgui.data.read import read_table
from mlgui.data.structure import Relation, Structure, combined, find_structure, guess_outcome, relate
from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError

DATA = Path(__file__).parent.parent / "reference" / "data"


def read(name: str) -> Table:
    return read_table(next(DATA.glob(f"{name}.csv*")))


def table_of(**columns: list) -> Table:
    made = []
    for name, cells in columns.items():
        if isinstance(cells[0], str):
            levels = sorted({cell for cell in cells if cell})
            codes = np.array([levels.index(cell) if cell else -1 for cell in cells], dtype=np.int32)
            made.append(Column(name=name, kind=Kind.CATEGORY, values=codes, levels=tuple(levels)))
        else:
            made.append(Column(name=name, kind=Kind.NUMBER, values=np.array(cells, dtype=float)))
    return Table(columns=tuple(made), row_ids=np.arange(1, len(made[0]) + 1))


@pytest.mark.parametrize(
    ("name", "first", "outcome"),
    [
        ("hsb", "School", "MathAch"),
        ("hsb82", "school", "mAch"),
        ("sleepstudy", "Subject", "Reaction"),
        ("sleepstudy_missing", "Subject", "Reaction"),
        ("radon", "county", "log_radon"),
        ("exam", "school", "normexam"),
        ("pastes", "sample", "strength"),
        ("penicillin", "plate", "diameter"),
        ("insteval", "s", "y"),
        ("orthodont", "Subject", "distance"),
        ("chem97", "school", "score"),
        ("oxide", "Lot", "Thickness"),
        ("cake", "replicate", "angle"),
        ("cbpp", "herd", "incidence"),
        ("dyestuff", "Batch", "Yield"),
        ("rail", "Rail", "travel"),
    ],
)
def test_guesses_are_those_of_a_researcher(name: str, first: str, outcome: str) -> None:
    table = read(name)
    structure = find_structure(table)
    assert structure.groupings[0].name == first
    assert structure.groupings[0].likely
    assert guess_outcome(table, structure) == outcome


def test_hsb_levels_and_sizes() -> None:
    structure = find_structure(read("hsb"))
    school = structure["School"]
    assert (school.n_groups, int(school.sizes.sum()), school.singletons) == (160, 7185, 0)
    assert school.levels[0] == "1224"
    at_school = {name for name, level in structure.levels.items() if level == "School"}
    assert at_school == {"School", "MEANSES", "Size", "Sector", "PRACAD", "DISCLIM", "HIMINTY"}
    assert structure.levels["SES"] == structure.levels["Minority"] == ""
    assert not structure["Size"].likely


def relation(structure: Structure, a: str, b: str) -> Relation:
    return next(pair.relation for pair in structure.pairs if {pair.inner, pair.outer} == {a, b})


def test_relations_of_real_data() -> None:
    chem = find_structure(read("chem97"))
    pair = next(pair for pair in chem.pairs if {pair.inner, pair.outer} == {"school", "lea"})
    assert (pair.inner, pair.outer, pair.relation) == ("school", "lea", Relation.NESTED)
    assert relation(find_structure(read("penicillin")), "plate", "sample") is Relation.CROSSED
    assert relation(find_structure(read("insteval")), "s", "d") is Relation.PARTLY_CROSSED


def test_reused_labels_and_their_second_reading() -> None:
    table = read("pastes")
    structure = find_structure(table)
    reused = [(pair.inner, pair.outer) for pair in structure.pairs if pair.reused_labels]
    assert reused == [("cask", "batch")]
    nested = combined(table, "cask", "batch")
    assert (nested.name, nested.n_groups, nested.levels[:2]) == ("cask:batch", 30, ("a:A", "b:A"))
    assert relate(nested, structure["batch"]).relation is Relation.NESTED
    sample = structure["sample"]
    assert len(set(zip(nested.codes.tolist(), sample.codes.tolist(), strict=True))) == 30
    assert not any(pair.reused_labels for pair in find_structure(read("penicillin")).pairs)
    assert not any(pair.reused_labels for pair in find_structure(read("sleepstudy")).pairs)


def test_reused_labels_with_unequal_numbers_of_classes() -> None:
    school = [label for label in "ABCD" for _ in range(12)]
    klass = [i // 4 + 1 if label in "AB" else i // 6 + 1 for label in "ABCD" for i in range(12)]
    structure = find_structure(table_of(school=school, **{"class": klass}, y=list(np.linspace(0, 1, 48))))
    assert [(pair.inner, pair.outer) for pair in structure.pairs if pair.reused_labels] == [("class", "school")]


def test_candidate_needs_between_two_and_half_the_rows_levels() -> None:
    n = 12
    structure = find_structure(
        table_of(
            one=["a"] * n,
            unique=[f"u{i}" for i in range(n)],
            half=[f"h{i % 6}" for i in range(n)],
            decimals=[0.5] * 6 + [1.5] * 6,
            whole=[1] * 6 + [2] * 6,
            most=[i % 7 for i in range(n)],
        )
    )
    assert {facts.name for facts in structure.groupings} == {"half", "whole"}


def test_missing_values_are_ignored_when_looking_for_levels() -> None:
    group = ["a"] * 4 + ["b"] * 4 + [""] * 2
    nan = float("nan")
    u = [1.5, nan, 1.5, nan, nan, 2.5, 2.5, 2.5, 9.5, 8.5, nan, nan]
    table = table_of(group_id=[*group, "c", "c"], u=u, y=list(range(12)))
    structure = find_structure(table)
    assert structure["group_id"].n_groups == 3
    assert structure["group_id"].codes.tolist()[8:10] == [-1, -1]
    assert structure.levels["u"] == "group_id"
    assert structure.levels["y"] == ""


def test_column_with_one_value_per_group_is_not_called_group_level() -> None:
    nan = float("nan")
    table = table_of(school=[1, 1, 2, 2, 3, 3], x=[1.5, nan, nan, 2.5, 3.5, nan])
    assert find_structure(table).levels["x"] == ""


def test_coarsest_grouping_is_the_level() -> None:
    school = [f"s{i // 20}" for i in range(100)]
    klass = [f"c{i // 5}" for i in range(100)]
    rng = np.random.default_rng(1)
    table = table_of(
        klass_id=klass,
        school=school,
        of_school=list(np.repeat(rng.normal(size=5), 20)),
        of_class=list(np.repeat(rng.normal(size=20), 5)),
        y=list(rng.normal(size=100)),
    )
    assert find_structure(table).levels == {
        "klass_id": "klass_id", "school": "school", "of_school": "school", "of_class": "klass_id", "y": "",
    }  # fmt: skip


def test_order_of_rows_does_not_matter() -> None:
    table = read("exam")
    order = np.random.default_rng(0).permutation(table.n_rows)
    columns = tuple(
        Column(name=column.name, kind=column.kind, values=column.values[order], levels=column.levels) for column in table.columns
    )
    mixed = find_structure(Table(columns=columns, row_ids=table.row_ids[order]))
    straight = find_structure(table)
    assert mixed.levels == straight.levels
    assert [facts.name for facts in mixed.groupings] == [facts.name for facts in straight.groupings]
    assert mixed.pairs == straight.pairs


def test_identifiers_far_apart_are_groups_too() -> None:
    ids = [1e15, 2e15, 3e15, 4e15] * 5
    structure = find_structure(table_of(pid=ids, y=list(np.linspace(0.1, 2.3, 20))))
    assert structure["pid"].levels[0] == "1000000000000000"


def test_combination_that_makes_one_group_is_refused() -> None:
    table = table_of(a=["x"] * 6, b=["y"] * 6)
    with pytest.raises(UserError, match="fewer than two groups"):
        combined(table, "a", "b")


def test_ratings_alone_are_no_groups() -> None:
    rng = np.random.default_rng(2)
    ratings = table_of(**{f"q{i}": rng.integers(1, 6, 60).astype(float).tolist() for i in range(3)})
    structure = find_structure(ratings)
    assert [facts.likely for facts in structure.groupings] == [False] * 3
    assert set(structure.levels.values()) == {""}
    blocks = table_of(a=[float(i // 6) for i in range(30)], y=rng.normal(size=30).tolist())
    assert find_structure(blocks)["a"].likely


def test_no_outcome_without_a_number_column() -> None:
    table = table_of(school=["a", "a", "b", "b"], kind=["u", "v", "u", "v"])
    assert guess_outcome(table, find_structure(table)) is None
