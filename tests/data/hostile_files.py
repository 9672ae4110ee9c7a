"""Data files meant to do harm: (name, what makes it, words of the refusal). What is as large as it says is made with holes."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import xlsxwriter

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


def deep_hole(path: Path) -> Path:
    """An honest beginning, then a gigabyte that takes no room on the disk."""
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000)
    with path.open("r+b") as file:
        file.truncate(10**9)
    return path


def deep_line(path: Path) -> Path:
    path.write_bytes(b"a,b\n" + b"1,2\n" * 1_000_000 + b"1" * 40_000_000)
    return path


def deep_quote(path: Path) -> Path:
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000 + b'"' + b"a\n" * 6_000_000)
    return path


def many_quotes(path: Path) -> Path:
    path.write_bytes(b"a,b\n" + b'"\n' * 6_000_000)
    return path


def packed_lines(path: Path) -> Path:
    """A megabyte that unpacks to a gigabyte of honest lines."""
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 4_000_000, 9) * 60)
    return path


def lacking_cells(path: Path) -> Path:
    """Rows of one cell below a first line of fifty thousand: five thousand million cells to fill in."""
    path.write_bytes(b"a," * 50_000 + b"b\n" + b"1," * 50_000 + b"2\n" + b"3\n" * 100_000)
    return path


def deep_json(path: Path) -> Path:
    path.write_bytes(b'{"a":[' * 2_000_000)
    return path


def nul_lines(path: Path) -> Path:
    path.write_bytes((b"a,b\n1,\x002\n" + bytes(1000)) * 3_000)
    return path


def half_tags(path: Path) -> Path:
    return with_sheet(path, b"<worksheet><sheetData>" + b"<c " * 9_000_000 + b"</sheetData></worksheet>")


def nested_rows(path: Path) -> Path:
    return with_sheet(path, b"<worksheet><sheetData>" + b"<row>" * 3_000_000 + b"</sheetData></worksheet>")


def outside_entity(path: Path) -> Path:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    dtd = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_sheet(path, f"{dtd}<worksheet><sheetData>{row}</sheetData></worksheet>".encode())


def outside_entity_ods(path: Path) -> Path:
    return ods(
        path, row(cell("a"), cell("b")) + row(cell("&e;"), cell("1")), '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    )


def with_member(path: Path, name: str, *, link: bool = False) -> Path:
    """Write an honest workbook with one member more."""
    with_sheet(path, b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>')
    member = zipfile.ZipInfo(name)
    member.external_attr = (0o120777 if link else 0o100644) << 16
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(member, "/etc/passwd")
    return path


def way_out(path: Path) -> Path:
    return with_member(path, "../../evil.txt")


def way_out_backwards(path: Path) -> Path:
    return with_member(path, "xl\\..\\..\\evil.txt")


def way_from_root(path: Path) -> Path:
    return with_member(path, "/tmp/evil.txt")


def link_inside(path: Path) -> Path:
    return with_member(path, "xl/link.xml", link=True)


def pointed_texts(path: Path) -> Path:
    """One text of a megabyte that two thousand cells point to."""
    plain = path.with_suffix(".plain")
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write(0, 0, "x")
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d"><v>1</v></c></row>' % (i, i, i) for i in range(1, 2_001)
    )
    parts = {
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>",
        "xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>",
    }
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in source.infolist():
            packed.writestr(member.filename, parts.get(member.filename) or source.read(member))
    return path


def repeated_text(path: Path) -> Path:
    return ods(path, row(cell("x" * 1_000_000, ' table:number-columns-repeated="2000"')) + row(cell("y")))


def repeated_text_rows(path: Path) -> Path:
    repeat = ' table:number-rows-repeated="2000"'
    return ods(path, row(cell("a"), cell("b")) + row(cell("x" * 1_000_000), cell("y"), repeat=repeat))


def endless_rows(path: Path) -> Path:
    return ods(path, row(cell("a")) + row(cell("x"), repeat=' table:number-rows-repeated="99999999999"'))


def hundred_thousand_members(path: Path) -> Path:
    """The end of a zip file alone is enough: a hundred thousand names of nothing."""
    with zipfile.ZipFile(path, "w") as packed:
        for i in range(100_000):
            packed.writestr(f"xl/{i}", "")
    return path


def swollen_bzip2(path: Path) -> Path:
    path.write_bytes(bz2.compress(b"X\n\0\0\0\2" + bytes(200_000_000)))
    return path


def swollen_xz(path: Path) -> Path:
    path.write_bytes(lzma.compress(b"X\n\0\0\0\2" + bytes(200_000_000), preset=0))
    return path


def swollen_parquet(path: Path) -> Path:
    import fastparquet

    frame = pd.DataFrame({f"x{i}": np.zeros(1_000_000, dtype=np.int8) for i in range(20)})
    fastparquet.write(str(path), frame, compression="GZIP")
    return path


def swollen_zsav(path: Path) -> Path:
    pyreadstat.write_sav(pd.DataFrame({f"x{i}": np.zeros(150_000) for i in range(60)}), str(path), compress=True)
    return path


def damaged_sav(path: Path) -> Path:
    path.write_bytes(b"$FL2" + b"\xff" * 5_000_000)
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
    ("deep-hole.csv", deep_hole, "longer than 2 million characters"),
    ("deep-line.csv", deep_line, "longer than 2 million characters"),
    ("deep-quote.csv", deep_quote, "too irregular"),
    ("quotes.csv", many_quotes, "too irregular"),
    ("lines.csv.gz", packed_lines, "not opened"),
    ("lacking.csv", lacking_cells, "too irregular"),
    ("deep.json", deep_json, "no format that can be opened"),
    ("deep.csv", deep_json, "longer than 2 million characters"),
    ("nul-lines.csv", nul_lines, "not a text table"),
    ("half-tags.xlsx", half_tags, "too large to be opened as a workbook"),
    ("nested.xlsx", nested_rows, "is empty"),
    ("entity.xlsx", outside_entity, "damaged or not an Excel file"),
    ("entity.ods", outside_entity_ods, "damaged or not an Excel file"),
    ("way-out.xlsx", way_out, "damaged or not an Excel file"),
    ("backwards.xlsx", way_out_backwards, "damaged or not an Excel file"),
    ("root.xlsx", way_from_root, "damaged or not an Excel file"),
    ("link.xlsx", link_inside, "damaged or not an Excel file"),
    ("pointed.xlsx", pointed_texts, "not opened"),
    ("text.ods", repeated_text, "not opened"),
    ("text-rows.ods", repeated_text_rows, "not opened"),
    ("rows.ods", endless_rows, "nearly all of it is empty|too large|not opened"),
    ("names.xlsx", hundred_thousand_members, "not opened"),
    ("bomb2.rds", swollen_bzip2, "not opened"),
    ("bomb3.rds", swollen_xz, "not opened"),
    ("bomb.parquet", swollen_parquet, "not opened"),
    ("bomb.zsav", swollen_zsav, "not opened"),
    ("damaged.sav", damaged_sav, "damaged or not an SPSS file"),
]
