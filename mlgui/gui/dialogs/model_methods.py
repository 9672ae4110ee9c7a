"""Two pages of the model options: how residuals are related, and how the model is estimated and tested."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QWidget

from mlgui.data.table import CODED, Kind
from mlgui.errors import UserError
from mlgui.gui.centre.choices import Choice
from mlgui.gui.dialogs.model_pages import MOST_WIDTH, NONE, Page
from mlgui.gui.widgets import Segments, label
from mlgui.spec import edits
from mlgui.spec.inference import DfMethod, IntervalMethod
from mlgui.spec.residual import ResidualKind, ResidualTerm
from mlgui.spec.terms import Grouping
from mlgui.spec.two_level import groupings_of
from mlgui.words import tr

_ORDERS = (Kind.NUMBER, Kind.ORDERED, Kind.DATE, Kind.DATETIME)


class ResidualsPage(Page):
    """One SD or several; correlated or not; in which groups, in which order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by = Choice(tr("Residual SD by"))
        self.kind = Choice(tr("Correlation of residuals"))
        self.within = Choice(tr("Correlated within"))
        self.order = Choice(tr("Order of the rows in a group"))
        self.words = label("", "caption", wrap=True)
        self.kind.setMaximumWidth(MOST_WIDTH)
        self.add_row(tr("SD differs by"), self.by, tr("Unequal variance: an SD of the residual for each level of a category"))
        self.add_row(tr("Correlated"), self.kind, self.words)
        self.add_row(tr("Within"), self.within)
        self.add_row(tr("In the order of"), self.order)
        for field in (self.by, self.kind, self.within, self.order):
            field.chosen.connect(self._on_chosen)

    def show_fields(self) -> None:
        """Offer categories, groups and columns that have an order."""
        assert self.spec is not None
        now = self.spec.residual
        self.by.offer([(NONE, tr("Nothing: one SD")), *((name, name) for name in self.columns_of_kind(tuple(CODED)))])
        self.by.show_key(now.by)
        self.kind.offer(kinds_of_correlation())
        self.kind.show_key(now.kind.value)
        names = [grouping.name for grouping in groupings_of(self.spec)]
        own = [now.grouping.name] if now.grouping is not None and now.grouping.name not in names else []
        self.within.offer([(name, name) for name in (*names, *own)])
        if now.grouping is not None:
            self.within.show_key(now.grouping.name)
        wanted = _ORDERS if now.kind is not ResidualKind.OCCASIONS else (*_ORDERS, *CODED)
        grouped = {name for grouping in groupings_of(self.spec) for name in grouping.columns}
        columns = [name for name in self.columns_of_kind(wanted) if name not in grouped]
        self.order.offer([(name, name) for name in columns], default=self._likely_order(columns))
        if now.order:
            self.order.show_key(now.order)
        self._say(names)

    def _say(self, groups: list[str]) -> None:
        """Enable what applies, and say why the rest does not."""
        assert self.spec is not None
        kind = self.spec.residual.kind
        self.kind.setEnabled(bool(groups))
        self.within.setEnabled(kind is not ResidualKind.INDEPENDENT)
        self.order.setEnabled(kind in (ResidualKind.AR1, ResidualKind.OCCASIONS))
        self.by.setEnabled(kind is not ResidualKind.OCCASIONS)
        self.words.setText(_explained(kind) if groups else tr("Residuals correlate within groups: choose groups first."))

    def _likely_order(self, columns: list[str]) -> str:
        """Return the first column that is a predictor of the model: repeated measures are mostly ordered by it."""
        assert self.spec is not None
        used = [name for term in self.spec.fixed for name in term.columns]
        return next((name for name in used if name in columns), "")

    def _on_chosen(self, _key: str) -> None:
        kind = ResidualKind(self.kind.key)
        groups = _columns(self.within.key, self.table.names) if kind is not ResidualKind.INDEPENDENT else ()
        order = self.order.key if kind in (ResidualKind.AR1, ResidualKind.OCCASIONS) else ""
        by = self.by.key if kind is not ResidualKind.OCCASIONS else ""
        term = ResidualTerm(kind=kind, grouping=Grouping(groups) if groups else None, order=order, by=by)
        words = tr("Take residuals as independent") if term.is_plain else tr("Change the structure of residuals")
        try:
            self.change(words, lambda spec: edits.set_residual(spec, kind, groups, order, by))
        except UserError as error:
            self.words.setText(str(error))


def kinds_of_correlation() -> list[tuple[str, str]]:
    """Return (key, words) of the ways residuals of a group can be correlated."""
    return [
        (ResidualKind.INDEPENDENT.value, tr("Not correlated")),
        (ResidualKind.AR1.value, tr("AR(1): less the further apart")),
        (ResidualKind.EXCHANGEABLE.value, tr("Compound symmetry: all pairs alike")),
        (ResidualKind.OCCASIONS.value, tr("Unstructured: each pair by itself")),
    ]


def _explained(kind: ResidualKind) -> str:
    return {
        ResidualKind.INDEPENDENT: tr("Rows of one group are alike only through what varies by group."),
        ResidualKind.AR1: tr("The correlation of two rows of a group is ρ to the power of their distance in the order."),
        ResidualKind.EXCHANGEABLE: tr(
            "Every two rows of a group have the same correlation, which may be negative. It replaces varying intercepts."
        ),
        ResidualKind.OCCASIONS: tr("An SD for each occasion and a correlation for each pair, for up to 12 occasions."),
    }[kind]


