"""How a text is understood: layout, numbers, dates, repairs, and what is asked instead of guessed."""

import gzip
from pathlib import Path

import pytest

from mlgui.data.describe import cell_values
from mlgui.data.read import READERS, read_file, read_table, supported_suffixes
from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.table import Kind
from mlgui.errors import Cancelled, UserError
from mlgui.progress import Latest, Step


@pytest.fixture
def read(tmp_path: Path):
    def read_text(content: str | bytes, name: str = "data.csv", **options) -> Reading:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(path, ReadOptions(**options))

    return read_text


def cells(reading: Reading) -> dict[str, list]:
    return {column.name: cell_values(column) for column in reading.table.columns}


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal", "first"),
    [
        ("id;y\n1;2,5\n2;3\n", ";", ",", {"id": 1, "y": 2.5}),
        ("id\ty\n1\t2.5\n", "\t", ".", {"id": 1, "y": 2.5}),
        ("id;y\n1;1,5e3\n", ";", ",", {"id": 1, "y": 1500.0}),
        ("n;y\n1.234,5;1\n5.678;2\n", ";", ",", {"n": 1234.5, "y": 1}),
        ('n,y\n"1,5",1\n"2,25",2\n', ",", ",", {"n": 1.5, "y": 1}),
        ("y\n1,5\n2\n3,25\n", ";", ",", {"y": 1.5}),
        ("id  y z\n 1  2.5   3\n 2 3.5 4\n", " ", ".", {"id": 1, "y": 2.5, "z": 3}),
        ("sep=;\nid;y\n1;2,5\n", ";", ",", {"id": 1, "y": 2.5}),
        ("id,y\n1,\u22122.5\n", ",", ".", {"id": 1, "y": -2.5}),
        ("id,pop\n1,1\u00a0234\u00a0567\n", ",", ".", {"id": 1, "pop": 1234567}),
    ],
)
def test_marks_are_found(read, text: str, delimiter: str, decimal: str, first: dict) -> None:
    reading = read(text)
    assert (reading.options.delimiter, reading.options.decimal) == (delimiter, decimal)
    assert {name: values[0] for name, values in cells(reading).items()} == first


@pytest.mark.parametrize(
    ("text", "header_row", "names"),
    [
        ("1,2\n3,4\n", 0, ("V1", "V2")),
        ("a,1.5\nb,2.5\na,3.5\n", 0, ("V1", "V2")),
        ("country,2019,2020\nAT,1.5,2\n", 1, ("country", "2019", "2020")),
        ("My export\n\nid,y\n1,2\n", 3, ("id", "y")),
        ("My export,,\n,,\nid,y,z\n1,2,3\n", 3, ("id", "y", "z")),
        ("#id,y\n1,2\n", 1, ("id", "y")),
        ("a,b\n1,2,3\n2,3,4\n", 1, ("row", "a", "b")),
        ("name\nbob\nann\n", 1, ("name",)),
        (" a  b ,a b\n1,2\n", 1, ("a b", "a b.2")),
    ],
)
def test_header_is_found(read, text: str, header_row: int, names: tuple[str, ...]) -> None:
    reading = read(text)
    assert reading.options.header_row == header_row
    assert reading.table.names == names


def test_guesses_are_listed_and_options_obeyed(read) -> None:
    assert read("id;y\n1;2\n").guessed == ("delimiter", "decimal", "encoding", "header_row")
    stated = read("junk\nid;y\n1;2,5\n", header_row=2, delimiter=";", decimal=",", encoding="utf-8")
    assert stated.guessed == ()
    assert stated.preamble == ("junk",)
    assert cells(stated) == {"id": [1], "y": [2.5]}
    assert read("id,y\n1,2\n", header_row=0).table.names == ("V1", "V2")
    assert dict(stated.table.source.options)["delimiter"] == ";"


def test_ambiguous_dates_stay_text_until_answered(read) -> None:
    text = "d,y\n04/03/2021,1\n05/06/2021,2\n"
    asked = read(text)
    assert asked.table["d"].kind is Kind.TEXT
    (question,) = asked.questions
    assert (question.about, question.taken) == ("d", "leave as text")
    assert cells(read(text, answers=(("d", "day/month/year"),)))["d"] == ["2021-03-04", "2021-06-05"]
    assert cells(read(text, answers=(("d", "month/day/year"),)))["d"] == ["2021-04-03", "2021-05-06"]
    assert read(text, answers=(("d", "leave as text"),)).questions == ()


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (("14/03/2021", "05/06/2021"), "2021-03-14"),
        (("04/13/2021", "05/06/2021"), "2021-04-13"),
        (("2021/03/04", "2021/3/5"), "2021-03-04"),
        (("4.3.2021", "31.12.2021"), "2021-03-04"),
        (("2021-03-04 9:20", "2021-03-04T11:20:30"), "2021-03-04T09:20:00"),
        (("2021-02-30", "2021-03-04"), "2021-02-30"),
        (("14/13/2021", "04/03/2021"), "14/13/2021"),
        (("2021-03-04", "soon"), "2021-03-04"),
    ],
)
def test_dates_that_leave_no_doubt(read, texts: tuple[str, str], first: str) -> None:
    assert cells(read(f"d,y\n{texts[0]},1\n{texts[1]},2\n"))["d"][0] == first


