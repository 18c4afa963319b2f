"""When a hint has something to say, and with which of the learner's numbers.

A predicate has the name of its hint (``coach/hints/<name>.yaml``). It looks at facts, or
at an error with the facts beside it, and gives the values that the hint's texts quote, or
None where the situation is another one. It is a pure function.
"""

from __future__ import annotations

from mlplayground.coach.predicates.cells import ON_ERROR
from mlplayground.coach.predicates.match import Match
from mlplayground.coach.predicates.table import ON_TABLE

__all__ = ["ON_ERROR", "ON_TABLE", "Match"]
