"""The checks: each looks for one kind of problem and words what it finds.

A check gets the canonical view and yields what it found: which rows, what share of the
table that is (for the score), a sentence with the learner's own numbers, and the repair.
"""

from __future__ import annotations

from mlplayground.apps.data_explorer.engine.checks import cells, columns, rows, texts
from mlplayground.apps.data_explorer.engine.checks.found import CHECKS, Found

__all__ = ["CHECKS", "Found", "cells", "columns", "rows", "texts"]
