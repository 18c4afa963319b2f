"""A table at a glance: what each column holds, what is missing, how values are spread."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.errors import ColumnError
from mlplayground.modeling.histogram import Histogram, histogram
from mlplayground.modeling.kinds import Coded, ColumnKind, code, guess_kind

TOP = 10


@dataclass(frozen=True, slots=True)
class ValueCount:
    """One value of a column as text (at most 200 characters), and how often it is there."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What is known of one column.

    Attributes
    ----------
    name : hashable
        The label as it stands in the frame; not unique there, perhaps, and not text.
    position : int
        From 0; what identifies the column where the name does not.
    dtype : str
    kind : ColumnKind
    count, missing, unique : int
        Cells with a value, cells without, distinct values.
    stats : mapping of str to float
        For numbers: mean, std, min, q25, median, q75, max, skew, zeros, negative, infinite,
        over finite values, as far as they are finite. For text: mean_length, max_length,
        mean_words, over at most 400 distinct values.
    span : (str, str) or None
        First and last date in ISO form.
    top : tuple of ValueCount
        The ten commonest values.
    histogram : Histogram or None
    flags : tuple of str
        Of ``duplicate_name, mostly_missing, nearly_constant, high_cardinality, skewed,
        many_zeros, infinite, mixed_types, unhashable``.
    """

    name: Hashable
    position: int
    dtype: str
    kind: ColumnKind
    count: int
    missing: int
    unique: int
    stats: Mapping[str, float]
    span: tuple[str, str] | None
    top: tuple[ValueCount, ...]
    histogram: Histogram | None
    flags: tuple[str, ...]

    @property
    def missing_share(self) -> float:
        """Share of the cells that are missing, 0 for a table without rows."""
        return self.missing / max(1, self.missing + self.count)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data; a name that is no text is written as text."""
        data = asdict(self)
        return {**data, "name": _label(self.name), "kind": str(self.kind)}


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole table at a glance; see :func:`profile`."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    duplicate_rows: int
    missing_cells: int
    memory_bytes: int
    target: Hashable | None = None

    def column(self, name: Hashable) -> ColumnProfile:
        """Return the first column of that name; raises ``ColumnError`` if there is none."""
        for column in self.columns:
            if type(column.name) is type(name) and column.name == name:
                return column
        names = ", ".join(repr(column.name) for column in self.columns[:12])
        raise ColumnError(f"There is no column {name!r}. The table has: {names or 'none'}.")

    @property
    def missing_share(self) -> float:
        """Share of all cells that are missing, 0 for a table without cells."""
        return self.missing_cells / max(1, self.rows * len(self.columns))

    def of_kind(self, *kinds: ColumnKind) -> tuple[ColumnProfile, ...]:
        """Return the columns of these kinds, in the order of the table."""
        return tuple(column for column in self.columns if column.kind in kinds)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        return {
            "rows": self.rows,
            "columns": [column.to_dict() for column in self.columns],
            "duplicate_rows": self.duplicate_rows,
            "missing_cells": self.missing_cells,
            "memory_bytes": self.memory_bytes,
            "target": None if self.target is None else _label(self.target),
        }


def profile(frame: pd.DataFrame, target: Hashable | None = None) -> Profile:
    """Look at a table once, column by column.

    Parameters
    ----------
    frame : DataFrame
        Any: names may be missing, doubled or no text, cells may be of any type.
    target : hashable, optional
        The column that is to be predicted.

    Returns
    -------
    Profile

    Raises
    ------
    ColumnError
        If there is no column `target`.

    Examples
    --------
    >>> seen = profile(pd.DataFrame({"age": [31, 40, None], "city": ["Bern", "Bern", "Genf"]}))
    >>> [(c.name, str(c.kind), c.missing) for c in seen.columns]
    [('age', 'numeric', 1), ('city', 'categorical', 0)]
    """
    coded = [code(frame.iloc[:, place]) for place in range(frame.shape[1])]
    repeated = frame.columns.duplicated(keep=False)
    columns = tuple(
        _profile_column(frame.iloc[:, place], seen, place, bool(repeated[place]))
        for place, seen in enumerate(coded)
    )
    seen = Profile(
        rows=len(frame),
        columns=columns,
        duplicate_rows=int(duplicated([c.codes for c in coded], len(frame)).sum()),
        missing_cells=sum(column.missing for column in columns),
        memory_bytes=_memory(frame),
        target=target,
    )
    if target is not None:
        seen.column(target)
    return seen


