"""Pure building blocks of modelling: profiles, fingerprints, splits, metrics, cases."""

from __future__ import annotations

from mlplayground.modeling import metrics, splits
from mlplayground.modeling.case import Case
from mlplayground.modeling.evaluate import evaluate
from mlplayground.modeling.fingerprint import fingerprint
from mlplayground.modeling.histogram import Histogram
from mlplayground.modeling.kinds import ColumnKind
from mlplayground.modeling.profile import ColumnProfile, Profile, ValueCount, profile
from mlplayground.modeling.splits import Split
from mlplayground.modeling.task import Task, task_of

__all__ = [
    "Case",
    "ColumnKind",
    "ColumnProfile",
    "Histogram",
    "Profile",
    "Split",
    "Task",
    "ValueCount",
    "evaluate",
    "fingerprint",
    "metrics",
    "profile",
    "splits",
    "task_of",
]
