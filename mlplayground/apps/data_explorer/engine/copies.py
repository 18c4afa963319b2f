"""Columns that say again what another one says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from mlplayground.apps.data_explorer.engine.column_view import ColumnView

AGREEMENT = 0.92
"""In how many of the rows a copy must agree with its original, beyond its commonest value."""
_SAMPLE = 1000
_TOLERANCE = 0.01


def find_copies(
    columns: Sequence[ColumnView], rows: npt.NDArray[np.bool_]
) -> Iterator[tuple[ColumnView, ColumnView, float]]:
    """Yield each column that repeats an earlier one, that one, and the share of rows that agree.

    Two columns of numbers agree in a row where the one is a straight line of the other, to
    a hundredth of its spread: so a copy in another unit, rounded, is found, and a few wrong
    cells do not hide it. Other columns agree where their values go together one to one.
    """
    places = np.flatnonzero(rows)
    places = places[:: max(1, len(places) // _SAMPLE)]
    if len(places) < 20:
        return
    numeric = [c for c in columns if c.numbers is not None and len(c.raw.values) > 2]
    others = [c for c in columns if c.numbers is None and len(c.raw.values) > 1]
    yield from _lines(numeric, places)
    yield from _relabelled(others, rows)


def _lines(
    columns: Sequence[ColumnView], places: npt.NDArray[np.intp]
) -> Iterator[tuple[ColumnView, ColumnView, float]]:
    if len(columns) < 2:
        return
    values = [np.asarray(c.numbers)[places] for c in columns]
    matrix = np.stack([_ranks(v) for v in values])
    likeness = np.abs(matrix @ matrix.T / matrix.shape[1])
    taken: set[int] = set()
    for later, earlier in zip(*np.nonzero(np.tril(likeness > 0.9, -1)), strict=True):
        if later in taken or earlier in taken:
            continue
        agreed = _agreement(values[earlier], values[later])
        if agreed:
            taken.add(int(later))
            yield columns[later], columns[earlier], agreed


def _agreement(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    """Return the share of rows on one line through most of them (after Theil 1950)."""
    both = np.isfinite(x) & np.isfinite(y)
    if both.mean() < 0.5:
        return 0.0
    x, y = x[both], y[both]
    half = len(x) // 2
    order = np.argsort(x, kind="stable")
    dx = x[order[-half:]] - x[order[:half]]
    slopes = (y[order[-half:]] - y[order[:half]])[dx > 0] / dx[dx > 0]
    spread = np.subtract(*np.quantile(y, [0.95, 0.05]))
    if not len(slopes) or not spread > 0:
        return 0.0
    slope = np.median(slopes)
    off = y - slope * x
    agreed = np.mean(np.abs(off - np.median(off)) <= _TOLERANCE * spread)
    # Where most rows have one value, agreeing in these is no agreement.
    usual = np.unique(y, return_counts=True)[1].max() / len(y)
    return float(agreed) if agreed - usual >= AGREEMENT * (1 - usual) else 0.0


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # Ranks, so that one wild value does not hide that two columns go together.
    ranks = pd.Series(values).rank().to_numpy()
    ranks = np.where(np.isnan(ranks), np.nanmean(ranks) if np.isfinite(ranks).any() else 0, ranks)
    spread = ranks.std()
    return np.asarray((ranks - ranks.mean()) / spread if spread > 0 else ranks * 0)


def _relabelled(
    columns: Sequence[ColumnView], rows: npt.NDArray[np.bool_]
) -> Iterator[tuple[ColumnView, ColumnView, float]]:
    seen: dict[bytes, ColumnView] = {}
    for column in columns:
        keys = column.keys[rows]
        codes = np.where(keys < 0, -1, pd.factorize(keys)[0])
        first = seen.setdefault(codes.tobytes(), column)
        if first is not column:
            yield column, first, 1.0
