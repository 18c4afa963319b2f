"""A figure as a picture, drawn from its data without a browser or a library.

It is a chart for reading, not a second Plotly: bars, histograms, points, lines and boxes on two
axes. The SVG travels as an ``<img>`` with a data URL, because JupyterLab strips ``<svg>`` from
notebooks that are not trusted, and because nothing inside an image can ever run.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from mlplayground.ui.escape import escape
from mlplayground.ui.svg_axis import Axis
from mlplayground.ui.svg_marks import Frame, Trace, draw_trace, read_traces

_WIDTH, _HEIGHT = 640, 320
# Readable on white and on black alike: an image does not see the page's theme.
_INK, _LINE = "#767676", "#9e9e9e"


def figure_img(figure: Mapping[str, Any], alt: str) -> str:
    """The figure as an ``<img>`` with its description."""
    data = base64.b64encode(figure_svg(figure, alt).encode()).decode()
    return (
        f'<img width="{_WIDTH}" height="{_HEIGHT}" alt="{escape(alt)}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def figure_svg(figure: Mapping[str, Any], alt: str) -> str:
    """The figure as an SVG document of 640 by 320.

    Traces of other kinds than ``bar``, ``histogram``, ``scatter`` and ``box`` are left out; where
    nothing remains, the description stands in the middle.
    """
    layout = figure.get("layout") or {}
    traces = read_traces(figure.get("data") or ())
    body = _drawn(layout, traces) if traces else _words(alt)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(alt)}" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{_INK}">{body}</svg>'
    )


def _drawn(layout: Mapping[str, Any], traces: list[Trace]) -> str:
    room = max((trace.room for trace in traces), default=0.0)
    lying = any(trace.lying for trace in traces)
    across = Axis.of(
        [trace.x for trace in traces], layout.get("xaxis") or {}, 0.0 if lying else room
    )
    up = Axis.of([trace.y for trace in traces], layout.get("yaxis") or {}, room if lying else 0.0)
    left = min(200.0, 32.0 + 6.2 * max((len(label) for _, label in up.ticks), default=0))
    top = 28.0 if _named(traces) else 12.0
    frame = Frame(across, up, left=left, right=_WIDTH - 32.0, top=top, bottom=_HEIGHT - 48.0)
    marks = "".join(draw_trace(trace, place, frame) for place, trace in enumerate(traces))
    return _axes(frame) + marks + _legend(traces, frame)


def _axes(frame: Frame) -> str:
    lines, labels = [], []
    for value, label in frame.up.ticks:
        y = frame.y(value)
        lines.append(f"M{frame.left:.0f} {y:.1f}H{frame.right:.0f}")
        labels.append(_text(frame.left - 6, y + 4, label, "end"))
    for value, label in frame.across.ticks:
        x = frame.x(value)
        lines.append(f"M{x:.1f} {frame.bottom:.0f}v4")
        labels.append(_text(x, frame.bottom + 16, label, "middle"))
    middle = (frame.left + frame.right) / 2
    labels.append(_text(middle, _HEIGHT - 12, frame.across.title, "middle"))
    turned = (frame.top + frame.bottom) / 2
    labels.append(
        f'<text transform="translate(12 {turned:.0f}) rotate(-90)" text-anchor="middle">'
        f"{escape(frame.up.title)}</text>"
    )
    path = "".join(lines)
    return (
        f'<path d="{path}" stroke="{_LINE}" stroke-width="0.5" fill="none" opacity="0.6"/>'
        f'<path d="M{frame.left:.0f} {frame.bottom:.0f}H{frame.right:.0f}" stroke="{_LINE}"/>'
        + "".join(labels)
    )


def _legend(traces: list[Trace], frame: Frame) -> str:
    step = (frame.right - frame.left) / 4
    return "".join(
        f'<rect x="{frame.left + step * place:.0f}" y="6" width="8" height="8" '
        f'fill="{trace.color}"/>' + _text(frame.left + step * place + 12, 14, trace.name[:20])
        for place, trace in enumerate(_named(traces)[:4])
    )


def _named(traces: list[Trace]) -> list[Trace]:
    named = [trace for trace in traces if trace.name]
    return named if len(named) > 1 else []


def _words(alt: str) -> str:
    return _text(_WIDTH / 2, _HEIGHT / 2, alt[:90], "middle")


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
