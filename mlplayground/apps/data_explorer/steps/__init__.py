"""The panels of the Data Explorer, one module each."""

from __future__ import annotations

from mlplayground.apps.data_explorer.steps.load import Load
from mlplayground.apps.data_explorer.steps.overview import LookAround
from mlplayground.apps.data_explorer.steps.quality import Repair

__all__ = ["Load", "LookAround", "Repair"]
