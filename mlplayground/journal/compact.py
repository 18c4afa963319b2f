"""Keeping the journal small: old wire events become day events, and nothing else changes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert

from mlplayground.database import Database, cursors, events
from mlplayground.journal import store
from mlplayground.journal.event import check
from mlplayground.journal.projection import advance, installed
from mlplayground.journal.wire import WIRE_KINDS, Day


def compact(database: Database, before: datetime) -> int:
    """Roll the wire events of whole days (UTC) before `before` up, a session and day each.

    Projections take a day event for the events it stands for, so their tables stay, and
    replaying gives the identical ones. Explicit acts are never touched.

    Returns
    -------
    int
        How many events fewer there are.
    """
    first_kept = before.astimezone(UTC).strftime("%Y-%m-%d")
    with database.transaction() as connection:
        _bring_to_the_end(connection)
        days = _days(connection, first_kept)
        old = events.c.kind.in_(sorted(WIRE_KINDS)) & (events.c.time < first_kept)
        connection.execute(delete(events).where(old))
        for day in days:
            _put(connection, day)
        return sum(len(day.seqs) - 1 for day in days)


def _bring_to_the_end(connection: Connection) -> None:
    # A cursor in the middle of a day would count half of it twice. Projections of apps that
    # are not installed here lose their cursor: they replay when they are back.
    projections = installed()
    for projection in projections:
        advance(connection, projection)
    names = [projection.name for projection in projections]
    connection.execute(delete(cursors).where(cursors.c.name.not_in(names)))


def _days(connection: Connection, first_kept: str) -> list[Day]:
    found: dict[tuple[str, str, str], Day] = {}
    for event in store.every_event(connection, kinds=WIRE_KINDS):
        key = (event.user, event.session, event.time[:10])
        if key[2] < first_kept:
            found.setdefault(key, Day(*key)).add(event)
    return list(found.values())


def _put(connection: Connection, day: Day) -> None:
    # In the place of the last event that it stands for, which every cursor has passed.
    event = day.event()
    values = store.values(event, check(event))
    connection.execute(insert(events).values(seq=day.seqs[-1], **values))
