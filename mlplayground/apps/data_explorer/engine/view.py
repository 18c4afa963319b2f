"""One canonical look at a table, on which every check and the score are built.

A repair should move its own deduction and no other. So each cell is looked at as it would
be once everything around it is repaired: a ``?`` counts as missing whether or not it has
been replaced, `` Male`` and ``male`` are one value, ``1,234 USD`` is 1234, and shares are
taken over the rows that no other row repeats and the columns that say something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.apps.data_explorer.engine.column_view import ColumnView, look_at, meant_kind
from mlplayground.apps.data_explorer.engine.copies import find_copies
from mlplayground.apps.data_explorer.engine.leaks import Telling, telling
from mlplayground.apps.data_explorer.engine.limits import find_limits
from mlplayground.modeling import ColumnKind
from mlplayground.modeling.profile import duplicated

MOSTLY_MISSING = 0.6
"""A column with a larger share of missing cells says next to nothing."""
_QUIET = (ColumnKind.CONSTANT, ColumnKind.EMPTY, ColumnKind.IDENTIFIER)
_SPECIFIC = 50
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class View:
    """A table as it would be once its cells are repaired.

    Attributes
    ----------
    frame : DataFrame
    columns : tuple of ColumnView
    repeats : array of bool, shape (n_rows,)
        Rows that mean the same as an earlier one in every column but identifiers.
    renumbered : array of bool, shape (n_rows,)
        Those of them that differ in an identifier.
    rows : array of bool, shape (n_rows,)
        The rows over which shares are taken: no repeats, and not without target.
    measured : tuple of ColumnView
        The columns over which shares are taken: those that say something of their own.
    copies : tuple of (ColumnView, ColumnView, float)
        Columns that repeat another one, that one, and in which share of the rows.
    leaks : tuple of Telling
        Columns that alone give the target away.
    target : ColumnView or None
    """

    frame: pd.DataFrame
    columns: tuple[ColumnView, ...]
    repeats: _Mask
    renumbered: _Mask
    rows: _Mask
    measured: tuple[ColumnView, ...]
    copies: tuple[tuple[ColumnView, ColumnView, float], ...]
    leaks: tuple[Telling, ...]
    target: ColumnView | None

    @property
    def n_rows(self) -> int:
        """Number of rows over which shares are taken, at least 1."""
        return max(1, int(self.rows.sum()))


def look(frame: pd.DataFrame, target: Hashable | None = None) -> View:
    """Take the canonical look at `frame`; see the module."""
    names = Counter(map(_name_key, frame.columns))
    columns = [
        look_at(frame.iloc[:, place], place, names[_name_key(name)] == 1)
        for place, name in enumerate(frame.columns)
    ]
    goal = next((c.place for c in columns if target is not None and _is(c.name, target)), None)
    repeats = duplicated([c.keys for c in columns], len(frame))
    columns = [replace(c, kind=meant_kind(c, ~repeats)) for c in columns]
    renumbered = _renumbered(columns, repeats)
    rows = ~repeats & ~renumbered
    if goal is not None:
        rows &= ~columns[goal].gone
    columns = [c if c.place == goal else _with_limits(c, rows) for c in columns]
    leaks = () if goal is None else tuple(telling(columns, columns[goal], rows))
    aside = {leak.column.place for leak in leaks}
    speaking = [c for c in columns if _tells(c, rows) and c.place not in aside]
    copies = tuple(find_copies([c for c in speaking if c.place != goal], rows))
    aside |= {copy.place for copy, _, _ in copies}
    measured = tuple(c for c in speaking if c.place not in aside)
    return View(
        frame, tuple(columns), repeats | renumbered, renumbered, rows, measured, copies, leaks,
        None if goal is None else columns[goal],
    )  # fmt: skip


def _tells(column: ColumnView, rows: _Mask) -> bool:
    gone = column.gone[rows]
    return column.kind not in _QUIET and bool(len(gone)) and gone.mean() <= MOSTLY_MISSING


def _with_limits(column: ColumnView, rows: _Mask) -> ColumnView:
    if column.numbers is None or column.kind is not ColumnKind.NUMERIC:
        return column
    limits = find_limits(column.name, column.numbers, rows)
    if limits is None or not limits.impossible:
        return replace(column, limits=limits)
    gone = column.gone | limits.outside(column.numbers)
    return replace(column, limits=limits, gone=gone, keys=np.where(gone, -1, column.keys))


def _renumbered(columns: Sequence[ColumnView], repeats: _Mask) -> _Mask:
    """Mark rows that differ from an earlier one in identifiers only, and not by chance.

    Two people may well give the same answers to ten yes-or-no questions. A row counts as
    evidence by its values in columns of at least 50 different ones, each worth the logarithm
    of how rare it is among the other rows. Enough is what it takes to single out one pair
    among all pairs of rows, and 8 bits more.
    """
    none = np.zeros(len(repeats), dtype=bool)
    others = [c for c in columns if c.kind is not ColumnKind.IDENTIFIER]
    if len(others) == len(columns) or not others:
        return none
    again = duplicated([c.keys for c in others], len(repeats)) & ~repeats
    if not again.any():
        return none
    bits = sum((_evidence(c.keys, ~repeats & ~again) for c in others), np.zeros(len(repeats)))
    marked: _Mask = again & (bits >= 2 * np.log2(len(repeats)) + 8)
    return marked


def _evidence(keys: npt.NDArray[np.intp], rest: _Mask) -> npt.NDArray[np.float64]:
    """Say in bits, for each row, how rare its value is among the `rest` of the rows."""
    bits = np.zeros(len(keys))
    known = keys >= 0
    counts = np.bincount(keys[known & rest], minlength=int(keys.max(initial=0)) + 1)
    n = counts.sum()
    if np.count_nonzero(counts) < _SPECIFIC:
        return bits
    # A value that is there once may come again as often as others have come again.
    again = (counts[counts > 1].sum() + 1) / n
    bits[known] = -np.log2((np.maximum(counts[keys[known]] - 1, 0) + again) / n)
    return bits


def _name_key(name: Hashable) -> tuple[type, Hashable]:
    return type(name), name


def _is(name: Hashable, other: Hashable) -> bool:
    return type(name) is type(other) and name == other
