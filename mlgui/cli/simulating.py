"""`mlgui simulate`: a file, a formula and the size of another study in; its standard errors and power out, or its size."""

from __future__ import annotations

import argparse

from mlgui.cli.asking import weights_of
from mlgui.cli.fitting import spec_of
from mlgui.cli.opening import open_data, write_json
from mlgui.cli.predicting import table_json


def run_simulate(chosen: argparse.Namespace) -> int:
    """Fit the model that was asked for, simulate studies from it, and write what they tell."""
    from mlgui.export.text import text_table
    from mlgui.results.groups_needed import groups_needed, groups_needed_table
    from mlgui.results.power import plan_study, power_table
    from mlgui.session.jobs import fit_model

    reading, structure = open_data(chosen)
    report = fit_model(reading.table, structure, spec_of(chosen, reading.table, structure))
    options = {
        "rows": chosen.rows, "replicates": chosen.replicates, "seed": chosen.seed, "level": chosen.level,
        "assume": weights_of(chosen.set),
    }  # fmt: skip
    if chosen.needed:
        shown = groups_needed_table(groups_needed(report, chosen.needed, chosen.power, **options))
    else:
        shown = power_table(report, plan_study(report, groups=chosen.groups, **options))
    if chosen.json:
        write_json(table_json(shown), chosen.json)
    if chosen.json != "-":
        print(text_table(shown), shown.note, sep="\n")
    return 0
