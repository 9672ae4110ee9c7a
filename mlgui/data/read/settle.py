"""Cells of one column to a `Column`: number, date, words or nothing, and what the user should know about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlgui.data.dates import Dates, DayOrder, read_dates
from mlgui.data.kinds import column_of_texts
from mlgui.data.missing import EXCEL_ERRORS, USUAL_MISSING
from mlgui.data.numbers import Numbers, Thousands, begins_like_number, read_numbers
from mlgui.data.read import notes
from mlgui.data.read.alike import look_alikes, may_be_namibia
from mlgui.data.read.reader import Question
from mlgui.data.table import Column, Kind
from mlgui.findings import Finding

_MOSTLY = 0.5
_MANY_WORDS, _SAMPLE = 10_000, 2_000
_MISSING_NUMBERS = (-9.0, -88.0, -98.0, -99.0, -888.0, -998.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known about the whole file. missing: texts without a value. answers: what the user replied, by question."""

    decimal: str = "."
    decimal_sure: bool = False
    missing: frozenset[str] = USUAL_MISSING
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing_numbers(self) -> frozenset[float]:
        """The missing texts that are numbers: -99 also covers -99.0."""
        values = read_numbers(sorted(self.missing), self.decimal, mark_known=False).values
        return frozenset(value for value in values if value is not None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Settled:
    """A column with what was found and what remains open."""

    column: Column
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()


def settle_texts(name: str, texts: Sequence[str], codes: NDArray[np.int32], context: Context) -> Settled:
    """Return the column whose row i holds texts[codes[i]] (code -1: missing); texts are distinct cells as written."""
    words, codes, findings = _strip_and_blank(name, texts, codes, context)
    if not words:
        return Settled(column=Column(name=name, kind=Kind.EMPTY, values=np.full(len(codes), np.nan)), findings=findings)
    if _are_plainly_words(words, codes):
        return _as_words(name, words, codes, findings)
    numbers = _as_numbers(words, context)
    if numbers.complete and not numbers.leading_zero and not numbers.too_long:
        return _add(findings, _settle_read_numbers(name, words, codes, numbers, context))
    if numbers.complete:
        identifier = notes.identifiers_kept(name, numbers.leading_zero or numbers.too_long, zero=bool(numbers.leading_zero))
        return Settled(column=column_of_texts(name, words, codes), findings=(*findings, identifier))
    dates = read_dates(words, _day_order(context.answers.get(name)))
    if dates is not None:
        return _add(findings, _settle_dates(name, words, codes, dates))
    return _as_words(name, words, codes, (*findings, *_mixed_finding(name, words, codes, numbers)))


def settle_numbers(name: str, values: NDArray[np.float64], context: Context) -> Settled:
    """Return a column of numbers (NaN missing) with infinities made missing and suspicious values pointed out."""
    findings = []
    if context.missing_numbers:
        gone = np.isin(values, list(context.missing_numbers))
        values = np.where(gone, np.nan, values)
    infinite = np.isinf(values)
    if infinite.any():
        findings.append(notes.infinite_values(name, np.flatnonzero(infinite) + 1))
        values = np.where(infinite, np.nan, values)
    present = values[~np.isnan(values)]
    if not len(present):
        kind = Kind.NUMBER if infinite.any() else Kind.EMPTY
        return Settled(column=Column(name=name, kind=kind, values=values), findings=tuple(findings))
    for code in _suspicious(present):
        findings.append(notes.suspicious_code(name, code, int(np.count_nonzero(present == code))))
    return Settled(column=Column(name=name, kind=Kind.NUMBER, values=values), findings=tuple(findings))


def settle_words(name: str, texts: Sequence[str], codes: NDArray[np.int32], context: Context) -> Settled:
    """Return a column of words where the file says that it holds words: none is read as a number or a date."""
    words, codes, findings = _strip_and_blank(name, texts, codes, context)
    if not words:
        return Settled(column=Column(name=name, kind=Kind.EMPTY, values=np.full(len(codes), np.nan)), findings=findings)
    return _as_words(name, words, codes, findings)


def _as_words(name: str, words: Sequence[str], codes: NDArray[np.int32], findings: tuple[Finding, ...]) -> Settled:
    """Return a column of words; say which labels look alike, as groups and categories would silently fall apart."""
    repeats = len(words) < np.count_nonzero(codes >= 0)
    alike = look_alikes(words) if repeats else []
    if alike:
        findings = (*findings, notes.labels_alike(name, alike))
    return Settled(column=column_of_texts(name, words, codes), findings=findings)


def _add(findings: tuple[Finding, ...], settled: Settled) -> Settled:
    return Settled(column=settled.column, findings=(*findings, *settled.findings), questions=settled.questions)


def _strip_and_blank(
    name: str, texts: Sequence[str], codes: NDArray[np.int32], context: Context
) -> tuple[list[str], NDArray[np.int32], tuple[Finding, ...]]:
    """Return distinct words without blanks around them, in order of appearance, and codes with -1 for missing texts."""
    words: dict[str, int] = {}
    lookup = np.full(len(texts) + 1, -1, dtype=np.int32)
    excel: set[str] = set()
    namibia = False
    for i, text in enumerate(texts):
        word = text.strip()
        if word in context.missing:
            excel.update({word} & EXCEL_ERRORS)
            namibia = namibia or word == "NA"
        else:
            lookup[i] = words.setdefault(word, len(words))
    findings = [notes.excel_errors(name, sorted(excel))] if excel else []
    if namibia and may_be_namibia(list(words)):
        findings.append(notes.code_na(name))
    return list(words), lookup[codes], tuple(findings)


def _are_plainly_words(words: Sequence[str], codes: NDArray[np.int32]) -> bool:
    """Return whether many words need no closer look: in a sample of rows none begins as a number or a date does."""
    if len(words) < _MANY_WORDS:
        return False
    sample = codes[:: max(1, len(codes) // _SAMPLE)]
    return not any(begins_like_number(words[code]) for code in sample[sample >= 0].tolist())


def _as_numbers(words: Sequence[str], context: Context) -> Numbers:
    """Return the words as numbers with the file's decimal mark, or with the other one where only that fits every word."""
    numbers = read_numbers(words, context.decimal, mark_known=context.decimal_sure)
    if numbers.complete:
        return numbers
    other = read_numbers(words, "," if context.decimal == "." else ".", mark_known=False)
    return other if other.complete and other.thousands is Thousands.NONE else numbers


def _settle_read_numbers(
    name: str, words: Sequence[str], codes: NDArray[np.int32], numbers: Numbers, context: Context
) -> Settled:
    """Return the numbers as a column; say how marks were understood where a reader could think otherwise."""
    findings: list[Finding] = []
    questions: list[Question] = []
    if numbers.decimal != context.decimal:
        findings.append(notes.other_decimal(name, numbers.decimal))
    if numbers.thousands is not Thousands.NONE:
        example = next(word for word in words if not word.isdigit() and len(word) > 4)
        findings.append(notes.thousands_marks(name, example))
        if numbers.thousands is Thousands.DOUBTFUL and name not in context.answers:
            questions.append(notes.ask_thousands(name, example))
    if context.answers.get(name) == notes.leave_as_text():
        return Settled(column=column_of_texts(name, words, codes))
    lookup = np.array([*numbers.values, np.nan], dtype=np.float64)
    settled = settle_numbers(name, lookup[codes], context)
    return Settled(column=settled.column, findings=(*findings, *settled.findings), questions=tuple(questions))


def _day_order(answer: str | None) -> DayOrder | None:
    return DayOrder(answer) if answer in {order.value for order in DayOrder} else None


def _settle_dates(name: str, words: Sequence[str], codes: NDArray[np.int32], dates: Dates) -> Settled:
    """Return the dates as a column; ambiguous ones stay text and are asked about."""
    if dates.values is None:
        return Settled(column=column_of_texts(name, words, codes), questions=(notes.ask_day_order(name, words[0]),))
    lookup = np.append(dates.values, np.datetime64("NaT"))
    kind = Kind.DATETIME if dates.has_time else Kind.DATE
    return Settled(column=Column(name=name, kind=kind, values=lookup[codes]))


def _mixed_finding(name: str, words: Sequence[str], codes: NDArray[np.int32], numbers: Numbers) -> tuple[Finding, ...]:
    """Return a warning if most values are numbers and a few are words, naming those words and the first row of each."""
    is_word = np.array([value is None for value in numbers.values] + [False])
    rows = np.flatnonzero(is_word[codes])
    n_present = int(np.count_nonzero(codes >= 0))
    if len(rows) == n_present or len(rows) > (1 - _MOSTLY) * n_present:
        return ()
    first = {words[code]: int(row) + 1 for code, row in zip(codes[rows[::-1]].tolist(), rows[::-1].tolist(), strict=True)}
    return (notes.mixed_column(name, dict(sorted(first.items(), key=lambda item: item[1])), len(rows)),)


def _suspicious(present: NDArray[np.float64]) -> list[float]:
    """Return extreme values that are often codes for "missing": -99 below numbers that are never negative, 999 far above all."""
    low, high = float(present.min()), float(present.max())
    found = []
    if low in _MISSING_NUMBERS and low < 0:
        rest = present[present != low]
        if len(rest) and rest.min() >= low / 4:
            found.append(low)
    if high in _MISSING_NUMBERS and high > 0:
        rest = present[present != high]
        if len(rest) and rest.max() <= high / 4:
            found.append(high)
    return found
