"""What can be typed after `mlgui`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from mlgui import __version__
from mlgui.cli.inquiry_arguments import Parsers, inquiry_parsers, share
from mlgui.words import tr


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for; `run` is the function that does it. Ends the program with code 2 on wrong usage."""
    known = commands()
    if arguments and arguments[0] in known:
        return known[arguments[0]]().parse_args(arguments[1:])
    return _window_parser().parse_args(arguments)


def commands() -> Parsers:
    """Return the parser of every command by name."""
    return {
        "fit": _fit_parser, "describe": _describe_parser, "predict": _predict_parser, "compare": _compare_parser,
        "simulate": _simulate_parser, "selftest": _selftest_parser,
        **inquiry_parsers(_add_model),
    }  # fmt: skip


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlgui",
        description=tr("Multilevel regression by point and click."),
        epilog=tr("Without a window: `mlgui COMMAND --help` for each of {commands}.").format(commands=", ".join(commands())),
    )
    parser.add_argument("--version", action="version", version=f"mlgui {__version__}")
    parser.add_argument(
        "file", nargs="?", help=tr("data file or .mlgui project to open; the High School & Beyond example if left out")
    )
    parser.add_argument("--example", metavar="NAME", help=tr("open an example: hsb, sleepstudy, radon, exam, ..."))
    parser.set_defaults(run=_run_window)
    return parser


def _fit_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlgui fit", description=tr("Fit a multilevel model and write what it says."))
    parser.add_argument("data", metavar="DATA", help=tr("data file"))
    parser.add_argument(
        "--formula", metavar="F", help=tr('lme4 formula: "y ~ x * u + (x | g)"; without it, outcome and groups are guessed')
    )
    parser.add_argument("--ml", action="store_true", help=tr("maximum likelihood instead of REML"))
    parser.add_argument("--weights", metavar="COL", help=tr("column of prior weights"))
    _add_residual(parser)
    parser.add_argument("--json", metavar="FILE", help=tr('write the results as JSON ("-": to standard output)'))
    parser.add_argument("--fitted", action="store_true", help=tr("put the fitted values into the JSON"))
    parser.add_argument("--out", metavar="DIR", help=tr("write tables, figures, a report and scripts there"))
    parser.add_argument(
        "--columns", metavar="FILE", help=tr("write predictions, residuals and group estimates of every row as CSV")
    )
    parser.add_argument("--apa", action="store_true", help=tr("write the numbers of tables for people in APA style"))
    parser.add_argument("--decimal-comma", action="store_true", help=tr("write these numbers with a decimal comma"))
    _add_further(parser)
    _add_kinds(parser)
    parser.add_argument(
        "--sum", metavar="COL", action="append", default=[],
        help=tr("code a category by sum contrasts, deviations from the mean level (may be repeated)"),
    )  # fmt: skip
    _add_reading(parser)
    parser.set_defaults(run=_run_fit)
    return parser


