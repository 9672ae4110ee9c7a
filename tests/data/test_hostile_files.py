"""Files meant to do harm, or damaged on the way: refused in words, quickly, without filling the memory or crashing."""

from __future__ import annotations

import gzip
import random
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from mlgui.data.read import read_file, trial
from mlgui.errors import UserError

FILES = Path(__file__).parent.parent / "import_files"
_ODS = (
    '<?xml version="1.0"?>{dtd}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
_CELL = '<table:table-cell{repeat} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def ods(path: Path, rows: str, dtd: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        packed.writestr("content.xml", _ODS.format(dtd=dtd, rows=rows))
    return path


def row(*cells: str, repeat: str = "") -> str:
    return f"<table:table-row{repeat}>{''.join(cells)}</table:table-row>"


def cell(text: str, repeat: str = "") -> str:
    return _CELL.format(text=text, repeat=repeat)


def with_sheet(path: Path, sheet: bytes) -> Path:
    """Write a workbook whose only sheet is this XML."""
    plain = path.with_suffix(".plain")
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write(0, 0, 1)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in source.infolist():
            is_sheet = member.filename == "xl/worksheets/sheet1.xml"
            packed.writestr(member.filename, sheet if is_sheet else source.read(member))
    return path


def far_cell(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 2)
    return path


def swollen_workbook(path: Path) -> Path:
    return with_sheet(path, b"<worksheet><sheetData>" + b" " * 110_000_000 + b"</sheetData></worksheet>")


def many_members(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for i in range(6_000):
            packed.writestr(f"xl/worksheets/sheet{i}.xml", "")
    return path


def laughing_sheet(path: Path) -> Path:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>'
    sheet = f'<?xml version="1.0"?>{_LAUGHS}<worksheet><sheetData>{row}</sheetData></worksheet>'
    return with_sheet(path, sheet.encode())


def wide_dimension(path: Path) -> Path:
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    sheet = f'<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{row}</sheetData></worksheet>'
    return with_sheet(path, sheet.encode())


def bare_far_row(path: Path) -> Path:
    rows = "".join(f'<row r="{r}"><c><v>1</v></c>{"<c><v>1</v></c>" * 4000}</row>' for r in (1, 1_000_000))
    return with_sheet(path, f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())


def encrypted(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900)
    return path


def old_workbook_of_zeros(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000)
    return path


def document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    return path


def picture(path: Path) -> Path:
    path.write_bytes((FILES / "png_renamed.csv").read_bytes())
    return path


def repeated_rows(path: Path) -> Path:
    return ods(path, row(cell("x", ' table:number-columns-repeated="1000"'), repeat=' table:number-rows-repeated="1048576"'))


def laughing_ods(path: Path) -> Path:
    return ods(path, row(cell("a")) + row(cell("&c;")), _LAUGHS)


def swollen_r(path: Path) -> Path:
    path.write_bytes(gzip.compress(b"X\n\0\0\0\2" + b"\0" * 110_000_000, 6))
    return path


def endless_sequence(path: Path) -> Path:
    """An R vector that states no values but its length: two thousand million."""
    def symbol(name: bytes) -> bytes:
        return struct.pack(">ii", 1, 0x40009) + struct.pack(">i", len(name)) + name

    info = struct.pack(">i", 2) + symbol(b"compact_intseq") + struct.pack(">i", 254)
    state = struct.pack(">ii", 14, 3) + struct.pack(">ddd", 2e9, 1.0, 1.0)
    head = b"X\n" + struct.pack(">iii", 3, 0x40202, 0x30500) + struct.pack(">i", 5) + b"UTF-8"
    path.write_bytes(head + struct.pack(">i", 238) + info + state + struct.pack(">i", 254))
    return path


def nested_lists(path: Path) -> Path:
    path.write_bytes(b"X\n" + struct.pack(">iii", 2, 0x20300, 0x20300) + struct.pack(">ii", 19, 1) * 100_000)
    return path


def hole(path: Path) -> Path:
    """A file of a gigabyte that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(10**9)
    return path


def packed_line(path: Path) -> Path:
    path.write_bytes(gzip.compress(b"a" * (16 * 2**20), 9) * 60)
    return path


def long_line(path: Path) -> Path:
    path.write_bytes(b"# made by hand\n" + b"a," * 20_000_000)
    return path


def wide_line(path: Path) -> Path:
    path.write_bytes(b"," * 1_900_000 + b"\n1\n")
    return path


def endless_quote(path: Path) -> Path:
    path.write_bytes(b'"' + b"x" * 50_000_000)
    return path


def nothing_but_nul(path: Path) -> Path:
    path.write_bytes(bytes(5_000_000))
    return path


HOSTILE: list[tuple[str, Callable[[Path], Path], str]] = [
    ("hole.csv", hole, "not a text table"),
    ("line.csv.gz", packed_line, "longer than 2 million characters"),
    ("line.csv", long_line, "longer than 2 million characters"),
    ("wide.csv", wide_line, "more than 100,000 cells"),
    ("quote.txt", endless_quote, "longer than 2 million characters"),
    ("nul.csv", nothing_but_nul, "not a text table|is empty"),
    ("far.xlsx", far_cell, "row 1048576, column 16384"),
    ("bomb.xlsx", swollen_workbook, "not opened"),
    ("members.xlsx", many_members, "not opened"),
    ("laughs.xlsx", laughing_sheet, "damaged or not an Excel file"),
    ("bare.xlsx", bare_far_row, "nearly all of it is empty|too large"),
    ("locked.xlsx", encrypted, "protected by a password"),
    ("locked.xls", encrypted, "protected by a password"),
    ("zeros.xls", old_workbook_of_zeros, "damaged or not an Excel file"),
    ("letter.xlsx", document, "damaged or not an Excel file"),
    ("letter.docx", document, "Word format"),
    ("picture.xlsx", picture, "damaged or not an Excel file"),
    ("picture.sav", picture, "damaged or not an SPSS file"),
    ("picture.dta", picture, "damaged or not a Stata file"),
    ("picture.sas7bdat", picture, "damaged or not a SAS file"),
    ("picture.parquet", picture, "damaged or not a Parquet file"),
    ("picture.rds", picture, "damaged or not an R file"),
    ("repeated.ods", repeated_rows, "nearly all of it is empty|too large"),
    ("laughs.ods", laughing_ods, "damaged or not an Excel file"),
    ("bomb.rds", swollen_r, "not opened"),
    ("endless.rds", endless_sequence, "damaged or not an R file"),
    ("nested.rds", nested_lists, "damaged or not an R file"),
]


@pytest.mark.parametrize(("name", "make", "words"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
def test_hostile_files_are_refused_in_words(tmp_path: Path, name: str, make: Callable[[Path], Path], words: str) -> None:
    path = make(tmp_path / name)
    start = time.perf_counter()
    with pytest.raises(UserError, match=words):
        read_file(path)
    # two seconds are the promise; twice that leaves room for a busy machine
    assert time.perf_counter() - start < 4


def test_a_sheet_that_only_claims_to_be_large_is_read(tmp_path: Path) -> None:
    assert read_file(wide_dimension(tmp_path / "wide.xlsx")).table.n_rows == 1


def test_a_plain_open_document_sheet_is_read(tmp_path: Path) -> None:
    number = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    empty = '<table:table-cell table:number-columns-repeated="16382"/>'
    rows = row(cell("g"), cell("y"), empty) + "".join(row(cell(g), number.format(y, y), empty) for g, y in (("a", 1.5), ("b", 2)))
    rest = row('<table:table-cell table:number-columns-repeated="16384"/>', repeat=' table:number-rows-repeated="1048573"')
    table = read_file(ods(tmp_path / "a.ods", rows + rest)).table
    assert table.names == ("g", "y") and table["y"].values.tolist() == [1.5, 2.0]


@pytest.mark.parametrize(
    "name",
    ["plain.xlsx", "merged.xls", "labels_missing.sav", "labels.dta", "v5.xpt", "types.parquet", "frame.rds", "several.RData"],
)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_files_cut_short_are_read_in_part_or_refused(tmp_path: Path, name: str, share: float) -> None:
    whole = (FILES / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: int(share * len(whole))])
    try:
        read_file(path)
    except UserError as error:
        assert name in error.what


@pytest.mark.parametrize("name", ["sheets_merged.xlsx", "frame.rds", "kinds_ascii.rds", "several.RData"])
def test_changed_bytes_never_make_a_traceback(tmp_path: Path, name: str) -> None:
    whole, rng = (FILES / name).read_bytes(), random.Random(1)
    path = tmp_path / name
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 3, 10))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
        try:
            read_file(path)
        except UserError as error:
            assert error.what


def test_a_library_that_crashes_takes_only_the_child_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes((FILES / "labels_missing.sav").read_bytes())
    monkeypatch.setattr(trial, "child_command", lambda: [sys.executable, "-c", "import os; os.abort()"])
    with pytest.raises(UserError, match="damaged or not an SPSS file"):
        read_file(path)


def test_a_good_file_passes_its_trial_once(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"x": np.arange(3.0)}), path)
    read_file(path)
    assert sum(str(path.absolute()) == key[0] for key in trial._passed) == 1
    read_file(path)
    assert sum(str(path.absolute()) == key[0] for key in trial._passed) == 1
