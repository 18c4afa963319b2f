"""The checks: each looks for one kind of problem and words what it finds.

A check gets the canonical view and yields what it found: which rows, what share of the
table that is (for the score), a sentence with the learner's own numbers, and the repair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.limits import Limits
from mlplayground.apps.data_explorer.engine.view import MOSTLY_MISSING, ColumnView, View
from mlplayground.modeling import ColumnKind
from mlplayground.modeling.dates import readers
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
    TidyWhitespace,
    UnifySpelling,
)
from mlplayground.recipes.numbers import to_number
from mlplayground.recipes.text import MAX_SPELLINGS, tidy, variants


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
    whole_rows: bool = False
    listed: bool = True
    """False where another finding says it already, and it only counts."""

    def operation_ignores(self) -> tuple[Any, ...]:
        """Name the columns in which repeated rows may differ."""
        return self.operation.ignore if isinstance(self.operation, DropDuplicateRows) else ()


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
        whole_rows=True,
    )  # fmt: skip


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


@check("duplicate_rows")
def _duplicate_rows(view: View) -> Iterator[Found]:
    if not view.repeats.any():
        return
    rows = np.flatnonzero(view.repeats)
    share = len(rows) / len(view.frame)
    ids = [c for c in view.columns if c.kind is ColumnKind.IDENTIFIER]
    differ = view.renumbered.any()
    named = " and ".join(words.name(c.name) for c in ids)
    what = f"everything but {named}" if differ else "every column"
    usable = not differ or all(c.addressable for c in ids)
    ignore = tuple(c.name for c in ids) if differ else ()
    yield Found(
        "duplicate_rows", None, rows, share, 0.8,
        f"{words.count(len(rows), 'row')} of {len(view.frame):,} ({words.percent(share)}) "
        f"{'repeat' if len(rows) > 1 else 'repeats'} an earlier row in {what}. If one of "
        "a pair is trained on and the other tested on, the score looks better than it is.",
        DropDuplicateRows(ignore) if usable else None,
        whole_rows=True,
    )  # fmt: skip


@check("missing_tokens")
def _missing_tokens(view: View) -> Iterator[Found]:
    for column in view.columns:
        rows = np.flatnonzero(column.tokens)
        if not len(rows):
            continue
        said = Counter(column.raw.values[column.raw.codes[rows]].tolist())
        shown = words.listing(text for text, _ in said.most_common())
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
        lost = sum(n for t, n in texts.items() if np.isnan(to_number(t, column.reader.decimal)))
        warning = (
            f" {words.count(lost, 'cell')} without a number would become missing." if lost else ""
        )
        blocked = " Make the words for “no value” missing first." * bool(column.tokens.any())
        yield Found(
            "numbers_as_text", column.name, _rows_with_text(column),
            1.0 * (column in view.measured), 0.7,
            f"{words.name(column.name)} holds numbers written as text, such as "
            f"{words.listing(list(texts)[:3])}. As text they have no mean, and “10” comes before "
            f"“9”.{warning}{blocked}",
            None if blocked else column.reader,
        )  # fmt: skip


@check("dates_as_text")
def _dates_as_text(view: View) -> Iterator[Found]:
    for column in view.columns:
        if not isinstance(column.reader, ParseDates):
            continue
        styles = column.reader.formats
        mixed = len(styles) > 1
        how = f"in {len(styles)} styles" if mixed else "as text"
        why = (
            "Sorted as they stand, they are not in the order of time."
            if mixed or not styles[0].startswith("%Y")
            else "Read as dates, they give months, weekdays and distances in time."
        )
        blocked = " Make the words for “no value” missing first." * bool(column.tokens.any())
        yield Found(
            "dates_as_text", column.name, _rows_with_text(column),
            (1.0 if mixed else 0.25) * (column in view.measured), 0.6 if mixed else 0.25,
            f"{words.name(column.name)} holds dates written {how}, such as "
            f"{words.listing(_one_of_each(list(column.texts), styles))}. {why}{blocked}",
            None if blocked else column.reader,
        )  # fmt: skip


@check("category_variants")
def _category_variants(view: View) -> Iterator[Found]:
    for column in view.columns:
        if column.reader is not None:
            continue
        texts = column.texts
        untidy = {text for text in texts if tidy(text) != text}
        groups = {} if column.kind is ColumnKind.TEXT else variants(texts)
        if groups:
            yield _written_differently(view, column, groups, untidy)
        elif untidy:
            yield _stray_blanks(view, column, untidy)


def _written_differently(
    view: View, column: ColumnView, groups: dict[str, list[str]], untidy: set[str]
) -> Found:
    texts = column.texts
    rare = {t for g in groups.values() for t in g if t != max(g, key=lambda t: (texts[t], t))}
    mask = _cells_with(column, rare | untidy)
    worst: list[str] = max(groups.values(), key=len)
    return Found(
        "category_variants", column.name, np.flatnonzero(mask), _share(view, column, mask), 0.65,
        f"{words.name(column.name)} writes {words.count(len(groups), 'value')} in more than "
        f"one way, such as {words.listing(worst)}. To a model these are "
        f"different things; {words.count(int(mask.sum()), 'row')} would change.",
        UnifySpelling(column.name)
        if column.addressable and len(texts) <= MAX_SPELLINGS
        else None,
    )  # fmt: skip


def _stray_blanks(view: View, column: ColumnView, untidy: set[str]) -> Found:
    mask = _cells_with(column, untidy)
    return Found(
        "category_variants", column.name, np.flatnonzero(mask), _share(view, column, mask), 0.3,
        f"{words.name(column.name)} has stray blanks in {words.count(int(mask.sum()), 'row')}, "
        f"such as {words.listing(sorted(untidy)[:2])}.",
        TidyWhitespace(column.name) if column.addressable else None,
    )  # fmt: skip


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
        if column is view.target or any(leak.column is column for leak in view.leaks):
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
        usable = column.addressable and not column.pending
        what = "no value" if (column.raw.codes[rows] < 0).all() else "no usable value"
        yield Found(
            "missing_values", column.name, rows, _share(view, column, column.gone), 0.55,
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
            "outliers", column.name, rows, _share(view, column, mask),
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
        return "constant", "not stated"
    return "most_frequent", None


def _share(view: View, column: ColumnView, mask: npt.NDArray[np.bool_]) -> float:
    """Share of the measured cells of one column; 0 for a column that is not measured."""
    return float(mask[view.rows].mean()) if column in view.measured and view.rows.any() else 0.0


def _rows_with_text(column: ColumnView) -> npt.NDArray[np.intp]:
    text = np.array([isinstance(v, str) for v in column.raw.values], dtype=bool)
    return np.flatnonzero((column.raw.codes >= 0) & text[column.raw.codes] & ~column.tokens)


def _cells_with(column: ColumnView, texts: set[str]) -> npt.NDArray[np.bool_]:
    wanted = np.array([isinstance(v, str) and v in texts for v in column.raw.values], dtype=bool)
    cells: npt.NDArray[np.bool_] = (column.raw.codes >= 0) & wanted[column.raw.codes]
    return cells


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _one_of_each(texts: list[str], styles: tuple[str, ...]) -> list[str]:
    read = readers(texts[:2000])
    return [texts[int(read[style].argmax())] for style in styles[:4] if style in read]
