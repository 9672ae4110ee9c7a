"""Variables of statistics programs: value labels, values declared missing, measurement levels (SPSS, Stata, SAS)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlgui.data.frames import coded_column, words_of_series
from mlgui.data.kinds import label_of_number
from mlgui.data.read import notes
from mlgui.data.read.foreign import damaged
from mlgui.data.read.names import distinct_names
from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.read.settle import Context, Settled, settle_numbers, settle_words
from mlgui.data.read.size import check_size
from mlgui.data.read.trial import try_statistics
from mlgui.data.read.typed import settle_series, typed_context, typed_reading
from mlgui.data.table import Column, Kind
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

_DISCRETE = ("nominal", "ordinal")
_ICONV_NAMES = {"latin-1": "ISO-8859-1", "utf-8-sig": "UTF-8"}
"""Names of encodings that Python and the C library write differently."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """What a file says about a column. labels: words for values. missing: ranges declared missing, ends included.

    letters: marks of Stata and SAS for kinds of missing values (.a, .b). measure: nominal, ordinal, scale or unknown.
    """

    name: str
    label: str = ""
    labels: Mapping[Any, str] = field(default_factory=dict)
    missing: tuple[tuple[Any, Any], ...] = ()
    letters: frozenset[str] = frozenset()
    measure: str = "unknown"


def read_labelled(
    read: Callable[..., Any], format_name: str, path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None
) -> Reading:
    """Return a file as `read`, a function of pyreadstat, gives it. UserError if it is damaged or holds no rows."""
    on_step(Step(text=tr("Reading {file}").format(file=path.name)))
    try_statistics(path, format_name, read.__name__, _settings(read, options), n_rows, on_step)
    frame, meta = _load(read, format_name, path, options, n_rows)
    context = typed_context(options)
    named = distinct_names([str(name) for name in meta.column_names])
    parts = []
    for i, (name, old) in enumerate(zip(named.names, meta.column_names, strict=True)):
        on_step(Step(text=tr("Reading column {name}").format(name=name), done=i, total=len(named.names)))
        parts.append(settle_variable(_variable(name, old, meta), frame.iloc[:, i], context))
    used = replace(options, encoding=options.encoding or meta.file_encoding)
    title = meta.file_label or ""
    return typed_reading(path, format_name, parts, used, findings=named.findings, title=title.strip())


def _load(
    read: Callable[..., Any], format_name: str, path: Path, options: ReadOptions, n_rows: int | None
) -> tuple[pd.DataFrame, Any]:
    """Return the data frame and the dictionary of a file. pyreadstat raises plain exceptions of many types."""
    settings = _settings(read, options)
    try:
        _, head = read(str(path), metadataonly=True, **settings)
        check_size(path, head.number_rows or 0, head.number_columns or 0)
        frame, meta = read(str(path), row_limit=n_rows or 0, dates_as_pandas_datetime=True, **settings)
    except UserError:
        raise
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    except Exception as problem:
        raise _encoding_or_damage(path, format_name, options, problem) from problem
    return frame, meta


def _settings(read: Callable[..., Any], options: ReadOptions) -> dict[str, Any]:
    """Return the arguments a function of pyreadstat takes: portable files have no encoding, transport files no user-missing."""
    settings: dict[str, Any] = {}
    if read.__name__ != "read_por":
        settings["encoding"] = _ICONV_NAMES.get((options.encoding or "").lower(), options.encoding)
        if read.__name__ != "read_xport":
            settings["user_missing"] = True
    return settings


def _unreadable(path: Path, problem: OSError) -> UserError:
    what = tr("{file} cannot be read.").format(file=path.name)
    return UserError(what, problem.strerror or "", tr("Check that the file is still there and that you may read it."))


def _encoding_or_damage(path: Path, format_name: str, options: ReadOptions, problem: Exception) -> UserError:
    words = str(problem).lower()
    if options.encoding or isinstance(problem, UnicodeDecodeError) or "character encoding" in words or "convert string" in words:
        return UserError(
            tr("The texts in {file} are in another encoding than it says.").format(file=path.name),
            tr("Encoding: {encoding}.").format(encoding=options.encoding or tr("as the file says")),
            tr("Choose another encoding, such as latin-1 or cp1252."),
        )
    return damaged(path, format_name)


def _variable(name: str, old: str, meta: Any) -> Variable:
    ranges = (meta.missing_ranges or {}).get(old, [])
    return Variable(
        name=name,
        label=" ".join((meta.column_names_to_labels.get(old) or "").split()),
        labels=meta.variable_value_labels.get(old, {}),
        missing=tuple((part["lo"], part["hi"]) for part in ranges),
        letters=frozenset((meta.missing_user_values or {}).get(old, ())),
        measure=meta.variable_measure.get(old, "unknown"),
    )


def settle_variable(variable: Variable, series: pd.Series[Any], context: Context) -> Settled:
    """Return a variable as a column, its declared missing values missing and counted, its value labels kept."""
    from pandas.api import types

    if variable.letters and series.dtype == object:
        series, gone = _without_letters(series, variable)
    elif types.is_numeric_dtype(series.dtype):
        series, gone = _without_missing_numbers(series, variable)
    else:
        series, gone = _without_missing_words(series, variable)
    if types.is_numeric_dtype(series.dtype):
        settled = settle_coded(variable, series.to_numpy(dtype=np.float64), context)
    elif variable.labels and types.infer_dtype(series, skipna=True) == "string":
        settled = _settle_labelled_words(variable, series, context)
    else:
        settled = settle_series(variable.name, series, context)
    found = (notes.declared_missing(variable.name, gone),) if gone else ()
    column = replace(settled.column, label=variable.label)
    return Settled(column=column, findings=(*found, *settled.findings), questions=settled.questions)


def _without_letters(series: pd.Series[Any], variable: Variable) -> tuple[pd.Series[Any], dict[str, int]]:
    """Return the numbers of a column in which .a, .b stand for kinds of missing values, and how often each does."""
    import pandas as pd

    is_letter = series.isin(list(variable.letters))
    counts = series[is_letter].value_counts().to_dict()
    gone = {_with_label(f".{letter}", variable.labels.get(letter, "")): int(n) for letter, n in counts.items()}
    return pd.to_numeric(series.where(~is_letter), errors="coerce").astype(np.float64), gone


def _without_missing_numbers(series: pd.Series[Any], variable: Variable) -> tuple[pd.Series[Any], dict[str, int]]:
    values = series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    mask = np.zeros(len(values), dtype=np.bool_)
    for low, high in variable.missing:
        mask |= (values >= _bound(low, -np.inf)) & (values <= _bound(high, np.inf))
    found, counts = np.unique(values[mask], return_counts=True)
    gone = {
        _with_label(label_of_number(value), variable.labels.get(value, "")): int(n)
        for value, n in zip(found.tolist(), counts.tolist(), strict=True)
    }
    values[mask] = np.nan
    return type(series)(values), gone


def _bound(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def _without_missing_words(series: pd.Series[Any], variable: Variable) -> tuple[pd.Series[Any], dict[str, int]]:
    words = [low.strip() for low, _ in variable.missing if isinstance(low, str)]
    if not words:
        return series, {}
    mask = series.map(lambda cell: isinstance(cell, str) and cell.strip() in words).astype(bool)
    counts = series[mask].str.strip().value_counts().to_dict()
    gone = {_with_label(f'"{word}"', variable.labels.get(word, "")): int(n) for word, n in counts.items()}
    return series.where(~mask), gone


def _with_label(value: str, label: str) -> str:
    return f"{value} ({label.strip()})" if label.strip() else value


def settle_coded(variable: Variable, values: NDArray[np.float64], context: Context) -> Settled:
    """Return numbers, or a labelled column where its values have labels."""
    labels = {float(code): str(text).strip() for code, text in variable.labels.items() if isinstance(code, int | float)}
    labels = {code: text for code, text in labels.items() if text and code not in context.missing_numbers}
    values = np.where(np.isin(values, list(context.missing_numbers)), np.nan, values)
    labels = {code: text for code, text in labels.items() if not _is_missing(code, variable)}
    found = np.unique(values[~np.isnan(values)])
    if labels and _is_labelled(labels, found, variable.measure):
        return Settled(column=_labelled_column(variable.name, values, found, labels))
    settled = settle_numbers(variable.name, values, context)
    if not labels:
        return settled
    shown = [_with_label(label_of_number(code), text) for code, text in sorted(labels.items())]
    return Settled(column=settled.column, findings=(*settled.findings, notes.labels_left_out(variable.name, shown)))


def _is_missing(code: float, variable: Variable) -> bool:
    return any(_bound(low, -np.inf) <= code <= _bound(high, np.inf) for low, high in variable.missing)


def _is_labelled(labels: Mapping[float, str], found: NDArray[np.float64], measure: str) -> bool:
    """Return whether a column is one of labelled codes rather than of numbers a few of which have words.

    All values labelled: yes. Only some: where the file calls it nominal or ordinal, or does not say and most are labelled.
    """
    n_labelled = sum(value in labels for value in found.tolist())
    if n_labelled == len(found):
        return True
    if measure in _DISCRETE:
        return n_labelled > 0
    return measure != "scale" and n_labelled > len(found) / 2


def _labelled_column(name: str, values: NDArray[np.float64], found: NDArray[np.float64], labels: Mapping[float, str]) -> Column:
    """Return a labelled column: levels in the order of their codes; a code without a label is its own."""
    codes = sorted({*labels, *found.tolist()})
    levels = _distinct_labels([labels.get(code, "") or label_of_number(code) for code in codes], codes)
    positions = np.full(len(values), -1, dtype=np.int32)
    present = ~np.isnan(values)
    positions[present] = np.searchsorted(np.array(codes), values[present])
    return Column(name=name, kind=Kind.LABELLED, values=positions, levels=levels, level_codes=tuple(codes))


def _distinct_labels(words: Sequence[str], codes: Sequence[float]) -> tuple[str, ...]:
    """Return the labels, with the code behind those that two codes share."""
    return tuple(
        f"{word} ({label_of_number(code)})" if words.count(word) > 1 else word for word, code in zip(words, codes, strict=True)
    )


def _settle_labelled_words(variable: Variable, series: pd.Series[Any], context: Context) -> Settled:
    """Return words under their labels (m: male) where every word has one, and no two the same; else as they are."""
    texts, codes = words_of_series(series)
    labels = {str(word).strip(): str(text).strip() for word, text in variable.labels.items()}
    present = [text.strip() for text in texts if text.strip() not in context.missing]
    shown_for = {word: labels.get(word, "") for word in present}
    if not present or not all(shown_for.values()) or len(set(shown_for.values())) < len(shown_for):
        return settle_words(variable.name, texts, codes, context)
    words = settle_words(variable.name, texts, codes, context).column
    shown = tuple(labels[level] for level in words.levels)
    return Settled(column=coded_column(variable.name, Kind.CATEGORY, shown, words.values.astype(np.int32)))
