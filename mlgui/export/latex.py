r"""Tables as LaTeX: booktabs rules, every sign escaped, nothing but booktabs and longtable needed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlgui.export.layout import PLAIN, LaidTable, Piece, TableStyle, lay_out
from mlgui.results.tables import ResultTable
from mlgui.words import tr

LONG = 40
"""Tables of more rows run over pages (longtable)."""

_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"$<$", ">": r"$>$", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "[": "{[}", "]": "{]}", "`": r"\textasciigrave{}",
    "\u2212": r"$-$", "\u2013": "--", "\u2014": "---", "\u202f": r"\,", "\u00a0": "~", "\u2009": r"\,", "\u00d7": r"$\times$",
    "\u00b2": r"$^2$", "\u00b1": r"$\pm$", "\u221e": r"$\infty$", "\u2026": r"\ldots{}", "\u2018": "`", "\u2019": "'",
    "\u201c": "``", "\u201d": "''", "\u2264": r"$\leq$", "\u2265": r"$\geq$", "\u2260": r"$\neq$", "\u00b7": r"$\cdot$",
    "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "ρ": r"$\rho$", "σ": r"$\sigma$", "τ": r"$\tau$", "χ": r"$\chi$",
    "μ": r"$\mu$", "θ": r"$\theta$", "η": r"$\eta$", "ε": r"$\varepsilon$", "δ": r"$\delta$", "Δ": r"$\Delta$",
}  # fmt: skip
"""Brackets are wrapped: at the start of a row they would be read as the argument of \\\\."""


def escaped(text: str) -> str:
    """Return a text that LaTeX prints as it is: none of it is read as a command; control characters become spaces."""
    return "".join(_SIGNS.get(sign, sign) for sign in re.sub(r"[\x00-\x1f\x7f]+", " ", text))


def tables_latex(tables: Sequence[ResultTable], style: TableStyle = PLAIN) -> bytes:
    r"""Return tables as LaTeX to be put into a document by \input, UTF-8."""
    head = "% " + tr("Needs in the preamble: {packages}").format(packages=r"\usepackage{booktabs,longtable}")
    return "\n\n".join([head, *(table_latex(table, style) for table in tables)]).encode("utf-8", "replace") + b"\n"


def table_latex(table: ResultTable, style: TableStyle = PLAIN) -> str:
    """Return one table as a table environment, or as a longtable where it has more rows than a page."""
    laid = lay_out(table, style)
    sides = "".join("r" if column.numeric else "l" for column in laid.columns)
    label = re.sub(r"[^A-Za-z0-9]+", "-", laid.key).strip("-") or "table"
    caption = rf"\caption{{{escaped(laid.title)}}}\label{{tab:{label}}}"
    heading = " & ".join(_pieces(column.heading) for column in laid.columns) + r" \\"
    rows = [" & ".join(escaped(text) for text in row) + r" \\" for row in laid.rows]
    lines = _long(sides, caption, heading, rows) if len(rows) > LONG else _short(sides, caption, heading, rows)
    place = len(lines) if len(rows) > LONG else len(lines) - 1
    return "\n".join([*lines[:place], *_note(laid), *lines[place:]])


def _short(sides: str, caption: str, heading: str, rows: list[str]) -> list[str]:
    return [
        r"\begin{table}[htbp]", r"\centering", caption, rf"\begin{{tabular}}{{@{{}}{sides}@{{}}}}", r"\toprule", heading,
        r"\midrule", *rows, r"\bottomrule", r"\end{tabular}", r"\end{table}",
    ]  # fmt: skip


def _long(sides: str, caption: str, heading: str, rows: list[str]) -> list[str]:
    return [
        rf"\begin{{longtable}}{{@{{}}{sides}@{{}}}}", caption + r" \\", r"\toprule", heading, r"\midrule", r"\endfirsthead",
        r"\toprule", heading, r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot", *rows, r"\end{longtable}",
    ]  # fmt: skip


def _note(laid: LaidTable) -> list[str]:
    if not laid.note:
        return []
    start = rf"\emph{{{escaped(tr('Note.'))}}} " if laid.style.apa else ""
    return [rf"\par\smallskip{{\footnotesize {start}{_pieces(laid.note)}\par}}"]


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(rf"\emph{{{escaped(piece.text)}}}" if piece.italic else escaped(piece.text) for piece in pieces)
