from __future__ import annotations

from collections.abc import Iterator

import pytest

from mlgui.paths import resources
from mlgui.spec.nouns import known_plurals, plural
from mlgui.words import tr, use_language


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use_language("en", resources() / "languages")


def test_english_plurals_follow_the_plain_rules() -> None:
    assert [plural(noun) for noun in ("school", "county", "batch", "day", "group of g")] == [
        "schools", "counties", "batches", "days", "groups of g",
    ]  # fmt: skip
    assert all(plural(noun) == many for noun, many in known_plurals().items())


def test_words_for_rows_have_the_plural_of_their_language() -> None:
    use_language("de", resources() / "languages")
    assert plural(tr("student")) == "Schüler" and plural(tr("observation")) == "Beobachtungen"
    use_language("zh", resources() / "languages")
    assert plural(tr("student")) == tr("student")
