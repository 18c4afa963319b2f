"""Operations on the spelling of text and categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes.operation import (
    Operation,
    column_of,
    each_text,
    map_text,
    register,
    with_column,
)
from mlplayground.recipes.values import ColumnName, literal

MAX_SPELLINGS = 2000
"""A column with more different spellings than this is free text, not categories."""

Pairs = tuple[tuple[str, str], ...]


@register
@dataclass(frozen=True)
class TidyWhitespace(Operation):
    """Strip text, and make one blank of each run of blanks, tabs and line breaks."""

    column: ColumnName

    name = "tidy_whitespace"
    kind = "column"

    def title(self) -> str:
        return f"Tidy the blanks in `{self.column}`"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        column = column_of(frame, self.column)
        return with_column(frame, self.column, map_text(column, tidy))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        return each_text(df, self.column, '" ".join(cell.split())')


@register
@dataclass(frozen=True)
class UnifySpelling(Operation):
    """Write values that differ only in case and blanks the same way.

    Learned is the commonest spelling of each value (ties: the first in the alphabet). A
    value that was not there when learning only has its blanks tidied.
    """

    column: ColumnName

    name = "unify_spelling"
    kind = "column"
    learns: ClassVar[Mapping[str, Any]] = {"spellings": Pairs}

    def title(self) -> str:
        return f"Unify upper case, lower case and blanks in `{self.column}`"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        counts = counted(column_of(frame, self.column), self.column)
        best: dict[str, tuple[int, str]] = {}
        for spelling, count in sorted(_tidied(counts).items()):
            key = spelling.casefold()
            if key not in best or count > best[key][0]:
                best[key] = (count, spelling)
        return {"spellings": tuple((key, spelling) for key, (_, spelling) in best.items())}

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        spellings: dict[str, str] = dict(learned["spellings"])

        def spell(value: str) -> str:
            return spellings.get(tidy(value).casefold(), tidy(value))

        column = column_of(frame, self.column)
        return with_column(frame, self.column, map_text(column, spell))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        tidied = '" ".join(cell.split())'
        return f"spelling = {literal(dict(learned['spellings']))}\n" + each_text(
            df, self.column, f"spelling.get({tidied}.casefold(), {tidied})"
        )


class _Replacing(Operation):
    """Replaces whole texts by a learned or declared mapping; others stay as they are."""

    column: ColumnName
    kind = "column"
    learns: ClassVar[Mapping[str, Any]] = {"mapping": Pairs}

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        mapping = dict(learned["mapping"])
        column = column_of(frame, self.column)
        return with_column(
            frame, self.column, map_text(column, lambda value: mapping.get(value, value))
        )

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        return f"mapping = {literal(dict(learned['mapping']))}\n" + each_text(
            df, self.column, "mapping.get(cell, cell)"
        )


@register
@dataclass(frozen=True)
class ReplaceValues(_Replacing):
    """Replace texts by others, as the learner wrote them down: ``(("Nrth", "North"),)``."""

    column: ColumnName
    mapping: Pairs

    name = "replace_values"

    def title(self) -> str:
        return f"Replace {len(self.mapping)} values in `{self.column}`"

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        column_of(frame, self.column)
        return {"mapping": self.mapping}


@register
@dataclass(frozen=True)
class MergeMisspelt(_Replacing):
    """Replace rare values by a frequent one that is spelt almost the same.

    A value is taken for a slip of the pen if it occurs three times at most (or 0.05 % as
    often as the right one, where that is more) and at most `rarer` times as often, and one
    character must be changed, two in a long value, for it to become the right one
    (insertion, deletion, replacement, or swap of neighbours; Damerau 1964). Values that
    differ in a digit are never merged: ``Model 3`` is no misspelt ``Model 2``. Nor is one
    that only has more at its beginning: ``unimportant`` is not ``important``.
    """

    column: ColumnName
    rarer: float = 0.1

    name = "merge_misspelt"

    def _check(self) -> None:
        if not 0 < self.rarer < 1:
            raise InputError(f"rarer must be between 0 and 1, not {self.rarer}.")

    def title(self) -> str:
        return f"Merge misspelt values of `{self.column}` into the right ones"

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        counts = counted(column_of(frame, self.column), self.column)
        return {"mapping": tuple(misspelt(counts, self.rarer).items())}


@register
@dataclass(frozen=True)
class GroupRare(_Replacing):
    """Replace all values that occur fewer than `minimum` times by one.

    Values that were not there when learning stay as they are.
    """

    column: ColumnName
    minimum: int = 10
    other: str = "other"

    name = "group_rare"

    def _check(self) -> None:
        if self.minimum < 2:
            raise InputError(f"minimum must be 2 or more, not {self.minimum}.")

    def title(self) -> str:
        return f"Group values of `{self.column}` that occur fewer than {self.minimum} times"

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        counts = counted(column_of(frame, self.column), self.column)
        rare = sorted(value for value, count in counts.items() if count < self.minimum)
        return {"mapping": tuple((value, self.other) for value in rare)}


def tidy(text: str) -> str:
    """Strip `text` and make one blank of each run of white space."""
    return " ".join(text.split())


def counted(column: pd.Series[Any], name: ColumnName) -> Counter[str]:
    """Count the cells of a column that are text.

    Raises
    ------
    ColumnError
        If there are more than ``MAX_SPELLINGS`` different ones.
    """
    counts = Counter(value for value in column if isinstance(value, str))
    if len(counts) > MAX_SPELLINGS:
        raise ColumnError(
            f"`{name}` has {len(counts):,} different texts. That is free text, not categories "
            f"(at most {MAX_SPELLINGS:,}): tidy its blanks instead."
        )
    return counts


def misspelt(counts: Mapping[str, int], rarer: float = 0.1) -> dict[str, str]:
    """Map the rare spellings in `counts` to the frequent ones that they probably mean.

    Repeated with the counts that merging gives, until nothing more is found: merging
    leaves nothing to merge.
    """
    left = Counter(counts)
    found: dict[str, str] = {}
    while new := _misspelt_once(left, rarer):
        for value, right in new.items():
            left[right] += left.pop(value)
        found = {value: new.get(right, right) for value, right in found.items()} | new
    return found


def _misspelt_once(counts: Mapping[str, int], rarer: float) -> dict[str, str]:
    found: dict[str, str] = {}
    common = sorted(counts, key=lambda value: (-counts[value], value))
    for value in reversed(common):
        for right in common:
            if counts[value] > min(rarer * counts[right], max(3, 0.0005 * counts[right])):
                break
            if right not in found and _is_slip(value, right):
                found[value] = right
                break
    return {value: right for value, right in found.items() if right not in found}


def _is_slip(value: str, right: str) -> bool:
    a, b = tidy(value).casefold(), tidy(right).casefold()
    shorter = min(len(a), len(b))
    allowed = 0 if shorter < 4 else 1 if shorter < 10 else 2
    if a == b or not allowed or abs(len(a) - len(b)) > allowed:
        return False
    if abs(len(a) - len(b)) > 1 and (a.endswith(b) or b.endswith(a)):
        return False
    if [c for c in a if c.isdigit()] != [c for c in b if c.isdigit()]:
        return False
    return edit_distance(a, b, allowed) <= allowed


def edit_distance(a: str, b: str, limit: int) -> int:
    """Count the slips between two texts (optimal string alignment), up to `limit` + 1."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row = row, [i]
        for j, y in enumerate(b, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
        before = last
    return row[-1]


def _tidied(counts: Mapping[str, int]) -> Counter[str]:
    tidied: Counter[str] = Counter()
    for value, count in counts.items():
        tidied[tidy(value)] += count
    return tidied


def variants(values: Iterable[str]) -> dict[str, list[str]]:
    """Group spellings that differ only in case and blanks; groups of one are left out."""
    groups: dict[str, list[str]] = {}
    for value in values:
        groups.setdefault(tidy(value).casefold(), []).append(value)
    return {key: sorted(group) for key, group in groups.items() if len(group) > 1}
