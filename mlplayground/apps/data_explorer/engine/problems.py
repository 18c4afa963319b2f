"""What is wrong with a table, in words, with the repair for each."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mlplayground.apps.data_explorer.engine.checks import CHECKS, Found
from mlplayground.apps.data_explorer.engine.quality import POINTS, points_of
from mlplayground.apps.data_explorer.engine.view import View, look
from mlplayground.errors import ColumnError
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
        One of ``quality.POINTS`` and ``checks.CHECKS``; also the arm of a suggestion.
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
        The repair; None where the column cannot be named in one.
    preview : Preview or None
    """

    kind: str
    column: Hashable | None
    rows: int
    positions: np.ndarray = field(compare=False, repr=False)
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
    >>> frame = pd.DataFrame({"age": ["31", "?", "40", "22"], "city": ["Bern", "Genf", "bern", "Ulm"]})
    >>> [problem.kind for problem in find_problems(frame)]
    ['missing_tokens', 'numbers_as_text', 'category_variants']
    """
    view = look(frame, target)
    if target is not None and view.target is None:
        raise ColumnError(f"There is no column {target!r} to predict.")
    found = [one for check in CHECKS.values() for one in check(view)]
    points = points_of(view, found)
    problems = [_problem(view, one, gain) for one, gain in zip(found, points, strict=True)]
    return sorted(problems, key=lambda problem: (-problem.severity, problem.id))


def _problem(view: View, found: Found, points: float) -> Problem:
    return Problem(
        kind=found.kind,
        column=found.column,
        rows=len(found.positions),
        positions=found.positions,
        points=points,
        severity=found.urgency + points / 100 if found.kind in POINTS else found.urgency,
        text=found.text,
        operation=found.operation,
        preview=_preview(view.frame, found),
    )


def _preview(frame: pd.DataFrame, found: Found) -> Preview | None:
    if found.operation is None:
        return None
    shown = frame.iloc[found.shown[:_PREVIEW_ROWS]]
    try:
        after = found.operation.learn(frame).apply(shown)
    except ColumnError:
        return None
    touched = [found.column] if found.column in frame.columns and found.whole_column else None
    if touched is None:
        return Preview(shown, after)
    return Preview(shown[touched], after[[c for c in touched if c in after.columns]])
