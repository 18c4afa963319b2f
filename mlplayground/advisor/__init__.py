"""What to suggest, and learning from what became of it.

``projections`` and ``reads`` need SQL only, so the server can read along.
"""

from __future__ import annotations

from mlplayground.advisor.advisor import Advisor
from mlplayground.advisor.records import ArmStatistics, Candidate, Observation, Suggestion

__all__ = ["Advisor", "ArmStatistics", "Candidate", "Observation", "Suggestion"]
