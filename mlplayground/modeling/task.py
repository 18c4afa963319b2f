"""What kind of prediction a target asks for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from mlplayground.errors import ColumnError
from mlplayground.modeling.kinds import Coded, code

MAX_NUMERIC_CLASSES = 10
"""Whole numbers with more distinct values than this are amounts, not classes."""


class Task(StrEnum):
    """The kinds of prediction that are told apart."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


def task_of(target: pd.Series[Any]) -> Task:
    """Say whether `target` holds two classes, several, or numbers.

    Whole numbers are classes where there are at most ten of them and at least twenty rows
    for each; so a grade from 3 to 9 is, and a price is not.

    Raises
    ------
    ColumnError
        If there is nothing to predict: no value, one value only, or text that hardly ever
        comes twice.
    """
    return _task(code(target), target.name)


def _task(coded: Coded, name: object) -> Task:
    distinct, count = len(coded.values), coded.count
    if distinct < 2:
        what = "no value at all" if not distinct else "the same value in every row"
        raise ColumnError(f"`{name}` cannot be predicted: it has {what}. Choose another target.")
    if coded.dates is not None:
        raise ColumnError(f"`{name}` holds dates, which cannot be predicted as they are.")
    if coded.numbers is not None and coded.inferred != "boolean":
        values = np.unique(coded.numbers[~np.isnan(coded.numbers)])
        whole = bool(np.all(np.isfinite(values)) and np.all(values == np.floor(values)))
        few = whole and distinct <= MAX_NUMERIC_CLASSES and count >= 20 * distinct
        if distinct > 2 and not few:
            return Task.REGRESSION
    elif distinct > 2 and distinct > count / 2:
        raise ColumnError(
            f"`{name}` has {distinct:,} different texts in {count:,} rows, so hardly a class "
            "comes twice. Choose a column with fewer classes, or read its numbers first."
        )
    return Task.BINARY if distinct == 2 else Task.MULTICLASS
