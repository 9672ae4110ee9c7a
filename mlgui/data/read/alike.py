"""Labels that look alike but differ: "Yes" and "yes", one blank or two, an accent written as one character or as two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_MOST_LABELS = 5_000
_COUNTRY_CODE = 2


def look_alikes(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the sets of words that a reader would take for the same label, in order of appearance.

    Empty where there are more than 5,000 words: those are texts, not labels.
    """
    if len(words) > _MOST_LABELS:
        return []
    seen: dict[str, list[str]] = {}
    for word in words:
        seen.setdefault(_as_read(word), []).append(word)
    return [tuple(found) for found in seen.values() if len(found) > 1]


def may_be_namibia(words: Sequence[str]) -> bool:
    """Return whether "NA" among these words may be a code like theirs (a country, a state) rather than a missing value."""
    return len(words) > 1 and all(len(word) == _COUNTRY_CODE and word.isalpha() and word.isupper() for word in words)


def _as_read(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
