"""Every named hard case ends in the right criterion or in a sentence."""

from __future__ import annotations

import pytest

from tests.hard_cases import NUMBERS, WORDS, Hard, answer


def test_there_are_enough() -> None:
    titles = [case.title for case in (*NUMBERS, *WORDS)]
    assert len(set(titles)) == len(titles) >= 30


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case.title)
def test_the_criterion_is_right(case: Hard) -> None:
    found = answer(case)
    assert found.criterion is not None, found.said
    assert case.criterion is not None
    assert found.criterion == pytest.approx(case.criterion, abs=case.within)
    assert bool(found.said) == bool(case.says)


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case.title)
def test_a_sentence_says_why_there_is_no_fit(case: Hard) -> None:
    found = answer(case)
    assert found.criterion is None
    assert case.says in found.said
    assert len(found.said.split()) > 8  # what happened and what to do
