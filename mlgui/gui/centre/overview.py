"""Overview: average coefficients, how much varies, four key figures and the facts of the fit."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mlgui.gui.centre.key_figures import KeyFigureCard, key_figures
from mlgui.gui.centre.overview_rows import fixed_headings, fixed_rows, variance_headings, variance_rows
from mlgui.gui.centre.view import View
from mlgui.gui.clipboard import copy_tables
from mlgui.gui.items.cell_table import CellTable
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.results import numbers
from mlgui.results.exclusions import excluded_groups
from mlgui.results.inference import df_words, intervals_words
from mlgui.results.nouns import counted, counted_rows, group_noun, joined
from mlgui.results.report import Report
from mlgui.results.table_builders import facts_table, fixed_table, variance_table
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.spec.inference import DfMethod, IntervalMethod
from mlgui.words import ntr, tr

DOES_IT_VARY = "does-it-vary"
"""What `linked` says where the tests of what varies are asked for, in place of a finding."""

_MOST_NAMES = 4
_PLOT_PX, _BAR_PX = 130, 190


class OverviewView(View):
    """The first thing to read after a fit."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._report: Report | None = None
        self.fixed = CellTable([], theme, name=tr("Average coefficients"), fixed={7: _PLOT_PX})
        self.variance = CellTable([], theme, name=tr("How much varies"), stretch=(0, 1, 4), fixed={3: _BAR_PX})
        self.card = KeyFigureCard()
        self.facts = label("", "caption", wrap=True, selectable=True)
        self._copy = self.copy_button(tr("Copy table"), name=tr("Copy the table of average coefficients"))
        self._copy.setToolTip(tr("Puts both tables on the clipboard, for Word, spreadsheets and text"))
        self._copy.clicked.connect(self.copy)
        self.add_control(self._copy)
        self.ask_varies = button(tr("Does it vary?"), "link", name=tr("Test what varies by group"))
        self.ask_varies.setToolTip(tr("Fits the model without each random term and compares the likelihoods"))
        self.ask_varies.clicked.connect(lambda: self.linked.emit(DOES_IT_VARY))
        self.variance.linked.connect(self.linked)
        self.fixed.chosen.connect(self.coefficient_chosen)
        self.body.addWidget(self._page())

    def _page(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.fixed)
        column.addSpacing(14)
        heading = QHBoxLayout()
        heading.addWidget(label(tr("How much varies"), "subheading"))
        heading.addWidget(label(tr("standard deviations"), "subtitle"))
        heading.addStretch()
        heading.addWidget(self.ask_varies)
        column.addLayout(heading)
        column.addWidget(self.variance)
        column.addSpacing(18)
        column.addWidget(self.card)
        column.addWidget(self.facts)
        column.addStretch()
        return self.scroll_below(column)

    def draw(self, report: Report | None) -> None:
        """Show the tables and figures of a report."""
        assert report is not None
        self._report = report
        self.set_heading(overview_title(report), overview_subtitle(report))
        self.fixed.show(fixed_rows(report), fixed_headings(report))
        self.ask_varies.setVisible(bool(report.groups))
        self.variance.show(variance_rows(report), variance_headings(report))
        self.card.show_figures(key_figures(report))
        self.facts.setText(fit_facts(report))

    def mark_coefficient(self, name: str) -> None:
        """Mark the row of a coefficient."""
        self.fixed.mark(name)

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the tables on show."""
        if self._report is None:
            return ()
        return fixed_table(self._report), variance_table(self._report), facts_table(self._report)

    def copy(self) -> None:
        """Put average coefficients and standard deviations on the clipboard."""
        copy_tables(list(self.tables()[:2]))


def overview_title(report: Report) -> str:
    """Return outcome and predictors: "math, ses and sector"."""
    own = [name for groups in report.design.groupings for name in groups.grouping.columns]
    names = [name for term in report.design.spec.fixed for name in term.columns if name not in own]
    shown = [report.design.outcome_label, *dict.fromkeys(names)]
    if len(shown) > _MOST_NAMES:
        rest = len(shown) - _MOST_NAMES + 1
        shown = [*shown[: _MOST_NAMES - 1], ntr("{n} more", "{n} more", rest).format(n=rest)]
    return joined(shown)


def overview_subtitle(report: Report) -> str:
    """Return "7 185 students in 160 schools · intercepts and ses slopes vary by school"."""
    parts = [counted_rows(report.n, report.design)]
    if report.groups:
        where = joined([counted(len(groups.levels), groups.grouping) for groups in report.groups])
        parts[0] = tr("{rows} in {groups}").format(rows=parts[0], groups=where)
    for groups in report.groups:
        what = [tr("intercepts") if name == "(Intercept)" else tr("{name} slopes").format(name=text)
                for name, text in zip(groups.names, groups.labels)]  # fmt: skip
        parts.append(tr("{what} vary by {group}").format(what=joined(what), group=group_noun(groups.grouping)))
    return " · ".join(parts)


def fit_facts(report: Report) -> str:
    """Return the facts of the fit in one line."""
    criterion = tr("REML criterion {value}") if report.method == "REML" else tr("Deviance {value}")
    parts = [
        criterion.format(value=numbers.number(report.criterion, 1)),
        tr("AIC {value}").format(value=numbers.number(report.aic, 1)),
        ntr("{n} parameter", "{n} parameters", report.n_parameters).format(n=report.n_parameters),
        _tests_words(report),
    ]
    if report.inference.intervals is not IntervalMethod.T:
        parts.append(tr("95 % CI {where}").format(where=intervals_words(report)))
    if any(effect.given_zero for effect in report.fixed):
        parts[3] += " " + tr("(given the zero variance)")
    left_out = len(report.design.dropped_rows)
    if left_out:
        parts.append(ntr("{n} row left out", "{n} rows left out", left_out).format(n=numbers.count(left_out)))
    if report.design.spec.excluded:
        parts.append(tr("without {groups}").format(groups=excluded_groups(report.design.spec)))
    return " · ".join(parts)


def _tests_words(report: Report) -> str:
    """Return "df by Satterthwaite", or that there are none."""
    if report.inference.df is DfMethod.NORMAL:
        return tr("z tests")
    return tr("df by {method}").format(method=df_words(report))
