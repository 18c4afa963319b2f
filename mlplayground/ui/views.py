"""What a panel can show, as plain frozen data.

A view says *what* is shown; :mod:`mlplayground.ui.draw` makes widgets of it and
:mod:`mlplayground.ui.static` makes HTML of it. All text is plain text: a name from a learner's
table goes in as it is, and is escaped where it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Tone = Literal["info", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence that says what was found, in the learner's own numbers.

    Attributes
    ----------
    text : str
        The sentence.
    tone : {"info", "good", "warning", "bad"}
        How it is marked; also said by a sign, never by colour alone.
    """

    text: str
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of explanation; blank lines separate paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value, for instance ``Fact("Rows", "1,204", "3 set aside")``."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A few labelled values, drawn side by side."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """A Plotly figure.

    Attributes
    ----------
    figure : dict
        ``{"data": [...], "layout": {...}}``, as :mod:`mlplayground.ui.figures` builds it or
        ``plotly.graph_objects.Figure.to_plotly_json`` gives it.
    title : str
        What the chart shows in this data; drawn above it.
    alt : str
        The same for somebody who cannot see it: what is on the axes and what stands out.
    """

    figure: Mapping[str, Any]
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A table, of any length.

    Attributes
    ----------
    frame : DataFrame
        Never sent whole: rows travel when they are looked at.
    caption : str
        What the table is.
    marks : tuple of (int, int)
        Row and column positions of the cells that are unusual.
    """

    frame: pd.DataFrame
    caption: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CardView:
    """A suggestion.

    Attributes
    ----------
    id : str
        Comes back in ``on_card``.
    title : str
        Verb first.
    expected : float or None
        The gain to expect, in `unit`; None where nothing is known.
    interval : (float, float) or None
        Between what limits it probably lies.
    unit : str
        Of `expected`.
    reason, evidence : str
        Why, and what that rests on.
    place : int
        Its rank among the suggestions shown, from 0.
    """

    id: str
    title: str
    expected: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = ""
    reason: str = ""
    evidence: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class HintView:
    """A hint at the rung it has reached: 1 a question, 2 a pointer, 3 the answer."""

    id: str
    text: str
    rung: int = 1
    rungs: int = 3


View = Finding | Prose | Facts | ChartView | TableView | CardView | HintView
