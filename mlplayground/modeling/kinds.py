"""What a column holds: a first guess from its dtype, its values and its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.modeling.dates import covering_formats

_SAMPLE = 400
_ID_NAME = re.compile(r"(^|[^a-z])(id|ids|uuid|guid|key|index|rownames?|row)$")
_KEY_NAME = re.compile(r"(^|_| )id$")
_CODE_NAME = re.compile(r"(^|[^a-z])(class|code|zip|zipcode|postcode|type|category|grade)$")
_TRUTH = frozenset({"yes", "no", "true", "false", "y", "n", "t", "f", "on", "off"})


class ColumnKind(StrEnum):
    """The kinds of column that are told apart."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    DATETIME = "datetime"
    TEXT = "text"
    BOOLEAN = "boolean"
    IDENTIFIER = "identifier"
    CONSTANT = "constant"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as codes into its distinct values; -1 is missing.

    Attributes
    ----------
    codes : array of int, shape (n_rows,)
    values : array, shape (n_distinct,)
        In order of first appearance. Cells that cannot be hashed stand here as text.
    counts : array of int, shape (n_distinct,)
    numbers : array of float, shape (n_rows,), or None
        The column as numbers (NaN missing), where it holds numbers: times of day as
        seconds, integers beyond 64 bits rounded.
    dates : Series of datetime64, or None
        The column as dates, where its cells are dates (not text that reads like one).
    inferred : str
        What ``pandas.api.types.infer_dtype`` says.
    hashable : bool
    """

    codes: npt.NDArray[np.intp]
    values: npt.NDArray[Any]
    counts: npt.NDArray[np.intp]
    numbers: npt.NDArray[np.float64] | None
    dates: pd.Series[Any] | None
    inferred: str
    hashable: bool

    @property
    def count(self) -> int:
        """Number of cells that are not missing."""
        return int(self.counts.sum())

    def most_common(self, k: int) -> list[tuple[Any, int]]:
        """Return the `k` commonest values with their counts; ties in order of appearance."""
        order = np.argsort(-self.counts, kind="stable")[:k]
        return [(self.values[i], int(self.counts[i])) for i in order]

    def sample_texts(self) -> list[str]:
        """Return up to 400 distinct texts, evenly spread over the order of appearance."""
        step = max(1, len(self.values) // _SAMPLE)
        return [value for value in self.values[::step][:_SAMPLE] if isinstance(value, str)]


def code(column: pd.Series[Any]) -> Coded:
    """Sort out what a column holds; works on anything that pandas can hold."""
    if isinstance(column.dtype, pd.SparseDtype):
        column = pd.Series(np.asarray(column), column.index)
    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.dt.to_timestamp()
    inferred = pd.api.types.infer_dtype(column, skipna=True)
    hashable = True
    try:
        codes, distinct = pd.factorize(column)
    except TypeError:
        hashable = False
        codes, distinct = pd.factorize(column.map(repr, na_action="ignore"))
    values = np.asarray(distinct)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    return Coded(
        codes, values, counts, _numbers(column, inferred), _dates(column), inferred, hashable
    )


def guess_kind(coded: Coded, name: object) -> ColumnKind:
    """Guess what a column is, from its values first and its name second."""
    distinct, missing = len(coded.values), int((coded.codes < 0).sum())
    if distinct == 0:
        return ColumnKind.EMPTY
    if distinct == 1 and not missing:
        return ColumnKind.CONSTANT
    if coded.dates is not None:
        return ColumnKind.DATETIME
    if coded.inferred == "boolean":
        return ColumnKind.BOOLEAN
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)).lower()
    if coded.numbers is not None:
        return _kind_of_numbers(coded, words)
    return _kind_of_texts(coded, words)


def _kind_of_numbers(coded: Coded, name: str) -> ColumnKind:
    values = np.asarray(coded.values, dtype="float64") if _plain(coded) else _finite(coded)
    whole = bool(np.all(np.isfinite(values)) and np.all(values == np.floor(values)))
    distinct, count = len(values), coded.count
    if distinct == 2 and set(values.tolist()) == {0.0, 1.0}:
        return ColumnKind.BOOLEAN
    if whole and distinct == count and count == len(coded.codes) and count >= 20:
        consecutive = values.max() - values.min() + 1 == count
        if _ID_NAME.search(name) or (consecutive and bool(np.all(np.diff(values) == 1))):
            return ColumnKind.IDENTIFIER
    if whole and count >= 20 and _KEY_NAME.search(name):
        # The key of another table: it names things, each of them more than once.
        return ColumnKind.IDENTIFIER if distinct > count / 2 else ColumnKind.CATEGORICAL
    if distinct == 1 or (whole and ((distinct == 2 and count >= 10) or _CODE_NAME.search(name))):
        return ColumnKind.CATEGORICAL
    return ColumnKind.NUMERIC


def _kind_of_texts(coded: Coded, name: str) -> ColumnKind:
    distinct, count = len(coded.values), coded.count
    texts = coded.sample_texts()
    if distinct == 2 and {str(value).strip().casefold() for value in coded.values} <= _TRUTH:
        return ColumnKind.BOOLEAN
    if texts and covering_formats(texts)[1] >= 0.9:
        return ColumnKind.DATETIME
    words = float(np.mean([len(text.split()) for text in texts])) if texts else 1.0
    if distinct >= 0.99 * count and count >= 20 and words < 1.5 and _look_like_keys(texts, name):
        return ColumnKind.IDENTIFIER
    few = distinct <= 30 and distinct <= max(5, count / 2)
    if (few or distinct <= 0.1 * count) and words <= 8:
        return ColumnKind.CATEGORICAL
    # Whole sentences are categories where they come again and again, as in a survey.
    if distinct <= 30 and distinct <= 0.05 * count:
        return ColumnKind.CATEGORICAL
    return ColumnKind.TEXT


def _look_like_keys(texts: Sequence[str], name: str) -> bool:
    if not texts:
        return False
    if _ID_NAME.search(name):
        return True
    return sum(any(char.isdigit() for char in text) for text in texts) >= 0.8 * len(texts)


def _numbers(column: pd.Series[Any], inferred: str) -> npt.NDArray[np.float64] | None:
    dtype: Any = column.dtype
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_complex_dtype(dtype):
        return None
    if pd.api.types.is_timedelta64_dtype(dtype):
        return np.asarray(column.dt.total_seconds(), dtype="float64")
    if pd.api.types.is_numeric_dtype(dtype):
        return column.to_numpy(dtype="float64", na_value=np.nan)
    if pd.api.types.is_object_dtype(dtype) and inferred in (
        "integer",
        "floating",
        "mixed-integer-float",
        "decimal",
    ):
        return np.array([_float(value) for value in column], dtype="float64")
    return None


def _float(value: Any) -> float:
    # Whole numbers may lie beyond 64 bits, and even beyond what a float can hold.
    try:
        return float("nan") if value is None or value is pd.NA else float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _dates(column: pd.Series[Any]) -> pd.Series[Any] | None:
    dates: pd.Series[Any]
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        dates = column.dt.tz_convert("UTC").dt.tz_localize(None)
        return dates
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column
    if pd.api.types.is_object_dtype(column.dtype) and pd.api.types.infer_dtype(
        column, skipna=True
    ) in ("datetime", "datetime64", "date"):
        dates = pd.to_datetime(column, errors="coerce", utc=True).dt.tz_localize(None)
        return dates
    return None


def _plain(coded: Coded) -> bool:
    return coded.values.dtype.kind in "iuf"


def _finite(coded: Coded) -> npt.NDArray[np.float64]:
    assert coded.numbers is not None
    firsts = np.unique(coded.codes, return_index=True)
    return coded.numbers[firsts[1][firsts[0] >= 0]]
