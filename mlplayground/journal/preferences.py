"""What a learner prefers: the last value of each preference."""

from __future__ import annotations

import json

from sqlalchemy import Column, Connection, MetaData, String, Table, Text, delete, insert, select

from mlplayground.database import Database
from mlplayground.journal.event import Event
from mlplayground.journal.projection import Projection, catch_up

Value = bool | int | float | None

_table = Table(
    "preferences",
    MetaData(),
    Column("user", String(128), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("value", Text, nullable=False),
    Column("time", String(24), nullable=False),
)


class Preferences(Projection):
    """One row a user and preference; the value is JSON."""

    name = "preferences"
    version = 1
    tables = (_table,)
    kinds = frozenset({"preference_changed"})

    def apply(self, connection: Connection, event: Event) -> None:
        """Replace the row of the preference that was set."""
        row = {"user": event.user, "name": event.payload["name"]}
        connection.execute(
            delete(_table).where(_table.c.user == row["user"], _table.c.name == row["name"])
        )
        value = json.dumps(event.payload["value"])
        connection.execute(insert(_table).values(**row, value=value, time=event.time))


def get(database: Database, user: str, name: str, default: Value = None) -> Value:
    """Value that `user` gave the preference `name`, `default` where they gave none."""
    return everything(database, user).get(name, default)


def everything(database: Database, user: str) -> dict[str, Value]:
    """All preferences that `user` has set, by name."""
    catch_up(database, Preferences())
    with database.read() as connection:
        rows = connection.execute(
            select(_table.c.name, _table.c.value).where(_table.c.user == user)
        )
        return {row.name: json.loads(row.value) for row in rows}
