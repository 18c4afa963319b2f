"""A fast, honest score for a table and a target, to see what a repair is worth."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlplayground.errors import ColumnError, InputError
from mlplayground.modeling.case import Case
from mlplayground.modeling.fingerprint import fingerprint
from mlplayground.modeling.kinds import ColumnKind, code, guess_kind
from mlplayground.modeling.metrics import Metric, default_metric, metric
from mlplayground.modeling.splits import Split, random_folds, stratified_folds
from mlplayground.modeling.task import Task, task_of

Estimator = Literal["boosting", "linear"]
MAX_CATEGORIES = 50


def evaluate(
    frame: pd.DataFrame,
    target: Hashable,
    *,
    estimator: Estimator = "boosting",
    metric_name: str | None = None,
    folds: Sequence[Split] | None = None,
    max_rows: int = 10_000,
    random_state: int = 0,
    dataset: str = "",
) -> Case:
    """Score a baseline model on a table, by cross-validation against a dummy.

    Columns are used as they come: numbers and dates as numbers, few-valued text as
    categories; identifiers, constants and free text are left out. All fitting happens on
    the training rows of each fold.

    Parameters
    ----------
    frame : DataFrame
    target : hashable
        Rows without it are left out.
    estimator : {"boosting", "linear"}
        Histogram gradient boosting, or logistic or ridge regression on scaled columns.
    metric_name : str, optional
        One of ``METRICS``; by default AUC, balanced accuracy or R², as the task asks.
    folds : sequence of Split, optional
        Over all rows of `frame`. By default five, stratified for classes; give the same
        ones to compare two versions of a table row by row.
    max_rows : int
        A larger table is sampled down to this (not with `folds` given).
    random_state : int
    dataset : str
        The id to write into the case.

    Returns
    -------
    Case

    Raises
    ------
    ColumnError
        If there is no such target, or nothing to predict it from.
    InputError
        If a class has too few members, or the metric does not suit the task.
    """
    start = time.perf_counter()
    place = _place(frame, target)
    task = task_of(frame.iloc[:, place])
    chosen = default_metric(task) if metric_name is None else metric(metric_name)
    if task not in chosen.tasks:
        raise InputError(f"The metric {chosen.name!r} does not suit a {task} target.")
    rows = np.flatnonzero(frame.iloc[:, place].notna())
    if folds is None:
        rows = _sampled(rows, max_rows, random_state)
        folds = _default_folds(frame.iloc[rows, place], task, random_state)
    else:
        rows = np.arange(len(frame))
        folds = [_with_target(fold, frame.iloc[:, place]) for fold in folds]
    X, y = _features(frame.iloc[rows], place), _answers(frame.iloc[rows, place], task)
    scores, dummies = _cross_validate(X, y, folds, chosen, task, estimator, random_state)
    return Case(
        fingerprint=fingerprint(frame, target),
        configuration={"estimator": estimator, "task": str(task), "folds": len(folds)},
        metric=chosen.name,
        score=float(np.mean(scores)),
        dummy_score=float(np.mean(dummies)),
        seconds=time.perf_counter() - start,
        dataset=dataset,
        fold_scores=tuple(scores),
    )


def _cross_validate(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    folds: Sequence[Split],
    chosen: Metric,
    task: Task,
    estimator: Estimator,
    random_state: int,
) -> tuple[list[float], list[float]]:
    from threadpoolctl import threadpool_limits

    n_classes = 0 if task is Task.REGRESSION else int(y.max()) + 1
    scores, dummies = [], []
    for fold in folds:
        model = _model(X, task, estimator, random_state)
        # On a busy host, threads that wait for each other cost ten times what they save.
        with threadpool_limits(limits=1):
            model.fit(X.iloc[fold.train], y[fold.train])
            predicted = _predict(model, X.iloc[fold.test], chosen, n_classes)
        scores.append(chosen(y[fold.test], predicted))
        dummies.append(chosen.dummy(y[fold.train], y[fold.test], n_classes))
    return scores, dummies


def _predict(model: Any, X: pd.DataFrame, chosen: Metric, n_classes: int) -> npt.NDArray[Any]:
    if chosen.needs != "probabilities":
        return np.asarray(model.predict(X))
    probabilities = np.zeros((len(X), n_classes))
    probabilities[:, model.classes_] = model.predict_proba(X)
    return probabilities


def _model(X: pd.DataFrame, task: Task, estimator: Estimator, random_state: int) -> Any:
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    texts = make_column_selector(dtype_include=object)
    if estimator == "linear":
        numeric = make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()
        )
        one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_CATEGORIES)
        head = make_column_transformer((one_hot, texts), remainder=numeric)
        linear = Ridge() if task is Task.REGRESSION else LogisticRegression(max_iter=500)
        return make_pipeline(head, linear)
    ordinal = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=-1,
        encoded_missing_value=-2,
        max_categories=MAX_CATEGORIES,
    )
    head = make_column_transformer((ordinal, texts), remainder="passthrough")
    kind = (
        HistGradientBoostingRegressor if task is Task.REGRESSION else HistGradientBoostingClassifier
    )
    return make_pipeline(head, kind(max_iter=60, random_state=random_state))


def _features(frame: pd.DataFrame, target: int) -> pd.DataFrame:
    """Turn the usable columns into floats and texts, named by their position."""
    usable: dict[str, Any] = {}
    for place in range(frame.shape[1]):
        coded = code(frame.iloc[:, place])
        kind = guess_kind(coded, frame.columns[place])
        left_out = (ColumnKind.IDENTIFIER, ColumnKind.CONSTANT, ColumnKind.EMPTY, ColumnKind.TEXT)
        if place == target or kind in left_out:
            continue
        if coded.dates is not None:
            usable[f"c{place}"] = coded.dates.astype("int64").where(coded.dates.notna()) / 1e9
        elif coded.numbers is not None:
            usable[f"c{place}"] = np.where(np.isfinite(coded.numbers), coded.numbers, np.nan)
        else:
            texts = np.array([str(value) for value in coded.values] + [np.nan], dtype=object)
            usable[f"c{place}"] = texts[coded.codes]
    if not usable:
        raise ColumnError("There is no column to predict from: all others are ids or free text.")
    return pd.DataFrame({name: np.asarray(values) for name, values in usable.items()})


def _answers(column: pd.Series[Any], task: Task) -> npt.NDArray[Any]:
    if task is Task.REGRESSION:
        return column.to_numpy(dtype="float64", na_value=np.nan)
    try:
        return pd.factorize(column, sort=True)[0]
    except TypeError:
        return pd.factorize(column.map(str, na_action="ignore"), sort=True)[0]


def _default_folds(column: pd.Series[Any], task: Task, random_state: int) -> tuple[Split, ...]:
    if task is Task.REGRESSION:
        return random_folds(len(column), 5, random_state)
    return stratified_folds(column, 5, random_state)


def _with_target(fold: Split, column: pd.Series[Any]) -> Split:
    known = column.notna().to_numpy()
    return Split(fold.kind, fold.train[known[fold.train]], fold.test[known[fold.test]])


def _sampled(rows: npt.NDArray[np.intp], max_rows: int, random_state: int) -> npt.NDArray[np.intp]:
    if len(rows) <= max_rows:
        return rows
    return np.sort(np.random.default_rng(random_state).choice(rows, max_rows, replace=False))


def _place(frame: pd.DataFrame, target: Hashable) -> int:
    places = [i for i, c in enumerate(frame.columns) if type(c) is type(target) and c == target]
    if not places:
        raise ColumnError(f"There is no column {target!r} to predict.")
    return places[0]
