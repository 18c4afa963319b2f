"""Operations that drop columns or change their type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes.operation import Operation, cell, column_of, register, with_column
from mlplayground.recipes.values import ColumnName, literal

_TRUE = ("true", "yes", "y", "t", "1", "1.0", "on")
_FALSE = ("false", "no", "n", "f", "0", "0.0", "off")


@register
@dataclass(frozen=True)
class DropColumns(Operation):
    """Leave out columns; a table must have each of them."""

    columns: tuple[ColumnName, ...]

    name = "drop_columns"
    kind = "column"

    def _check(self) -> None:
        if not self.columns:
            raise InputError("Name at least one column to drop.")

    def title(self) -> str:
        return "Drop " + ", ".join(f"`{name}`" for name in self.columns)

    def touched(self) -> tuple[ColumnName, ...]:
        return self.columns

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        return frame.drop(columns=list(self.columns))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        return f"{df} = {df}.drop(columns={literal(self.columns)})"


@register
@dataclass(frozen=True)
class ConvertType(Operation):
    """Change a column's type without losing a value.

    ``text`` keeps missing cells missing; ``boolean`` knows yes/no, true/false, y/n, t/f,
    on/off and 1/0 in any case. A cell that does not fit is refused, not dropped: see
    ``ParseNumbers`` for text that merely contains numbers.
    """

    column: ColumnName
    to: Literal["text", "number", "integer", "boolean", "category"]

    name = "convert_type"
    kind = "column"

    def title(self) -> str:
        return f"Turn `{self.column}` into {self.to}"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        column = column_of(frame, self.column)
        return with_column(frame, self.column, self._convert(column))

    def _convert(self, column: pd.Series[Any]) -> pd.Series[Any]:
        if self.to == "text":
            return column.map(str, na_action="ignore").astype(object)
        if self.to == "number":
            return pd.to_numeric(column).astype("float64")
        if self.to == "integer":
            numbers = pd.to_numeric(column)
            if pd.api.types.is_float_dtype(numbers.dtype) and (numbers.abs() >= 2**63).any():
                raise ColumnError(f"`{self.column}` has numbers beyond 64 bits; keep them as text.")
            return numbers.astype("Int64")
        if self.to == "category":
            return column.astype("category")
        known = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}
        truth = column.astype(object).map(lambda value: known.get(str(value).strip().lower()))
        strange = column[truth.isna() & column.notna()]
        if len(strange):
            raise ColumnError(
                f"`{self.column}` cannot be turned into truth values: {len(strange)} cells are "
                f"neither yes nor no, the first is {str(strange.iloc[0])[:40]!r}."
            )
        return truth.astype("boolean")

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        this = cell(df, self.column)
        if self.to == "boolean":
            return (
                f"known = dict.fromkeys({literal(_TRUE)}, True)\n"
                f"known.update(dict.fromkeys({literal(_FALSE)}, False))\n"
                f"{this} = {this}.astype(object).map(\n"
                f"    lambda cell: known.get(str(cell).strip().lower())\n"
                f').astype("boolean")'
            )
        changed = {
            "text": f'{this}.map(str, na_action="ignore").astype(object)',
            "number": f'pd.to_numeric({this}).astype("float64")',
            "integer": f'pd.to_numeric({this}).astype("Int64")',
            "category": f'{this}.astype("category")',
        }
        return f"{this} = {changed[self.to]}"
