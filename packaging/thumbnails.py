"""Draw the thumbnails of the start page from the example data: `python packaging/thumbnails.py` writes thumbnail.json beside
each data file. A thumbnail is a few lines and points in the unit square, y upwards, each with the index of a category colour,
so that the window can paint it in either theme without reading the data.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

EXAMPLES = Path(__file__).parent.parent / "resources" / "examples"
Line = tuple[int, list[float]]


def read(name: str) -> pd.DataFrame:
    """Return the data of an example."""
    return pd.read_csv(next(path for path in (EXAMPLES / name).iterdir() if ".csv" in path.name))


def regressions(data: pd.DataFrame, x: str, y: str, group: str, colour: str = "", limit: int = 60) -> list[Line]:
    """Return one least-squares line per group over the group's own range of x."""
    levels = sorted(data[colour].unique(), reverse=True) if colour else []
    found: list[Line] = []
    for _, rows in list(data.groupby(group))[:limit]:
        slope, start = np.polyfit(rows[x], rows[y], 1)
        low, high = rows[x].quantile([0.05, 0.95])
        index = levels.index(rows[colour].iloc[0]) if colour else 0
        found.append((index, [low, start + slope * low, high, start + slope * high]))
    return found


def series(data: pd.DataFrame, x: str, y: str, group: str, colour: str = "") -> list[Line]:
    """Return the raw course of every group."""
    levels = sorted(data[colour].unique(), reverse=True) if colour else []
    return [
        (levels.index(rows[colour].iloc[0]) if colour else 0, rows[[x, y]].to_numpy(float).ravel().tolist())
        for _, rows in data.sort_values(x).groupby(group)
    ]


def caterpillar(data: pd.DataFrame, y: str, group: str, show: int = 45) -> tuple[list[Line], list[Line]]:
    """Return intervals and means of groups in order of their mean, a sample of `show` of them."""
    facts = data.groupby(group)[y].agg(["mean", "std", "size"]).query("size >= 30").sort_values("mean")
    facts = facts.iloc[np.linspace(0, len(facts) - 1, show).astype(int)]
    half = 1.96 * facts["std"] / np.sqrt(facts["size"])
    mean = facts["mean"].to_numpy()
    lines: list[Line] = [(0, [i, m - h, i, m + h]) for i, (m, h) in enumerate(zip(mean, half))]
    return lines, [(0, [i, m]) for i, m in enumerate(mean)]


def points(x: pd.Series, y: pd.Series, colour: pd.Series) -> list[Line]:
    """Return one point per row."""
    return [(int(c), [float(a), float(b)]) for a, b, c in zip(x, y, colour)]


def thumbnail(lines: list[Line], marks: list[Line]) -> dict[str, object]:
    """Return lines and points scaled to the unit square, rounded to a thousandth."""
    everything = np.concatenate([np.reshape(values, (-1, 2)) for _, values in [*lines, *marks]])
    low, high = everything.min(axis=0), everything.max(axis=0)

    def scaled(values: list[float]) -> list[float]:
        return np.round((np.reshape(values, (-1, 2)) - low) / (high - low), 3).ravel().tolist()

    return {"lines": [[c, scaled(v)] for c, v in lines], "points": [[c, scaled(v)] for c, v in marks]}


def funnel(data: pd.DataFrame, y: str, group: str) -> list[Line]:
    """Return group means over the logarithm of the group's size."""
    facts = data.groupby(group)[y].agg(["mean", "size"])
    return points(np.log(facts["size"]), facts["mean"], facts["size"] * 0)


def codes(column: pd.Series) -> pd.Series:
    """Return 0, 1, 2, ... for the levels of a column in order of appearance."""
    return pd.Series(pd.factorize(column)[0])


def main() -> None:
    """Write every thumbnail."""
    pastes, plates = read("pastes"), read("penicillin")
    drawn = {
        "hsb": (regressions(read("hsb"), "ses", "math", "school", "sector"), []),
        "exam": (regressions(read("exam").query("school != 48"), "standLRT", "normexam", "school"), []),
        "sleepstudy": (series(read("sleepstudy"), "Days", "Reaction", "Subject"), []),
        "insteval": caterpillar(read("insteval"), "rating", "lecturer"),
        "orthodont": (series(read("orthodont"), "age", "distance", "Subject", "Sex"), []),
        "pastes": ([], points(codes(pastes["batch"]), pastes["strength"], codes(pastes["cask"]))),
        "penicillin": ([], points(codes(plates["plate"]), plates["diameter"], codes(plates["sample"]))),
        "radon": ([], funnel(read("radon"), "log_radon", "county")),
    }
    for name, (lines, marks) in drawn.items():
        text = json.dumps(thumbnail(lines, marks), separators=(",", ":"))
        (EXAMPLES / name / "thumbnail.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
