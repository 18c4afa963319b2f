"""The score of a table and its problems, together."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd

from mlplayground.apps.data_explorer.engine.problems import Problem, examine
from mlplayground.apps.data_explorer.engine.quality import Quality
from mlplayground.modeling import Profile, profile


@dataclass(frozen=True)
class Inspection:
    """What is wrong with a table, and what that costs.

    Attributes
    ----------
    quality : Quality
    problems : tuple of Problem
        Worst first.
    profile : Profile
    """

    quality: Quality
    problems: tuple[Problem, ...]
    profile: Profile

    @property
    def score(self) -> float:
        """The quality score, from 0 to 100."""
        return self.quality.score


def inspect(frame: pd.DataFrame, target: Hashable | None = None) -> Inspection:
    """Score a table and list its problems; raises ``ColumnError`` for an unknown target."""
    score, problems = examine(frame, target)
    return Inspection(score, tuple(problems), profile(frame, target))