def _add_further(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(tr("further inference"))
    group.add_argument(
        "--df", choices=("satterthwaite", "kr"), default="satterthwaite",
        help=tr("degrees of freedom; kr: also a table by Kenward and Roger's method"),
    )  # fmt: skip
    group.add_argument("--ci", choices=("wald", "profile", "bootstrap"), help=tr("also intervals of everything"))
    group.add_argument("--tests", action="store_true", help=tr("also tests of whole terms and of what varies"))
    group.add_argument("--replicates", metavar="N", type=_count, default=1000, help=tr("refits of the bootstrap (1000)"))
    group.add_argument("--seed", metavar="N", type=_line, default=1, help=tr("seed of the bootstrap (1)"))


def _describe_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlgui describe", description=tr("Say how a file is understood."))
    parser.add_argument("data", metavar="DATA", help=tr("data file"))
    parser.add_argument("--json", metavar="FILE", help=tr('write the description as JSON ("-": to standard output)'))
    parser.add_argument("--values", action="store_true", help=tr("put the values of every column into the JSON"))
    _add_kinds(parser)
    _add_reading(parser)
    parser.set_defaults(run=_run_describe)
    return parser


def _predict_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlgui predict", description=tr("Fit a multilevel model and predict rows from it."))
    parser.add_argument("data", metavar="DATA", help=tr("data file the model is fitted to"))
    parser.add_argument("--formula", metavar="F", help=tr("as for mlgui fit"))
    parser.add_argument("--new", metavar="FILE", help=tr("rows to predict; those of the data if left out"))
    parser.add_argument("--confidence", metavar="P", type=share, default=0.95, help=tr("of the intervals (0.95)"))
    parser.add_argument("--csv", metavar="FILE", help=tr("write the predictions as CSV"))
    _add_model(parser)
    parser.set_defaults(run=_run_predict)
    return parser


def _compare_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlgui compare", description=tr("Fit several models to one file and compare them."))
    parser.add_argument("data", metavar="DATA", help=tr("data file"))
    parser.add_argument(
        "--formula", metavar="F", action="append", default=[], dest="formulas",
        help=tr("lme4 formula of a model; once for each, the smallest first"),
    )  # fmt: skip
    parser.add_argument("--simulate", metavar="N", type=_line, default=0,
                        help=tr("p of tests also by refitting so many data sets simulated from the smaller model"))  # fmt: skip
    parser.add_argument("--seed", metavar="N", type=_line, default=1, help=tr("seed of the simulation (1)"))
    _add_model(parser)
    parser.set_defaults(run=_run_compare)
    return parser


def _simulate_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlgui simulate", description=tr("Fit a multilevel model and say what a study of another size would tell.")
    )
    parser.add_argument("data", metavar="DATA", help=tr("data file"))
    parser.add_argument("--formula", metavar="F", help=tr("as for mlgui fit"))
    parser.add_argument("--groups", metavar="N", type=_line, help=tr("groups of the study; as in the data if left out"))
    parser.add_argument("--rows", metavar="N", type=_line, help=tr("rows in each group; as in the data if left out"))
    parser.add_argument("--needed", metavar="TERM", help=tr("how many groups the test of this coefficient needs"))
    parser.add_argument("--power", metavar="P", type=share, default=0.8, help=tr("power that is needed (0.8)"))
    parser.add_argument(
        "--set", metavar="NAME=V", action="append", default=[],
        help=tr('a value in the place of an estimate: "Days=5", "sd(Days | Subject)=4", "sd(Residual)=30" (may be repeated)'),
    )  # fmt: skip
    parser.add_argument("--replicates", metavar="N", type=_line, default=200, help=tr("studies simulated (200); 0: by theory"))
    parser.add_argument("--seed", metavar="N", type=_line, default=1, help=tr("seed of the simulation (1)"))
    parser.add_argument("--level", metavar="P", type=share, default=0.05, help=tr("level of the tests (0.05)"))
    _add_model(parser)
    parser.set_defaults(run=_run_simulate)
    return parser


def _selftest_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlgui selftest", description=tr("Check this installation: fits, readers, exporters, pictures; one line each.")
    )
    parser.set_defaults(run=_run_selftest)
    return parser


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ml", action="store_true", help=tr("maximum likelihood instead of REML"))
    parser.add_argument("--weights", metavar="COL", help=tr("column of prior weights"))
    parser.add_argument("--json", metavar="FILE", help=tr('write the results as JSON ("-": to standard output)'))
    _add_kinds(parser)
    parser.add_argument("--sum", metavar="COL", action="append", default=[], help=tr("code a category by sum contrasts"))
    _add_residual(parser)
    _add_reading(parser)


