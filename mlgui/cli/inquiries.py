"""What can be asked of a fitted model on the command line: each function makes the tables of one command."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.cli.asking import grouping_of, values_at, varying_of, weights_of
from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.engine.draws import Draws
    from mlgui.results.figure import Figure
    from mlgui.results.report import Report
    from mlgui.results.tables import ResultTable

Tables = list["ResultTable"]


def marginal(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return marginal means, or with --pairs their differences."""
    from mlgui.results.marginal_means import comparison_table, marginal_means, pairwise

    at, by, df = values_at(report, chosen.at), tuple(chosen.by), df_of(chosen)
    if not chosen.pairs:
        found = marginal_means(report, (*by, *chosen.over), at=at, method=df, confidence=chosen.confidence)
        return [comparison_table(found)]
    found = pairwise(
        report, chosen.over, by=by, at=at, method=df, adjustment=chosen.adjust, confidence=chosen.confidence
    )  # fmt: skip
    if not found.rows:
        raise UserError(tr("There is nothing to compare."), tr("A single mean has no differences."), tr("Ask --over a category."))
    return [comparison_table(found)]


def slopes(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return simple slopes, and with --regions where along a moderator they differ from 0."""
    from mlgui.results.johnson_neyman import johnson_neyman, regions_table
    from mlgui.results.marginal_means import comparison_table, simple_slopes

    at, df = values_at(report, chosen.at), df_of(chosen)
    over = chosen.over or ([chosen.regions] if chosen.regions else [])
    found = [comparison_table(simple_slopes(report, chosen.of, over, at=at, method=df, confidence=chosen.confidence))]
    if chosen.regions:
        regions = johnson_neyman(report, chosen.of, chosen.regions, at=at, method=df, confidence=chosen.confidence)
        found.append(regions_table(regions))
    return found


def contrast(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return combinations of coefficients, and with --joint the test of all of them together."""
    from mlgui.results.contrasts import contrast_label, contrast_rows, contrasts, estimates_table, joint_table, joint_test

    df = df_of(chosen)
    rows = contrast_rows(report, [weights_of(given) for given in chosen.combine])
    labels = [contrast_label(report, row) for row in rows]
    found = contrasts(report, rows, df, chosen.confidence)
    tables = [estimates_table("contrasts", tr("Combinations of coefficients"), labels, found, df, chosen.confidence)]
    if chosen.joint:
        if df == "asymptotic":
            raise UserError(tr("The joint test needs degrees of freedom."), "", tr("Use --df satterthwaite or --df kr."))
        tables.append(joint_table(joint_test(report, rows, df), df))
    return tables


def tests(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return F tests of terms, type III and II, and likelihood ratios of what varies, with --simulate by simulation too."""
    from mlgui.results.random_terms import random_term_tests, random_terms_table
    from mlgui.session.further import Further, further_tables

    wanted = Further(kenward_roger=chosen.df == "kr", tests=True)
    if not chosen.simulate or not report.groups:
        return [table for table in further_tables(report, wanted) if table.key != "kenward_roger"]
    tables = [table for table in further_tables(report, wanted) if table.key not in ("kenward_roger", "random_term_tests")]
    found = random_term_tests(report.design, report.estimates)
    simulated = [one.simulate(chosen.simulate, chosen.seed) for one in found]
    return [*tables, random_terms_table(found, simulated)]


def robust(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return cluster-robust standard errors beside the model's."""
    from mlgui.results.robust import robust_effects, robust_table

    return [robust_table(robust_effects(report, chosen.kind, chosen.confidence))]


def influence(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return what leaving out each group does, or with --refit what fitting without some does."""
    from mlgui.results.influence import influence_of_groups, influence_table, refitted_influence

    grouping = grouping_of(report, chosen.group)
    if not chosen.refit:
        return [influence_table(report, influence_of_groups(report, grouping))]
    levels = next(groups.levels for groups in report.groups if groups.grouping == grouping)
    unknown = [level for level in chosen.refit if level not in levels]
    if unknown:
        raise UserError(tr("There is no group “{level}” in {grouping}.").format(level=unknown[0], grouping=grouping))
    return [influence_table(report, refitted_influence(report, grouping, tuple(chosen.refit)))]


def groups(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return the groups of a grouping, and with --rank their ranks by one coefficient."""
    from mlgui.results.ranks import ranks, ranks_table
    from mlgui.results.table_builders import group_table

    grouping = grouping_of(report, chosen.group)
    if chosen.rank is None:
        return [group_table(report, next(one for one in report.groups if one.grouping == grouping))]
    name = varying_of(report, grouping, chosen.rank or None)
    return [ranks_table(ranks(report, draws_of(report, chosen), grouping, name, chosen.confidence), grouping, name)]


def rows(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return the rows with their fitted values, residuals, leverage and Cook's distance."""
    from mlgui.results.rows import rows_table

    return [rows_table(report)]


def pooling(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return what partial pooling lies between, two-step regressions, and effects within and between groups."""
    from mlgui.results.explained import explained_table
    from mlgui.results.table_builders import pooled_table, unpooled_table
    from mlgui.results.two_step import two_step, two_step_table
    from mlgui.results.within_between import within_between, within_between_table

    grouping = grouping_of(report, chosen.group)
    names = next(one.names for one in report.groups if one.grouping == grouping)
    found = [pooled_table(report), unpooled_table(report, grouping), explained_table(report, grouping)]
    found += [two_step_table(two_step(report, grouping, name)) for name in names]
    try:
        found.append(within_between_table(within_between(report, grouping)))
    except UserError as nothing_to_tell_apart:
        print(nothing_to_tell_apart, file=sys.stderr)
    return [table for table in found if table.n_rows]


def components(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return the principal components of what varies, and what group-level predictions are worth in rows."""
    from mlgui.results.components import components_table, worth_table

    grouping = grouping_of(report, chosen.group)
    return [components_table(report, grouping), worth_table(report, grouping)]


def draws(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return joint draws of the coefficients and the residual SD."""
    from mlgui.results.ranks import draws_table

    return [draws_table(report, draws_of(report, chosen))]


def anova(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return the SD of each batch of coefficients, and write the picture with --figure."""
    from mlgui.results.anova import batches, batches_table
    from mlgui.results.figures.anova import anova_figure

    found = batches(report, draws_of(report, chosen), chosen.confidence)
    if chosen.figure:
        paint(anova_figure(found, report.design.outcome_label, chosen.confidence), chosen.figure)
    return [batches_table(found, chosen.confidence)]


def replicate(report: Report, chosen: argparse.Namespace) -> Tables:
    """Return statistics of the outcome beside those of replicated data, and write the picture with --figure."""
    from mlgui.results.figures.replicated import replicated_figure
    from mlgui.results.replicated import checks_table, chosen_statistics, replicated_checks

    wanted = chosen_statistics(report, tuple(chosen.statistic))
    found = replicated_checks(
        report, wanted, count=chosen.draws, seed=chosen.seed, new_groups=chosen.new_groups, confidence=chosen.confidence
    )
    if chosen.figure:
        paint(replicated_figure(found, report.design.outcome_label), chosen.figure)
    return [checks_table(report, found, chosen.confidence)]


def draws_of(report: Report, chosen: argparse.Namespace) -> Draws:
    """Return the draws a command works with."""
    from mlgui.engine.draws import draw

    return draw(report.estimates, chosen.draws, chosen.seed)


def df_of(chosen: argparse.Namespace) -> str:
    """Return where degrees of freedom come from, by its full name."""
    return "kenward-roger" if chosen.df == "kr" else str(chosen.df)


def paint(figure: Figure, path: str) -> None:
    """Write a picture; UserError where Qt is missing or the file cannot be written."""
    try:
        from mlgui.gui.painter import save_figure
    except ImportError as error:
        raise UserError(tr("Pictures need Qt, which cannot be loaded."), str(error)) from error
    save_figure(figure, Path(path))
