"""Advice as values: what was found, about what, and what a click could do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much attention a finding asks for. An ERROR means: no fit is possible."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """An edit a click applies and undo takes back.

    label: words on the button. edit: name of a function in `mlgui.spec.edits`.
    arguments: what that function takes after the specification, as (keyword, value) pairs.
    """

    label: str
    edit: str
    arguments: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One observation about data, model or fit.

    code: stable name for tests and JSON (`boundary-fit`). about: columns, terms or groupings concerned.
    title: a few words. text: what happened, why it matters, what to do. codes: texts in a file that may stand for "missing".
    """

    code: str
    severity: Severity
    title: str
    text: str
    about: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    codes: tuple[str, ...] = ()
