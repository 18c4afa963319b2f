"""Progress, the next step, and hints that ask before they tell.

``projections`` and ``reads`` need SQL only, so the server can read along.
"""

from __future__ import annotations

from mlplayground.coach.coach import Coach
from mlplayground.coach.facts import Facts, from_profile
from mlplayground.coach.records import AppProgress, Hint, NextStep, OpenHint, StepProgress

__all__ = [
    "AppProgress",
    "Coach",
    "Facts",
    "Hint",
    "NextStep",
    "OpenHint",
    "StepProgress",
    "from_profile",
]
