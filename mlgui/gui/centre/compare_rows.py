"""The rows of the Compare table: one quantity a row, one model a column, differences from the reference marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlgui.gui.items.cells import Cell
from mlgui.results import numbers
from mlgui.results.compare import Compared, ComparedModel, NestedTest, ratio_of
from mlgui.results.side_by_side import Part, Row
from mlgui.words import tr

Mark = tuple[str, str]


def headings(names: Sequence[str], marks: Sequence[Mark], reference: int) -> list[Cell]:
    """Return the headings: the models with their marks, the reference named as such."""
    found = [Cell(text=tr("Quantity"), colour="ink2")]
    for place, (name, mark) in enumerate(zip(names, marks, strict=True)):
        is_reference = place == reference and len(names) > 1
        found.append(
            Cell(
                text=name, right=True, colour="ink" if is_reference else "ink2", bold=is_reference, mark=mark,
                tip=tr("The reference") if is_reference else "",
            )
        )  # fmt: skip
    return found


def estimate_rows(rows: Sequence[Row], reference: int, *, differences: bool) -> list[list[Cell]]:
    """Return coefficients, SDs, correlations and shares under their headings. differences: from the reference instead."""
    found: list[list[Cell]] = []
    part: Part | None = None
    for row in rows:
        if row.part is not part:
            part = row.part
            found.append([Cell(text=_part_words(part), heading=True)])
        cells = [_cell(row, place, reference, differences=differences) for place in range(len(row.entries))]
        found.append([Cell(text=row.label, indent=1), *cells])
    return found


def _part_words(part: Part) -> str:
    return {
        Part.AVERAGES: tr("Average coefficients"),
        Part.SPREADS: tr("Standard deviations"),
        Part.CORRELATIONS: tr("Correlations"),
        Part.SHARES: tr("Shares of variance"),
    }[part]


def _cell(row: Row, place: int, reference: int, *, differences: bool) -> Cell:
    """Return one number, in the accent where only one of model and reference has it."""
    entry = row.entries[place]
    if entry is None:
        missing = row.entries[reference] is not None
        return Cell(
            text=numbers.MISSING, right=True, colour="accent" if missing else "ink3",
            tip=tr("Not in this model, but in the reference") if missing else tr("Not in this model"),
        )  # fmt: skip
    said = [tr("Standard error {se}").format(se=numbers.number(entry.se, row.decimals))] if entry.se == entry.se else []
    if row.only_in(place, reference):
        said.insert(0, tr("Not in the reference"))
        return Cell(text=row.text(place), right=True, bold=True, colour="accent", tip=" · ".join(said))
    gap = row.difference(place, reference)
    if gap:
        said.append(tr("{gap} from the reference").format(gap=gap))
    if differences and place != reference:
        return Cell(text=gap or "0", right=True, colour="ink" if gap else "ink3", tip=" · ".join([row.text(place), *said]))
    return Cell(text=row.text(place), right=True, bold=row.part is Part.AVERAGES, tip=" · ".join(said))


def fit_rows(compared: Compared, reference: int, *, differences: bool) -> list[list[Cell]]:
    """Return rows, parameters and criteria on equal terms, then the tests against the reference."""
    models = range(len(compared.models))
    found = [
        [Cell(text=tr("Fit, by {method}").format(method=compared.method), heading=True)],
        _plain(tr("Rows"), compared, lambda model: numbers.count(model.estimates.n)),
        _plain(tr("Parameters"), compared, lambda model: numbers.count(model.estimates.n_parameters)),
        _plain(tr("Log likelihood"), compared, lambda model: numbers.number(model.estimates.log_likelihood, 1)),
        _criterion(tr("AIC"), compared, lambda model: model.estimates.aic, reference if differences else None),
        _criterion(tr("AICc"), compared, lambda model: model.aicc, reference if differences else None),
        _criterion(tr("BIC"), compared, lambda model: model.estimates.bic, reference if differences else None),
    ]
    tests = [ratio_of(compared, place, reference) if place != reference else None for place in models]
    if any(tests):
        name = compared.models[reference].label
        found.append([Cell(text=tr("Likelihood-ratio test against {name}").format(name=name), heading=True)])
        found.append(_test_row(tr("χ²"), tests, lambda test: numbers.number(test.chi2, 1)))
        found.append(_test_row(tr("df"), tests, lambda test: numbers.count(test.df)))
        found.append(_test_row(tr("p"), tests, p_of))
    return found


def p_of(test: NestedTest) -> str:
    """Return p; where variances are tested it is an upper bound, and says so."""
    text = numbers.p_value(test.p)
    return tr("at most {p}").format(p=text) if test.upper_bound and not text.startswith("<") else text


def _plain(label: str, compared: Compared, text: Callable[[ComparedModel], str]) -> list[Cell]:
    return [Cell(text=label, indent=1), *(Cell(text=text(model), right=True) for model in compared.models)]


def _criterion(label: str, compared: Compared, value: Callable[[ComparedModel], float], reference: int | None) -> list[Cell]:
    """Return a row of a criterion, the smallest in bold; reference: a model to take differences from."""
    values = [value(model) for model in compared.models]
    row = [Cell(text=label, indent=1)]
    for place, one in enumerate(values):
        text = numbers.number(one, 1)
        if reference is not None and place != reference:
            gap = one - values[reference]
            text = ("+" if gap > 0 else "") + numbers.number(gap, 1)
        row.append(Cell(text=text, right=True, bold=one == min(values) and len(values) > 1))
    return row


def _test_row(label: str, tests: Sequence[NestedTest | None], text: Callable[[NestedTest], str]) -> list[Cell]:
    tip = tr("The reference itself, or not nested with it")
    nothing = Cell(text=numbers.MISSING, right=True, colour="ink3", tip=tip)
    return [Cell(text=label, indent=1), *(Cell(text=text(test), right=True) if test else nothing for test in tests)]
