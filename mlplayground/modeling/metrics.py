"""Scores by name, each with what it needs, which way is better, and what a dummy gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mlplayground.errors import InputError
from mlplayground.modeling.task import Task

Array = npt.NDArray[Any]
_CLASSES = (Task.BINARY, Task.MULTICLASS)
_NUMBERS = (Task.REGRESSION,)


@dataclass(frozen=True)
class Metric:
    """One way to score predictions.

    Attributes
    ----------
    name, title : str
    tasks : tuple of Task
    needs : {"labels", "probabilities", "values"}
        What is scored: class codes, an array of shape (n, n_classes), or numbers.
    greater_is_better : bool
    function : callable
        ``(truth, predicted) -> float``; classes are codes 0 … n_classes - 1.
    """

    name: str
    title: str
    tasks: tuple[Task, ...]
    needs: Literal["labels", "probabilities", "values"]
    greater_is_better: bool
    function: Callable[[Array, Array], float]

    def __call__(self, truth: Array, predicted: Array) -> float:
        """Return the score of `predicted`."""
        return float(self.function(truth, predicted))

    def dummy(self, train: Array, test: Array, n_classes: int = 0) -> float:
        """Return the score of who only knows how often each answer comes in `train`.

        It always foretells the commonest class, the shares of the classes, or the mean.
        """
        if self.needs == "values":
            return self(test, np.full(len(test), train.mean()))
        shares = np.bincount(train, minlength=n_classes) / len(train)
        if self.needs == "labels":
            return self(test, np.full(len(test), shares.argmax()))
        return self(test, np.tile(shares, (len(test), 1)))


def metric(name: str) -> Metric:
    """Return a metric by its name; raises ``InputError`` naming those that there are."""
    if name not in METRICS:
        raise InputError(f"There is no metric {name!r}. Known: {', '.join(METRICS)}.")
    return METRICS[name]


def default_metric(task: Task) -> Metric:
    """Return the metric that is used where none is chosen."""
    return METRICS[
        {Task.BINARY: "roc_auc", Task.MULTICLASS: "balanced_accuracy", Task.REGRESSION: "r2"}[task]
    ]


def _accuracy(truth: Array, predicted: Array) -> float:
    return float(np.mean(truth == predicted))


def _balanced_accuracy(truth: Array, predicted: Array) -> float:
    return float(np.mean([np.mean(predicted[truth == c] == c) for c in np.unique(truth)]))


def _f1_macro(truth: Array, predicted: Array) -> float:
    scores = []
    for c in np.union1d(truth, predicted):
        hits = np.sum((truth == c) & (predicted == c))
        scores.append(2 * hits / (np.sum(truth == c) + np.sum(predicted == c)))
    return float(np.mean(scores))


def _roc_auc(truth: Array, probabilities: Array) -> float:
    """Average over the classes that are there of each one against the rest."""
    if probabilities.shape[1] == 2:
        return _auc(truth == 1, probabilities[:, 1])
    areas = [_auc(truth == c, probabilities[:, c]) for c in np.unique(truth)]
    return float(np.mean(areas))


def _auc(positive: Array, score: Array) -> float:
    """Return the share of pairs in the right order, ties counted half (Mann & Whitney 1947)."""
    from scipy.stats import rankdata

    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if not n_positive or not n_negative:
        return 0.5
    ranks = rankdata(score)
    return float(
        (ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)
    )


def _log_loss(truth: Array, probabilities: Array) -> float:
    shares = np.clip(probabilities, 1e-15, 1)
    shares = shares / shares.sum(axis=1, keepdims=True)
    return float(-np.mean(np.log(shares[np.arange(len(truth)), truth])))


def _rmse(truth: Array, predicted: Array) -> float:
    return float(np.sqrt(np.mean((truth - predicted) ** 2)))


def _mae(truth: Array, predicted: Array) -> float:
    return float(np.mean(np.abs(truth - predicted)))


def _r2(truth: Array, predicted: Array) -> float:
    spread = np.sum((truth - truth.mean()) ** 2)
    return float(1 - np.sum((truth - predicted) ** 2) / spread) if spread > 0 else 0.0


_ALL = (
    Metric("roc_auc", "area under the ROC curve", _CLASSES, "probabilities", True, _roc_auc),
    Metric("accuracy", "share of right answers", _CLASSES, "labels", True, _accuracy),
    Metric(
        "balanced_accuracy",
        "share of right answers, averaged over the classes",
        _CLASSES,
        "labels",
        True,
        _balanced_accuracy,
    ),
    Metric("f1_macro", "F1 averaged over the classes", _CLASSES, "labels", True, _f1_macro),
    Metric("log_loss", "log loss", _CLASSES, "probabilities", False, _log_loss),
    Metric("r2", "share of the spread explained (R²)", _NUMBERS, "values", True, _r2),
    Metric("rmse", "root mean squared error", _NUMBERS, "values", False, _rmse),
    Metric("mae", "mean absolute error", _NUMBERS, "values", False, _mae),
)
METRICS = MappingProxyType({one.name: one for one in _ALL})
"""Every metric by its name."""
