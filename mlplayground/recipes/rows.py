"""Operations on whole rows; for training rows only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from mlplayground.errors import ColumnError
from mlplayground.recipes.operation import Operation, column_of, register
from mlplayground.recipes.values import ColumnName, literal


@register
@dataclass(frozen=True)
class DropDuplicateRows(Operation):
    """Keep the first of rows that are equal in every column.

    Cells that cannot be compared as they are (lists, dicts) are compared as text.

    Parameters
    ----------
    ignore : tuple of names
        Columns that may differ, such as a running number.
    """

    ignore: tuple[ColumnName, ...] = ()

    name = "drop_duplicate_rows"
    kind = "row"
    learns: ClassVar[Mapping[str, Any]] = {"as_text": tuple[int, ...]}

    def title(self) -> str:
        if not self.ignore:
            return "Drop duplicate rows"
        return "Drop rows that differ only in " + ", ".join(f"`{name}`" for name in self.ignore)

    def touched(self) -> tuple[ColumnName, ...]:
        return self.ignore

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        key = self._key(frame)
        return {"as_text": tuple(i for i in range(key.shape[1]) if _unhashable(key.iloc[:, i]))}

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        key = self._key(frame)
        for place in learned["as_text"]:
            key.isetitem(place, key.iloc[:, place].map(str))
        return frame[~key.duplicated()].copy()

    def _key(self, frame: pd.DataFrame) -> pd.DataFrame:
        for column in self.ignore:
            column_of(frame, column)
        if frame.shape[1] <= len(self.ignore):
            raise ColumnError("There is no column to compare the rows by.")
        return frame.drop(columns=list(self.ignore))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        if not learned["as_text"] and not self.ignore:
            return f"{df} = {df}.drop_duplicates()"
        lines = [f"key = {df}.drop(columns={literal(self.ignore)})"]
        lines += [f"key.isetitem({i}, key.iloc[:, {i}].map(str))" for i in learned["as_text"]]
        return "\n".join([*lines, f"{df} = {df}[~key.duplicated()].copy()"])


@register
@dataclass(frozen=True)
class DropMissingRows(Operation):
    """Drop the rows that have no value in one column, usually the target."""

    column: ColumnName

    name = "drop_missing_rows"
    kind = "row"

    def title(self) -> str:
        return f"Drop rows without `{self.column}`"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        return frame[column_of(frame, self.column).notna()].copy()

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        return f"{df} = {df}.dropna(subset=[{literal(self.column)}])"


def _unhashable(column: pd.Series[Any]) -> bool:
    try:
        pd.factorize(column)
    except TypeError:
        return True
    return False
