"""A profile is right on plain tables, and survives any."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlplayground.errors import ColumnError
from mlplayground.modeling import ColumnKind, profile

N = 100


def kind(values: object, name: object = "x") -> ColumnKind:
    return profile(pd.DataFrame({name: values})).columns[0].kind


rng = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (rng.normal(size=N), "weight", "numeric"),
        (rng.integers(0, 50, N), "count", "numeric"),
        (rng.integers(1, 4, N), "pclass", "numeric"),
        (rng.integers(1, 4, N), "passenger_class", "categorical"),
        (rng.integers(1000, 9999, N), "zip", "categorical"),
        ([0, 1] * 50, "survived", "boolean"),
        ([True, False] * 50, "x", "boolean"),
        (["yes", "no"] * 50, "x", "boolean"),
        (["Yes", None] * 50, "x", "categorical"),
        (["red", "green", "blue", "red"] * 25, "x", "categorical"),
        ([f"A-{i:04d}" for i in range(N)], "code", "identifier"),
        (range(1, N + 1), "n", "identifier"),
        (rng.permutation(np.arange(10_000, 10_000 + N)), "customer_id", "identifier"),
        (rng.permutation(np.arange(10_000, 10_000 + N)), "CustomerID", "identifier"),
        (rng.permutation(np.arange(10_000, 10_000 + N)), "paid", "numeric"),
        (rng.integers(1, 9, N), "store_id", "categorical"),
        (np.sort(rng.integers(1, 90, N)), "step", "numeric"),
        ([f"a sentence number {i} about something" for i in range(N)], "x", "text"),
        ([f"answer {i} is a whole long sentence with many words" for i in range(3)] * 30, "x",
         "categorical"),
        (pd.date_range("2024-01-01", periods=N), "x", "datetime"),
        (pd.date_range("2024-01-01", periods=N).strftime("%d.%m.%Y"), "x", "datetime"),
        ([dt.date(2024, 1, 1 + i % 28) for i in range(N)], "x", "datetime"),
        ([7] * N, "x", "constant"),
        ([None] * N, "x", "empty"),
        ([], "x", "empty"),
        ([2**80 + i for i in range(N)], "x", "numeric"),
        ([Decimal(i) / 3 for i in range(N)], "x", "numeric"),
        (pd.to_timedelta(rng.integers(0, 999, N), "s"), "x", "numeric"),
    ],
)  # fmt: skip
def test_kinds(values: object, name: str, expected: str) -> None:
    assert kind(list(values) if isinstance(values, range) else values, name) == expected


def test_numbers_of_a_numeric_column() -> None:
    column = profile(pd.DataFrame({"x": [1.0, 2.0, 3.0, 10.0, None, np.inf]})).columns[0]
    assert (column.count, column.missing, column.unique) == (5, 1, 5)
    assert column.stats["mean"] == 4
    assert column.stats["median"] == 2.5
    assert column.stats["infinite"] == 1
    assert sum(column.histogram.counts) == 4
    assert column.flags == ("infinite",)
    assert column.missing_share == pytest.approx(1 / 6)


def test_a_whole_number_gets_a_bin_of_its_own() -> None:
    histogram = profile(pd.DataFrame({"rooms": [1, 2, 2, 4, 7, 7, 7]})).columns[0].histogram
    assert histogram.counts == (1, 2, 0, 1, 0, 0, 3)
    assert histogram.edges[:2] == (0.5, 1.5)


def test_dates_are_spread_over_time() -> None:
    column = profile(pd.DataFrame({"x": pd.date_range("2024-01-01", periods=50)})).columns[0]
    assert column.span == ("2024-01-01T00:00:00", "2024-02-19T00:00:00")
    assert column.histogram.edges[0] == "2024-01-01T00:00:00"
    assert sum(column.histogram.counts) == 50


def test_top_values_and_duplicate_rows() -> None:
    frame = pd.DataFrame({"a": ["x", "x", "y", None, None], "b": [1, 1, 2, 3, 3]})
    seen = profile(frame)
    assert [(item.value, item.count) for item in seen.column("a").top] == [("x", 2), ("y", 1)]
    assert seen.duplicate_rows == frame.duplicated().sum() == 2
    assert seen.missing_cells == 2
    assert seen.missing_share == 0.2


def test_the_target_must_be_there() -> None:
    assert profile(pd.DataFrame({"a": [1]}), "a").target == "a"
    with pytest.raises(ColumnError, match="no column 'b'"):
        profile(pd.DataFrame({"a": [1]}), "b")


def test_hostile_frames() -> None:
    frame = pd.DataFrame(
        {
            "lists": [[1], [1], {"a": 1}],
            "mixed": [1, "1", b"1"],
            "huge": pd.Series([10**400, -(10**400), 3], dtype=object),
            "nothing": [np.nan, None, pd.NaT],
            "tiny": [5e-324, -5e-324, 0.0],
            "vast": [-1.7e308, 1.7e308, 0.0],
            "near": [1.0, np.nextafter(1.0, 2.0), 1.0],
            "complex": [1j, 2j, 3j],
            "period": pd.period_range("2024", periods=3, freq="M"),
            "interval": pd.interval_range(0, 3),
            "sparse": pd.arrays.SparseArray([0, 0, 1]),
            "zone": pd.date_range("2024-01-01", periods=3, tz="Europe/Berlin"),
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "category": pd.Categorical(["a", None, "b"]),
            "objects": [object(), object(), object()],
        }
    )
    frame = pd.concat([frame, frame[["mixed"]]], axis=1)
    frame.columns = [*frame.columns[:-4], None, 3, ("a", "b"), "mixed"]
    seen = profile(frame)
    flags = {str(column.name): column.flags for column in seen.columns}
    assert flags["lists"] == ("mixed_types", "unhashable") or "unhashable" in flags["lists"]
    assert "duplicate_name" in flags["mixed"]
    assert json.dumps(seen.to_dict(), allow_nan=False)


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame(index=range(3)),
                                   pd.DataFrame({"a": []})])  # fmt: skip
def test_frames_without_cells(frame: pd.DataFrame) -> None:
    seen = profile(frame)
    assert (seen.rows, len(seen.columns)) == frame.shape
    assert seen.missing_share == 0
    assert json.dumps(seen.to_dict(), allow_nan=False)


_cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**80), 2**80), st.floats(), st.text(max_size=5),
    st.dates(), st.datetimes(), st.binary(max_size=2), st.lists(st.integers(), max_size=2),
    st.sampled_from([pd.NA, pd.NaT, Decimal("1.5"), pd.Timestamp("2024", tz="UTC")]),
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(columns=st.lists(st.lists(_cells, min_size=4, max_size=4), min_size=1, max_size=3))
def test_whatever_the_cells_are_the_profile_is_plain_data(columns: list) -> None:
    frame = pd.concat([pd.Series(cells, dtype=object) for cells in columns], axis=1)
    before = frame.copy()
    data = profile(frame).to_dict()
    assert json.dumps(data, allow_nan=False)
    assert all(c["missing"] + c["count"] == 4 for c in data["columns"])
    assert frame.equals(before) or frame.map(repr).equals(before.map(repr))
