"""A case: what a dataset was like, what was tried on it, and what came of it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from mlplayground.errors import InputError

Setting: TypeAlias = str | int | float | bool | None
VERSION = 1


@dataclass(frozen=True)
class Case:
    """One finished run, as the recommenders will read it.

    Attributes
    ----------
    fingerprint : mapping of str to float
        See :func:`mlplayground.modeling.fingerprint`; it holds no value of the data.
    configuration : mapping of str to setting
        What was tried.
    metric : str
    score, dummy_score : float
        Mean over the folds, on rows that were not learned from.
    fold_scores : tuple of float
    seconds : float
        What it cost.
    dataset : str
        The dataset's id; empty for a frame that was never saved.
    """

    fingerprint: Mapping[str, float]
    configuration: Mapping[str, Setting]
    metric: str
    score: float
    dummy_score: float
    seconds: float
    dataset: str = ""
    fold_scores: tuple[float, ...] = field(default=())

    def __post_init__(self) -> None:
        numbers = (self.score, self.dummy_score, self.seconds, *self.fold_scores)
        if not all(map(math.isfinite, (*numbers, *self.fingerprint.values()))):
            raise InputError("A case holds finite numbers only.")
        for name in ("fingerprint", "configuration"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def id(self) -> str:
        """20 hex digits that depend on everything in the case."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:20]

    @property
    def standard_error(self) -> float | None:
        """Standard error of `score` over the folds; None for fewer than two.

        Folds share most of their training rows, so this is a lower bound.
        """
        n = len(self.fold_scores)
        if n < 2:
            return None
        spread = sum((one - sum(self.fold_scores) / n) ** 2 for one in self.fold_scores)
        return math.sqrt(spread / (n - 1) / n)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data; see :meth:`from_dict`."""
        return {
            "version": VERSION,
            "fingerprint": dict(self.fingerprint),
            "configuration": dict(self.configuration),
            "metric": self.metric,
            "score": self.score,
            "dummy_score": self.dummy_score,
            "seconds": self.seconds,
            "dataset": self.dataset,
            "fold_scores": list(self.fold_scores),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Case:
        """Read what :meth:`to_dict` wrote; raises ``InputError`` for anything else."""
        if not isinstance(data, Mapping) or data.get("version") != VERSION:
            raise InputError(f"This is no case of version {VERSION}.")
        try:
            return cls(
                fingerprint={str(k): float(v) for k, v in data["fingerprint"].items()},
                configuration={str(k): _setting(v) for k, v in data["configuration"].items()},
                metric=str(data["metric"]),
                score=float(data["score"]),
                dummy_score=float(data["dummy_score"]),
                seconds=float(data["seconds"]),
                dataset=str(data["dataset"]),
                fold_scores=tuple(map(float, data["fold_scores"])),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"A case is incomplete or damaged: {error!r}.") from error

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled, and a worker hands cases back.
        return Case.from_dict, (self.to_dict(),)


def _setting(value: Any) -> Setting:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a setting cannot be {type(value).__name__}")
