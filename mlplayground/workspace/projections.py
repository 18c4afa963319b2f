"""Datasets, recipes, runs and the project, as the journal tells them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from mlplayground.journal.event import Event
from mlplayground.journal.projection import Projection

_metadata = MetaData()
_ID = 128

datasets = Table(
    "workspace_datasets",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("id", String(_ID), primary_key=True),
    Column("root", String(_ID), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("parent", String(_ID)),
    Column("recipe", String(_ID)),
    Column("created", String(24), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

recipes = Table(
    "workspace_recipes",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("recipe", String(_ID), primary_key=True),
    Column("input", String(_ID), primary_key=True),
    Column("output", String(_ID), nullable=False),
    Column("operations", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

projects = Table(
    "workspace_projects",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("id", String(_ID), primary_key=True),
    Column("dataset", String(_ID), nullable=False),
    Column("target", Integer),
)

runs = Table(
    "workspace_runs",
    _metadata,
    Column("user", String(_ID), primary_key=True),
    Column("id", String(_ID), primary_key=True),
    Column("dataset", String(_ID), nullable=False),
    Column("configuration", String(_ID), nullable=False),
    Column("metric", String(_ID), nullable=False),
    Column("score", Float, nullable=False),
    Column("dummy_score", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("time", String(24), nullable=False),
    Column("seq", BigInteger, nullable=False),
)


class WorkspaceProjection(Projection):
    """What a learner has, without names and contents: those lie in the stash.

    The same content added again changes nothing, so the first parent of a dataset stays
    its parent, and the way from a dataset to its root has no circle.
    """

    name = "workspace"
    version = 1
    tables = (datasets, recipes, projects, runs)
    kinds = frozenset({"dataset_added", "recipe_applied", "project_changed", "run_finished"})

    def apply(self, connection: Connection, event: Event) -> None:
        """Add the row that the event tells of, or replace the project's."""
        _APPLY[event.kind](connection, event)


def _dataset_added(connection: Connection, event: Event) -> None:
    payload = event.payload
    key = {"user": event.user, "id": payload["dataset"]}
    if _row(connection, datasets, key) is not None:
        return
    parent = payload.get("parent")
    above = _row(connection, datasets, {"user": event.user, "id": parent}) if parent else None
    shape = {name: payload[name] for name in ("rows", "columns", "bytes", "origin")}
    connection.execute(
        insert(datasets).values(
            **key,
            **shape,
            root=above.root if above is not None else key["id"],
            parent=parent,
            recipe=payload.get("recipe"),
            created=event.time,
            seq=event.seq,
        )
    )


def _recipe_applied(connection: Connection, event: Event) -> None:
    payload = event.payload
    key = {"user": event.user, "recipe": payload["recipe"], "input": payload["dataset"]}
    if _row(connection, recipes, key) is None:
        connection.execute(
            insert(recipes).values(
                **key,
                output=payload["result"],
                operations=json.dumps(list(payload["operations"])),
                seq=event.seq,
            )
        )


def _project_changed(connection: Connection, event: Event) -> None:
    payload = event.payload
    key = {"user": event.user, "id": payload["project"]}
    connection.execute(
        delete(projects).where(projects.c.user == key["user"], projects.c.id == key["id"])
    )
    connection.execute(
        insert(projects).values(**key, dataset=payload["dataset"], target=payload["target"])
    )


def _run_finished(connection: Connection, event: Event) -> None:
    payload = dict(event.payload)
    key = {"user": event.user, "id": payload.pop("run")}
    if _row(connection, runs, key) is None:
        payload["fingerprint"] = json.dumps(dict(payload["fingerprint"]), sort_keys=True)
        row = {**key, **payload, "time": event.time, "seq": event.seq}
        connection.execute(insert(runs).values(row))


_APPLY = {
    "dataset_added": _dataset_added,
    "recipe_applied": _recipe_applied,
    "project_changed": _project_changed,
    "run_finished": _run_finished,
}


def _row(connection: Connection, table: Table, key: dict[str, Any]) -> Any:
    where = [table.c[name] == value for name, value in key.items()]
    return connection.execute(select(table).where(*where)).first()
