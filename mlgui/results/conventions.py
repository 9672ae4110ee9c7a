"""Why numbers differ from another program's: its conventions beside those of a report, and the settings that make both equal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mlgui.findings import Remedy
from mlgui.results import numbers
from mlgui.results.conventions_coding import CodingThere, centring_here, codings_here
from mlgui.results.inference import df_words, intervals_words
from mlgui.results.nouns import group_noun
from mlgui.results.report import Report
from mlgui.spec.inference import DfMethod, IntervalMethod
from mlgui.words import ntr, tr


class Program(StrEnum):
    """Programs whose defaults are known here."""

    LME4 = "lme4"
    STATA = "stata"
    SPSS = "spss"
    HLM = "hlm"
    GAMLJ = "gamlj"
    JASP = "jasp"


PROGRAM_NAMES = {
    Program.LME4: "R: lme4, lmerTest", Program.STATA: "Stata: mixed", Program.SPSS: "SPSS: MIXED",
    Program.HLM: "HLM", Program.GAMLJ: "GAMLj", Program.JASP: "JASP",
}  # fmt: skip
"""Names as their users know them; they are not translated."""


@dataclass(frozen=True, kw_only=True)
class Convention:
    """One subject. here, there: what either program does. effect: what follows for the numbers. remedy: what makes them equal."""

    topic: str
    here: str
    there: str
    same: bool
    effect: str = ""
    remedy: Remedy | None = None


def conventions(report: Report, program: Program) -> tuple[Convention, ...]:
    """Return the conventions of a program that matter for this model, those that differ first."""
    found = [one for topic in _TOPICS if (one := topic(report, program)) is not None]
    return tuple(sorted(found, key=lambda one: one.same))


def conventions_summary(report: Report, program: Program) -> str:
    """Return how many conventions differ, in a sentence."""
    found = conventions(report, program)
    n, name = sum(not one.same for one in found), PROGRAM_NAMES[program]
    if not n:
        return tr("With its defaults, {program} should give these numbers, to the digits it computes.").format(program=name)
    text = ntr("{n} default of {program} differs from this fit.", "{n} defaults of {program} differ from this fit.", n)
    return text.format(n=n, program=name)


def _estimator(report: Report, program: Program) -> Convention:
    there = {Program.STATA: "ML"}.get(program, "REML")
    words = {
        Program.HLM: tr("REML, for two levels"),
        Program.JASP: tr("REML with Satterthwaite or Kenward-Roger; ML with likelihood-ratio or bootstrap tests"),
        Program.STATA: tr("ML, unless the option reml is given"),
    }.get(program, there)
    same = report.method == there
    label = tr("Fit by {method}").format(method=there)
    return Convention(
        topic=tr("Estimator"), here=report.method, there=words, same=same,
        effect="" if same else tr("ML takes the averages as known, so that variances and standard errors are smaller, most of "
                                  "all with few groups."),
        remedy=None if same else Remedy(label=label, edit="set_reml", arguments=(("on", there == "REML"),)),
    )  # fmt: skip


def _tests(report: Report, program: Program) -> Convention:
    wanted = {Program.STATA: DfMethod.NORMAL}.get(program, DfMethod.SATTERTHWAITE)
    there = {
        Program.LME4: tr("lmerTest: Satterthwaite. lme4 alone prints t without p"),
        Program.STATA: tr("z, unless dfmethod() is given"),
        Program.SPSS: tr("Satterthwaite"),
        Program.HLM: _hlm_df(report),
        Program.GAMLJ: tr("Satterthwaite"),
        Program.JASP: tr("Satterthwaite; marginal means and trends by z"),
    }[program]
    same = program is not Program.HLM and report.inference.df is wanted
    label = tr("Use z tests") if wanted is DfMethod.NORMAL else tr("Use Satterthwaite's method")
    offered = program is not Program.HLM and not same
    return Convention(
        topic=tr("Degrees of freedom and p"), here=df_words(report), there=there, same=same,
        effect="" if same else tr("Estimates and standard errors agree; p differs, visibly with few groups."),
        remedy=Remedy(label=label, edit="set_df", arguments=(("method", wanted.value),)) if offered else None,
    )  # fmt: skip


def _hlm_df(report: Report) -> str:
    if not report.groups:
        return tr("n − number of coefficients")
    varying = report.design.groupings[-1]
    q = len(varying.predictors[0]) - 1 if varying.predictors else 0
    text = tr("t with J − q − 1 = {df} for coefficients of {group} level; other slopes n − number of coefficients")
    return text.format(df=len(varying.levels) - q - 1, group=group_noun(varying.grouping.name))


def _intervals(report: Report, program: Program) -> Convention:
    now = report.inference
    there = {
        Program.LME4: tr("confint(): from the profile of the likelihood, by maximum likelihood"),
        Program.STATA: tr("estimate ± 1.96 SE; those of variances on the log scale"),
        Program.SPSS: tr("from the t distribution"),
        Program.HLM: tr("none: standard errors only"),
        Program.GAMLJ: tr("estimate ± 1.96 SE, though p is Satterthwaite's: the two can disagree"),
        Program.JASP: tr("none for coefficients"),
    }[program]
    by_t = now.intervals is IntervalMethod.T
    same = {
        Program.LME4: now.intervals is IntervalMethod.PROFILE,
        Program.STATA: by_t and now.df is DfMethod.NORMAL,
        Program.SPSS: by_t and now.df is DfMethod.SATTERTHWAITE,
    }.get(program, False)
    method = "profile" if program is Program.LME4 else "t"
    label = tr("Use profile intervals") if method == "profile" else tr("Use t intervals")
    offered = not same and program in (Program.LME4, Program.SPSS) and now.intervals.value != method
    return Convention(
        topic=tr("Intervals"), here=intervals_words(report), there=there, same=same,
        remedy=Remedy(label=label, edit="set_intervals", arguments=(("method", method),)) if offered else None,
    )  # fmt: skip


def _coding(report: Report, program: Program) -> Convention | None:
    here = codings_here(report)
    if not here:
        return None
    there: dict[Program, CodingThere] = {
        Program.LME4: CodingThere(tr("differences from the first level in the alphabet"), "treatment", 0),
        Program.STATA: CodingThere(tr("differences from the lowest level (i. prefix)"), "treatment", 0),
        Program.SPSS: CodingThere(tr("differences from the last level"), "treatment", -1),
        Program.HLM: CodingThere(tr("none: columns of 0 and 1 are made before"), "", 0),
        Program.GAMLJ: CodingThere(tr("“simple”: differences from the first level, the intercept at the mean of levels"), "", 0),
        Program.JASP: CodingThere(tr("sum contrasts: deviations from the mean of levels"), "sum", 0),
    }
    return _coding_convention(here, there[program], report)


def _coding_convention(here: tuple[tuple[str, str, str], ...], there: CodingThere, report: Report) -> Convention:
    levels = {name: sorted(report.design.table[name].levels) for name, _, _ in here}
    wanted = tuple((name, there.contrast, levels[name][there.place]) for name, _, _ in here)
    same = bool(there.contrast) and all(_codes_alike(a, b) for a, b in zip(here, wanted, strict=True))
    words = "; ".join(
        tr("{column}: deviations from the mean").format(column=name) if contrast == "sum"
        else tr("{column}: differences from {level}").format(column=name, level=reference)
        for name, contrast, reference in here
    )  # fmt: skip
    argument = tuple((name, reference if there.contrast == "treatment" else "") for name, _, reference in wanted)
    remedy = Remedy(
        label=tr("Code categories so"), edit="set_codings", arguments=(("contrast", there.contrast), ("references", argument))
    )
    return Convention(
        topic=tr("Coding of categories"), here=words, there=there.words, same=same,
        effect="" if same else tr("The intercept, the coefficients of categories, and in interactions those of their partners, "
                                  "answer other questions; fit and predictions are the same."),
        remedy=remedy if there.contrast and not same else None,
    )  # fmt: skip


def _codes_alike(here: tuple[str, str, str], wanted: tuple[str, str, str]) -> bool:
    return here[1] == wanted[1] and (here[1] == "sum" or here[2] == wanted[2])


def _centring(report: Report, program: Program) -> Convention | None:
    plain, centred = centring_here(report)
    if program is Program.GAMLJ and (plain or centred):
        remedy = Remedy(label=tr("Centre them here too"), edit="center_all", arguments=(("columns", plain),))
        return Convention(
            topic=tr("Centring of predictors"), here=tr("as they are: {names}").format(names=", ".join(plain)) if plain else
            tr("centred"), there=tr("every covariate is centred on its mean"), same=not plain,
            effect=tr("The intercept and its variance are those at the mean of the predictors, not at 0.") if plain else "",
            remedy=remedy if plain else None,
        )  # fmt: skip
    if program is Program.HLM and (plain or centred):
        words = "; ".join(
            part for part in (
                tr("as they are: {names}").format(names=", ".join(plain)) if plain else "",
                tr("centred: {names}").format(names=", ".join(centred)) if centred else "",
            ) if part
        )  # fmt: skip
        return Convention(
            topic=tr("Centring of predictors"), here=words, there=tr("chosen when a predictor is added; read its output for it"),
            same=True,
        )  # fmt: skip
    return None


def _correlations(report: Report, program: Program) -> Convention | None:
    if all(len(groups.names) == 1 for groups in report.groups):
        return None
    blocks = [varying.blocks for varying in report.design.groupings if len(varying.names) > 1]
    correlated = all(len(block) == 1 for block in blocks)
    independent = program in (Program.STATA, Program.SPSS)
    there = {
        Program.STATA: tr("independent, unless covariance(unstructured) is given"),
        Program.SPSS: tr("independent, unless COVTYPE(UN) is given"),
        Program.JASP: tr("correlated; every slope that can vary does, unless its tick is removed"),
    }.get(program, tr("correlated"))
    same = correlated is not independent
    label = tr("Let what varies be independent") if independent else tr("Correlate what varies")
    return Convention(
        topic=tr("Correlation of what varies"), there=there, same=same,
        here=tr("correlated") if correlated else tr("independent"),
        effect="" if same else tr("This is another model: variances, tests and the criterion differ."),
        remedy=None if same else Remedy(label=label, edit="set_all_correlated", arguments=(("on", not independent),)),
    )  # fmt: skip


def _spreads(report: Report, program: Program) -> Convention | None:
    if not report.variance or program in (Program.LME4, Program.GAMLJ, Program.JASP):
        return None
    pairs = [(label, float(sd)) for one in report.variance for label, sd in zip(one.labels, one.sd, strict=True)]
    pairs.append((tr("residual"), report.sigma))
    shown = "; ".join(
        tr("{name}: SD {sd} is variance {variance}").format(name=name, sd=numbers.short(sd, 3), variance=numbers.short(sd**2, 3))
        for name, sd in pairs[:4]
    )
    there = {
        Program.STATA: tr("variances, unless stddeviations is given"),
        Program.SPSS: tr("variances: “covariance parameters”"),
        Program.HLM: tr("variance components τ and σ², with χ² tests"),
    }[program]
    return Convention(topic=tr("How much varies"), here=tr("standard deviations"), there=there, same=False, effect=shown)


def _icc(report: Report, program: Program) -> Convention | None:
    if not report.variance or program in (Program.SPSS, Program.HLM, Program.LME4):
        return None
    here = tr("variance between groups over all that predictors do not explain: {icc}")
    here = here.format(icc=numbers.number(report.shares.icc_adjusted, 3))
    if program is Program.JASP:
        return Convention(topic=tr("ICC"), here=here, there=tr("none"), same=False)
    parts = []
    for one in report.variance:
        if "(Intercept)" in one.names:
            tau2 = float(one.sd[one.names.index("(Intercept)")]) ** 2
            parts.append(f"{one.grouping}: {numbers.number(tau2 / (tau2 + report.sigma**2), 3)}")
    there = tr("τ² / (τ² + σ²) for each intercept: {values}") if parts else tr("τ² / (τ² + σ²) for each intercept")
    same = len(report.groups) == 1 and len(report.groups[0].names) == 1
    effect = "" if same else tr("With slopes that vary, the variance between groups here is its mean over the rows.")
    return Convention(topic=tr("ICC"), here=here, there=there.format(values=", ".join(parts)), same=same, effect=effect)


def _others(report: Report, program: Program) -> Convention | None:
    """Return what else users of the program meet."""
    if program is Program.HLM:
        there = tr("two tables of coefficients; compare the one without “robust standard errors”")
        return Convention(topic=tr("Standard errors"), here=tr("of the model"), there=there, same=False)
    if program is Program.LME4 and report.estimates.singular:
        here, there = tr("“boundary fit”, with what it means"), tr("“boundary (singular) fit: see help('isSingular')”")
        return Convention(topic=tr("Boundary"), here=here, there=there, same=True)
    return None


_TOPICS: tuple[Callable[[Report, Program], Convention | None], ...] = (
    _estimator, _tests, _intervals, _coding, _centring, _correlations, _spreads, _icc, _others,
)  # fmt: skip
