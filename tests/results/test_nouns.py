"""Words made from column names."""

from __future__ import annotations

import pytest

from mlgui.results.nouns import counted, group_noun, group_plural, joined


@pytest.mark.parametrize(
    ("grouping", "one", "many"),
    [
        ("school", "school", "schools"),
        ("School", "school", "schools"),
        ("school_id", "school", "schools"),
        ("schoolID", "school", "schools"),
        ("county", "county", "counties"),
        ("batch", "batch", "batches"),
        ("day", "day", "days"),
        ("grid", "grid", "grids"),
        ("g", "group of g", "groups of g"),
        ("IDSCH", "group of IDSCH", "groups of IDSCH"),
        ("cask:batch", "cask in batch", "casks in batches"),
    ],
)
def test_nouns(grouping: str, one: str, many: str) -> None:
    assert (group_noun(grouping), group_plural(grouping)) == (one, many)


def test_counts() -> None:
    assert counted(160, "School") == "160 schools"
    assert counted(1, "School") == "1 school"


def test_lists() -> None:
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
