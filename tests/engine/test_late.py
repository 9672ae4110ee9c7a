"""Fields that are computed when they are first read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from mlgui.engine.late import Late


@dataclass(frozen=True, kw_only=True)
class Result:
    given: int
    later: Late[int] = Late()  # noqa: RUF009


def test_a_late_field_is_computed_once_and_only_when_read() -> None:
    calls: list[int] = []

    def compute() -> int:
        calls.append(1)
        return 7

    result = Result(given=1, later=compute)
    assert not calls
    assert (result.later, result.later, len(calls)) == (7, 7, 1)
    assert replace(result, given=2).later == 7


def test_a_late_field_may_be_given_and_has_no_default() -> None:
    assert Result(given=1, later=3).later == 3
    with pytest.raises(TypeError):
        Result(given=1)  # type: ignore[call-arg]
