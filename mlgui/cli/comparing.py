"""`mlgui compare`: a file and several formulas in; criteria, tests and estimates side by side out."""

from __future__ import annotations

import argparse
from copy import copy

from mlgui.cli.fitting import spec_of
from mlgui.cli.opening import open_data, write_json
from mlgui.cli.predicting import table_json
from mlgui.errors import UserError
from mlgui.words import tr


def run_compare(chosen: argparse.Namespace) -> int:
    """Fit every model that was asked for, and write how they compare."""
    from mlgui.export.text import text_table
    from mlgui.results.compare import compare
    from mlgui.results.compare_tables import criteria_table, side_by_side_table
    from mlgui.session.jobs import fit_model

    if len(chosen.formulas) < 2:
        raise UserError(tr("There is nothing to compare."), "", tr("Give --formula at least twice."))
    reading, structure = open_data(chosen)
    reports = []
    for formula in chosen.formulas:
        one = copy(chosen)
        one.formula = formula
        reports.append(fit_model(reading.table, structure, spec_of(one, reading.table, structure)))
    compared = compare(reports)
    simulated = {test.larger: test.ratio.simulate(chosen.simulate, chosen.seed).p for test in compared.tests if chosen.simulate}
    shown = (criteria_table(compared, simulated), side_by_side_table(compared))
    if chosen.json:
        write_json({"method": compared.method, "n": compared.n, "tables": [table_json(table) for table in shown]}, chosen.json)
    if chosen.json != "-":
        print("\n\n".join(text_table(table) for table in shown))
    return 0
