"""Random and damaged input for as long as there is time: what is neither read nor refused in words is a fault.

    python tests/studies/fuzz.py formula|expression|reader|foreign|project|journal [--minutes 5] [--seed N]

formula, expression: texts put together from what they are made of, and any text at all. reader: pieces of delimited text with any
options, and files of every kind in `tests/import_files` with bytes changed, cut out, doubled or added. foreign: the same done to
SPSS, Stata, SAS and old Excel files, each of which is tried in a child first, so that they are few. project, journal: the same
done to a project and to what a window leaves behind; half of the projects get right checksums, so that the reader behind them is
reached. The first fault is made small by hypothesis and printed; it belongs into the tests then. The seed is printed first.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from mlgui.data.edits.columns import computed  # noqa: E402
from mlgui.data.edits.rows import filtered  # noqa: E402
from mlgui.data.expressions import read_expression  # noqa: E402
from mlgui.data.read import read_file  # noqa: E402
from mlgui.data.read.reader import ReadOptions  # noqa: E402
from mlgui.data.structure import find_structure, guess_outcome  # noqa: E402
from mlgui.data.table import Column, Kind, Table  # noqa: E402
from mlgui.errors import UserError  # noqa: E402
from mlgui.session.examples import open_example  # noqa: E402
from mlgui.session.journal import Journal, abandoned, recover  # noqa: E402
from mlgui.session.models import Snapshot  # noqa: E402
from mlgui.session.project import open_project, save_project  # noqa: E402
from mlgui.spec.formula import parse  # noqa: E402
from mlgui.spec.render import render  # noqa: E402
from tests.session.hostile_projects import members, write  # noqa: E402

FILES = ROOT / "tests" / "import_files"
SLOW = 5.0
"""Seconds after which an input counts as a fault, on a machine busy with other things."""
BATCH = 2000
_WORDS = (
    "y x z g h 1 0 -1 2.5 1e9 ~ + - * : / ^ ** %in% ( ) | || , ` `a b` log( exp( sqrt( I( offset( poly( C( factor( scale( . & "
    "! @ [ ] = < > ' \" \\ \n \t é 年 \0 \ufeff _ __class__ 1|g x|g (1|g) (x||g) :: ^2 ^99 NA inf nan"
)
WORDS = st.sampled_from(_WORDS.split(" "))
_EXPRESSION_WORDS = (
    "x y s b d 1 0 -1 2.5 1e400 1e-320 'a' \"a\" `a b` + - * / ^ %% == != < <= > >= and or not ( ) , = . : true false missing "
    "log( sqrt( exp( abs( round( min( max( mean( sum( sd( count( rank( first( lag( center( by = s ) if( is_missing( coalesce( "
    "recode( cut( join( substring( replace( upper( number( text( year( contains( & | ! [ ] ; \\ \n \t \0 é __class__ nan"
)
EXPRESSION_WORDS = st.sampled_from(_EXPRESSION_WORDS.split(" "))
TRIED_FIRST = (".sav", ".dta", ".xpt", ".xls")
"""Formats whose library may crash on damaged bytes, so that a child reads them first, which takes most of a second."""
TEXT_PIECES = st.sampled_from(
    [",", ";", "\t", "|", "\n", "\r\n", "\r", '"', '""', " ", "#", "a", "id", "1", "007", "1,234", "2.5", "-99", "NA", "Inf",
     "x\n1\n2\n", "2021-03-04", "04/03/2021", "31.02.2021", "TRUE", "\0", "é", "年", "\ufeff",
     "=1+1", "1e400", "#REF!", "sep=;\n", "\x1a", "٣", "1 234"]
)  # fmt: skip
KINDS = st.sampled_from(["set", "cut", "double", "add", "flip"])
CHANGES = st.lists(st.tuples(KINDS, st.floats(0, 1), st.binary(max_size=9)), max_size=8)
OPTIONS = st.builds(
    ReadOptions,
    header_row=st.none() | st.integers(0, 5),
    delimiter=st.sampled_from([None, ";", ",", "\t", " "]),
    decimal=st.sampled_from([None, ".", ","]),
    encoding=st.sampled_from([None, "utf-8", "latin-1", "nonsense"]),
)


def damaged(whole: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    """Return bytes with small things done to them."""
    data = bytearray(whole)
    for what, share, piece in changes:
        place = int(share * len(data))
        if what == "set":
            data[place : place + len(piece)] = piece
        elif what == "cut":
            del data[place : place + 1 + 4 * len(piece)]
        elif what == "double":
            data[place:place] = data[place : place + 64]
        elif what == "add":
            data[place:place] = piece
        elif data:
            data[min(place, len(data) - 1)] ^= 1 << (len(piece) % 8)
    return bytes(data)


def formula(_folder: Path) -> Callable[[], None]:
    """Return the fuzzing of formulas: what is read is written and read again as the same model."""

    @given(pieces=st.lists(WORDS, max_size=40), text=st.text(max_size=30), start=st.sampled_from(["y ~ ", ""]))
    def attempt(pieces: list[str], text: str, start: str) -> None:
        for candidate in (start + " ".join(pieces), start + "".join(pieces), text):
            try:
                spec = parse(candidate)
            except UserError as error:
                assert error.what
            else:
                assert parse(render(spec)) == spec

    return attempt


def _small_table() -> Table:
    numbers = np.array([1.0, -2.0, np.nan, 0.0, 1e300, 3.0])
    codes = np.array([0, 1, -1, 0, 1, 2], dtype=np.int32)
    days = np.array(["2020-02-29", "NaT", "1900-01-01", "2020-01-01", "2021-01-01", "9999-12-31"], dtype="datetime64[D]")
    columns = (
        Column(name="x", kind=Kind.NUMBER, values=numbers),
        Column(name="y", kind=Kind.NUMBER, values=numbers[::-1].copy()),
        Column(name="s", kind=Kind.CATEGORY, values=codes, levels=("a", "b", "1,5")),
        Column(name="b", kind=Kind.BOOLEAN, values=codes % 2, levels=("false", "true")),
        Column(name="d", kind=Kind.DATE, values=days),
        Column(name="a b", kind=Kind.EMPTY, values=np.full(6, np.nan)),
    )
    return Table(columns=columns, row_ids=np.arange(1, 7))


def expression(_folder: Path) -> Callable[[], None]:
    """Return the fuzzing of expressions: what is read makes a column as long as the table, or is refused in words."""
    table = _small_table()

    @given(pieces=st.lists(EXPRESSION_WORDS, max_size=30), text=st.text(max_size=30))
    def attempt(pieces: list[str], text: str) -> None:
        for candidate in (" ".join(pieces), "".join(pieces), text):
            for use in (lambda t: read_expression(t, table), lambda t: computed(table, "new", t), lambda t: filtered(table, t)):
                try:
                    made = use(candidate)
                except UserError as error:
                    assert error.what
                else:
                    assert not isinstance(made, Table) or made.n_rows == table.n_rows

    return attempt


def _check_file(path: Path, options: ReadOptions) -> None:
    """Read a file: what is read holds a table."""
    try:
        table = read_file(path, options).table
    except UserError as error:
        assert error.what
        return
    assert table.n_rows > 0 and all(table.names) and len(set(table.names)) == len(table.names)
    guess_outcome(table, find_structure(table))


def _honest(*, tried_first: bool) -> list[Path]:
    files = (path for path in FILES.iterdir() if path.suffix not in (".json", ".md") and path.stat().st_size < 200_000)
    return sorted(path for path in files if (path.suffix in TRIED_FIRST) == tried_first)


def reader(folder: Path) -> Callable[[], None]:
    """Return the fuzzing of data files: what is read holds a table."""
    sources = st.sampled_from(_honest(tried_first=False))

    @given(pieces=st.lists(TEXT_PIECES, max_size=60), options=OPTIONS, source=sources, changes=CHANGES)
    def attempt(pieces: list[str], options: ReadOptions, source: Path, changes: list[tuple[str, float, bytes]]) -> None:
        path = folder / "fuzz.csv"
        path.write_bytes("".join(pieces).encode())
        _check_file(path, options)
        path = folder / f"fuzz{''.join(source.suffixes)}"
        path.write_bytes(damaged(source.read_bytes(), changes))
        _check_file(path, ReadOptions())

    return attempt


def foreign(folder: Path) -> Callable[[], None]:
    """Return the fuzzing of files whose library may crash: it crashes in the child."""

    @given(source=st.sampled_from(_honest(tried_first=True)), changes=CHANGES)
    def attempt(source: Path, changes: list[tuple[str, float, bytes]]) -> None:
        path = folder / f"fuzz{source.suffix}"
        path.write_bytes(damaged(source.read_bytes(), changes))
        _check_file(path, ReadOptions())

    return attempt


def _snapshot() -> Snapshot:
    table, structure, models = open_example("sleepstudy")
    return Snapshot(table=table, structure=structure, models=models, active=models[0].key)


def project(folder: Path) -> Callable[[], None]:
    """Return the fuzzing of project files: what opens holds a table and a model on show."""
    honest, path = folder / "honest.mlgui", folder / "fuzz.mlgui"
    save_project(honest, _snapshot())
    whole, parts = honest.read_bytes(), members(honest)

    @given(name=st.sampled_from(sorted(parts)), inside=st.booleans(), changes=CHANGES)
    def attempt(name: str, inside: bool, changes: list[tuple[str, float, bytes]]) -> None:
        if inside:
            write(path, parts | {name: damaged(parts[name], changes)}, zipfile.ZIP_STORED)
        else:
            path.write_bytes(damaged(whole, changes))
        try:
            opened = open_project(path)
        except UserError as error:
            assert error.what and error.do
        else:
            assert opened.table.n_rows and opened.active in {model.key for model in opened.models}

    return attempt


def journal(folder: Path) -> Callable[[], None]:
    """Return the fuzzing of what a window leaves behind: it is offered or not, recovered or refused in words, never deleted."""
    made = Journal(folder)
    made.write(_snapshot())
    assert made._lock is not None
    os.close(made._lock)
    file = next(folder.glob("*/journal.json"))
    whole = file.read_bytes()

    @given(changes=CHANGES)
    def attempt(changes: list[tuple[str, float, bytes]]) -> None:
        data = damaged(whole, changes)
        file.write_bytes(data)
        for entry in abandoned(folder):
            try:
                recover(entry)
            except UserError as error:
                assert error.what
            entry.release()
        assert file.read_bytes() == data

    return attempt


TARGETS = {found.__name__: found for found in (formula, expression, reader, foreign, project, journal)}


def main() -> None:
    """Run one target until the time is over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    wanted = parser.parse_args()
    print(f"{wanted.target}, seed {wanted.seed}", flush=True)
    folder = Path(tempfile.mkdtemp())
    attempt = TARGETS[wanted.target](folder)
    inner, done, slowest, end = attempt.hypothesis.inner_test, 0, 0.0, time.monotonic() + 60 * wanted.minutes  # type: ignore[attr-defined]

    def timed(**given_values: object) -> None:
        nonlocal done, slowest
        if time.monotonic() > end:
            return
        started = time.process_time()
        inner(**given_values)
        seconds = time.process_time() - started
        assert seconds < SLOW, f"{seconds:.1f} s"
        done, slowest = done + 1, max(slowest, seconds)

    attempt.hypothesis.inner_test = timed  # type: ignore[attr-defined]
    quiet = settings(
        max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True,
        phases=(Phase.generate, Phase.target, Phase.shrink),
    )  # fmt: skip
    attempt, batch = quiet(attempt), 0
    try:
        while time.monotonic() < end:
            seed(wanted.seed + batch)(attempt)()
            batch += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{done:,} inputs, no fault; the slowest took {slowest:.2f} s")


if __name__ == "__main__":
    main()
