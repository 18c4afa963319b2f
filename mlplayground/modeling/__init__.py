"""Pure building blocks of modelling: profiles, fingerprints, splits, metrics, cases."""

from __future__ import annotations

from mlplayground.modeling.kinds import ColumnKind
from mlplayground.modeling.profile import (
    ColumnProfile,
    Histogram,
    Profile,
    ValueCount,
    profile,
)

__all__ = ["ColumnKind", "ColumnProfile", "Histogram", "Profile", "ValueCount", "profile"]
