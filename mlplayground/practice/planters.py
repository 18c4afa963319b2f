"""The kinds of defect, each a function that plants one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from mlplayground.practice.defects import Builder, Defect, Rows
from mlplayground.practice.domains import Rng


def missing_tokens(build: Builder) -> None:
    """A word instead of nothing, in a text column."""
    column, rows = build.pick(build.domain.categories, 0.06)
    word = str(build.rng.choice(["?", "N/A", "unknown", "-"]))
    build.change(
        "missing_tokens", column, rows, word,
        f"{len(rows)} rows of {column} say {word!r} where nothing is known.",
    )  # fmt: skip


def missing_values(build: Builder) -> None:
    """Cells missing where the value itself is high: not at random."""
    domain = build.domain
    column, _ = build.pick((*domain.bounded, *domain.amounts), 0)
    ranks = build.frame[column].rank(pct=True).to_numpy()
    rows = np.flatnonzero(build.rng.random(len(ranks)) < 0.02 + 0.3 * (ranks > 0.7))
    if not len(rows):
        rows = build.rows(0.1)
    high = float(np.mean(ranks[rows] > 0.7))
    build.change(
        "missing_values", column, rows, np.nan,
        f"{column} is missing in {len(rows)} rows, and {high:.0%} of these are from its highest "
        "third: those who have much of it leave it out.",
    )  # fmt: skip


def category_variants(build: Builder) -> None:
    """One value in upper case, lower case and with stray blanks."""
    column, rows = build.pick(build.domain.categories, 0.12, 4)
    styles: list[Callable[[str], str]] = [
        str.upper, str.lower, lambda t: f" {t}", lambda t: f"{t} ", str.title,
    ]  # fmt: skip
    texts = build.frame[column].iloc[rows]
    cells = [_other(str(t), styles, build.rng) for t in texts]
    build.change(
        "category_variants", column, rows, cells,
        f"{len(rows)} rows of {column} write the same values in another case or with blanks.",
    )  # fmt: skip


def misspelt_values(build: Builder) -> None:
    """Slips of the pen in a text column, each of them rare."""
    column, rows = build.pick(build.domain.categories, 0.02)
    cells = [_slip(str(text), build.rng) for text in build.frame[column].iloc[rows]]
    build.change(
        "misspelt_values", column, rows, cells,
        f"{len(rows)} rows of {column} are misspelt, such as {cells[0]!r}.",
    )  # fmt: skip


def unit_mix_up(build: Builder) -> None:
    """A few amounts in another unit."""
    domain = build.domain
    column, rows = domain.amounts[0], build.rows(0.02)
    unit, other, factor = domain.units
    cells = (build.frame[column].iloc[rows] * factor).round(1)
    build.change(
        "unit_mix_up", column, rows, cells.to_numpy(),
        f"{len(rows)} rows of {column} are in {other}, not {unit}: {factor:g} times too much.",
    )  # fmt: skip


def impossible_values(build: Builder) -> None:
    """Numbers that cannot be, where somebody had to type something."""
    column, rows = build.pick(build.domain.bounded, 0.015)
    value = int(build.rng.choice([-1, 999, -99]))
    build.change(
        "impossible_values", column, rows, value,
        f"{len(rows)} rows of {column} are {value}, which cannot be: it stands for \"not known\".",
    )  # fmt: skip


def typing_errors(build: Builder) -> None:
    """A lost decimal point: a few of the larger amounts, a hundred times too high."""
    column, _ = build.pick(build.domain.amounts[1:], 0)
    large = np.flatnonzero((build.frame[column].rank(pct=True) > 0.5).to_numpy())
    rows = np.sort(build.rng.choice(large, max(3, round(0.005 * len(build.frame))), replace=False))
    cells = (build.frame[column].iloc[rows] * 100).to_numpy()
    build.change(
        "typing_errors", column, rows, cells,
        f"{len(rows)} rows of {column} lost their decimal point and are 100 times too high.",
    )  # fmt: skip


def numbers_as_text(build: Builder) -> None:
    """Money with thousands separators and a currency."""
    column = build.domain.money
    rows = np.arange(len(build.frame))
    cells = [f"{value:,.2f} EUR" for value in build.frame[column]]
    build.change(
        "numbers_as_text", column, rows, cells,
        f"{column} is text, such as {cells[0] if cells else ''!r}, because it holds the currency.",
    )  # fmt: skip


def mixed_dates(build: Builder) -> None:
    """Dates as text, written in three ways."""
    column = build.domain.date
    styles = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y")
    which = build.rng.choice(len(styles), len(build.frame), p=[0.6, 0.3, 0.1])
    dates = build.frame[column]
    cells = [date.strftime(styles[i]) for date, i in zip(dates, which, strict=True)]
    build.change(
        "mixed_dates", column, np.arange(len(cells)), cells,
        f"{column} is text in {len(set(which.tolist()))} styles.",
    )  # fmt: skip


def constant_column(build: Builder) -> None:
    """A column that never changes."""
    build.add("constant_column", "source_system", "A1", "source_system is 'A1' in every row.")


def identifier(build: Builder) -> None:
    """A number that names the rows."""
    numbers = 10_000 + build.rng.permutation(9 * max(1, len(build.frame)))[: len(build.frame)]
    build.add(
        "identifier", "record_id", numbers,
        f"record_id has {len(numbers)} different values in {len(numbers)} rows.",
    )  # fmt: skip


def near_copy(build: Builder) -> None:
    """A column that repeats another one in other units, with a little rounding."""
    source = build.domain.amounts[-1]
    build._used.add(source)
    name = f"{source}_x10"
    build.add(
        "near_copy", name, (build.frame[source] * 10).round(0),
        f"{name} is ten times {source}, rounded: it adds nothing.",
    )  # fmt: skip


def label_noise(build: Builder) -> None:
    """Wrong answers in the target."""
    target, rows = build.domain.target, build.rows(0.06)
    answers = build.frame[target]
    if answers.dtype == object:
        cells: Any = np.where(answers.iloc[rows] == "yes", "no", "yes")
    else:
        cells = build.rng.permutation(answers.to_numpy())[: len(rows)]
    build.change(
        "label_noise", target, rows, cells,
        f"{len(rows)} answers in {target} are wrong: no model can be right about them.",
    )  # fmt: skip


def target_leak(build: Builder) -> None:
    """A column that is only known once the answer is."""
    name, what = build.domain.leak
    answers = build.frame[build.domain.target]
    if answers.dtype == object:
        known = answers.to_numpy() == "yes"
        values: Any = np.where(known, build.rng.integers(1, 9, len(known)), np.nan)
        shows = f"{name} ({what}) is filled in only where {build.domain.target} is yes."
    else:
        values = (answers * 12).round(-1)
        shows = f"{name} ({what}) follows from {build.domain.target}."
    build.add("target_leak", name, values, shows)


def duplicate_rows(build: Builder) -> None:
    """Some rows twice, somewhere else in the table; always planted last."""
    rows = build.rows(0.04)
    first = len(build.frame)
    again = build.frame.iloc[rows].set_axis(pd.RangeIndex(first, first + len(rows)))
    build.frame = pd.concat([build.frame, again])
    build.copied = rows
    # A wrong cell is wrong in the copy of its row too.
    build.defects = [_copied(defect, rows, first) for defect in build.defects]
    shows = f"{len(rows)} rows are there twice."
    build.defects.append(Defect("duplicate_rows", None, first + np.arange(len(rows)), shows))


def _copied(defect: Defect, rows: Rows, first: int) -> Defect:
    if defect.original is None:
        return defect
    copied = np.flatnonzero(np.isin(rows, defect.rows))
    source = np.searchsorted(defect.rows, rows[copied])
    return replace(
        defect,
        rows=np.concatenate([defect.rows, first + copied]),
        original=pd.concat([defect.original, defect.original.iloc[source]]),
    )


def _other(text: str, styles: list[Callable[[str], str]], rng: Rng) -> str:
    changed = [style(text) for style in styles if style(text) != text]
    return str(rng.choice(changed))


def _slip(text: str, rng: Rng) -> str:
    """Swap, drop or double one letter, never the first."""
    place = int(rng.integers(1, max(2, len(text) - 1)))
    swapped = text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]
    dropped = text[:place] + text[place + 1 :]
    doubled = text[:place] + text[place] + text[place:]
    slips = [slip for slip in (swapped, dropped, doubled) if slip != text]
    return str(rng.choice(slips))


PLANTERS = MappingProxyType(
    {
        planter.__name__: planter
        for planter in (
            label_noise,
            missing_tokens,
            missing_values,
            category_variants,
            misspelt_values,
            unit_mix_up,
            impossible_values,
            typing_errors,
            numbers_as_text,
            mixed_dates,
            constant_column,
            identifier,
            near_copy,
            target_leak,
            duplicate_rows,
        )
    }
)
"""Every kind of defect, in the order in which they are planted."""
KINDS = tuple(PLANTERS)
