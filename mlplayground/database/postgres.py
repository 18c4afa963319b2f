"""PostgreSQL: one database for the users of a hub."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, text

from mlplayground.errors import MissingExtra

# One lock for all writers of the journal: so the order of rows is the order of commits, and
# a projection's cursor never passes a row that is still to be committed.
_LOCK = 0x6D6C7067


class Postgres:
    """See :class:`~mlplayground.database.backend.Backend`."""

    mode = None

    def __init__(self, url: URL, timeout: float) -> None:
        if find_spec("psycopg") is None:
            raise MissingExtra("psycopg", "postgres", "to reach a PostgreSQL database")
        self._url = url.set(drivername="postgresql+psycopg")
        self._timeout = timeout
        self.shown = url.render_as_string(hide_password=True)

    def make_engine(self) -> Engine:
        wait = {"connect_timeout": max(2, int(self._timeout))}
        return create_engine(self._url, pool_pre_ping=True, connect_args=wait)

    def identity(self) -> object:
        return self.shown

    def exclusive(self) -> AbstractContextManager[Any]:
        return nullcontext()  # `begin` takes a lock that keeps out everybody

    def is_misfit(self) -> bool:
        return False

    def create(self) -> None:
        """The host creates the database."""

    def begin(self, connection: Connection, durable: bool) -> None:
        flush = "" if durable else "SET LOCAL synchronous_commit = off;"
        connection.exec_driver_sql(  # in one round trip
            f"SET LOCAL lock_timeout = {int(self._timeout * 1000)}; {flush}"
            f"SELECT pg_advisory_xact_lock({_LOCK})"
        )

    def begin_read(self, connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def backup(self, revision: str) -> Path | None:
        return None

    def scrub(self, engine: Engine, tables: Sequence[str]) -> None:
        quoted = ", ".join(engine.dialect.identifier_preparer.quote(each) for each in tables)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM {quoted}"))

    def describe(self, connection: Connection) -> dict[str, Any]:
        return {
            "kind": "PostgreSQL",
            "version": connection.scalar(text("SHOW server_version")),
            "bytes": connection.scalar(text("SELECT pg_database_size(current_database())")),
            "network_safe": True,
            "journal_mode": None,
        }
