"""Which rows of a frame are shown, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TableIndex:
    """Row positions after a search and a sort; the last two results are kept.

    Parameters
    ----------
    frame : DataFrame
        Never changed. Columns are meant by their positions: names may occur twice.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._found: tuple[str, NDArray[np.bool_] | None] = ("", None)
        self._order: tuple[tuple[str, int | None, bool], NDArray[np.intp] | None] | None = None

    def positions(
        self, search: str = "", sort: int | None = None, descending: bool = False
    ) -> NDArray[np.intp] | None:
        """Positions of the rows to show, in order; None means all as they are.

        Parameters
        ----------
        search : str
            Kept are rows with a text cell that contains it (in any case) or, where it is a
            number, a number cell that equals it.
        sort : int or None
            Position of a column. Equal rows keep their order, missing values come last.
        """
        key = (search, sort, descending)
        if self._order is None or self._order[0] != key:
            self._order = (key, self._compute(search, sort, descending))
        return self._order[1]

    def _compute(
        self, search: str, sort: int | None, descending: bool
    ) -> NDArray[np.intp] | None:
        found = self._matches(search)
        if sort is None:
            return None if found is None else np.flatnonzero(found)
        column = self._frame.iloc[:, sort]
        if found is None:
            return _sorted(column, descending)
        kept = np.flatnonzero(found)
        return kept[_sorted(column.iloc[kept], descending)]

    def _matches(self, search: str) -> NDArray[np.bool_] | None:
        text = search.strip()
        if not text:
            return None
        if self._found[0] != text:
            self._found = (text, self._search(text))
        return self._found[1]

    def _search(self, text: str) -> NDArray[np.bool_]:
        number = _as_number(text)
        found = np.zeros(len(self._frame), dtype=bool)
        for place in range(self._frame.shape[1]):
            found |= _column_matches(self._frame.iloc[:, place], text, number)
        return found


def _column_matches(column: pd.Series[Any], text: str, number: float | None) -> NDArray[np.bool_]:
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return _text_matches(column, text)
    if number is None:
        return np.zeros(len(column), dtype=bool)
    values = column.to_numpy(dtype=float, na_value=np.nan)
    # What is shown as 0.33 is found by 0.33.
    return np.isclose(values, number, rtol=1e-9, atol=0.0) | (np.round(values, 2) == number)


def _text_matches(column: pd.Series[Any], text: str) -> NDArray[np.bool_]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        # Search the few categories, then look the rows up.
        hits = _contains(column.cat.categories.astype(str).to_numpy(dtype=object), text)
        codes = column.cat.codes.to_numpy()
        return np.where(codes >= 0, np.append(hits, False)[codes], False)
    return _contains(column.to_numpy(dtype=object, na_value=None), text)


def _contains(values: NDArray[Any], text: str) -> NDArray[np.bool_]:
    wanted = text.casefold()
    return np.fromiter(
        (value is not None and wanted in str(value).casefold() for value in values),
        dtype=bool,
        count=len(values),
    )


def _sorted(column: pd.Series[Any], descending: bool) -> NDArray[np.intp]:
    try:
        keys = column.reset_index(drop=True)
        order = keys.sort_values(ascending=not descending, kind="stable", na_position="last")
    except TypeError:
        # Numbers and texts in one column: compare what is shown.
        keys = keys.map(str, na_action="ignore")
        order = keys.sort_values(ascending=not descending, kind="stable", na_position="last")
    return order.index.to_numpy(dtype=np.intp)


def _as_number(text: str) -> float | None:
    try:
        return float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return None
