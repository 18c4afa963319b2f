"""Planting data-quality defects, each with the truth that undoes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.practice.domains import Domain, Rng

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Defect:
    """One planted defect.

    Attributes
    ----------
    kind : str
        One of :data:`planters.KINDS`.
    column : str or None
        Where; None for whole rows.
    rows : array of int
        Positions in the practice table of the rows that are wrong, ascending; empty where
        a whole column is.
    shows : str
        How it shows, with the table's numbers.
    original : Series or None
        The right cells of those rows; None where rows or a column were added.
    dtype : str
        The column's type before.
    """

    kind: str
    column: str | None
    rows: Rows = field(compare=False)
    shows: str
    original: pd.Series | None = field(default=None, compare=False, repr=False)
    dtype: str = ""

    def undo(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `frame` without this defect; later defects must be undone first.

        The index of `frame` must still be that of the practice table.
        """
        if self.column is None:
            return frame[~frame.index.isin(self.rows)]
        if self.original is None:
            return frame.drop(columns=self.column)
        places = frame.index.get_indexer(pd.Index(self.rows))
        cells = frame[self.column].astype(object).to_numpy(copy=True)
        cells[places[places >= 0]] = self.original.to_numpy(dtype=object)[places >= 0]
        right = pd.Series(cells, frame.index, dtype=object).astype(
            pd.api.types.pandas_dtype(self.dtype)
        )
        return frame.assign(**{self.column: right})


class Builder:
    """A table in the making; rows that are there twice stand at its end, `copied` from others."""

    def __init__(self, clean: pd.DataFrame, domain: Domain, rng: Rng) -> None:
        self.frame = clean.copy()
        self.domain = domain
        self.rng = rng
        self.defects: list[Defect] = []
        self.copied = np.empty(0, dtype=np.intp)
        self._used: set[str] = {domain.target}

    def pick(self, names: tuple[str, ...], share: float, at_least: int = 3) -> tuple[str, Rows]:
        """Choose a column that has no defect yet, and some of its rows."""
        free = [name for name in names if name not in self._used] or list(names)
        column = str(self.rng.choice(free))
        return column, self.rows(share, at_least)

    def rows(self, share: float, at_least: int = 3) -> Rows:
        """Draw rows that are wrong, ascending."""
        n = len(self.frame)
        wanted = min(n, max(at_least, round(share * n)))
        return np.sort(self.rng.choice(n, wanted, replace=False))

    def is_free(self, names: tuple[str, ...]) -> bool:
        """Whether one of these columns has no defect yet."""
        return any(name not in self._used for name in names)

    def change(self, kind: str, column: str, rows: Rows, cells: Any, shows: str) -> None:
        """Replace some cells of a column and remember what stood there."""
        before = self.frame[column]
        values = before.astype(object).to_numpy(copy=True)
        values[rows] = cells
        original = before.iloc[rows]
        self.frame[column] = pd.Series(values, self.frame.index).infer_objects()
        self._used.add(column)
        self.defects.append(Defect(kind, column, rows, shows, original, str(before.dtype)))

    def add(self, kind: str, name: str, values: Any, shows: str) -> None:
        """Add a whole column that should not be there."""
        place = int(self.rng.integers(0, self.frame.shape[1]))
        self.frame.insert(place, name, values)
        self._used.add(name)
        self.defects.append(Defect(kind, name, np.empty(0, dtype=np.intp), shows))
