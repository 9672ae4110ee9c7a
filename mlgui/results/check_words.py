"""The sentences of the model checks: how to read each picture, what is in it, and what the verdict rests on."""

from __future__ import annotations

from scipy.special import ndtri

from mlgui.design.design import Design
from mlgui.results.check_measures import (
    AT_BOUND,
    BEND,
    FEW_VALUES,
    FEWEST_GROUPS,
    GROUP_FAR,
    GROUP_SKEWED,
    GROUP_TAILS,
    SKEWED,
    SPREAD_RATIO,
    TAILS,
    Along,
    Bounds,
    Shape,
)
from mlgui.results.checks import MOST_EXTREME
from mlgui.results.nouns import counted_rows, group_noun, group_plural
from mlgui.results.numbers import given, number, percent
from mlgui.words import tr

_MENTIONED, _SURE = 0.3, 3.0
_RISE = 0.15


def along_words(along: Along, bounds: Bounds | None, outcome: str) -> tuple[str, str]:
    """Return how to read residuals along fitted values, and what the verdict rests on."""
    said = [tr("The thick curve should stay flat and the cloud equally wide.")]
    if along.bends:
        said.append(tr("It bends: a curved or missing predictor may be the reason."))
    elif along.rise > _RISE:
        said.append(tr("A slight rise is what pooling makes."))
    if along.uneven:
        said.append(tr("The cloud is {ratio} times as wide in places as in others.").format(ratio=number(along.ratio, 1)))
    if bounds is not None and bounds.ceiling:
        said.append(tr("{outcome} stops at {value}, which cuts the cloud at the top right.").format(
            outcome=outcome, value=given(bounds.highest)))  # fmt: skip
    if bounds is not None and bounds.floor:
        said.append(tr("{outcome} starts at {value}, which cuts the cloud at the bottom left.").format(
            outcome=outcome, value=given(bounds.lowest)))  # fmt: skip
    why = tr(
        "Look closer if the curve bends by more than {bend} residual SDs (here {own_bend}), or the widest part of the cloud has "
        "more than {ratio} times the SD of the narrowest (here {own_ratio}), beyond chance (p < 0.001)."
    ).format(bend=BEND, own_bend=number(along.bend, 2), ratio=SPREAD_RATIO, own_ratio=number(along.ratio, 2))
    return " ".join(said), why


def scale_words(along: Along) -> tuple[str, str]:
    """Return how to read the size of residuals along fitted values, and what the verdict rests on."""
    said = [tr("The thick curve is the usual size of a residual; it should stay flat.")]
    if along.uneven:
        said.append(tr("Residuals are {ratio} times as large in places as in others.").format(ratio=number(along.ratio, 1)))
        said.append(tr("Weights, or the logarithm of the outcome, may even this out."))
    else:
        said.append(tr("Its ends rest on few rows and may stray."))
    why = tr(
        "Look closer if the widest part of the cloud has more than {ratio} times the SD of the narrowest (here {own_ratio}), "
        "beyond chance (p < 0.001)."
    ).format(ratio=SPREAD_RATIO, own_ratio=number(along.ratio, 2))
    return " ".join(said), why


def bounds_why(bounds: Bounds) -> str:
    """Return the part of the reasons that is about the ends of the outcome."""
    if bounds.n_values <= FEW_VALUES:
        return tr("The outcome has {n} values, so stripes and sharp edges are to be expected.").format(n=bounds.n_values)
    return tr("Also if more than {limit} of the rows have the highest ({high}) or the lowest value ({low}).").format(
        limit=percent(AT_BOUND, 1), high=percent(bounds.at_highest, 1), low=percent(bounds.at_lowest, 1)
    )


def residual_words(shape: Shape, farthest: float, design: Design) -> tuple[bool, str, str]:
    """Return whether to look, how to read the quantiles of residuals, and what the verdict rests on."""
    skewed = abs(shape.skew) > SKEWED and abs(shape.skew_z) > _SURE
    tailed = abs(shape.tails) > TAILS and abs(shape.tails_z) > _SURE
    look = skewed or tailed or farthest > MOST_EXTREME
    said = [tr("Points should follow the line."), _shape_words(shape)]
    if look:
        said.append(tr("Averages stand this well; intervals for single rows do not."))
    elif said[1]:
        said.append(tr("With {rows} this is harmless.").format(rows=counted_rows(shape.n, design)))
    why = tr(
        "Look closer if skewness is beyond ±{skew} (here {own_skew}), excess kurtosis beyond ±{tails} (here {own_tails}), "
        "each by more than 3 standard errors, or a residual beyond {far} SDs (here {farthest})."
    ).format(
        skew=SKEWED, own_skew=number(shape.skew, 2), tails=TAILS, own_tails=number(shape.tails, 2),
        far=number(MOST_EXTREME, 0), farthest=number(farthest, 1),
    )  # fmt: skip
    return look, " ".join(part for part in said if part), why


def _shape_words(shape: Shape) -> str:
    """Return the most remarkable feature of a distribution in a sentence, "" where there is none."""
    skewed = abs(shape.skew) > _MENTIONED and abs(shape.skew_z) > _SURE
    if skewed and shape.tails < 2 * shape.skew**2:  # a gamma distribution has 1.5: its long tail is its skewness
        return tr("They are skewed to the right.") if shape.skew > 0 else tr("They are skewed to the left.")
    if abs(shape.tails) > _MENTIONED and abs(shape.tails_z) > _SURE:
        slight = abs(shape.tails) <= TAILS
        if shape.tails > 0:
            return tr("Tails are slightly long.") if slight else tr("Tails are long: some rows lie far from the fit.")
        return tr("Tails are slightly short.") if slight else tr("Tails are short.")
    return ""


def effect_words(shape: Shape, farthest: float, level: str, grouping: str) -> tuple[str, str, str]:
    """Return the verdict, how to read the quantiles of group effects, and what the verdict rests on."""
    noun, plural = group_noun(grouping), group_plural(grouping)
    if shape.n == 0:
        return "unknown", tr("The variance between {groups} is estimated as 0.").format(groups=plural), ""
    if shape.n < FEWEST_GROUPS:
        few = tr("{n} {groups} are too few to judge the shape of their effects.").format(n=shape.n, groups=plural)
        return "unknown", few, few
    skewed = abs(shape.skew) > GROUP_SKEWED and abs(shape.skew_z) > _SURE
    tailed = shape.tails > GROUP_TAILS and shape.tails_z > _SURE
    far = abs(farthest) > GROUP_FAR
    said = [tr("Points should follow the line."), _shape_words(shape)]
    if abs(farthest) > float(ndtri(1 - 0.5 / shape.n)):  # farther than one expects of the farthest of so many
        text = (
            tr("The highest {group}, {level}, deserves a look.") if farthest > 0
            else tr("The lowest {group}, {level}, deserves a look.")
        )  # fmt: skip
        said.append(text.format(group=noun, level=level))
    why = tr(
        "Look closer if skewness is beyond ±{skew} (here {own_skew}) or excess kurtosis above {tails} (here {own_tails}), each "
        "by more than 3 standard errors, or a {group} lies beyond {far} of its own SDs (here {farthest})."
    ).format(
        skew=GROUP_SKEWED, own_skew=number(shape.skew, 2), tails=GROUP_TAILS, own_tails=number(shape.tails, 2), group=noun,
        far=number(GROUP_FAR, 0), farthest=number(abs(farthest), 1),
    )  # fmt: skip
    return "look" if skewed or tailed or far else "fine", " ".join(part for part in said if part), why
