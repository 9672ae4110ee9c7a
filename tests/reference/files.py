"""Reference results and their data, as they lie on disk."""

from __future__ import annotations

import csv
import gzip
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CASES = tuple(sorted(path.name.removesuffix(".json.gz") for path in (HERE / "cases").glob("*.json.gz")))


@cache
def load_case(name: str) -> dict[str, Any]:
    """Return one reference fit."""
    return _load(HERE / "cases" / f"{name}.json.gz")


@cache
def load_comparators(name: str) -> dict[str, Any]:
    """Return the ordinary regressions of one data set."""
    return _load(HERE / "comparators" / f"comparators_{name}.json.gz")


@cache
def load_levels(data: str) -> dict[str, tuple[str, ...]]:
    """Return the factors of a data file and their levels in order."""
    path = HERE / "data" / (data.removesuffix(".gz").removesuffix(".csv") + ".levels.json")
    columns = json.loads(path.read_text(encoding="utf-8"))["columns"]
    return {name: tuple(facts["levels"]) for name, facts in columns.items() if facts["type"] == "factor"}


@cache
def load_rows(data: str) -> dict[str, tuple[str, ...]]:
    """Return the cells of a data file as text, column by column."""
    raw = (HERE / "data" / data).read_bytes()
    text = (gzip.decompress(raw) if data.endswith(".gz") else raw).decode("utf-8")
    names, *rows = csv.reader(io.StringIO(text))
    return dict(zip(names, zip(*rows)))


def _load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return found
