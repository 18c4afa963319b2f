"""Projects, datasets, recipes, runs and lineage: a projection of the journal, plus files.

``projections`` and ``reads`` need SQL only; nothing here imports pandas before a table is
touched, so the server can read along.
"""

from __future__ import annotations

from mlplayground.workspace.records import AppliedRecipe, Dataset, Lineage, Project, Run
from mlplayground.workspace.workspace import Workspace

__all__ = ["AppliedRecipe", "Dataset", "Lineage", "Project", "Run", "Workspace"]
