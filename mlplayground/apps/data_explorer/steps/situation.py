"""What coach and advisor may know of a table: shapes and counts for both, names for the coach."""

from __future__ import annotations

import math

from mlplayground.apps.data_explorer.engine import Overview
from mlplayground.coach.facts import Facts, from_profile
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


def facts_of(value: Overview) -> Facts:
    """What the overview saw, in the coach's vocabulary."""
    facts = from_profile(value.profile)
    as_text = [p.column for p in value.problems if p.kind == "numbers_as_text"]
    facts["numeric_text_columns"] = {
        name: value.profile.column(name).top[0].value for name in as_text if name is not None
    }
    return facts
