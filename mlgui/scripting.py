"""`mlgui.fit`: the program for scripts, pandas in and out."""

from __future__ import annotations

from typing import Any


def fit(formula: str, data: Any, *, reml: bool = True, weights: str | None = None) -> Any:
    """Fit a multilevel model (filled in once the rooms below stand)."""
    raise RuntimeError("not built yet")
