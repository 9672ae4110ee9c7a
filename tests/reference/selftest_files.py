"""How the files in `resources/selftest/readers` were made: one small table in every format that can be opened.

    pip install pandas pyreadstat fastparquet xlsxwriter xlwt odfpy; python tests/reference/selftest_files.py

R writes the two R files. No free program writes .sas7bdat: it is left out, and .xpt stands for SAS.
"""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pandas as pd
import pyreadstat

FOLDER = Path(__file__).parent.parent.parent / "resources" / "selftest" / "readers"
TABLE = pd.DataFrame({"school": list("aabbcc"), "hours": [1, 2, 3, 4, 5, 6], "score": [2.5, 3.5, 1.25, 4.0, 6.5, 5.75]})


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    TABLE.to_csv(FOLDER / "table.csv", index=False)
    TABLE.to_csv(FOLDER / "table.tsv", index=False, sep="\t")
    (FOLDER / "table.csv.gz").write_bytes(gzip.compress((FOLDER / "table.csv").read_bytes(), mtime=0))
    TABLE.to_excel(FOLDER / "table.xlsx", index=False, engine="xlsxwriter")
    TABLE.to_excel(FOLDER / "table.ods", index=False, engine="odf")
    write_xls(FOLDER / "table.xls")
    pyreadstat.write_sav(TABLE, FOLDER / "table.sav")
    pyreadstat.write_sav(TABLE, FOLDER / "table.zsav", compress=True)
    pyreadstat.write_por(TABLE, FOLDER / "table.por")
    pyreadstat.write_dta(TABLE, FOLDER / "table.dta")
    pyreadstat.write_xport(TABLE, FOLDER / "table.xpt", file_format_version=5)
    TABLE.to_parquet(FOLDER / "table.parquet", engine="fastparquet", index=False)
    code = 'd <- read.csv("table.csv"); saveRDS(d, "table.rds", version=2); save(d, file="table.RData")'
    subprocess.check_call(["Rscript", "-e", code], cwd=FOLDER)


def write_xls(path: Path) -> None:
    """Write the old format of Excel."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("table")
    for column, name in enumerate(TABLE.columns):
        sheet.write(0, column, name)
        for row, value in enumerate(TABLE[name].tolist(), 1):
            sheet.write(row, column, value)
    book.save(str(path))


if __name__ == "__main__":
    main()
