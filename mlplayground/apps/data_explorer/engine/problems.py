"""What is wrong with a table, in words, with the repair for each."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.apps.data_explorer.engine.checks import CHECKS, Found
from mlplayground.apps.data_explorer.engine.quality import Quality, points_of, score
from mlplayground.apps.data_explorer.engine.view import View, look
from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes import Operation

_PREVIEW_ROWS = 5


@dataclass(frozen=True)
class Preview:
    """Up to five of the rows that a repair touches, before and after it.

    Attributes
    ----------
    before, after : DataFrame
        With the same index, except for rows that the repair drops.
    """

    before: pd.DataFrame
    after: pd.DataFrame


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or may be.

    Attributes
    ----------
    kind : str
        One of ``checks.CHECKS``; also the arm of a suggestion.
    column : hashable or None
        None where whole rows are concerned.
    rows : int
        How many rows the repair touches.
    positions : array of int
        Which ones, counted from 0.
    points : float
        What the repair adds to the quality score, at most.
    severity : float
        Order of urgency, higher first.
    text : str
        What was found, with this table's numbers.
    operation : Operation or None
        The repair; None where another one comes first, or the column cannot be named in one.
    preview : Preview or None
        There where an operation is.
    """

    kind: str
    column: Hashable | None
    rows: int
    positions: npt.NDArray[np.intp] = field(compare=False, repr=False)
    points: float
    severity: float
    text: str
    operation: Operation | None
    preview: Preview | None = field(compare=False, repr=False)

    @property
    def id(self) -> str:
        """Stable name within one table."""
        return self.kind if self.column is None else f"{self.kind}:{self.column}"


def find_problems(frame: pd.DataFrame, target: Hashable | None = None) -> list[Problem]:
    """Find what is wrong with a table, worst first.

    Parameters
    ----------
    frame : DataFrame
    target : hashable, optional
        The column to predict; adds the checks that concern it, and keeps repairs off it.

    Returns
    -------
    list of Problem

    Raises
    ------
    ColumnError
        If there is no column `target`.

    Examples
    --------
    >>> frame = pd.DataFrame({"city": ["Bern", "Genf", "bern", "Ulm", "Genf"] * 4})
    >>> frame["age"] = ["31", "40", "22", "57", "63"] * 4
    >>> frame["nr"] = range(20)
    >>> [(problem.kind, problem.column) for problem in find_problems(frame)]
    [('numbers_as_text', 'age'), ('category_variants', 'city'), ('identifier', 'nr')]
    """
    return examine(frame, target)[1]


def examine(frame: pd.DataFrame, target: Hashable | None = None) -> tuple[Quality, list[Problem]]:
    """Score a table and find what is wrong with it, in one look.

    Parameters, order and errors are those of :func:`find_problems`.
    """
    view = look(frame, target)
    if target is not None and view.target is None:
        raise ColumnError(f"There is no column {target!r} to predict.")
    found = [one for check in CHECKS.values() for one in check(view)]
    points = points_of(view, found)
    pairs = zip(found, points, strict=True)
    problems = [_problem(view, one, gain) for one, gain in pairs if one.listed]
    return score(view, found), sorted(problems, key=lambda p: (-p.severity, p.id))


def _problem(view: View, found: Found, points: float) -> Problem:
    extent = len(found.positions) / max(1, len(view.frame))
    preview = _preview(view, found)
    return Problem(
        kind=found.kind,
        column=found.column,
        rows=len(found.positions),
        positions=found.positions,
        points=points,
        # Half for the kind of problem, half for how much of the table it touches.
        severity=found.urgency * (0.5 + 0.5 * min(1.0, 2 * math.sqrt(extent))) + points / 100,
        text=found.text,
        operation=None if preview is None else found.operation,
        preview=preview,
    )


def _preview(view: View, found: Found) -> Preview | None:
    """Try the repair on a few rows; None where there is none, or it cannot be done."""
    if found.operation is None:
        return None
    frame = view.frame
    shown = frame.iloc[_shown(view, found)]
    try:
        after = found.operation.learn(frame).apply(shown)
    except InputError:
        return None
    if found.whole_rows:
        return Preview(shown, after)
    kept = [found.column] if found.column in after.columns else []
    return Preview(shown[[found.column]], after[kept])


def _shown(view: View, found: Found) -> npt.NDArray[np.intp]:
    """Choose rows for a preview; repeated ones beside the rows that they repeat."""
    first = found.positions[:_PREVIEW_ROWS]
    if found.kind != "duplicate_rows":
        return first
    compared = [c.keys for c in view.columns if c.name not in found.operation_ignores()]
    repeated = first[:2]
    same = [
        np.flatnonzero(np.all([keys == keys[row] for keys in compared], axis=0))[0]
        for row in repeated
    ]
    return np.unique(np.concatenate([same, repeated]).astype(np.intp))
