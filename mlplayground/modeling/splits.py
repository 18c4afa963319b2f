"""Dividing rows into those to learn from and those to test on.

All functions take what they need (a number of rows, classes, groups or times) and return
positions counted from 0. The same `random_state` gives the same split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.errors import InputError

Positions = npt.NDArray[np.intp]
Rows = Sequence[Any] | npt.NDArray[Any] | pd.Series


@dataclass(frozen=True)
class Split:
    """One division of rows.

    Attributes
    ----------
    kind : {"random", "stratified", "grouped", "time"}
    train, test : array of int
        Positions, ascending; disjoint, and together all rows.
    """

    kind: Literal["random", "stratified", "grouped", "time"]
    train: Positions = field(repr=False)
    test: Positions = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Split)
            and self.kind == other.kind
            and np.array_equal(self.train, other.train)
            and np.array_equal(self.test, other.test)
        )

    __hash__ = None  # type: ignore[assignment]


def random_split(n_rows: int, test_share: float = 0.25, random_state: int = 0) -> Split:
    """Draw the test rows at random.

    Raises
    ------
    InputError
        If a side would be empty, or `test_share` is not between 0 and 1.
    """
    n_test = _test_size(n_rows, test_share)
    chosen = np.random.default_rng(random_state).permutation(n_rows)[:n_test]
    return _split("random", n_rows, chosen)


def stratified_split(classes: Rows, test_share: float = 0.25, random_state: int = 0) -> Split:
    """Draw the test rows so that each class has the same share on both sides.

    Raises
    ------
    InputError
        If a class has one member only, a class is missing, or a side would be empty.
    """
    codes = _classes(classes, 2)
    _test_size(len(codes), test_share)
    rng = np.random.default_rng(random_state)
    chosen = []
    for members in _members(codes):
        n_test = min(max(1, round(test_share * len(members))), len(members) - 1)
        chosen.append(rng.permutation(members)[:n_test])
    return _split("stratified", len(codes), np.concatenate(chosen))


def grouped_split(groups: Rows, test_share: float = 0.25, random_state: int = 0) -> Split:
    """Draw whole groups for the test, until they hold about `test_share` of the rows.

    Raises
    ------
    InputError
        If there are fewer than two groups, or a row has none.
    """
    codes = _groups(groups, 2)
    wanted = _test_size(len(codes), test_share)
    sizes = np.bincount(codes)
    order = np.random.default_rng(random_state).permutation(len(sizes))
    n_groups = int(np.searchsorted(np.cumsum(sizes[order]), wanted)) + 1
    chosen = order[: min(n_groups, len(sizes) - 1)]
    return _split("grouped", len(codes), np.flatnonzero(np.isin(codes, chosen)))


def time_split(times: Rows, test_share: float = 0.25) -> Split:
    """Test on the latest rows; rows of the same time stay on one side.

    Raises
    ------
    InputError
        If a time is missing, or all rows have the same.
    """
    ranks = _times(times)
    wanted = _test_size(len(ranks), test_share)
    border = np.sort(ranks)[len(ranks) - wanted]
    # Where the border falls into a group of equal times, the whole group is tested on.
    if border == ranks.min():
        border = np.unique(ranks)[1]
    return _split("time", len(ranks), np.flatnonzero(ranks >= border))


def random_folds(n_rows: int, n_folds: int = 5, random_state: int = 0) -> tuple[Split, ...]:
    """Cut the rows at random into `n_folds` parts, each the test of one split."""
    _check_folds(n_rows, n_folds, "rows")
    shuffled = np.random.default_rng(random_state).permutation(n_rows)
    return tuple(_split("random", n_rows, shuffled[fold::n_folds]) for fold in range(n_folds))


def stratified_folds(classes: Rows, n_folds: int = 5, random_state: int = 0) -> tuple[Split, ...]:
    """Cut the rows into folds that have each class in the same share.

    Raises
    ------
    InputError
        If a class has fewer members than there are folds: it would miss in one of them.
    """
    codes = _classes(classes, n_folds)
    rng = np.random.default_rng(random_state)
    # One class after the other is dealt out like cards, so folds differ by one row at most.
    dealt = np.concatenate([rng.permutation(members) for members in _members(codes)])
    return tuple(_split("stratified", len(codes), dealt[fold::n_folds]) for fold in range(n_folds))


def grouped_folds(groups: Rows, n_folds: int = 5, random_state: int = 0) -> tuple[Split, ...]:
    """Cut the rows into folds that share no group; the largest groups are dealt first."""
    codes = _groups(groups, n_folds)
    sizes = np.bincount(codes)
    shuffled = np.random.default_rng(random_state).permutation(len(sizes))
    load, home = np.zeros(n_folds), np.empty(len(sizes), dtype=np.intp)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        home[group] = int(load.argmin())
        load[home[group]] += sizes[group]
    fold_of = home[codes]
    return tuple(
        _split("grouped", len(codes), np.flatnonzero(fold_of == fold)) for fold in range(n_folds)
    )


def _split(kind: Any, n_rows: int, test: Positions) -> Split:
    mask = np.zeros(n_rows, dtype=bool)
    mask[test] = True
    return Split(kind, np.flatnonzero(~mask), np.flatnonzero(mask))


def _test_size(n_rows: int, test_share: float) -> int:
    if not 0 < test_share < 1:
        raise InputError(f"The share of test rows must lie between 0 and 1, not {test_share:g}.")
    if n_rows < 2:
        raise InputError(f"A split needs at least 2 rows, and there are {n_rows}.")
    return min(max(1, round(test_share * n_rows)), n_rows - 1)


def _check_folds(members: int, n_folds: int, what: str) -> None:
    if n_folds < 2:
        raise InputError(f"There must be at least 2 folds, not {n_folds}.")
    if members < n_folds:
        raise InputError(f"{n_folds} folds need at least {n_folds} {what}; there are {members}.")


def _classes(classes: Rows, at_least: int) -> Positions:
    codes, names = _codes(classes, "class")
    if at_least < 2:
        raise InputError(f"There must be at least 2 folds, not {at_least}.")
    sizes = np.bincount(codes)
    if not len(sizes):
        raise InputError("A split needs at least 2 rows, and there are 0.")
    rarest = int(sizes.argmin())
    if sizes[rarest] < at_least:
        has = "one member" if sizes[rarest] == 1 else f"{sizes[rarest]} members"
        raise InputError(
            f"The class {str(names[rarest])[:40]!r} has {has}, and each class needs "
            f"{at_least} to be on every side of the split. Merge it with another class, leave it "
            "out, or split at random."
        )
    return codes


def _groups(groups: Rows, at_least: int) -> Positions:
    codes, _ = _codes(groups, "group")
    _check_folds(len(np.bincount(codes)) if len(codes) else 0, at_least, "groups")
    return codes


def _codes(values: Rows, what: str) -> tuple[Positions, Any]:
    codes, names = pd.factorize(pd.Series(values))
    if (codes < 0).any():
        row = int((codes < 0).argmax())
        raise InputError(f"{int((codes < 0).sum())} rows have no {what}; the first is row {row}.")
    return codes, names


def _times(times: Rows) -> npt.NDArray[Any]:
    column = pd.Series(times)
    if column.isna().any():
        row = int(column.isna().to_numpy().argmax())
        raise InputError(f"{int(column.isna().sum())} rows have no time; the first is row {row}.")
    try:
        ranks = column.rank(method="dense").to_numpy()
    except TypeError as error:
        raise InputError(f"The times cannot be put in order: {error}.") from error
    if not len(ranks) or ranks.max() == 1:
        raise InputError("All rows have the same time, so there is no earlier and later.")
    return np.asarray(ranks)


def _members(codes: Positions) -> list[Positions]:
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
