"""Names of files made from keys of tables and figures."""

from __future__ import annotations

import re

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
MAX_LENGTH = 120


def file_name(key: str) -> str:
    """Return a name without ending that every system accepts: letters, digits, dot, dash and underscore.

    The intercept, `(Intercept)` in keys, is `Intercept` in names.
    """
    clean = re.sub(r"[^\w.-]+", "_", key.replace("(Intercept)", "Intercept")).strip("._")[:MAX_LENGTH] or "file"
    return f"_{clean}" if _RESERVED.fullmatch(clean) else clean
