"""The names of things as users of mixed-effects models, or of HLM, know them. They name the same numbers."""

from __future__ import annotations

from collections.abc import Mapping

from mlgui.words import use_wording

_MIXED = {
    "Average coefficients": "Fixed effects",
    "How much varies": "Random effects",
    "Average": "Fixed",
    "Varies by {group}": "Random by {group}",
    "Average of {term}": "Fixed effect of {term}",
    "{term} varies by {group}": "Random effect of {term} by {group}",
    "Group-level model": "Covariates of groups",
    "Group-level prediction": "Fixed part",
    "deviation from its group-level prediction": "random effect (BLUP)",
    "Correlate what varies": "Correlate random effects",
    "Let what varies be independent": "Do not correlate random effects",
    "Correlation of what varies": "Correlation of random effects",
    "Let {term} vary by {group}": "Add a random effect of {term} by {group}",
    "Let {term} be the same in every {group}": "Remove the random effect of {term} by {group}",
    "Let intercepts vary by {group}": "Add random intercepts by {group}",
    "Let nothing vary by {group}": "Remove the random effects by {group}",
    "{what} vary by {group}": "random {what} by {group}",
    "Intercepts {symbol}": "Random intercepts {symbol}",
    "Slopes {symbol}": "Random slopes {symbol}",
    "Slopes {symbol} of {name}": "Random slopes {symbol} of {name}",
    "Does it vary?": "Tests of random effects",
    "Multilevel models by point and click. Load data, say what varies by group, and read the result.":
        "Mixed-effects models by point and click. Load data, say what is random by group, and read the result.",
}  # fmt: skip

_HLM = {
    "Average coefficients": "Final estimation of fixed effects (γ)",
    "How much varies": "Variance components",
    "Average": "Fixed (γ)",
    "Varies by {group}": "Random (u) by {group}",
    "Average of {term}": "Fixed effect of {term}",
    "{term} varies by {group}": "Random coefficient of {term} by {group}",
    "Group-level model": "Level-2 model",
    "Group-level prediction": "Level-2 prediction",
    "deviation from its group-level prediction": "level-2 residual (u)",
    "Correlate what varies": "Correlate level-2 residuals",
    "Let what varies be independent": "Do not correlate level-2 residuals",
    "Correlation of what varies": "Correlation of level-2 residuals",
    "Let {term} vary by {group}": "Let the level-1 coefficient of {term} be random by {group}",
    "Let {term} be the same in every {group}": "Fix the level-1 coefficient of {term} in every {group}",
    "Let intercepts vary by {group}": "Add a level of {group}",
    "Let nothing vary by {group}": "Remove the level of {group}",
    "{what} vary by {group}": "random level-1 {what} by {group}",
    "Intercepts {symbol}": "Level-1 intercepts {symbol}",
    "Slopes {symbol}": "Level-1 slopes {symbol}",
    "Slopes {symbol} of {name}": "Level-1 slopes {symbol} of {name}",
    "Unexplained ε_i": "Level-1 residual r",
    "Does it vary?": "Tests of variance components",
    "Multilevel models by point and click. Load data, say what varies by group, and read the result.":
        "Hierarchical linear models by point and click. Load data, say what is random at level 2, and read the result.",
}  # fmt: skip

REPLACEMENTS: Mapping[str, Mapping[str, str]] = {"multilevel": {}, "mixed": _MIXED, "hlm": _HLM}
"""For each wording, the texts that read otherwise, as the program writes them. Both sides are translated like any text."""


def follow_wording(wording: str) -> None:
    """Name things from now on as a wording of the settings does."""
    use_wording(REPLACEMENTS.get(wording, {}))
