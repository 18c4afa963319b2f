"""Operations on cells that are missing, openly or behind a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes.operation import (
    Operation,
    cell,
    column_of,
    is_number,
    register,
    with_column,
)
from mlplayground.recipes.values import CellValue, ColumnName, literal, plain

MISSING_TOKENS = (
    "",
    "-",
    "--",
    ".",
    "?",
    "#n/a",
    "#null!",
    "(null)",
    "<na>",
    "missing",
    "n.a.",
    "n/a",
    "na",
    "nan",
    "nil",
    "none",
    "not available",
    "null",
    "unknown",
)
"""Words that usually mean "no value", without case and surrounding blanks."""


@register
@dataclass(frozen=True)
class ReplaceMissingTokens(Operation):
    """Make cells missing that say so in words, such as ``?``, ``N/A``, ``-`` or blanks.

    Parameters
    ----------
    tokens : tuple of str
        Compared without case and surrounding blanks, with cells that are text.
    """

    column: ColumnName
    tokens: tuple[str, ...] = MISSING_TOKENS

    name = "replace_missing_tokens"
    kind = "column"

    def title(self) -> str:
        return f"Make missing-value words in `{self.column}` missing"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _keys(self) -> list[str]:
        return sorted({token.strip().casefold() for token in self.tokens})

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        column, keys = column_of(frame, self.column), set(self._keys())
        said = [isinstance(value, str) and value.strip().casefold() in keys for value in column]
        return with_column(frame, self.column, column.mask(np.array(said, dtype=bool)))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        this = cell(df, self.column)
        return (
            f"tokens = set({literal(self._keys())})\n"
            f"said = [isinstance(cell, str) and cell.strip().casefold() in tokens"
            f" for cell in {this}]\n"
            f"{this} = {this}.mask(np.array(said, dtype=bool))"
        )


@register
@dataclass(frozen=True)
class FillMissing(Operation):
    """Put one value into the missing cells of a column.

    Parameters
    ----------
    strategy : {"median", "mean", "most_frequent", "constant"}
        Median and mean need a numeric column; ties of the most frequent value go to the
        one that comes first in the table.
    value : cell value, optional
        What to fill in, for ``constant`` only.
    indicator : bool
        Whether a new last column ``<column>_missing`` says where a value was filled in.
    """

    column: ColumnName
    strategy: Literal["median", "mean", "most_frequent", "constant"] = "median"
    value: CellValue | None = None
    indicator: bool = False

    name = "fill_missing"
    kind = "column"
    learns: ClassVar[Mapping[str, Any]] = {
        "value": CellValue,
        "how": Literal["fill", "as_float", "new_category", "as_objects"],
    }

    def _check(self) -> None:
        if (self.strategy == "constant") != (self.value is not None):
            raise InputError("Give a value to fill in for strategy 'constant', and only for it.")

    def title(self) -> str:
        how = {
            "median": "its median",
            "mean": "its mean",
            "most_frequent": "its most frequent value",
            "constant": f"{self.value!s:.40}",
        }[self.strategy]
        return f"Fill missing `{self.column}` with {how}"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _flag(self) -> str:
        return f"{self.column}_missing"

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        column = column_of(frame, self.column)
        if self.indicator and self._flag() in frame.columns:
            raise ColumnError(f"There is a column {self._flag()!r} already; rename it first.")
        value = self._value_for(column)
        return {"value": value, "how": _how_to_fill(column, value)}

    def _value_for(self, column: pd.Series[Any]) -> CellValue:
        if self.strategy == "constant":
            assert self.value is not None
            return self.value
        known = column.dropna()
        if known.empty:
            raise ColumnError(
                f"`{self.column}` has no value at all, so there is nothing to learn a fill from. "
                "Drop the column, or fill it with a constant."
            )
        if self.strategy == "most_frequent":
            codes, values = pd.factorize(known)
            return plain(values[int(np.bincount(codes).argmax())])
        if not is_number(column):
            raise ColumnError(
                f"The {self.strategy} needs numbers, and `{self.column}` is {column.dtype}. "
                "Parse its numbers first, or use the most frequent value."
            )
        return plain(float(known.astype("float64").agg(self.strategy)))

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        column = column_of(frame, self.column)
        changed = with_column(frame, self.column, _filled(column, learned["value"], learned["how"]))
        if self.indicator:
            if self._flag() in frame.columns:
                raise ColumnError(f"There is a column {self._flag()!r} already.")
            changed[self._flag()] = column.isna()
        return changed

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        this = cell(df, self.column)
        value = literal(learned["value"])
        fill = {
            "fill": f"{this} = {this}.fillna({value})",
            "as_float": f'{this} = {this}.astype("Float64").fillna({value})',
            "new_category": f"{this} = {this}.cat.add_categories([{value}]).fillna({value})",
            "as_objects": f"{df}.loc[{this}.isna(), {literal(self.column)}] = {value}\n"
            f"{this} = {this}.infer_objects()",
        }[learned["how"]]
        if not self.indicator:
            return fill
        return f"{cell(df, self._flag())} = {this}.isna()\n{fill}"


def _filled(column: pd.Series[Any], value: CellValue, how: str) -> pd.Series[Any]:
    if how == "as_float":
        return column.astype("Float64").fillna(value)
    if how == "new_category":
        return column.cat.add_categories([value]).fillna(value)
    if how == "as_objects":
        # `fillna` would guess a new dtype here, which pandas is about to stop doing.
        changed = column.copy()
        changed[column.isna()] = value
        return changed.infer_objects()
    return column.fillna(value)


def _how_to_fill(column: pd.Series[Any], value: CellValue) -> str:
    """Say what a column needs before it can take `value`."""
    dtype: Any = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return "fill" if value in dtype.categories else "new_category"
    if pd.api.types.is_object_dtype(dtype):
        return "as_objects"
    nullable = isinstance(dtype, pd.api.extensions.ExtensionDtype)
    if nullable and pd.api.types.is_integer_dtype(dtype) and isinstance(value, float):
        return "fill" if value.is_integer() else "as_float"
    return "fill"
