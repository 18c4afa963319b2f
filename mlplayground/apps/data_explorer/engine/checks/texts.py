"""Text that is something else, or that is written in several ways."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from mlplayground.apps.data_explorer.engine import words
from mlplayground.apps.data_explorer.engine.checks.found import Found, check, share_of
from mlplayground.apps.data_explorer.engine.column_view import ColumnView
from mlplayground.apps.data_explorer.engine.view import View
from mlplayground.modeling import ColumnKind
from mlplayground.modeling.dates import readers
from mlplayground.recipes import (
    MergeMisspelt,
    ParseDates,
    ParseNumbers,
    TidyWhitespace,
    UnifySpelling,
)
from mlplayground.recipes.numbers import to_number
from mlplayground.recipes.text import MAX_SPELLINGS, tidy, variants


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
        "category_variants", column.name, np.flatnonzero(mask), share_of(view, column, mask), 0.65,
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
        "category_variants", column.name, np.flatnonzero(mask), share_of(view, column, mask), 0.3,
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
            "misspelt_values", column.name, rows, share_of(view, column, mask), 0.5,
            f"{words.name(column.name)} has {words.count(len(wrong), 'rare value')} spelt almost "
            f"like a frequent one: {words.quote(wrong[0])} ({words.times(column.texts[wrong[0]])}) "
            f"is probably {words.quote(shown)} ({words.times(column.texts.get(shown, 0))}).",
            MergeMisspelt(column.name) if column.addressable else None,
        )  # fmt: skip


def _rows_with_text(column: ColumnView) -> npt.NDArray[np.intp]:
    text = np.array([isinstance(v, str) for v in column.raw.values], dtype=bool)
    return np.flatnonzero((column.raw.codes >= 0) & text[column.raw.codes] & ~column.tokens)


def _cells_with(column: ColumnView, texts: set[str]) -> npt.NDArray[np.bool_]:
    wanted = np.array([isinstance(v, str) and v in texts for v in column.raw.values], dtype=bool)
    cells: npt.NDArray[np.bool_] = (column.raw.codes >= 0) & wanted[column.raw.codes]
    return cells


def _one_of_each(texts: list[str], styles: tuple[str, ...]) -> list[str]:
    read = readers(texts[:2000])
    return [texts[int(read[style].argmax())] for style in styles[:4] if style in read]
