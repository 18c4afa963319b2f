"""Seeded practice data with known truth."""

from __future__ import annotations

from mlplayground.practice.defects import Defect
from mlplayground.practice.domains import DOMAINS
from mlplayground.practice.messy import PracticeTable, make_messy_table
from mlplayground.practice.planters import KINDS

__all__ = ["DOMAINS", "KINDS", "Defect", "PracticeTable", "make_messy_table"]
