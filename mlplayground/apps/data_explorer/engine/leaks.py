"""Columns that give the target away all by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.modeling import ColumnKind

if TYPE_CHECKING:
    from mlplayground.apps.data_explorer.engine.column_view import ColumnView

TELLING = 0.95
_SAMPLE = 20_000
_BINS = 50
_GROUP = 5

_Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Telling:
    """A column that foretells the target almost perfectly.

    Attributes
    ----------
    column : ColumnView
    power : float
        Share of the dummy's mistakes that it avoids, or of the target's spread (in ranks)
        that it explains; on rows from which nothing was learned.
    numeric : bool
        Whether the target is a number.
    dummy, mistakes : float
        Share of wrong answers without and with the column; 0 for a numeric target.
    """

    column: ColumnView
    power: float
    numeric: bool
    dummy: float = 0.0
    mistakes: float = 0.0


def telling(
    columns: Sequence[ColumnView], goal: ColumnView, mask: npt.NDArray[np.bool_]
) -> Iterator[Telling]:
    """Yield each column that alone predicts the target `goal` almost perfectly.

    A column is cut into at most 50 groups of equal size (its missing cells are one more),
    the target is learned for each group from every other row, and foretold for the rest: by
    the group's commonest class, or by its mean rank.
    """
    rows = np.flatnonzero(mask)
    rows = rows[:: max(1, len(rows) // _SAMPLE)]
    if len(rows) < 8 * _GROUP:
        return
    skipped = (ColumnKind.IDENTIFIER, ColumnKind.CONSTANT, ColumnKind.EMPTY)
    for column in columns:
        if column is goal or column.kind in skipped:
            continue
        found = _foretell(column, goal, rows)
        if found.power >= TELLING:
            yield found


def _foretell(column: ColumnView, goal: ColumnView, rows: _Ints) -> Telling:
    groups = _groups(column, rows)
    if goal.kind is ColumnKind.NUMERIC and goal.numbers is not None:
        # Ranks, so that a few enormous values do not decide alone.
        ranks = np.asarray(pd.Series(goal.numbers[rows]).rank()).astype(np.float64)
        return Telling(column, _explained(groups, ranks), numeric=True)
    wrong, dummy = _mistakes(groups, goal.keys[rows])
    return Telling(column, 1 - wrong / dummy if dummy else 0.0, False, dummy, wrong)


def _groups(column: ColumnView, rows: _Ints) -> _Ints:
    if column.numbers is None or column.kind is not ColumnKind.NUMERIC:
        keys = np.unique(column.keys[rows], return_inverse=True)[1]
        # A group of few rows is learned by heart: all such are one group.
        small = np.bincount(keys)[keys] < _GROUP
        return np.where(small, 0, keys + 1)
    ranks = pd.Series(column.numbers[rows]).rank(pct=True).to_numpy()
    n_bins = min(_BINS, len(rows) // (4 * _GROUP))
    return np.where(np.isnan(ranks), 0, np.ceil(np.nan_to_num(ranks) * n_bins)).astype(np.intp)


def _mistakes(groups: _Ints, classes: _Ints) -> tuple[float, float]:
    """Return the share of wrong answers with the groups, and of a dummy's."""
    classes = np.unique(classes, return_inverse=True)[1]
    n_classes = int(classes.max()) + 1
    flat = np.bincount(groups[::2] * n_classes + classes[::2], minlength=n_classes)
    flat.resize((int(groups.max()) + 1) * n_classes, refcheck=False)
    table = flat.reshape(-1, n_classes)
    usual = int(table.sum(axis=0).argmax())
    # A group that was not there to learn from gets the commonest class of all.
    foretold = np.where(table.any(axis=1), table.argmax(axis=1), usual)[groups[1::2]]
    test = classes[1::2]
    return float(np.mean(foretold != test)), float(np.mean(test != usual))


def _explained(groups: _Ints, values: npt.NDArray[np.float64]) -> float:
    learn, test = values[::2], values[1::2]
    means = pd.Series(learn).groupby(groups[::2]).mean()
    foretold = pd.Series(groups[1::2]).map(means).fillna(learn.mean())
    spread = np.mean((test - learn.mean()) ** 2)
    return float(1 - np.mean((test - foretold) ** 2) / spread) if spread > 0 else 0.0
