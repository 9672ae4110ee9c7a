"""The commands that ask something of a fitted model: `mlgui marginal`, `mlgui tests`, `mlgui groups` and their like."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

from mlgui.words import tr

Parsers = dict[str, Callable[[], argparse.ArgumentParser]]


def inquiry_parsers(add_model: Callable[[argparse.ArgumentParser], None]) -> Parsers:
    """Return the parser of each command by name; add_model adds the options of the model and the file."""
    made = {
        "marginal": _marginal, "slopes": _slopes, "contrast": _contrast, "tests": _tests, "robust": _robust,
        "influence": _influence, "groups": _groups, "rows": _rows, "pooling": _pooling, "draws": _draws, "anova": _anova,
        "replicate": _replicate, "components": _components,
    }  # fmt: skip

    def parser_of(name: str) -> Callable[[], argparse.ArgumentParser]:
        def parser() -> argparse.ArgumentParser:
            found = argparse.ArgumentParser(prog=f"mlgui {name}")
            found.add_argument("data", metavar="DATA", help=tr("data file the model is fitted to"))
            found.add_argument("--formula", metavar="F", help=tr("as for mlgui fit"))
            found.description = made[name](found)
            found.add_argument("--csv", metavar="FILE", help=tr("write the table as CSV; others beside it, numbered"))
            add_model(found)
            found.set_defaults(run=_runner(name))
            return found

        return parser

    return {name: parser_of(name) for name in made}


def _runner(name: str) -> Callable[[argparse.Namespace], int]:
    """Return what runs a command; its modules are loaded when it runs."""

    def run(chosen: argparse.Namespace) -> int:
        from mlgui.cli.asking import run_tables

        return run_tables(chosen, getattr(import_module("mlgui.cli.inquiries"), name))

    return run


def _marginal(parser: argparse.ArgumentParser) -> str:
    parser.add_argument("--over", metavar="COL", action="append", required=True, help=tr("predictor the means are over"))
    parser.add_argument("--by", metavar="COL", action="append", default=[], help=tr("within each level of this predictor"))
    _at(parser)
    parser.add_argument("--pairs", action="store_true", help=tr("all differences of the means instead"))
    parser.add_argument(
        "--adjust", choices=("tukey", "bonferroni", "holm", "sidak", "none"), default="tukey",
        help=tr("correction for the number of pairs (tukey)"),
    )  # fmt: skip
    _df(parser)
    _confidence(parser)
    return tr("Fit a multilevel model and write its marginal means or their differences.")


def _slopes(parser: argparse.ArgumentParser) -> str:
    parser.add_argument("--of", metavar="COL", required=True, help=tr("number whose slopes are wanted"))
    parser.add_argument("--over", metavar="COL", action="append", default=[], help=tr("predictor the slopes are at values of"))
    parser.add_argument("--regions", metavar="COL", help=tr("also where along this number the slope differs from 0"))
    _at(parser)
    _df(parser)
    _confidence(parser)
    return tr("Fit a multilevel model and write slopes at chosen values of other predictors.")


def _contrast(parser: argparse.ArgumentParser) -> str:
    parser.add_argument(
        "--combine", metavar="TERM=W", nargs="+", action="append", required=True,
        help=tr("weights of coefficients, others 0; the option again for another combination"),
    )  # fmt: skip
    parser.add_argument("--joint", action="store_true", help=tr("also the F test that all combinations are 0"))
    _df(parser)
    _confidence(parser)
    return tr("Fit a multilevel model and test combinations of its coefficients.")


def _tests(parser: argparse.ArgumentParser) -> str:
    parser.add_argument("--df", choices=("satterthwaite", "kr"), default="satterthwaite", help=tr("degrees of freedom"))
    parser.add_argument(
        "--simulate", metavar="N", type=whole, default=0,
        help=tr("p of what varies also by refitting so many data sets simulated without it"),
    )  # fmt: skip
    _seed(parser)
    return tr("Fit a multilevel model and test its terms and what varies.")


def _robust(parser: argparse.ArgumentParser) -> str:
    parser.add_argument("--kind", choices=("CR0", "CR1", "CR2"), default="CR2", help=tr("kind of sandwich (CR2)"))
    _confidence(parser)
    return tr("Fit a multilevel model and write cluster-robust standard errors.")


def _influence(parser: argparse.ArgumentParser) -> str:
    _group(parser)
    parser.add_argument(
        "--refit", metavar="LEVEL", action="append", default=[], help=tr("fit without this group, variances too; repeatable")
    )
    return tr("Fit a multilevel model and write what leaving out each group does.")


def _groups(parser: argparse.ArgumentParser) -> str:
    _group(parser)
    parser.add_argument(
        "--rank", metavar="TERM", nargs="?", const="", help=tr("ranks by this varying coefficient instead, with intervals")
    )
    _drawn(parser)
    _confidence(parser)
    return tr("Fit a multilevel model and write its groups: totals, deviations, their SDs.")


def _rows(parser: argparse.ArgumentParser) -> str:
    return tr("Fit a multilevel model and write its rows: fitted values, residuals, leverage, Cook's distance.")


def _pooling(parser: argparse.ArgumentParser) -> str:
    _group(parser)
    return tr("Fit a multilevel model and write complete pooling, no pooling, two-step and within-between regressions.")


def _components(parser: argparse.ArgumentParser) -> str:
    _group(parser)
    return tr("Fit a multilevel model and write along which directions groups differ, and which of them are degenerate.")


def _draws(parser: argparse.ArgumentParser) -> str:
    _drawn(parser)
    return tr("Fit a multilevel model and write joint draws of its coefficients.")


def _anova(parser: argparse.ArgumentParser) -> str:
    _drawn(parser)
    _confidence(parser)
    _figure(parser)
    return tr("Fit a multilevel model and write the SD of each batch of coefficients (the ANOVA display).")


def _replicate(parser: argparse.ArgumentParser) -> str:
    parser.add_argument(
        "--statistic", metavar="NAME", action="append", default=[],
        help=tr("mean, sd, min, median, max, skewness, kurtosis, sd_of_means:GROUP, ... (repeatable); all if left out"),
    )  # fmt: skip
    parser.add_argument("--new-groups", action="store_true", help=tr("replicates have other groups in the place of these"))
    _drawn(parser)
    _confidence(parser)
    _figure(parser)
    return tr("Fit a multilevel model and compare the data with data as the model would have them again.")


def _at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", metavar="COL=V[,W]", action="append", default=[], help=tr("values another predictor stands at; else its mean")
    )


def _df(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--df", choices=("satterthwaite", "kr", "asymptotic"), default="satterthwaite", help=tr("degrees of freedom")
    )


def _group(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--group", metavar="COL", help=tr("grouping; the first of the model if left out"))


def _confidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--confidence", metavar="P", type=share, default=0.95, help=tr("of the intervals (0.95)"))


def _figure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--figure", metavar="FILE", help=tr("write a picture: .svg, .pdf, .png or .tiff"))


def _drawn(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draws", metavar="N", type=whole, default=1000, help=tr("draws (1000)"))
    _seed(parser)


def _seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", metavar="N", type=whole, default=1, help=tr("seed of the simulation (1)"))


def whole(text: str) -> int:
    """Return a whole number from 0; argparse tells what else was typed."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(tr("{text} is no whole number: write 0, 1, 2, ...").format(text=text))
    return int(text)


def share(text: str) -> float:
    """Return a number between 0 and 1; argparse tells what else was typed."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(tr("{text} is no share: write a number between 0 and 1").format(text=text))
    return value
