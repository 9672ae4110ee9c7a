"""What a column of X is made of: which factor, which level. Read from the term and the column's lme4 name."""

from __future__ import annotations

from dataclasses import dataclass

from mlgui.data.table import CODED, Table
from mlgui.design.design import Coefficient, Design
from mlgui.spec.expression import Expression, Variable


@dataclass(frozen=True, kw_only=True)
class Part:
    """One factor of a coefficient. text: column or expression as written. level: of a category, "" for a number.

    column: name of the column where the factor is a plain column, else "".
    """

    text: str
    level: str = ""
    column: str = ""

    @property
    def label(self) -> str:
        """The part for people: "ses", or "sector: Catholic"."""
        return f"{self.text}: {self.level}" if self.level else self.text


def parts_of(design: Design, coefficient: Coefficient) -> tuple[Part, ...] | None:
    """Return the factors of a coefficient in order; () for the intercept; None where the name does not tell the level.

    (Sum contrasts number their columns, so a single level cannot be read off them.)
    """
    rest = coefficient.name
    found: list[Part] = []
    factors = coefficient.term.factors
    for position, factor in enumerate(factors):
        part, rest = _take(design.table, factor, rest, last=position == len(factors) - 1)
        if part is None:
            return None
        found.append(part)
    return tuple(found)


def reference_level(design: Design, column: str) -> str:
    """Return the reference level of a category: the chosen one, else the first level that occurs in the rows used."""
    chosen = design.spec.coding(column).reference
    return chosen or next(iter(used_levels(design, column)), "")


def used_levels(design: Design, column: str) -> tuple[str, ...]:
    """Return the levels of a category that occur in the rows used, in their order."""
    source = design.table[column]
    present = set(source.values[design.rows].tolist())
    return tuple(level for code, level in enumerate(source.levels) if code in present)


def is_category(table: Table, column: str) -> bool:
    """Return whether a column enters a model as a category."""
    return column in table and table[column].kind in CODED


def _take(table: Table, factor: Expression, rest: str, *, last: bool) -> tuple[Part | None, str]:
    """Split the part that belongs to `factor` off the front of a coefficient name; None where it is not understood."""
    if isinstance(factor, Variable) and is_category(table, factor.name):
        for level in sorted(table[factor.name].levels, key=len, reverse=True):
            head = factor.name + level
            if rest == head or (not last and rest.startswith(head + ":")):
                return Part(text=factor.name, level=level, column=factor.name), rest[len(head) + 1 :]
        return None, rest
    if isinstance(factor, Variable):
        return Part(text=factor.name, column=factor.name), rest[len(factor.name) + 1 :]
    head = rest if last else rest.split(":")[0]
    return Part(text=head), rest[len(head) + 1 :]
