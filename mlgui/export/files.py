"""Names of files made from keys of tables and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
MAX_LENGTH = 120


def file_name(key: str) -> str:
    """Return a name without ending that every system accepts: letters, digits, dot, dash and underscore."""
    clean = re.sub(r"[^\w.-]+", "_", key).strip("._")[:MAX_LENGTH] or "file"
    return f"_{clean}" if _RESERVED.fullmatch(clean) else clean


def file_names(keys: Iterable[str]) -> list[str]:
    """Return a name for each key, all different also where capitals do not count."""
    taken: set[str] = set()
    names = []
    for key in keys:
        first = name = file_name(key)
        n = 2
        while name.lower() in taken:
            name, n = f"{first}_{n}", n + 1
        taken.add(name.lower())
        names.append(name)
    return names
