"""The data of one chart, with a title that says what it shows in this table."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from mlplayground.apps.data_explorer.engine import words
from mlplayground.modeling import ColumnKind, ColumnProfile, Profile, profile


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart as plain data; what draws it knows nothing else.

    Attributes
    ----------
    kind : {"histogram", "bars"}
    column : hashable
    title : str
        What the chart shows.
    labels : tuple of str
        Values of the bars; empty for a histogram.
    edges : tuple
        One more than `counts`, numbers or ISO times; empty for bars.
    counts : tuple of int
    x_label, y_label : str
    alt : str
        The chart in words, for those who do not see it.
    """

    kind: Literal["histogram", "bars"]
    column: Hashable
    title: str
    labels: tuple[str, ...]
    edges: tuple[float, ...] | tuple[str, ...]
    counts: tuple[int, ...]
    x_label: str
    y_label: str
    alt: str


def chart_data(table: Profile | pd.DataFrame, column: Hashable) -> Chart:
    """Return the chart that fits one column: a histogram, or bars of the commonest values.

    Raises
    ------
    ColumnError
        If there is no such column.
    """
    seen = table if isinstance(table, Profile) else profile(table)
    one = seen.column(column)
    spread = one.kind in (ColumnKind.NUMERIC, ColumnKind.DATETIME)
    return _histogram(one) if spread and one.histogram else _bars(one)


def _histogram(column: ColumnProfile) -> Chart:
    assert column.histogram is not None
    counts, edges = column.histogram.counts, column.histogram.edges
    fullest = max(range(len(counts)), key=counts.__getitem__)
    low, high = (_edge(edges[fullest + i]) for i in (0, 1))
    name = words.name(column.name)
    return Chart(
        "histogram", column.name, _shape(column), (), edges, counts, str(column.name), "rows",
        f"Histogram of {name}: {words.count(column.count, 'value')} in {len(counts)} bins; the "
        f"fullest, from {low} to {high}, holds {counts[fullest]:,}.",
    )  # fmt: skip


def _shape(column: ColumnProfile) -> str:
    stats, name = column.stats, words.name(column.name)
    if column.span is not None:
        return f"{name} runs from {column.span[0][:10]} to {column.span[1][:10]}"
    if not {"median", "q25", "q75", "min", "max"} <= stats.keys():
        return f"How {name} is spread"
    middle = f"{words.number(stats['q25'])} to {words.number(stats['q75'])}"
    if abs(stats.get("skew", 0)) > 1:
        tail = "max" if stats["skew"] > 0 else "min"
        return f"Half of {name} lies in {middle}; the tail reaches {words.number(stats[tail])}"
    return f"Half of {name} lies in {middle}, around {words.number(stats['median'])}"


def _bars(column: ColumnProfile) -> Chart:
    labels = tuple(item.value for item in column.top)
    counts = tuple(item.count for item in column.top)
    name = words.name(column.name)
    if not counts:
        title = f"{name} has no values"
    elif len(counts) > 1 and counts[0] == counts[1]:
        title = f"No value of {name} is more frequent than {words.quote(labels[0])}"
    else:
        share = words.percent(counts[0] / column.count)
        title = f"{share} of {name} is {words.quote(labels[0])}"
    rest = column.unique - len(labels)
    more = f"; {words.count(rest, 'rarer value')} not shown" if rest else ""
    listed = ", ".join(f"{label[:40]}: {n:,}" for label, n in zip(labels, counts, strict=True))
    return Chart(
        "bars", column.name, title, labels, (), counts, str(column.name), "rows",
        f"Bars of {name}: {listed}{more}.",
    )  # fmt: skip


def _edge(edge: float | str) -> str:
    return edge[:10] if isinstance(edge, str) else words.number(edge)
