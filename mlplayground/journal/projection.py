"""Tables that are derived from the journal, and can be made again from it at any time."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from typing import ClassVar

from sqlalchemy import Connection, Table, delete, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from mlplayground.database import Database, cursors, events
from mlplayground.errors import DatabaseError
from mlplayground.journal import store
from mlplayground.journal.event import Event
from mlplayground.journal.wire import COMPACTED, WIRE_KINDS, expand

GROUP = "mlplayground.projections"
_log = logging.getLogger(__name__)


class Projection(ABC):
    """What some kinds of events add up to, kept in tables.

    Subclasses give the class attributes and :meth:`apply`. They obey:

    - `apply` depends on nothing but the event and the projection's own tables, so replaying
      gives the identical tables.
    - Each table has a ``user`` column, and a row depends on events of that user only, so a
      user's rows can be deleted with their events.
    - Wire events may stand for several: count ``payload.get("count", 1)``, sum
      milliseconds as integers, take ``event.time`` for the latest.
    - What changes the tables or their meaning raises `version`; they are then dropped and
      replayed. There are no migrations.

    Attributes
    ----------
    name : str
        Unique among all installed projections.
    version : int
    tables : sequence of sqlalchemy.Table
        Named ``{name}`` or ``{name}_…``, in a `MetaData` of their own.
    kinds : frozenset of str
        Kinds of events that `apply` is given.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    tables: ClassVar[Sequence[Table]]
    kinds: ClassVar[frozenset[str]]

    @abstractmethod
    def apply(self, connection: Connection, event: Event) -> None:
        """Change the tables by one event; called in the order of the journal, once each."""


def installed() -> list[Projection]:
    """The projections registered under ``mlplayground.projections``, by name.

    One of somebody else's that cannot be imported is logged and left out.
    """
    found: list[Projection] = []
    for entry in entry_points(group=GROUP):
        try:
            found.append(entry.load()())
        except Exception:
            if entry.value.startswith("mlplayground."):
                raise
            _log.exception("The projection %s is left out", entry.name)
    return sorted(found, key=lambda projection: projection.name)


def catch_up(database: Database, *projections: Projection) -> None:
    """Apply to each projection what is new in the journal, each event exactly once.

    Call it before reading the tables. Where nothing is new it only reads.

    Raises
    ------
    DatabaseError
        If the database cannot be written, or a newer version of mlplayground has written
        the projection's tables.
    """
    with database.read() as connection:
        behind = [each for each in projections if _is_behind(connection, each)]
    if behind:
        with database.transaction(durable=False) as connection:
            for projection in behind:
                advance(connection, projection)


def rebuild(database: Database, projections: Iterable[Projection] | None = None) -> None:
    """Drop the tables of the projections (all installed ones by default) and replay them."""
    for projection in installed() if projections is None else projections:
        with database.transaction() as connection:
            _start_over(connection, projection)
            advance(connection, projection)


def advance(connection: Connection, projection: Projection) -> None:
    """Catch one projection up within a transaction, and move its cursor to the end."""
    last = store.last_seq(connection)
    after = _cursor(connection, projection, last)
    if after is None:
        _start_over(connection, projection)
        after = 0
    for event in store.every_event(connection, after=after, kinds=_stored_kinds(projection)):
        for part in expand(event):
            if part.kind in projection.kinds:
                projection.apply(connection, part)
    _set_cursor(connection, projection, last)


def _is_behind(connection: Connection, projection: Projection) -> bool:
    after = _cursor(connection, projection, store.last_seq(connection))
    if after is None:
        return True
    new = select(events.c.seq).where(
        events.c.kind.in_(sorted(_stored_kinds(projection))), events.c.seq > after
    )
    return connection.scalar(new.limit(1)) is not None


def _cursor(connection: Connection, projection: Projection, last: int) -> int | None:
    """Place up to which the tables are made; None where they must be made anew."""
    row = connection.execute(select(cursors).where(cursors.c.name == projection.name)).first()
    if row is None or row.version < projection.version or row.seq > last:
        return None
    if row.version > projection.version:
        raise DatabaseError(
            f"The tables of {projection.name!r} were written by a newer version of mlplayground. "
            "Restart this kernel (or server); to go on with the older version, run: "
            "mlplayground rebuild"
        )
    return int(row.seq)


def _start_over(connection: Connection, projection: Projection) -> None:
    present = set(inspect(connection).get_table_names())
    for table in projection.tables:
        if table.name in present:
            table.drop(connection)
        table.create(connection)
    connection.execute(delete(cursors).where(cursors.c.name == projection.name))


def _set_cursor(connection: Connection, projection: Projection, seq: int) -> None:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"version": projection.version, "seq": seq}
    statement = insert(cursors).values(name=projection.name, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def _stored_kinds(projection: Projection) -> frozenset[str]:
    # What was compacted counts for whoever wants the events it stands for.
    return projection.kinds | ({COMPACTED} if projection.kinds & WIRE_KINDS else frozenset())
