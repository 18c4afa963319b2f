"""What the workspace knows of a learner's work, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROJECT = "default"
"""Id of the one project that a learner has so far."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One version of a table.

    Attributes
    ----------
    id : str
        20 hex digits that depend on the content only.
    name : str
        What the learner calls it; empty where only the journal was asked.
    rows, columns, bytes : int
        `bytes` as stored.
    origin : {"upload", "path", "sample", "frame", "recipe"}
    created : str
        ISO 8601, UTC.
    parent, recipe : str or None
        The dataset it was made from, and the recipe that made it.
    """

    id: str
    name: str
    rows: int
    columns: int
    bytes: int
    origin: str
    created: str
    parent: str | None = None
    recipe: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """What the learner works on: a dataset, and the position of the column to predict."""

    id: str
    dataset: str | None = None
    target: int | None = None


@dataclass(frozen=True, slots=True)
class AppliedRecipe:
    """An edge of the lineage: `recipe` made the dataset `output` from the dataset `input`."""

    recipe: str
    input: str
    output: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One training run, as far as the journal knows it; numbers as in ``modeling.Case``."""

    id: str
    dataset: str
    configuration: str
    metric: str
    score: float
    dummy_score: float
    seconds: float
    fingerprint: Mapping[str, float]
    time: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """How datasets came from one another: `nodes` by first appearance, `edges` between them."""

    nodes: tuple[Dataset, ...]
    edges: tuple[AppliedRecipe, ...]
