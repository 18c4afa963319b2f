"""How sound a table is: 100 points less named deductions that add up."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from mlplayground.apps.data_explorer.engine.checks import CHECKS, Found
from mlplayground.apps.data_explorer.engine.view import View, look

POINTS: dict[str, tuple[float, float, str]] = {
    "missing_values": (60.0, 20.0, "cells without a usable value"),
    "missing_tokens": (60.0, 10.0, "missing values behind a word"),
    "duplicate_rows": (100.0, 15.0, "repeated rows"),
    "numbers_as_text": (30.0, 10.0, "numbers written as text"),
    "dates_as_text": (20.0, 5.0, "dates written as text"),
    "category_variants": (60.0, 10.0, "one value written in several ways"),
    "misspelt_values": (60.0, 8.0, "misspelt values"),
    "constant_column": (20.0, 5.0, "columns that never change"),
    "mostly_missing": (20.0, 7.0, "columns that are mostly empty"),
    "outliers": (100.0, 10.0, "values far from all others"),
}
"""By kind of problem: points for a whole table of it, the most it can cost, and its name.

The caps add up to 100, so no table is below 0 and no deduction hides another.
"""


@dataclass(frozen=True, slots=True)
class Deduction:
    """What one kind of problem costs.

    Attributes
    ----------
    kind, title : str
    points : float
        Taken from 100.
    share : float
        The share of cells, rows or columns concerned, from 0 to 1.
    columns : tuple of hashable
        Where; empty for whole rows.
    """

    kind: str
    title: str
    points: float
    share: float
    columns: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """A score from 0 to 100: 100 less the sum of the deductions."""

    score: float
    deductions: tuple[Deduction, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data; column names become text."""
        data = asdict(self)
        for deduction in data["deductions"]:
            deduction["columns"] = [str(name) for name in deduction["columns"]]
        return data


def quality(frame: pd.DataFrame, target: Hashable | None = None) -> Quality:
    """Score a table.

    Shares are taken over the canonical view (see ``engine.view``), so that a repair moves
    its own deduction only: a ``?`` that becomes missing was counted as missing before.

    Parameters
    ----------
    frame : DataFrame
    target : hashable, optional
        Rows without it are left out of the shares.

    Returns
    -------
    Quality
    """
    view = look(frame, target)
    return score(view, [one for kind in POINTS for one in CHECKS[kind](view)])


def score(view: View, found: Sequence[Found]) -> Quality:
    """Add up what was found."""
    deductions = [_deduction(view, kind, found) for kind in POINTS]
    kept = tuple(sorted((d for d in deductions if d.points), key=lambda d: -d.points))
    return Quality(100.0 - math.fsum(d.points for d in kept), kept)


def points_of(view: View, found: Sequence[Found]) -> list[float]:
    """Return what the repair of each finding alone would add to the score."""
    totals = {kind: math.fsum(f.share for f in found if f.kind == kind) for kind in POINTS}
    return [
        _cost(view, f.kind, totals[f.kind]) - _cost(view, f.kind, totals[f.kind] - f.share)
        if f.kind in POINTS
        else 0.0
        for f in found
    ]


def _deduction(view: View, kind: str, found: Sequence[Found]) -> Deduction:
    mine = [one for one in found if one.kind == kind]
    total = math.fsum(one.share for one in mine)
    columns = tuple(one.column for one in mine if one.share and one.column is not None)
    share = min(1.0, total / _whole(view, kind))
    return Deduction(kind, POINTS[kind][2], _cost(view, kind, total), share, columns)


def _cost(view: View, kind: str, total: float) -> float:
    rate, cap, _ = POINTS[kind]
    return min(cap, rate * total / _whole(view, kind))


def _whole(view: View, kind: str) -> int:
    """Return what a share is a share of: the rows, or the columns that say something.

    A column that says nothing is measured against those that do, so that dropping it, or
    another one like it, leaves the shares of all other problems alone.
    """
    return 1 if kind == "duplicate_rows" else max(1, len(view.measured))
