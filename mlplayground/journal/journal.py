"""Appending events, and reading them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from mlplayground.database import Database
from mlplayground.journal import store
from mlplayground.journal.event import Event, check
from mlplayground.journal.schema import schema

RECORDING = "recording"
"""Name of the preference that switches feedback events on and off."""


class Journal:
    """The journal in one database. Threads and processes may use it at once.

    Parameters
    ----------
    database : Database
    tracking_allowed : bool
        False where the environment says ``DO_NOT_TRACK``: no feedback event is kept.
    """

    def __init__(self, database: Database, tracking_allowed: bool = True) -> None:
        self._database = database
        self.tracking_allowed = tracking_allowed

    def append(self, *events: Event, durable: bool = True) -> int:
        """Append events in one transaction, all or none; return the newest place there is.

        An event whose id is there already is skipped, so after an error the same call may
        be repeated. Feedback of a user who switched recording off is dropped.

        Parameters
        ----------
        durable : bool
            False for batches that may be lost with the machine's power.

        Raises
        ------
        EventError
            If an event does not fit its schema; then none is appended.
        DatabaseError
            If the database cannot be written.
        """
        rows = [(event, check(event)) for event in events]
        with self._database.transaction(durable=durable) as connection:
            kept = self._kept(connection, rows)
            if kept:
                store.insert(connection, kept)
            return store.last_seq(connection)

    def read(
        self,
        after: int = 0,
        *,
        user: str | None = None,
        kinds: Iterable[str] | None = None,
        limit: int = 1000,
    ) -> list[Event]:
        """Return up to `limit` events after place `after`, in order."""
        with self._database.read() as connection:
            return store.select_events(connection, after=after, user=user, kinds=kinds, limit=limit)

    def last_seq(self) -> int:
        """Place of the newest event, 0 where there is none."""
        with self._database.read() as connection:
            return store.last_seq(connection)

    def recording(self, user: str) -> bool:
        """Whether feedback events of `user` are kept: allowed, and not switched off."""
        if not self.tracking_allowed:
            return False
        with self._database.read() as connection:
            return _switched_on(connection, user)

    def _kept(
        self, connection: Connection, rows: Sequence[tuple[Event, str]]
    ) -> list[tuple[Event, str]]:
        # Asked inside the transaction, and in order: nothing slips in after the switch.
        switches: dict[str, bool] = {}
        kept = []
        for event, payload in rows:
            if event.kind == "preference_changed" and event.payload["name"] == RECORDING:
                switches[event.user] = bool(event.payload["value"])
            if not schema(event.kind).feedback or self._records(connection, event.user, switches):
                kept.append((event, payload))
        return kept

    def _records(self, connection: Connection, user: str, switches: dict[str, bool]) -> bool:
        if self.tracking_allowed and user not in switches:
            switches[user] = _switched_on(connection, user)
        return self.tracking_allowed and switches[user]


def _switched_on(connection: Connection, user: str) -> bool:
    changes = store.select_events(connection, user=user, kinds=["preference_changed"])
    values = [change.payload["value"] for change in changes if change.payload["name"] == RECORDING]
    return bool(values[-1]) if values else True
