"""Whatever the bytes, a file is read or refused in words: no other exception, no cell lost without a word."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgui.data.read import read_file
from mlgui.data.read.reader import ReadOptions
from mlgui.data.structure import find_structure, guess_outcome
from mlgui.errors import UserError
from mlgui.export.json_table import reading_json

PIECES = st.sampled_from(
    [",", ";", "\t", "|", "\n", "\r\n", "\r", '"', '""', " ", "#", "a", "id", "1", "007", "1,234", "2.5", "-99", "NA", "Inf",
     "2021-03-04", "04/03/2021", "31.02.2021", "2021-03-04 10:20", "TRUE", "\0", "é", "年", "\ufeff", "=1+1", "1e400", "#REF!",
     "sep=;\n", "x\n1\n2\n", "\x1a", "\u2028", "٣", "²", "1 234"]
)  # fmt: skip
FIXTURE = [HealthCheck.function_scoped_fixture]


def check(path: Path, options: ReadOptions) -> None:
    try:
        reading = read_file(path, options)
    except UserError as error:
        assert error.what
        return
    table = reading.table
    assert table.n_rows > 0
    assert len(set(table.names)) == len(table.names)
    assert all(table.names)
    structure = find_structure(table)
    reading_json(reading, structure, values=True)
    guess_outcome(table, structure)


@settings(max_examples=150, deadline=None, suppress_health_check=FIXTURE)
@given(pieces=st.lists(PIECES, max_size=60), encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_any_text_is_read_or_refused_in_words(tmp_path: Path, pieces: list[str], encoding: str) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes("".join(pieces).encode(encoding))
    check(path, ReadOptions())


@settings(max_examples=60, deadline=None, suppress_health_check=FIXTURE)
@given(data=st.binary(max_size=300), name=st.sampled_from(["fuzz.csv", "fuzz.xlsx", "fuzz.csv.gz", "fuzz", "fuzz.sav"]))
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    check(path, ReadOptions())


@settings(max_examples=80, deadline=None, suppress_health_check=FIXTURE)
@given(
    pieces=st.lists(PIECES, max_size=40),
    header_row=st.none() | st.integers(0, 5),
    delimiter=st.sampled_from([None, ";", ",", "\t", " "]),
    decimal=st.sampled_from([None, ".", ","]),
    encoding=st.sampled_from([None, "utf-8", "latin-1", "nonsense"]),
)
def test_any_options_are_obeyed_or_refused_in_words(tmp_path, pieces, header_row, delimiter, decimal, encoding) -> None:
    path = tmp_path / "fuzz.txt"
    path.write_text("".join(pieces), encoding="utf-8", newline="")
    check(path, ReadOptions(header_row=header_row, delimiter=delimiter, decimal=decimal, encoding=encoding, missing=("-99", "x")))


def test_gzip_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
    with pytest.raises(UserError, match="cannot be unpacked"):
        read_file(path)
