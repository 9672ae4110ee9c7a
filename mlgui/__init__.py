"""mlgui: multilevel regression by point and click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "fit"]

if TYPE_CHECKING:
    from mlgui.scripting import fit


def __getattr__(name: str) -> Any:
    if name == "fit":
        from mlgui.scripting import fit

        return fit
    raise AttributeError(f"module 'mlgui' has no attribute '{name}'")
