"""Cells of a column: missing, openly or behind a word, or far from all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.checks.found import Found, check, share_of
from mlplayground.apps.data_explorer.engine.column_view import ColumnView
from mlplayground.apps.data_explorer.engine.limits import Limits
from mlplayground.apps.data_explorer.engine.view import View
from mlplayground.modeling import ColumnKind
from mlplayground.recipes import FillMissing, Limit, Operation, ReplaceMissingTokens


@check("missing_tokens")
def _missing_tokens(view: View) -> Iterator[Found]:
    for column in view.columns:
        rows = np.flatnonzero(column.tokens)
        if not len(rows):
            continue
        said = Counter(column.raw.values[column.raw.codes[rows]].tolist())
        shown = words.listing(text for text, _ in said.most_common())
        yield Found(
            "missing_tokens", column.name, rows, share_of(view, column, column.tokens), 0.75,
            f"{words.name(column.name)} says {shown} in {words.count(len(rows), 'row')} "
            f"({words.percent(len(rows) / len(view.frame))}). That reads like a value, and means "
            "that there is none.",
            ReplaceMissingTokens(column.name) if column.addressable else None,
        )  # fmt: skip


@check("missing_values")
def _missing_values(view: View) -> Iterator[Found]:
    for column in view.measured:
        if column is view.target or not column.gone[view.rows].any():
            continue
        rows = np.flatnonzero(column.gone)
        share = len(rows) / len(view.frame)
        strategy, value = _fill_for(column)
        usable = column.addressable and not column.pending
        what = "no value" if (column.raw.codes[rows] < 0).all() else "no usable value"
        yield Found(
            "missing_values", column.name, rows, share_of(view, column, column.gone), 0.55,
            f"{words.name(column.name)} has {what} in {words.count(len(rows), 'row')} of "
            f"{len(view.frame):,} ({words.percent(share)}). "
            f"{column.pending or words.FILLS[strategy]}",
            FillMissing(column.name, strategy, value) if usable else None,
            listed=not column.pending or bool((column.raw.codes < 0).any()),
        )  # fmt: skip


@check("outliers")
def _outliers(view: View) -> Iterator[Found]:
    for column in view.measured:
        if column.limits is None or column.numbers is None:
            continue
        limits = column.limits
        mask = limits.outside(column.numbers)
        rows = np.flatnonzero(mask)
        strange = column.numbers[rows]
        worst = strange[np.argmax(np.maximum(strange - limits.high, limits.low - strange))]
        advice = (
            f"{_capital(limits.reason)}: make them missing, or find the true ones."
            if limits.impossible
            else "Look at it first: it is an error, another unit, or the most interesting row "
            "you have."
        )
        yield Found(
            "outliers", column.name, rows, share_of(view, column, mask),
            0.6 if limits.impossible else 0.4,
            f"{words.name(column.name)} lies between {words.number(limits.low)} and "
            f"{words.number(limits.high)} in all but {words.count(len(rows), 'row')}; the "
            f"strangest is {words.number(float(worst))}. {advice}",
            _limit(column, limits),
        )  # fmt: skip


def _limit(column: ColumnView, limits: Limits) -> Operation | None:
    if not column.addressable or column.reader is not None:
        return None
    return Limit(
        column.name,
        limits.declared_low,
        limits.declared_high,
        "missing" if limits.impossible else "clip",
    )


def _fill_for(column: ColumnView) -> tuple[Any, Any]:
    if column.numbers is not None and column.kind is ColumnKind.NUMERIC and column.reader is None:
        return "median", None
    single = len(np.unique(column.keys[~column.gone])) == 1
    if single or column.kind is ColumnKind.TEXT:
        return "constant", "not stated"
    return "most_frequent", None


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
