"""Which candidates a researcher would call groups, and which column is likely the outcome: guesses, marked as such."""

from __future__ import annotations

import re

import numpy as np

from mlgui.data.candidates import Candidate
from mlgui.data.table import CODED, Column

_GROUP_WORDS = (
    "school", "class", "subject", "student", "pupil", "teacher", "patient", "hospital", "clinic", "county", "district",
    "region", "country", "province", "village", "household", "family", "company", "person", "participant", "respondent",
    "batch", "sample", "plate", "wafer", "cluster", "center", "centre", "station", "litter", "mother", "rater", "judge",
    "stimul", "department", "neighbo", "institut", "universit", "lecturer", "instructor", "therapist", "doctor", "physician",
    "replicat", "schule", "klasse", "proband", "ecole", "escuela", "municip", "community", "precinct", "couple", "animal",
)  # fmt: skip
_GROUP_TOKENS = frozenset({
    "id", "sid", "pid", "cask", "lot", "site", "herd", "farm", "plot", "block", "group", "item", "word", "team", "dept",
    "firm", "city", "town", "state", "tank", "field", "tree", "rail", "lea", "ward", "unit", "lab", "child", "woman",
    "nurse", "vpn", "land", "kreis", "cow", "rat", "mouse", "plant", "nest", "colony", "island", "reef", "lake",
    "river", "bird", "dyad", "pair", "speaker", "run", "court", "judge", "party", "panel", "studio", "store", "shop",
    "branch",
})  # fmt: skip
_NOT_GROUPS = frozenset({
    "size", "mean", "avg", "average", "count", "n", "rate", "ratio", "share", "score", "type", "gender", "gend", "sex",
    "age", "year", "years", "month", "day", "days", "time", "date", "wave", "week", "hour", "income", "grade",
    "percent", "pct", "prop", "sector", "climate", "quality", "effect", "male", "female", "race", "ethnicity",
    "education", "edu", "rank", "weight", "height", "temp", "temperature", "dose", "response", "rating", "outcome",
    "by", "of",
})  # fmt: skip
_NOT_GROUP_ENDINGS = ("size", "mean", "avg", "score", "type")
_NOT_IDENTIFIERS = frozenset({
    "paid", "acid", "covid", "said", "valid", "fluid", "grid", "solid", "rapid", "avoid", "hybrid", "void", "plaid",
    "lipid",
})  # fmt: skip
_OUTCOME_WORDS = (
    "score", "outcome", "math", "achiev", "read", "reaction", "response", "exam", "test", "yield", "strength", "diameter",
    "distance", "thickness", "angle", "growth", "weight", "height", "income", "radon", "level", "result", "perform", "popular",
    "language", "satisf", "travel", "incidence", "rating", "wellbeing", "symptom", "depress", "anxiety", "pain",
)  # fmt: skip
_OUTCOME_TOKENS = frozenset({
    "y", "rt", "dv", "ach", "angle", "bmi", "sbp", "gpa", "iq", "log", "resp",
})  # fmt: skip
_NOT_OUTCOMES = frozenset({
    "age", "time", "day", "days", "year", "years", "month", "week", "wave", "visit", "x", "id", "mean", "avg",
    "average", "size", "c", "centred", "centered", "cent", "z", "sd", "dose", "temp", "temperature", "intake", "pre",
    "pretest", "baseline", "weight", "by", "number", "no", "nr", "index", "row",
})  # fmt: skip
_FEWEST_GROUPS = 3
_MANY_GROUPS = 10


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a column name in lower case: SchoolID and school_id both give school, id."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(word.casefold() for word in re.findall(r"[^\W\d_]+", spaced))


def sounds_like_group(name: str) -> bool:
    """Return whether a column name is one that researchers give to groups or to their identifiers."""
    words = tokens(name)
    if denies_group(name):
        return False
    joined = "".join(words)
    return any(word in _GROUP_TOKENS or _is_identifier(word) for word in words) or any(part in joined for part in _GROUP_WORDS)


def denies_group(name: str) -> bool:
    """Return whether a column name speaks of a measure, a time or a property rather than of groups."""
    words = tokens(name)
    return any(word in _NOT_GROUPS or (len(word) > 5 and word.endswith(_NOT_GROUP_ENDINGS)) for word in words)


def _is_identifier(word: str) -> bool:
    return word.endswith("id") and 2 <= len(word) <= 9 and word not in _NOT_IDENTIFIERS


def is_likely_group(candidate: Candidate, n_constant: int, *, is_property: bool) -> bool:
    """Return whether a candidate is probably meant as a grouping.

    n_constant: other columns constant within it. is_property: it is itself constant within a finer candidate.
    """
    n_groups = candidate.n_groups
    if n_groups < _FEWEST_GROUPS or denies_group(candidate.name):
        return False
    if sounds_like_group(candidate.name):
        return True
    if candidate.kind in CODED:
        return n_groups >= _MANY_GROUPS
    return not is_property and n_groups >= _MANY_GROUPS and (n_constant > 0 or lies_in_blocks(candidate))


def might_be_group(candidate: Candidate) -> bool:
    """Return whether the foremost candidate may count as a grouping where nothing better is there: no rating, no truth value."""
    return (
        candidate.n_groups >= _FEWEST_GROUPS
        and not denies_group(candidate.name)
        and (candidate.kind in CODED or lies_in_blocks(candidate))
    )


def lies_in_blocks(candidate: Candidate) -> bool:
    """Return whether the rows of every level stand together, as in a file sorted by groups."""
    return int(np.count_nonzero(np.diff(candidate.codes))) == candidate.n_groups - 1


def outcome_score(column: Column, position: int, n_columns: int) -> float:
    """Return how much a number column looks like an outcome: by its name, its number of values, its place in the file."""
    words = tokens(column.name)
    joined = "".join(words)
    values = np.asarray(column.values, dtype=np.float64)[:10_000]
    values = values[~np.isnan(values)]
    n_distinct = len(np.unique(values))
    # weights: a telling name outweighs everything but another name; place in the file only breaks ties
    score = 3.0 * (any(word in _OUTCOME_TOKENS for word in words) or any(part in joined for part in _OUTCOME_WORDS))
    score -= 3.0 * any(word in _NOT_OUTCOMES for word in words)
    score += 1.0 * (n_distinct > 10) + 0.5 * (n_distinct > 0.2 * len(values)) - 2.0 * (n_distinct <= 2)
    score += 1.0 * (joined in _OUTCOME_TOKENS or joined in _OUTCOME_WORDS) - 3.0 * sounds_like_group(column.name)
    score -= 3.0 * bool(len(values) > 2 and n_distinct == len(values) and (values == np.floor(values)).all())  # numbers rows
    score += 0.4 * (position == n_columns - 1) + 0.3 * (position == 0) - 0.2 * position / max(n_columns, 1)
    return score
