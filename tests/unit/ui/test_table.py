"""A table shows the rows that were asked for, and sends no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplayground.ui.cells import Cells
from mlplayground.ui.table import DataTable

WORDS = st.sampled_from(["red", "Green", "blue", "GREENISH", None, "1,5", "", "<b>"])
NUMBERS = st.one_of(st.none(), st.integers(-5, 5), st.floats(-9, 9))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(0, 30))
    words = draw(st.lists(WORDS, min_size=rows, max_size=rows))
    numbers = draw(st.lists(NUMBERS, min_size=rows, max_size=rows))
    return pd.DataFrame(
        {
            "word": pd.Series(words, dtype=object),
            "number": pd.Series(numbers, dtype=float),
            "kind": pd.Series(words, dtype="category"),
        }
    )


def rows(table: DataTable, **asked: Any) -> list[int]:
    return [row["at"] for row in table.page(0, **asked)["rows"]]


@given(frames(), st.sampled_from([0, 1, 2]), st.booleans())
def test_sorting_orders_as_pandas_does_with_gaps_last(
    frame: pd.DataFrame, column: int, descending: bool
) -> None:
    known = frame.iloc[:, column].astype(object if column == 2 else frame.dtypes.iloc[column])
    expected = known.sort_values(ascending=not descending, kind="stable", na_position="last")
    assert rows(DataTable(frame), sort=column, descending=descending) == list(expected.index)


@given(frames(), st.sampled_from(["green", "RED", "1,5", "<b>", "no such"]))
def test_searching_finds_the_text_in_any_case(frame: pd.DataFrame, text: str) -> None:
    number = 15.0 if text == "1,5" else None
    expected = [
        place
        for place, (word, value) in enumerate(zip(frame.word, frame.number, strict=True))
        if (word is not None and text.lower() in word.lower()) or value == number
    ]
    assert rows(DataTable(frame), search=text) == expected


@given(frames(), st.integers(-5, 5))
def test_searching_a_number_finds_the_cells_that_equal_it(frame: pd.DataFrame, number: int) -> None:
    frame = frame[["number"]]
    expected = list(np.flatnonzero(frame.number.round(2) == number))
    assert rows(DataTable(frame), search=str(number)) == expected


def test_a_search_keeps_the_sorting() -> None:
    frame = pd.DataFrame({"n": [3, 1, 2, 0], "w": ["a", "a", "b", "a"]})
    assert rows(DataTable(frame), search="a", sort=0) == [3, 1, 0]


def test_only_a_page_travels_however_long_the_table_is() -> None:
    table = DataTable(pd.DataFrame({"n": np.arange(1_000_000)}))
    assert len(table.get_state()["_first"]) <= 30
    page = table.page(999_990)
    assert page["total"] == 1_000_000
    assert [row["cells"] for row in page["rows"]][-1] == ["999,999"]
    assert len(table.page(0)["rows"]) == 60


def test_columns_of_one_name_and_strange_types_are_shown() -> None:
    frame = pd.DataFrame(
        [[1, "a", 3 + 1j, [1]], [None, 2, 1j, {"k": "v"}]], columns=["x", "x", "", "<i>"]
    )
    table = DataTable(frame)
    assert table.columns == ["x", "x", "", "<i>"]
    assert [row["cells"] for row in table.page(0, sort=1)["rows"]] == [
        ["–", "2", "1j", "{'k': 'v'}"],
        ["1", "a", "(3+1j)", "[1]"],
    ]
    assert rows(table, search="'v'") == [1]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([1.0, 2.0, np.nan], ["1", "2", "–"]),
        ([0.5, 0.25, 1.0], ["0.50", "0.25", "1.00"]),
        ([1234.5678, 2.0, 1000.0], ["1,234.6", "2.0", "1,000.0"]),
        ([0.00012345, 0.0005, 0.0002], ["0.0001", "0.0005", "0.0002"]),
        ([1e300, np.inf, -1.5], ["1.00e+300", "∞", "−1.5"]),
    ],
)
def test_numbers_of_a_column_have_a_common_precision(values: list[float], shown: list[str]) -> None:
    cells = Cells(pd.DataFrame({"v": values}))
    assert [row[0] for row in cells.rows(range(len(values)))] == shown


def test_times_at_midnight_are_days() -> None:
    days = pd.to_datetime(pd.Series(["2024-01-31", None]))
    frame = pd.DataFrame({"day": days, "time": days + pd.Timedelta(hours=1)})
    assert Cells(frame).rows([0, 1]) == [["2024-01-31", "2024-01-31 01:00:00"], ["–", "–"]]


def test_marked_cells_are_sent_with_their_row() -> None:
    table = DataTable(pd.DataFrame({"a": [2, 1], "b": [0, 0]}), marks=((0, 1),))
    page = table.page(0, sort=0)
    assert [row.get("marks") for row in page["rows"]] == [None, [1]]


def test_a_message_that_makes_no_sense_does_no_harm() -> None:
    table = DataTable(pd.DataFrame({"a": [1]}))
    sent: list[Any] = []
    table.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    for strange in ("x", {}, {"kind": "rows", "start": "x", "sort": 99, "search": {"a": 1}}):
        table._handle_custom_msg(strange, [])
    assert [message["kind"] for message in sent] == ["rows"]
