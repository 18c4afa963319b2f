"""A score that can be trusted: against a dummy, on rows that were not learned from."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference  # noqa: TID253

from mlplayground.errors import ColumnError, InputError
from mlplayground.modeling import Case, Task, evaluate, metrics, task_of
from mlplayground.modeling.splits import stratified_folds
from mlplayground.practice import make_messy_table


@pytest.mark.parametrize("estimator", ["boosting", "linear"])
def test_a_messy_table_is_scored_as_it_comes(estimator: str) -> None:
    table = make_messy_table(
        300, ["missing_tokens", "missing_values", "numbers_as_text", "mixed_dates"], 2
    )
    case = evaluate(table.frame, table.target, estimator=estimator, dataset="abc")
    assert case.score > case.dummy_score + 2 * case.standard_error
    assert (case.dataset, len(case.fold_scores)) == ("abc", 5)
    assert case.configuration["estimator"] == estimator


def test_a_target_that_is_pure_chance_is_not_learned() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(400, 6))).rename(columns=str)
    scores = [evaluate(frame.assign(y=rng.choice(["a", "b"], 400)), "y").score for _ in range(6)]
    assert np.mean(scores) == pytest.approx(0.5, abs=0.04)


def test_what_a_repair_is_worth_shows_on_the_same_folds() -> None:
    table = make_messy_table(400, ["label_noise"], 0, domain="clinic")
    folds = stratified_folds(table.clean[table.target], 5)
    noisy = evaluate(table.frame, table.target, folds=folds)
    clean = evaluate(table.clean, table.target, folds=folds)
    assert clean.score > noisy.score


def test_rows_without_the_target_are_left_out() -> None:
    table = make_messy_table(300, (), 1, domain="gym")
    frame = table.clean.copy()
    frame.loc[frame.index[::7], table.target] = None
    assert evaluate(frame, table.target).score > 0.6
    folds = stratified_folds(table.clean[table.target], 3)
    assert len(evaluate(frame, table.target, folds=folds).fold_scores) == 3


@pytest.mark.parametrize(
    ("frame", "options", "error", "message"),
    [
        ({"a": [1, 2] * 20, "y": ["same"] * 40}, {}, ColumnError, "same value in every row"),
        ({"a": [1, 2] * 20, "y": [None] * 40}, {}, ColumnError, "no value at all"),
        ({"a": [1, 2] * 20, "y": [f"t{i}" for i in range(40)]}, {}, ColumnError, "hardly a class"),
        ({"a": [1, 2] * 20, "y": ["a"] * 38 + ["b"] * 2}, {}, InputError, "'b' has 2 members"),
        ({"y": ["a", "b"] * 20}, {}, ColumnError, "no column to predict from"),
        ({"a": [1, 2] * 20, "y": ["a", "b"] * 20}, {"metric_name": "r2"}, InputError, "not suit"),
        (
            {"a": [1, 2] * 20, "y": ["a", "b"] * 20},
            {"metric_name": "luck"},
            InputError,
            "no metric",
        ),
        ({"a": [1, 2] * 20}, {}, ColumnError, "no column 'y'"),
    ],
)
def test_what_cannot_be_scored_is_said_in_words(frame, options, error, message: str) -> None:
    with pytest.raises(error, match=message):
        evaluate(pd.DataFrame(frame), "y", **options)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"] * 10, Task.BINARY),
        ([0, 1] * 10, Task.BINARY),
        ([True, False] * 10, Task.BINARY),
        (["a", "b", "c"] * 10, Task.MULTICLASS),
        (list(range(3, 9)) * 40, Task.MULTICLASS),
        (list(range(3, 9)) * 4, Task.REGRESSION),
        (np.linspace(0, 1, 40), Task.REGRESSION),
        ([1.5, 2.5, 3.5] * 50, Task.REGRESSION),
    ],
)
def test_the_target_says_what_the_task_is(values: object, task: Task) -> None:
    assert task_of(pd.Series(values, name="y")) is task


def test_metrics_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    y, labels = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    shares = rng.dirichlet([1, 1, 1], 200).round(2) + 1e-3
    shares /= shares.sum(axis=1, keepdims=True)
    number, guess = rng.normal(size=200), rng.normal(size=200)
    expected = {
        "accuracy": reference.accuracy_score(y, labels),
        "balanced_accuracy": reference.balanced_accuracy_score(y, labels),
        "f1_macro": reference.f1_score(y, labels, average="macro"),
        "roc_auc": reference.roc_auc_score(y, shares, multi_class="ovr"),
        "log_loss": reference.log_loss(y, shares),
        "r2": reference.r2_score(number, guess),
        "rmse": reference.root_mean_squared_error(number, guess),
        "mae": reference.mean_absolute_error(number, guess),
    }
    for name, one in metrics.METRICS.items():
        given = {"labels": (y, labels), "probabilities": (y, shares), "values": (number, guess)}
        assert one(*given[one.needs]) == pytest.approx(expected[name]), name
        dummy = one.dummy(given[one.needs][0], given[one.needs][0], 3)
        assert np.isfinite(dummy)
        assert one.title
    binary = (y > 0).astype(int)
    two = np.stack([1 - shares[:, 0], shares[:, 0]], axis=1)
    assert metrics.METRICS["roc_auc"](binary, two) == pytest.approx(
        reference.roc_auc_score(binary, two[:, 1])
    )


def test_a_dummy_knows_the_training_rows_only() -> None:
    train, test = np.array([0.0, 1.0, 2.0]), np.array([10.0, 11.0, 12.0])
    assert metrics.METRICS["r2"].dummy(train, test) < -100
    classes, others = np.array([0, 0, 1]), np.array([1, 1, 1])
    assert metrics.METRICS["accuracy"].dummy(classes, others, 2) == 0
    assert metrics.METRICS["log_loss"].dummy(classes, others, 2) == pytest.approx(np.log(3))


def test_a_case_goes_through_json_and_pickle() -> None:
    case = Case({"log_rows": 3.5}, {"estimator": "linear", "depth": None}, "r2", 0.5, 0.0, 1.2,
                "abc", (0.4, 0.6))  # fmt: skip
    back = Case.from_dict(json.loads(json.dumps(case.to_dict())))
    assert back == case
    assert back.id == case.id
    assert pickle.loads(pickle.dumps(case)) == case
    assert case.standard_error == pytest.approx(0.1)
    with pytest.raises(InputError, match="finite"):
        Case({"log_rows": float("nan")}, {}, "r2", 0.5, 0.0, 1.2)


@pytest.mark.parametrize("data", [{}, {"version": 1}, {"version": 2}, [], {"version": 1, "x": 1}])
def test_a_damaged_case_is_refused(data: object) -> None:
    with pytest.raises(InputError, match="case"):
        Case.from_dict(data)
