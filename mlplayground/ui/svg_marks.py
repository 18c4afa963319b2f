"""Marks of the static charts: what a trace says, and how it is drawn."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlplayground.ui.figures import color
from mlplayground.ui.svg_axis import Axis

_MOST_MARKS = 600
_MOST_TRACES = 8
_COLOR = re.compile(r"#[0-9A-Fa-f]{3,8}|[a-z]{3,20}|rgba?\([0-9., %]{5,40}\)")


@dataclass(frozen=True)
class Trace:
    """One trace with values that a page can hold.

    Attributes
    ----------
    kind : {"bar", "scatter", "box"}
    x, y : list
        For a box, `y` holds five numbers for each `x`.
    """

    kind: str
    x: list[Any]
    y: list[Any]
    name: str
    color: str
    lying: bool = False
    lines: bool = False
    widths: list[float] = field(default_factory=list)

    @property
    def room(self) -> float:
        """How far a mark reaches beyond its place along the axis of places."""
        if self.kind == "scatter":
            return 0.0
        return max(self.widths) / 2 if self.widths else 0.5


@dataclass(frozen=True)
class Frame:
    """The rectangle between the axes, in the picture's own units."""

    across: Axis
    up: Axis
    left: float
    right: float
    top: float
    bottom: float

    def x(self, value: float) -> float:
        """Where `value` lies from left to right."""
        share = (value - self.across.low) / (self.across.high - self.across.low)
        share = 1 - share if self.across.reversed else share
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """Where `value` lies from the top down."""
        share = (value - self.up.low) / (self.up.high - self.up.low)
        share = 1 - share if self.up.reversed else share
        return self.bottom - share * (self.bottom - self.top)


def read_traces(data: Iterable[Mapping[str, Any]]) -> list[Trace]:
    """The traces that can be drawn here, at most eight, each with at most 600 marks."""
    read = (_read(trace, place) for place, trace in enumerate(list(data)[:_MOST_TRACES]))
    return [trace for trace in read if trace is not None]


def draw_trace(trace: Trace, place: int, frame: Frame) -> str:
    """One trace as SVG elements."""
    if trace.kind == "bar":
        return _bars(trace, frame)
    if trace.kind == "box":
        return _boxes(trace, frame)
    xs, ys = frame.across.numbers(trace.x), frame.up.numbers(trace.y)
    inside = [
        (frame.x(x), frame.y(y))
        for x, y in zip(xs, ys, strict=False)
        if math.isfinite(x) and math.isfinite(y)
    ]
    return _line(inside, trace.color) if trace.lines else _points(inside, trace.color)


