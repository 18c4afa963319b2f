"""Charts as Plotly figure dicts, from numbers that an engine has already summed up.

Pure functions: no widget, no library. Every axis has a name, with its unit where it has one;
what the chart says in this data is the title of its :class:`~mlplayground.ui.views.ChartView`.
Counts are drawn from their counts, so a chart of ten million rows is as small as one of ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlplayground.ui.format import number

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), in an order in which neighbours
# also differ in lightness; yellow last, because it is hard to see on white.
OKABE_ITO = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#999999",
    "#F0E442",
)
MOST_POINTS = 5_000
_LONGEST_LABEL = 24

Figure = dict[str, Any]


def color(place: int) -> str:
    """The colour of the class or series at `place`; the same in every chart."""
    return OKABE_ITO[place % len(OKABE_ITO)]


def axis_title(name: str, unit: str = "") -> str:
    """``"fare (USD)"``, or the name alone where there is no unit."""
    return f"{name} ({unit})" if unit else name


def histogram(
    counts: Sequence[float],
    edges: Sequence[float] | Sequence[str],
    *,
    x_title: str,
    y_title: str = "Rows",
    x_unit: str = "",
) -> Figure:
    """How often values fall between the edges.

    Parameters
    ----------
    counts : sequence of number
        One a bin.
    edges : sequence of number or of str
        One more than `counts`, rising: numbers, or times in ISO 8601.
    x_title, y_title, x_unit : str

    Raises
    ------
    ValueError
        If there is not one edge more than counts.
    """
    if len(edges) != len(counts) + 1:
        raise ValueError(
            f"A histogram of {len(counts)} bins has {len(counts) + 1} edges, not {len(edges)}."
        )
    times = len(edges) > 0 and isinstance(edges[0], str)
    centers, widths = _bins_of_times(edges) if times else _bins_of_numbers(edges)
    shown = [str(edge)[:16].replace("T", " ") if times else number(float(edge)) for edge in edges]
    trace = {
        "type": "bar",
        "x": centers,
        "y": [float(count) for count in counts],
        "width": widths,
        "hovertext": [
            f"{low} to {high}: {number(float(count))}"
            for low, high, count in zip(shown, shown[1:], counts, strict=False)
        ],
        "hoverinfo": "text",
        "marker": {"color": color(0)},
    }
    layout = _layout(axis_title(x_title, x_unit), y_title, x_kind="date" if times else "linear")
    layout["bargap"] = 0.02
    layout["yaxis"]["rangemode"] = "tozero"
    return {"data": [trace], "layout": layout}


def bars(
    labels: Sequence[str],
    counts: Sequence[float],
    *,
    x_title: str = "Rows",
    y_title: str,
    x_unit: str = "",
) -> Figure:
    """One bar for each label, lying, the first on top.

    The labels are places with names, not values: "1", "01" and "1.0" stay three bars.

    Parameters
    ----------
    labels : sequence of str
    counts : sequence of number
        The length of each bar.
    x_title, y_title, x_unit : str
        `x_title` names the amounts, `y_title` what the labels are.
    """
    texts = [str(label) for label in labels]
    places = list(range(len(texts)))
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": [float(count) for count in counts],
        "hovertext": [
            f"{text}: {number(float(count))}" for text, count in zip(texts, counts, strict=True)
        ],
        "hoverinfo": "text",
        "marker": {"color": color(0)},
    }
    layout = _layout(axis_title(x_title, x_unit), y_title)
    layout["yaxis"] |= _named_places(texts) | {"autorange": "reversed"}
    layout["xaxis"]["rangemode"] = "tozero"
    layout["bargap"] = 0.2
    return {"data": [trace], "layout": layout}


def box(
    labels: Sequence[str],
    summaries: Sequence[tuple[float, float, float, float, float]],
    *,
    x_title: str,
    y_title: str,
    y_unit: str = "",
) -> Figure:
    """One box for each label.

    Parameters
    ----------
    labels : sequence of str
    summaries : sequence of (float, float, float, float, float)
        Lower whisker, first quartile, median, third quartile, upper whisker.
    x_title, y_title, y_unit : str
    """
    low, first, median, third, high = (
        [float(summary[part]) for summary in summaries] for part in range(5)
    )
    trace = {
        "type": "box",
        "x": list(range(len(summaries))),
        "lowerfence": low,
        "q1": first,
        "median": median,
        "q3": third,
        "upperfence": high,
        "marker": {"color": color(0)},
    }
    layout = _layout(x_title, axis_title(y_title, y_unit))
    layout["xaxis"] |= _named_places([str(label) for label in labels])
    return {"data": [trace], "layout": layout}


def scatter(
    x: Sequence[float],
    y: Sequence[float],
    *,
    x_title: str,
    y_title: str,
    groups: Sequence[str] | None = None,
    x_unit: str = "",
    y_unit: str = "",
) -> Figure:
    """A point for each row, at most 5,000 of them, evenly taken.

    A brush gives back the positions of rows in `x`, also where not all points are drawn.

    Parameters
    ----------
    x, y : sequence of float
    groups : sequence of str, optional
        A colour, a sign and a name in the legend for each; at most eight.
    x_title, y_title, x_unit, y_unit : str
    """
    rows = _evenly(len(x), MOST_POINTS)
    names = [str(group) for group in groups] if groups is not None else []
    kinds = list(dict.fromkeys(names))[: len(OKABE_ITO)] or [""]
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    traces = []
    for place, kind in enumerate(kinds):
        chosen = [row for row in rows if not names or names[row] == kind]
        traces.append(_points(across[chosen], up[chosen], chosen, kind, place))
    layout = _layout(axis_title(x_title, x_unit), axis_title(y_title, y_unit))
    layout["showlegend"] = len(kinds) > 1
    return {"data": traces, "layout": layout}


def line(
    x: Sequence[Any],
    series: Mapping[str, Sequence[float]],
    *,
    x_title: str,
    y_title: str,
    x_unit: str = "",
    y_unit: str = "",
) -> Figure:
    """A line for each series, its name at its end.

    Parameters
    ----------
    x : sequence
        Numbers, or times in ISO 8601; the same for all.
    series : mapping of str to sequence of float
    x_title, y_title, x_unit, y_unit : str
    """
    traces, notes = [], []
    for place, (name, values) in enumerate(series.items()):
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": list(x),
                "y": [float(value) for value in values],
                "name": str(name),
                "line": {"color": color(place), "width": 2},
            }
        )
        if len(x) and len(series) > 1:
            notes.append(_label_at_end(x[-1], float(values[-1]), str(name)))
    layout = _layout(axis_title(x_title, x_unit), axis_title(y_title, y_unit))
    layout["annotations"] = notes
    if notes:
        layout["margin"] = {"l": 56, "r": 96, "t": 16, "b": 48}
    return {"data": traces, "layout": layout}


def _layout(x_title: str, y_title: str, x_kind: str = "linear") -> Figure:
    # Lines from line() may have times: Plotly finds that out where the kind is left open.
    kind = {"type": x_kind} if x_kind != "linear" else {}
    return {
        "xaxis": {"title": {"text": x_title}, **kind},
        "yaxis": {"title": {"text": y_title}},
        "showlegend": False,
    }


def _named_places(labels: list[str]) -> Figure:
    return {
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": [
            label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
            for label in labels
        ],
    }


def _bins_of_numbers(edges: Sequence[Any]) -> tuple[list[Any], list[float]]:
    limits = np.asarray(edges, dtype=float)
    widths = np.diff(limits)
    return (limits[:-1] + widths / 2).tolist(), widths.tolist()


def _bins_of_times(edges: Sequence[Any]) -> tuple[list[Any], list[float]]:
    limits = np.asarray([str(edge).removesuffix("Z") for edge in edges], dtype="datetime64[ms]")
    widths = np.diff(limits)
    return (limits[:-1] + widths // 2).astype(str).tolist(), widths.astype(float).tolist()


def _evenly(length: int, most: int) -> list[int]:
    if length <= most:
        return list(range(length))
    places: list[int] = np.linspace(0, length - 1, most).astype(int).tolist()
    return places


def _points(x: Any, y: Any, rows: list[int], name: str, place: int) -> Figure:
    signs = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")
    return {
        "type": "scatter",
        "mode": "markers",
        # Arrays travel as bytes, in half the size of their digits and without loss.
        "x": x,
        "y": y,
        **({} if rows == list(range(len(rows))) else {"customdata": rows}),
        "name": name,
        "marker": {
            "color": color(place),
            "symbol": signs[place % len(signs)],
            "size": 6 if len(rows) > 1000 else 8,
            "opacity": 0.5 if len(rows) > 200 else 0.8,
        },
    }


def _label_at_end(x: Any, y: float, name: str) -> Figure:
    return {
        "x": x,
        "y": y,
        "text": name,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 8,
    }
