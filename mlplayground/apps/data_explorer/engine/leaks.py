"""Columns that give the target away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.apps.data_explorer.engine.view import ColumnView, View
from mlplayground.modeling import ColumnKind

TELLING = 0.95
_SAMPLE = 20_000
_BINS = 20


def telling(view: View) -> Iterator[tuple[ColumnView, float, str]]:
    """Yield each column that alone predicts the target almost perfectly.

    A column is cut into at most 20 groups of equal size (a missing cell is a group), the
    target of every other row is learned for each group, and foretold for the rest: by the
    group's commonest class, or by its mean.

    Yields
    ------
    (column, power, measure)
        `power` is the share of the dummy's errors that the column takes away, or R².
    """
    goal = view.target
    assert goal is not None
    rows = np.flatnonzero(view.rows)[:_SAMPLE]
    if len(rows) < 40:
        return
    for column in view.measured:
        if column is goal:
            continue
        groups = _groups(column, rows)
        if goal.kind is ColumnKind.NUMERIC and goal.numbers is not None:
            power, measure = _explained(groups, goal.numbers[rows]), "R²"
        else:
            power = _errors_taken(groups, goal.keys[rows])
            measure = "share of the mistakes avoided"
        if power >= TELLING:
            yield column, power, measure


def _groups(column: ColumnView, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    if column.numbers is None or column.kind is not ColumnKind.NUMERIC:
        keys = column.keys[rows]
        # A group of fewer than five rows is learned by heart: all such are one group.
        small = np.bincount(keys + 1)[keys + 1] < 5
        return np.where(small, keys.max() + 1, keys) + 1
    ranks = pd.Series(column.numbers[rows]).rank(pct=True, method="average").to_numpy()
    return np.where(np.isnan(ranks), 0, np.ceil(np.nan_to_num(ranks) * _BINS)).astype(np.intp)


def _errors_taken(groups: npt.NDArray[np.intp], classes: npt.NDArray[np.intp]) -> float:
    table = pd.crosstab(groups[::2], classes[::2])
    if table.shape[1] < 2:
        return 0.0
    usual = table.sum().idxmax()
    foretold = pd.Series(groups[1::2]).map(table.idxmax(axis=1)).fillna(usual)
    wrong, dummy = (foretold != classes[1::2]).mean(), (classes[1::2] != usual).mean()
    return float(1 - wrong / dummy) if dummy > 0 else 0.0


def _explained(groups: npt.NDArray[np.intp], values: npt.NDArray[np.float64]) -> float:
    learn, test = values[::2], values[1::2]
    means = pd.Series(learn).groupby(groups[::2]).mean()
    foretold = pd.Series(groups[1::2]).map(means).fillna(learn.mean())
    spread = np.nanvar(test)
    return float(1 - np.nanmean((test - foretold) ** 2) / spread) if spread > 0 else 0.0
