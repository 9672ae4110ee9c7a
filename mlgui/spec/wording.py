"""The same model in words and symbols: two-level equations, combined equation, formula, sentence."""

from __future__ import annotations

from mlgui.spec.equation import EquationLine, Run, Style
from mlgui.spec.equations import by_level, combined
from mlgui.spec.model import ModelSpec
from mlgui.spec.render import render
from mlgui.spec.sentence import sentence

__all__ = ["EquationLine", "Run", "Style", "by_level", "combined", "formula_text", "sentence"]


def formula_text(spec: ModelSpec) -> str:
    """Return the model as an lme4 formula."""
    return render(spec)
