"""The cells of a frame as text: a common precision a column, missing values said as such."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlplayground.ui.escape import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = "–"
_LONGEST = 200
_SAMPLE = 1000


class Cells:
    """Formats the cells of one frame.

    Attributes
    ----------
    names : list of str
        Column names as text.
    numeric : list of bool
        Which columns are numbers, hence right-aligned.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self.names = [plain(name) for name in frame.columns]
        self.numeric = [is_number(frame.iloc[:, place]) for place in range(frame.shape[1])]
        self._decimals = [
            decimals(frame.iloc[:, place]) if numeric else 0
            for place, numeric in enumerate(self.numeric)
        ]

        self._days = [has_only_days(frame.iloc[:, place]) for place in range(frame.shape[1])]

    def rows(self, positions: Iterable[int] | NDArray[np.intp]) -> list[list[str]]:
        """The rows at these positions, as text."""
        chosen = self._frame.iloc[np.asarray(list(positions), dtype=np.intp)]
        columns = [self._texts(chosen.iloc[:, place], place) for place in range(chosen.shape[1])]
        return [list(row) for row in zip(*columns, strict=True)] if columns else []

    def _texts(self, column: pd.Series[Any], place: int) -> Sequence[str]:
        missing = column.isna().to_numpy()
        if self._days[place]:
            days = column.dt.strftime("%Y-%m-%d")
            return [MISSING if gone else day for day, gone in zip(days, missing, strict=True)]
        digits = self._decimals[place] if self.numeric[place] else None
        return [
            MISSING if gone else _text(value, digits)
            for value, gone in zip(column.tolist(), missing, strict=True)
        ]


def is_number(column: pd.Series[Any]) -> bool:
    """Whether the column holds numbers (booleans are words)."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def has_only_days(column: pd.Series[Any]) -> bool:
    """Whether the column holds times that are all at midnight, judged by its first 1,000."""
    if not pd.api.types.is_datetime64_any_dtype(column):
        return False
    times = column.head(_SAMPLE).dropna()
    return bool((times == times.dt.normalize()).all())


def decimals(column: pd.Series[Any]) -> int:
    """How many decimals all cells of the column are written with, at most 4.

    As many as the values at its beginning have, as far as three significant digits of the
    typical one need them.
    """
    if pd.api.types.is_integer_dtype(column) or pd.api.types.is_complex_dtype(column):
        return 0
    values = column.head(_SAMPLE).dropna().to_numpy(dtype=float)
    values = np.abs(values[np.isfinite(values)])
    if not values.size or np.all(values == np.round(values)):
        return 0
    typical = float(np.median(values[values > 0])) if np.any(values > 0) else 1.0
    needed = max(1, 2 - math.floor(math.log10(typical)))
    for digits in range(1, 4):
        if np.allclose(values, np.round(values, digits), rtol=0, atol=1e-9):
            return min(digits, max(needed, 1)) if digits > 2 else digits
    return min(4, needed)


def _text(value: Any, digits: int | None) -> str:
    if digits is None or isinstance(value, complex):
        text = plain(value)
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= 1e15 or (value != 0 and abs(value) < 10.0**-digits / 2 and digits >= 4):
        return f"{value:.2e}".replace("-", "−")
    return f"{value:,.{digits}f}".replace("-", "−")
