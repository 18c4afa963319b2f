"""Operations on dates that were written as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes.operation import Operation, cell, column_of, register, with_column
from mlplayground.recipes.values import ColumnName, literal


@register
@dataclass(frozen=True)
class ParseDates(Operation):
    """Read dates of declared formats; the first format that fits a cell wins.

    Parameters
    ----------
    formats : tuple of str
        In ``strptime``'s words, such as ``%d/%m/%Y``. They are declared, never guessed:
        03/04/2024 is March in one country and April in the next.
    others : {"refuse", "missing"}
        What to do with a cell that fits none: name it as an error, or make it missing.
    """

    column: ColumnName
    formats: tuple[str, ...]
    others: Literal["refuse", "missing"] = "refuse"

    name = "parse_dates"
    kind = "column"

    def _check(self) -> None:
        if not self.formats or any("%z" in style or "%Z" in style for style in self.formats):
            raise InputError("Give at least one date format, such as '%d/%m/%Y', without a zone.")

    def title(self) -> str:
        return f"Read the dates in `{self.column}`"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        self._dates(column_of(frame, self.column))
        return {}

    def _dates(self, column: pd.Series[Any]) -> pd.Series[Any]:
        text = column.map(str, na_action="ignore").astype(object)
        dates = pd.to_datetime(text, format=self.formats[0], errors="coerce")
        for style in self.formats[1:]:
            dates = dates.fillna(pd.to_datetime(text, format=style, errors="coerce"))
        lost = (dates.isna() & column.notna()).to_numpy()
        if lost.any() and self.others == "refuse":
            first = int(lost.argmax())
            raise ColumnError(
                f"`{self.column}` does not fit {' or '.join(self.formats)} in {lost.sum():,} of "
                f"{len(lost):,} rows; the first is row {first}: {str(column.iloc[first])[:40]!r}."
            )
        return dates

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        return with_column(frame, self.column, self._dates(column_of(frame, self.column)))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        this = cell(df, self.column)
        lines = [
            f'text = {this}.map(str, na_action="ignore").astype(object)',
            f'dates = pd.to_datetime(text, format={literal(self.formats[0])}, errors="coerce")',
        ]
        for style in self.formats[1:]:
            other = f'pd.to_datetime(text, format={literal(style)}, errors="coerce")'
            lines.append(f"dates = dates.fillna({other})")
        return "\n".join([*lines, f"{this} = dates"])
