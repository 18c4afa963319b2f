"""Operations as scikit-learn transformers; imported only when a pipeline is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin  # noqa: TID253
from sklearn.pipeline import Pipeline  # noqa: TID253

from mlplayground.recipes.operation import Learned, Operation


class OperationTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """One operation of kind ``column`` as a transformer of data frames."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def fit(self, X: pd.DataFrame, y: Any = None) -> OperationTransformer:
        """Learn the operation's parameters from the training rows."""
        return self.use(self.operation.learn(X))

    def use(self, learned: Learned) -> OperationTransformer:
        """Take parameters that were learned before, instead of fitting."""
        self.learned_ = learned
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Apply what was learned to other rows."""
        return self.learned_.apply(X)


def make_pipeline(steps: Sequence[Learned]) -> Pipeline:
    """Return a pipeline that is ready to transform."""
    transformers: list[tuple[str, Any]] = [
        (f"{place}_{step.operation.name}", OperationTransformer(step.operation).use(step))
        for place, step in enumerate(steps, start=1)
    ]
    return Pipeline(transformers or [("keep", "passthrough")])
