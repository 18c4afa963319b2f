"""What a check finds, and where checks are registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mlplayground.apps.data_explorer.engine.column_view import ColumnView
from mlplayground.apps.data_explorer.engine.view import View
from mlplayground.recipes import DropDuplicateRows, Operation


@dataclass(frozen=True)
class Found:
    """What a check found, before it is priced and shown."""

    kind: str
    column: Any
    positions: npt.NDArray[np.intp] = field(compare=False)
    share: float
    urgency: float
    text: str
    operation: Operation | None
    whole_rows: bool = False
    listed: bool = True
    """False where another finding says it already, and it only counts."""

    def operation_ignores(self) -> tuple[Any, ...]:
        """Name the columns in which repeated rows may differ."""
        return self.operation.ignore if isinstance(self.operation, DropDuplicateRows) else ()


Check = Callable[[View], Iterator[Found]]
CHECKS: dict[str, Check] = {}
"""Every check by the kind of problem that it finds."""


def check(kind: str) -> Callable[[Check], Check]:
    """Register a check under the kind of problem that it finds."""

    def add(function: Check) -> Check:
        CHECKS[kind] = function
        return function

    return add


def share_of(view: View, column: ColumnView, mask: npt.NDArray[np.bool_]) -> float:
    """Share of the measured cells of one column; 0 for a column that is not measured."""
    return float(mask[view.rows].mean()) if column in view.measured and view.rows.any() else 0.0
