"""App manifests as data: what every layer, and the server, may know of an app."""

from __future__ import annotations

from mlplayground.catalog.load import Catalog, load_catalog
from mlplayground.catalog.manifest import (
    AppManifest,
    DecisionManifest,
    StepLesson,
    StepManifest,
)

__all__ = [
    "AppManifest",
    "Catalog",
    "DecisionManifest",
    "StepLesson",
    "StepManifest",
    "load_catalog",
]
