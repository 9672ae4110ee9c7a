"""The same model in words and symbols: two-level equations, combined equation, sentence."""

from __future__ import annotations

from mlgui.spec.equation import EquationLine, Run, Style
from mlgui.spec.equations import by_level, combined
from mlgui.spec.sentence import sentence

__all__ = ["EquationLine", "Run", "Style", "by_level", "combined", "sentence"]
