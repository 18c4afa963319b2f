"""The checks: each looks for one kind of problem and words what it finds.

A check gets the canonical view and yields what it found: which rows, what share of the
table that is (for the score), a sentence with the learner's own numbers, and the repair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.view import MOSTLY_MISSING, ColumnView, View
from mlplayground.modeling import ColumnKind
from mlplayground.recipes import (
    DropColumns,
    DropDuplicateRows,
    DropMissingRows,
    FillMissing,
    Limit,
    MergeMisspelt,
    Operation,
    ParseDates,
    ParseNumbers,
    ReplaceMissingTokens,
    UnifySpelling,
)
from mlplayground.recipes.numbers import ordinary_range
from mlplayground.recipes.text import tidy, variants

MAX_OUTLIER_SHARE = 0.03
"""Where more of a column lies far out, it has a long tail and no outliers."""


@dataclass(frozen=True)
class Found:
    """What a check found, before it is priced and shown."""

    kind: str
    column: Any
    positions: npt.NDArray[np.intp] = field(compare=False)
    share: float
    urgency: float
    text: str
    operation: Operation | None
    whole_column: bool = True
    shown: npt.NDArray[np.intp] = field(default=None, compare=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.shown is None:
            object.__setattr__(self, "shown", self.positions)


Check = Callable[[View], Iterator[Found]]
CHECKS: dict[str, Check] = {}
"""Every check by the kind of problem that it finds."""


def check(kind: str) -> Callable[[Check], Check]:
    """Register a check under the kind of problem that it finds."""

    def add(function: Check) -> Check:
        CHECKS[kind] = function
        return function

    return add


@check("missing_target")
def _missing_target(view: View) -> Iterator[Found]:
    goal = view.target
    if goal is None or not goal.gone.any() or goal.gone.all():
        return
    rows = np.flatnonzero(goal.gone)
    yield Found(
        "missing_target", goal.name, rows, len(rows) / len(view.frame), 0.95,
        f"{words.count(len(rows), 'row')} of {len(view.frame):,} "
        f"{'have' if len(rows) > 1 else 'has'} no {words.name(goal.name)}. A model cannot learn "
        "from rows without the answer, and filling them in would teach it your guess.",
        DropMissingRows(goal.name) if goal.addressable and not goal.tokens.any() else None,
        whole_column=False,
    )  # fmt: skip


@check("target_leak")
def _target_leak(view: View) -> Iterator[Found]:
    if view.target is None:
        return
    from mlplayground.apps.data_explorer.engine.leaks import telling

    for column, power, measure in telling(view):
        yield Found(
            "target_leak", column.name, np.arange(len(view.frame)), 0.0, 0.9,
            f"{words.name(column.name)} alone gives {words.name(view.target.name)} away: "
            f"{measure} {power:.2f} on rows that it was not learned from. When, in real life, "
            "would you know it? If only afterwards, a model that uses it will fail.",
            DropColumns((column.name,)) if column.addressable else None,
        )  # fmt: skip


@check("duplicate_rows")
def _duplicate_rows(view: View) -> Iterator[Found]:
    if not view.repeats.any():
        return
    rows = np.flatnonzero(view.repeats)
    share = len(rows) / len(view.frame)
    yield Found(
        "duplicate_rows", None, rows, share, 0.8,
        f"{words.count(len(rows), 'row')} of {len(view.frame):,} ({words.percent(share)}) "
        f"{'repeat' if len(rows) > 1 else 'repeats'} an earlier row in every column. If one of "
        "a pair is trained on and the other tested on, the score looks better than it is.",
        DropDuplicateRows(),
        whole_column=False,
    )  # fmt: skip


@check("missing_tokens")
def _missing_tokens(view: View) -> Iterator[Found]:
    for column in view.columns:
        rows = np.flatnonzero(column.tokens)
        if not len(rows):
            continue
        said = {v for v in column.raw.values[column.raw.codes[rows[:10_000]]]}
        shown = words.listing(sorted(said, key=str))
        yield Found(
            "missing_tokens", column.name, rows, _share(view, column, column.tokens), 0.75,
            f"{words.name(column.name)} says {shown} in {words.count(len(rows), 'row')} "
            f"({words.percent(len(rows) / len(view.frame))}). That reads like a value, and means "
            "that there is none.",
            ReplaceMissingTokens(column.name) if column.addressable else None,
        )  # fmt: skip


@check("numbers_as_text")
def _numbers_as_text(view: View) -> Iterator[Found]:
    for column in view.columns:
        if not isinstance(column.reader, ParseNumbers):
            continue
        texts = column.texts
        rows = _rows_with_text(column)
        lost = sum(n for t, n in texts.items() if np.isnan(_number(column, t)))
        warning = f" {words.count(lost, 'cell')} with no number in it would become missing." * bool(
            lost
        )
        yield Found(
            "numbers_as_text", column.name, rows, 1.0 * (column in view.measured), 0.7,
            f"{words.name(column.name)} holds numbers written as text, such as "
            f"{words.listing(list(texts)[:3])}. As text they have no mean, and “10” comes before "
            f"“9”.{warning}",
            column.reader if not column.tokens.any() or not lost else column.reader,
        )  # fmt: skip


@check("dates_as_text")
def _dates_as_text(view: View) -> Iterator[Found]:
    for column in view.columns:
        if not isinstance(column.reader, ParseDates):
            continue
        styles = column.reader.formats
        texts = list(column.texts)
        mixed = len(styles) > 1
        how = f"in {len(styles)} styles" if mixed else "as text"
        why = (
            "Sorted as they stand, they are not in the order of time."
            if mixed or not styles[0].startswith("%Y")
            else "Read as dates, they give months, weekdays and distances in time."
        )
        yield Found(
            "dates_as_text", column.name, _rows_with_text(column),
            (1.0 if mixed else 0.25) * (column in view.measured), 0.6 if mixed else 0.3,
            f"{words.name(column.name)} holds dates written {how}, such as "
            f"{words.listing(_one_of_each(texts, styles))}. {why}",
            column.reader,
        )  # fmt: skip


@check("category_variants")
def _category_variants(view: View) -> Iterator[Found]:
    for column in view.columns:
        if column.reader is not None:
            continue
        texts = column.texts
        groups = variants(texts)
        untidy = [text for text in texts if tidy(text) != text]
        if not groups and not untidy:
            continue
        wrong = {t for g in groups.values() for t in g if t != max(g, key=lambda t: (texts[t], t))}
        mask = _cells_with(column, wrong | set(untidy))
        yield from _variants_found(view, column, groups, untidy, mask)


def _variants_found(
    view: View,
    column: ColumnView,
    groups: dict[str, list[str]],
    untidy: list[str],
    mask: npt.NDArray[np.bool_],
) -> Iterator[Found]:
    rows = np.flatnonzero(mask)
    if groups:
        worst = max(groups.values(), key=len)
        text = (
            f"{words.name(column.name)} writes {words.count(len(groups), 'value')} in more than "
            f"one way, such as {words.listing(worst)}. To a model these are different things; "
            f"{words.count(len(rows), 'row')} would change."
        )
    else:
        text = (
            f"{words.name(column.name)} has stray blanks in {words.count(len(rows), 'row')}, "
            f"such as {words.listing(untidy[:2])}."
        )
    few = len(column.texts) <= 1000
    operation = UnifySpelling(column.name) if few and column.addressable else None
    yield Found(
        "category_variants", column.name, rows, _share(view, column, mask), 0.65, text, operation
    )


@check("misspelt_values")
def _misspelt_values(view: View) -> Iterator[Found]:
    for column in view.columns:
        if not column.slips or column.reader is not None:
            continue
        wrong = [t for t in column.texts if tidy(t).casefold() in column.slips]
        mask = _cells_with(column, set(wrong))
        right = column.slips[tidy(wrong[0]).casefold()]
        shown = next((t for t in column.texts if tidy(t).casefold() == right), right)
        rows = np.flatnonzero(mask)
        yield Found(
            "misspelt_values", column.name, rows, _share(view, column, mask), 0.5,
            f"{words.name(column.name)} has {words.count(len(wrong), 'rare value')} spelt almost "
            f"like a frequent one: {words.quote(wrong[0])} ({words.times(column.texts[wrong[0]])}) "
            f"is probably {words.quote(shown)} ({words.times(column.texts.get(shown, 0))}).",
            MergeMisspelt(column.name) if column.addressable else None,
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
        if column is view.target:
            continue
        yield Found(
            "mostly_missing", column.name, np.flatnonzero(column.gone), 1.0, 0.45,
            f"{words.name(column.name)} has a value in only {int((~gone).sum()):,} of "
            f"{len(gone):,} rows ({words.percent(1 - gone.mean())}). Filling in the rest would be "
            "mostly invention. That a value is there at all may still tell something.",
            DropColumns((column.name,)) if column.addressable else None,
        )  # fmt: skip


@check("missing_values")
def _missing_values(view: View) -> Iterator[Found]:
    for column in view.measured:
        if column is view.target or not column.gone[view.rows].any():
            continue
        rows = np.flatnonzero(column.gone)
        share = len(rows) / len(view.frame)
        strategy, value = _fill_for(column)
        yield Found(
            "missing_values", column.name, rows, _share(view, column, column.gone),
            0.55 * min(1.0, 0.6 + share),
            f"{words.name(column.name)} has no value in {words.count(len(rows), 'row')} of "
            f"{len(view.frame):,} ({words.percent(share)}). {words.FILLS[strategy]}",
            FillMissing(column.name, strategy, value) if column.addressable else None,
        )  # fmt: skip


@check("outliers")
def _outliers(view: View) -> Iterator[Found]:
    for column in view.measured:
        if column.numbers is None or column is view.target or column.kind is not ColumnKind.NUMERIC:
            continue
        numbers = column.numbers
        low, high = ordinary_range(numbers[view.rows])
        with np.errstate(invalid="ignore"):
            mask = (numbers < low) | (numbers > high)
        rows = np.flatnonzero(mask)
        if not 0 < mask[view.rows].sum() <= MAX_OUTLIER_SHARE * view.n_rows:
            continue
        worst = numbers[rows][np.argmax(np.maximum(numbers[rows] - high, low - numbers[rows]))]
        yield Found(
            "outliers", column.name, rows, _share(view, column, mask), 0.35,
            f"{words.name(column.name)} lies between {words.number(low)} and "
            f"{words.number(high)} in all but {words.count(len(rows), 'row')}; the strangest is "
            f"{words.number(float(worst))}. Look at it first: it is an error, another unit, or "
            "the most interesting row you have.",
            Limit(column.name) if column.addressable and column.reader is None else None,
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


def _fill_for(column: ColumnView) -> tuple[Any, Any]:
    if column.numbers is not None and column.kind is ColumnKind.NUMERIC and column.reader is None:
        return "median", None
    single = len(np.unique(column.keys[~column.gone])) == 1
    if single or column.kind is ColumnKind.TEXT:
        return "constant", "missing"
    return "most_frequent", None


def _share(view: View, column: ColumnView, mask: npt.NDArray[np.bool_]) -> float:
    """Share of the measured cells of one column; 0 for a column that is not measured."""
    return float(mask[view.rows].mean()) if column in view.measured and view.rows.any() else 0.0


def _rows_with_text(column: ColumnView) -> npt.NDArray[np.intp]:
    text = np.array([isinstance(v, str) for v in column.raw.values], dtype=bool)
    return np.flatnonzero((column.raw.codes >= 0) & text[column.raw.codes] & ~column.tokens)


def _cells_with(column: ColumnView, texts: set[str]) -> npt.NDArray[np.bool_]:
    wanted = np.array([isinstance(v, str) and v in texts for v in column.raw.values], dtype=bool)
    return (column.raw.codes >= 0) & wanted[column.raw.codes]


def _number(column: ColumnView, text: str) -> float:
    from mlplayground.recipes.numbers import to_number

    assert isinstance(column.reader, ParseNumbers)
    return to_number(text, column.reader.decimal)


def _one_of_each(texts: list[str], styles: tuple[str, ...]) -> list[str]:
    from mlplayground.modeling.dates import date_formats

    shown = [next((t for t in texts if style in date_formats([t])), None) for style in styles[:4]]
    return list(dict.fromkeys(text for text in shown if text is not None))
