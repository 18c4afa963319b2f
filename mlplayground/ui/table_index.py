"""Which rows of a frame are shown, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mlplayground.ui.escape import plain

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
        self._strings: dict[int, pa.Array] = {}
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

    def _compute(self, search: str, sort: int | None, descending: bool) -> NDArray[np.intp] | None:
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
            column = self._frame.iloc[:, place]
            if _is_number(column):
                found |= _equals(column, number)
            else:
                found |= _contains(self._texts(place), text)
        return found

    def _texts(self, place: int) -> pa.Array:
        # Kept, because the second letter of a search comes right after the first.
        if place not in self._strings:
            self._strings[place] = _as_strings(self._frame.iloc[:, place])
        return self._strings[place]


def _is_number(column: pd.Series[Any]) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(column) and not (
        kinds.is_bool_dtype(column) or kinds.is_complex_dtype(column)
    )


def _equals(column: pd.Series[Any], number: float | None) -> NDArray[np.bool_]:
    if number is None:
        return np.zeros(len(column), dtype=bool)
    values = column.to_numpy(dtype=float, na_value=np.nan)
    # What is shown as 0.33 is found by 0.33.
    near = np.abs(values - number) <= 1e-9 * abs(number)
    found: NDArray[np.bool_] = near | (np.round(values, 2) == number)
    return found


def _contains(texts: pa.Array, text: str) -> NDArray[np.bool_]:
    hits = pc.fill_null(pc.match_substring(texts, text, ignore_case=True), False)
    found: NDArray[np.bool_] = hits.to_numpy(zero_copy_only=False)
    return found


def _as_strings(column: pd.Series[Any]) -> pa.Array:
    """The column as text, null where a cell is missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        names = pa.array(column.cat.categories.astype(str), type=pa.string())
        codes = pa.array(column.cat.codes.to_numpy(), mask=column.isna().to_numpy())
        return pc.take(names, codes)
    if pd.api.types.is_datetime64_dtype(column):
        moments = np.datetime_as_string(column.to_numpy(dtype="datetime64[s]"))
        texts = pc.replace_substring(pa.array(moments.astype(object)), "T", " ")
        return pc.if_else(pa.array(column.notna().to_numpy()), texts, None)
    try:
        return pa.array(column, type=pa.string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        # Texts and other things in one column, or characters that are none.
        present = column.notna().to_numpy()
        texts = [
            plain(cell) if there else None for cell, there in zip(column, present, strict=True)
        ]
        return pa.array(texts, type=pa.string())


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
