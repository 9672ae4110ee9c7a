from __future__ import annotations

from mlgui.gui.centre.selecting import Selecting
from mlgui.session.document import Document, Selection

LEVELS = ("a", "b", "c", "d")


def selecting(document: Document) -> Selecting:
    made = Selecting(document)
    made.use("g", LEVELS)
    return made


def test_choosing_replaces_and_adding_toggles() -> None:
    document = Document()
    chosen = selecting(document)
    chosen.choose([1])
    assert document.selection == Selection("g", frozenset("b"), "b") and chosen.indices == {1} and chosen.last == 1
    chosen.choose([3], add=True)
    assert document.selection.levels == {"b", "d"} and chosen.last == 3
    chosen.choose([3], add=True)
    assert document.selection == Selection("g", frozenset("b"), "b")
    chosen.choose([2, 3])
    assert chosen.indices == {2, 3}
    chosen.choose([])
    assert document.selection == Selection()


def test_adding_nothing_keeps_the_selection() -> None:
    document = Document()
    chosen = selecting(document)
    chosen.choose([0, 1])
    chosen.choose([], add=True)
    assert chosen.indices == {0, 1} and chosen.last == 1


def test_groups_of_another_grouping_are_not_ours() -> None:
    document = Document()
    document.select(Selection("other", frozenset({"a"}), "a"))
    chosen = selecting(document)
    assert chosen.indices == frozenset() and chosen.last == -1
    chosen.choose([0], add=True)
    assert document.selection == Selection("g", frozenset("a"), "a")


def test_steps_follow_the_given_order_and_stop_at_its_ends() -> None:
    document = Document()
    chosen = selecting(document)
    order = [2, 0, 3]
    for by, expected in ((1, "c"), (1, "a"), (1, "d"), (1, "d"), (-1, "a")):
        chosen.step(order, by)
        assert document.selection.last == expected
    chosen.clear()
    chosen.step(order, -1)
    assert document.selection.last == "d"
    chosen.step([], 1)
    assert document.selection.last == "d"


def test_labels_unknown_to_this_fit_are_passed_over() -> None:
    document = Document()
    document.select(Selection("g", frozenset({"a", "gone"}), "gone"))
    assert selecting(document).indices == {0} and selecting(document).last == -1
