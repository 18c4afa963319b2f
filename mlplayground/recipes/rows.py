"""Operations on whole rows; for training rows only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from mlplayground.recipes.operation import Operation, cell, column_of, register
from mlplayground.recipes.values import ColumnName, literal


@register
@dataclass(frozen=True)
class DropDuplicateRows(Operation):
    """Keep the first of rows that are equal in every column.

    Cells that cannot be compared as they are (lists, dicts) are compared as text.
    """

    name = "drop_duplicate_rows"
    kind = "row"
    learns: ClassVar[Mapping[str, Any]] = {"as_text": tuple[ColumnName, ...]}

    def title(self) -> str:
        return "Drop duplicate rows"

    def touched(self) -> tuple[ColumnName, ...]:
        return ()

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {"as_text": tuple(name for name in frame.columns if _unhashable(frame, name))}

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        key = frame.copy() if learned["as_text"] else frame
        for name in learned["as_text"]:
            key[name] = key[name].map(str)
        return frame[~key.duplicated()].copy()

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        if not learned["as_text"]:
            return f"{df} = {df}.drop_duplicates()"
        lines = [f"key = {df}.copy()"]
        lines += [f"{cell('key', c)} = {cell('key', c)}.map(str)" for c in learned["as_text"]]
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


def _unhashable(frame: pd.DataFrame, name: ColumnName) -> bool:
    column = column_of(frame, name)
    if column.dtype != object:
        return False
    try:
        pd.factorize(column)
    except TypeError:
        return True
    return False
