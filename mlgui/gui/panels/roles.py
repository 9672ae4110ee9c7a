"""What the left dock asks of a document: which role each column plays, and which columns fit where."""

from __future__ import annotations

from mlgui.data.describe import ColumnFacts
from mlgui.data.structure import Pair, Structure
from mlgui.data.table import Kind, Table
from mlgui.gui.panels.chooser import Choice
from mlgui.gui.panels.column_list import ColumnRow, kind_icon
from mlgui.results.numbers import count
from mlgui.session.document import Snapshot
from mlgui.spec import edits
from mlgui.spec.constancy import constant_within
from mlgui.spec.expression import Variable, columns_of
from mlgui.spec.model import ModelSpec
from mlgui.spec.nouns import group_noun, row_noun
from mlgui.spec.roles import reason_not_outcome
from mlgui.spec.terms import Grouping
from mlgui.spec.two_level import groupings_of
from mlgui.words import ntr, tr

_ORDER = {"j": 0, "y": 1, "x": 2, "u": 3, "": 4}


def roles(spec: ModelSpec | None, table: Table, structure: Structure | None) -> dict[str, str]:
    """Return y (outcome), j (group), u (group-level predictor) or x (other predictor) for the columns a model uses."""
    if spec is None:
        return {}
    groupings = groupings_of(spec)
    found = dict.fromkeys(spec.columns, "x")
    for name in found:
        if any(constant_within(Variable(name), grouping, structure, table) for grouping in groupings):
            found[name] = "u"
    found |= {name: "j" for grouping in groupings for name in grouping.columns}
    found |= dict.fromkeys(columns_of(spec.outcome), "y")
    return found


def column_rows(facts: tuple[ColumnFacts, ...], snapshot: Snapshot) -> list[ColumnRow]:
    """Return the rows of the column list: those of the model first, by role, then the rest in file order."""
    table, spec = snapshot.table, (model.spec if (model := snapshot.model(snapshot.active)) else None)
    if table is None:
        return []
    role = roles(spec, table, snapshot.structure)
    ordered = sorted(facts, key=lambda each: _ORDER[role.get(each.name, "")])
    return [_row(each, role.get(each.name, ""), table, snapshot.structure) for each in ordered]


def _row(facts: ColumnFacts, role: str, table: Table, structure: Structure | None) -> ColumnRow:
    groups = next((g for g in structure.likely if g.name == facts.name), None) if structure else None
    words = level_words(facts.name, structure) if structure else ""
    level, group_level = words or row_noun(table), bool(words)
    kind = Kind.ID if role == "j" and facts.kind is Kind.NUMBER else facts.kind
    return ColumnRow(
        name=facts.name,
        kind=kind,
        role=role,
        level=level,
        group_level=group_level,
        missing=facts.n_missing,
        bins=() if groups is not None else tuple(facts.histogram.tolist()),
        summary=_summary(facts, level),
    )


def level_words(name: str, structure: Structure) -> str:
    """Return the level of a column: "160 groups" of a likely grouping, "school" of a column constant in one, "" of rows."""
    groups = next((found for found in structure.likely if found.name == name), None)
    if groups is not None:
        return ntr("{n} group", "{n} groups", groups.n_groups).format(n=count(groups.n_groups))
    level = structure.levels.get(name, "")
    return group_noun(Grouping((level,))) if level else ""


def _summary(facts: ColumnFacts, level: str) -> str:
    """Return one sentence about a column, for tooltip and screen reader."""
    parts = [facts.name if not facts.label else f"{facts.name}: {facts.label}", kind_word(facts.kind), level]
    parts.append(ntr("{n} distinct value", "{n} distinct values", facts.n_distinct).format(n=count(facts.n_distinct)))
    if facts.minimum is not None and facts.maximum is not None and facts.mean is not None:
        shown = {"low": f"{facts.minimum:.4g}", "high": f"{facts.maximum:.4g}", "mean": f"{facts.mean:.4g}"}
        parts.append(tr("{low} to {high}, mean {mean}").format(**shown))
    if facts.n_missing:
        parts.append(ntr("{n} missing value", "{n} missing values", facts.n_missing).format(n=count(facts.n_missing)))
    return " · ".join(parts)


def kind_word(kind: Kind) -> str:
    """Return a kind for people."""
    return {
        Kind.NUMBER: tr("number"),
        Kind.CATEGORY: tr("category"),
        Kind.ORDERED: tr("ordered category"),
        Kind.ID: tr("label"),
        Kind.BOOLEAN: tr("yes or no"),
        Kind.DATE: tr("date"),
        Kind.DATETIME: tr("date and time"),
        Kind.TEXT: tr("text"),
        Kind.EMPTY: tr("empty"),
        Kind.LABELLED: tr("labelled category"),
    }[kind]


