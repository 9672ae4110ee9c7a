"""Tables and reports through LibreOffice: what a word processor makes of our files, as pictures to look at and as text.

    python tests/studies/office.py /tmp/office

Needs soffice (libreoffice-writer) and pdftoppm, pdftotext (poppler-utils). Not part of the suite: a conversion takes
seconds. Each file is converted to PDF, and to LibreOffice's own text, in which rules, italics and alignment are looked for; the
command fails where one cannot be converted, lacks a text it must show, or has lost its form.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mlgui.export.chapter import Chapter
from mlgui.export.docx import tables_docx
from mlgui.export.html import page, table_fragment
from mlgui.export.layout import APA, PLAIN, TableStyle
from mlgui.export.report_docx import report_docx
from mlgui.export.rtf import tables_rtf
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table, group_table, variance_table
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model

FORM = {
    "rules": re.compile(r'fo:border(?:-top|-bottom)="[\d.]+(?:pt|cm|in) solid'),
    "italics": re.compile(r'fo:font-style="italic"'),
    "alignment": re.compile(r'fo:text-align="(?:end|right)"'),
}
"""What a table must keep, as flat OpenDocument text says it."""

MUST_SHOW = ("Average coefficients", "How much varies", "Satterthwaite", "df")


def example(name: str) -> Report:
    """Return the first fit of an example."""
    table, structure, models = open_example(name)
    spec = next(model.spec for model in models if model.spec is not None)
    return fit_model(table, structure, spec)


def files(report: Report) -> dict[str, bytes]:
    """Return the files to convert, by name."""
    tables = [fixed_table(report), variance_table(report), group_table(report, report.groups[0])]
    comma = TableStyle(apa=True, comma=True)
    clipboard = "<br>".join(table_fragment(table, APA) for table in tables[:2])
    return {
        "apa.docx": tables_docx(tables, APA),
        "plain.docx": tables_docx(tables[:2], PLAIN),
        "comma.docx": tables_docx(tables[:2], comma),
        "apa.rtf": tables_rtf(tables[:2], APA),
        "clipboard.html": page("Clipboard", clipboard).encode(),
        "report.docx": report_docx([Chapter(report=report, name="Model 1", tables=tables[:2])], APA),
    }


def convert(file: Path) -> str:
    """Convert a file to PDF and PNG beside it and return the text of the PDF."""
    _through_office(file, "pdf:writer_pdf_Export")
    made = file.with_suffix(".pdf")
    target = file.with_name(file.name.replace(".", "-") + ".pdf")
    made.rename(target)
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-l", "3", str(target), str(target.with_suffix(""))], check=True)
    return subprocess.run(["pdftotext", "-layout", str(target), "-"], check=True, capture_output=True, text=True).stdout


def lost_form(file: Path) -> list[str]:
    """Return what of rules, italics and alignment a word processor does not see in a file."""
    _through_office(file, "fodt:OpenDocument Text Flat XML")
    made = file.with_suffix(".fodt")
    text = made.read_text(encoding="utf-8")
    made.rename(file.with_name(file.name.replace(".", "-") + ".fodt"))
    return [name for name, mark in FORM.items() if not mark.search(text)]


def _through_office(file: Path, target: str) -> None:
    """Convert a file beside itself, with a profile of its own, so that no office that is open is disturbed."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", target]
        if file.suffix == ".html":
            command.append("--infilter=HTML (StarWriter)")
        subprocess.run([*command, "--outdir", str(file.parent), str(file)], check=True, capture_output=True, timeout=180)


def main(folder: Path) -> int:
    """Convert every file and return how many failed."""
    if not all(map(shutil.which, ("soffice", "pdftoppm", "pdftotext"))):
        print("soffice, pdftoppm and pdftotext are needed", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name, content in files(example("hsb")).items():
        file = folder / name
        file.write_bytes(content)
        text = convert(file)
        missing = [words for words in MUST_SHOW if words not in text]
        missing += lost_form(file)
        failed += bool(missing)
        print(f"{name}: {'lacks ' + ', '.join(missing) if missing else 'ok'}")
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "office")))
