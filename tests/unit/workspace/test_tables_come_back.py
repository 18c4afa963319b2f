"""Whatever table goes in comes back exactly, or is refused in a sentence."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mlplayground.errors import TableError
from mlplayground.workspace.table import digest, pack, unpack

PARIS = pd.date_range("2024-03-31", periods=4, freq="h", tz="Europe/Paris")
COLUMNS: dict[str, Any] = {
    "whole numbers": [1, 2, 3, 4],
    "numbers": [1.5, np.nan, -0.0, np.inf],
    "truth": [True, False, True, True],
    "small": np.array([1, 2, 3, 4], dtype="float16"),
    "large": np.array([2**63, 1, 2, 3], dtype="uint64"),
    "text": ["a", "", "<script>alert(1)</script>", "ä\x00\n\u202e"],
    "text with None": ["a", None, "b", None],
    "text with nan": ["a", np.nan, "b", np.nan],
    "text with both": ["a", np.nan, None, pd.NA],
    "half a surrogate": ["\ud800", "b", "c", "d"],
    "nothing": [None] * 4,
    "mixed": [1, "a", None, 2.5],
    "unhashable": [[1, [2]], {"a": 1}, {3}, (4,)],
    "numpy cells": [np.int8(1), np.float32(0.1), np.bool_(True), np.nan],
    "huge": [10**40, 1, 2, 3],
    "bytes": [b"\xff", b"", b"a", None],
    "decimals": [decimal.Decimal("1.10"), None, decimal.Decimal("NaN"), decimal.Decimal(0)],
    "dates": [dt.date(2024, 2, 29), dt.date.min, None, dt.date.max],
    "python times": [dt.datetime(1, 1, 1), dt.time(1, 2), dt.timedelta(-1, 5), None],
    "times": pd.date_range("1700", periods=4),
    "seconds": np.array(["2024-01-01", "NaT", "0001-01-01", "9999-12-31"], dtype="M8[s]"),
    "zoned": PARIS,
    "offset": PARIS.tz_convert(dt.timezone(dt.timedelta(hours=5, minutes=30))),
    "time cells": [pd.Timestamp("2024", tz="Asia/Tokyo"), pd.NaT, pd.Timedelta("1ns"), 1],
    "spans": pd.to_timedelta([1, None, 3, 4], unit="h"),
    "Int64": pd.array([1, None, 3, 2**62], dtype="Int64"),
    "boolean": pd.array([True, None, False, True], dtype="boolean"),
    "Float32": pd.array([1.5, None, 3, 4], dtype="Float32"),
    "string": pd.array(["a", None, "b", ""], dtype="string"),
    "ordered": pd.Categorical(["b", None, "a", "b"], ["b", "unused", "a"], ordered=True),
    "numbered": pd.Categorical([3, None, 1, 3]),
    "cut": pd.cut([1, 5, 9, 2], 3),
    "months": pd.period_range("2024-01", periods=4, freq="M"),
    "sparse": pd.arrays.SparseArray([0, 0, 1, 0]),
}


def through_a_file(frame: pd.DataFrame) -> pd.DataFrame:
    table, layout = pack(frame)
    file = io.BytesIO()
    pq.write_table(table, file)
    return unpack(pq.read_table(file), json.loads(json.dumps(layout)))


def check(frame: pd.DataFrame) -> None:
    again = through_a_file(frame)
    assert_frame_equal(again, frame, check_exact=True)
    assert digest(*pack(again)) == digest(*pack(frame))
    for place in range(frame.shape[1]):
        kinds = [type(cell) for cell in frame.iloc[:, place].astype(object)]
        assert [type(cell) for cell in again.iloc[:, place].astype(object)] == kinds


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_each_kind(name: str) -> None:
    check(pd.DataFrame({name: COLUMNS[name]}))


def test_views_of_larger_and_foreign_arrays() -> None:
    block = np.arange(12.0).reshape(4, 3)
    check(pd.DataFrame(block[::2, ::-1], columns=list("abc")))
    check(pd.DataFrame(np.asfortranarray(block), columns=list("abc")))
    foreign = pd.DataFrame({"x": np.arange(4, dtype=">i4")})
    assert through_a_file(foreign)["x"].tolist() == [0, 1, 2, 3]


def test_all_of_them_at_once_sliced_and_empty() -> None:
    frame = pd.DataFrame(COLUMNS)
    check(frame)
    check(frame.iloc[::-2])
    check(frame.iloc[:0])
    check(frame.iloc[:, :0])


@pytest.mark.parametrize(
    "names",
    [
        ["a", "a", "a"],
        [1, "1", 1.0],
        [None, np.nan, ("x", 1)],
        ["", "row label", "column 1"],
        ["\ud800", "a\x00b", "a.b[0]"],
        [dt.date(2024, 1, 1), True, pd.Timestamp("2024")],
        [0, 1, 2],
    ],
    ids=repr,
)
def test_names_of_any_kind(names: list[Any]) -> None:
    check(pd.DataFrame([[1, "a", None]], columns=pd.Index(names, tupleize_cols=False)))


@pytest.mark.parametrize(
    "labels",
    [
        pd.RangeIndex(5, 13, 2, name="n"),
        pd.Index([7, 3, 3, 1]),
        pd.Index(["a", "a", None, "b"], name="who"),
        pd.date_range("2024", periods=4, freq="MS", tz="UTC", name=0),
        pd.CategoricalIndex(["a", "b", "a", "b"]),
        pd.Index([1, "a", None, 2.5]),
    ],
    ids=lambda labels: type(labels).__name__,
)
def test_row_labels_of_any_kind(labels: pd.Index) -> None:
    check(pd.DataFrame({"x": range(4), "y": list("abcd")}, index=labels))


cell = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=5)
    | st.binary(max_size=3)
    | st.sampled_from([pd.NA, pd.NaT, pd.Timestamp("2024-06-01 12:00"), dt.date(2024, 1, 1)]),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(cell, max_size=6))
def test_any_cells_at_all(items: list[Any]) -> None:
    values = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        values[place] = item
    again = through_a_file(pd.DataFrame({"x": values}))["x"]
    assert [repr(item) for item in again] == [repr(item) for item in items]


class Mystery:
    """A class that nothing knows."""


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pd.DataFrame({"ok": [1], "odd": [Mystery()]}), "'odd' .number 2. holds a Mystery"),
        (pd.DataFrame({("a", "b"): [1]}), "not several levels"),
        (pd.DataFrame([[1]], columns=[Mystery()]), "names of the columns"),
        (pd.DataFrame({"a": [1]}, index=[Mystery()]), "row labels hold a Mystery"),
        (
            pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
            r"reset_index\(\)",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(frame: pd.DataFrame, says: str) -> None:
    with pytest.raises(TableError, match=says):
        pack(frame)


def test_a_list_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(TableError, match="cannot be written down"):
        pack(pd.DataFrame({"x": [loop, 1]}))


def test_the_digest_tells_tables_apart() -> None:
    tables = [
        {"a": [1, 2]},
        {"a": [2, 1]},
        {"b": [1, 2]},
        {"a": [1.0, 2.0]},
        {"a": ["1", "2"]},
        {"a": ["12", ""]},
        {"a": ["1", None]},
        {"a": ["1", np.nan]},
        {"a": pd.array([1, 2], dtype="Int64")},
        {"a": pd.array([1, None], dtype="Int64")},
        {"a": [1, 2], "b": [1, 2]},
    ]
    assert len({digest(*pack(pd.DataFrame(table))) for table in tables}) == len(tables)


def test_what_lies_under_a_missing_cell_does_not_matter() -> None:
    mask = np.array([False, True])
    one, two = (
        pd.DataFrame({"a": pd.arrays.IntegerArray(np.array([1, hidden]), mask)})
        for hidden in (5, 9)
    )
    assert digest(*pack(one)) == digest(*pack(two))