def _columns(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return (name,) if name in known or not name else tuple(name.split(":"))


class TestingPage(Page):
    """Estimator, degrees of freedom, and where intervals come from."""

    __test__ = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = Segments((("reml", tr("REML")), ("ml", tr("ML"))), name=tr("Estimator"))
        self.off_zero = QCheckBox(tr("Keep them off 0 by a penalty"))
        self.off_zero.setAccessibleName(tr("Keep variances off 0 by a penalty"))
        self.df = Segments(_df_choices(), name=tr("Degrees of freedom"))
        self.intervals = Segments(_interval_choices(), name=tr("95 % intervals"))
        self.replicates, self.seed = _spin(tr("Replicates"), 100, 100_000), _spin(tr("Seed"), 0, 2**31 - 1)
        self.replicates.setSingleStep(500)
        self.words = label("", "caption", wrap=True)
        self.add_row(tr("Estimator"), self.method, tr("REML for variances; ML to compare models with other predictors"))
        self.add_row(tr("Tests"), self.df, tr("Satterthwaite as lmerTest; Kenward-Roger for few groups; z as Stata"))
        self.add_row(tr("Variances"), self.off_zero, tr("Chung et al. (2013); named wherever the numbers are shown"))
        caption = tr("Profile follows the likelihood. Bootstrap refits simulated data: progress and Cancel are in the toolbar.")
        self.add_row(tr("Intervals"), self.intervals, caption)
        drawn = QWidget()
        row = QHBoxLayout(drawn)
        row.setContentsMargins(0, 0, 0, 0)
        for words, field in ((tr("Replicates"), self.replicates), (tr("Seed"), self.seed)):
            row.addWidget(label(words, "secondary"))
            row.addWidget(field)
        row.addStretch()
        self.add_row(tr("Bootstrap"), drawn)
        self.grid.addWidget(self.words, self.grid.rowCount(), 0, 1, 2)
        self._connect()

    def _connect(self) -> None:
        self.method.chosen.connect(self._on_method)
        self.off_zero.clicked.connect(self._on_off_zero)
        self.df.chosen.connect(lambda key: self.change(tr("Test in another way"), lambda spec: edits.set_df(spec, key)))
        self.intervals.chosen.connect(self._on_intervals)
        for field in (self.replicates, self.seed):
            field.setKeyboardTracking(False)
            field.valueChanged.connect(lambda _: self._on_intervals(self.intervals.key))

    def show_fields(self) -> None:
        """Show what is chosen, and why the rest cannot be."""
        assert self.spec is not None
        now, reason = self.spec.inference, self._reason_no_kenward_roger()
        self.method.set_key("reml" if self.spec.reml else "ml")
        self.off_zero.setChecked(self.spec.boundary_avoiding)
        self.df.set_key(now.df.value)
        self.intervals.set_key(now.intervals.value)
        for field, value in ((self.replicates, now.replicates), (self.seed, now.seed)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
            field.setEnabled(now.intervals is IntervalMethod.BOOTSTRAP)
        part = self.df.part(DfMethod.KENWARD_ROGER.value)
        part.setEnabled(not reason)
        part.setToolTip(reason)
        self.words.setText(reason)

    def _reason_no_kenward_roger(self) -> str:
        assert self.spec is not None
        if not self.spec.reml:
            return tr("Kenward-Roger needs REML.")
        return "" if self.spec.residual.is_plain else tr("Kenward-Roger is not there for models with a residual structure.")

    def _on_method(self, key: str) -> None:
        self.change(tr("Fit by {method}").format(method=key.upper()), lambda spec: edits.set_reml(spec, key == "reml"))

    def _on_off_zero(self, on: bool) -> None:
        words = tr("Keep variances off 0 by a penalty") if on else tr("Let variances be 0")
        self.change(words, lambda spec: edits.set_boundary_avoiding(spec, on))

    def _on_intervals(self, key: str) -> None:
        words, n, seed = tr("Make intervals in another way"), self.replicates.value(), self.seed.value()
        self.change(words, lambda spec: edits.set_intervals(spec, key, n, seed))


def _df_choices() -> tuple[tuple[str, str], ...]:
    return (
        (DfMethod.SATTERTHWAITE.value, tr("Satterthwaite")),
        (DfMethod.KENWARD_ROGER.value, tr("Kenward-Roger")),
        (DfMethod.NORMAL.value, tr("z")),
    )


def _interval_choices() -> tuple[tuple[str, str], ...]:
    return (
        (IntervalMethod.T.value, tr("t")),
        (IntervalMethod.PROFILE.value, tr("Profile")),
        (IntervalMethod.BOOTSTRAP.value, tr("Bootstrap")),
    )


def _spin(name: str, low: int, high: int) -> QSpinBox:
    found = QSpinBox()
    found.setAccessibleName(name)
    found.setRange(low, high)
    found.setMinimumWidth(96)
    found.lineEdit().setTextMargins(6, 0, 0, 0)
    return found
