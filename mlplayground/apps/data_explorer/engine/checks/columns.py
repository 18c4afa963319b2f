"""Whole columns: that give the target away, repeat another one, or say nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.checks.found import Found, check
from mlplayground.apps.data_explorer.engine.view import MOSTLY_MISSING, View
from mlplayground.modeling import ColumnKind
from mlplayground.recipes import DropColumns


@check("target_leak")
def _target_leak(view: View) -> Iterator[Found]:
    if view.target is None:
        return
    goal = words.name(view.target.name)
    for found in view.leaks:
        column = found.column
        how = (
            f"it explains {words.percent(found.power)} of how {goal} is spread"
            if found.numeric
            else f"guesses at {goal} are wrong in {words.percent(found.mistakes)} of the rows "
            f"instead of {words.percent(found.dummy)}"
        )
        yield Found(
            "target_leak", column.name, np.arange(len(view.frame)), 0.0, 0.9,
            f"{words.name(column.name)} alone gives {goal} away: with it, {how}. When, in real "
            "life, would you know it? If only afterwards, a model that uses it will fail.",
            DropColumns((column.name,)) if column.addressable else None,
        )  # fmt: skip


@check("near_copy")
def _near_copy(view: View) -> Iterator[Found]:
    for copy, original, agreed in view.copies:
        share = "every row" if agreed == 1 else f"{words.percent(agreed)} of the rows"
        yield Found(
            "near_copy", copy.name, np.arange(len(view.frame)), 0.0, 0.45,
            f"{words.name(copy.name)} says again what {words.name(original.name)} says, in "
            f"{share}. Two copies share their importance, so each looks half as important as "
            "it is.",
            DropColumns((copy.name,)) if copy.addressable else None,
        )  # fmt: skip


@check("constant_column")
def _constant_column(view: View) -> Iterator[Found]:
    for column in view.columns:
        if column.kind not in (ColumnKind.CONSTANT, ColumnKind.EMPTY) or not len(view.frame):
            continue
        value = next(iter(column.raw.values.tolist()), None)
        what = (
            "has no value in any row" if column.kind is ColumnKind.EMPTY
            else f"is {words.quote(value)} in every row"
        )  # fmt: skip
        yield Found(
            "constant_column", column.name, np.arange(len(view.frame)), 1.0, 0.4,
            f"{words.name(column.name)} {what}. What never changes cannot explain what does.",
            DropColumns((column.name,)) if column.addressable else None,
        )  # fmt: skip


@check("mostly_missing")
def _mostly_missing(view: View) -> Iterator[Found]:
    for column in view.columns:
        gone = column.gone[view.rows]
        if column.kind is ColumnKind.EMPTY or not len(gone) or gone.mean() <= MOSTLY_MISSING:
            continue
        if column is view.target or any(leak.column is column for leak in view.leaks):
            continue
        yield Found(
            "mostly_missing", column.name, np.flatnonzero(column.gone), 1.0, 0.45,
            f"{words.name(column.name)} has a value in only {int((~gone).sum()):,} of "
            f"{len(gone):,} rows ({words.percent(1 - gone.mean())}). Filling in the rest would be "
            "mostly invention. That a value is there at all may still tell something.",
            DropColumns((column.name,)) if column.addressable else None,
        )  # fmt: skip


@check("identifier")
def _identifier(view: View) -> Iterator[Found]:
    for column in view.columns:
        if column.kind is not ColumnKind.IDENTIFIER or column is view.target:
            continue
        distinct = len(np.unique(column.keys[view.rows & ~column.gone]))
        yield Found(
            "identifier", column.name, np.arange(len(view.frame)), 0.0, 0.25,
            f"{words.name(column.name)} has {distinct:,} different values in {view.n_rows:,} rows: "
            "it names rows and does not describe them. A model can learn it by heart and nothing "
            "from it.",
            DropColumns((column.name,)) if column.addressable else None,
        )  # fmt: skip
