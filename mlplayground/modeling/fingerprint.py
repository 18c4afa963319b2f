"""What a dataset is like, in numbers that hold none of its values.

Sizes, types, missingness, the target's shape, and landmarkers: how far very cheap models
get on a small sample (Pfahringer, Bensusan & Giraud-Carrier 2000). Similar fingerprints
stand for similar datasets, so what worked on one is worth trying on the other.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.errors import ColumnError
from mlplayground.modeling.kinds import Coded, ColumnKind, code, guess_kind
from mlplayground.modeling.profile import duplicated
from mlplayground.modeling.task import Task, _task

SAMPLE_ROWS = 4000
LANDMARK_ROWS = 800
LANDMARK_COLUMNS = 30

_Floats = npt.NDArray[np.float64]


def fingerprint(frame: pd.DataFrame, target: Hashable | None = None) -> dict[str, float]:
    """Describe a dataset by about forty finite numbers.

    Parameters
    ----------
    frame : DataFrame
        At most 4,000 of its rows, evenly spread, are looked at.
    target : hashable, optional
        Without one, or with one that cannot be predicted, all ``target_`` and
        ``landmark_`` numbers are 0.

    Returns
    -------
    dict of str to float
        Always the same names, in the same order; the same for any order of columns.
        Shares lie between 0 and 1; ``log_`` is the natural logarithm of 1 + x; a landmarker
        is ``(score - dummy) / (1 - dummy)``, of accuracy or R², between -1 and 1.

    Raises
    ------
    ColumnError
        If there is no column `target`.
    """
    step = max(1, -(-len(frame) // SAMPLE_ROWS))
    sample = frame.iloc[::step]
    columns = [(str(frame.columns[i]), code(sample.iloc[:, i])) for i in range(frame.shape[1])]
    goal = None if target is None else columns[_position(frame, target)]
    # One fixed order of columns makes every number independent of the order that they came in.
    inputs = sorted((c for c in columns if c is not goal), key=_order)
    kinds = [guess_kind(coded, name) for name, coded in inputs]
    numbers = {
        **_sizes(frame),
        **_types(kinds),
        **_missing([coded for _, coded in inputs]),
        **_spread([coded for _, coded in inputs], kinds),
        "duplicate_share": float(
            duplicated([coded.codes for _, coded in columns], len(sample)).sum()
            / max(1, len(sample))
        ),
        **_target(goal, [coded for _, coded in inputs], kinds),
    }
    return {name: float(value) if np.isfinite(value) else 0.0 for name, value in numbers.items()}


def _sizes(frame: pd.DataFrame) -> dict[str, float]:
    rows, columns = frame.shape
    return {
        "log_rows": np.log1p(rows),
        "log_columns": np.log1p(columns),
        "log_rows_per_column": np.log1p(rows / max(1, columns)),
    }


def _types(kinds: list[ColumnKind]) -> dict[str, float]:
    return {f"{kind}_share": kinds.count(kind) / max(1, len(kinds)) for kind in ColumnKind}


def _missing(inputs: list[Coded]) -> dict[str, float]:
    shares = np.array([np.mean(c.codes < 0) if len(c.codes) else 0.0 for c in inputs] or [0.0])
    any_gone = np.zeros(len(inputs[0].codes) if inputs else 0, dtype=bool)
    for coded in inputs:
        any_gone |= coded.codes < 0
    return {
        "missing_share": shares.mean(),
        "missing_columns_share": np.mean(shares > 0),
        "missing_largest_share": shares.max(),
        "missing_rows_share": any_gone.mean() if len(any_gone) else 0.0,
    }


def _spread(inputs: list[Coded], kinds: list[ColumnKind]) -> dict[str, float]:
    pairs = list(zip(inputs, kinds, strict=True))
    numeric = [_finite(c.numbers) for c, k in pairs if k is ColumnKind.NUMERIC]
    skews = [_skew(values) for values in numeric]
    zeros = [np.mean(values == 0) for values in numeric if len(values)]
    cardinality = [len(c.values) for c, k in pairs if k is ColumnKind.CATEGORICAL]
    return {
        "log_skew_mean": np.log1p(np.mean(np.abs(skews))) if skews else 0.0,
        "skewed_share": np.mean(np.abs(skews) > 2) if skews else 0.0,
        "zero_share": np.mean(zeros) if zeros else 0.0,
        "log_cardinality_mean": np.log1p(np.mean(cardinality)) if cardinality else 0.0,
        "log_cardinality_max": np.log1p(max(cardinality, default=0)),
        "correlation_mean": _correlation(numeric_matrix(pairs)),
    }


def _target(
    goal: tuple[str, Coded] | None, inputs: list[Coded], kinds: list[ColumnKind]
) -> dict[str, float]:
    names = (
        "target_is_numeric",
        "target_missing_share",
        "target_log_classes",
        "target_majority_share",
        "target_rarest_share",
        "target_entropy",
        "target_log_skew",
        "landmark_stump",
        "landmark_tree",
        "landmark_neighbour",
        "landmark_linear",
        "landmark_best_single",
    )
    none = dict.fromkeys(names, 0.0)
    if goal is None:
        return none
    try:
        task = _task(goal[1], goal[0])
    except ColumnError:
        return none
    shape = _target_shape(goal[1], task)
    return none | shape | _landmarks(goal[1], task, list(zip(inputs, kinds, strict=True)))


def _target_shape(goal: Coded, task: Task) -> dict[str, float]:
    shape = {"target_missing_share": float(np.mean(goal.codes < 0))}
    if task is Task.REGRESSION:
        skew = np.log1p(abs(_skew(_finite(goal.numbers))))
        return shape | {"target_is_numeric": 1.0, "target_log_skew": skew}
    shares = goal.counts / goal.counts.sum()
    return shape | {
        "target_log_classes": float(np.log1p(len(shares))),
        "target_majority_share": float(shares.max()),
        "target_rarest_share": float(shares.min()),
        "target_entropy": float(-np.sum(shares * np.log(shares)) / np.log(len(shares))),
    }


def _landmarks(goal: Coded, task: Task, inputs: list[tuple[Coded, ColumnKind]]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    rows = np.flatnonzero(goal.codes >= 0)
    rows = rows[:: max(1, len(rows) // LANDMARK_ROWS)][:LANDMARK_ROWS]
    X = _matrix(inputs)[rows]
    if len(rows) < 20 or not X.shape[1]:
        return {}
    numeric = task is Task.REGRESSION
    assert not numeric or goal.numbers is not None
    y = np.nan_to_num(goal.numbers[rows]) if numeric else goal.codes[rows]  # type: ignore[index]
    tree = DecisionTreeRegressor if numeric else DecisionTreeClassifier
    near = KNeighborsRegressor if numeric else KNeighborsClassifier
    models: dict[str, Any] = {
        "landmark_stump": tree(max_depth=1, random_state=0),
        "landmark_tree": tree(max_depth=6, random_state=0),
        "landmark_neighbour": near(n_neighbors=min(5, len(rows) // 4)),
        "landmark_linear": Ridge() if numeric else LogisticRegression(max_iter=60, tol=1e-2),
    }
    scores = {name: _landmark(model, X, y, numeric) for name, model in models.items()}
    single = max(
        _landmark(tree(max_depth=2, random_state=0), X[:, [i]], y, numeric)
        for i in range(X.shape[1])
    )
    return {**scores, "landmark_best_single": single}


def _landmark(model: Any, X: _Floats, y: npt.NDArray[Any], numeric: bool) -> float:
    """Learn from every other row, score on the rest, relative to a dummy."""
    import warnings

    learn, test = np.arange(0, len(y), 2), np.arange(1, len(y), 2)
    if len(np.unique(y[learn])) < 2:
        return 0.0
    with warnings.catch_warnings():
        # A landmarker may stop early: where it got is the measure.
        warnings.simplefilter("ignore")
        model.fit(X[learn], y[learn])
    predicted = model.predict(X[test])
    if numeric:
        spread = np.sum((y[test] - y[learn].mean()) ** 2)
        gain = 1 - np.sum((y[test] - predicted) ** 2) / spread if spread > 0 else 0.0
    else:
        usual = np.bincount(y[learn]).argmax()
        dummy = np.mean(y[test] == usual)
        gain = (np.mean(y[test] == predicted) - dummy) / (1 - dummy) if dummy < 1 else 0.0
    return float(np.clip(gain, -1, 1))


def numeric_matrix(pairs: list[tuple[Coded, ColumnKind]]) -> _Floats:
    """Stack the numeric columns, standardised, missing cells at the median."""
    columns = [
        _standard(c.numbers)
        for c, k in pairs
        if c.numbers is not None and k in (ColumnKind.NUMERIC, ColumnKind.BOOLEAN)
    ]
    rows = len(pairs[0][0].codes) if pairs else 0
    return np.stack(columns, axis=1) if columns else np.zeros((rows, 0))


def _matrix(pairs: list[tuple[Coded, ColumnKind]]) -> _Floats:
    """Stack up to 30 usable columns; a category is coded by how frequent it is."""
    columns = []
    for coded, kind in pairs:
        if coded.dates is not None:
            stamps = coded.dates.astype("int64").to_numpy(dtype="float64")
            columns.append(_standard(np.where(coded.codes < 0, np.nan, stamps)))
        elif kind in (ColumnKind.NUMERIC, ColumnKind.BOOLEAN) and coded.numbers is not None:
            columns.append(_standard(coded.numbers))
        elif kind in (ColumnKind.CATEGORICAL, ColumnKind.BOOLEAN) and len(coded.values):
            ranks = np.empty(len(coded.values) + 1)
            ranks[np.argsort(-coded.counts, kind="stable")] = np.arange(len(coded.values))
            ranks[-1] = np.nan
            columns.append(_standard(ranks[coded.codes]))
    rows = len(pairs[0][0].codes) if pairs else 0
    step = max(1, -(-len(columns) // LANDMARK_COLUMNS))
    return np.stack(columns[::step], axis=1) if columns else np.zeros((rows, 0))


def _standard(numbers: _Floats | None) -> _Floats:
    assert numbers is not None
    values = _finite(numbers)
    if not len(values):
        return np.zeros(len(numbers))
    low, middle, high = np.quantile(values, [0.01, 0.5, 0.99])
    kept = np.clip(np.where(np.isfinite(numbers), numbers, middle), low, high)
    largest = np.abs(kept).max()
    # Brought to size first: the square of a large float is beyond all floats.
    kept = kept / largest if largest > 0 else kept
    scale = kept.std()
    return (kept - kept.mean()) / scale if scale > 0 else kept * 0.0


def _correlation(matrix: _Floats) -> float:
    if matrix.shape[1] < 2 or len(matrix) < 3:
        return 0.0
    matrix = matrix[:, :: max(1, -(-matrix.shape[1] // 100))]
    products = np.abs(matrix.T @ matrix / len(matrix))
    return float(products[np.triu_indices(matrix.shape[1], 1)].mean())


def _finite(numbers: _Floats | None) -> _Floats:
    return np.empty(0) if numbers is None else numbers[np.isfinite(numbers)]


def _skew(values: _Floats) -> float:
    if len(values) < 3:
        return 0.0
    with np.errstate(all="ignore"):
        spread = values.std()
        skew = np.mean(((values - values.mean()) / spread) ** 3) if spread > 0 else 0.0
    return float(skew) if np.isfinite(skew) else 0.0


def _order(column: tuple[str, Coded]) -> tuple[str, bytes]:
    name, coded = column
    return name, np.ascontiguousarray(coded.codes).tobytes()


def _position(frame: pd.DataFrame, target: Hashable) -> int:
    for place, name in enumerate(frame.columns):
        if type(name) is type(target) and name == target:
            return place
    raise ColumnError(f"There is no column {target!r} to predict.")