def _read(trace: Mapping[str, Any], place: int) -> Trace | None:
    kind = str(trace.get("type") or "scatter")
    x, y = values(trace.get("x")), values(trace.get("y"))
    shared: dict[str, Any] = {"name": str(trace.get("name") or ""), "color": _color(trace, place)}
    if kind == "histogram":
        return _counted(x, y, shared)
    if kind == "box":
        return _box(trace, x, y, shared)
    if kind == "bar" and (x or y):
        x, y = x or list(range(len(y))), y or list(range(len(x)))
        lying = trace.get("orientation") == "h"
        widths = [float(width) for width in values(trace.get("width"))]
        ends: tuple[list[Any], list[Any]] = ([*x, 0], y) if lying else (x, [*y, 0])
        return Trace("bar", ends[0], ends[1], lying=lying, widths=widths, **shared)
    if kind in ("scatter", "scattergl") and y:
        x = x or list(range(len(y)))
        kept = slice(None, None, max(1, len(y) // _MOST_MARKS))
        lines = "lines" in str(trace.get("mode") or "lines")
        return Trace("scatter", x[kept], y[kept], lines=lines, **shared)
    return None


def values(given: Any) -> list[Any]:
    """A trace's values as a list, also from an array or from Plotly's packed form."""
    if isinstance(given, Mapping) and "bdata" in given:
        packed = np.frombuffer(base64.b64decode(given["bdata"]), dtype=str(given["dtype"]))
        return list(packed.tolist())
    if given is None or isinstance(given, str | int | float):
        return []
    return list(given.tolist() if hasattr(given, "tolist") else given)


def _counted(x: list[Any], y: list[Any], shared: dict[str, Any]) -> Trace | None:
    raw = x or y
    if not raw:
        return None
    if all(isinstance(value, int | float) for value in raw):
        finite = [value for value in raw if math.isfinite(value)]
        counts, edges = np.histogram(finite, bins=min(30, max(5, int(len(finite) ** 0.5))))
        places: list[Any] = (edges[:-1] + np.diff(edges) / 2).tolist()
        bars, widths = counts.tolist(), np.diff(edges).tolist()
    else:
        names, found = np.unique([str(value) for value in raw], return_counts=True)
        places, bars, widths = names.tolist()[:_MOST_MARKS], found.tolist()[:_MOST_MARKS], []
    if x:
        return Trace("bar", places, [*bars, 0], widths=widths, **shared)
    return Trace("bar", [*bars, 0], places, lying=True, widths=widths, **shared)


def _box(
    trace: Mapping[str, Any], x: list[Any], y: list[Any], shared: dict[str, Any]
) -> Trace | None:
    parts = ("lowerfence", "q1", "median", "q3", "upperfence")
    summed = [values(trace.get(part)) for part in parts]
    if all(summed):
        boxes = list(zip(*summed, strict=False))
        places = x or list(range(len(boxes)))
    elif y and all(isinstance(value, int | float) for value in y):
        groups: dict[str, list[float]] = {}
        names = [str(name) for name in x] or [shared["name"] or "all"] * len(y)
        for name, value in zip(names, y, strict=False):
            groups.setdefault(name, []).append(float(value))
        boxes = [tuple(np.nanpercentile(group, (5, 25, 50, 75, 95))) for group in groups.values()]
        places = list(groups)
    else:
        return None
    flat = [float(part) for box in boxes for part in box]
    return Trace("box", places, flat, **shared)


def _color(trace: Mapping[str, Any], place: int) -> str:
    for part in ("marker", "line"):
        style = trace.get(part)
        given = style.get("color") if isinstance(style, Mapping) else None
        if isinstance(given, str) and _COLOR.fullmatch(given):
            return given
    return color(place)


def _bars(trace: Trace, frame: Frame) -> str:
    lying = trace.lying
    along, amount = (frame.up, frame.across) if lying else (frame.across, frame.up)
    places = along.numbers(trace.y if lying else trace.x)
    sizes = amount.numbers(trace.x if lying else trace.y)
    gaps = np.diff(sorted({place for place in places if math.isfinite(place)}))
    usual = 0.8 * float(gaps.min()) if len(gaps) else 0.8
    pieces = []
    for at, (place, size) in enumerate(zip(places, sizes, strict=False)):
        if not (math.isfinite(place) and math.isfinite(size)):
            continue
        half = (trace.widths[at] if at < len(trace.widths) else usual) / 2
        pieces.append(_bar(frame, lying, place, half, size))
    return f'<g fill="{trace.color}">{"".join(pieces)}</g>'


def _bar(frame: Frame, lying: bool, place: float, half: float, size: float) -> str:
    beside, length = (place - half, place + half), (0.0, size)
    x = sorted(map(frame.x, length if lying else beside))
    y = sorted(map(frame.y, beside if lying else length))
    left, right = max(x[0], frame.left), min(x[1], frame.right)
    width = max(0.5, right - left - (0 if lying else 0.5))
    return f'<rect x="{left:.1f}" y="{y[0]:.1f}" width="{width:.1f}" height="{y[1] - y[0]:.1f}"/>'


def _boxes(trace: Trace, frame: Frame) -> str:
    places = frame.across.numbers(trace.x)
    step = (frame.right - frame.left) / max(1, len(places))
    half = min(40.0, step * 0.3)
    pieces = []
    for at, place in enumerate(places):
        low, first, median, third, high = (frame.y(v) for v in trace.y[5 * at : 5 * at + 5])
        x = frame.x(place)
        pieces.append(
            f'<path d="M{x:.1f} {low:.1f}V{first:.1f}M{x:.1f} {third:.1f}V{high:.1f}'
            f'M{x - half:.1f} {median:.1f}h{2 * half:.1f}"/>'
            f'<rect x="{x - half:.1f}" y="{third:.1f}" width="{2 * half:.1f}" '
            f'height="{first - third:.1f}" fill="none"/>'
        )
    return f'<g stroke="{trace.color}" stroke-width="1.5" fill="none">{"".join(pieces)}</g>'


def _line(points: Sequence[tuple[float, float]], color_: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{color_}" stroke-width="2"/>'


def _points(points: Sequence[tuple[float, float]], color_: str) -> str:
    # A line of no length with round ends is a dot, in a quarter of the bytes of a circle.
    path = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in points)
    return (
        f'<path d="{path}" stroke="{color_}" stroke-width="6" stroke-linecap="round" '
        'opacity="0.6" fill="none"/>'
    )