def outcome_choices(snapshot: Snapshot) -> list[Choice]:
    """Return every column as a possible outcome, with the reason where it cannot be one."""
    table = snapshot.table
    if table is None:
        return []
    choices = []
    for column in table.columns:
        reason = tr("is not a number") if reason_not_outcome(column) else ""  # short: it stands beside the name
        choices.append(Choice(key=column.name, text=column.name, icon=kind_icon(column.kind), reason=reason))
    return sorted(choices, key=lambda choice: bool(choice.reason))


def grouping_choices(snapshot: Snapshot) -> list[Choice]:
    """Return the candidate groupings that the model does not use yet, combinations of re-used labels included."""
    table, structure, spec = snapshot.table, snapshot.structure, _spec(snapshot)
    if table is None or structure is None:
        return []
    used = {frozenset(grouping.columns) for grouping in groupings_of(spec)} if spec else set()
    outcome = columns_of(spec.outcome) if spec else ()
    choices = []
    for facts in sorted(structure.groupings, key=lambda each: not each.likely):
        own = [pair for pair in structure.pairs if pair.reused_labels and pair.inner == facts.name]
        choices += [_within(pair) for pair in own if frozenset((pair.inner, pair.outer)) not in used]
        if frozenset(facts.columns) not in used and facts.name not in outcome:
            words = tr("{n}, the same in each") if own else ntr("{n} group", "{n} groups", facts.n_groups)
            icon = kind_icon(Kind.ID if facts.likely else table[facts.columns[0]].kind)
            choices.append(Choice(key=facts.name, text=facts.name, icon=icon, detail=words.format(n=count(facts.n_groups))))
    return choices


def _within(pair: Pair) -> Choice:
    """Return the reading of re-used labels that researchers nearly always mean: other classes in every school."""
    text = tr("{inner} within {outer}").format(inner=pair.inner, outer=pair.outer)
    return Choice(key=f"{pair.inner}:{pair.outer}", text=text, icon="id", detail=tr("different in each"))


def predictor_choices(snapshot: Snapshot) -> list[Choice]:
    """Return the columns that could be added as predictors."""
    table, spec = snapshot.table, _spec(snapshot)
    if table is None or spec is None:
        return []
    taken = {*columns_of(spec.outcome), *(name for grouping in groupings_of(spec) for name in grouping.columns)}
    taken |= {term.columns[0] for term in spec.fixed if term.order == 1 and isinstance(term.factors[0], Variable)}
    choices = []
    for column in table.columns:
        if column.name in taken:
            continue
        reason = ""
        if column.kind in (Kind.DATE, Kind.DATETIME, Kind.EMPTY):
            reason = tr("is {kind}").format(kind=kind_word(column.kind))
        elif column.kind is Kind.TEXT:
            reason = tr("every value differs")
        choices.append(Choice(key=column.name, text=column.name, icon=kind_icon(column.kind), reason=reason))
    return sorted(choices, key=lambda choice: bool(choice.reason))


def explaining_choices(snapshot: Snapshot, grouping: Grouping, taken: tuple[str, ...]) -> list[Choice]:
    """Return the columns that are constant in every group of a grouping and do not explain the coefficient yet."""
    table, spec, structure = snapshot.table, _spec(snapshot), snapshot.structure
    if table is None or spec is None:
        return []
    left_out = {*taken, *columns_of(spec.outcome), *grouping.columns}
    choices = []
    for column in table.columns:
        if column.name in left_out or column.kind in (Kind.DATE, Kind.DATETIME, Kind.EMPTY, Kind.TEXT):
            continue
        if constant_within(Variable(column.name), grouping, structure, table):
            choices.append(Choice(key=column.name, text=column.name, icon=kind_icon(column.kind)))
    return choices


def relation_word(spec: ModelSpec, structure: Structure | None) -> str:
    """Return how the groupings of a model relate: "nested", "crossed", "partly crossed", "" where nothing is known."""
    names = [grouping.name for grouping in groupings_of(spec)]
    if any(len(grouping.columns) > 1 for grouping in groupings_of(spec)):
        return tr("nested")
    if len(names) < 2 or structure is None:
        return ""
    found = {pair.relation for pair in structure.pairs if pair.inner in names and pair.outer in names}
    return ", ".join(sorted(tr(str(relation)) for relation in found))


def group_count(grouping: Grouping, snapshot: Snapshot) -> str:
    """Return the number of groups as text, "" where it is not known."""
    known = snapshot.structure.groupings if snapshot.structure else ()
    facts = next((each for each in known if frozenset(each.columns) == frozenset(grouping.columns)), None)
    return count(facts.n_groups) if facts else ""


def first_spec(outcome: str, snapshot: Snapshot) -> ModelSpec:
    """Return the model an outcome starts from: its intercept varies by the likeliest grouping."""
    likely = [facts for facts in snapshot.structure.likely if outcome not in facts.columns] if snapshot.structure else []
    spec = edits.new_model(outcome)
    return edits.add_grouping(spec, likely[0].columns) if likely else spec


def _spec(snapshot: Snapshot) -> ModelSpec | None:
    model = snapshot.model(snapshot.active)
    return model.spec if model else None
