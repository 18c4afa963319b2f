"""Operations that find numbers in text, and that hold numbers within limits."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
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
from mlplayground.recipes.values import ColumnName, literal


@register
@dataclass(frozen=True)
class ParseNumbers(Operation):
    """Read numbers that were written as text: ``1,234 USD``, ``12%``, ``3,5``.

    A unit before or after the number is dropped, a per cent sign divides by 100. The
    result is of dtype float64; cells that are numbers already stay.

    Parameters
    ----------
    decimal : {".", ","}
        The decimal mark; the other one, blanks and apostrophes then separate thousands.
    others : {"refuse", "missing"}
        What to do with text that holds no number, or two units: name the first such cell
        as an error, or make them missing.
    """

    column: ColumnName
    decimal: Literal[".", ","] = "."
    others: Literal["refuse", "missing"] = "refuse"

    name = "parse_numbers"
    kind = "column"

    def title(self) -> str:
        return f"Read the numbers in `{self.column}`"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        self._numbers(column_of(frame, self.column))
        return {}

    def _numbers(self, column: pd.Series[Any]) -> pd.Series[Any]:
        numbers = column.astype(object).map(lambda value: to_number(value, self.decimal))
        numbers = numbers.astype("float64")
        lost = (numbers.isna() & column.notna()).to_numpy()
        if lost.any() and self.others == "refuse":
            first = int(lost.argmax())
            raise ColumnError(
                f"`{self.column}` holds text that is no number in {lost.sum():,} of {len(lost):,} "
                f"rows; the first is row {first}: {str(column.iloc[first])[:40]!r}. Repair it, "
                "or allow it to become missing."
            )
        return numbers

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        return with_column(frame, self.column, self._numbers(column_of(frame, self.column)))

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        this = cell(df, self.column)
        return (
            f"{inspect.getsource(to_number)}\n"
            f"{this} = {this}.astype(object).map(\n"
            f'    lambda cell: to_number(cell, decimal="{self.decimal}")\n).astype("float64")'
        )


# Printed into the learner's code as it stands here, so it needs nothing around it.
def to_number(cell: object, decimal: str = ".") -> float:
    """Read one cell as a number; NaN where it holds none, or one between two units."""
    import re

    if not isinstance(cell, str):
        if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
            return float(cell)
        return float("nan")
    found = re.fullmatch(
        r"(?P<before>[^\w\s+\-.,()]{0,3}|[A-Z]{3}\s)\s*"
        r"(?P<number>[+-]?(?:\d[\d.,' _\u00a0\u202f]*|[.,]\d+)(?:[eE][+-]?\d+)?)"
        r"\s*(?P<after>[^\d\s+\-,()]{0,12})",
        cell.strip(),
    )
    if found is None or (found["before"] and found["after"] not in ("", "%")):
        return float("nan")
    digits = re.sub(r"[' _\u00a0\u202f]", "", found["number"])
    digits = digits.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    try:
        return float(digits) / (100 if found["after"] == "%" else 1)
    except ValueError:
        return float("nan")


def units(texts: Iterable[str]) -> set[str]:
    """Name the units that stand beside the numbers in `texts`, without case and full stop."""
    found = (_UNIT.fullmatch(text.strip()) for text in texts)
    named = {(m["before"] + m["after"]).casefold().strip(". ") for m in found if m}
    return named - {""}


_UNIT = re.compile(r"(?P<before>[^\d+\-.,()]*)[+-]?[\d.,' _\u00a0\u202f]*(?P<after>[^\d+\-,()]*)")


@register
@dataclass(frozen=True)
class Limit(Operation):
    """Hold a numeric column within limits, learned or declared.

    Parameters
    ----------
    low, high : float, optional
        Limits that are known, such as 0 for an age. One that is None is learned by
        :func:`ordinary_range`.
    outside : {"clip", "missing"}
        Whether a value beyond a limit becomes the limit, or missing.
    """

    column: ColumnName
    low: float | None = None
    high: float | None = None
    outside: Literal["clip", "missing"] = "clip"

    name = "limit"
    kind = "column"
    learns: ClassVar[Mapping[str, Any]] = {"low": float | None, "high": float | None}

    def _check(self) -> None:
        for limit in (self.low, self.high):
            if limit is not None and not np.isfinite(limit):
                raise InputError(f"A limit must be a finite number, not {limit}.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise InputError(f"The lower limit {self.low:g} lies above the upper {self.high:g}.")

    def title(self) -> str:
        verb = "Clip" if self.outside == "clip" else "Make missing"
        return f"{verb} extreme values of `{self.column}`"

    def touched(self) -> tuple[ColumnName, ...]:
        return (self.column,)

    def _learn(self, frame: pd.DataFrame) -> dict[str, Any]:
        column = _numeric(column_of(frame, self.column), self.column)
        low, high = ordinary_range(column.dropna().to_numpy(dtype="float64"))
        low = low if self.low is None else self.low
        high = high if self.high is None else self.high
        return {"low": _limit(low, column, math.ceil), "high": _limit(high, column, math.floor)}

    def _apply(self, frame: pd.DataFrame, learned: Mapping[str, Any]) -> pd.DataFrame:
        column = _numeric(column_of(frame, self.column), self.column)
        low, high = learned["low"], learned["high"]
        if self.outside == "clip":
            return with_column(frame, self.column, column.clip(low, high))
        if low is not None:
            column = column.mask(column < low)
        if high is not None:
            column = column.mask(column > high)
        return with_column(frame, self.column, column)

    def _source(self, df: str, learned: Mapping[str, Any]) -> str:
        this, low, high = cell(df, self.column), learned["low"], learned["high"]
        if self.outside == "clip":
            return f"{this} = {this}.clip({literal(low)}, {literal(high)})"
        lines = []
        if low is not None:
            lines.append(f"{this} = {this}.mask({this} < {literal(low)})")
        if high is not None:
            lines.append(f"{this} = {this}.mask({this} > {literal(high)})")
        return "\n".join(lines)


def ordinary_range(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Find the smallest and largest value that is not far out.

    A value is far out if it lies more than three interquartile ranges beyond the quartiles
    (Tukey 1977) of the *distinct* values; in a column without negative values also more than
    two beyond those of their logarithms (three, of cube roots, where there are zeros). So
    neither a column of mostly zeros nor one with a long tail makes its ordinary values
    strange. Repeated until nothing more is far out: clipping to the result leaves nothing to
    clip.

    Returns
    -------
    (low, high) : tuple of float
        ``(-inf, inf)`` where there are fewer than ten distinct finite values.
    """
    distinct = np.unique(values[np.isfinite(values)])
    if len(distinct) < 10:
        return float("-inf"), float("inf")
    while True:
        within = _within(distinct, 3.0)
        if distinct[0] >= 0:
            bent = np.log(distinct) if distinct[0] > 0 else np.cbrt(distinct)
            within |= _within(bent, 2.0 if distinct[0] > 0 else 3.0)
        inside = distinct[within]
        if len(inside) == len(distinct):
            return float(inside[0]), float(inside[-1])
        distinct = inside


def _within(values: npt.NDArray[np.float64], reach: float) -> npt.NDArray[np.bool_]:
    with np.errstate(over="ignore", invalid="ignore"):
        first, third = np.quantile(values, [0.25, 0.75])
        margin = reach * (third - first)
        # Where the range is beyond what a float can hold, nothing can be far out.
        outside: npt.NDArray[np.bool_] = (values < first - margin) | (values > third + margin)
    return ~outside


def _limit(limit: float, column: pd.Series[Any], inwards: Callable[[float], int]) -> float | None:
    """Return a limit of the column's own kind, so that clipping does not change its type."""
    if not np.isfinite(limit):
        return None
    if not pd.api.types.is_integer_dtype(column.dtype):
        return float(limit)
    whole = inwards(limit)
    span = np.iinfo(np.dtype(str(column.dtype).lower()))
    return whole if span.min <= whole <= span.max else None


def _numeric(column: pd.Series[Any], name: ColumnName) -> pd.Series[Any]:
    if not is_number(column):
        raise ColumnError(
            f"Limits need numbers, and `{name}` is {column.dtype}. Read its numbers first."
        )
    return column