def duplicated(coded: Sequence[npt.NDArray[np.intp]], rows: int) -> npt.NDArray[np.bool_]:
    """Mark each row whose codes are those of an earlier one.

    Rows are compared by a 64-bit hash of their codes, mixed as in splitmix64 (Steele et
    al. 2014): two different rows of a million are taken for equal once in 10 million tables.
    """
    if not coded:
        return np.zeros(rows, dtype=bool)
    mixed = np.zeros(rows, dtype=np.uint64)
    for codes in coded:
        mixed = _mix(mixed * np.uint64(0x9E3779B97F4A7C15) + (codes + 2).astype(np.uint64))
    firsts = np.unique(mixed, return_index=True)[1]
    again = np.ones(rows, dtype=bool)
    again[firsts] = False
    return again


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _profile_column(
    column: pd.Series[Any], coded: Coded, position: int, repeated: bool
) -> ColumnProfile:
    kind = guess_kind(coded, column.name)
    count = coded.count
    stats = _stats(coded)
    top = coded.most_common(TOP)
    return ColumnProfile(
        name=column.name,
        position=position,
        dtype=str(column.dtype),
        kind=kind,
        count=count,
        missing=len(coded.codes) - count,
        unique=len(coded.values),
        stats=stats,
        span=_span(coded.dates),
        top=tuple(ValueCount(_text(value), times) for value, times in top),
        histogram=histogram(coded),
        flags=tuple(_flags(coded, kind, stats, repeated, top)),
    )


def _flags(
    coded: Coded,
    kind: ColumnKind,
    stats: Mapping[str, float],
    repeated: bool,
    top: list[tuple[Any, int]],
) -> list[str]:
    rows, count, distinct = len(coded.codes), coded.count, len(coded.values)
    checks = {
        "duplicate_name": repeated,
        "mostly_missing": 0 < count < rows / 2,
        "nearly_constant": distinct > 1 and count >= 50 and top[0][1] >= 0.99 * count,
        "high_cardinality": kind is ColumnKind.CATEGORICAL and distinct > 50,
        "skewed": kind is ColumnKind.NUMERIC and abs(stats.get("skew", 0)) > 2,
        "many_zeros": kind is ColumnKind.NUMERIC and stats.get("zeros", 0) >= max(1, count / 2),
        "infinite": stats.get("infinite", 0) > 0,
        "mixed_types": coded.inferred.startswith("mixed") and coded.numbers is None,
        "unhashable": not coded.hashable,
    }
    return [flag for flag, holds in checks.items() if holds]


def _stats(coded: Coded) -> dict[str, float]:
    if coded.numbers is not None:
        return _number_stats(coded.numbers)
    texts = coded.sample_texts()
    if not texts:
        return {}
    lengths = [len(text) for text in texts]
    return {
        "mean_length": float(np.mean(lengths)),
        "max_length": float(max(lengths)),
        "mean_words": float(np.mean([len(text.split()) for text in texts])),
    }


def _number_stats(numbers: npt.NDArray[np.float64]) -> dict[str, float]:
    values = numbers[np.isfinite(numbers)]
    infinite = float(np.isinf(numbers).sum())
    if not len(values):
        return {"infinite": infinite}
    with np.errstate(all="ignore"):
        low, q25, median, q75, high = np.quantile(values, [0, 0.25, 0.5, 0.75, 1])
        mean, std = values.mean(), values.std(ddof=1) if len(values) > 1 else 0.0
        skew = np.mean(((values - mean) / std) ** 3) if std > 0 else 0.0
    stats = {
        "mean": mean,
        "std": std,
        "min": low,
        "q25": q25,
        "median": median,
        "q75": q75,
        "max": high,
        "skew": skew,
        "zeros": (values == 0).sum(),
        "negative": (values < 0).sum(),
        "infinite": infinite,
    }
    return {name: float(value) for name, value in stats.items() if np.isfinite(value)}


def _span(dates: pd.Series[Any] | None) -> tuple[str, str] | None:
    if dates is None or not dates.notna().any():
        return None
    return dates.min().isoformat(), dates.max().isoformat()


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return f"{value:.0f}" if abs(float(value)) < 1e15 else str(value)
    return str(value)[:200]


def _label(name: Hashable) -> str | int:
    return name if isinstance(name, str) or type(name) is int else str(name)


def _memory(frame: pd.DataFrame) -> int:
    """Estimate the bytes that a frame takes, objects from a sample of 1,000 rows."""
    if not len(frame):
        return 0
    sample = frame.iloc[:: max(1, len(frame) // 1000)]
    return int(sample.memory_usage(deep=True).sum() * len(frame) / len(sample))
