"""A DataFrame as an Arrow table plus its layout as JSON, and back exactly.

Parquet knows neither doubled names nor cells of several types, so the table's fields are
found by place, and names, types and row labels are written into the layout.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd
import pyarrow as pa

from mlplayground.errors import TableError
from mlplayground.workspace import cells, columns
from mlplayground.workspace.cells import NotKept

VERSION = 1


def pack(frame: pd.DataFrame) -> tuple[pa.Table, dict[str, Any]]:
    """Give the table, one field a column (one more for row labels), and its layout.

    A field has its column's name where that is a text of its own, for whoever reads the
    file without the layout.

    Raises
    ------
    TableError
        Naming what cannot be kept: a cell of an unknown class, a type, labels of more
        than one level.
    """
    if isinstance(frame.columns, pd.MultiIndex) or isinstance(frame.index, pd.MultiIndex):
        raise TableError(
            "A table must have one name a column and one label a row, not several levels of "
            "them. Flatten the names, or call reset_index(), and add it again."
        )
    packed = [_column(frame, place) for place in range(frame.shape[1])]
    arrays, specs = [array for _, array in packed], [spec for spec, _ in packed]
    labels, more = _labels(frame.index)
    names = _field_names(frame.columns, len(more))
    layout = {
        "version": VERSION,
        "names": _names(frame.columns),
        "columns": specs,
        "index": labels,
    }
    return pa.table([*arrays, *more], names=names), layout


def unpack(table: pa.Table, layout: dict[str, Any]) -> pd.DataFrame:
    """Undo :func:`pack`."""
    names, specs = layout["names"], layout["columns"]
    index = _index(layout["index"], table, len(specs))
    series = {
        place: pd.Series(columns.decode(spec, table.column(place)), index=index)
        for place, spec in enumerate(specs)
    }
    frame = pd.DataFrame(series, index=index)
    frame.columns = _read_names(names)
    return frame


def digest(table: pa.Table, layout: dict[str, Any]) -> str:
    """SHA-256 of what the table holds, in hex; the same for equal frames."""
    sha = hashlib.sha256(json.dumps(layout, sort_keys=True).encode("ascii"))
    for column in table.columns:
        for chunk in column.chunks:
            for piece in columns.content(chunk):
                sha.update(piece)
    return sha.hexdigest()


def labels_of(layout: dict[str, Any]) -> list[Hashable]:
    """The names of the columns, as they stand in the frame."""
    return [cells.read(label) for label in layout["names"]["labels"]]


def _column(frame: pd.DataFrame, place: int) -> tuple[columns.Spec, pa.Array]:
    column = frame.iloc[:, place]
    try:
        return columns.encode(column)
    except (NotKept, pa.ArrowException, OverflowError) as error:
        raise TableError(
            f"The column {str(frame.columns[place])[:80]!r} (number {place + 1}) holds a "
            f"{error}, which cannot be kept in a file. Turn it into text, numbers or times "
            "first, for instance with .astype(str)."
        ) from error


def _names(names: pd.Index[Any]) -> dict[str, Any]:
    try:
        written = {
            "labels": [cells.write(label) for label in names],
            "dtype": str(names.dtype),
            "name": cells.write(names.name),
        }
        again = _read_names(written)
        pd.testing.assert_index_equal(again, names, exact="equiv")
    except (NotKept, TypeError, ValueError, AssertionError) as error:
        raise TableError(
            f"The names of the columns cannot be kept ({str(error)[:80]}). Give the columns "
            "names that are text: frame.columns = frame.columns.astype(str)."
        ) from error
    return written


def _read_names(written: dict[str, Any]) -> pd.Index[Any]:
    labels = [cells.read(label) for label in written["labels"]]
    index: pd.Index[Any] = pd.Index(labels, dtype=written["dtype"], tupleize_cols=False)
    return index.rename(cells.read(written["name"]))


def _labels(index: pd.Index[Any]) -> tuple[dict[str, Any], list[pa.Array]]:
    try:
        name = cells.write(index.name)
        if isinstance(index, pd.RangeIndex):
            return {"range": [index.start, index.stop, index.step], "name": name}, []
        spec, array = columns.encode(index.to_series())
    except (NotKept, pa.ArrowException) as error:
        raise TableError(
            f"The row labels hold a {error}, which cannot be kept in a file. Call "
            "reset_index() first."
        ) from error
    return {"spec": spec, "name": name, "freq": getattr(index, "freqstr", None)}, [array]


def _index(written: dict[str, Any], table: pa.Table, place: int) -> pd.Index[Any]:
    name = cells.read(written["name"])
    if "range" in written:
        start, stop, step = written["range"]
        return pd.RangeIndex(start, stop, step, name=name)
    labels = columns.decode(written["spec"], table.column(place))
    freq = written["freq"]
    index: pd.Index[Any] = pd.Index(labels, tupleize_cols=False)
    if isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex):
        index = type(index)(index, freq=freq)
    return index.rename(name)


def _field_names(labels: Iterable[Any], more: int) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for place, label in enumerate([*labels, *["row label"] * more]):
        name = label if _is_name(label) and label not in taken else f"column {place + 1}"
        while name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
    return names


def _is_name(label: Any) -> bool:
    return type(label) is str and bool(label) and label.isprintable()
