"""What coach and advisor may know of a table: shapes and counts for both, names for the coach."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mlplayground.apps.data_explorer.engine import Overview
from mlplayground.modeling import ColumnKind, Profile


def situation(seen: Profile) -> dict[str, float]:
    """The numbers that the app's decisions declare as their context."""
    numeric = len(seen.of_kind(ColumnKind.NUMERIC))
    return {
        "log_rows": math.log10(max(1, seen.rows)),
        "log_columns": math.log10(max(1, len(seen.columns))),
        "missing_share": seen.missing_share,
        "numeric_share": numeric / max(1, len(seen.columns)),
    }


def facts_of(value: Overview) -> Mapping[str, Any]:
    """The coach's facts, in the vocabulary of ``mlplayground.coach.facts``."""
    return {"columns": tuple(str(column.name) for column in value.profile.columns)}