def test_marks_that_may_be_thousands_are_asked_about(read) -> None:
    asked = read("n;y\n1,234;1\n5,678;2\n")
    assert [question.about for question in asked.questions] == ["decimal"]
    assert cells(asked)["n"] == [1.234, 5.678]
    answered = read("n;y\n1,234;1\n5,678;2\n", answers=(("decimal", "."),))
    assert cells(answered)["n"] == [1234, 5678]
    quoted = read('n,y\n"1,234",1\n"5,678",2\n')
    assert [question.about for question in quoted.questions] == ["n"]
    assert cells(read('n,y\n"1,234",1\n', answers=(("n", "leave as text"),)))["n"] == ["1,234"]


def test_header_over_words_is_asked_about_where_it_recurs(read) -> None:
    asked = read("a,x\nb,x\na,y\n")
    assert [(question.about, question.taken) for question in asked.questions] == [("header_row", "no")]
    assert read("a,x\nb,x\na,y\n", answers=(("header_row", "yes"),)).table.names == ("a", "x")


def test_digits_that_a_number_would_lose_stay_text(read) -> None:
    reading = read("id,y\n12345678901234567890,1\n12345678901234567891,2\n")
    assert cells(reading)["id"] == ["12345678901234567890", "12345678901234567891"]
    assert codes(reading) == ["digits-kept-as-text"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a,b\n#DIV/0!,1\n2,2\n", "spreadsheet-errors", "#DIV/0!"),
        ("n;y\n1,5;1.5\n2,5;2.5\n", "other-decimal-mark", '","'),
        ("id,y\n1,2\n\n3,4\n", "blank-lines", "1 blank line"),
        ("a,b,\n1,2,\n3,4,\n", "empty-columns", "1 column"),
        ('id,name,z\n1,"abc,1\n2,def,2\n3,"x y",3\n', "unclosed-quote", "row 1 "),
        ("x,y\n1,999\n2,3\n3,4\n4,5\n", "suspicious-value", "999"),
    ],
)
def test_repairs_are_reported(read, text: str, code: str, words: str) -> None:
    reading = read(text)
    assert codes(reading) == [code]
    assert words in reading.findings[0].text


def test_unclosed_quote_swallows_nothing(read) -> None:
    reading = read('id,name,z\n1,"abc,1\n2,def,2\n3,"x y",3\n')
    assert cells(reading) == {"id": [1, 2, 3], "name": ["abc", "def", "x y"], "z": [1, 2, 3]}


def test_missing_texts_of_the_user(read) -> None:
    assert cells(read("id,y\n1,refused\n2,-99.0\n3,2\n", missing=("refused", "-99")))["y"] == [None, None, 2]
    assert read("id,y\n1,None\n2,None\n").table["y"].n_missing == 0


@pytest.mark.parametrize(
    ("content", "encoding", "cell"),
    [
        ("id,n\n1,ä\n".encode("utf-8-sig"), "utf-8-sig", "ä"),
        ("id,n\n1,ä\n".encode("utf-16"), "utf-16", "ä"),
        ("id,n\n1,ä\n".encode("utf-16-be"), "utf-16-be", "ä"),
        ("id,n\n1,ä €\n".encode("cp1252"), "cp1252", "ä €"),
        (b"id,n\n1,\xe4\x81\n", "latin-1", "ä\x81"),
        (b"id,n\r1,a\r", "utf-8", "a"),
    ],
)
def test_encodings(read, content: bytes, encoding: str, cell: str) -> None:
    reading = read(content)
    assert reading.options.encoding == encoding
    assert cells(reading)["n"] == [cell]


def test_wrong_encoding_and_missing_file_are_refused_in_words(read, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="encoding ascii"):
        read("id,n\n1,ä\n", encoding="ascii")
    with pytest.raises(UserError, match="cannot be read"):
        read_table(tmp_path / "nowhere.csv")
    with pytest.raises(UserError, match="folder"):
        read_table(tmp_path)


def test_preview_reads_the_first_rows_only(tmp_path: Path) -> None:
    text = "id,y\n" + "".join(f"{i},{i / 2}\n" for i in range(300_000))
    plain, packed = tmp_path / "big.csv", tmp_path / "big.csv.gz"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode(), 1))
    for path in (plain, packed):
        preview = read_file(path, n_rows=200)
        assert preview.table.n_rows == 200
        assert preview.table["y"].values[-1] == 99.5


def test_large_file_takes_the_fast_path_with_the_same_result(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    lines = "".join(f"s{i // 100},{i},{i / 8},{'TRUE' if i % 2 else 'FALSE'},{i:07d}\n" for i in range(200_000))
    path.write_text("school,id,y,flag,code\n" + lines)
    table = read_table(path)
    assert [column.kind for column in table.columns] == [Kind.CATEGORY, Kind.NUMBER, Kind.NUMBER, Kind.BOOLEAN, Kind.TEXT]
    assert table["school"].levels[:3] == ("s0", "s1", "s2")
    assert table["code"].levels[-1] == "0199999"
    assert table["y"].values[-1] == 199_999 / 8
    irregular = tmp_path / "irregular.csv"
    irregular.write_text("school,id,y,flag,code\n" + lines + "s1,2\n")
    reading = read_file(irregular)
    assert reading.table.n_rows == 200_001
    assert codes(reading)[0] == "short-rows"
    assert "200001" in reading.findings[0].text


def test_reading_reports_and_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("id,y\n1,2\n")
    steps: list[Step] = []
    read_file(path, on_step=steps.append)
    assert steps[0].text == "Reading data.csv"
    latest = Latest()
    latest.stop()
    with pytest.raises(Cancelled):
        read_file(path, on_step=latest)


def test_seam_for_formats() -> None:
    assert [reader.name for reader in READERS] == ["R", "Parquet", "SAS", "Stata", "SPSS", "Excel", "delimited text"]
    assert ".csv" in supported_suffixes()
