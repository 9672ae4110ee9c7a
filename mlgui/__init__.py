"""mlgui: multilevel regression by point and click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "fit", "read", "side_by_side"]

if TYPE_CHECKING:
    from mlgui.scripting import compare, fit, read, side_by_side


def __getattr__(name: str) -> Any:
    if name in ("compare", "fit", "read", "side_by_side"):
        import mlgui.scripting

        return getattr(mlgui.scripting, name)
    raise AttributeError(f"module 'mlgui' has no attribute '{name}'")
