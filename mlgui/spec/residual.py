"""How the residuals of rows are related: different SDs, correlation in time, exchangeable, or free over a few occasions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mlgui.errors import UserError
from mlgui.spec.terms import Grouping
from mlgui.words import tr


class ResidualKind(StrEnum):
    """INDEPENDENT: as prior weights say. AR1: correlation falls with distance. EXCHANGEABLE: one correlation within groups.

    OCCASIONS: an SD for each occasion and a correlation for each pair of occasions.
    """

    INDEPENDENT = "independent"
    AR1 = "ar1"
    EXCHANGEABLE = "cs"
    OCCASIONS = "un"


@dataclass(frozen=True, kw_only=True)
class ResidualTerm:
    """The residual structure of a model; the default is independent residuals with one SD.

    grouping: rows of its groups are correlated with each other (all kinds but INDEPENDENT). order: column of the time (AR1) or
    of the occasion (OCCASIONS). by: category with an SD of the residual for each level, "" for one SD.
    """

    kind: ResidualKind = ResidualKind.INDEPENDENT
    grouping: Grouping | None = None
    order: str = ""
    by: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether there is no structure."""
        return self == ResidualTerm()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it reads."""
        groups = self.grouping.columns if self.grouping else ()
        return tuple(name for name in (*groups, self.order, self.by) if name)


def parse_residual(texts: Sequence[str]) -> ResidualTerm:
    """Return the structure that "ar1:GROUP:TIME", "cs:GROUP", "un:GROUP:OCCASION" and "by:CATEGORY" say together.

    GROUP may be several columns joined with colons, inner first. UserError for anything else.
    """
    found = ResidualTerm()
    for text in texts:
        kind, *names = [part.strip() for part in text.split(":")]
        if not all(names):
            raise _unreadable(text)
        if kind == "by" and len(names) == 1 and not found.by:
            found = replace(found, by=names[0])
        elif kind in ("ar1", "un") and len(names) >= 2 and found.grouping is None:
            found = replace(found, kind=ResidualKind(kind), grouping=Grouping(tuple(names[:-1])), order=names[-1])
        elif kind == "cs" and names and found.grouping is None:
            found = replace(found, kind=ResidualKind(kind), grouping=Grouping(tuple(names)))
        else:
            raise _unreadable(text)
    return checked(found)


def checked(term: ResidualTerm) -> ResidualTerm:
    """Return the structure; UserError where its parts do not go together."""
    if term.kind is ResidualKind.OCCASIONS and term.by:
        raise UserError(
            tr("Residuals free over occasions cannot also have an SD for each level of {column}.").format(column=term.by),
            tr("They have an SD for each occasion already."),
            tr("Leave one of both out."),
        )
    if (term.kind is ResidualKind.INDEPENDENT) != (term.grouping is None):
        raise UserError(tr("Correlated residuals need the groups within which they are correlated."))
    if (term.kind in (ResidualKind.AR1, ResidualKind.OCCASIONS)) != bool(term.order):
        raise UserError(tr("Residuals correlated in order need the column of the order, and others have none."))
    return term


def residual_texts(term: ResidualTerm) -> tuple[str, ...]:
    """Return the texts of which `parse_residual` makes this structure."""
    found = []
    if term.grouping is not None:
        found.append(":".join(part for part in (str(term.kind), *term.grouping.columns, term.order) if part))
    if term.by:
        found.append("by:" + term.by)
    return tuple(found)


def _unreadable(text: str) -> UserError:
    return UserError(
        tr("“{text}” is no residual structure.").format(text=text),
        tr("Structures are ar1:GROUP:TIME, cs:GROUP, un:GROUP:OCCASION and by:CATEGORY; the last goes with ar1 and cs too."),
        tr("Write one of these with columns of the data."),
    )
