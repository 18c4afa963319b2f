"""One column as an Arrow array plus a few words, and back to exactly what it was.

The words (`spec`) say which of five forms was taken:

- ``plain``: numpy's numbers, truth values, times and durations;
- ``masked``: pandas' ``Int64``, ``Float64``, ``boolean`` and their smaller sisters;
- ``text``: texts, with missing cells of one kind;
- ``category``: a category's values in one of the other forms, and its categories;
- ``cells``: anything else that :mod:`~mlplayground.workspace.cells` knows, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionDtype

from mlplayground.workspace import cells
from mlplayground.workspace.cells import NotKept

Spec = dict[str, Any]
_Objects = npt.NDArray[np.object_]

_MISSING = {"none": None, "nan": float("nan"), "na": pd.NA}
_MASKED = ("Int", "UInt", "Float", "boolean")


def encode(column: pd.Series[Any]) -> tuple[Spec, pa.Array]:
    """Give the column's spec and an array of the same length.

    What lies under missing cells is fixed, so equal columns give equal arrays.

    Raises
    ------
    NotKept
        If a cell, or the column's type, cannot be kept; the message names it.
    """
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biufmM":
        return {"form": "plain", "dtype": str(dtype)}, _plain(column.to_numpy())
    if isinstance(dtype, pd.DatetimeTZDtype):
        zone = cells.zone_name(dtype.tz)
        naive = column.dt.tz_convert("UTC").dt.tz_localize(None)
        return {"form": "plain", "dtype": f"datetime64[{dtype.unit}]", "zone": zone}, _plain(
            naive.to_numpy()
        )
    if isinstance(dtype, pd.CategoricalDtype):
        return _encode_category(column)
    if isinstance(dtype, ExtensionDtype) and str(dtype).startswith(_MASKED):
        return {"form": "masked", "dtype": str(dtype)}, _masked(column)
    if isinstance(dtype, pd.StringDtype):
        return _encode_string(column, dtype)
    if dtype == np.dtype(object):
        return _encode_objects(column.to_numpy())
    return _encode_rare(column)


def decode(spec: Spec, array: pa.ChunkedArray) -> Any:
    """Undo :func:`encode`: an array of numpy or pandas, of the dtype that it was."""
    form, dtype = spec["form"], spec.get("dtype", "object")
    if form == "plain":
        return _decode_plain(spec, array)
    if form == "masked":
        return _decode_masked(array, dtype)
    if form == "text":
        return _decode_text(spec, array)
    if form == "category":
        known = pd.Index(
            [cells.read(item) for item in spec["categories"]], dtype=dtype, tupleize_cols=False
        )
        values = decode(spec["values"], array)
        return pd.Categorical(values, dtype=pd.CategoricalDtype(known, spec["ordered"]))
    objects = _objects([cells.read(json.loads(text)) for text in array.to_pylist()])
    return objects if dtype == "object" else pd.array(objects, dtype=dtype)


def content(array: pa.Array) -> Iterator[bytes | memoryview]:
    """What the array holds, in pieces that are equal for equal arrays."""
    _, *buffers = array.buffers()
    if array.null_count:
        yield np.packbits(array.is_valid().to_numpy(zero_copy_only=False)).tobytes()
    if pa.types.is_boolean(array.type):
        yield array.fill_null(False).to_numpy(zero_copy_only=False).tobytes()
    elif pa.types.is_large_string(array.type) and len(array):
        offsets = np.frombuffer(buffers[0], dtype=np.int64, count=len(array) + 1)
        yield offsets.tobytes()
        if offsets[-1]:
            yield memoryview(buffers[1])[: int(offsets[-1])]
    elif len(array):
        yield memoryview(buffers[0])[: len(array) * array.type.bit_width // 8]


def _plain(values: npt.NDArray[Any]) -> pa.Array:
    if values.dtype == np.float16:  # Parquet has no such numbers everywhere
        values = values.astype(np.float32)
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    return pa.array(np.ascontiguousarray(native))


def _decode_plain(spec: Spec, array: pa.ChunkedArray) -> Any:
    dtype = np.dtype(spec["dtype"])
    values = array.to_numpy()
    values = np.array(values, dtype=dtype)
    if "zone" not in spec:
        return values
    return pd.DatetimeIndex(values).tz_localize("UTC").tz_convert(spec["zone"]).array


def _masked(column: pd.Series[Any]) -> pa.Array:
    numpy_dtype = np.dtype("bool" if str(column.dtype) == "boolean" else str(column.dtype).lower())
    values = column.to_numpy(dtype=numpy_dtype, na_value=numpy_dtype.type(0))
    return pa.array(values, mask=column.isna().to_numpy())


def _decode_masked(array: pa.ChunkedArray, dtype: str) -> Any:
    return pd.api.types.pandas_dtype(dtype).__from_arrow__(array)  # type: ignore[union-attr]


def _encode_string(column: pd.Series[Any], dtype: pd.StringDtype) -> tuple[Spec, pa.Array]:
    if dtype.na_value is not pd.NA:
        raise NotKept(f"column of type {dtype!r}")
    spec, array = _encode_objects(_plain_objects(column))
    return {**spec, "dtype": f"string[{dtype.storage}]"}, array


def _encode_objects(values: _Objects) -> tuple[Spec, pa.Array]:
    if pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty"):
        gone = pd.isna(values)
        kind = _kind_of_missing(values[gone])
        if kind is not None:
            try:
                return {"form": "text", "missing": kind}, _text(values, gone)
            except UnicodeEncodeError:
                pass  # half a surrogate pair is no UTF-8, but JSON escapes it
    return {"form": "cells"}, _written(values)


def _text(values: _Objects, gone: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, type=pa.large_string(), mask=gone)


def _written(values: _Objects) -> pa.Array:
    try:
        lines = [json.dumps(cells.write(value), separators=(",", ":")) for value in values]
    except (ValueError, RecursionError) as error:
        raise NotKept(f"cell that cannot be written down ({error})") from error
    return pa.array(lines, type=pa.large_string())


def _kind_of_missing(gone: _Objects) -> str | None:
    """The one kind of missing cell there is, None where there are several or an odd one."""
    if all(cell is None for cell in gone):
        return "none"
    if all(cell is pd.NA for cell in gone):
        return "na"
    return "nan" if all(type(cell) is float for cell in gone) else None


def _decode_text(spec: Spec, array: pa.ChunkedArray) -> Any:
    # By way of pandas: there equal texts become one object, which saves time and memory.
    values = array.to_pandas().to_numpy(dtype=object, copy=True)
    if "dtype" in spec:
        return pd.array(values, dtype=spec["dtype"])
    if spec["missing"] != "none" and array.null_count:
        values[pd.isna(values)] = _MISSING[spec["missing"]]
    return values


def _encode_category(column: pd.Series[Any]) -> tuple[Spec, pa.Array]:
    category = column.dtype
    assert isinstance(category, pd.CategoricalDtype)
    known = category.categories
    values, array = _encode_objects(_plain_objects(column.astype(object)))
    return _checked(
        column,
        {
            "form": "category",
            "values": values,
            "categories": [cells.write(item) for item in known],
            "dtype": str(known.dtype),
            "ordered": bool(category.ordered),
        },
        array,
    )


def _encode_rare(column: pd.Series[Any]) -> tuple[Spec, pa.Array]:
    objects = column.astype(object).to_numpy(dtype=object)
    return _checked(column, {"form": "cells", "dtype": str(column.dtype)}, _written(objects))


def _checked(column: pd.Series[Any], spec: Spec, array: pa.Array) -> tuple[Spec, pa.Array]:
    # What pandas makes of a dtype's name is not always what it was, so look.
    try:
        again = pd.Series(decode(spec, pa.chunked_array([array])), column.index, name=column.name)
        pd.testing.assert_series_equal(again, column, check_freq=False, check_exact=True)
    except Exception as error:
        raise NotKept(f"column of type {column.dtype}") from error
    return spec, array


def _plain_objects(column: pd.Series[Any]) -> _Objects:
    """The cells as objects, missing ones as None: they must not turn integers into floats."""
    values = column.to_numpy(dtype=object, copy=True)
    values[column.isna().to_numpy()] = None
    return values


def _objects(items: list[Any]) -> _Objects:
    values = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):  # numpy would make a matrix of lists
        values[place] = item
    return values