def _add_residual(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--residual", metavar="R", action="append", default=[],
        help=tr("residuals: ar1:GROUP:TIME, cs:GROUP, un:GROUP:OCCASION, by:CATEGORY (the last may be added to ar1 and cs)"),
    )  # fmt: skip
    parser.add_argument(
        "--boundary-avoiding", action="store_true", help=tr("keep variances off 0 and correlations off +-1 by a penalty")
    )
    parser.add_argument(
        "--without", metavar="GROUPING=A,B", action="append", default=[],
        help=tr("leave out some groups of a grouping (may be repeated)"),
    )  # fmt: skip


def _add_kinds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--compute", metavar="NAME=EXPR", dest="steps", action="append", default=[], type=lambda text: ("compute", text),
        help=tr("compute a column, such as --compute \"c=center(ses, by = school)\" (may be repeated)"),
    )  # fmt: skip
    parser.add_argument(
        "--keep", metavar="EXPR", dest="steps", action="append", default=[], type=lambda text: ("keep", text),
        help=tr("use only rows where this is true, such as --keep \"ses > 0\""),
    )  # fmt: skip
    parser.add_argument(
        "--category", metavar="COL[=A,B,C]", action="append", default=[],
        help=tr("take a column as a category, its levels in this order, the first as reference (may be repeated)"),
    )  # fmt: skip
    parser.add_argument(
        "--number", metavar="COL", action="append", default=[], help=tr("take a column as numbers (may be repeated)")
    )


def _add_reading(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(tr("reading the file"), tr("what is left out is found out"))
    group.add_argument("--sheet", metavar="NAME", help=tr("sheet of a workbook"))
    group.add_argument("--header-row", metavar="N", type=_line, help=tr("line of the column names, from 1; 0: there are none"))
    group.add_argument("--delimiter", metavar="TEXT", help=tr('between the cells: "," ";" "|" or "tab"'))
    group.add_argument("--decimal", metavar="MARK", choices=(".", ","), help=tr("decimal mark"))
    group.add_argument("--encoding", metavar="NAME", help=tr("encoding of the text, such as utf-8 or cp1252"))
    group.add_argument(
        "--missing", metavar="TEXT", action="append", default=[],
        help=tr("a text that means: missing; several with commas, or the option again"),
    )  # fmt: skip
    group.add_argument(
        "--answer", metavar="ABOUT=CHOICE", action="append", default=[],
        help=tr("reply to a question that `mlgui describe` shows"),
    )  # fmt: skip


def _line(text: str) -> int:
    """Return the number of a line, 0 for none; argparse tells what else was typed."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(tr("{text} is no line: write 0, 1, 2, ...").format(text=text))
    return int(text)


def _count(text: str) -> int:
    """Return a number of refits, at least 1; argparse tells what else was typed."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(tr("{text} is no number of refits: write 1000").format(text=text))
    return int(text)


def _run_window(chosen: argparse.Namespace) -> int:
    from mlgui.cli.opening import existing
    from mlgui.cli.window import open_window
    from mlgui.session.examples import DEFAULT

    paths = [existing(chosen.file)] if chosen.file else []
    return open_window(paths, chosen.example or (None if paths else DEFAULT))


def _run_fit(chosen: argparse.Namespace) -> int:
    from mlgui.cli.fitting import run_fit

    return run_fit(chosen)


def _run_describe(chosen: argparse.Namespace) -> int:
    from mlgui.cli.describing import run_describe

    return run_describe(chosen)


def _run_predict(chosen: argparse.Namespace) -> int:
    from mlgui.cli.predicting import run_predict

    return run_predict(chosen)


def _run_compare(chosen: argparse.Namespace) -> int:
    from mlgui.cli.comparing import run_compare

    return run_compare(chosen)


def _run_simulate(chosen: argparse.Namespace) -> int:
    from mlgui.cli.simulating import run_simulate

    return run_simulate(chosen)


def _run_selftest(chosen: argparse.Namespace) -> int:
    from mlgui.cli.selftest import run_selftest

    return run_selftest(chosen)
