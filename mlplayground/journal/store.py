"""Events as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects import postgresql, sqlite

from mlplayground.database import events
from mlplayground.journal.event import Event

_COLUMNS = ("id", "user", "session", "app", "step", "kind", "version", "time")


def insert(connection: Connection, rows: Sequence[tuple[Event, str]]) -> None:
    """Insert events with their payload's JSON; those whose id is there are skipped."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(events).on_conflict_do_nothing(index_elements=["id"])
    connection.execute(statement, [values(event, payload) for event, payload in rows])


def values(event: Event, payload: str) -> dict[str, str | None]:
    """The row of an event with its payload's JSON, without its place."""
    return {"payload": payload, **{name: getattr(event, name) for name in _COLUMNS}}


def select_events(
    connection: Connection,
    *,
    after: int = 0,
    user: str | None = None,
    kinds: Iterable[str] | None = None,
    limit: int | None = None,
) -> list[Event]:
    """Events after a place in the journal, in order."""
    query = select(events).where(events.c.seq > after).order_by(events.c.seq)
    if user is not None:
        query = query.where(events.c.user == user)
    if kinds is not None:
        query = query.where(events.c.kind.in_(sorted(kinds)))
    return [from_row(row) for row in connection.execute(query.limit(limit))]


def every_event(connection: Connection, batch: int = 1000, **which: Any) -> Iterator[Event]:
    """As :func:`select_events`, for any number of events in bounded memory."""
    after = which.pop("after", 0)
    while found := select_events(connection, after=after, limit=batch, **which):
        yield from found
        after = found[-1].seq


def last_seq(connection: Connection) -> int:
    """Place of the newest event, 0 where there is none."""
    return connection.scalar(select(func.max(events.c.seq))) or 0


def from_row(row: Row[Any]) -> Event:
    """The event that a row holds."""
    fields = {name: getattr(row, name) for name in _COLUMNS}
    return Event(payload=json.loads(row.payload), seq=row.seq, **fields)
