"""Reading the workspace's tables: plain SQL, for whoever holds a connection.

Catch the projection up first (``catch_up(database, WorkspaceProjection())``).
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from mlplayground.workspace.projections import datasets as _datasets
from mlplayground.workspace.projections import projects as _projects
from mlplayground.workspace.projections import recipes as _recipes
from mlplayground.workspace.projections import runs as _runs
from mlplayground.workspace.records import PROJECT, AppliedRecipe, Dataset, Project, Run


def datasets(connection: Connection, user: str) -> list[Dataset]:
    """All datasets of `user`, oldest first; their names are in the stash, so empty here."""
    rows = connection.execute(
        select(_datasets).where(_datasets.c.user == user).order_by(_datasets.c.seq)
    )
    return [_dataset(row) for row in rows]


def dataset(connection: Connection, user: str, dataset_id: str) -> Dataset | None:
    """One dataset, None where the user has none of that id."""
    row = _dataset_row(connection, user, dataset_id)
    return None if row is None else _dataset(row)


def root(connection: Connection, user: str, dataset_id: str | None) -> str | None:
    """The dataset that was loaded, of which `dataset_id` is a version; None for None."""
    if dataset_id is None:
        return None
    row = _dataset_row(connection, user, dataset_id)
    return dataset_id if row is None else str(row.root)


def project(connection: Connection, user: str) -> Project:
    """The learner's project; without a dataset where none was chosen yet."""
    row = connection.execute(
        select(_projects).where(_projects.c.user == user, _projects.c.id == PROJECT)
    ).first()
    return Project(PROJECT) if row is None else Project(row.id, row.dataset, row.target)


def applied_recipes(connection: Connection, user: str) -> list[AppliedRecipe]:
    """Which recipe made which dataset from which, in the order of their first use."""
    rows = connection.execute(
        select(_recipes).where(_recipes.c.user == user).order_by(_recipes.c.seq)
    )
    return [
        AppliedRecipe(row.recipe, row.input, row.output, tuple(json.loads(row.operations)))
        for row in rows
    ]


def runs(connection: Connection, user: str) -> list[Run]:
    """All runs of `user`, oldest first."""
    rows = connection.execute(select(_runs).where(_runs.c.user == user).order_by(_runs.c.seq))
    return [_run(row) for row in rows]


def _dataset_row(connection: Connection, user: str, dataset_id: str) -> Any:
    return connection.execute(
        select(_datasets).where(_datasets.c.user == user, _datasets.c.id == dataset_id)
    ).first()


def _dataset(row: Any) -> Dataset:
    return Dataset(
        id=row.id,
        name="",
        rows=row.rows,
        columns=row.columns,
        bytes=row.bytes,
        origin=row.origin,
        created=row.created,
        parent=row.parent,
        recipe=row.recipe,
    )


def _run(row: Any) -> Run:
    return Run(
        id=row.id,
        dataset=row.dataset,
        configuration=row.configuration,
        metric=row.metric,
        score=row.score,
        dummy_score=row.dummy_score,
        seconds=row.seconds,
        fingerprint=json.loads(row.fingerprint),
        time=row.time,
    )
